"""What was promised, and which way calls went, out of the index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from speechqa.protocols import CallFilter
from speechqa.store.queries import conditions
from speechqa.store.schema import calls, promises


class Kept(NamedTuple):
    """Of one call: its direction, and its promises in their order in the call."""

    direction: str | None
    promises: list[Any]


def promised(connection: sa.Connection, query: CallFilter) -> Mapping[str, Kept]:
    """By call id, for the calls that a query asks for."""
    wanted = conditions(query)
    found = {
        row.call_id: Kept(row.direction, [])
        for row in connection.execute(sa.select(calls.c.call_id, calls.c.direction).where(*wanted))
    }
    rows = connection.execute(
        sa.select(calls.c.call_id, promises)
        .join(calls, calls.c.id == promises.c.call)
        .where(*wanted)
        .order_by(promises.c.call, promises.c.number)
    )
    for row in rows:
        found[row.call_id].promises.append(row)
    return found
