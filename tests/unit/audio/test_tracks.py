"""Whole calls as tracks to play: heard by whom, in time, bleeped; and the outline of their sound."""

from __future__ import annotations

import io
import tracemalloc
import warnings

import av
import numpy as np
import pytest

from speechqa.audio.resample import to_int16
from speechqa.audio.spool import ArrayAudio, SpooledAudio
from speechqa.audio.tracks import TrackPlan, alone, outline_step, shared_outline, together, write_tracks
from speechqa.core.playback import Outline
from speechqa.core.segment import Segment

RATE = 8000


def tone(seconds, hz, level=0.5):
    return level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)


def level_at(samples, rate, hz, start, end):
    piece = samples[round(start * rate) : round(end * rate)]
    time = np.arange(len(piece)) / rate
    return abs(np.mean(piece * np.exp(-2j * np.pi * hz * time))) * 2


def heard(file):
    """The channels of a track as FFmpeg decodes them, and their rate: by the samples, not by any clock."""
    file.seek(0)
    with av.open(file) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
        return list(np.concatenate(frames, axis=1)), container.streams.audio[0].rate


@pytest.fixture(scope="module")
def two_tones():
    """A call of two parties, 500 Hz and 900 Hz; from 2 s to 3 s nothing may be heard."""
    audio = ArrayAudio(np.stack([tone(6, 500), tone(6, 900)]), RATE)
    weights = {
        "both": together(2, (0,), (1,)),
        "first": alone(2, (0,)),
        "second": alone(2, (1,)),
    }
    files = {name: io.BytesIO() for name in weights}
    plans = [TrackPlan(files[name], weights[name]) for name in weights]
    outlines = write_tracks(audio, plans, (Segment(2.0, 3.0),))
    return {name: heard(file) for name, file in files.items()}, outlines


def test_one_party_alone_is_heard_alone(two_tones):
    tracks, _ = two_tones
    for name, own, other in (("first", 500, 900), ("second", 900, 500)):
        (samples,), rate = tracks[name]
        assert level_at(samples, rate, own, 4, 5) > 0.4
        assert level_at(samples, rate, other, 4, 5) < 0.02


def test_together_each_ear_hears_both_and_its_own_side_louder(two_tones):
    (left, right), rate = two_tones[0]["both"]
    for hz in (500, 900):
        assert min(level_at(ear, rate, hz, 4, 5) for ear in (left, right)) > 0.15
    # One after the other, as people speak.
    quiet = np.zeros(3 * RATE)
    turns = ArrayAudio(np.stack([[*tone(3, 500), *quiet], [*quiet, *tone(3, 900)]]), RATE)
    file = io.BytesIO()
    write_tracks(turns, [TrackPlan(file, together(2, (0,), (1,)))], ())
    (left, right), rate = heard(file)
    assert level_at(left, rate, 500, 1, 2) / level_at(right, rate, 500, 1, 2) == pytest.approx(2, rel=0.1)
    assert level_at(right, rate, 900, 4, 5) / level_at(left, rate, 900, 4, 5) == pytest.approx(2, rel=0.1)


def test_nothing_of_the_call_is_heard_where_it_is_bleeped(two_tones):
    tracks, outlines = two_tones
    for channels, rate in tracks.values():
        for samples in channels:
            assert level_at(samples, rate, 1000, 2.1, 2.9) > 0.07
            assert max(level_at(samples, rate, hz, 2.1, 2.9) for hz in (500, 900)) < 0.01
    for outline in outlines:
        peaks = np.frombuffer(outline.peaks, dtype=np.uint8)
        assert set(peaks[100:150]) == {0}
        assert set(peaks[:100]) <= {127, 128, 129}


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_time_of_a_track_is_the_time_of_the_call_after_ten_minutes(rate):
    audio = SpooledAudio(2, rate)
    clicks = (0.5, 300.123, 612.345)
    with audio:
        quiet = np.zeros((rate, 2), dtype=np.int16)
        wave = 0.6 * np.sin(2 * np.pi * 1500 * np.arange(rate // 50) / rate)
        burst = to_int16(wave.astype(np.float32))[:, None]
        for second in range(615):
            block = quiet.copy()
            for click in clicks:
                if int(click) == second:
                    first = round((click - second) * rate)
                    block[first : first + rate // 50] = burst
            audio.append(block)
        file = io.BytesIO()
        write_tracks(audio, [TrackPlan(file, together(2))], ())
    (left, _right), own = heard(file)
    assert len(left) / own == pytest.approx(615, abs=0.05)
    for click in clicks:
        around = np.abs(left[round((click - 0.4) * own) : round((click + 0.4) * own)])
        found = click - 0.4 + float(np.argmax(around > around.max() / 2)) / own
        assert found == pytest.approx(click, abs=0.005)


def test_an_hour_is_small_and_takes_no_more_memory_than_a_minute(monkeypatch):
    generator = np.random.default_rng(7)
    block = to_int16(generator.normal(0, 0.1, (RATE * 10, 2)).astype(np.float32))
    most = []
    for blocks in (6, 24):
        with SpooledAudio(2, RATE, memory_bytes=1) as audio:
            for _ in range(blocks):
                audio.append(block)
            with io.BytesIO() as file:
                tracemalloc.start()
                write_tracks(audio, [TrackPlan(file, together(2))], ())
                most.append(tracemalloc.get_traced_memory()[1] - file.tell())
                tracemalloc.stop()
                # Noise never pauses: no call takes more.
                assert file.seek(0, 2) / audio.duration * 3600 < 12e6
    assert most[1] < most[0] * 1.2


def test_equal_sound_gives_equal_bytes():
    audio = ArrayAudio(np.stack([tone(2, 500), tone(2, 900)]), RATE)
    made = []
    for _ in range(2):
        file = io.BytesIO()
        write_tracks(audio, [TrackPlan(file, together(2))], ())
        made.append(file.getvalue())
    assert made[0] == made[1]


def test_outlines_are_there_without_a_track():
    audio = ArrayAudio(np.concatenate([tone(1, 500, 0.25), np.zeros(RATE), tone(0.5, 500, 1.0)]), RATE)
    (outline,) = write_tracks(audio, (), ())
    peaks = np.frombuffer(outline.peaks, dtype=np.uint8)
    assert outline.step_s == 0.02
    assert len(peaks) == 125
    assert peaks[:50].max() == 64
    assert peaks[50:100].max() == 0
    assert peaks[100:].max() == 255


def test_channels_that_no_party_has_to_itself():
    assert together(1).tolist() == [[1.0]]
    assert together(2).tolist() == [[1.0, 0.5], [0.5, 1.0]]
    assert together(3, (1,), (2,)).tolist() == [[0.75, 1.0, 0.5], [0.75, 0.5, 1.0]]
    one, two = Outline(step_s=0.02, peaks=bytes([1, 5])), Outline(step_s=0.02, peaks=bytes([4, 2]))
    assert shared_outline([one, two]).peaks == bytes([4, 5])
    assert shared_outline([one]) is one


def test_a_long_call_gets_a_coarser_outline():
    assert [outline_step(s) for s in (1, 720, 721, 3600, 7200, 86_400)] == [0.02, 0.02, 0.05, 0.1, 0.2, 1.0]


def test_the_loudest_of_floats_is_clipped_in_silence() -> None:
    loud = np.array([3e38, -3e38, 1.0, -1.0, 0.5], np.float32)
    with warnings.catch_warnings(action="error"):
        assert to_int16(loud).tolist() == [32767, -32768, 32767, -32768, 16384]
