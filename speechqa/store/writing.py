"""Keeping one document: whose it is, whether it becomes the current one, and the index that follows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.analysis import CallAnalysis, Document, FailedCall
from speechqa.errors import DocumentRefused
from speechqa.store.body import packed
from speechqa.store.closing import stands
from speechqa.store.of_record import follow
from speechqa.store.projection import Projection, project
from speechqa.store.schema import (
    INDEX_TABLES,
    call_names,
    call_paths,
    call_tags,
    call_text,
    calls,
    documents,
    masked_numbers,
    promises,
    scores,
    signals,
    summaries,
    verdicts,
)

_CALL = (calls.c.id, calls.c.call_id, calls.c.status, calls.c.path)


def now() -> str:
    """The time in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Writer:
    """A document ready to be kept; all work that needs no store is done when it is built.

    Raises
    ------
    DocumentRefused
        If the document has no call id or identity, or would not read back.
    """

    def __init__(self, identity: str, fingerprint: str, document: Document) -> None:
        if not identity or not document.call_id:
            raise DocumentRefused("A document needs an identity and a call id", where=str(document.path))
        self._identity = identity
        self._fingerprint = fingerprint
        self._document = document
        self._failed = isinstance(document, FailedCall)
        self._body, self._digest = packed(document)
        self._rows = project(document)
        try:
            f"{identity}{fingerprint}".encode()
        except UnicodeEncodeError as error:
            raise DocumentRefused("An identity or fingerprint is no Unicode text") from error

    def refused(self, why: str) -> DocumentRefused:
        """The error for a document that the database will not hold."""
        return DocumentRefused(
            "The document cannot be kept", where=f"call {self._document.call_id!r}", found=why
        )

    def keep(self, connection: sa.Connection) -> None:
        """Keep the document, in the caller's transaction."""
        call = self._call_of(connection)
        if call is None:
            key = self._new_call(connection)
            self._remember_names(connection, key)
            self._insert(connection, key, 1, current=True)
            index(connection, key, self._rows)
            return
        key = int(call.id)
        self._remember_names(connection, key)
        latest = connection.execute(
            sa.select(documents.c.id, documents.c.number, documents.c.fingerprint, documents.c.digest)
            .where(documents.c.call == key)
            .order_by(documents.c.number.desc())
            .limit(1)
        ).one_or_none()
        if latest is not None and (latest.fingerprint, latest.digest) == (self._fingerprint, self._digest):
            document_key = int(latest.id)
        else:
            document_key = self._insert(connection, key, 1 if latest is None else latest.number + 1)
        if call.status == "failed" or not (self._failed or stands(connection, key)):
            set_current(connection, key, document_key, self._rows)
        changes = {"last_error": self._rows.summary.error}
        if not self._failed:
            changes["identity"] = self._identity
        connection.execute(sa.update(calls).where(calls.c.id == key).values(changes))

    def _call_of(self, connection: sa.Connection) -> Any:
        """The call the document belongs to, None for a new one.

        A recording that was analysed is known by its digest. A failure proves no identity, for the file may
        still have been on its way or the manifest may have named another. So a call that was never analysed
        gives way: to whatever comes under its id, and to the first success at its path.
        """
        document = self._document
        known = connection.execute(sa.select(*_CALL).where(calls.c.identity == self._identity)).one_or_none()
        owner = connection.execute(
            sa.select(*_CALL).join(call_names).where(call_names.c.name == document.call_id)
        ).one_or_none()
        if owner is None:
            return self._failed_here(connection) if known is None and not self._failed else known
        if known is None and (owner.status == "failed" or (self._failed and self._was_at(connection, owner))):
            return owner
        if known is not None and known.id != owner.id and owner.status == "failed":
            absorb(connection, owner.id, known.id)
            return known
        if known is not None and known.id == owner.id:
            return known
        raise DocumentRefused(
            f"The call id {document.call_id!r} already belongs to another recording",
            where=document.path or "a call without a path",
            found=f"it belongs to {owner.path or 'a call without a path'}",
            hint="Give this one a call_id in the manifest that no other had, purge the other call, "
            "or use another store.",
        )

    def _failed_here(self, connection: sa.Connection) -> Any:
        """The one call of the document's path that was never analysed; None if there is none, or several."""
        if self._document.path is None:
            return None
        failed = sa.select(*_CALL).where(calls.c.status == "failed", calls.c.path == self._document.path)
        found = connection.execute(failed.limit(2)).all()
        return found[0] if len(found) == 1 else None

    def _was_at(self, connection: sa.Connection, call: Any) -> bool:
        """Whether a call is known to have lain at the document's path."""
        same = (call_paths.c.call == call.id, call_paths.c.path == self._document.path)
        return connection.scalar(sa.select(call_paths.c.path).where(*same)) is not None

    def _new_call(self, connection: sa.Connection) -> int:
        values = {
            "call_id": self._document.call_id,
            "identity": None if self._failed else self._identity,
            "last_error": self._rows.summary.error,
            **self._rows.call,
        }
        inserted = connection.execute(sa.insert(calls).values(values))
        assert inserted.inserted_primary_key is not None
        return int(inserted.inserted_primary_key[0])

    def _remember_names(self, connection: sa.Connection, key: int) -> None:
        call_id = self._document.call_id
        if connection.scalar(sa.select(call_names.c.call).where(call_names.c.name == call_id)) is None:
            connection.execute(sa.insert(call_names).values(name=call_id, call=key))
        known = set(connection.scalars(sa.select(call_paths.c.path).where(call_paths.c.call == key)))
        for path in _paths(self._document):
            if path not in known:
                pure = PurePath(path)
                connection.execute(
                    sa.insert(call_paths).values(path=path, call=key, file_name=pure.name, stem=pure.stem)
                )

    def _insert(self, connection: sa.Connection, key: int, number: int, *, current: bool = False) -> int:
        document = self._document
        inserted = connection.execute(
            sa.insert(documents).values(
                call=key,
                number=number,
                current=current,
                fingerprint=self._fingerprint,
                status=self._rows.summary.status,
                run_id=document.provenance.run_id if isinstance(document, CallAnalysis) else None,
                stored_at=now(),
                error=self._rows.summary.error,
                digest=self._digest,
                body=self._body,
            )
        )
        assert inserted.inserted_primary_key is not None
        return int(inserted.inserted_primary_key[0])


def absorb(connection: sa.Connection, failed: int, call: int) -> None:
    """Give the attempts, names and paths of a call that was never analysed to the one it turned out to be."""
    latest = (
        connection.scalar(sa.select(sa.func.max(documents.c.number)).where(documents.c.call == call)) or 0
    )
    moved = {"call": call, "number": documents.c.number + latest, "current": False}
    connection.execute(sa.update(documents).where(documents.c.call == failed).values(moved))
    connection.execute(sa.update(call_names).where(call_names.c.call == failed).values(call=call))
    known = sa.select(call_paths.c.path).where(call_paths.c.call == call)
    others = (call_paths.c.call == failed, call_paths.c.path.not_in(known))
    connection.execute(sa.update(call_paths).where(*others).values(call=call))
    connection.execute(sa.delete(call_paths).where(call_paths.c.call == failed))
    unindex(connection, failed)
    connection.execute(sa.delete(calls).where(calls.c.id == failed))


def set_current(connection: sa.Connection, call: int, document: int, rows: Projection) -> None:
    """Make a kept document the current one of its call, in place of the one that was, and index it."""
    connection.execute(
        sa.update(documents)
        .where(documents.c.call == call, documents.c.current, documents.c.id != document)
        .values(current=False)
    )
    connection.execute(sa.update(documents).where(documents.c.id == document).values(current=True))
    unindex(connection, call)
    changes = {"call_id": rows.summary.call_id, **rows.call}
    connection.execute(sa.update(calls).where(calls.c.id == call).values(changes))
    index(connection, call, rows)


def unindex(connection: sa.Connection, call: int) -> None:
    """Remove the rows around a call."""
    for table in INDEX_TABLES:
        connection.execute(sa.delete(table).where(table.c.call == call))
    connection.execute(sa.delete(call_text).where(call_text.c.rowid == call))


def index(connection: sa.Connection, call: int, rows: Projection) -> None:
    """Write the rows around a call that has none."""
    connection.execute(sa.insert(summaries).values(call=call, body=msgspec.json.encode(rows.summary)))
    for table, found in (
        (scores, rows.scores),
        (verdicts, rows.verdicts),
        (signals, rows.signals),
        (call_tags, rows.tags),
        (promises, rows.promises),
        (masked_numbers, rows.numbers),
    ):
        if found:
            connection.execute(sa.insert(table), [{"call": call, **row} for row in found])
    if any(rows.texts.values()):
        connection.execute(sa.insert(call_text).values(rowid=call, **rows.texts))
    follow(connection, call)


def _paths(document: Document) -> tuple[str, ...]:
    """Every path the call may be asked for by, once."""
    paths = [document.path]
    if isinstance(document, CallAnalysis) and document.recording is not None:
        paths += [document.recording.path, *(file.path for file in document.recording.files)]
    return tuple(dict.fromkeys(path for path in paths if path))
