"""What people's verdicts change in the machine's sums: few rows, so that totals of record stay as fast.

All select groups by `labels`, expressions over `calls`, and add `where`, conditions on `calls`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from speechqa.core.finding import Verdict
from speechqa.store.columns import whole_milliseconds
from speechqa.store.schema import calls, record_verdicts, scores, verdicts

ANSWERS: Final = {
    "passed": Verdict.PASS,
    "failed": Verdict.FAIL,
    "not_applicable": Verdict.NOT_APPLICABLE,
    "not_assessed": Verdict.NOT_ASSESSED,
}
"""What calls are counted by, a verdict each."""
MACHINE: Final = "machine"
_SAME = sa.and_(
    verdicts.c.call == record_verdicts.c.call, verdicts.c.criterion == record_verdicts.c.criterion
)
_BY_PERSON = record_verdicts.c.source != MACHINE

Labels = Sequence[sa.ColumnElement[Any]]
Where = Sequence[sa.ColumnElement[bool]]


def points_of_record(name: str) -> sa.ColumnElement[Any]:
    """`earned` or `possible` that counts, which a person's verdict may leave open."""
    return sa.case(
        (record_verdicts.c.criterion.is_not(None), record_verdicts.c[name]), else_=verdicts.c[name]
    )


def joined_record(source: Any) -> Any:
    """`verdicts` with what a person said of them, where anybody did."""
    return source.outerjoin(record_verdicts, _SAME)


def changed_points() -> sa.Subquery:
    """By call and category, the points that people's verdicts add to the machine's, or take."""
    gained = (
        sa.func.sum(
            sa.func.coalesce(record_verdicts.c[name], 0) - sa.func.coalesce(verdicts.c[name], 0)
        ).label(name)
        for name in ("earned", "possible")
    )
    return (
        sa.select(record_verdicts.c.call, record_verdicts.c.category, *gained)
        .join(verdicts, _SAME)
        .where(_BY_PERSON)
        .group_by(record_verdicts.c.call, record_verdicts.c.category)
        .subquery()
    )


def spoken_of() -> sa.Select[Any]:
    """Calls of which a person's verdict is of record."""
    return sa.select(record_verdicts.c.call).where(_BY_PERSON)


def scores_of_record() -> sa.Subquery:
    """Points by call and category as they count, of the calls that people spoke of alone."""
    each = changed_points()
    same = sa.and_(scores.c.call == each.c.call, scores.c.category == each.c.category)
    points = (
        (scores.c[name] + sa.func.coalesce(each.c[name], 0)).label(name) for name in ("earned", "possible")
    )
    return (
        sa.select(scores.c.call, scores.c.category, *points)
        .select_from(scores.outerjoin(each, same))
        .where(scores.c.call.in_(spoken_of()))
        .subquery()
    )


def point_changes(labels: Labels, where: Where) -> sa.Select[Any]:
    """By group and category, what the sums of powers of calls' points gain or lose."""
    each = changed_points()
    before = powers(sa.func.coalesce(scores.c.earned, 0), sa.func.coalesce(scores.c.possible, 0))
    after = powers(
        sa.func.coalesce(scores.c.earned, 0) + each.c.earned,
        sa.func.coalesce(scores.c.possible, 0) + each.c.possible,
    )
    sums = [sa.func.sum(after[name] - before[name]).label(name) for name in before]
    joined = each.join(calls, calls.c.id == each.c.call).outerjoin(
        scores, sa.and_(scores.c.call == each.c.call, scores.c.category == each.c.category)
    )
    return (
        sa.select(*labels, each.c.category, *sums)
        .select_from(joined)
        .where(*where)
        .group_by(*labels, each.c.category)
    )


def criterion_changes(labels: Labels, where: Where) -> sa.Select[Any]:
    """By group and criterion, what the counts of verdicts and the points gain or lose."""
    told = (record_verdicts.c.verdict, verdicts.c.verdict)
    counts = [
        sa.func.sum(sa.case((told[0] == one.value, 1), else_=0) - sa.case((told[1] == one.value, 1), else_=0))
        .label(name)
        for name, one in ANSWERS.items()
    ]  # fmt: skip
    points = [
        sa.func.sum(
            sa.func.coalesce(record_verdicts.c[name], 0) - sa.func.coalesce(verdicts.c[name], 0)
        ).label(name)
        for name in ("earned", "possible")
    ]
    own = (record_verdicts.c.category, record_verdicts.c.criterion)
    return (
        sa.select(*labels, *own, *counts, *points)
        .select_from(record_verdicts.join(verdicts, _SAME).join(calls, calls.c.id == record_verdicts.c.call))
        .where(_BY_PERSON, *where)
        .group_by(*labels, *own)
    )


def said_by_people(labels: Labels, where: Where) -> sa.Select[Any]:
    """By group, how many verdicts of record are a person's."""
    return (
        sa.select(*labels, sa.func.count().label("n"))
        .select_from(record_verdicts.join(calls, calls.c.id == record_verdicts.c.call))
        .where(_BY_PERSON, *where)
        .group_by(*labels)
    )


def waiting(labels: Labels, where: Where) -> sa.Select[Any]:
    """By group, how many critical failures wait for a person's confirmation."""
    each = _waiting()
    return (
        sa.select(*labels, sa.func.count().label("n"))
        .select_from(each.join(calls, calls.c.id == each.c.call))
        .where(*where)
        .group_by(*labels)
    )


def waiting_changes(labels: Labels, where: Where) -> sa.Select[Any]:
    """By group, what people's words add to the machine's critical failures that wait, or take from them."""
    waits_still = sa.case((record_verdicts.c.critical == "waits", 1), else_=0)
    return (
        sa.select(*labels, sa.func.sum(waits_still - critical_failure(verdicts)).label("n"))
        .select_from(
            record_verdicts.outerjoin(verdicts, _SAME).join(calls, calls.c.id == record_verdicts.c.call)
        )
        .where(*where)
        .group_by(*labels)
    )


def waiting_calls(where: Where) -> sa.Select[Any]:
    """Call and criterion of each critical failure that waits for a person's confirmation."""
    each = _waiting()
    return (
        sa.select(calls.c.call_id, each.c.criterion)
        .select_from(each.join(calls, calls.c.id == each.c.call))
        .where(*where)
        .order_by(calls.c.call_id, each.c.criterion)
    )


def _waiting() -> sa.Subquery:
    # Two looks, each by an index of few rows: where nobody said anything, and where somebody did.
    silent = (
        sa.select(verdicts.c.call, verdicts.c.criterion)
        .select_from(joined_record(verdicts))
        .where(verdicts.c.critical == sa.true(), verdicts.c.verdict == sa.literal_column("'fail'"))
        .where(record_verdicts.c.criterion.is_(None))
    )
    spoken = sa.select(record_verdicts.c.call, record_verdicts.c.criterion).where(
        record_verdicts.c.critical == "waits"
    )
    return sa.union_all(silent, spoken).subquery()


def waits() -> sa.ColumnElement[bool]:
    """Whether a critical failure waits, where `verdicts` are joined with `joined_record`."""
    silent = sa.and_(verdicts.c.critical == sa.true(), verdicts.c.verdict == Verdict.FAIL.value)
    return sa.case(
        (record_verdicts.c.criterion.is_not(None), record_verdicts.c.critical == "waits"), else_=silent
    )


def powers(earned: Any, possible: Any) -> dict[str, Any]:
    """What `PointSums` adds up, of one call's points."""
    return {
        "calls": sa.case((possible > 0, 1), else_=0),
        "earned": earned,
        "possible": possible,
        "earned_earned": earned * earned,
        "earned_possible": earned * possible,
        "possible_possible": possible * possible,
    }


def counts(judged: sa.Table) -> dict[str, Any]:
    """What sums by criterion add up, of one verdict."""
    answers = {name: sa.case((judged.c.verdict == one.value, 1), else_=0) for name, one in ANSWERS.items()}
    return {**answers, **{name: sa.func.coalesce(judged.c[name], 0) for name in ("earned", "possible")}}


def critical_failure(judged: sa.Table) -> sa.ColumnElement[Any]:
    """1 for a critical criterion that the machine found failed, else 0."""
    failed = sa.and_(judged.c.critical == sa.true(), judged.c.verdict == Verdict.FAIL.value)
    return sa.case((failed, 1), else_=0)


def lengths() -> dict[str, sa.ColumnElement[Any]]:
    """What sums of calls add up, of one call."""
    done = calls.c.status != "failed"
    timed = sa.and_(done, calls.c.duration.is_not(None))
    whole = whole_milliseconds(calls.c.duration)
    return {
        "calls": sa.case((done, 1), else_=0),
        "timed_calls": sa.case((timed, 1), else_=0),
        "milliseconds": sa.case((timed, whole), else_=0),
    }


def only_points(only: Collection[str], where: Where, *, machine: bool) -> sa.Subquery:
    """By call and category, the points of these criteria alone."""
    source = verdicts.join(calls, calls.c.id == verdicts.c.call)
    sums = {
        name: sa.func.coalesce(sa.func.sum(verdicts.c[name] if machine else points_of_record(name)), 0)
        for name in ("earned", "possible")
    }
    return (
        sa.select(verdicts.c.call, verdicts.c.category, *(value.label(name) for name, value in sums.items()))
        .select_from(source if machine else joined_record(source))
        .where(verdicts.c.criterion.in_(sorted(only)), *where)
        .group_by(verdicts.c.call, verdicts.c.category)
        .subquery()
    )
