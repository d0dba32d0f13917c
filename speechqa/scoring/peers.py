"""Where an agent stands among others, without names: a quarter, on criteria assessed for both sides alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from speechqa.core.finding import Tally
from speechqa.core.totals import CriterionTotals
from speechqa.core.value import Value
from speechqa.scoring.scorecard import CATEGORIES

LEAST_PEERS: Final = 4
"""Other agents below whom no place is given: among fewer, a quarter would be a person."""

QUARTERS: Final = {1: "first quarter", 2: "second quarter", 3: "third quarter", 4: "last quarter"}


class PeerPlace(Value, frozen=True, kw_only=True):
    """Where an agent stands in one category.

    Attributes
    ----------
    quarter : int or None
        1 for the first quarter of the agents to 4 for the last; None while `withheld` says why.
    peers : int
        Other agents they could be compared with.
    criteria : tuple of str
        Criteria on which they were compared with at least one of them.
    """

    category: str
    peers: int
    quarter: int | None = None
    criteria: tuple[str, ...] = ()
    withheld: str = ""


def place(
    own: Mapping[str, CriterionTotals],
    others: Collection[Mapping[str, CriterionTotals]],
    *,
    minimum_calls: int,
    least_peers: int = LEAST_PEERS,
) -> tuple[PeerPlace, ...]:
    """Where an agent stands among others, a place a category.

    The agent is compared with each other agent by the rates over those criteria, and no others, that were
    assessed in at least `minimum_calls` calls of both: who was never assessed on a hard criterion does not
    gain by it. The place is the share of the others that are behind, those level counted half.

    Parameters
    ----------
    own, others : mapping of str to CriterionTotals
        Totals by criterion, of the agent and of each other agent, under one rubric.
    least_peers : int
        Others below whom no place is given.
    """
    return tuple(_place(category, own, others, minimum_calls, least_peers) for category in CATEGORIES)


def _place(
    category: str,
    own: Mapping[str, CriterionTotals],
    others: Collection[Mapping[str, CriterionTotals]],
    minimum_calls: int,
    least_peers: int,
) -> PeerPlace:
    behind = 0  # doubled, so that those level count half
    compared = 0
    used: dict[str, None] = {}
    for other in others:
        shared = [
            name
            for name, mine in own.items()
            if mine.category == category
            and name in other
            and min(_assessed(mine), _assessed(other[name])) >= max(1, minimum_calls)
        ]
        mine, theirs = _over(own, shared), _over(other, shared)
        if not mine.possible or not theirs.possible:
            continue
        compared += 1
        used.update(dict.fromkeys(shared))
        ahead = mine.earned * theirs.possible - theirs.earned * mine.possible
        behind += 2 if ahead > 0 else 1 if ahead == 0 else 0
    if compared < least_peers:
        agents = "agent" if compared == 1 else "agents"
        why = f"{compared} other {agents} assessed on the same criteria, of the {least_peers} it needs"
        return PeerPlace(category=category, peers=compared, withheld=why)
    quarter = 4 - min(3, 4 * behind // (2 * compared))
    return PeerPlace(category=category, peers=compared, quarter=quarter, criteria=tuple(used))


def _assessed(totals: CriterionTotals) -> int:
    return totals.passed + totals.failed


def _over(totals: Mapping[str, CriterionTotals], criteria: Collection[str]) -> Tally:
    return sum((totals[name].points for name in criteria), Tally())
