"""Voice activity: Silero's own semantics, streaming, and real turns."""

from __future__ import annotations

import importlib.util
import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.backends import silero
from speechqa.backends.silero import FRAME_S, SileroVad, VadSettings, segments_from
from speechqa.core.segment import Segment, difference, intersection, seconds, union
from speechqa.errors import EngineUnavailable, UsageError
from tests.support.sound import ArrayAudio

DATA = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
PLAIN = VadSettings(lag_ms=0, pad_ms=0, min_silence_ms=96, min_speech_ms=0)


@pytest.fixture(scope="module")
def detector() -> SileroVad:
    return SileroVad()


def harpervalley(name: str) -> tuple[ArrayAudio, list[tuple[Segment, ...]]]:
    soundfile = pytest.importorskip("soundfile")
    path = DATA / "calls" / "harpervalley" / f"{name}.flac"
    if not path.is_file():
        pytest.skip("the measuring data is absent")
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    turns: dict[str, list[Segment]] = {"agent": [], "caller": []}
    for line in path.with_suffix(".rttm").read_text().splitlines():
        parts = line.split()
        turns[parts[7]].append(Segment(float(parts[3]), float(parts[3]) + float(parts[4])))
    return ArrayAudio(samples.T, rate), [union(turns["agent"]), union(turns["caller"])]


def frames(*runs: tuple[float, int]) -> np.ndarray:
    return np.concatenate([np.full(count, probability, np.float32) for probability, count in runs])


def test_a_run_above_the_threshold_is_a_segment():
    found = segments_from(frames((0.1, 10), (0.9, 20), (0.1, 10)), 40 * FRAME_S, PLAIN)
    assert found == (Segment(0.32, 0.96),)


def test_between_the_thresholds_speech_goes_on_but_does_not_start():
    assert segments_from(frames((0.4, 30)), 30 * FRAME_S, PLAIN) == ()
    found = segments_from(frames((0.9, 10), (0.4, 10), (0.1, 10)), 30 * FRAME_S, PLAIN)
    assert found == (Segment(0.0, 0.64),)


def test_a_short_pause_does_not_split_and_a_short_blip_is_dropped():
    probabilities = frames((0.9, 10), (0.0, 2), (0.9, 10), (0.0, 20), (0.9, 2), (0.0, 10))
    found = segments_from(probabilities, 54 * FRAME_S, VadSettings(lag_ms=0, pad_ms=0))
    assert found == (Segment(0.0, 0.704),)


def test_borders_move_by_the_lag_and_grow_by_the_pad():
    found = segments_from(
        frames((0.0, 20), (0.9, 20), (0.0, 20)), 60 * FRAME_S, VadSettings(lag_ms=50, pad_ms=10)
    )
    assert found == (Segment(0.58, 1.24),)


def test_speech_at_the_end_reaches_the_end():
    found = segments_from(frames((0.0, 10), (0.9, 20)), 0.95, VadSettings(pad_ms=0))
    assert found == (Segment(0.27, 0.95),)


@given(
    st.lists(st.floats(0, 1, width=32), max_size=200),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(0, 200),
    st.integers(0, 200),
)
@settings(max_examples=150, deadline=None)
def test_segments_are_in_order_apart_and_inside(probabilities, speech, silence, pad, lag):
    duration = len(probabilities) * FRAME_S
    rule = VadSettings(min_speech_ms=speech, min_silence_ms=silence, pad_ms=pad, lag_ms=lag)
    found = segments_from(np.asarray(probabilities, np.float32), duration, rule)
    for before, after in itertools.pairwise(found):
        assert before.end < after.start
    assert all(0 <= segment.start < segment.end <= duration + 1e-3 for segment in found)


@given(st.lists(st.sampled_from([0.05, 0.3, 0.4, 0.6, 0.95]), min_size=1, max_size=150))
@settings(max_examples=60, deadline=None)
def test_same_segments_as_the_original_code(probabilities):
    original = pytest.importorskip("silero_vad.utils_vad")
    expected = original.get_speech_timestamps_from_probs(
        probabilities, sampling_rate=16000, min_silence_duration_ms=100, speech_pad_ms=30
    )
    rule = VadSettings(min_speech_ms=250, min_silence_ms=100, pad_ms=30, lag_ms=0)
    found = segments_from(np.asarray(probabilities, np.float32), len(probabilities) * FRAME_S, rule)
    assert found == union(
        Segment(round(one["start"] / 16000, 3), round(one["end"] / 16000, 3)) for one in expected
    )


def test_settings_are_checked():
    with pytest.raises(ValueError, match="neg_threshold"):
        VadSettings(threshold=0.3, neg_threshold=0.5)
    with pytest.raises(ValueError, match="negative"):
        VadSettings(pad_ms=-1)


@pytest.mark.parametrize("rate", [8000, 16000])
def test_no_voice_no_speech(detector, rate):
    time = np.arange(rate * 12) / rate
    tones = 0.1 * (np.sin(2 * np.pi * 350 * time) + np.sin(2 * np.pi * 440 * time)) * (time % 6 < 2)
    noise = 0.02 * np.random.default_rng(0).standard_normal(len(time))
    assert detector.detect(ArrayAudio([np.zeros(len(time)), tones, noise], rate)) == ((), (), ())


@pytest.mark.parametrize("count", [1, 100, 4000])
def test_very_short_sound(detector, count):
    assert detector.detect(ArrayAudio(np.zeros(count), 8000)) == ((),)


def test_damaged_samples_do_not_spread(detector):
    samples = np.zeros((1, 16000), np.float32)
    samples[0, :50] = np.nan
    samples[0, 50:60] = np.inf
    assert np.isfinite(detector.probabilities(ArrayAudio(samples, 8000))).all()


def test_an_unknown_rate_is_refused(detector):
    with pytest.raises(UsageError, match="8000 or 16000"):
        detector.detect(ArrayAudio(np.zeros(44100), 44100))


@pytest.mark.parametrize("spec", [None, "empty"])
def test_a_missing_model_says_what_to_do(monkeypatch, tmp_path, spec):
    found = importlib.util.spec_from_file_location("silero_vad", tmp_path / "__init__.py") if spec else None
    monkeypatch.setattr(silero.importlib.util, "find_spec", lambda name: found)
    with pytest.raises(EngineUnavailable, match="pip install silero-vad"):
        SileroVad()


def test_neither_torch_nor_the_package_is_imported():
    code = (
        "import sys; from speechqa.backends.silero import SileroVad; SileroVad();"
        "print([name for name in ('torch', 'silero_vad', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.data
def test_real_turns_are_found(detector):
    audio, turns = harpervalley("01cefd6f5c044a6f")
    for found, spoken in zip(detector.detect(audio), turns, strict=True):
        merged, reference = union(found, bridge_s=1.0), union(spoken, bridge_s=1.0)
        assert seconds(difference(reference, merged)) < 0.05 * seconds(reference)
        assert seconds(difference(merged, reference)) < 0.10 * seconds(reference)
        assert all(intersection(found, (turn,)) for turn in spoken)


@pytest.mark.data
def test_blocks_and_runs_do_not_change_what_is_found(detector, monkeypatch):
    audio, _ = harpervalley("00d676d7058c49bb")
    found = detector.probabilities(audio)
    assert audio.longest_read <= 32.0
    monkeypatch.setattr(silero, "_BLOCK_S", 1000.0)
    np.testing.assert_array_equal(found, detector.probabilities(audio))
    np.testing.assert_array_equal(found, detector.probabilities(audio))


@pytest.mark.data
@pytest.mark.parametrize("gain", [0.25, 4.0])
def test_how_loud_a_recording_is_changes_nothing(detector, gain):
    audio, _ = harpervalley("00d676d7058c49bb")
    louder = ArrayAudio(audio.samples * np.float32(gain), 8000)
    assert detector.listen(louder) == detector.listen(audio)


def test_the_noise_of_a_line_is_not_made_loud(detector):
    rng = np.random.default_rng(0)
    hiss = ArrayAudio(1e-4 * rng.standard_normal(8000 * 20), 8000)
    assert detector.detect(hiss) == ((),)


def test_channels_heard_at_once_are_heard_as_one_after_the_other(detector):
    noise = np.random.default_rng(3).normal(0, 0.05, (3, 30 * 8000)).astype(np.float32)
    audio = ArrayAudio(noise, 8000)
    at_once = SileroVad(threads=3).probabilities(audio)
    assert np.array_equal(at_once, detector.probabilities(audio))
    assert np.array_equal(at_once[1], detector.probabilities(ArrayAudio(noise[[2, 1, 0]], 8000))[1])
