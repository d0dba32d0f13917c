"""Who has the floor: the order of turns once listening, and attempts that failed, are taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from speechqa.dialogue.overlaps.sweep import Crossing
from speechqa.dialogue.units import Unit
from speechqa.dialogue.wording import covered, phrases

_NO_FLOOR: Final = ("backchannel", "failed_interruption")
_ANSWERS: Final = phrases(
    """
    yes|yeah|yea|yep|yup|no|nope|nah|correct|that's right|that's correct|that's it|that's all|it is|it does|
    i do|i am|yes please|no thank you|no thanks|i think so|i don't think so|i guess so|
    כן|לא|נכון|בדיוק|כן בבקשה|לא תודה
    """
)


class Stretch(NamedTuple):
    """One party holding the floor, in milliseconds, pauses and the other's tokens included."""

    party: str
    start: int
    end: int


def floor_order(
    units: Mapping[str, Sequence[Unit]],
    crossings: Iterable[Crossing],
    *,
    pause_ms: int,
    punctuated: bool = False,
) -> tuple[Stretch, ...]:
    """The stretches in which each party holds the floor, by start.

    Left out are backchannels and failed interruptions over the other's talk, and listener's tokens in a pause
    after which the other goes on. A token after a question is an answer and stays; where the text marks no
    questions, so does what may answer one ("yes", "no").

    Parameters
    ----------
    units : mapping of str to sequence of Unit
        The talk of each party.
    crossings : iterable of Crossing
        Their overlaps, classed.
    pause_ms : int
        A longer pause ends a stretch even when nobody else speaks.
    punctuated : bool
        Whether the text marks the ends of sentences.
    """
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
    spoken: Unit | None = None  # the last unit of who has the floor
    for unit, going_on in zip(queue, _next_talk(queue), strict=True):
        last = order[-1] if order else None
        if last and last.party == unit.party and unit.start - last.end <= pause_ms:
            order[-1] = Stretch(last.party, last.start, max(last.end, unit.end))
        elif last and last.party != unit.party and unit.end <= last.end:
            continue  # wholly inside the other's talk: the floor did not change
        elif spoken and going_on and _only_acknowledges(unit, spoken, going_on, pause_ms, punctuated):
            continue
        else:
            order.append(Stretch(unit.party, unit.start, unit.end))
        spoken = unit
    return tuple(order)


def _next_talk(queue: Sequence[Unit]) -> list[Unit | None]:
    """For each unit the next one that is more than listening."""
    following: list[Unit | None] = []
    upcoming: Unit | None = None
    for unit in reversed(queue):
        following.append(upcoming)
        upcoming = upcoming if unit.only_listens else unit
    return following[::-1]


def _only_acknowledges(unit: Unit, spoken: Unit, going_on: Unit, pause_ms: int, punctuated: bool) -> bool:
    """Whether a unit in a pause of `spoken`'s party acknowledges, and that party goes on with `going_on`."""
    if not unit.only_listens or spoken.party == unit.party or going_on.party != spoken.party:
        return False
    if going_on.start - unit.end > pause_ms:
        return False
    if punctuated:
        return not (spoken.said and spoken.said[-1].raw.endswith("?"))
    return not any(covered(unit.words, _ANSWERS))


def transfers(order: Sequence[Stretch]) -> tuple[tuple[Stretch, Stretch], ...]:
    """Pairs of neighbouring stretches of different parties."""
    return tuple((before, after) for before, after in pairwise(order) if before.party != after.party)
