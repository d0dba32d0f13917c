"""Who looked at what: the log of accesses, which only grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import sqlalchemy as sa

from speechqa.core.totals import AccessRecord
from speechqa.errors import UsageError
from speechqa.store import chaining
from speechqa.store.chaining import head, link, move_head
from speechqa.store.database import Database
from speechqa.store.schema import access_log, call_names
from speechqa.store.writing import now

LOG = "access_log"
_AT_ONCE = 500


def write_down(
    database: Database,
    event: str,
    *,
    call: str | None,
    actor: str,
    reason: str,
    details: Mapping[str, str] | None,
) -> None:
    """Append one access.

    Raises
    ------
    UsageError
        If nobody or nothing is named, or a text is no Unicode.
    """
    if not event or not actor:
        raise UsageError("An access needs an event and somebody who did it", expected="event and actor")
    values = {
        "at": now(),
        "actor": actor,
        "event": event,
        "call_id": call,
        "reason": reason,
    }
    try:
        "".join(value for value in values.values() if value).encode()
        encoded = msgspec.json.encode(dict(details or {}), order="sorted").decode()
    except UnicodeEncodeError as error:
        raise UsageError("An access cannot be written down: no Unicode text", found=ascii(event)) from error
    with database.writing() as connection:
        number = (connection.scalar(sa.select(sa.func.max(access_log.c.id))) or 0) + 1
        _, before = head(connection, LOG)
        chain = link(before, (number, *values.values(), encoded))
        connection.execute(sa.insert(access_log).values(id=number, details=encoded, chain=chain, **values))
        move_head(connection, LOG, number, chain)


def read_back(database: Database, call: str | None) -> Iterator[AccessRecord]:
    """Accesses, oldest first; of one call under all the ids it has had."""
    after = 0
    while True:
        wanted = (
            sa.select(access_log).where(access_log.c.id > after).order_by(access_log.c.id).limit(_AT_ONCE)
        )
        if call is not None:
            same = sa.select(call_names.c.call).where(call_names.c.name == call)
            names = sa.select(call_names.c.name).where(call_names.c.call.in_(same))
            wanted = wanted.where(sa.or_(access_log.c.call_id == call, access_log.c.call_id.in_(names)))
        with database.reading() as connection:
            rows = connection.execute(wanted).all()
        for row in rows:
            yield AccessRecord(
                number=row.id,
                at=row.at,
                actor=row.actor,
                event=row.event,
                call_id=row.call_id,
                reason=row.reason,
                details=msgspec.json.decode(row.details, type=dict[str, str]),
            )
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id


def broken(database: Database) -> Iterator[str]:
    """What is wrong with the log of accesses, in words; rows from before they were chained are let be."""
    columns = ("id", "at", "actor", "event", "call_id", "reason", "details")
    return chaining.broken(database, access_log, columns, "the log of accesses")
