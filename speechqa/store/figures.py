"""What stands beside the sums of agents and teams: first contacts, and the calls behind each lost point."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from speechqa.core.figures import Contacts
from speechqa.core.finding import Verdict
from speechqa.protocols import CallFilter
from speechqa.store.pooling import COLUMNS, DONE, Part, wanted_calls
from speechqa.store.record_sums import joined_record, points_of_record, waits
from speechqa.store.schema import call_tags, calls, verdicts

_DAY_S = 86_400.0


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
    whose = sa.func.coalesce(calls.c[COLUMNS[part]], "") if part else sa.literal("")
    rows = connection.execute(
        sa.select(
            whose.label("key"),
            sa.func.coalesce(sa.func.sum(sa.case((first, 1), else_=0)), 0).label("first"),
            sa.func.coalesce(sa.func.sum(sa.case((sa.and_(first, alone), 1), else_=0)), 0).label("resolved"),
            sa.func.sum(sa.case((log.c.id.is_(None), 1), else_=0)).label("unknown"),
            sa.func.coalesce(sa.func.sum(sa.case((edge, 1), else_=0)), 0).label("edge"),
        )
        .select_from(calls.outerjoin(log, log.c.id == calls.c.id))
        .where(DONE, *wanted_calls(query))
        .group_by(whose)
    )
    return {
        row.key: Contacts(first=row.first, resolved=row.resolved, unknown=row.unknown, edge=row.edge)
        for row in rows
    }


def calls_behind(
    connection: sa.Connection, agent_id: str, query: CallFilter, *, drafts: bool, machine: bool = False
) -> tuple[list[Any], list[Any]]:
    """Ids of an agent's calls, by rubric; and rows of their lost points: rubric, criterion, id, critical.

    `critical` is true where a critical failure waits for a person; by the machine alone, where it failed.
    """
    own = [calls.c.agent_id == agent_id, DONE, *wanted_calls(query)]
    if not drafts:
        own.append(calls.c.draft == sa.false())
    about = (calls.c.rubric, calls.c.rubric_digest)
    listed = connection.execute(
        sa.select(*about, calls.c.call_id).where(*own).order_by(calls.c.call_id)
    ).all()
    earned, possible = (
        (verdicts.c[name] if machine else points_of_record(name)).label(name)
        for name in ("earned", "possible")
    )
    failed = sa.and_(verdicts.c.critical == sa.true(), verdicts.c.verdict == Verdict.FAIL.value)
    critical = failed if machine else waits()
    rows = connection.execute(
        sa.select(*about, verdicts.c.criterion, calls.c.call_id, earned, possible, critical.label("critical"))
        .select_from(joined_record(calls.join(verdicts, verdicts.c.call == calls.c.id)))
        .where(*own, sa.or_(earned < possible, critical))
        .order_by(calls.c.call_id)
    ).all()
    return list(listed), list(rows)
