"""The arousal curve: right in sign, blind to level, silent where too little is known."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from msgspec.structs import replace

from speechqa.acoustics.baseline import (
    DEVIATIONS,
    baseline_from,
    calm_level,
    calm_row,
    contributions,
    summary,
)
from speechqa.acoustics.frames import FEATURES, VoicedFrames
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.spectrum import spectral_frames
from speechqa.acoustics.stress import StressSettings, stress_curve
from speechqa.backends.swift_f0 import SwiftF0
from speechqa.core.segment import Segment, seconds
from speechqa.core.stress import StressBaseline
from speechqa.errors import EngineUnavailable
from tests.support.sound import ArrayAudio

PITCH = SwiftF0()


class Voiceless:
    """Hears no voice in anything."""

    name, hop_s = "voiceless", 0.016

    def track(self, samples, sample_rate):
        frames = len(samples) // round(self.hop_s * sample_rate)
        return np.full(frames, 100.0), np.zeros(frames)


def voice(length_s: float, pitch_hz: float, tilt: float, rate: int = 8000, seed: int = 0) -> np.ndarray:
    """Harmonics of a wandering pitch falling by `tilt` to the power of their number, 1.2 s on, 0.3 s off."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(length_s * rate)) / rate
    knots = np.arange(0, length_s + 1, 0.3)
    hertz = pitch_hz * np.interp(time, knots, 1 + 0.03 * rng.standard_normal(len(knots)))
    phase = 2 * np.pi * np.cumsum(hertz) / rate
    count = int(3400 / pitch_hz)
    sound = sum(k**-tilt * np.sin(k * phase) for k in range(1, count + 1))
    return 0.05 * sound * (time % 1.5 < 1.2) + 1e-4 * rng.standard_normal(len(time))


def call(*parts: np.ndarray, rate: int = 8000) -> tuple[ArrayAudio, tuple[Segment, ...]]:
    audio = ArrayAudio(np.concatenate(parts), rate)
    return audio, (Segment(0.0, audio.duration),)


CALM = {"pitch_hz": 120.0, "tilt": 1.6}
RAISED = {"pitch_hz": 185.0, "tilt": 0.9}


@pytest.fixture(scope="module")
def risen():
    """Calm for 60 s, raised for 30 s, calm for 30 s."""
    return call(voice(60, **CALM), voice(30, **RAISED, seed=1), voice(30, **CALM, seed=2))


@pytest.fixture(scope="module")
def risen_curve(risen):
    return curve_of(risen)


@pytest.fixture(scope="module")
def calm_baseline():
    audio, speech = call(voice(15, **CALM))
    return baseline_from([voiced_frames(audio, 0, speech, PITCH)])


def measured(audio, speech, pitch=PITCH, **options):
    return stress_curve(voiced_frames(audio, 0, speech, pitch), speech, **options)


def curve_of(call, **options):
    audio, speech = call
    return measured(audio, speech, **options)


def test_a_raised_voice_is_one_episode_with_its_causes(risen_curve):
    curve = risen_curve
    assert curve.reason is None
    assert curve.baseline.source == "call"
    assert curve.baseline.features["f0_hz"] == pytest.approx(120, rel=0.03)
    (episode,) = curve.episodes
    assert 48 <= episode.start <= 62
    assert 60 <= episode.peak <= 90
    assert 85 <= episode.end <= 102
    assert episode.because[0].startswith("pitch +7.")
    assert "semitones over own baseline" in episode.because[0]
    calm = [window.value for window in curve.windows if window.end <= 58]
    assert max(abs(value) for value in calm) < 1.0
    assert all(window.confidence == "ok" for window in curve.windows)


def test_a_lowered_voice_falls_and_makes_no_episode():
    falling = call(voice(30, **CALM), voice(15, pitch_hz=95.0, tilt=2.2, seed=1))
    baseline = baseline_from([voiced_frames(falling[0], 0, (Segment(0.0, 28.0),), PITCH)])
    curve = curve_of(falling, baseline=baseline)
    assert curve.windows[-1].value < -2
    assert curve.episodes == ()


@pytest.mark.parametrize("gain", [0.05, 4.0])
def test_level_plays_no_part(risen, risen_curve, gain):
    audio, speech = risen
    scaled = ArrayAudio(audio.samples * gain, audio.sample_rate)
    before, after = risen_curve, curve_of((scaled, speech))
    assert [w.confidence for w in before.windows] == [w.confidence for w in after.windows]
    for one, two in zip(before.windows, after.windows, strict=True):
        assert one.value == pytest.approx(two.value, abs=0.002)
    assert [e.because for e in before.episodes] == [e.because for e in after.episodes]


def test_contributions_add_up_to_the_value(risen_curve):
    for window in risen_curve.windows:
        assert tuple(window.contributions) == FEATURES
        assert sum(window.contributions.values()) == pytest.approx(window.value, abs=0.005)


def test_the_same_call_gives_the_same_curve_read_in_short_pieces(risen, risen_curve):
    audio, speech = risen
    audio.longest_read = 0.0
    assert measured(audio, speech, SwiftF0()) == risen_curve
    assert audio.longest_read <= 10.5


def test_windows_follow_the_speakers_own_talk():
    audio, _ = call(voice(50, **CALM))
    speech = (Segment(0.0, 7.0), Segment(20.0, 30.0), Segment(40.0, 50.0))
    curve = measured(audio, speech)
    assert [(window.start, window.end) for window in curve.windows] == [(0, 25), (5, 30), (23, 45), (28, 50)]


def test_a_window_does_not_lie_across_minutes():
    audio, _ = call(voice(6, **CALM), np.zeros(8000 * 134), voice(8, **CALM))
    curve = measured(audio, (Segment(0.0, 6.0), Segment(140.0, 148.0)))
    assert max(window.end - window.start for window in curve.windows) <= 60


def test_the_rest_of_the_talk_is_measured():
    audio, speech = call(voice(21, **CALM))
    windows = measured(audio, speech).windows
    assert windows[-1].end == 21
    assert all(window.end - window.start == pytest.approx(12) for window in windows)


def test_a_file_shorter_than_a_window_is_one_window(calm_baseline):
    curve = curve_of(call(voice(6, **RAISED)), baseline=calm_baseline)
    (window,) = curve.windows
    assert (window.start, window.end) == (0, 6)
    assert window.value > 3
    assert calm_baseline.source == "recordings"


@pytest.mark.parametrize(("length_s", "confidence"), [(1.2, "none"), (3.6, "low"), (7.5, "ok")])
def test_confidence_follows_the_voiced_seconds(length_s, confidence, calm_baseline):
    (window,) = curve_of(call(voice(length_s, **CALM)), baseline=calm_baseline).windows
    assert window.confidence == confidence
    assert (window.value is None) == (confidence == "none")


def test_the_floor_of_voiced_seconds_can_be_lowered(calm_baseline):
    short = call(voice(1.2, **CALM))
    assert curve_of(short, baseline=calm_baseline).reason == "no window holds 2 s of voice"
    (window,) = curve_of(short, baseline=calm_baseline, settings=StressSettings(min_voiced_s=0.5)).windows
    assert window.confidence == "low"


def test_one_window_has_no_own_baseline():
    curve = curve_of(call(voice(10, **RAISED)))
    assert [window.value for window in curve.windows] == [None]
    assert curve.baseline.source == "none"
    assert "baseline" in curve.reason


def test_nothing_said_and_nothing_voiced_stay_unknown():
    audio, speech = call(voice(20, **CALM))
    silent = measured(audio, ())
    assert silent.windows == ()
    assert silent.reason == "no speech of this speaker"
    for curve in (
        measured(audio, speech, Voiceless()),
        measured(ArrayAudio(np.zeros(8000 * 20), 8000), speech),
    ):
        assert {window.value for window in curve.windows} == {None}
        assert curve.reason
        assert curve.episodes == ()
    empty = baseline_from([voiced_frames(audio, 0, speech, Voiceless())])
    assert empty.source == "none"
    assert "nothing was voiced" in curve_of((audio, speech), baseline=empty).reason


def test_settings_are_checked():
    with pytest.raises(ValueError, match="min_voiced_s"):
        StressSettings(min_voiced_s=0.0)
    with pytest.raises(ValueError, match="hop_s"):
        StressSettings(hop_s=20.0)
    with pytest.raises(ValueError, match="off"):
        StressSettings(on=1.0, off=2.0)


def test_a_foreign_baseline_is_checked():
    with pytest.raises(ValueError, match="f0_hz"):
        calm_row(StressBaseline(source="recordings", features={"alpha_db": 3.0}))


CALM_ROW = np.array([80.0, 8.0, 20.0, 900.0, 0.3])
UP = DEVIATIONS * [1, -1, -1, 1, 1]
"""What raises arousal by one."""


def frames_of(rows, weights=None) -> VoicedFrames:
    count = len(rows)
    return VoicedFrames(
        times=0.016 * np.arange(count),
        values=rows,
        weights=np.ones(count) if weights is None else weights,
        level_db=np.zeros(count),
        hop_s=0.016,
    )


def spoken_units(heights) -> np.ndarray:
    return CALM_ROW + np.asarray(heights)[:, None] * UP


def test_a_deviation_of_every_feature_is_an_arousal_of_one():
    raised = contributions(CALM_ROW + UP, CALM_ROW)
    np.testing.assert_allclose(raised, [0.5, 0.125, 0.125, 0.125, 0.125])
    np.testing.assert_allclose(contributions(CALM_ROW + UP, CALM_ROW, 2.0), raised / 2)


@pytest.mark.parametrize("aroused", [0, 10, 20])
@pytest.mark.parametrize("seed", range(5))
def test_the_calm_level_is_the_same_however_much_of_the_speech_is_aroused(aroused, seed):
    rng = np.random.default_rng(seed)
    heights = [*rng.normal(0, 0.8, 40), *rng.normal(5, 1.5, aroused)]
    level, spread = calm_level(spoken_units(heights))
    assert abs(contributions(level, CALM_ROW).sum()) < 0.4
    assert 0.7 < spread < 1.1


def test_a_speaker_who_varies_more_when_calm_needs_more_to_count_as_raised():
    rng = np.random.default_rng(0)
    even, lively = (calm_level(spoken_units(rng.normal(0, s, 100)))[1] for s in (0.3, 1.3))
    assert even < 0.6
    assert lively > 1.1


def test_of_two_units_the_spread_is_the_usual_one():
    assert calm_level(spoken_units([0.0, 0.1]))[1] == pytest.approx(1.0, abs=0.1)


def test_octave_errors_in_a_twentieth_of_the_frames_change_nothing():
    rows = np.tile(CALM_ROW, (100, 1))
    rows[::25, 0] += 12.0
    np.testing.assert_allclose(summary(frames_of(rows)), CALM_ROW)


def test_a_frame_that_is_hardly_voiced_hardly_counts():
    rows = np.tile(CALM_ROW, (50, 1))
    rows[7] += 5 * UP
    weights = np.ones(50)
    weights[7] = 1e-6
    np.testing.assert_allclose(summary(frames_of(rows, weights)), CALM_ROW, rtol=1e-6)
    assert frames_of(rows, weights).voiced_s == pytest.approx(49 * 0.016, abs=1e-5)


def whole(frames) -> VoicedFrames:
    return frames.rows(0, len(frames.times))


def test_a_scream_has_a_pitch():
    audio, speech = call(voice(4, 780.0, 0.8))
    frames = whole(voiced_frames(audio, 0, speech, PITCH))
    assert 2 ** (np.median(frames.values[:, 0]) / 12) == pytest.approx(780, rel=0.05)


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("hertz", [95.0, 210.0])
def test_pitch_is_found_at_both_rates(rate, hertz):
    audio, speech = call(voice(6, hertz, 1.2, rate), rate=rate)
    frames = whole(voiced_frames(audio, 0, speech, PITCH))
    assert 2 ** (np.median(frames.values[:, 0]) / 12) == pytest.approx(hertz, rel=0.03)
    assert seconds(speech) * 0.6 < len(frames.times) * frames.hop_s < seconds(speech)


def test_the_spectrum_is_the_same_at_both_rates_and_any_gain():
    rng = np.random.default_rng(0)
    time = np.arange(16000) / 16000
    sound = sum(np.sin(2 * np.pi * 150 * k * time + rng.random()) / k for k in range(1, 22))
    at = np.arange(0.1, 0.9, 0.016)
    wide = spectral_frames(sound.astype(np.float32), 16000, at)
    narrow = spectral_frames(sound[::2].astype(np.float32), 8000, at)
    np.testing.assert_allclose(wide.mean(axis=0), narrow.mean(axis=0), rtol=0.05, atol=0.05)
    np.testing.assert_allclose(wide, spectral_frames((sound * 8).astype(np.float32), 16000, at), rtol=1e-6)


def test_brighter_sound_moves_all_features_the_aroused_way():
    at = np.arange(0.1, 3.9, 0.016)
    dull, bright = (
        spectral_frames(voice(4, 120, tilt).astype(np.float32), 8000, at).mean(axis=0) for tilt in (2.0, 0.8)
    )
    assert bright[0] < dull[0]
    assert bright[1] < dull[1]
    assert bright[2] > dull[2]
    assert spectral_frames(np.zeros(800, np.float32), 8000, np.zeros(0)).shape == (0, 4)
    assert np.isfinite(spectral_frames(np.zeros(800, np.float32), 8000, np.array([0.0, 0.1]))).all()


def test_a_missing_pitch_package_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "swift_f0", None)
    with pytest.raises(EngineUnavailable, match="pip install swift-f0"):
        SwiftF0().track(np.zeros(8000, np.float32), 8000)


def test_no_engine_is_loaded_before_it_is_used():
    code = (
        "import sys, speechqa.acoustics.stress, speechqa.backends.swift_f0;"
        "print([name for name in ('swift_f0', 'onnxruntime', 'librosa', 'soxr') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_baseline_of_too_little_voice_is_none(calm_baseline):
    audio, speech = call(voice(20, **CALM))
    thin = replace(calm_baseline, voiced_seconds=0.3)
    curve = measured(audio, speech, baseline=thin)
    assert "hold 0.3 s of voice" in (curve.reason or "")
    assert {window.value for window in curve.windows} == {None}
    some = measured(audio, speech, baseline=replace(calm_baseline, voiced_seconds=3.0))
    assert {window.confidence for window in some.windows} == {"low"}
    enough = measured(audio, speech, baseline=calm_baseline)
    assert "ok" in {window.confidence for window in enough.windows}
    assert [w.value for w in enough.windows] == [w.value for w in some.windows]
