"""Reading documents and their summaries out of a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from speechqa.core.analysis import Document
from speechqa.core.totals import StoredVersion
from speechqa.errors import CallNotFound
from speechqa.protocols import CallFilter, CallSummary
from speechqa.store import of_record
from speechqa.store.body import unpacked
from speechqa.store.database import Database
from speechqa.store.queries import counted, matching
from speechqa.store.references import call_of
from speechqa.store.schema import calls, documents, summaries

if TYPE_CHECKING:
    from speechqa.review.sampling import Candidate

_SUMMARIES_AT_ONCE = 500
_IDS_AT_ONCE = 500
_DOCUMENTS_AT_ONCE = 8
_KEPT = (
    documents.c.id,
    documents.c.call,
    documents.c.current,
    documents.c.body,
    documents.c.digest,
    calls.c.call_id,
    calls.c.last_error,
)


class DocumentReader:
    """What a store answers about its calls; `speechqa.store.sql.SqlStore` is the store.

    Lists are taken in one look and read in pieces: no lock is held while the caller works on an item, and a
    call that changes meanwhile is given as it then is.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        """What the store lies in."""
        return self._database

    def get(self, reference: str, *, version: int | None = None) -> Document:
        """The current document of a call, or one of its older ones.

        Parameters
        ----------
        reference : str
            Call id, present or former; path; file name, with or without folder or extension; or at least
            four letters of the start of a call id. The first of these that fits any call decides.
        version : int, optional
            Number of a version as in `history`.

        Raises
        ------
        CallNotFound
            If no call or more than one is meant, or it has no such version.
        """
        with self._database.reading() as connection:
            call = call_of(connection, reference, self._database.where)
            which = documents.c.current if version is None else documents.c.number == version
            row = connection.execute(_kept().where(documents.c.call == call, which)).one_or_none()
        if row is None:
            raise CallNotFound(
                f"The call {reference!r} has no version {version}",
                where=self._database.where,
            )
        return self._unpacked(row)

    def done(self, identity: str, fingerprint: str) -> Document | None:
        """The analysed document of exactly this input, or None; failures are to be tried again."""
        with self._database.reading() as connection:
            row = connection.execute(done_as(identity, fingerprint)).one_or_none()
        return None if row is None else self._unpacked(row)

    def recalled(self, identity: str, fingerprint: str) -> CallSummary | None:
        """One line about the call whose current document `done` gives; None where another one is current."""
        exact = (calls.c.identity == identity, calls.c.last_error.is_(None))
        wanted = (
            sa.select(calls.c.id)
            .join(documents, documents.c.call == calls.c.id)
            .where(*exact, documents.c.current, documents.c.status == "done")
            .where(documents.c.fingerprint == fingerprint)
        )
        with self._database.reading() as connection:
            call = connection.scalar(wanted)
        return None if call is None else next(self._summaries((call,)), None)

    def history(self, reference: str) -> tuple[StoredVersion, ...]:
        """All kept documents of a call, newest first; `CallNotFound` as in `get`."""
        with self._database.reading() as connection:
            call = call_of(connection, reference, self._database.where)
            rows = connection.execute(
                sa.select(*(column for column in documents.c if column.name not in ("id", "call", "body")))
                .where(documents.c.call == call)
                .order_by(documents.c.number.desc())
            ).all()
        return tuple(StoredVersion(**row._mapping) for row in rows)

    def identity(self, reference: str) -> str:
        """The digest of a call's recording.

        Raises
        ------
        CallNotFound
            As in `get`, and where the call was never analysed: its recording is then not known.
        """
        with self._database.reading() as connection:
            call = call_of(connection, reference, self._database.where)
            found = connection.scalar(sa.select(calls.c.identity).where(calls.c.id == call))
        if found is None:
            raise CallNotFound(f"The call {reference!r} was never analysed", where=self._database.where)
        return str(found)

    def gone(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Which of these present ids no call has now."""
        left = set(call_ids)
        with self._database.reading() as connection:
            for at in range(0, len(call_ids), _IDS_AT_ONCE):
                some = call_ids[at : at + _IDS_AT_ONCE]
                left -= set(connection.scalars(sa.select(calls.c.call_id).where(calls.c.call_id.in_(some))))
        return frozenset(left)

    def summary(self, reference: str) -> CallSummary:
        """One line about a call; `CallNotFound` as in `get`."""
        with self._database.reading() as connection:
            call = call_of(connection, reference, self._database.where)
        for found in self._summaries((call,)):
            return found
        raise CallNotFound(f"The call {reference!r} was removed", where=self._database.where)

    def candidates(self, query: CallFilter, strata: Sequence[str]) -> Iterator[Candidate]:
        """Calls that could be drawn for review; to be taken at once, for the store is read meanwhile."""
        from speechqa.store.candidates import candidates  # drawing is loaded only where it is asked for

        with self._database.reading() as connection:
            yield from candidates(connection, query, strata)

    def find(self, query: CallFilter) -> Iterator[CallSummary]:
        """Summaries of the calls a query asks for, in its order, then newest first, then by call id.

        Raises
        ------
        UsageError
            If the query asks for what cannot be.
        """
        return self._summaries(self._keys(matching(query)))

    def count(self, query: CallFilter) -> int:
        """How many calls `find` would give."""
        with self._database.reading() as connection:
            return int(connection.scalar(counted(query)) or 0)

    def failures(self) -> Iterator[CallSummary]:
        """Calls whose latest attempt failed, also those done before, in the order of `find`."""
        return self._summaries(self._keys(matching(CallFilter()).where(calls.c.last_error.is_not(None))))

    def documents(self, query: CallFilter) -> Iterator[Document]:
        """Current documents in the order of `find`, a few in memory at a time."""
        return self._documents(self._keys(matching(query)))

    def counts(self) -> Mapping[str, int]:
        """How many calls have a current document of each status."""
        counted = sa.select(calls.c.status, sa.func.count().label("n")).group_by(calls.c.status)
        with self._database.reading() as connection:
            rows = connection.execute(counted).all()
        return {"done": 0, "failed": 0, **{row.status: row.n for row in rows}}

    def _keys(self, wanted: sa.Select[Any]) -> Sequence[int]:
        with self._database.reading() as connection:
            return connection.scalars(wanted).all()

    def _summaries(self, keys: Sequence[int]) -> Iterator[CallSummary]:
        about = (calls.c.call_id, calls.c.last_error, calls.c.rubric_digest)
        for piece in _pieces(keys, _SUMMARIES_AT_ONCE):
            wanted = sa.select(summaries.c.call, summaries.c.body, *about).join(
                calls, calls.c.id == summaries.c.call
            )
            with self._database.reading() as connection:
                rows = connection.execute(wanted.where(summaries.c.call.in_(piece))).all()
                found = of_record.beside(connection, {row.call: _summary(row) for row in rows})
            for key in piece:
                if key in found:
                    yield found[key]

    def _documents(self, keys: Sequence[int]) -> Iterator[Document]:
        for piece in _pieces(keys, _DOCUMENTS_AT_ONCE):
            with self._database.reading() as connection:
                rows = connection.execute(
                    _kept().where(documents.c.call.in_(piece), documents.c.current)
                ).all()
            found = {row.call: row for row in rows}
            for key in piece:
                if key in found:
                    yield self._unpacked(found[key])

    def _unpacked(self, row: Any) -> Document:
        return unpacked(row.body, row.digest, f"{self._database.where}, call {row.call_id!r}")


def _kept() -> sa.Select[Any]:
    return sa.select(*_KEPT).join(calls, calls.c.id == documents.c.call)


def done_as(identity: str, fingerprint: str) -> sa.Select[Any]:
    """The newest analysed document of exactly this input."""
    exact = (
        calls.c.identity == identity,
        documents.c.fingerprint == fingerprint,
        documents.c.status == "done",
    )
    return _kept().where(*exact).order_by(documents.c.number.desc()).limit(1)


def _pieces(keys: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _summary(row: Any) -> CallSummary:
    summary = msgspec.json.decode(row.body, type=CallSummary)
    if row.last_error is None and (row.call_id, row.rubric_digest) == (
        summary.call_id,
        summary.rubric_digest,
    ):
        return summary
    error = summary.error if row.last_error is None else row.last_error
    # Lines that older versions wrote know nothing of the rubric's digest.
    return msgspec.structs.replace(summary, call_id=row.call_id, error=error, rubric_digest=row.rubric_digest)
