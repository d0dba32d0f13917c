"""An agent's figures: tallies of their calls added up, with what they rest on, or withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Category, Tally, Verdict
from speechqa.core.value import Value
from speechqa.scoring.contacts import Resolution
from speechqa.scoring.intervals import Interval, ratio_interval
from speechqa.scoring.scorecard import CATEGORIES, score


class CriterionScore(Value, frozen=True, kw_only=True):
    """One criterion over an agent's calls.

    `verdicts` counts calls by verdict, those that do not count too; `lost_in` names the calls behind each
    lost point, `critical_in` those in which a critical criterion failed and waits for a person.
    """

    criterion: str
    category: Category
    tally: Tally
    verdicts: Mapping[str, int]
    lost_in: tuple[str, ...] = ()
    critical_in: tuple[str, ...] = ()


class AgentScore(Value, frozen=True, kw_only=True):
    """An agent's figures under one rubric.

    Attributes
    ----------
    n : int
        Calls that count. `drafts` of these rest on a draft engine; `drafts_left_out` were not counted for it.
    tallies, intervals : mapping
        By category; empty while withheld. An interval is None where the calls say nothing of others.
    withheld : str
        Why no figures are given; empty when they are.
    calls : tuple of str
        The calls counted, in order of their ids.
    handling_s, timed_calls : float or None, int
        Average length of a call in seconds, over so many calls of known length; None while withheld.
    resolution : Resolution or None
        First-contact resolution; None where nobody says that the log of calls is complete.
    by_people : int
        Verdicts of record that a person gave.
    waiting : int
        Critical failures that wait for a person's confirmation; until then they count as they are.
    machine : mapping of str to Tally
        By category, the points by the machine's verdicts alone, where those of record differ.
    """

    agent_id: str
    rubric: str
    rubric_digest: str
    n: int
    agent_name: str | None = None
    drafts: int = 0
    drafts_left_out: int = 0
    tallies: Mapping[str, Tally] = msgspec.field(default_factory=dict)
    intervals: Mapping[str, Interval | None] = msgspec.field(default_factory=dict)
    criteria: tuple[CriterionScore, ...] = ()
    withheld: str = ""
    calls: tuple[str, ...] = ()
    handling_s: float | None = None
    timed_calls: int = 0
    resolution: Resolution | None = None
    by_people: int = 0
    waiting: int = 0
    machine: Mapping[str, Tally] = msgspec.field(default_factory=dict)


def pool(
    calls: Iterable[CallAnalysis], *, minimum_calls: int, include_drafts: bool = False
) -> tuple[AgentScore, ...]:
    """Pool calls by agent.

    Calls judged by another rubric, or another version of it, are never added together: an agent with calls
    under two has two lines. Calls without an agent are left out.

    Parameters
    ----------
    calls : iterable of CallAnalysis
        Current documents; the order does not matter.
    minimum_calls : int
        The rubric's; below it the figures are withheld.
    include_drafts : bool
        Count calls whose words come from a draft engine.

    Returns
    -------
    tuple of AgentScore
        By agent, then rubric.
    """
    groups: dict[tuple[str, str, str], list[CallAnalysis]] = defaultdict(list)
    for call in calls:
        if call.metadata.agent_id is not None:
            key = (call.metadata.agent_id, call.provenance.rubric, call.provenance.rubric_digest)
            groups[key].append(call)
    return tuple(
        _one(key, sorted(group, key=lambda call: call.call_id), minimum_calls, include_drafts)
        for key, group in sorted(groups.items())
    )


def _one(
    key: tuple[str, str, str], calls: Sequence[CallAnalysis], minimum_calls: int, include_drafts: bool
) -> AgentScore:
    agent_id, rubric, digest = key
    counted = [call for call in calls if include_drafts or not _is_draft(call)]
    names = [call.metadata.agent_name for call in calls if call.metadata.agent_name]
    withheld = ""
    if len(counted) < minimum_calls:
        withheld = f"{len(counted)} of the {minimum_calls} calls that a figure needs"
    by_call = [score(call.findings) for call in counted]
    return AgentScore(
        agent_id=agent_id,
        agent_name=names[-1] if names else None,
        rubric=rubric,
        rubric_digest=digest,
        n=len(counted),
        drafts=sum(_is_draft(call) for call in counted),
        drafts_left_out=len(calls) - len(counted),
        tallies={} if withheld else {c: sum((s[c] for s in by_call), Tally()) for c in CATEGORIES},
        intervals={} if withheld else {c: ratio_interval([s[c] for s in by_call]) for c in CATEGORIES},
        criteria=() if withheld else _criteria(counted),
        withheld=withheld,
        calls=tuple(call.call_id for call in counted),
    )


def _is_draft(call: CallAnalysis) -> bool:
    return call.transcript is not None and call.transcript.draft


def _criteria(calls: Sequence[CallAnalysis]) -> tuple[CriterionScore, ...]:
    order: dict[str, Category] = {}
    tallies: dict[str, Tally] = defaultdict(Tally)
    verdicts: dict[str, dict[str, int]] = defaultdict(lambda: {v.value: 0 for v in Verdict})
    lost: dict[str, list[str]] = defaultdict(list)
    critical: dict[str, list[str]] = defaultdict(list)
    for call in calls:
        for finding in call.findings:
            name = finding.criterion
            order.setdefault(name, finding.category)
            tallies[name] += Tally.of([finding])
            verdicts[name][finding.verdict.value] += 1
            if finding.verdict.counts and (finding.earned or 0) < (finding.possible or 0):
                lost[name].append(call.call_id)
            if finding.critical and finding.verdict is Verdict.FAIL:
                critical[name].append(call.call_id)
    return tuple(
        CriterionScore(
            criterion=name,
            category=category,
            tally=tallies[name],
            verdicts=dict(verdicts[name]),
            lost_in=tuple(lost[name]),
            critical_in=tuple(critical[name]),
        )
        for name, category in order.items()
    )
