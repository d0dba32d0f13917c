"""The store over a SQL database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.analysis import Document
from speechqa.core.custody import MakeRecord, Purged
from speechqa.core.figures import Contacts, Pooled
from speechqa.core.journal import JournalEntry, JournalKind
from speechqa.core.source import RoleCorrection
from speechqa.core.totals import AccessRecord, AgentSummary, CriterionTotals
from speechqa.errors import CallNotFound
from speechqa.protocols import CallFilter
from speechqa.store import access, checking, comparing, corrections, figures, journal, pooling, purging
from speechqa.store.call_log import customers_with, days_with_calls
from speechqa.store.closing import stands
from speechqa.store.database import Database
from speechqa.store.projection import project
from speechqa.store.promised import Kept, promised
from speechqa.store.reading import DocumentReader, done_as
from speechqa.store.record_sums import waiting_calls
from speechqa.store.schema import calls
from speechqa.store.totals import agent_names, agent_summaries
from speechqa.store.upkeep import bring_up_to_date
from speechqa.store.writing import Writer, set_current


class SqlStore(DocumentReader):
    """The `Store` over a database; `speechqa.store.open_store` makes one."""

    def __init__(self, database: Database, *, create: bool = True) -> None:
        super().__init__(database)
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

    def make_current(self, identity: str, fingerprint: str) -> bool:
        """Make the document that `done` gives the current one again; False if there is none.

        A call of a closed period keeps the one it has.
        """
        with self._database.writing() as connection:
            row = connection.execute(done_as(identity, fingerprint)).one_or_none()
            if row is None:
                return False
            if row.current and row.last_error is None:
                return True
            if not row.current and stands(connection, row.call):
                return True
            set_current(connection, row.call, row.id, project(self._unpacked(row)))
            connection.execute(sa.update(calls).where(calls.c.id == row.call).values(last_error=None))
            return True

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

    def waiting(self, query: CallFilter) -> tuple[tuple[str, str], ...]:
        """Call id and criterion of each critical failure that waits for a person, by call id."""
        with self._database.reading() as connection:
            wanted = waiting_calls(pooling.wanted_calls(query))
            return tuple((row.call_id, row.criterion) for row in connection.execute(wanted))

    def promised(self, query: CallFilter) -> Mapping[str, Kept]:
        """Promises and direction of the calls a query asks for, by call id."""
        with self._database.reading() as connection:
            return promised(connection, query)

    def days_with_calls(self, last: str) -> tuple[str, ...]:
        """Days with a call of anybody, up to the last asked, in order."""
        with self._database.reading() as connection:
            return days_with_calls(connection, last)

    def customers_with(self, names: Collection[str], first: str, last: str) -> tuple[str, ...]:
        """Customers with one of these signals in a call of those days, by id."""
        with self._database.reading() as connection:
            return customers_with(connection, names, first, last)

    def agent_names(self, agents: Iterable[str]) -> Mapping[str, str]:
        """Name of each of these agents, from the newest of their calls that has one."""
        with self._database.reading() as connection:
            return agent_names(connection, agents)

    def log(
        self,
        event: str,
        *,
        call: str | Sequence[str] | None = None,
        actor: str,
        reason: str = "",
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Write down who did what, to which call or calls and why; entries are never changed or removed."""
        several = (call,) if call is None or isinstance(call, str) else call
        access.write_down(self._database, event, calls=several, actor=actor, reason=reason, details=details)

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
        while_open: bool = False,
    ) -> JournalEntry:
        """Write into the journal what somebody did; entries are never changed or removed."""
        return journal.append(
            self._database, kind, body, actor=actor, identity=identity, call=call, while_open=while_open
        )

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

    def unsearched_purges(self) -> tuple[int, ...]:
        """Numbers of the purges after which the store's files were not searched."""
        return purging.unsearched(self._database)

    def close(self) -> None:
        """Give back the connections; the store is of no use after."""
        self._database.close()
