"""What keeps and shows results must offer: stores, renderers, and what runs many calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from speechqa.core.analysis import Document
from speechqa.core.custody import MakeRecord, Purged
from speechqa.core.finding import Tally
from speechqa.core.journal import JournalEntry, JournalKind
from speechqa.core.source import RoleCorrection
from speechqa.core.totals import AccessRecord, AgentSummary, CriterionTotals, StoredVersion
from speechqa.core.value import Value


class CallSummary(Value, frozen=True, kw_only=True):
    """One line about a call in lists.

    `scores` and `verdicts` are the machine's; `record_scores` and `record_verdicts` hold those of record
    where a person decided otherwise, and nothing else.
    """

    call_id: str
    path: str | None
    status: str
    agent_id: str | None = None
    agent_name: str | None = None
    customer_id: str | None = None
    started_at: str | None = None
    duration: float | None = None
    language: str | None = None
    draft: bool = False
    scores: Mapping[str, Tally] = {}
    verdicts: Mapping[str, str] = {}
    record_scores: Mapping[str, Tally] = {}
    record_verdicts: Mapping[str, str] = {}
    signals: Mapping[str, bool | None] = {}
    interruptions: int | None = None
    listen_to: str | None = None
    error: str | None = None
    team: str | None = None
    listen_at: float | None = None
    listen_weight: int = 0
    customer_type: tuple[str, ...] = ()
    engine: str | None = None
    rubric: str | None = None
    rubric_digest: str | None = None
    direction: str | None = None
    queue_wait_s: float | None = None
    transfers: int | None = None

    @property
    def scores_of_record(self) -> Mapping[str, Tally]:
        """The scores that count."""
        return {**self.scores, **self.record_scores}

    @property
    def verdicts_of_record(self) -> Mapping[str, str]:
        """The verdicts that count."""
        return {**self.verdicts, **self.record_verdicts}


class CallFilter(Value, frozen=True, kw_only=True):
    """What `calls` may ask for; None means no condition. Conditions add up.

    Attributes
    ----------
    date_from, date_to : str or None
        First and last day, `YYYY-MM-DD`, local to the call. A call without a start answers to neither.
    hour_from, hour_to : int or None
        First and last hour, 0 to 23, local to the call; from 22 to 5 is the night.
    category, score_below, score_above : str or None, float or None
        Score as a rate in [0, 1], of that category or, without one, of any; a category alone asks for calls
        that have a score there.
    criterion, verdict : str or None
        The verdict on the criterion; without a verdict one that counts, without a criterion any of them.
    signal : str or None
        A signal that is true, `customer_type:NAME` or `contact_reason:NAME`.
    phrase, phrase_by : str or None
        Words said in a row in one turn, by `agent`, `customer` or, without, anybody. Case, accents, Hebrew
        points and final letters do not matter.
    status : str or None
        `done` or `failed`.
    interruptions_from : int or None
        At least so many interruptions by the agent.
    agent_name : str or None
        A piece of the agent's name.
    direction, tags : str or None, mapping
        As the manifest has them; each tag by its column's name.
    longer, shorter : float or None
        Length of the call in seconds, at least and at most; a call of unknown length answers to neither.
    silence_from : float or None
        A stretch of at least so many seconds in which nobody speaks.
    promise_due, promise_by : str or None
        A promise due that day, `YYYY-MM-DD`, or before, made by `agent`, `customer` or, without, anybody.
    sort : str
        `date`, newest first; `risk`, the heaviest reason to listen first; `score`, the lowest first, of the
        category asked for or of the worst; `duration`, the longest first. What is unknown comes last.
    listen : bool
        Only calls with a reason to listen to them.
    number_digests : tuple of str or None
        Keyed digests of a number that was masked in the call, any of which will do.
    limit, offset : int or None, int
        At most so many calls, after leaving out the first `offset`.
    """

    agent_id: str | None = None
    customer_id: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    hour_from: int | None = None
    hour_to: int | None = None
    category: str | None = None
    score_below: float | None = None
    score_above: float | None = None
    criterion: str | None = None
    verdict: str | None = None
    signal: str | None = None
    phrase: str | None = None
    status: str | None = None
    limit: int | None = None
    offset: int = 0
    team: str | None = None
    language: str | None = None
    draft: bool | None = None
    phrase_by: str | None = None
    interruptions_from: int | None = None
    agent_name: str | None = None
    direction: str | None = None
    tags: Mapping[str, str] = {}
    longer: float | None = None
    shorter: float | None = None
    silence_from: float | None = None
    promise_due: str | None = None
    promise_by: str | None = None
    sort: Literal["date", "risk", "score", "duration"] = "date"
    listen: bool = False
    number_digests: tuple[str, ...] | None = None


class Store(Protocol):
    """Keeps documents; nothing is overwritten, a newer analysis of a call supersedes the older."""

    def put(self, identity: str, fingerprint: str, document: Document) -> None:
        """Keep a document in one transaction; it becomes the call's current one.

        `identity` is the recording's digest, `fingerprint` the digest of all that the result depends on. A
        failure after a success is kept but leaves the success current.

        Raises
        ------
        DocumentRefused
            If the call id already belongs to another recording, or the document cannot be kept.
        StoreError
            If the store cannot be written.
        """

    def get(self, reference: str, *, version: int | None = None) -> Document:
        """The current document, or an older version, by call id, path, file name, stem or prefix of the id.

        Raises
        ------
        CallNotFound
            If no call, or more than one, answers to the reference, or it has no such version.
        """

    def done(self, identity: str, fingerprint: str) -> Document | None:
        """The analysed (not failed) document of exactly this input, or None."""

    def recalled(self, identity: str, fingerprint: str) -> CallSummary | None:
        """One line about the call whose current document `done` gives; None where it is not the current one.

        Far cheaper than the document. None too where the call failed since.
        """

    def make_current(self, identity: str, fingerprint: str) -> bool:
        """Make the document that `done` gives the current one again; False if there is none."""

    def history(self, reference: str) -> tuple[StoredVersion, ...]:
        """All kept documents of a call, newest first; `CallNotFound` as in `get`."""

    def identity(self, reference: str) -> str:
        """The digest of a call's recording; `CallNotFound` as in `get`, and where it was never analysed."""

    def correct_roles(self, identity: str, correction: RoleCorrection) -> None:
        """Keep what a person said of who is who; one without roles undoes those before it."""

    def gone(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Which of these present ids no call has now."""

    def role_correction(self, identity: str) -> RoleCorrection | None:
        """The correction that holds for a recording, None where none does."""

    def role_corrections(self, identity: str) -> tuple[RoleCorrection, ...]:
        """All corrections of a recording, oldest first, those without roles too."""

    def find(self, query: CallFilter) -> Iterator[CallSummary]:
        """Summaries of current documents, newest call first, then by id; `UsageError` for a bad query."""

    def summary(self, reference: str) -> CallSummary:
        """One line about a call; `CallNotFound` as in `get`."""

    def count(self, query: CallFilter) -> int:
        """How many calls `find` would give."""

    def documents(self, query: CallFilter) -> Iterator[Document]:
        """Current documents in the order of `find`."""

    def failures(self) -> Iterator[CallSummary]:
        """Calls whose latest attempt failed, also those done before, in the order of `find`."""

    def counts(self) -> Mapping[str, int]:
        """How many calls have a current document of each status, `done` and `failed` always among them."""

    def agents(self, query: CallFilter) -> tuple[AgentSummary, ...]:
        """Totals per agent over the calls that `find` would give, by agent id, those without one last."""

    def agent(self, agent_id: str, query: CallFilter) -> AgentSummary:
        """Totals of one agent; `CallNotFound` if no call of the query is theirs."""

    def criterion_totals(
        self, rubric: str, rubric_digest: str, *, with_drafts: bool = False
    ) -> Mapping[str, Mapping[str, CriterionTotals]]:
        """Totals by agent and criterion over calls judged by that rubric; no call of an unknown agent."""

    def log(
        self,
        event: str,
        *,
        call: str | Sequence[str] | None = None,
        actor: str,
        reason: str = "",
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Write down an access, an entry for each of several calls; entries are never changed or removed."""

    def accesses(self, call: str | None = None) -> Iterator[AccessRecord]:
        """What was written down, oldest first, of one call or of all."""

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
        """Write into the journal what somebody did; entries are never changed or removed.

        Parameters
        ----------
        while_open : bool
            Only while the recording's call lies in no closed period, as the writing itself sees it.

        Raises
        ------
        UsageError
            If nobody is named, a text is no Unicode, or the period is closed.
        """

    def notes(
        self, kind: JournalKind | None = None, *, identity: str | None = None
    ) -> Iterator[JournalEntry]:
        """Entries of the journal, oldest first, of one kind, about one recording, or all."""

    def broken(self) -> tuple[str, ...]:
        """What is wrong with the journal or the log of accesses, in words; nothing where all stands."""

    def damage(self, call_id: str | None = None) -> Iterator[str]:
        """What is wrong with logs and documents, of one call or of all, in words."""

    def kept_documents(self, call_id: str | None = None) -> int:
        """How many documents are kept, of one call or of all."""

    def unsearched_purges(self) -> tuple[int, ...]:
        """Numbers of the purges after which the store's files were not searched for what was removed."""

    def forget(
        self,
        call_ids: Sequence[str],
        record: MakeRecord,
        *,
        actor: str,
        identities: Sequence[str] = (),
        last_hold: int = 0,
    ) -> Purged:
        """Remove calls for good and write that down: all of it or nothing; then search the store for them.

        Raises
        ------
        CallNotFound
            If one of them is not there.
        StoreError
            If an entry about holds came after `last_hold`, or the store cannot be written.
        """

    def close(self) -> None:
        """Give back the connection."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Among the items of an executor one that needs no work: its result comes back as it is, at once."""

    result: Any


@dataclass(frozen=True, slots=True)
class Together:
    """Among the items of an executor with worker processes several that one of them works on at once.

    Attributes
    ----------
    items : tuple
        Each is tried again by the executor's own function, alone, where the worker dies before its result.
    by : callable
        Given the items gives their results one by one, in their order; it must pickle.
    """

    items: tuple[Any, ...]
    by: Callable[[tuple[Any, ...]], Iterator[Any]]


class StageCache(Protocol):
    """Keeps what stages found in a recording; what cannot be kept is missing, and no error."""

    def read(self, recording: str, key: str) -> bytes | None:
        """What was kept of a recording, by its SHA-256, under a key; None where nothing sound is there."""

    def write(self, recording: str, key: str, payload: bytes) -> None:
        """Keep something in the place of what was there, whole or not at all."""


class Executor(Protocol):
    """Runs one function over many items, results in the order they finish."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """Apply `function` to every item; what it raises is raised here, so it makes a result of a failure.

        A `Settled` item is given back when it is met, so that the source may be long and mostly done.
        """
