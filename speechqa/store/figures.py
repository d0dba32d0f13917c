"""What stands beside the sums of agents and teams: first contacts, and the calls behind each lost point."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.figures import Contacts
from speechqa.core.finding import Verdict
from speechqa.protocols import CallFilter
from speechqa.store.columns import or_empty
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
    moment = calls.c.started_moment
    known = sa.and_(calls.c.customer_id.is_not(None), moment.is_not(None))
    asked = sa.and_(DONE, *wanted_calls(query))
    whose = (or_empty(calls.c[COLUMNS[part]]) if part else sa.literal("")).label("key")
    source: sa.FromClause = calls
    partition: list[sa.ColumnElement[Any]] = [calls.c.customer_id]
    if about is not None:
        topic = call_tags.alias()
        its_own = sa.and_(topic.c.call == calls.c.id, topic.c.tag == about)
        source = calls.join(topic, its_own)
        partition.append(topic.c.value)
        known = sa.and_(known, sa.exists().where(its_own).correlate(calls))
    # Newest first, as the index of customers has them, so that nothing is sorted: `lead` is what came before.
    order = (moment.desc().nulls_last(), calls.c.call_id)
    log = (
        sa.select(
            whose,
            asked.label("asked"),
            moment.label("moment"),
            sa.func.lead(moment).over(partition_by=partition, order_by=order).label("before"),
            sa.func.lag(moment).over(partition_by=partition, order_by=order).label("after"),
        )
        .select_from(source)
        .where(calls.c.customer_id.is_not(None), moment.is_not(None))
        .subquery()
    )
    begin, end = connection.execute(sa.select(sa.func.min(moment), sa.func.max(moment))).one()
    edge = sa.or_(log.c.moment < (begin or 0.0) + span, log.c.moment > (end or 0.0) - span)
    first = sa.and_(sa.not_(edge), sa.or_(log.c.before.is_(None), log.c.before < log.c.moment - span))
    alone = sa.or_(log.c.after.is_(None), log.c.after > log.c.moment + span)
    sums = {"first": first, "resolved": sa.and_(first, alone), "edge": edge}
    found: dict[str, Contacts] = {}
    for row in connection.execute(
        sa.select(log.c.key, *(sa.func.sum(sa.case((said, 1), else_=0)).label(n) for n, said in sums.items()))
        .where(log.c.asked)
        .group_by(log.c.key)
    ):
        found[row.key] = Contacts(first=row.first, resolved=row.resolved, unknown=0, edge=row.edge)
    for row in connection.execute(
        sa.select(whose, sa.func.count().label("n")).where(asked, sa.not_(known)).group_by(whose)
    ):
        before = found.get(row.key, Contacts())
        found[row.key] = msgspec.structs.replace(before, unknown=row.n)
    return dict(sorted(found.items()))


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
