"""Calls counted line by line: however many there are, a page's worth of them is held."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

import msgspec

from speechqa.core.figures import PointSums, Pooled
from speechqa.core.finding import Tally, Verdict
from speechqa.core.period import day_of
from speechqa.core.value import Value
from speechqa.protocols import CallSummary
from speechqa.scoring.at_risk import CustomersAtRisk
from speechqa.scoring.batch_figures import (
    BINS,
    AgentInBatch,
    BatchFigures,
    CriterionCount,
    SignalCount,
    Spread,
)
from speechqa.scoring.groups import agent_score
from speechqa.scoring.scorecard import CATEGORIES

HELD: Final = 2_000
"""Calls that a page holds one by one: what a browser sorts and filters at once."""

_FAILURES: Final = 30
"""Failed calls that are told one by one; all are counted."""


class Counting:
    """Counts calls that are given one after the other.

    Parameters
    ----------
    minimum_calls : int
        Calls below which an agent's figures are withheld.
    with_drafts : bool
        Whether calls with words from a draft engine count in pooled scores.
    """

    def __init__(self, *, minimum_calls: int, with_drafts: bool) -> None:
        self._minimum, self._with_drafts = minimum_calls, with_drafts
        self._counts: Counter[str] = Counter()
        self._seconds = 0.0
        self._days: set[date] = set()
        self._languages: Counter[str] = Counter()
        self._bins: Counter[tuple[str, bool, int]] = Counter()
        self._without: Counter[str] = Counter()
        self._sums: dict[str, PointSums] = defaultdict(PointSums)
        self._criteria: dict[str, Counter[str]] = defaultdict(Counter)
        self._signals: dict[str, Counter[str]] = defaultdict(Counter)
        self._agents: dict[tuple[str, str, str], _Agent] = defaultdict(_Agent)
        self._names: dict[str, tuple[str, str]] = {}
        self._at_risk = CustomersAtRisk()
        self._failures: list[CallSummary] = []
        self._kinds: Counter[str] = Counter()

    def add(self, call: CallSummary) -> None:
        """Count a call."""
        self._counts["calls"] += 1
        day = day_of(call.started_at)
        if day is not None:
            self._days = {min(*self._days, day), max(*self._days, day)} if self._days else {day}
        if call.agent_id and call.agent_name:
            self._names[call.agent_id] = max(
                self._names.get(call.agent_id, ("", "")), (call.started_at or "", call.agent_name)
            )
        if call.status == "failed":
            self._fail(call)
            return
        self._languages[call.language or ""] += 1
        self._counts["drafts"] += call.draft
        self._counts["without_words"] += call.engine is None and call.language is None
        self._counts["to_listen"] += call.listen_weight > 0
        if call.duration is not None:
            self._counts["timed_calls"] += 1
            self._seconds += call.duration
        if call.interruptions is not None:
            self._counts["interruptions"] += call.interruptions
            self._counts["interruption_calls"] += 1
            self._counts["interrupted_calls"] += call.interruptions > 0
        self._score(call)
        self._judge(call)
        self._at_risk.add(call)
        if call.agent_id:
            self._agents[call.agent_id, call.rubric or "", call.rubric_digest or ""].add(
                call, counts=self._with_drafts or not call.draft
            )
        else:
            self._counts["nobodys"] += 1

    def figures(self) -> BatchFigures:
        """What was counted so far."""
        return BatchFigures(
            **{name: self._counts[name] for name in _COUNTS},
            seconds=round(self._seconds, 1),
            first=min(self._days).isoformat() if self._days else None,
            last=max(self._days).isoformat() if self._days else None,
            languages=dict(sorted(self._languages.items())),
            scores={name: self._spread(name) for name in CATEGORIES},
            criteria={
                name: CriterionCount(**count) for name, count in sorted(self._criteria.items()) if any(count)
            },
            signals={name: SignalCount(**count) for name, count in sorted(self._signals.items())},
            agents=tuple(self._agent(key) for key in sorted(self._agents)),
            at_risk=self._at_risk.worst(),
            at_risk_count=len(self._at_risk),
            failures=tuple(self._failures),
            failure_kinds=dict(sorted(self._kinds.items(), key=lambda item: (-item[1], item[0]))),
        )

    def _fail(self, call: CallSummary) -> None:
        self._counts["failed"] += 1
        self._kinds[(call.error or "").partition(":")[0]] += 1
        if len(self._failures) < _FAILURES:
            self._failures.append(call)

    def _score(self, call: CallSummary) -> None:
        of_record = call.scores_of_record
        for category in CATEGORIES:
            tally = of_record.get(category, Tally())
            if not tally.possible:
                self._without[category] += 1
                continue
            place = min(BINS - 1, BINS * tally.earned // tally.possible)
            self._bins[category, call.draft, place] += 1
            if self._with_drafts or not call.draft:
                self._sums[category] += point_sums(tally)

    def _judge(self, call: CallSummary) -> None:
        for criterion, verdict in call.verdicts_of_record.items():
            count = self._criteria[criterion]
            name = _ANSWERS.get(verdict)
            if name is not None:
                count[name] += 1
                if call.draft and name in ("passed", "failed"):
                    count[f"draft_{name}"] += 1
        for signal, value in call.signals.items():
            self._signals[signal]["unknown" if value is None else "yes" if value else "no"] += 1

    def _spread(self, category: str) -> Spread:
        audited, drafts = (
            tuple(self._bins[category, draft, place] for place in range(BINS)) for draft in (False, True)
        )
        return Spread(
            audited=audited, drafts=drafts, without=self._without[category], sums=self._sums[category]
        )

    def _agent(self, key: tuple[str, str, str]) -> AgentInBatch:
        agent_id, rubric, digest = key
        found = self._agents[key]
        sums = Pooled(
            agent_id=agent_id,
            rubric=rubric,
            rubric_digest=digest,
            calls=found.calls,
            drafts=found.drafts,
            drafts_left_out=found.left_out,
            seconds=round(found.seconds, 3),
            timed_calls=found.timed_calls,
            scores=found.scores,
        )
        names = {agent_id: self._names[agent_id][1]} if agent_id in self._names else {}
        return AgentInBatch(
            score=agent_score(sums, minimum_calls=self._minimum, names=names),
            interruptions=found.interruptions,
            interruption_calls=found.interruption_calls,
        )


class _Agent(msgspec.Struct):
    """What is counted of one agent under one rubric."""

    calls: int = 0
    drafts: int = 0
    left_out: int = 0
    seconds: float = 0.0
    timed_calls: int = 0
    interruptions: int = 0
    interruption_calls: int = 0
    scores: dict[str, PointSums] = msgspec.field(default_factory=dict)

    def add(self, call: CallSummary, *, counts: bool) -> None:
        if not counts:
            self.left_out += 1
            return
        self.calls += 1
        self.drafts += call.draft
        if call.duration is not None:
            self.seconds += call.duration
            self.timed_calls += 1
        if call.interruptions is not None:
            self.interruptions += call.interruptions
            self.interruption_calls += 1
        for category, tally in call.scores_of_record.items():
            if tally.possible:
                self.scores[category] = self.scores.get(category, PointSums()) + point_sums(tally)


def point_sums(tally: Tally) -> PointSums:
    """The points of one call as sums that add."""
    return PointSums(
        calls=1,
        earned=tally.earned,
        possible=tally.possible,
        earned_earned=tally.earned**2,
        earned_possible=tally.earned * tally.possible,
        possible_possible=tally.possible**2,
    )


_COUNTS: Final = (
    *("calls", "failed", "drafts", "timed_calls", "without_words", "to_listen", "nobodys"),
    *("interruptions", "interruption_calls", "interrupted_calls"),
)
_ANSWERS: Final[Mapping[str, str]] = {
    Verdict.PASS.value: "passed",
    Verdict.FAIL.value: "failed",
    Verdict.NOT_APPLICABLE.value: "not_applicable",
    Verdict.NOT_ASSESSED.value: "not_assessed",
}


class Counted(Value, frozen=True, kw_only=True):
    """A batch counted: figures over all calls, the calls to listen to first, and the ids of all."""

    figures: BatchFigures
    held: tuple[CallSummary, ...]
    ids: frozenset[str]


def count_batch(
    calls: Iterable[CallSummary], *, minimum_calls: int, with_drafts: bool = False, most: int = HELD
) -> Counted:
    """Go through calls once; of those beyond `most` only figures and ids are kept.

    Parameters
    ----------
    minimum_calls, with_drafts : int, bool
        As in `Counting`.
    """
    counting = Counting(minimum_calls=minimum_calls, with_drafts=with_drafts)
    ids: set[str] = set()

    def counted() -> Iterator[CallSummary]:
        for call in calls:
            counting.add(call)
            ids.add(call.call_id)
            yield call

    held = tuple(heapq.nsmallest(most, counted(), key=_first_to_listen))
    return Counted(figures=counting.figures(), held=held, ids=frozenset(ids))


def _first_to_listen(call: CallSummary) -> tuple[int, bool, str]:
    """Heaviest reason first; failed calls, which nobody can listen to, after the others."""
    return (-call.listen_weight, call.status == "failed", call.call_id)
