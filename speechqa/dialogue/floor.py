"""Who has the floor: the order of turns once listening, and attempts that failed, are taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from speechqa.dialogue.overlaps import Crossing
from speechqa.dialogue.units import Span, Unit

PAUSE_MS: Final = 3000
"""A pause over this ends a stretch even when nobody else speaks."""

_NO_FLOOR: Final = ("backchannel", "failed_interruption")


class Stretch(NamedTuple):
    """One party holding the floor, in milliseconds, pauses and the other's tokens included."""

    party: str
    start: int
    end: int


def pooled(lines: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """Several lines of spans as one."""
    merged: list[Span] = []
    for start, end in sorted(span for line in lines for span in line):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def floor_order(units: Mapping[str, Sequence[Unit]], crossings: Iterable[Crossing]) -> tuple[Stretch, ...]:
    """The stretches in which each party holds the floor, by start."""
    aside = {
        (crossing.by.party, crossing.by.index)
        for crossing in crossings
        if crossing.judgement.kind in _NO_FLOOR
    }
    queue = sorted(
        (unit for line in units.values() for unit in line if (unit.party, unit.index) not in aside),
        key=lambda unit: (unit.start, -unit.end, unit.words, unit.party),
    )
    order: list[Stretch] = []
    for unit in queue:
        last = order[-1] if order else None
        if last and last.party == unit.party and unit.start - last.end <= PAUSE_MS:
            order[-1] = Stretch(last.party, last.start, max(last.end, unit.end))
        elif last and last.party != unit.party and unit.end <= last.end:
            continue  # wholly inside the other's talk: the floor did not change
        else:
            order.append(Stretch(unit.party, unit.start, unit.end))
    return tuple(order)


def transfers(order: Sequence[Stretch]) -> tuple[tuple[Stretch, Stretch], ...]:
    """Pairs of neighbouring stretches of different parties."""
    return tuple((before, after) for before, after in pairwise(order) if before.party != after.party)
