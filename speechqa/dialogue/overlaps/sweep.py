"""Overlaps: every place where two parties speak at once, found in one sweep and classed by the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from speechqa.core.dialogue import Overlap
from speechqa.dialogue.overlaps.rules import RESUME_MS, Judgement, judge
from speechqa.dialogue.overlaps.scene import SAME_START_MS, Scene
from speechqa.dialogue.units import Span, Unit, clipped

LOOSE_START_MS = 300
"""The same as `SAME_START_MS` for times of turns, which are marked by ear or by a recogniser."""
RETURN_MS = 3000
"""A party that speaks again within this had the floor in between."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One overlap with its class and the two units behind it; `by` is who is said to have come in."""

    by: Unit
    of: Unit
    start: int
    end: int
    judgement: Judgement
    numbers: Mapping[str, float]


def find_overlaps(
    units: Mapping[str, Sequence[Unit]],
    *,
    lines: Mapping[str, Sequence[Span]] | None = None,
    min_overlap_ms: int = 0,
    punctuated: bool = False,
) -> tuple[Crossing, ...]:
    """All overlaps in order of time.

    Parameters
    ----------
    units : mapping of str to sequence of Unit
        The talk of each party.
    lines : mapping, optional
        The speech as found, without bridged pauses; an overlap is where these meet. Without it, the units.
    min_overlap_ms : int
        Shorter overlaps are left out.
    punctuated : bool
        Whether the text marks the ends of sentences.

    Notes
    -----
    One sweep over all units by start: time grows with units times parties, not with pairs of units.
    """
    found: list[Crossing] = []
    for u, v in _pairs(units):
        start, end = u.start, min(u.end, v.end)
        common = end - start
        if lines is not None:
            shared = _shared(lines[u.party], lines[v.party], start, end)
            if not shared:
                continue
            start, end = shared[0][0], shared[-1][1]
            common = sum(stop - begin for begin, stop in shared)
        if common > 0 and common >= min_overlap_ms:
            same_start_ms = LOOSE_START_MS if lines is None else SAME_START_MS
            found.append(_crossing(units, (u, v), (start, end), common, same_start_ms, punctuated))
    return tuple(found)


def _pairs(units: Mapping[str, Sequence[Unit]]) -> Iterator[tuple[Unit, Unit]]:
    """Pairs (u, v) where u starts while v is speaking, in order of u's start."""
    queue = sorted(
        (unit for line in units.values() for unit in line),
        # Equal times are settled by what was said, so that the parties' names do not matter.
        key=lambda unit: (unit.start, -unit.end, unit.words, unit.party),
    )
    active: dict[str, Unit] = {}
    for u in queue:
        for v in active.values():
            if v.party != u.party and v.end > u.start:
                yield u, v
        active[u.party] = u


def _shared(left: Sequence[Span], right: Sequence[Span], start: int, end: int) -> list[Span]:
    return [
        piece
        for begin, stop in clipped(left, start, end)
        for piece in clipped(right, begin, stop)
        if piece[1] > piece[0]
    ]


def _crossing(
    units: Mapping[str, Sequence[Unit]],
    pair: tuple[Unit, Unit],
    span: Span,
    common: int,
    same_start_ms: int,
    punctuated: bool,
) -> Crossing:
    u, v = pair
    next_u, next_v = _after(units[u.party], u), _after(units[v.party], v)
    last = max(u.end, v.end)
    u_silent, v_silent = (_silent_before(units[unit.party], unit, v.start) for unit in (u, v))
    scene = Scene(
        u=u,
        v=v,
        overlap_ms=common,
        same_start_ms=same_start_ms,
        after_gap=min(u_silent, v_silent) >= SAME_START_MS,
        resumes=u_silent <= RESUME_MS < v_silent,
        returns=next_v is not None
        and next_v.start - last <= RETURN_MS
        and (next_u is None or next_v.start <= next_u.start),
        asked=_asked(units[u.party], u, v),
        punctuated=punctuated,
    )
    judgement = judge(scene)
    numbers = {
        "overlap_seconds": common / 1000,
        "into_turn_seconds": (u.start - v.start) / 1000,
        "left_seconds": scene.left_ms / 1000,
        "by_seconds": u.length / 1000,
    }
    if u.words:
        numbers["by_words"] = float(len(u.words))
        numbers["by_new_words"] = float(u.new_words)
    if v.words:
        numbers["of_words_left"] = float(scene.words_left(scene.entry_ms))
    by, of = (v, u) if judgement.swapped else (u, v)
    return Crossing(by, of, *span, judgement, numbers)


def _silent_before(line: Sequence[Unit], unit: Unit, at_ms: int) -> float:
    return at_ms - line[unit.index - 1].end if unit.index else inf


def _asked(line: Sequence[Unit], u: Unit, v: Unit) -> bool:
    """Whether the party of `u` asked something that `v` is the answer to."""
    before = line[u.index - 1] if u.index else None
    return (
        before is not None
        and bool(before.said)
        and before.said[-1].raw.endswith("?")
        and v.start - before.end <= RETURN_MS
    )


def _after(line: Sequence[Unit], unit: Unit) -> Unit | None:
    return line[unit.index + 1] if unit.index + 1 < len(line) else None


def as_overlap(crossing: Crossing, names: Mapping[str, str], trust: float = 1.0) -> Overlap:
    """The overlap as it is published; `names` gives each party its role or own letter."""
    return Overlap(
        start=crossing.start / 1000,
        end=crossing.end / 1000,
        kind=crossing.judgement.kind,
        by=names[crossing.by.party],
        of=names[crossing.of.party],
        by_party=crossing.by.party,
        of_party=crossing.of.party,
        confidence=round(crossing.judgement.confidence * trust, 3),
        rule=crossing.judgement.rule,
        numbers=crossing.numbers,
    )
