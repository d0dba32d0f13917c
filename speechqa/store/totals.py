"""Totals per agent, added up by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from speechqa.core.finding import Tally, Verdict
from speechqa.core.totals import AgentSummary, CriterionTotals, Totals
from speechqa.protocols import CallFilter
from speechqa.store.columns import Text
from speechqa.store.queries import conditions, matching
from speechqa.store.schema import calls, scores, verdicts

_ANSWERS = {
    "passed": Verdict.PASS,
    "failed": Verdict.FAIL,
    "not_applicable": Verdict.NOT_APPLICABLE,
    "not_assessed": Verdict.NOT_ASSESSED,
}
_AGENTS_AT_ONCE = 500


class _Group(NamedTuple):
    """An agent's calls with a draft transcript, or those without."""

    agent_id: str | None
    draft: bool


def agent_summaries(connection: sa.Connection, query: CallFilter) -> tuple[AgentSummary, ...]:
    """Totals of every agent with a call that the query asks for."""
    wanted = conditions(query)
    if query.limit is not None or query.offset:
        wanted = [calls.c.id.in_(matching(query))]
    counted = _calls(connection, wanted)
    tallies = _tallies(connection, wanted)
    criteria = _criteria(connection, wanted)
    people = _people(connection, wanted)
    failed: dict[str | None, int] = {
        row.agent_id: row.n
        for row in connection.execute(
            sa.select(calls.c.agent_id, sa.func.count().label("n"))
            .where(calls.c.status == "failed", *wanted)
            .group_by(calls.c.agent_id)
        )
    }

    def totals(agent_id: str | None, draft: bool) -> Totals:
        group = _Group(agent_id, draft)
        row = counted.get(group)
        if row is None:
            return Totals()
        return Totals(
            calls=row.n,
            scores={category: _sum(found) for category, found in tallies[group].items()},
            call_tallies={category: tuple(found) for category, found in tallies[group].items()},
            criteria=criteria[group],
            interruptions=row.interruptions or 0,
            interruption_calls=row.interruption_calls,
            seconds=round(row.seconds or 0.0, 3),
        )

    known = {group.agent_id for group in counted} | set(failed)
    order = sorted(known, key=lambda agent_id: (agent_id is None, agent_id or ""))
    return tuple(
        AgentSummary(
            agent_id=agent_id,
            agent_name=people.get(("agent_name", agent_id)),
            team=people.get(("team", agent_id)),
            failed=failed.get(agent_id, 0),
            audited=totals(agent_id, False),
            draft=totals(agent_id, True),
        )
        for agent_id in order
    )


def _sum(tallies: list[Tally]) -> Tally:
    return Tally(
        earned=sum(tally.earned for tally in tallies), possible=sum(tally.possible for tally in tallies)
    )


def _calls(connection: sa.Connection, wanted: list[sa.ColumnElement[bool]]) -> dict[_Group, Any]:
    rows = connection.execute(
        sa.select(
            calls.c.agent_id,
            calls.c.draft,
            sa.func.count().label("n"),
            sa.func.sum(calls.c.interruptions).label("interruptions"),
            sa.func.count(calls.c.interruptions).label("interruption_calls"),
            sa.func.sum(calls.c.duration).label("seconds"),
        )
        .where(calls.c.status != "failed", *wanted)
        .group_by(calls.c.agent_id, calls.c.draft)
    )
    return {_Group(row.agent_id, row.draft): row for row in rows}


def _tallies(
    connection: sa.Connection, wanted: list[sa.ColumnElement[bool]]
) -> dict[_Group, dict[str, list[Tally]]]:
    """One tally a call, equal ones counted by the database and laid out again here."""
    columns = (scores.c.agent_id, scores.c.draft, scores.c.category, scores.c.earned, scores.c.possible)
    rows = connection.execute(
        sa.select(*columns, sa.func.count().label("n"))
        .select_from(_of(scores, wanted))
        .where(*wanted)
        .group_by(*columns)
        .order_by(*columns)
    )
    found: dict[_Group, dict[str, list[Tally]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        tally = Tally(earned=row.earned, possible=row.possible)
        found[_Group(row.agent_id, row.draft)][row.category].extend([tally] * row.n)
    return found


def _criteria(
    connection: sa.Connection, wanted: list[sa.ColumnElement[bool]]
) -> dict[_Group, dict[str, CriterionTotals]]:
    group = (verdicts.c.agent_id, verdicts.c.draft, verdicts.c.criterion)
    answers = {
        name: sa.func.sum(sa.case((verdicts.c.verdict == verdict.value, 1), else_=0)).label(name)
        for name, verdict in _ANSWERS.items()
    }
    rows = connection.execute(
        sa.select(
            *group,
            sa.func.max(verdicts.c.category).label("category"),
            *answers.values(),
            sa.func.coalesce(sa.func.sum(verdicts.c.earned), 0).label("earned"),
            sa.func.coalesce(sa.func.sum(verdicts.c.possible), 0).label("possible"),
        )
        .select_from(_of(verdicts, wanted))
        .where(*wanted)
        .group_by(*group)
        .order_by(*group)
    )
    found: dict[_Group, dict[str, CriterionTotals]] = defaultdict(dict)
    for row in rows:
        found[_Group(row.agent_id, row.draft)][row.criterion] = CriterionTotals(
            category=row.category,
            passed=row.passed,
            failed=row.failed,
            not_applicable=row.not_applicable,
            not_assessed=row.not_assessed,
            points=Tally(earned=row.earned, possible=row.possible),
        )
    return found


def _people(
    connection: sa.Connection, wanted: list[sa.ColumnElement[bool]]
) -> dict[tuple[str, str | None], str]:
    """Name and team of each agent, from the newest of all their calls that has them."""
    known = sa.select(calls.c.agent_id).where(calls.c.agent_id.is_not(None), *wanted).distinct().subquery()
    return {
        (name, agent_id): value
        for name in ("agent_name", "team")
        for agent_id, value in _newest(connection, known.c.agent_id, name)
    }


def _newest(
    connection: sa.Connection, agent_id: sa.ColumnElement[Any], name: str
) -> Iterator[tuple[str, str]]:
    """What the newest call of each agent has in that column, of those calls that have anything there."""
    other = calls.alias()
    newest = (
        sa.select(other.c[name])
        .where(other.c.agent_id == agent_id, other.c[name].is_not(None))
        .order_by(other.c.started_moment.desc().nulls_last(), other.c.call_id)
        .limit(1)
        .scalar_subquery()
    )
    for row in connection.execute(sa.select(agent_id.label("agent_id"), newest.label("value"))):
        if row.value is not None:
            yield row.agent_id, row.value


def agent_names(connection: sa.Connection, agents: Iterable[str]) -> dict[str, str]:
    """Name of each of these agents, from the newest of their calls that has one."""
    found: dict[str, str] = {}
    asked = iter(agents)
    while some := list(islice(asked, _AGENTS_AT_ONCE)):
        # Named one by one: to tell all agents of a store apart, every call would be read.
        rows = [(one,) for one in some]
        known = sa.values(sa.column("agent_id", Text), name="asked").data(rows).cte("known")
        found.update(_newest(connection, known.c.agent_id, "agent_name"))
    return found


def _of(table: sa.Table, wanted: list[sa.ColumnElement[bool]]) -> sa.FromClause:
    """The table, with its calls where something is asked of them."""
    return table.join(calls, calls.c.id == table.c.call) if wanted else table
