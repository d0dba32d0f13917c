"""The store over a SQL database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.analysis import Document
from speechqa.core.custody import MakeRecord, Purged
from speechqa.core.figures import Contacts, Pooled
from speechqa.core.journal import JournalEntry, JournalKind
from speechqa.core.source import RoleCorrection
from speechqa.core.totals import AccessRecord, AgentSummary, CriterionTotals, StoredVersion
from speechqa.errors import CallNotFound
from speechqa.protocols import CallFilter, CallSummary
from speechqa.store import access, checking, comparing, corrections, figures, journal, pooling, purging
from speechqa.store.body import unpacked
from speechqa.store.closing import stands
from speechqa.store.database import Database
from speechqa.store.projection import project
from speechqa.store.promised import Kept, promised
from speechqa.store.queries import counted, matching
from speechqa.store.references import call_of
from speechqa.store.schema import calls, documents, summaries
from speechqa.store.totals import agent_names, agent_summaries
from speechqa.store.upkeep import bring_up_to_date
from speechqa.store.writing import Writer, set_current

_SUMMARIES_AT_ONCE = 500
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


class SqlStore:
    """The `Store` over a database; `speechqa.store.open_store` makes one.

    Lists are taken in one look and read in pieces: no lock is held while the caller works on an item, and a
    call that changes meanwhile is given as it then is.
    """

    def __init__(self, database: Database, *, create: bool = True) -> None:
        self._database = database
        bring_up_to_date(database, create=create)

    def __enter__(self) -> SqlStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def put(self, identity: str, fingerprint: str, document: Document) -> None:
        """Keep a document in one transaction.

        Notes
        -----
        - An analysis becomes the call's current document; older ones stay readable by version. A call whose
          period is closed keeps the analysis it has: the new one is kept beside it.
        - A failure becomes current only while the call was never analysed. Otherwise it is kept, the analysis
          stays current, and summaries tell of the failure in `error`.
        - The recording of a call is known by `identity` once it was analysed; a call that only failed is
          known by its id or path, so that a file that was incomplete or misnamed finds its call again.
        - A new call id for a known recording becomes its id; the old one still answers in `get`.
        - The very same document put twice in a row is kept once.

        Raises
        ------
        DocumentRefused
            If the call id belongs to another recording, or the document would not read back.
        StoreError
            If the store cannot be written.
        """
        writer = Writer(identity, fingerprint, document)
        try:
            with self._database.writing() as connection:
                writer.keep(connection)
        except OverflowError as error:
            raise writer.refused("a number that is too large to be kept") from error

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
            row = connection.execute(_done(identity, fingerprint)).one_or_none()
        return None if row is None else self._unpacked(row)

    def make_current(self, identity: str, fingerprint: str) -> bool:
        """Make the document that `done` gives the current one again; False if there is none.

        A call of a closed period keeps the one it has.
        """
        with self._database.writing() as connection:
            row = connection.execute(_done(identity, fingerprint)).one_or_none()
            if row is None:
                return False
            if row.current and row.last_error is None:
                return True
            if not row.current and stands(connection, row.call):
                return True
            set_current(connection, row.call, row.id, project(self._unpacked(row)))
            connection.execute(sa.update(calls).where(calls.c.id == row.call).values(last_error=None))
            return True

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

    def correct_roles(self, identity: str, correction: RoleCorrection) -> None:
        """Keep what a person said of who is who; one without roles undoes those before it."""
        corrections.write_down(self._database, identity, correction)

    def role_correction(self, identity: str) -> RoleCorrection | None:
        """The correction that holds for a recording, None where none does."""
        found = corrections.read_back(self._database, identity, last=True)
        return found[0] if found and found[0].roles else None

    def role_corrections(self, identity: str) -> tuple[RoleCorrection, ...]:
        """All corrections of a recording, oldest first, those without roles too."""
        return corrections.read_back(self._database, identity)

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

    def agents(self, query: CallFilter = CallFilter()) -> tuple[AgentSummary, ...]:  # noqa: B008 - frozen
        """Totals per agent over the calls a query asks for, by agent id, those without an agent last."""
        with self._database.reading() as connection:
            return agent_summaries(connection, query)

    def agent(self, agent_id: str, query: CallFilter = CallFilter()) -> AgentSummary:  # noqa: B008 - frozen
        """Totals of one agent.

        Raises
        ------
        CallNotFound
            If no call that the query asks for is theirs.
        """
        own = msgspec.structs.replace(query, agent_id=agent_id)
        for summary in self.agents(own):
            return summary
        raise CallNotFound(
            f"There are no calls of agent {agent_id!r}",
            where=self._database.where,
            hint="List the agents with `speechqa agents`.",
        )

    def criterion_totals(
        self, rubric: str, rubric_digest: str, *, with_drafts: bool = False
    ) -> Mapping[str, Mapping[str, CriterionTotals]]:
        """Totals of record by agent and criterion over calls of that rubric; no call of an unknown agent."""
        return comparing.criterion_totals(self._database, rubric, rubric_digest, with_drafts=with_drafts)

    def pooled(
        self,
        by: Sequence[pooling.Part],
        query: CallFilter = CallFilter(),  # noqa: B008 - frozen
        *,
        drafts: bool = False,
        criteria: bool = False,
        only: Collection[str] | None = None,
        machine: bool = False,
        sunday: bool = False,
    ) -> tuple[Pooled, ...]:
        """Sums of calls by agent, team, week and rubric; `speechqa.store.pooling.pooled` says how."""
        asked = pooling.Summed(drafts=drafts, criteria=criteria, only=only, machine=machine, sunday=sunday)
        with self._database.reading() as connection:
            return pooling.pooled(connection, by, query, asked)

    def contacts(
        self, query: CallFilter, *, days: int, about: str | None = None, part: pooling.Part | None = None
    ) -> Mapping[str, Contacts]:
        """First contacts and those that no other followed; `speechqa.store.figures.contacts` says how."""
        with self._database.reading() as connection:
            return figures.contacts(connection, query, days=days, about=about, part=part)

    def calls_behind(
        self, agent_id: str, query: CallFilter, *, drafts: bool, machine: bool = False
    ) -> tuple[Sequence[Any], Sequence[Any]]:
        """Ids of an agent's calls and of those behind each lost point."""
        with self._database.reading() as connection:
            return figures.calls_behind(connection, agent_id, query, drafts=drafts, machine=machine)

    def promised(self, query: CallFilter) -> Mapping[str, Kept]:
        """Promises and direction of the calls a query asks for, by call id."""
        with self._database.reading() as connection:
            return promised(connection, query)

    def agent_names(self) -> Mapping[str, str]:
        """Each agent's name, from the newest of their calls that has one."""
        with self._database.reading() as connection:
            return agent_names(connection)

    def log(
        self,
        event: str,
        *,
        call: str | None = None,
        actor: str,
        reason: str = "",
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Write down who did what, to which call and why; entries are never changed or removed."""
        access.write_down(self._database, event, call=call, actor=actor, reason=reason, details=details)

    def accesses(self, call: str | None = None) -> Iterator[AccessRecord]:
        """What was written down, oldest first, of one call under all its ids or of all calls."""
        return access.read_back(self._database, call)

    def note(
        self,
        kind: JournalKind,
        body: Mapping[str, Any] | msgspec.Struct,
        *,
        actor: str,
        identity: str | None = None,
        call: str | None = None,
    ) -> JournalEntry:
        """Write into the journal what somebody did; entries are never changed or removed."""
        return journal.append(self._database, kind, body, actor=actor, identity=identity, call=call)

    def notes(
        self, kind: JournalKind | None = None, *, identity: str | None = None
    ) -> Iterator[JournalEntry]:
        """Entries of the journal, oldest first, of one kind, about one recording, or all."""
        return journal.read_back(self._database, kind, identity=identity)

    def broken(self) -> tuple[str, ...]:
        """What is wrong with the journal or the log of accesses, in words; nothing where all stands."""
        return (*journal.broken(self._database), *access.broken(self._database))

    def damage(self, call_id: str | None = None) -> Iterator[str]:
        """What is wrong with logs and documents, of one call or of all, in words."""
        return checking.damage(self._database, call_id)

    def kept_documents(self, call_id: str | None = None) -> int:
        """How many documents are kept, of one call or of all."""
        return checking.kept_documents(self._database, call_id)

    def forget(
        self,
        call_ids: Sequence[str],
        record: MakeRecord,
        *,
        actor: str,
        identities: Sequence[str] = (),
        last_hold: int = 0,
    ) -> Purged:
        """Remove calls for good, write down that it was done, and search the store's files for them."""
        return purging.forget(
            self._database, call_ids, record, actor=actor, identities=identities, last_hold=last_hold
        )

    def close(self) -> None:
        """Give back the connections; the store is of no use after."""
        self._database.close()

    def _keys(self, wanted: sa.Select[Any]) -> Sequence[int]:
        with self._database.reading() as connection:
            return connection.scalars(wanted).all()

    def _summaries(self, keys: Sequence[int]) -> Iterator[CallSummary]:
        columns = (summaries.c.call, summaries.c.body, calls.c.call_id, calls.c.last_error)
        for piece in _pieces(keys, _SUMMARIES_AT_ONCE):
            wanted = sa.select(*columns).join(calls, calls.c.id == summaries.c.call)
            with self._database.reading() as connection:
                rows = connection.execute(wanted.where(summaries.c.call.in_(piece))).all()
            found = {row.call: row for row in rows}
            for key in piece:
                if key in found:
                    yield _summary(found[key])

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


def _done(identity: str, fingerprint: str) -> sa.Select[Any]:
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
    if row.last_error is None and row.call_id == summary.call_id:
        return summary
    error = summary.error if row.last_error is None else row.last_error
    return msgspec.structs.replace(summary, call_id=row.call_id, error=error)
