"""Figures of agents, teams and weeks out of a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from speechqa.core.figures import Contacts, Pooled
from speechqa.core.weeks import WeekStart
from speechqa.errors import UsageError
from speechqa.protocols import CallFilter
from speechqa.scoring import groups
from speechqa.scoring.agents import AgentScore
from speechqa.scoring.contacts import Resolution, resolution

if TYPE_CHECKING:
    from speechqa.store.pooling import Part
    from speechqa.store.sql import SqlStore


class Asked(NamedTuple):
    """What figures are asked for.

    With `machine` the machine's verdicts count alone, else those of record. `resolved_within` days asks for
    first-contact resolution, among calls with the same value of the tag `about` where one is named; with
    `criteria` each criterion is added up, with `call_ids` the calls behind each lost point are listed too.
    """

    query: CallFilter
    minimum_calls: int
    drafts: bool
    resolved_within: int | None = None
    about: str | None = None
    criteria: bool = False
    call_ids: bool = False
    machine: bool = False
    week_start: WeekStart = "monday"


def agent_scores(store: SqlStore, asked: Asked) -> Iterator[AgentScore]:
    """Each agent's figures, by id, then rubric; calls of nobody known are left out."""
    sums = _pooled(store, asked, ("agent",), criteria=asked.criteria)
    names = store.agent_names(_agents_of(sums))
    settled = _resolutions(store, asked, "agent")
    for one in sums:
        if not one.agent_id:
            continue
        calls: tuple[str, ...] = ()
        lost: dict[str, list[str]] = defaultdict(list)
        critical: dict[str, list[str]] = defaultdict(list)
        if asked.call_ids:
            key = (one.rubric, one.rubric_digest)
            listed, points = store.calls_behind(
                one.agent_id, asked.query, drafts=asked.drafts, machine=asked.machine
            )
            calls = tuple(row.call_id for row in listed if (row.rubric or "", row.rubric_digest or "") == key)
            for row in points:
                if (row.rubric or "", row.rubric_digest or "") == key:
                    if (row.earned or 0) < (row.possible or 0):
                        lost[row.criterion].append(row.call_id)
                    if row.critical:
                        critical[row.criterion].append(row.call_id)
        yield groups.agent_score(
            one,
            minimum_calls=asked.minimum_calls,
            names=names,
            calls=calls,
            lost_in=lost,
            critical_in=critical,
            resolution=settled.get(one.agent_id),
        )


def _agents_of(sums: Iterable[Pooled]) -> tuple[str, ...]:
    """The agents of whom there are sums, each once."""
    return tuple(dict.fromkeys(one.agent_id for one in sums if one.agent_id))


def team_figures(store: SqlStore, asked: Asked) -> tuple[groups.GroupFigure, ...]:
    """Each team's figures; the one without a name gathers the calls of no known team."""
    settled = _resolutions(store, asked, "team")
    return tuple(
        groups.group_figure(one, minimum_calls=asked.minimum_calls, resolution=settled.get(one.team or ""))
        for one in _pooled(store, asked, ("team",))
    )


def weekly_figures(store: SqlStore, asked: Asked, part: Part) -> tuple[groups.WeeklyFigures, ...]:
    """The weeks of each agent or team, with their trend."""
    sums = _pooled(store, asked, (part, "week"), sunday=asked.week_start == "sunday")
    if part == "agent":
        sums = tuple(one for one in sums if one.agent_id)
    names = store.agent_names(_agents_of(sums)) if part == "agent" else None
    return groups.by_week(sums, minimum_calls=asked.minimum_calls, names=names, week_start=asked.week_start)


def comparison(store: SqlStore, asked: Asked, agents: Sequence[str]) -> tuple[groups.Compared, ...]:
    """Agents beside each other, rubric by rubric, on the criteria assessed for all of them.

    Raises
    ------
    CallNotFound
        If one of them has no calls.
    UsageError
        If fewer than two are named, one is named twice, or no rubric judged calls of all.
    """
    if len(set(agents)) < 2 or len(set(agents)) != len(agents):
        raise UsageError("A comparison needs two agents or more, each once", found=", ".join(agents))
    if asked.query.agent_id is not None:
        raise UsageError("--compare names the agents itself", found=f"--agent {asked.query.agent_id}")
    own = {
        agent: {
            (one.rubric, one.rubric_digest): one
            for one in _pooled(store, asked, ("agent",), agent_id=agent, criteria=True)
        }
        for agent in agents
    }
    for agent, found in own.items():
        if not found:
            store.agent(agent)  # says so where there is no such agent
    shared = sorted(set.intersection(*(set(found) for found in own.values())))
    if not shared:
        raise UsageError(
            "No rubric judged calls of all of them in what is asked for",
            found=", ".join(agents),
            hint="Score the calls again by one rubric: `speechqa rescore --rubric NAME`.",
        )
    names = store.agent_names(agents)
    return tuple(_compared(store, asked, key, [own[agent][key] for agent in agents], names) for key in shared)


def _compared(
    store: SqlStore,
    asked: Asked,
    key: tuple[str, str],
    assessed: Sequence[Pooled],
    names: Mapping[str, str],
) -> groups.Compared:
    least = asked.minimum_calls
    common, _ = groups.common_criteria(assessed, minimum_calls=least)
    restricted = [
        found
        for one in assessed
        for found in _pooled(store, asked, ("agent",), agent_id=one.agent_id, only=common)
        if (found.rubric, found.rubric_digest) == key
    ]
    return groups.compared(assessed, restricted, minimum_calls=least, names=names)


def _pooled(
    store: SqlStore, asked: Asked, by: Sequence[Part], *, agent_id: str | None = None, **more: Any
) -> tuple[Pooled, ...]:
    query = asked.query if agent_id is None else msgspec.structs.replace(asked.query, agent_id=agent_id)
    return store.pooled(by, query, drafts=asked.drafts, machine=asked.machine, **more)


def _resolutions(store: SqlStore, asked: Asked, part: Part) -> dict[str, Resolution]:
    days = asked.resolved_within
    if days is None:
        return {}
    found: Mapping[str, Contacts] = store.contacts(asked.query, days=days, about=asked.about, part=part)
    return {key: resolution(each, days=days, minimum=asked.minimum_calls) for key, each in found.items()}
