"""The course of arousal: what was planted is found, where it was planted, and even speech has none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from speechqa.acoustics.course import CourseSettings, with_course
from speechqa.acoustics.stress import StressSettings
from speechqa.core.segment import Segment, Timeline
from speechqa.core.stress import StressCurve, StressWindow

WINDOWING = StressSettings()
NOISE = CourseSettings().noise
TURN_S, REST_S = 6.0, 5.0


def speech(talk_s: float) -> Timeline:
    """Turns of 6 s with rests of 5 s, in which the other party speaks."""
    count = round(talk_s / TURN_S)
    period = TURN_S + REST_S
    return tuple(Segment(i * period, i * period + TURN_S) for i in range(count))


def clock(talked_s: float, *, at_end: bool = False) -> float:
    turn, rest = divmod(talked_s, TURN_S)
    if at_end and rest == 0 and turn:
        turn, rest = turn - 1, TURN_S
    return turn * (TURN_S + REST_S) + rest


def curve(levels, noise: float = 0.0, seed: int = 0, **more) -> StressCurve:
    """Windows over talk whose level is given for each second of it, noise shared by windows as talk is."""
    levels = np.asarray(levels, float)
    rng = np.random.default_rng(seed)
    # Noise of a second such that the mean over a window varies by `noise`.
    levels = levels + rng.normal(0, noise * WINDOWING.window_s**0.5, len(levels))
    windows = []
    length, hop = round(WINDOWING.window_s), round(WINDOWING.hop_s)
    for first in range(0, len(levels) - length + 1, hop):
        window = {
            "start": clock(first),
            "end": clock(first + length, at_end=True),
            "value": round(float(levels[first : first + length].mean()), 3),
            "confidence": "ok",
            "voiced_seconds": 6.0,
        }
        windows.append(StressWindow(**{**window, **more}))
    return StressCurve(windows=tuple(windows))


def course(levels, noise: float = 0.0, seed: int = 0, **more) -> StressCurve:
    return with_course(curve(levels, noise, seed, **more), speech(len(levels)))


def steps(*pieces: tuple[float, int]) -> np.ndarray:
    return np.concatenate([np.full(seconds, level) for level, seconds in pieces])


def test_a_rise_and_a_fall_are_found_where_they_are():
    found = course(steps((0.2, 60), (4.0, 48), (0.2, 60)))
    assert [change.kind for change in found.changes] == ["rise", "fall"]
    for change, talked in zip(found.changes, (60, 108), strict=True):
        assert change.start <= change.at <= change.end
        assert change.at == pytest.approx(clock(talked), abs=REST_S + 0.1)
        assert change.end - change.start < 4 * (TURN_S + REST_S)
    rise, fall = found.changes
    assert (rise.from_value, rise.to_value) == (0.2, 4.0)
    assert (fall.from_value, fall.to_value) == (4.0, 0.2)


def test_a_place_is_as_sure_as_it_says():
    within = near = 0
    for seed in range(60):
        talked = 48 + 6 * (seed % 5)
        found = course(steps((0.0, talked), (4.0, 60)), NOISE, seed)
        assert [change.kind for change in found.changes][:1] == ["rise"]
        change = found.changes[0]
        within += change.start <= clock(talked) and clock(talked, at_end=True) <= change.end + 0.5
        near += abs(change.at - clock(talked)) <= TURN_S + REST_S
    assert within >= 50
    assert near >= 54


def test_even_speech_has_no_change_and_no_trend():
    changed = ended = trends = 0
    for seed in range(100):
        found = course(steps((0.3, 120)), NOISE, seed)
        changed += bool(found.changes)
        summary = found.summary
        assert summary is not None
        assert summary.trend is not None
        ended += summary.ended != "same"
        trends += summary.trend.low > 0 or summary.trend.high < 0
    assert changed <= 5
    assert ended <= 8
    assert trends <= 10


def test_a_small_change_is_not_told():
    assert course(steps((0.0, 60), (2.4, 60))).changes == ()
    assert len(course(steps((0.0, 60), (3.2, 60))).changes) == 1


def test_the_longer_a_call_the_larger_must_a_change_be():
    brief, long = (course(steps((0.0, each), (5.0, each))).changes for each in (40, 1200))
    assert [len(brief), len(long)] == [1, 1]
    assert brief[0].uncertainty < long[0].uncertainty


def test_a_change_must_exceed_what_little_voice_leaves_uncertain():
    levels = steps((0.0, 60), (3.2, 60))
    sure = course(levels).changes[0]
    (doubtful,) = course(steps((0.0, 60), (6.0, 60)), confidence="low", voiced_seconds=2.5).changes
    assert doubtful.uncertainty > sure.uncertainty
    assert (sure.confidence, doubtful.confidence) == ("ok", "low")
    assert course(levels, confidence="low", voiced_seconds=0.5).changes == ()


def test_windows_without_a_value_say_nothing():
    whole = curve(steps((0.0, 60), (4.0, 60)))
    holes = tuple(
        replace(w, value=None, confidence="none") if i in (2, 15) else w for i, w in enumerate(whole.windows)
    )
    found = with_course(replace(whole, windows=holes), speech(120))
    assert [change.kind for change in found.changes] == ["rise"]
    assert found.summary is not None
    assert found.summary.windows == len(holes) - 2
    empty = replace(whole, windows=tuple(replace(w, value=None, confidence="none") for w in whole.windows))
    assert with_course(empty, speech(120)) == empty


@pytest.mark.parametrize(
    ("levels", "ended"),
    [
        (steps((4.0, 48), (0.0, 60)), "calmer"),
        (steps((0.0, 60), (4.0, 48)), "more aroused"),
        (steps((0.5, 100)), "same"),
        (steps((0.0, 50), (5.0, 40), (0.0, 50)), "same"),
    ],
)
def test_how_a_speaker_ended(levels, ended):
    summary = course(levels).summary
    assert summary is not None
    assert summary.ended == ended
    assert summary.reason is None
    assert summary.change == pytest.approx(summary.last - summary.first, abs=2e-3)


def test_beginning_and_end_that_share_talk_are_not_compared():
    for talk_s in (12, 17, 22):
        summary = course(steps((0.0, talk_s))).summary
        assert summary is not None
        assert summary.ended is None
        assert summary.first is None
        assert "about 24 s" in (summary.reason or "")


def test_too_little_voice_leaves_the_end_open():
    summary = course(steps((3.0, 27)), confidence="low", voiced_seconds=1.0).summary
    assert summary is not None
    assert summary.ended is None
    assert "too little voice" in (summary.reason or "")


def test_figures_of_the_whole_call():
    summary = course(steps((0.0, 60), (4.0, 40))).summary
    assert summary is not None
    assert summary.peak == 4.0
    assert clock(60) <= summary.peak_at <= clock(100, at_end=True)
    values = [w.value for w in curve(steps((0.0, 60), (4.0, 40))).windows]
    over = sum(value >= WINDOWING.raised for value in values) / len(values)
    assert summary.raised_share == pytest.approx(over, abs=1e-3)
    assert summary.mean == pytest.approx(np.mean(values), abs=1e-3)


def test_a_trend_is_found_with_its_interval():
    inside = 0
    for seed in range(50):
        levels = np.linspace(0, 3, 150)
        minutes = clock(150, at_end=True) / 60
        trend = course(levels, NOISE / 2, seed).summary.trend
        inside += trend.low <= 3 / minutes <= trend.high
        assert trend.per_minute == pytest.approx(3 / minutes, rel=0.5)
    assert inside >= 44
    assert course(steps((0.0, 35))).summary.trend is None


def test_hours_of_talk_have_a_trend_too():
    found = course(np.linspace(0, 2, 6000))
    assert found.summary.trend.low > 0


values = st.lists(st.floats(-20, 20).map(lambda v: round(v, 3)), min_size=1, max_size=40)


def made_of(found: list[float]) -> StressCurve:
    windows = curve(np.zeros(5 * len(found) + 12)).windows[: len(found)]
    return StressCurve(windows=tuple(replace(w, value=v) for w, v in zip(windows, found, strict=True)))


@settings(max_examples=150, deadline=None)
@given(values)
def test_whatever_the_values_changes_keep_their_promises(found):
    talk = speech(5 * len(found) + 12)
    whole = with_course(made_of(found), talk)
    assert whole == with_course(whole, talk), "nothing rests on an earlier course"
    least = CourseSettings().least_change
    for change in whole.changes:
        assert abs(change.to_value - change.from_value) >= least - 2e-3
        assert abs(change.to_value - change.from_value) > change.uncertainty - 2e-3
        assert change.start <= change.at <= change.end
        assert any(s.start <= change.at <= s.end for s in talk)
    kinds = [change.kind for change in whole.changes]
    assert all(a != b for a, b in pairwise(kinds)), "rises and falls take turns"
    mirror = with_course(made_of([-value for value in found]), talk)
    turned = {"rise": "fall", "fall": "rise"}
    assert [turned[kind] for kind in kinds] == [change.kind for change in mirror.changes]
    assert [c.start for c in whole.changes] == pytest.approx([c.start for c in mirror.changes], abs=1.0)


def test_settings_are_checked():
    with pytest.raises(ValueError, match="noise"):
        CourseSettings(noise=0)
    with pytest.raises(ValueError, match="smallest change"):
        CourseSettings(least_change=-1)
