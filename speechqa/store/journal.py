"""The journal: what people did about calls, which only grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.journal import JournalEntry, JournalKind
from speechqa.errors import UsageError
from speechqa.privacy.redaction import redact_text
from speechqa.store import chaining
from speechqa.store.chaining import digest_of, head, link, move_head
from speechqa.store.closing import require_open
from speechqa.store.database import Database
from speechqa.store.of_record import SAYING, follow_recording
from speechqa.store.schema import journal
from speechqa.store.writing import now

LOG = "journal"
_AT_ONCE = 500


def append(
    database: Database,
    kind: JournalKind,
    body: Mapping[str, Any] | msgspec.Struct,
    *,
    actor: str,
    identity: str | None = None,
    call: str | None = None,
    at: str | None = None,
    while_open: bool = False,
) -> JournalEntry:
    """Write down what somebody did; numbers in the name are masked, whoever calls this.

    Parameters
    ----------
    while_open : bool
        Only while the recording's call lies in no closed period.

    Raises
    ------
    UsageError
        If nobody is named, a text is no Unicode, or the period is closed.
    """
    if not actor.strip():
        raise UsageError(
            "The journal needs to know who does it", expected="a name", hint="Give it with --by."
        )
    actor = redact_text(actor)
    try:
        written = msgspec.json.encode(body, order="sorted").decode()
        "".join(value for value in (actor, identity, call) if value).encode()
    except UnicodeEncodeError as error:
        raise UsageError("The entry cannot be written down: no Unicode text") from error
    when = at or now()
    with database.writing() as connection:
        if while_open and identity is not None:
            require_open(connection, identity)
        return insert(connection, kind, written, actor=actor, identity=identity, call=call, at=when)


def insert(
    connection: sa.Connection,
    kind: JournalKind,
    written: str,
    *,
    actor: str,
    at: str,
    identity: str | None = None,
    call: str | None = None,
) -> JournalEntry:
    """Add an entry whose body is written already, in the caller's transaction."""
    count, before = head(connection, LOG)
    number = count + 1
    digest = digest_of(written)
    chain = link(before, (number, at, actor, kind, identity, call, digest))
    values = {
        "id": number, "at": at, "actor": actor, "kind": kind, "identity": identity, "call_id": call,
        "body": written, "body_digest": digest, "chain": chain,
    }  # fmt: skip
    connection.execute(sa.insert(journal).values(**values))
    move_head(connection, LOG, number, chain)
    if kind in SAYING and identity is not None:
        follow_recording(connection, identity)
    return JournalEntry(
        number=number, at=at, actor=actor, kind=kind, identity=identity, call_id=call, body=written,
        chain=chain,
    )  # fmt: skip


def read_back(
    database: Database, kind: JournalKind | None = None, *, identity: str | None = None
) -> Iterator[JournalEntry]:
    """Entries, oldest first, of one kind, about one recording, or all."""
    after = 0
    while True:
        wanted = sa.select(journal).where(journal.c.id > after).order_by(journal.c.id).limit(_AT_ONCE)
        if kind is not None:
            wanted = wanted.where(journal.c.kind == kind)
        if identity is not None:
            wanted = wanted.where(journal.c.identity == identity)
        with database.reading() as connection:
            rows = connection.execute(wanted).all()
        for row in rows:
            yield JournalEntry(
                number=row.id,
                at=row.at,
                actor=row.actor,
                kind=row.kind,
                identity=row.identity,
                call_id=row.call_id,
                body=row.body,
                chain=row.chain,
            )
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id


def erase(database: Database, identity: str) -> int:
    """Erase the bodies of all entries about a recording; their digests stay. Returns how many."""
    with database.writing() as connection:
        return erase_in(connection, identity)


def erase_in(connection: sa.Connection, identity: str) -> int:
    """As `erase`, in the caller's transaction."""
    found = connection.execute(
        sa.update(journal)
        .where(journal.c.identity == identity, journal.c.body.is_not(None))
        .values(body=None)
    )
    follow_recording(connection, identity)
    return int(found.rowcount)


def broken(database: Database) -> Iterator[str]:
    """What is wrong with the journal, in words; nothing where every entry stands as it was written."""
    columns = ("id", "at", "actor", "kind", "identity", "call_id", "body_digest")
    yield from chaining.broken(database, journal, columns, "the journal")
    bodies = sa.select(journal.c.id, journal.c.body, journal.c.body_digest).order_by(journal.c.id)
    with database.reading() as connection:
        for row in connection.execute(
            bodies.where(journal.c.body.is_not(None)).execution_options(yield_per=_AT_ONCE)
        ):
            if digest_of(row.body) != row.body_digest:
                yield f"the body of entry {row.id} of the journal was changed"
