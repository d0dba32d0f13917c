"""Figures over a batch of calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from speechqa.core.figures import PointSums
from speechqa.core.value import Value
from speechqa.protocols import CallSummary
from speechqa.scoring.agents import AgentScore
from speechqa.scoring.at_risk import CustomerAtRisk

BINS: Final = 10
"""Bars of a distribution; each holds rates from its lower end up to the next, the last one 100 % too."""


class Spread(Value, frozen=True, kw_only=True):
    """How the scores of record of one category spread over calls.

    Attributes
    ----------
    audited, drafts : tuple of int
        Calls by tenths of the rate, those with words from a draft engine apart.
    without : int
        Analysed calls in which nothing of the category could be scored.
    sums : PointSums
        Points of the calls that count.
    """

    audited: tuple[int, ...] = (0,) * BINS
    drafts: tuple[int, ...] = (0,) * BINS
    without: int = 0
    sums: PointSums = PointSums()


class CriterionCount(Value, frozen=True, kw_only=True):
    """Calls by verdict of record on one criterion; `draft_passed` and `draft_failed` rest on draft words."""

    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    not_assessed: int = 0
    draft_passed: int = 0
    draft_failed: int = 0

    @property
    def judged(self) -> int:
        """Calls with a verdict that counts."""
        return self.passed + self.failed


class SignalCount(Value, frozen=True, kw_only=True):
    """Analysed calls in which a signal was found, was not, or could not be told."""

    yes: int = 0
    no: int = 0
    unknown: int = 0


class AgentInBatch(Value, frozen=True, kw_only=True):
    """An agent's pooled figures, with their interruptions over the calls in which these could be counted."""

    score: AgentScore
    interruptions: int = 0
    interruption_calls: int = 0


class BatchFigures(Value, frozen=True, kw_only=True):
    """Figures over a batch of calls.

    Attributes
    ----------
    calls, failed, drafts : int
        All calls; those that could not be analysed; those analysed whose words come from a draft engine.
    seconds, timed_calls : float, int
        Length of the analysed calls of known length.
    first, last : str or None
        First and last day of the calls whose start is known.
    languages : mapping of str to int
        Calls by language of their words, empty where it is not known.
    without_words : int
        Analysed calls of which nothing was transcribed.
    scores, criteria, signals : mapping
        By category, criterion and signal.
    interruptions, interruption_calls, interrupted_calls : int
        The agents' interruptions, over how many calls they could be counted, in how many there was any.
    to_listen : int
        Calls with a reason to listen to them.
    agents : tuple of AgentInBatch
        By id, then rubric; calls of nobody known are left out.
    nobodys : int
        Analysed calls of an agent who is not known.
    at_risk, at_risk_count : tuple of CustomerAtRisk, int
        The customers most at risk, and how many there are.
    failures, failure_kinds : tuple of CallSummary, mapping
        The first calls that failed, and all by kind of error.
    """

    calls: int = 0
    failed: int = 0
    drafts: int = 0
    seconds: float = 0.0
    timed_calls: int = 0
    first: str | None = None
    last: str | None = None
    languages: Mapping[str, int] = {}
    without_words: int = 0
    scores: Mapping[str, Spread] = {}
    criteria: Mapping[str, CriterionCount] = {}
    signals: Mapping[str, SignalCount] = {}
    interruptions: int = 0
    interruption_calls: int = 0
    interrupted_calls: int = 0
    to_listen: int = 0
    agents: tuple[AgentInBatch, ...] = ()
    nobodys: int = 0
    at_risk: tuple[CustomerAtRisk, ...] = ()
    at_risk_count: int = 0
    failures: tuple[CallSummary, ...] = ()
    failure_kinds: Mapping[str, int] = {}
