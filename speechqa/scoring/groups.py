"""Figures of agents, teams and weeks from sums: what they rest on, or why they are withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from speechqa.core.figures import PointSums, Pooled
from speechqa.core.finding import Category, Tally
from speechqa.core.totals import CriterionTotals
from speechqa.core.value import Value
from speechqa.core.weeks import WeekStart
from speechqa.scoring.agents import AgentScore, CriterionScore
from speechqa.scoring.contacts import Resolution
from speechqa.scoring.intervals import Interval, sums_interval
from speechqa.scoring.scorecard import CATEGORIES
from speechqa.scoring.trend import Trend, trend


class GroupFigure(Value, frozen=True, kw_only=True):
    """Figures of a group of calls under one rubric.

    Attributes
    ----------
    team, agent_id, week : str or None
        What the group is; None where it is not about that, empty where the calls do not say.
    n, drafts, drafts_left_out : int
        As in `AgentScore`.
    tallies, intervals : mapping
        By category; empty while withheld.
    handling_s : float or None
        Average length of a call in seconds, over `timed_calls`; None while withheld or unknown.
    by_people, waiting, machine : int, int, mapping
        As in `AgentScore`.
    """

    agent_id: str | None = None
    agent_name: str | None = None
    team: str | None = None
    week: str | None = None
    rubric: str
    rubric_digest: str
    n: int
    drafts: int = 0
    drafts_left_out: int = 0
    tallies: Mapping[str, Tally] = msgspec.field(default_factory=dict)
    intervals: Mapping[str, Interval | None] = msgspec.field(default_factory=dict)
    handling_s: float | None = None
    timed_calls: int = 0
    resolution: Resolution | None = None
    withheld: str = ""
    by_people: int = 0
    waiting: int = 0
    machine: Mapping[str, Tally] = msgspec.field(default_factory=dict)


class WeeklyFigures(Value, frozen=True, kw_only=True):
    """The weeks of one agent or team under one rubric, oldest first, and the trend of each category.

    Weeks that begin on Sunday have the number of the Monday in them.
    """

    agent_id: str | None = None
    agent_name: str | None = None
    team: str | None = None
    rubric: str
    rubric_digest: str
    week_start: WeekStart = "monday"
    weeks: tuple[GroupFigure, ...]
    trends: Mapping[str, Trend]


class Compared(Value, frozen=True, kw_only=True):
    """Agents beside each other on what was assessed for all of them, under one rubric.

    `criteria` were assessed for each at least the minimum of times; `left_out` for one of them not. `points`
    are each agent's over `criteria` alone, by agent and criterion.
    """

    rubric: str
    rubric_digest: str
    criteria: tuple[str, ...]
    left_out: tuple[str, ...]
    agents: tuple[GroupFigure, ...]
    points: Mapping[str, Mapping[str, Tally]]


def group_figure(
    sums: Pooled,
    *,
    minimum_calls: int,
    names: Mapping[str, str] | None = None,
    resolution: Resolution | None = None,
) -> GroupFigure:
    """Figures of one group; below the minimum of calls they are withheld."""
    withheld = _withheld(sums.calls, minimum_calls)
    handling = None if withheld or not sums.timed_calls else round(sums.seconds / sums.timed_calls, 1)
    return GroupFigure(
        agent_id=sums.agent_id,
        agent_name=(names or {}).get(sums.agent_id or ""),
        team=sums.team,
        week=sums.week,
        rubric=sums.rubric,
        rubric_digest=sums.rubric_digest,
        n=sums.calls,
        drafts=sums.drafts,
        drafts_left_out=sums.drafts_left_out,
        tallies={} if withheld else _tallies(sums),
        intervals={} if withheld else _intervals(sums),
        handling_s=handling,
        timed_calls=sums.timed_calls,
        resolution=resolution,
        withheld=withheld,
        by_people=sums.by_people,
        waiting=sums.waiting,
        machine={} if withheld else dict(sums.machine),
    )


def agent_score(
    sums: Pooled,
    *,
    minimum_calls: int,
    names: Mapping[str, str],
    calls: Sequence[str] = (),
    lost_in: Mapping[str, Sequence[str]] | None = None,
    critical_in: Mapping[str, Sequence[str]] | None = None,
    resolution: Resolution | None = None,
) -> AgentScore:
    """The score that `pool` gives of the same calls, from their sums."""
    withheld = _withheld(sums.calls, minimum_calls)
    return AgentScore(
        agent_id=sums.agent_id or "",
        agent_name=names.get(sums.agent_id or ""),
        rubric=sums.rubric,
        rubric_digest=sums.rubric_digest,
        n=sums.calls,
        drafts=sums.drafts,
        drafts_left_out=sums.drafts_left_out,
        tallies={} if withheld else _tallies(sums),
        intervals={} if withheld else _intervals(sums),
        criteria=()
        if withheld
        else tuple(
            CriterionScore(
                criterion=name,
                category=_category(found),
                tally=found.points,
                verdicts={
                    "pass": found.passed,
                    "fail": found.failed,
                    "not_applicable": found.not_applicable,
                    "not_assessed": found.not_assessed,
                },
                lost_in=tuple((lost_in or {}).get(name, ())),
                critical_in=tuple((critical_in or {}).get(name, ())),
            )
            for name, found in sorted(sums.criteria.items(), key=lambda item: (item[1].category, item[0]))
        ),
        withheld=withheld,
        calls=tuple(calls),
        handling_s=None if withheld or not sums.timed_calls else round(sums.seconds / sums.timed_calls, 1),
        timed_calls=sums.timed_calls,
        resolution=resolution,
        by_people=sums.by_people,
        waiting=sums.waiting,
        machine={} if withheld else dict(sums.machine),
    )


def by_week(
    sums: Iterable[Pooled],
    *,
    minimum_calls: int,
    names: Mapping[str, str] | None = None,
    week_start: WeekStart = "monday",
) -> tuple[WeeklyFigures, ...]:
    """Sums by week gathered by agent, team and rubric; calls without a date are in no week and left out."""
    groups: dict[tuple[str, str, str, str], list[Pooled]] = defaultdict(list)
    for one in sums:
        if one.week:
            groups[one.agent_id or "", one.team or "", one.rubric, one.rubric_digest].append(one)
    return tuple(
        _weekly(
            [
                group_figure(one, minimum_calls=minimum_calls, names=names)
                for one in sorted(found, key=lambda one: one.week or "")
            ],
            week_start,
        )
        for _, found in sorted(groups.items())
    )


def compared(
    assessed: Sequence[Pooled], restricted: Sequence[Pooled], *, minimum_calls: int, names: Mapping[str, str]
) -> Compared:
    """Agents of one rubric beside each other.

    Parameters
    ----------
    assessed : sequence of Pooled
        Each agent's sums with single criteria.
    restricted : sequence of Pooled
        The same, points over the criteria of `common_criteria` alone.
    """
    common, left_out = common_criteria(assessed, minimum_calls=minimum_calls)
    return Compared(
        rubric=assessed[0].rubric,
        rubric_digest=assessed[0].rubric_digest,
        criteria=common,
        left_out=left_out,
        agents=tuple(group_figure(one, minimum_calls=minimum_calls, names=names) for one in restricted),
        points={one.agent_id or "": {name: one.criteria[name].points for name in common} for one in assessed},
    )


def common_criteria(
    assessed: Sequence[Pooled], *, minimum_calls: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Criteria that were assessed for each at least so many times, and the others."""
    every = sorted({name for one in assessed for name in one.criteria})
    counts = [{name: found.passed + found.failed for name, found in one.criteria.items()} for one in assessed]
    common = tuple(n for n in every if all(count.get(n, 0) >= max(1, minimum_calls) for count in counts))
    return common, tuple(name for name in every if name not in common)


def _weekly(weeks: Sequence[GroupFigure], week_start: WeekStart) -> WeeklyFigures:
    first = weeks[-1]
    return WeeklyFigures(
        agent_id=first.agent_id,
        agent_name=first.agent_name,
        team=first.team,
        rubric=first.rubric,
        rubric_digest=first.rubric_digest,
        week_start=week_start,
        weeks=tuple(weeks),
        trends={
            category: trend(
                [
                    (one.week or "", tally.earned / tally.possible)
                    for one in weeks
                    if (tally := one.tallies.get(category)) is not None and tally.possible
                ]
            )
            for category in CATEGORIES
        },
    )


def _withheld(calls: int, minimum: int) -> str:
    return f"{calls} of the {minimum} calls that a figure needs" if calls < minimum else ""


def _tallies(sums: Pooled) -> dict[str, Tally]:
    found = {category: sums.scores.get(category, PointSums()) for category in CATEGORIES}
    return {category: Tally(earned=each.earned, possible=each.possible) for category, each in found.items()}


def _intervals(sums: Pooled) -> dict[str, Interval | None]:
    return {category: sums_interval(sums.scores.get(category, PointSums())) for category in CATEGORIES}


def _category(found: CriterionTotals) -> Category:
    return "courtesy" if found.category == "courtesy" else "professionalism"
