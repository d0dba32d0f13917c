"""Who looked at what: the log of accesses, which only grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.totals import AccessRecord
from speechqa.errors import UsageError
from speechqa.privacy.redaction import redact_text
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
    calls: Sequence[str | None],
    actor: str,
    reason: str,
    details: Mapping[str, str] | None,
) -> None:
    """Append an access to each of the calls, all or none; None stands for an access to no call.

    Numbers in who did it and why are masked, whoever calls this.

    Raises
    ------
    UsageError
        If nobody or nothing is named, or a text is no Unicode.
    """
    if not event or not actor:
        raise UsageError("An access needs an event and somebody who did it", expected="event and actor")
    actor, reason = redact_text(actor), redact_text(reason)
    try:
        "".join((event, actor, reason, *(call for call in calls if call))).encode()
        encoded = msgspec.json.encode(dict(details or {}), order="sorted").decode()
    except UnicodeEncodeError as error:
        raise UsageError("An access cannot be written down: no Unicode text", found=ascii(event)) from error
    at = now()
    with database.writing() as connection:
        last = connection.scalar(sa.select(sa.func.max(access_log.c.id))) or 0
        _, chain = head(connection, LOG)
        rows = []
        for number, call in enumerate(calls, start=last + 1):
            chain = link(chain, (number, at, actor, event, call, reason, encoded))
            rows.append({"id": number, "call_id": call, "chain": chain})
        same = {"at": at, "actor": actor, "event": event, "reason": reason, "details": encoded}
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            connection.execute(sa.insert(access_log), [{**row, **same} for row in part])
        move_head(connection, LOG, last + len(rows), chain)


def read_back(database: Database, call: str | None) -> Iterator[AccessRecord]:
    """Accesses, oldest first; of one call under all the ids it has had."""
    try:
        (call or "").encode()
    except UnicodeEncodeError:
        return  # an id that no entry can hold, and no statement can ask for
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
            found = [_record(row) for row in connection.execute(wanted)]
        yield from found
        if len(found) < _AT_ONCE:
            return
        after = found[-1].number


def broken(database: Database) -> Iterator[str]:
    """What is wrong with the log of accesses, in words; rows from before they were chained are let be."""
    columns = ("id", "at", "actor", "event", "call_id", "reason", "details")
    return chaining.broken(database, access_log, columns, "the log of accesses")


def _record(row: Any) -> AccessRecord:
    return AccessRecord(
        number=row.id,
        at=row.at,
        actor=row.actor,
        event=row.event,
        call_id=row.call_id,
        reason=row.reason,
        details=msgspec.json.decode(row.details, type=dict[str, str]),
    )
