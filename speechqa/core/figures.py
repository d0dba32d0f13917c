"""Sums over many calls that figures are made of, by agent, team, week and rubric."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from speechqa.core.finding import Tally
from speechqa.core.totals import CriterionTotals
from speechqa.core.value import Value


class PointSums(Value, frozen=True, kw_only=True):
    """Points of calls as sums of powers: all that a pooled rate and its interval need, and they add.

    Attributes
    ----------
    calls : int
        Calls with anything possible.
    earned, possible : int
        Sums of points.
    earned_earned, earned_possible, possible_possible : int
        Sums over calls of the products of points.
    """

    calls: int = 0
    earned: int = 0
    possible: int = 0
    earned_earned: int = 0
    earned_possible: int = 0
    possible_possible: int = 0

    def __add__(self, other: PointSums) -> PointSums:
        mine, theirs = msgspec.structs.astuple(self), msgspec.structs.astuple(other)
        names = self.__struct_fields__
        return PointSums(**{name: a + b for name, a, b in zip(names, mine, theirs, strict=True)})


class Pooled(Value, frozen=True, kw_only=True):
    """Calls of one group added up; None where the group is not about it, empty where it is not known.

    Attributes
    ----------
    calls, drafts, drafts_left_out : int
        Analysed calls that were added up, of these with words from a draft engine, and those left out for it.
    seconds, timed_calls : float, int
        Length of the calls of known length, summed, and how many these are.
    scores : mapping of str to PointSums
        By category.
    criteria : mapping of str to CriterionTotals
        By criterion; empty where not asked for.
    by_people : int
        Verdicts of record that a person gave.
    waiting : int
        Critical failures that wait for a person's confirmation; they count as the machine has them.
    machine : mapping of str to Tally
        Points by the machine's verdicts alone, of those categories in which people's make a difference.
    """

    agent_id: str | None = None
    team: str | None = None
    week: str | None = None
    rubric: str
    rubric_digest: str
    calls: int = 0
    drafts: int = 0
    drafts_left_out: int = 0
    seconds: float = 0.0
    timed_calls: int = 0
    scores: Mapping[str, PointSums] = msgspec.field(default_factory=dict)
    criteria: Mapping[str, CriterionTotals] = msgspec.field(default_factory=dict)
    by_people: int = 0
    waiting: int = 0
    machine: Mapping[str, Tally] = msgspec.field(default_factory=dict)


class Contacts(Value, frozen=True, kw_only=True):
    """First contacts of customers and how many of them were not followed by another.

    Attributes
    ----------
    first : int
        Calls of a known customer without another call of theirs in the days before.
    resolved : int
        Of these, those without another call in the days after.
    unknown : int
        Calls whose customer, or start, is not known.
    edge : int
        Calls so near to the begin or end of the log that what came before or after is not known.
    """

    first: int = 0
    resolved: int = 0
    unknown: int = 0
    edge: int = 0
