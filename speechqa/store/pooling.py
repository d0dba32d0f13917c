"""Sums by agent, team, week and rubric: read where triggers keep them, else added up from calls.

Kept sums and sums of calls are the machine's; what people's verdicts change in them is added (`record_sums`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from speechqa.core.figures import PointSums, Pooled
from speechqa.core.finding import Tally
from speechqa.core.totals import CriterionTotals
from speechqa.core.weeks import week_of
from speechqa.protocols import CallFilter
from speechqa.store.columns import or_empty, sunday_before
from speechqa.store.queries import conditions, matching
from speechqa.store.record_sums import (
    ANSWERS,
    counts,
    criterion_changes,
    lengths,
    only_points,
    point_changes,
    powers,
    said_by_people,
    waiting,
    waiting_changes,
)
from speechqa.store.schema import calls, scores, verdicts, week_calls, week_criteria, week_scores

Part = Literal["agent", "team", "week"]

COLUMNS = {"agent": "agent_id", "team": "team", "week": "week"}
"""What a part is called among the columns."""

DONE = calls.c.status != "failed"
"""As an inequality, lest the index of states be searched, which would give nearly all calls one by one."""

_POINTS = tuple(PointSums.__struct_fields__)
_PLAIN = CallFilter()
_Key = tuple[str, ...]
_Conditions = list[sa.ColumnElement[bool]]


class Summed(NamedTuple):
    """What is summed, and how.

    Attributes
    ----------
    drafts : bool
        Take in calls whose words come from a draft engine.
    criteria : bool
        Add up single criteria too.
    only : collection of str, optional
        Points are those of these criteria alone.
    machine : bool
        Count the machine's verdicts alone, whatever people said. Else those of record count, and `machine`
        of a group has the machine's points by category where they differ.
    sunday : bool
        Weeks begin on Sunday, and have the ISO number of the Monday in them.
    """

    drafts: bool = False
    criteria: bool = False
    only: Collection[str] | None = None
    machine: bool = False
    sunday: bool = False


class _Asked(NamedTuple):
    """Columns that make a group, conditions on calls, and whether sums by week answer them."""

    parts: tuple[str, ...]
    query: CallFilter
    how: Summed
    wanted: _Conditions
    kept: bool

    @property
    def labels(self) -> list[sa.ColumnElement[Any]]:
        week: sa.ColumnElement[Any] = calls.c.local_week
        if self.how.sunday:
            week = sunday_before(calls.c.local_date)
        every = (*self.parts, "rubric", "rubric_digest")
        columns = {name: week if name == "week" else calls.c[name] for name in every}
        return [or_empty(column).label(name) for name, column in columns.items()]

    @property
    def counted(self) -> _Conditions:
        """Conditions on the calls that count."""
        drafts = [] if self.how.drafts else [calls.c.draft == sa.false()]
        return [DONE, *self.wanted, *drafts]

    def key(self, row: Any) -> _Key:
        return tuple(row[: len(self.parts) + 2])


def pooled(
    connection: sa.Connection, by: Sequence[Part], query: CallFilter, how: Summed
) -> tuple[Pooled, ...]:
    """Sums of the calls a query asks for, in the order of their groups.

    Parameters
    ----------
    by : sequence of str
        What makes a group, beside the rubric: calls judged by different rubrics are never added up.
    """
    plain = msgspec.structs.replace(query, agent_id=None, team=None) == _PLAIN
    kept = plain and not (how.sunday and "week" in by)
    asked = _Asked(tuple(COLUMNS[part] for part in by), query, how, wanted_calls(query), kept)
    groups = _groups(connection, asked)
    points: dict[_Key, dict[str, PointSums]] = defaultdict(dict)
    for row in connection.execute(_points(asked)):
        points[asked.key(row)][row.category] = _sums(row)
    by_machine: dict[_Key, dict[str, Tally]] = defaultdict(dict)
    if not how.machine:
        changes = point_changes(asked.labels, asked.counted) if how.only is None else None
        for row in connection.execute(changes) if changes is not None else ():
            found = points[asked.key(row)]
            before = found.get(row.category, PointSums())
            found[row.category] = after = before + _sums(row)
            if (before.earned, before.possible) != (after.earned, after.possible):
                tally = Tally(earned=before.earned, possible=before.possible)
                by_machine[asked.key(row)][row.category] = tally
        for row in connection.execute(said_by_people(asked.labels, asked.counted)):
            groups[asked.key(row)]["by_people"] = row.n
        for key, still in _waiting(connection, asked).items():
            groups[key]["waiting"] = still
    answers = _answers(connection, asked) if how.criteria else {}
    names = (*asked.parts, "rubric", "rubric_digest")
    return tuple(
        msgspec.convert(
            {
                **dict(zip(names, _named(asked, key), strict=True)),
                **group,
                "scores": {name: found for name, found in points[key].items() if found.possible},
                "criteria": answers.get(key, {}),
                "machine": by_machine.get(key, {}),
            },
            Pooled,
        )
        for key, group in sorted(groups.items())
    )


def wanted_calls(query: CallFilter) -> _Conditions:
    """A query as conditions on calls, its limit and offset too."""
    if query.limit is not None or query.offset:
        return [calls.c.id.in_(matching(query))]
    return conditions(query)


def _groups(connection: sa.Connection, asked: _Asked) -> dict[_Key, dict[str, Any]]:
    """How many calls a group has, and how long they are."""
    groups: dict[_Key, dict[str, Any]] = defaultdict(
        lambda: {"calls": 0, "drafts": 0, "drafts_left_out": 0, "seconds": 0.0, "timed_calls": 0}
    )
    for row in connection.execute(_lengths(asked)):
        if not row.n:
            continue  # all that a kept sum was of is gone
        group = groups[asked.key(row)]
        if row.draft and not asked.how.drafts:
            group["drafts_left_out"] += row.n
            continue
        group["calls"] += row.n
        group["drafts"] += row.n if row.draft else 0
        group["seconds"] = round(group["seconds"] + int(row.milliseconds) / 1000, 3)
        group["timed_calls"] += row.timed
    return groups


def _lengths(asked: _Asked) -> sa.Select[Any]:
    if asked.kept:
        keys, own = _week_keys(week_calls, asked, drafts=True)
        draft: sa.ColumnElement[Any] = week_calls.c.draft
        each: Mapping[str, sa.ColumnElement[Any]] = dict(week_calls.c.items())
    else:
        keys, own, draft, each = asked.labels, [DONE, *asked.wanted], calls.c.draft, lengths()
    columns = (
        sa.func.sum(each["calls"]).label("n"),
        sa.func.sum(each["timed_calls"]).label("timed"),
        sa.func.sum(each["milliseconds"]).label("milliseconds"),
    )
    return sa.select(*keys, draft, *columns).where(*own).group_by(*keys, draft)


def _waiting(connection: sa.Connection, asked: _Asked) -> dict[_Key, int]:
    """How many critical failures of a group wait for a person, where any does."""
    if not asked.kept:
        return {asked.key(row): row.n for row in connection.execute(waiting(asked.labels, asked.counted))}
    keys, own = _week_keys(week_criteria, asked)
    some = week_criteria.c.critical > sa.literal_column("0")  # as the index of these rows says it
    summed = sa.func.sum(week_criteria.c.critical).label("n")
    found = sa.select(*keys, summed).where(some, *own).group_by(*keys)
    still: dict[_Key, int] = defaultdict(int)
    for question in (found, waiting_changes(asked.labels, asked.counted)):
        for row in connection.execute(question):
            still[asked.key(row)] += int(row.n)
    return {key: n for key, n in still.items() if n}


def _sums(row: Any) -> PointSums:
    return PointSums(**{name: row._mapping[name] for name in _POINTS})


def _named(asked: _Asked, key: _Key) -> _Key:
    """A group's key with the week by its number; of weeks from Sunday the database gives the first day."""
    if not asked.how.sunday or "week" not in asked.parts:
        return key
    place = asked.parts.index("week")
    return (*key[:place], week_of(key[place] or None, "sunday") or "", *key[place + 1 :])


def _answers(connection: sa.Connection, asked: _Asked) -> dict[_Key, dict[str, CriterionTotals]]:
    """By group and criterion; what nobody judged is left out."""
    selected = [_criteria(asked)]
    if not asked.how.machine:
        selected.append(criterion_changes(asked.labels, asked.counted))
    names = (*ANSWERS, "earned", "possible")
    sums: dict[tuple[_Key, str, str], list[int]] = defaultdict(lambda: [0] * len(names))
    for select in selected:
        for row in connection.execute(select):
            found = sums[asked.key(row), row.criterion, row.category]
            for place, name in enumerate(names):
                found[place] += row._mapping[name]
    totals: dict[_Key, dict[str, CriterionTotals]] = defaultdict(dict)
    for (key, criterion, category), (*answers, earned, possible) in sums.items():
        if any(answers):
            totals[key][criterion] = CriterionTotals(
                category=category,
                **dict(zip(ANSWERS, answers, strict=True)),
                points=Tally(earned=earned, possible=possible),
            )
    return totals


def _points(asked: _Asked) -> sa.Select[Any]:
    only = asked.how.only
    if asked.kept and only is None:
        keys, own = _week_keys(week_scores, asked)
        sums = [sa.func.sum(week_scores.c[name]).label(name) for name in _POINTS]
        return sa.select(*keys, week_scores.c.category, *sums).where(*own).group_by(*keys, "category")
    each: Any = scores if only is None else only_points(only, asked.wanted, machine=asked.how.machine)
    values = powers(each.c.earned, each.c.possible)
    return (
        sa.select(*asked.labels, each.c.category, *(sa.func.sum(v).label(name) for name, v in values.items()))
        .select_from(each.join(calls, calls.c.id == each.c.call))
        .where(*asked.counted)
        .group_by(*asked.labels, each.c.category)
    )


def _criteria(asked: _Asked) -> sa.Select[Any]:
    names = (*ANSWERS, "earned", "possible")
    if asked.kept:
        table = week_criteria
        keys, own = _week_keys(table, asked)
        sums = [sa.func.sum(table.c[name]).label(name) for name in names]
        return (
            sa.select(*keys, table.c.category, table.c.criterion, *sums)
            .where(*own)
            .group_by(*keys, table.c.category, table.c.criterion)
        )
    sums = [sa.func.sum(value).label(name) for name, value in counts(verdicts).items()]
    return (
        sa.select(*asked.labels, verdicts.c.category, verdicts.c.criterion, *sums)
        .select_from(verdicts.join(calls, calls.c.id == verdicts.c.call))
        .where(*asked.counted)
        .group_by(*asked.labels, verdicts.c.category, verdicts.c.criterion)
    )


def _week_keys(
    table: sa.Table, asked: _Asked, *, drafts: bool = False
) -> tuple[list[sa.ColumnElement[Any]], _Conditions]:
    own: _Conditions = [] if drafts or asked.how.drafts else [table.c.draft == sa.false()]
    for name, value in (("agent_id", asked.query.agent_id), ("team", asked.query.team)):
        if value is not None:
            own.append(table.c[name] == value)
    return [table.c[name] for name in (*asked.parts, "rubric", "rubric_digest")], own
