"""Calls that could be drawn for review: what they are drawn by, told by the database, no summary opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from speechqa.protocols import CallFilter
from speechqa.review.sampling import LOW, MIDDLE, NOTHING, SIGNALS, Candidate
from speechqa.store.queries import conditions
from speechqa.store.schema import calls, scores, signals

_AT_ONCE = 1000


def candidates(connection: sa.Connection, query: CallFilter, strata: Sequence[str]) -> Iterator[Candidate]:
    """Analysed calls that a query lets through, a few in memory at a time; order and limit are left out."""
    wanted = candidates_of(query, strata).execution_options(yield_per=_AT_ONCE)
    for call_id, weight, agent_id, agent_name, *stratum in connection.execute(wanted):
        yield Candidate(call_id, tuple(stratum), weight or 0, agent_id, agent_name)


def candidates_of(query: CallFilter, strata: Sequence[str]) -> sa.Select[Any]:
    """The question that `candidates` asks."""
    columns = [_STRATA[name].label(f"stratum {number}") for number, name in enumerate(strata)]
    own = (calls.c.call_id, calls.c.listen_weight, calls.c.agent_id, calls.c.agent_name)
    return sa.select(*own, *columns).where(calls.c.status == "done", *conditions(query))


def _score_band() -> sa.ColumnElement[str]:
    possible = sa.func.sum(scores.c.possible)
    rate = sa.func.sum(scores.c.earned) * 1.0 / possible
    band = sa.case(
        (sa.func.coalesce(possible, 0) == 0, NOTHING), (rate < LOW, "low"), (rate < MIDDLE, "middle"),
        else_="high",
    )  # fmt: skip
    return sa.select(band).where(scores.c.call == calls.c.id).scalar_subquery()


def _gravest_signal() -> sa.ColumnElement[str]:
    giving = {
        name: sa.select(signals.c.call).where(signals.c.signal == name, signals.c.value == sa.true())
        for name in SIGNALS
    }
    return sa.case(*((calls.c.id.in_(those), name) for name, those in giving.items()), else_=NOTHING)


def _or_nothing(column: sa.Column[str]) -> sa.ColumnElement[str]:
    return sa.case((sa.func.coalesce(column, "") == "", NOTHING), else_=column)


_STRATA: Mapping[str, sa.ColumnElement[str]] = {
    "team": _or_nothing(calls.c.team),
    "agent": _or_nothing(calls.c.agent_id),
    "score": _score_band(),
    "signal": _gravest_signal(),
    "language": _or_nothing(calls.c.language),
}
