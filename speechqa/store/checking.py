"""Whether a store is as it was left: its file, its logs, every document, and the index over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.custody import PurgeEntry, PurgeRecord
from speechqa.errors import StoreError
from speechqa.store import access, journal
from speechqa.store.body import unpacked
from speechqa.store.database import Database
from speechqa.store.projection import Projection, project
from speechqa.store.schema import calls, documents, scores, verdicts
from speechqa.store.schema import journal as journal_table

_AT_ONCE = 50
_MOST = 20


def damage(database: Database, call_id: str | None = None) -> Iterator[str]:
    """What is wrong, in words; nothing where all stands.

    Parameters
    ----------
    call_id : str, optional
        Look at the documents of that call alone; the logs are looked at whole all the same.

    Notes
    -----
    Looked at: SQLite's own checks of the file; the chains of the journal and of the log of accesses; that
    every erased body of the journal is told of by a purge; every kept document against its digest; points and
    verdicts in the index against the current documents.
    """
    # Each list is whole before any of it is given: no transaction is open while the caller works.
    if call_id is None:
        yield from list(_file(database))
    yield from list(journal.broken(database))
    yield from list(access.broken(database))
    yield from list(_erased(database))
    yield from _documents(database, call_id)


def kept_documents(database: Database, call_id: str | None = None) -> int:
    """How many documents there are, of one call or of all."""
    wanted = sa.select(sa.func.count()).select_from(documents.join(calls))
    if call_id is not None:
        wanted = wanted.where(calls.c.call_id == call_id)
    with database.reading() as connection:
        return int(connection.scalar(wanted) or 0)


def _file(database: Database) -> Iterator[str]:
    with database.reading() as connection:
        for said in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})").scalars():
            if said != "ok":
                yield f"the file is damaged: {said}"
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST):
            yield f"a row of {row[0]} belongs to nothing in {row[2]}"


def _erased(database: Database) -> Iterator[str]:
    """Bodies that are gone although no purge removed what they were about."""
    told: set[str] = set()
    gone: list[tuple[int, str | None]] = []
    with database.reading() as connection:
        for row in connection.execute(
            sa.select(journal_table.c.id, journal_table.c.identity)
            .where(journal_table.c.body.is_(None))
            .order_by(journal_table.c.id)
        ):
            gone.append((row.id, row.identity))
        if not gone:
            return
        for body in connection.scalars(
            sa.select(journal_table.c.body).where(journal_table.c.kind == "purge")
        ):
            told.update(_told(body))
    for number, identity in gone:
        if identity is None or identity not in told:
            yield f"the body of entry {number} of the journal was erased, and no purge tells of it"


def _told(body: str | None) -> set[str]:
    try:
        entry = msgspec.json.decode(body or "", type=PurgeEntry)
    except msgspec.MsgspecError:
        return set()
    if not isinstance(entry, PurgeRecord):
        return set()
    return {call.identity for call in entry.calls if call.identity} | set(entry.erased)


def _documents(database: Database, call_id: str | None) -> Iterator[str]:
    after = 0
    columns = (documents.c.id, documents.c.call, documents.c.number, documents.c.current, documents.c.body)
    while True:
        wanted = (
            sa.select(*columns, documents.c.digest, calls.c.call_id)
            .join(calls, calls.c.id == documents.c.call)
            .where(documents.c.id > after)
            .order_by(documents.c.id)
            .limit(_AT_ONCE)
        )
        if call_id is not None:
            wanted = wanted.where(calls.c.call_id == call_id)
        with database.reading() as connection:
            rows = connection.execute(wanted).all()
            wrong = [said for row in rows for said in _document(connection, row)]
        yield from wrong
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id


def _document(connection: sa.Connection, row: Any) -> Iterator[str]:
    which = f"version {row.number} of call {row.call_id!r}"
    try:
        document = unpacked(row.body, row.digest, which)
    except StoreError as error:
        yield f"the document of {which} was changed: {error.found}"
        return
    if row.current and not _indexed(connection, row.call, project(document)):
        yield f"points or verdicts in the index are not those of {which}"


def _indexed(connection: sa.Connection, call: int, rows: Projection) -> bool:
    for table, name, wanted in ((verdicts, "criterion", rows.verdicts), (scores, "category", rows.scores)):
        found = {
            getattr(row, name): row
            for row in connection.execute(sa.select(table).where(table.c.call == call))
        }
        if set(found) != {row[name] for row in wanted}:
            return False
        for row in wanted:
            kept = found[row[name]]._mapping
            if any(kept[column] != value for column, value in row.items()):
                return False
    return True
