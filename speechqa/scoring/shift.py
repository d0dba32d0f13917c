"""Whether the last calls of a shift are as good as the first.

A shift is a run of an agent's calls without a break of six hours. Its calls are numbered and cut into four
parts, so that long and short shifts add up. Which call was the first is known only where the log of calls is
complete, which nobody but its owner can know; calls that failed or count nowhere else are numbered too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Finding, Tally
from speechqa.core.period import day_of
from speechqa.core.value import Value
from speechqa.scoring.intervals import Interval, ratio_interval
from speechqa.scoring.progress import Trend, against
from speechqa.scoring.scorecard import CATEGORIES, score

PATIENCE: Final = frozenset(
    {
        "active_listening",
        "calming_language",
        "empathy",
        "no_arguing",
        "no_indifference",
        "no_insult",
        "no_interruptions",
        "no_patronising",
        "respectful_boundary",
    }
)
"""Criteria that patience shows in: letting others speak, taking in how they feel, no quarrel, no coldness."""

PARTS: Final = 4
_PATIENCE: Final = "patience"
_BREAK: Final = timedelta(hours=6)
_DAY_ALONE: Final = len("2026-11-22")


class ShiftPart(Value, frozen=True, kw_only=True):
    """A quarter of the shifts.

    Attributes
    ----------
    first, last : int
        Numbers of the first and last call in it, over all shifts.
    tallies, intervals : mapping
        By category; empty while `withheld` says why.
    patience : Tally
        Points of the criteria that patience shows in, those of a rubric that has any; they are in the
        categories too.
    """

    part: int
    calls: int
    first: int = 0
    last: int = 0
    tallies: Mapping[str, Tally] = msgspec.field(default_factory=dict)
    intervals: Mapping[str, Interval | None] = msgspec.field(default_factory=dict)
    patience: Tally = Tally()
    withheld: str = ""


class Shift(Value, frozen=True, kw_only=True):
    """An agent's calls by their place in the shift.

    Attributes
    ----------
    shifts, longest : int
        Shifts that were looked at, and how many calls the longest had.
    left_out : int
        Shifts of fewer calls than parts, or with a call of which only the day is known.
    undated : int
        Calls whose start is not known.
    halves : tuple of Trend
        By category, the later half of the shifts against the earlier.
    patience : Trend or None
        The same over the criteria that patience shows in: is call 70 as patient as call 1?
    withheld : str
        Why nothing is assessed; empty where it is.
    """

    shifts: int = 0
    longest: int = 0
    left_out: int = 0
    undated: int = 0
    parts: tuple[ShiftPart, ...] = ()
    halves: tuple[Trend, ...] = ()
    patience: Trend | None = None
    withheld: str = ""


def over_shifts(
    calls: Iterable[CallAnalysis],
    log: Iterable[tuple[str, str | None]],
    *,
    minimum_calls: int,
    complete: bool,
) -> Shift:
    """An agent's figures by the place of the call in the shift.

    Parameters
    ----------
    calls : iterable of CallAnalysis
        Those that are counted, under one rubric, with the findings that count.
    log : iterable of (str, str or None)
        Id and start of every call of the agent, those that failed or are not counted too.
    complete : bool
        Whether somebody says that the log of calls is complete.
    """
    if not complete:
        return Shift(withheld="it is not known that the log of calls is complete")
    timed: list[tuple[datetime, str]] = []
    untimed: set[date] = set()
    undated = 0
    for call_id, started_at in log:
        day = day_of(started_at)
        if day is None or started_at is None:
            undated += 1
        elif len(started_at.strip()) <= _DAY_ALONE:
            untimed.add(day)
        else:
            # By each call's own clock, as days are.
            timed.append((datetime.fromisoformat(started_at.strip()).replace(tzinfo=None), call_id))
    places: dict[str, tuple[int, int]] = {}
    shifts = left_out = longest = 0
    for one in _shifts(sorted(timed)):
        if len(one) < PARTS or untimed & {start.date() for start, _ in one}:
            left_out += 1
            continue
        shifts += 1
        longest = max(longest, len(one))
        places |= {call_id: (at + 1, PARTS * at // len(one)) for at, (_, call_id) in enumerate(one)}
    known = Shift(shifts=shifts, longest=longest, left_out=left_out, undated=undated)
    if not shifts:
        why = f"no shift of {PARTS} calls or more has a known time for each of them"
        return msgspec.structs.replace(known, withheld=why)
    parts: dict[int, list[tuple[int, Mapping[str, Tally]]]] = defaultdict(list)
    for call in calls:
        if call.call_id in places:
            number, part = places[call.call_id]
            parts[part].append((number, {**score(call.findings), _PATIENCE: _patience(call.findings)}))
    return msgspec.structs.replace(
        known,
        parts=tuple(_part(part + 1, parts[part], max(1, minimum_calls)) for part in range(PARTS)),
        halves=tuple(_halves(category, parts, minimum_calls) for category in CATEGORIES),
        patience=_halves(_PATIENCE, parts, minimum_calls),
    )


def _patience(findings: Iterable[Finding]) -> Tally:
    return Tally.of(one for one in findings if one.criterion in PATIENCE)


def _shifts(timed: Sequence[tuple[datetime, str]]) -> Iterator[list[tuple[datetime, str]]]:
    shift: list[tuple[datetime, str]] = []
    for one in timed:
        if shift and one[0] - shift[-1][0] >= _BREAK:
            yield shift
            shift = []
        shift.append(one)
    if shift:
        yield shift


def _part(part: int, calls: Sequence[tuple[int, Mapping[str, Tally]]], minimum: int) -> ShiftPart:
    few = len(calls) < minimum
    tallies = [tally for _, tally in calls]
    return ShiftPart(
        part=part,
        calls=len(calls),
        first=min((number for number, _ in calls), default=0),
        last=max((number for number, _ in calls), default=0),
        tallies={} if few else {c: sum((one[c] for one in tallies), Tally()) for c in CATEGORIES},
        intervals={} if few else {c: ratio_interval([one[c] for one in tallies]) for c in CATEGORIES},
        patience=Tally() if few else sum((one[_PATIENCE] for one in tallies), Tally()),
        withheld=f"{len(calls)} of the {minimum} calls that a figure needs" if few else "",
    )


def _halves(
    category: str, parts: Mapping[int, Sequence[tuple[int, Mapping[str, Tally]]]], minimum_calls: int
) -> Trend:
    early, late = (
        [
            tallies[category]
            for part in half
            for _, tallies in parts.get(part, ())
            if tallies[category].possible
        ]
        for half in ((0, 1), (2, 3))
    )
    return against(category, early, late, minimum_calls=minimum_calls)
