"""Who looked at what: the log of accesses, which only grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import sqlalchemy as sa

from speechqa.core.totals import AccessRecord
from speechqa.errors import UsageError
from speechqa.store.database import Database
from speechqa.store.schema import access_log, call_names
from speechqa.store.writing import now

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
        connection.execute(sa.insert(access_log).values(details=encoded, **values))


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
