"""Sums by agent, team, week and rubric: read where triggers keep them, else added up from calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from speechqa.core.figures import Contacts, PointSums, Pooled
from speechqa.core.finding import Tally, Verdict
from speechqa.core.totals import CriterionTotals
from speechqa.protocols import CallFilter
from speechqa.store.queries import conditions, matching
from speechqa.store.schema import call_tags, calls, scores, verdicts, week_criteria, week_scores

Part = Literal["agent", "team", "week"]

_COLUMNS = {"agent": "agent_id", "team": "team", "week": "week"}
_POINTS = tuple(PointSums.__struct_fields__)
_ANSWERS = {
    "passed": Verdict.PASS,
    "failed": Verdict.FAIL,
    "not_applicable": Verdict.NOT_APPLICABLE,
    "not_assessed": Verdict.NOT_ASSESSED,
}
_DAY_S = 86_400.0
_PLAIN = CallFilter()
_DONE = calls.c.status != "failed"
"""As an inequality, lest the index of states be searched, which would give nearly all calls one by one."""

_Key = tuple[str, ...]


def pooled(
    connection: sa.Connection,
    by: Sequence[Part],
    query: CallFilter,
    *,
    drafts: bool,
    criteria: bool,
    only: Collection[str] | None = None,
) -> tuple[Pooled, ...]:
    """Sums of the calls a query asks for, in the order of their groups.

    Parameters
    ----------
    by : sequence of str
        What makes a group, beside the rubric: calls judged by different rubrics are never added up.
    drafts : bool
        Take in calls whose words come from a draft engine.
    criteria : bool
        Add up single criteria too.
    only : collection of str, optional
        Points are those of these criteria alone.
    """
    parts = [_COLUMNS[part] for part in by]
    groups: dict[_Key, dict[str, Any]] = defaultdict(
        lambda: {"calls": 0, "drafts": 0, "drafts_left_out": 0, "seconds": 0.0, "timed_calls": 0}
    )
    wanted = _wanted(query)
    for row in connection.execute(_counted(parts, wanted)):
        group = groups[tuple(row[: len(parts) + 2])]
        if row.draft and not drafts:
            group["drafts_left_out"] += row.n
            continue
        group["calls"] += row.n
        group["drafts"] += row.n if row.draft else 0
        group["seconds"] = round(group["seconds"] + (row.seconds or 0.0), 3)
        group["timed_calls"] += row.timed
    points: dict[_Key, dict[str, PointSums]] = defaultdict(dict)
    for row in connection.execute(_points(parts, query, wanted, drafts, only)):
        if row.possible:
            found = PointSums(**{name: row._mapping[name] for name in _POINTS})
            points[tuple(row[: len(parts) + 2])][row.category] = found
    answers: dict[_Key, dict[str, CriterionTotals]] = defaultdict(dict)
    if criteria:
        for row in connection.execute(_criteria(parts, query, wanted, drafts)):
            totals = CriterionTotals(
                category=row.category,
                **{name: row._mapping[name] for name in _ANSWERS},
                points=Tally(earned=row.earned, possible=row.possible),
            )
            if totals.passed + totals.failed + totals.not_applicable + totals.not_assessed:
                answers[tuple(row[: len(parts) + 2])][row.criterion] = totals
    names = (*parts, "rubric", "rubric_digest")
    return tuple(
        msgspec.convert(
            {
                **dict(zip(names, key, strict=True)),
                **group,
                "scores": points[key],
                "criteria": answers[key],
            },
            Pooled,
        )
        for key, group in sorted(groups.items())
    )


def contacts(
    connection: sa.Connection, query: CallFilter, *, days: int, about: str | None, part: Part | None
) -> dict[str, Contacts]:
    """First contacts by agent or team, by one key "" without a part.

    Neighbours of a call are looked for among all calls of its customer, also those that could not be analysed
    and those that the query leaves out; with `about` among those that have the same value of that tag.
    """
    span = days * _DAY_S
    partition: list[sa.ColumnElement[Any]] = [calls.c.customer_id]
    source: sa.FromClause = calls
    topic = call_tags.alias()
    known = [calls.c.customer_id.is_not(None), calls.c.started_moment.is_not(None)]
    if about is not None:
        source = calls.join(topic, sa.and_(topic.c.call == calls.c.id, topic.c.tag == about))
        partition.append(topic.c.value)
    moment = calls.c.started_moment
    order = (moment, calls.c.id)
    log = (
        sa.select(
            calls.c.id,
            moment.label("moment"),
            sa.func.lag(moment).over(partition_by=partition, order_by=order).label("before"),
            sa.func.lead(moment).over(partition_by=partition, order_by=order).label("after"),
        )
        .select_from(source)
        .where(*known)
        .subquery()
    )
    begin, end = connection.execute(sa.select(sa.func.min(moment), sa.func.max(moment))).one()
    edge = sa.or_(log.c.moment < (begin or 0.0) + span, log.c.moment > (end or 0.0) - span)
    first = sa.and_(
        sa.not_(edge),
        sa.or_(log.c.before.is_(None), log.c.before < log.c.moment - span),
        log.c.id.is_not(None),
    )
    alone = sa.or_(log.c.after.is_(None), log.c.after > log.c.moment + span)
    whose = sa.func.coalesce(calls.c[_COLUMNS[part]], "") if part else sa.literal("")
    rows = connection.execute(
        sa.select(
            whose.label("key"),
            sa.func.coalesce(sa.func.sum(sa.case((first, 1), else_=0)), 0).label("first"),
            sa.func.coalesce(sa.func.sum(sa.case((sa.and_(first, alone), 1), else_=0)), 0).label("resolved"),
            sa.func.sum(sa.case((log.c.id.is_(None), 1), else_=0)).label("unknown"),
            sa.func.coalesce(sa.func.sum(sa.case((edge, 1), else_=0)), 0).label("edge"),
        )
        .select_from(calls.outerjoin(log, log.c.id == calls.c.id))
        .where(_DONE, *_wanted(query))
        .group_by(whose)
    )
    return {
        row.key: Contacts(first=row.first, resolved=row.resolved, unknown=row.unknown, edge=row.edge)
        for row in rows
    }


def calls_behind(
    connection: sa.Connection, agent_id: str, query: CallFilter, *, drafts: bool
) -> tuple[list[Any], list[Any]]:
    """Ids of an agent's calls, by rubric; and rows of their lost points: rubric, criterion, id, critical."""
    own = [calls.c.agent_id == agent_id, _DONE, *_wanted(query)]
    if not drafts:
        own.append(calls.c.draft == sa.false())
    about = (calls.c.rubric, calls.c.rubric_digest)
    listed = connection.execute(
        sa.select(*about, calls.c.call_id).where(*own).order_by(calls.c.call_id)
    ).all()
    lost = sa.or_(
        verdicts.c.earned < verdicts.c.possible,
        sa.and_(verdicts.c.critical == sa.true(), verdicts.c.verdict == Verdict.FAIL.value),
    )
    columns = (verdicts.c.criterion, calls.c.call_id, verdicts.c.earned, verdicts.c.possible)
    critical = sa.and_(verdicts.c.critical == sa.true(), verdicts.c.verdict == Verdict.FAIL.value)
    rows = connection.execute(
        sa.select(*about, *columns, critical.label("critical"))
        .select_from(calls.join(verdicts, verdicts.c.call == calls.c.id))
        .where(*own, lost)
        .order_by(calls.c.call_id)
    ).all()
    return list(listed), list(rows)


def _wanted(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    if query.limit is not None or query.offset:
        return [calls.c.id.in_(matching(query))]
    return conditions(query)


def _kept_sums(query: CallFilter) -> bool:
    """Whether the sums by week answer the query: it asks for an agent or a team and no more."""
    return msgspec.structs.replace(query, agent_id=None, team=None) == _PLAIN


def _labels(parts: Sequence[str]) -> list[sa.ColumnElement[Any]]:
    columns = {"week": calls.c.local_week}
    every = [*parts, "rubric", "rubric_digest"]
    return [sa.func.coalesce(columns.get(name, calls.c.get(name)), "").label(name) for name in every]


def _counted(parts: Sequence[str], wanted: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    labels = _labels(parts)
    return (
        sa.select(
            *labels,
            calls.c.draft,
            sa.func.count().label("n"),
            sa.func.sum(calls.c.duration).label("seconds"),
            sa.func.count(calls.c.duration).label("timed"),
        )
        .where(_DONE, *wanted)
        .group_by(*labels, calls.c.draft)
    )


def _points(
    parts: Sequence[str],
    query: CallFilter,
    wanted: list[sa.ColumnElement[bool]],
    drafts: bool,
    only: Collection[str] | None,
) -> sa.Select[Any]:
    if _kept_sums(query) and only is None:
        keys, own = _week_keys(week_scores, parts, query, drafts)
        sums = [sa.func.sum(week_scores.c[name]).label(name) for name in _POINTS]
        return sa.select(*keys, week_scores.c.category, *sums).where(*own).group_by(*keys, "category")
    if only is None:
        each: Any = scores
        joined = scores.join(calls, calls.c.id == scores.c.call)
    else:
        each = (
            sa.select(
                verdicts.c.call,
                verdicts.c.category,
                sa.func.coalesce(sa.func.sum(verdicts.c.earned), 0).label("earned"),
                sa.func.coalesce(sa.func.sum(verdicts.c.possible), 0).label("possible"),
            )
            .join(calls, calls.c.id == verdicts.c.call)
            .where(verdicts.c.criterion.in_(sorted(only)), *wanted)
            .group_by(verdicts.c.call, verdicts.c.category)
            .subquery()
        )
        joined = each.join(calls, calls.c.id == each.c.call)
    earned, possible = each.c.earned, each.c.possible
    values = {
        "calls": sa.case((possible > 0, 1), else_=0),
        "earned": earned,
        "possible": possible,
        "earned_earned": earned * earned,
        "earned_possible": earned * possible,
        "possible_possible": possible * possible,
    }
    labels = _labels(parts)
    return (
        sa.select(*labels, each.c.category, *(sa.func.sum(v).label(name) for name, v in values.items()))
        .select_from(joined)
        .where(*wanted, *_no_drafts(drafts))
        .group_by(*labels, each.c.category)
    )


def _criteria(
    parts: Sequence[str], query: CallFilter, wanted: list[sa.ColumnElement[bool]], drafts: bool
) -> sa.Select[Any]:
    names = (*_ANSWERS, "earned", "possible")
    if _kept_sums(query):
        table = week_criteria
        keys, own = _week_keys(table, parts, query, drafts)
        sums = [sa.func.sum(table.c[name]).label(name) for name in names]
        return (
            sa.select(*keys, table.c.category, table.c.criterion, *sums)
            .where(*own)
            .group_by(*keys, table.c.category, table.c.criterion)
        )
    labels = _labels(parts)
    answers = [
        sa.func.sum(sa.case((verdicts.c.verdict == verdict.value, 1), else_=0)).label(name)
        for name, verdict in _ANSWERS.items()
    ]
    points = [
        sa.func.coalesce(sa.func.sum(verdicts.c[name]), 0).label(name) for name in ("earned", "possible")
    ]
    return (
        sa.select(*labels, verdicts.c.category, verdicts.c.criterion, *answers, *points)
        .select_from(verdicts.join(calls, calls.c.id == verdicts.c.call))
        .where(*wanted, *_no_drafts(drafts))
        .group_by(*labels, verdicts.c.category, verdicts.c.criterion)
    )


def _no_drafts(drafts: bool) -> list[sa.ColumnElement[bool]]:
    return [] if drafts else [calls.c.draft == sa.false()]


def _week_keys(
    table: sa.Table, parts: Sequence[str], query: CallFilter, drafts: bool
) -> tuple[list[sa.ColumnElement[Any]], list[sa.ColumnElement[bool]]]:
    own: list[sa.ColumnElement[bool]] = [] if drafts else [table.c.draft == sa.false()]
    for name, value in (("agent_id", query.agent_id), ("team", query.team)):
        if value is not None:
            own.append(table.c[name] == value)
    return [table.c[name] for name in (*parts, "rubric", "rubric_digest")], own
