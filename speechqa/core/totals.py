"""What a store adds up and looks back on: totals per agent, versions of a call's document, accesses."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from speechqa.core.finding import Tally
from speechqa.core.value import Value


class CriterionTotals(Value, frozen=True, kw_only=True):
    """How one criterion was answered over many calls: calls per verdict, and their points."""

    category: str
    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    not_assessed: int = 0
    points: Tally = Tally()

    def __add__(self, other: CriterionTotals) -> CriterionTotals:
        return CriterionTotals(
            category=self.category,
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            not_applicable=self.not_applicable + other.not_applicable,
            not_assessed=self.not_assessed + other.not_assessed,
            points=self.points + other.points,
        )


class Totals(Value, frozen=True, kw_only=True):
    """Analysed calls added up; totals add exactly.

    Attributes
    ----------
    calls : int
        How many calls.
    scores : mapping of str to Tally
        Points per category, summed over the calls.
    call_tallies : mapping of str to tuple of Tally
        Per category one tally a call that has it, for an interval over calls; in order of earned, then
        possible points, which is not the order of the calls.
    criteria : mapping of str to CriterionTotals
        Per criterion.
    interruptions, interruption_calls : int
        The agent's interruptions, and over how many calls they could be counted.
    seconds : float
        Length of the calls of known length, summed.
    """

    calls: int = 0
    scores: Mapping[str, Tally] = msgspec.field(default_factory=dict)
    call_tallies: Mapping[str, tuple[Tally, ...]] = msgspec.field(default_factory=dict)
    criteria: Mapping[str, CriterionTotals] = msgspec.field(default_factory=dict)
    interruptions: int = 0
    interruption_calls: int = 0
    seconds: float = 0.0

    def __add__(self, other: Totals) -> Totals:
        tallies = {
            category: (*self.call_tallies.get(category, ()), *other.call_tallies.get(category, ()))
            for category in {**self.call_tallies, **other.call_tallies}
        }
        criteria = dict(self.criteria)
        for name, totals in other.criteria.items():
            criteria[name] = criteria[name] + totals if name in criteria else totals
        return Totals(
            calls=self.calls + other.calls,
            scores={
                category: self.scores.get(category, Tally()) + other.scores.get(category, Tally())
                for category in {**self.scores, **other.scores}
            },
            call_tallies={name: tuple(sorted(calls, key=_points)) for name, calls in tallies.items()},
            criteria=criteria,
            interruptions=self.interruptions + other.interruptions,
            interruption_calls=self.interruption_calls + other.interruption_calls,
            seconds=round(self.seconds + other.seconds, 3),
        )


def _points(tally: Tally) -> tuple[int, int]:
    return tally.earned, tally.possible


class AgentSummary(Value, frozen=True, kw_only=True):
    """One agent's calls, those with a draft transcript apart; `agent_id` None gathers calls of nobody known.

    Name and team are those of the agent's newest call that has them.
    """

    agent_id: str | None
    agent_name: str | None = None
    team: str | None = None
    failed: int = 0
    audited: Totals = Totals()
    draft: Totals = Totals()


class StoredVersion(Value, frozen=True, kw_only=True):
    """One kept document of a call: `number` counts from 1, `stored_at` is UTC in ISO 8601.

    `digest` is the SHA-256 of the document's encoding.
    """

    number: int
    status: str
    current: bool
    fingerprint: str
    stored_at: str
    digest: str
    run_id: str | None = None
    error: str | None = None


class AccessRecord(Value, frozen=True, kw_only=True):
    """Who did what to which call, when and why; `at` is UTC in ISO 8601, `call_id` the id asked for."""

    number: int
    at: str
    actor: str
    event: str
    call_id: str | None = None
    reason: str = ""
    details: Mapping[str, str] = msgspec.field(default_factory=dict)
