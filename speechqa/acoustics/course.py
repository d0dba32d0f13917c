"""The course of arousal over a call: lasting rises and falls, the trend, how it began and how it ended.

All of it is made of the curve's windows. Neighbouring windows share talk, so every uncertainty here counts
how much talk is new in a window. Method and measurements: docs/methods/stress.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from speechqa.acoustics.stress import StressSettings
from speechqa.acoustics.talk_clock import TalkClock
from speechqa.core.segment import Segment, Timeline
from speechqa.core.stress import StressChange, StressCurve, StressSummary, StressTrend, StressWindow
from speechqa.core.value import Value, require

Floats = NDArray[np.float64]

_Z95 = 1.96
# Rise of squared error, in noise variances, within which a step lies as well: by simulation 95 % of steps do.
_SURE_OF_PLACE = 8.0
_GRID_S, _MOST_PLACES = 0.5, 400
_IMPOSSIBLE = 1e12
_AS_GOOD = 1.0  # a step lies rather after a rest of the speaker's, where it fits about as well
_LEVELS_A_WINDOW = 0.6  # of noise in overlapping windows, by simulation: 5 % of even curves swing further
_TREND_WINDOWS, _MOST_FOR_TREND = 6, 600


class CourseSettings(Value, frozen=True, kw_only=True):
    """What a change must be to count.

    Attributes
    ----------
    noise : float
        Deviation of windows without common talk within even speech, in the curve's unit, as measured on
        polite real calls.
    low_voiced_s : float
        Voiced seconds that a window of low confidence counts for at most.
    least_change : float
        Smallest rise or fall that is told.
    least_end : float
        Smallest difference of beginning and end that is told.
    most_uncertain : float
        Uncertainty from which beginning and end are not compared.
    """

    noise: float = 0.7
    low_voiced_s: float = 2.0
    least_change: float = 2.5
    least_end: float = 1.5
    most_uncertain: float = 2.5

    def __post_init__(self) -> None:
        require(self.noise > 0 and self.low_voiced_s > 0, "noise and low_voiced_s must be positive")
        require(self.least_change > 0 and self.least_end > 0, "the smallest change must be positive")


def with_course(
    curve: StressCurve,
    speech: Timeline,
    *,
    windowing: StressSettings | None = None,
    settings: CourseSettings | None = None,
) -> StressCurve:
    """The curve with its rises and falls and its summary; nothing of what it had before is used for them.

    Parameters
    ----------
    speech : Timeline
        When the speaker talks: what the windows were laid on.
    windowing : StressSettings, optional
        What the windows were made with.
    settings : CourseSettings, optional
        What counts as a change.
    """
    windowing, settings = windowing or StressSettings(), settings or CourseSettings()
    measured = [window for window in curve.windows if window.value is not None]
    if not measured:
        return replace(curve, changes=(), summary=None)
    talk = TalkClock(speech)
    return replace(
        curve,
        changes=_changes(measured, talk, windowing, settings),
        summary=_summary(measured, talk, windowing, settings),
    )


def _whole(windows: Sequence[StressWindow]) -> Segment:
    return Segment(min(w.start for w in windows), max(w.end for w in windows))


def _values(windows: Sequence[StressWindow]) -> Floats:
    return np.array([window.value for window in windows], np.float64)


def _variance(windows: Sequence[StressWindow], windowing: StressSettings, settings: CourseSettings) -> float:
    """Variance of the mean of neighbouring windows: less voice, and common talk, make it larger."""
    voiced = [
        w.voiced_seconds if w.confidence == "ok" else min(w.voiced_seconds, settings.low_voiced_s)
        for w in windows
    ]
    short = np.mean([max(1.0, windowing.ok_voiced_s / max(v, 0.1)) for v in voiced])
    return float(settings.noise**2 * short * _common(len(windows), windowing))


def _common(count: int, windowing: StressSettings) -> float:
    """Variance of the mean of neighbouring windows beside that of one: the mean of the talk they share."""
    lags = np.arange(1, min(count, int(windowing.window_s / windowing.hop_s) + 1))
    shared = np.maximum(0.0, 1 - lags * windowing.hop_s / windowing.window_s)
    return float((count + 2 * ((count - lags) * shared).sum()) / count**2)


def _changes(
    windows: Sequence[StressWindow], talk: TalkClock, windowing: StressSettings, settings: CourseSettings
) -> tuple[StressChange, ...]:
    values = _values(windows)
    pairs = (values[:-1] + values[1:]) / 2
    found: list[StressChange] = []
    z = _z_of_any_pair(len(windows))
    # At best: what windows of full confidence leave uncertain.
    least = z * (2 * settings.noise**2 * _common(2, windowing)) ** 0.5
    for first, last in _swings(pairs.tolist(), max(settings.least_change, least)):
        ends = (windows[first : first + 2], windows[last : last + 2])
        alone = sum(_variance(two, windowing, settings) for two in ends) ** 0.5
        difference = pairs[last] - pairs[first]
        uncertainty = z * alone
        if abs(difference) <= uncertainty:
            continue
        around = slice(first, last + 2)
        at, start, end = _place(windows[around], talk, settings.noise)
        low = any(window.confidence != "ok" for two in ends for window in two)
        found.append(
            StressChange(
                kind="rise" if difference > 0 else "fall",
                at=at,
                start=start,
                end=end,
                from_value=round(float(pairs[first]), 3),
                to_value=round(float(pairs[last]), 3),
                from_at=talk.middle(_whole(ends[0])),
                to_at=talk.middle(_whole(ends[1])),
                uncertainty=round(uncertainty, 3),
                confidence="low" if low else "ok",
            )
        )
    return tuple(found)


def _z_of_any_pair(windows: int) -> float:
    """Normal quantile for the highest and lowest of many: 95 % for all pairs at once (Bonferroni)."""
    levels = max(2.0, windows * _LEVELS_A_WINDOW)
    return NormalDist().inv_cdf(1 - 0.05 / (levels * (levels - 1)))


def _swings(values: Sequence[float], least: float) -> list[tuple[int, int]]:
    """Turning points between which the values swing by at least `least`, as pairs of neighbours."""
    turns: list[int] = []
    low = high = 0
    direction = 0
    for index, value in enumerate(values):
        if direction >= 0 and value > values[high]:
            high = index
        if direction <= 0 and value < values[low]:
            low = index
        if direction >= 0 and values[high] - value >= least:
            turns.append(high)
            direction, low = -1, index
        elif direction <= 0 and value - values[low] >= least:
            turns.append(low)
            direction, high = 1, index
    if direction:
        turns.append(high if direction > 0 else low)
    return list(pairwise(turns))


def _place(windows: Sequence[StressWindow], talk: TalkClock, noise: float) -> tuple[float, float, float]:
    """Where a step in the voice explains the windows best, and between which times it does nearly as well.

    A window that lies over the step has a share of both levels, as it has of the talk before and after it;
    the levels are those of least squares.
    """
    begins, ends = talk.talked([w.start for w in windows]), talk.talked([w.end for w in windows])
    step = max(_GRID_S, (ends[-1] - begins[0]) / _MOST_PLACES)
    places = np.arange(begins[0] + step, ends[-1], step)
    if not len(places):
        middle = talk.time(float((begins[0] + ends[-1]) / 2))
        return middle, middle, middle
    after = np.clip((ends - places[:, None]) / np.maximum(ends - begins, 1e-9), 0.0, 1.0)
    before = 1 - after
    values = _values(windows)
    aa, ab, bb = (before**2).sum(axis=1), (before * after).sum(axis=1), (after**2).sum(axis=1)
    va, vb = before @ values, after @ values
    determinant = aa * bb - ab**2
    sound = determinant > 1e-6
    safe = np.where(sound, determinant, 1.0)
    old, new = (bb * va - ab * vb) / safe, (aa * vb - ab * va) / safe
    errors = ((values - before * old[:, None] - after * new[:, None]) ** 2).sum(axis=1) / noise**2
    errors = np.where(sound, errors, _IMPOSSIBLE)
    best = int(errors.argmin())
    at = float(places[best])
    rests = talk.after_rests()
    rests = rests[(rests > places[0]) & (rests < places[-1])]
    if len(rests):
        there = np.interp(rests, places, errors)
        if there.min() <= errors[best] + _AS_GOOD:
            at = float(rests[there.argmin()])
    fits = errors <= errors[best] + _SURE_OF_PLACE
    first = last = best
    while first > 0 and fits[first - 1]:
        first -= 1
    while last < len(fits) - 1 and fits[last + 1]:
        last += 1
    start, end = min(at, float(places[first])), max(at, float(places[last]))
    return talk.time(at), talk.time(start), talk.time(end)


def _summary(
    windows: Sequence[StressWindow], talk: TalkClock, windowing: StressSettings, settings: CourseSettings
) -> StressSummary:
    values = _values(windows)
    top = int(values.argmax())
    summary = StressSummary(
        windows=len(windows),
        peak=round(float(values[top]), 3),
        peak_at=talk.middle(_whole(windows[top : top + 1])),
        mean=round(float(values.mean()), 3),
        raised_share=round(float((values >= windowing.raised).mean()), 3),
        trend=_trend(values, np.array([talk.middle(_whole([window])) for window in windows]) / 60, windowing),
    )
    size = max(1, len(windows) // 3)
    while size and windows[-size].start < windows[size - 1].end:
        size -= 1
    if not size:
        needed = 2 * windowing.window_s
        return replace(
            summary,
            reason=f"beginning and end share talk: about {needed:.0f} s of this speaker's talk are needed",
        )
    parts = (windows[:size], windows[-size:])
    first, last = (float(_values(part).mean()) for part in parts)
    uncertainty = _Z95 * sum(_variance(part, windowing, settings) for part in parts) ** 0.5
    change = last - first
    ended: Literal["calmer", "same", "more aroused"] | None = "same"
    reason = None
    if uncertainty > settings.most_uncertain:
        ended = None
        reason = f"too little voice: the difference is uncertain by {uncertainty:.1f} deviations"
    elif abs(change) > max(uncertainty, settings.least_end):
        ended = "calmer" if change < 0 else "more aroused"
    return replace(
        summary,
        first=round(first, 3),
        last=round(last, 3),
        change=round(change, 3),
        uncertainty=round(uncertainty, 3),
        ended=ended,
        reason=reason,
    )


def _trend(values: Floats, minutes: Floats, windowing: StressSettings) -> StressTrend | None:
    """Median slope (Theil 1950, Sen 1968), its interval widened for common talk (Hamed & Rao 1998)."""
    thin = max(1, -(-len(values) // _MOST_FOR_TREND))
    values, minutes = values[::thin], minutes[::thin]
    n = len(values)
    if n < _TREND_WINDOWS:
        return None
    left, right = np.triu_indices(n, 1)
    apart = minutes[right] - minutes[left]
    slopes = np.sort((values[right] - values[left])[apart > 0] / apart[apart > 0])
    if not len(slopes):
        return None
    lags = np.arange(1, n)
    common = np.maximum(0.0, 1 - lags * thin * windowing.hop_s / windowing.window_s)
    widened = 1 + 2 / (n * (n - 1) * (n - 2)) * float(
        ((n - lags) * (n - lags - 1) * (n - lags - 2) * common).sum()
    )
    half = _Z95 * (n * (n - 1) * (2 * n + 5) / 18 * widened) ** 0.5
    low, high = (len(slopes) - half) / 2, (len(slopes) + half) / 2
    return StressTrend(
        per_minute=round(float(np.median(slopes)), 3),
        low=round(float(slopes[max(0, int(np.floor(low)) - 1)]), 3),
        high=round(float(slopes[min(len(slopes) - 1, int(np.ceil(high)))]), 3),
    )
