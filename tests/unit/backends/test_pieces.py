from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.backends import packing
from speechqa.backends.band import with_upper_band
from speechqa.backends.packing import windows
from speechqa.backends.pieces import (
    clean,
    cut_at_quiet,
    in_order,
    level_normalised,
    padded,
    probability,
    read_16k,
    word_in_speech,
)
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.transcript import Word
from tests.support.engines import MemoryAudio, noise

RATE = 16_000


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    pairs = draw(st.lists(st.tuples(st.integers(0, 580), st.integers(1, 60)), max_size=12))
    return union(Segment(start / 10, (start + length) / 10) for start, length in pairs)


def test_speech_is_cut_at_the_end_of_the_call() -> None:
    assert clean([Segment(3.0, 9.0), Segment(0.0, 1.0), Segment(0.5, 2.0), Segment(8.0, 9.0)], 5.0) == (
        Segment(0.0, 2.0),
        Segment(3.0, 5.0),
    )


@given(timelines(), st.floats(0.0, 1.0))
def test_pads_never_meet_or_leave_the_call(timeline: Timeline, pad: float) -> None:
    duration = 70.0
    grown = padded(timeline, pad, duration)
    for old, new in zip(timeline, grown, strict=True):
        assert 0.0 <= new.start <= old.start
        assert old.end <= new.end <= duration
        assert old.start - new.start <= pad + 1e-9
    for left, right in pairwise(grown):
        assert left.end <= right.start + 1e-9


def test_telephone_sound_is_brought_to_the_engines_rate() -> None:
    times = np.arange(8000) / 8000
    audio = MemoryAudio([np.sin(2 * np.pi * 440 * times)], 8000)
    sound = read_16k(audio, 0, Segment(0.25, 0.75))
    assert sound.dtype == np.float32
    assert sound.size == RATE // 2
    spectrum = np.abs(np.fft.rfft(sound))
    assert abs(int(spectrum.argmax()) * 2 - 440) <= 2


def test_sound_that_is_no_number_is_made_one() -> None:
    audio = MemoryAudio([np.array([np.nan, np.inf, -np.inf, 2.0], dtype=np.float32)], RATE)
    assert read_16k(audio, 0, Segment(0.0, 1.0)).tolist() == [0.0, 1.0, -1.0, 1.0]


@pytest.mark.parametrize("gain", [0.1, 0.3, 1.0])
def test_speech_is_brought_to_one_level(gain: float) -> None:
    quiet_end = np.concatenate([noise(1.0, RATE) * gain, np.zeros(RATE, dtype=np.float32)])
    rms = math.sqrt(float(np.square(level_normalised(quiet_end)[:RATE]).mean()))
    assert 20 * math.log10(rms) == pytest.approx(-20.0, abs=1.0)


def test_hiss_is_not_raised_to_the_level_of_speech() -> None:
    hiss = noise(1.0, RATE) * 1e-4
    assert np.abs(level_normalised(hiss)).max() <= np.abs(hiss).max() * 10 ** (30 / 20) * 1.001
    silence = np.zeros(RATE, dtype=np.float32)
    assert not level_normalised(silence).any()
    assert level_normalised(silence[:10]).size == 10


def test_long_sound_is_cut_where_it_is_quiet() -> None:
    sound = noise(9.0, RATE)
    sound[int(3.5 * RATE) : 4 * RATE] = 0.0
    (first, second), rest = cut_at_quiet(sound, 5.0)[0], cut_at_quiet(sound, 5.0)[1:]
    assert first == 0
    assert 3.5 * RATE <= second <= 4 * RATE
    assert rest[-1][1] == sound.size


@given(st.integers(0, 200_000), st.floats(0.5, 5.0))
def test_cuts_cover_everything_once_and_no_part_is_too_long(size: int, longest: float) -> None:
    sound = np.ones(size, dtype=np.float32)
    bounds = cut_at_quiet(sound, longest)
    assert bounds[0][0] == 0
    assert bounds[-1][1] == size
    assert all(a[1] == b[0] for a, b in pairwise(bounds))
    assert all(0 <= last - first <= round(longest * RATE) for first, last in bounds)


def test_a_word_is_cut_to_the_speech_it_shares_most_with() -> None:
    speech = (Segment(1.0, 2.0), Segment(3.0, 4.0))
    word = word_in_speech("yes", 1.8, 3.5, 1.2, speech)
    assert word == Word(text="yes", start=3.0, end=3.5, confidence=1.0)


@pytest.mark.parametrize(
    ("text", "start", "end"), [("a", 2.2, 2.8), ("", 1.2, 1.5), ("a", math.nan, 1.0), ("a", 1.0, math.inf)]
)
def test_what_is_no_word_of_the_speech_is_none(text: str, start: float, end: float) -> None:
    assert word_in_speech(text, start, end, 0.5, (Segment(1.0, 2.0), Segment(3.0, 4.0))) is None


def test_unknown_confidence_stays_unknown() -> None:
    assert probability(None) is None
    assert probability(math.nan) is None
    assert type(probability(np.float64(0.25))) is float


def test_words_are_sorted_and_ties_keep_their_order() -> None:
    words = [Word(text=t, start=s, end=s) for t, s in (("c", 2.0), ("a", 1.0), ("b", 1.0))]
    assert [word.text for word in in_order(words)] == ["a", "b", "c"]


@given(timelines())
def test_windows_hold_all_speech_once_in_order(timeline: Timeline) -> None:
    audio = MemoryAudio([np.full(65 * 8000, 0.1, dtype=np.float32)], 8000)
    packed = list(windows(audio, 0, timeline))
    places = [place for window in packed for place in window.places]
    assert all(window.duration <= 30.0 for window in packed)
    assert all(a.call.end <= b.call.start + 1e-6 for a, b in pairwise(places))
    covered = union((place.call for place in places), bridge_s=1e-3)
    for segment in timeline:
        assert any(c.start <= segment.start + 1e-3 and segment.end <= c.end + 1e-3 for c in covered)


@given(timelines(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_times_of_a_window_lead_back_to_the_call(timeline: Timeline, where: float, length: float) -> None:
    audio = MemoryAudio([np.zeros(65 * 8000, dtype=np.float32)], 8000)
    for window in windows(audio, 0, timeline):
        for place in window.places:
            start = place.packed.start + where * place.packed.duration
            end = start + length * (place.packed.end - start)
            begin, finish = window.to_call(start, end)
            assert begin == pytest.approx(place.call.start + start - place.packed.start, abs=1e-3)
            assert finish - begin == pytest.approx(end - start, abs=1e-3)


def test_pauses_in_a_window_are_short_and_silent() -> None:
    audio = MemoryAudio([np.ones(40 * RATE, dtype=np.float32)], RATE)
    (window,) = windows(audio, 0, (Segment(1.0, 2.0), Segment(2.4, 3.0), Segment(30.0, 31.0)), pad_s=0.0)
    assert window.duration == pytest.approx(1.0 + 0.4 + 0.6 + 0.5 + 1.0)
    assert np.count_nonzero(window.samples == 0.0) == pytest.approx(0.9 * RATE, abs=2)


def test_a_word_in_a_pause_goes_to_the_nearest_speech() -> None:
    audio = MemoryAudio([np.ones(40 * RATE, dtype=np.float32)], RATE)
    (window,) = windows(audio, 0, (Segment(1.0, 2.0), Segment(30.0, 31.0)), pad_s=0.0)
    assert window.to_call(1.05, 1.15) == pytest.approx((2.0, 2.0))
    assert window.to_call(1.38, 1.45) == pytest.approx((30.0, 30.0))


def test_the_upper_band_is_filled_and_the_lower_left_alone() -> None:
    audio = MemoryAudio([noise(1.0, 8000)], 8000)
    sound = level_normalised(read_16k(audio, 0, Segment(0.0, 1.0)))
    wide = with_upper_band(sound)
    assert wide.size == sound.size
    before, after = np.abs(np.fft.rfft(sound)), np.abs(np.fft.rfft(wide))
    assert np.square(after[4500:6500]).sum() > 100 * np.square(before[4500:6500]).sum()
    assert np.allclose(before[200:3500], after[200:3500], rtol=0.05, atol=0.05 * before[200:3500].mean())
    assert np.array_equal(wide, with_upper_band(sound))


@pytest.mark.parametrize("size", [0, 1, 127, 512, 1000])
def test_short_sound_keeps_its_length(size: int) -> None:
    assert with_upper_band(np.full(size, 0.1, dtype=np.float32)).size == size


def test_windows_are_as_few_as_can_be_and_about_equally_full() -> None:
    audio = MemoryAudio([noise(200.0, 8000)], 8000)
    speech = tuple(Segment(float(at), at + 2.0) for at in range(0, 75, 3))
    lengths = [window.duration for window in windows(audio, 0, speech)]
    assert len(lengths) == math.ceil((50.0 + 24 * 0.7) / 29.5) == 3
    assert max(lengths) - min(lengths) < 6.0, "about two stretches"
    long = (Segment(0.0, 40.0), Segment(41.0, 45.0), Segment(60.0, 63.0))
    assert len(list(windows(audio, 0, long))) == 2


def test_speech_without_a_pause_is_read_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_READ_S", 60.0)
    audio = MemoryAudio([noise(200.0, 8000), noise(65.0, 8000)], 8000)
    for channel, end in ((0, 199.0), (1, 65.0)):
        audio.reads.clear()
        made = list(windows(audio, channel, (Segment(1.0, 199.0),), pad_s=0.0))
        assert len(audio.reads) > 1
        assert max(last - first for _, first, last in audio.reads) <= 60.0 + 1e-6
        places = [place.call for window in made for place in window.places]
        assert places[0].start == 1.0
        assert places[-1].end == pytest.approx(end, abs=1e-3)
        for before, after in pairwise(places):
            assert before.end == pytest.approx(after.start, abs=1e-3)
        assert max(window.duration for window in made) <= 29.5
