"""How an agent's figures move from week to week: tallies added, never averaged, withheld where calls are few.

The trend compares the later half of the dated calls with the earlier half. The interval of the difference of
the two pooled rates comes from the interval of each (MOVER: Zou & Donner, *Construction of confidence limits
about effect measures*, Statistics in Medicine 27, 2008, 1693-1702):

    d = r2 - r1,   L = d - sqrt((r2 - l2)^2 + (u1 - r1)^2),   U = d + sqrt((u2 - r2)^2 + (r1 - l1)^2)

It is a change only where that interval does not hold zero.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Tally
from speechqa.core.period import day_of
from speechqa.core.value import Value
from speechqa.core.weeks import WeekStart, first_day, week_of
from speechqa.scoring.intervals import Interval, ratio_interval
from speechqa.scoring.scorecard import CATEGORIES, score

Direction = Literal["better", "worse", "no clear change"]


class WeekFigures(Value, frozen=True, kw_only=True):
    """One week of calls, by each call's own clock.

    `tallies` and `intervals` are by category, empty while `withheld` says why; `first` is its first day.
    """

    week: str
    first: str
    calls: int
    tallies: Mapping[str, Tally] = msgspec.field(default_factory=dict)
    intervals: Mapping[str, Interval | None] = msgspec.field(default_factory=dict)
    withheld: str = ""


class Trend(Value, frozen=True, kw_only=True):
    """The later half of the calls against the earlier half, in one category.

    Attributes
    ----------
    earlier, later : Tally
        Points of each half; empty while withheld. `earlier_calls` and `later_calls` had points there.
    change, low, high : float or None
        Difference of the rates, in [-1, 1], and its 95 % interval; None while withheld.
    since : str
        Day of the first call of the later half.
    """

    category: str
    earlier_calls: int
    later_calls: int
    since: str = ""
    earlier: Tally = Tally()
    later: Tally = Tally()
    change: float | None = None
    low: float | None = None
    high: float | None = None
    direction: Direction | None = None
    withheld: str = ""


class Progress(Value, frozen=True, kw_only=True):
    """Weeks, oldest first, a trend a category, and how many calls have no known day."""

    weeks: tuple[WeekFigures, ...] = ()
    trends: tuple[Trend, ...] = ()
    undated: int = 0


def progress(
    calls: Iterable[CallAnalysis], *, minimum_calls: int, week_start: WeekStart = "monday"
) -> Progress:
    """Figures by week and their trend, over calls of one rubric.

    Parameters
    ----------
    calls : iterable of CallAnalysis
        With the findings that count; the order does not matter.
    minimum_calls : int
        Calls below which a week, or a half of a trend, is withheld.
    """
    dated: list[tuple[date, str, Mapping[str, Tally]]] = []
    undated = 0
    for call in calls:
        day = day_of(call.metadata.started_at)
        if day is None:
            undated += 1
        else:
            dated.append((day, call.call_id, score(call.findings)))
    dated.sort(key=lambda item: item[:2])
    weeks: dict[str, list[Mapping[str, Tally]]] = defaultdict(list)
    for day, _, tallies in dated:
        weeks[week_of(day.isoformat(), week_start) or ""].append(tallies)
    return Progress(
        weeks=tuple(
            _week(which, first_day(which, week_start), found, minimum_calls)
            for which, found in sorted(weeks.items())
        ),
        trends=tuple(
            course(category, [(day, one[category]) for day, _, one in dated], minimum_calls=minimum_calls)
            for category in CATEGORIES
        ),
        undated=undated,
    )


def _week(week: str, first: str, calls: Sequence[Mapping[str, Tally]], minimum_calls: int) -> WeekFigures:
    few = len(calls) < minimum_calls
    return WeekFigures(
        week=week,
        first=first,
        calls=len(calls),
        tallies={} if few else {c: sum((one[c] for one in calls), Tally()) for c in CATEGORIES},
        intervals={} if few else {c: ratio_interval([one[c] for one in calls]) for c in CATEGORIES},
        withheld=f"{len(calls)} of the {minimum_calls} calls that a figure needs" if few else "",
    )


def course(category: str, calls: Sequence[tuple[date, Tally]], *, minimum_calls: int) -> Trend:
    """The later half of dated calls, oldest first, against the earlier half."""
    counted = [(day, tally) for day, tally in calls if tally.possible]
    half = len(counted) // 2
    found = against(
        category, [t for _, t in counted[:half]], [t for _, t in counted[half:]], minimum_calls=minimum_calls
    )
    known = found.earlier.possible and found.later.possible
    return msgspec.structs.replace(found, since=counted[half][0].isoformat()) if known else found


def against(category: str, earlier: Sequence[Tally], later: Sequence[Tally], *, minimum_calls: int) -> Trend:
    """Later calls against earlier ones, each with points; withheld where either are too few."""
    fewer = min(len(earlier), len(later))
    known = Trend(category=category, earlier_calls=len(earlier), later_calls=len(later))
    if fewer < max(1, minimum_calls):
        calls = "call" if fewer == 1 else "calls"
        why = f"{fewer} {calls} in a half of the time, of the {minimum_calls} that a figure needs"
        return msgspec.structs.replace(known, withheld=why)
    first, second = ratio_interval(earlier), ratio_interval(later)
    before, after = sum(earlier, Tally()), sum(later, Tally())
    known = msgspec.structs.replace(known, earlier=before, later=after)
    if first is None or second is None:
        return msgspec.structs.replace(known, withheld="one call says nothing of others")
    old, new = before.earned / before.possible, after.earned / after.possible
    change = new - old
    low = change - math.hypot(new - second.low, first.high - old)
    high = change + math.hypot(second.high - new, old - first.low)
    direction: Direction = "better" if low > 0 else "worse" if high < 0 else "no clear change"
    return msgspec.structs.replace(
        known,
        change=round(change, 4),
        low=round(max(-1.0, low), 4),
        high=round(min(1.0, high), 4),
        direction=direction,
    )
