"""Making a report: each page by itself, so that one that fails stops no other and none is made twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from speechqa.assembly.customers import LogAsked, gathered, quoted_in
from speechqa.assembly.own_view import quoted_calls
from speechqa.assembly.reporting.agent import Days, agent_facts
from speechqa.assembly.reporting.batch import batch_facts
from speechqa.assembly.reporting.call import call_facts
from speechqa.assembly.reporting.call_pages import CallPageJob, Drawn, draw, drawing_on
from speechqa.assembly.reporting.drawing import Drawing, maker
from speechqa.assembly.reporting.folder import PageKind, ReportFolder
from speechqa.assembly.reporting.listed import Listed, OwnCalls
from speechqa.assembly.reporting.wanted import ReportWanted
from speechqa.assembly.roles import stored_call
from speechqa.assembly.saving import require_not_purged
from speechqa.core.analysis import CallAnalysis
from speechqa.core.codec import encode
from speechqa.core.value import Value
from speechqa.errors import SpeechQAError
from speechqa.protocols import Settled
from speechqa.reports.language import Language, language
from speechqa.reports.naming import INDEX, agent_page_name, customer_page_name

if TYPE_CHECKING:
    from speechqa.reports.own_view import AgentView
    from speechqa.store.sql import SqlStore


class Made(Value, frozen=True, kw_only=True):
    """What became of one page of a report.

    Attributes
    ----------
    of : str
        The call's, agent's or customer's id; empty for the page over calls.
    files : tuple of str
        Names in the folder, the page first.
    error : str
        Why it could not be made.
    """

    kind: PageKind
    of: str
    state: Literal["made", "unchanged", "failed"]
    files: tuple[str, ...] = ()
    error: str = ""


class Report:
    """Makes pages out of a store into a folder; every call that is shown goes into the log of accesses.

    Parameters
    ----------
    folder : Path
        Created where absent.
    workers : int
        Processes that draw pages of calls, where they are many.

    Raises
    ------
    ReportError
        If the folder cannot be written.
    """

    def __init__(self, store: SqlStore, folder: Path, wanted: ReportWanted, *, workers: int = 1) -> None:
        self._store = store
        self._workers = workers
        self._folder = ReportFolder(folder)
        self._wanted = wanted
        self._drawing = Drawing(self._folder, wanted)

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    def calls(self, call_ids: Sequence[str], *, home: str = "") -> Iterator[Made]:
        """Make the pages of calls, each with what lies beside it, in the order they are done.

        Parameters
        ----------
        home : str
            Name of the page above them.
        """
        executor = drawing_on(self._workers, len(call_ids))
        for result in executor.map(draw, (self._wanted_page(call_id, home) for call_id in call_ids)):
            if isinstance(result, Made):
                yield result
            else:
                yield self._guarded("call", result.call_id, partial(self._accounted, result))

    def agent(self, agent_id: str, chosen: Listed, days: Days) -> Iterator[Made]:
        """Make an agent's page and those of these calls of theirs: nobody else's are in it."""
        yield from self.calls(chosen.analysed, home=agent_page_name(agent_id))
        own = chosen.agents.get(agent_id, OwnCalls((), "en"))
        yield self._guarded("agent", agent_id, partial(self._agent, agent_id, own, days, ""))

    def customer(self, customer_id: str, chosen: Listed, asked: LogAsked) -> Iterator[Made]:
        """Make a customer's page and those of their calls."""
        yield from self.calls(chosen.analysed, home=customer_page_name(customer_id))
        make = partial(self._customer, customer_id, chosen, asked)
        yield self._guarded("customer", customer_id, make)

    def batch(self, chosen: Listed, days: Days) -> Iterator[Made]:
        """Make the page over calls, and theirs, and one for each of their agents."""
        yield from self.calls(chosen.analysed, home=INDEX)
        for agent_id, own in chosen.agents.items():
            yield self._guarded("agent", agent_id, partial(self._agent, agent_id, own, days, INDEX))
        yield self._guarded("batch", "", partial(self._batch, chosen))

    def _guarded(self, kind: PageKind, of: str, make: Callable[[], Made]) -> Made:
        try:
            return make()
        except SpeechQAError as error:
            return Made(kind=kind, of=of, state="failed", error=error.message)
        except Exception as error:  # a page that cannot be drawn is told of by name, and the others are made
            return Made(kind=kind, of=of, state="failed", error=f"{type(error).__name__}: {error}")

    def _wanted_page(self, call_id: str, home: str) -> CallPageJob | Settled:
        """What a call's page is drawn of; what became of it where nothing is to be drawn."""
        job: CallPageJob | None = None

        def asked() -> Made:
            nonlocal job
            facts = call_facts(self._store, stored_call(self._store, call_id))
            document = facts.document
            basis = self._basis(
                encode(document),
                (facts.standings, facts.disputes, facts.closed, home, self._wanted.sound, _sizes(document)),
            )
            if (before := self._standing("call", call_id, basis)) is not None:
                return before
            # Nobody is given what a customer said without a trace of it: the log first, then the files.
            self._log(call_id)
            job = CallPageJob(
                facts=facts, basis=basis, folder=self._folder.path, wanted=self._wanted, home=home
            )
            return Made(kind="call", of=call_id, state="made")

        made = self._guarded("call", call_id, asked)
        return Settled(made) if job is None else job

    def _accounted(self, drawn: Drawn) -> Made:
        if drawn.error:
            return Made(kind="call", of=drawn.call_id, state="failed", error=drawn.error)
        return self._made("call", drawn.call_id, drawn.basis, drawn.names, (drawn.call_id,))

    def _agent(self, agent_id: str, own: OwnCalls, days: Days, home: str) -> Made:
        from speechqa.reports.view.agent import agent_page

        view = agent_facts(self._store, agent_id, days, self._wanted)
        chosen = self._wanted.chosen or own.language
        basis = self._basis(b"", (view, sorted(own.calls), chosen, home))
        if (before := self._standing("agent", agent_id, basis)) is not None:
            return before
        quoted = quoted_calls(view)
        for call_id in quoted:
            self._log(call_id)
        page = agent_page(view, spoken=language(chosen), paged=frozenset(own.calls), home=home)
        shown = sorted({*quoted, *_counted(view)})
        self._begin("agent", agent_id, agent_page_name(agent_id), shown)
        names = self._drawing.agent(agent_id, page)
        return self._made("agent", agent_id, basis, names, shown)

    def _customer(self, customer_id: str, chosen: Listed, asked: LogAsked) -> Made:
        from speechqa.reports.view.customer import customer_page

        found = gathered(self._store, customer_id, asked)
        spoken = self._wanted.chosen or chosen.language
        basis = self._basis(b"", (found, sorted(chosen.analysed), spoken))
        if (before := self._standing("customer", customer_id, basis)) is not None:
            return before
        for call_id in (None, *quoted_in(found)):
            self._log(call_id)
        page = customer_page(found, spoken=language(spoken), paged=frozenset(chosen.analysed))
        shown = [one.call_id for one in found.calls]
        self._begin("customer", customer_id, customer_page_name(customer_id), shown)
        names = self._drawing.customer(customer_id, page)
        return self._made("customer", customer_id, basis, names, shown)

    def _batch(self, chosen: Listed) -> Made:
        from speechqa.reports.view.batch import batch_page

        facts = batch_facts(
            self._store,
            chosen.lines(),
            minimum_calls=self._wanted.minimum_calls,
            with_drafts=self._wanted.with_drafts,
        )
        agents = (*chosen.agents,)
        basis = self._basis(b"", (facts, agents))
        if (before := self._standing("batch", "", basis)) is not None:
            return before
        for call_id in (None, *facts.quoted):
            self._log(call_id)
        page = batch_page(facts, language=self._language(), agent_pages=agents)
        self._begin("batch", "", INDEX, chosen.calls)
        names = self._drawing.batch(page)
        return self._made("batch", "", basis, names, chosen.calls)

    def _standing(self, kind: PageKind, of: str, basis: str) -> Made | None:
        entry = None if self._wanted.again else self._folder.unchanged(kind, of, basis)
        return None if entry is None else Made(kind=kind, of=of, state="unchanged", files=(*entry.files,))

    def _begin(self, kind: PageKind, of: str, page: str, calls: Iterable[str]) -> None:
        # A page of one call is known by its name; one over several, by its account alone.
        self._folder.begin(kind, of, names=self._drawing.names(page), calls=calls)

    def _made(self, kind: PageKind, of: str, basis: str, names: Iterable[str], calls: Iterable[str]) -> Made:
        entry = self._folder.account(kind, of, basis=basis, names=names, calls=calls)
        require_not_purged(self._store, entry.calls, [self._folder.path / name for name in entry.files])
        return Made(kind=kind, of=of, state="made", files=(*entry.files,))

    def _language(self) -> Language | None:
        """The pages' where one was asked for."""
        return None if self._wanted.chosen is None else language(self._wanted.chosen)

    def _log(self, call_id: str | None) -> None:
        from speechqa.privacy.redaction import redact_text

        self._store.log(
            "report",
            call=call_id,
            actor=redact_text(self._wanted.by),
            reason=redact_text(self._wanted.reason),
            details={"folder": str(self._folder.path.resolve())},
        )

    def _basis(self, document: bytes, facts: object) -> str:
        """Digest of all that a page is made of, and of what makes it."""
        chosen = (self._wanted.language, self._wanted.pictures, self._wanted.formats)
        told = msgspec.json.encode((facts, chosen), order="deterministic")
        return hashlib.sha256(b"\0".join((document, told, maker()))).hexdigest()


def _counted(view: AgentView) -> Iterator[str]:
    """Calls that an agent's figures count, and those of their disputes."""
    for rubric in view.rubrics:
        yield from rubric.score.calls
    yield from (one.call_id for one in view.disputes)


def _sizes(document: CallAnalysis) -> tuple[int | None, ...]:
    """Bytes of each file of the recording, None where it is not there: one that came back is heard again."""
    return tuple(_size(Path(f.path)) for f in (document.recording.files if document.recording else ()))


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
