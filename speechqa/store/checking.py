"""Whether a store is as it was left: its file, its logs, every document, and the index over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.codec import NewerDocument
from speechqa.core.custody import PurgeEntry, PurgeRecord
from speechqa.errors import StoreError
from speechqa.protocols import CallSummary
from speechqa.store import access, journal
from speechqa.store.body import unpacked
from speechqa.store.columns import or_empty
from speechqa.store.database import Database
from speechqa.store.of_record import rows_of
from speechqa.store.projection import Projection, project
from speechqa.store.record_sums import counts, critical_failure, lengths, powers
from speechqa.store.schema import (
    calls,
    documents,
    record_verdicts,
    scores,
    summaries,
    verdicts,
    week_calls,
    week_criteria,
    week_scores,
)
from speechqa.store.schema import journal as journal_table

_FACTS = (
    "agent_id", "agent_name", "team", "customer_id", "started_at", "local_date", "local_week", "status",
    "draft", "rubric", "rubric_digest", "duration",
)  # fmt: skip
"""Columns of calls that say whose figures a call is in."""
_SUMMARY_FACTS = (
    "agent_id", "agent_name", "team", "customer_id", "started_at", "status", "draft", "scores", "verdicts",
)  # fmt: skip
_AT_ONCE = 50


def damage(database: Database, call_id: str | None = None) -> Iterator[str]:
    """What is wrong, in words; nothing where all stands.

    Parameters
    ----------
    call_id : str, optional
        Look at the documents of that call alone; the logs are looked at whole all the same.

    Notes
    -----
    Looked at: the database's own checks; the chains of the journal and of the log of accesses; that
    every erased body of the journal is told of by a purge; every kept document against its digest; whose a
    call is, its points and verdicts in the index against the current documents; what people's verdicts change
    in figures against the journal; the sums by week against the points they are sums of.
    """
    # Each list is whole before any of it is given: no transaction is open while the caller works.
    if call_id is None:
        yield from list(_file(database))
    yield from list(journal.broken(database))
    yield from list(access.broken(database))
    yield from list(_erased(database))
    if call_id is None:
        yield from list(_sums(database))
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
        yield from database.faults(connection)


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
        newer = isinstance(error.__cause__, NewerDocument)
        yield f"the document of {which} {'cannot be read' if newer else 'was changed'}: {error.found}"
        return
    if not row.current:
        return
    rows = project(document)
    if not _indexed(connection, row.call, rows):
        yield f"points or verdicts in the index are not those of {which}"
    if not _as_told(connection, row.call, rows):
        yield f"whose call it is, when it was or how it was judged is in the index not as in {which}"
    if not _of_record(connection, row.call):
        yield f"verdicts of record in the index are not what the journal says of call {row.call_id!r}"


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


def _as_told(connection: sa.Connection, call: int, rows: Projection) -> bool:
    """Whether lists and figures take a call for what its document says it is."""
    kept = connection.execute(sa.select(*(calls.c[name] for name in _FACTS)).where(calls.c.id == call)).one()
    body = connection.scalar(sa.select(summaries.c.body).where(summaries.c.call == call))
    try:
        summary = msgspec.json.decode(body or b"", type=CallSummary)
    except msgspec.MsgspecError:
        return False
    told = all(getattr(summary, name) == getattr(rows.summary, name) for name in _SUMMARY_FACTS)
    return told and all(kept._mapping[name] == rows.call[name] for name in _FACTS)


def _of_record(connection: sa.Connection, call: int) -> bool:
    """Whether what people's verdicts change in figures is what they said."""
    kept = connection.execute(sa.select(record_verdicts).where(record_verdicts.c.call == call)).all()
    try:
        told = rows_of(connection, call)
    except (msgspec.MsgspecError, StoreError):
        return True  # the chains and digests tell of it
    # What the machine did not judge is worth what the rubric says, which may have changed since or be gone.
    same = (verdicts.c.call == call, verdicts.c.possible.is_not(None))
    worth = set(connection.scalars(sa.select(verdicts.c.criterion).where(*same)))
    found = ([dict(row._mapping) for row in kept], told)
    one, other = ({row["criterion"]: row for row in rows if row["criterion"] in worth} for rows in found)
    return one == other


def _sums(database: Database) -> Iterator[str]:
    """Sums by week that are not the sums of what they are kept from."""
    own = (
        (week_scores, scores, powers(scores.c.earned, scores.c.possible)),
        (week_criteria, verdicts, counts(verdicts) | {"critical": critical_failure(verdicts)}),
        (week_calls, summaries, lengths()),
    )
    with database.reading() as connection:
        for kept, source, points in own:
            keys = [column.name for column in kept.primary_key]
            group = [_key(key, source) for key in keys]
            added = (
                sa.select(*group, *(sa.func.sum(value).label(what) for what, value in points.items()))
                .select_from(source.join(calls, calls.c.id == source.c.call))
                .group_by(*group)
            )
            taken = sa.select(
                *(kept.c[key] for key in keys), *((-kept.c[what]).label(what) for what in points)
            )
            both = sa.union_all(added, taken).subquery()
            differs = sa.or_(*(sa.func.sum(both.c[what]) != 0 for what in points))
            left = sa.select(sa.literal(1)).select_from(both).group_by(*(both.c[key] for key in keys))
            if connection.scalar(left.having(differs).limit(1)) is not None:
                yield f"sums by week in {kept.name} are not those of the calls"


def _key(name: str, source: sa.Table) -> sa.ColumnElement[Any]:
    if name in ("category", "criterion"):
        return source.c[name].label(name)
    if name == "draft":
        return calls.c.draft.label(name)
    return or_empty(calls.c["local_week" if name == "week" else name]).label(name)
