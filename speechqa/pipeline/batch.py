"""Many calls through one store: what is done is skipped, what fails is kept as failed, nothing stops."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import msgspec

from speechqa.config import Settings
from speechqa.core.accidents import accident
from speechqa.core.analysis import Document, FailedCall, Failure
from speechqa.core.correction import WordCorrection
from speechqa.core.incidents import Incident
from speechqa.core.plain import printable
from speechqa.core.source import CallSource, RoleCorrection, default_call_id
from speechqa.core.value import Value
from speechqa.errors import DocumentRefused, SpeechQAError
from speechqa.pipeline.words import masked_metadata
from speechqa.privacy.redaction import redact_text
from speechqa.protocols import CallSummary, Executor, Settled, Store, Together

OutcomeState = Literal["done", "already", "failed"]


class Task(Value, frozen=True, kw_only=True):
    """One call to analyse.

    `identity` is the digest of the recording's bytes; `fingerprint` the digest of all that the result depends
    on, `input_digest` of what in it is neither settings nor rubric nor a correction; `problem` is set where
    the call failed before it began. `incidents` are the organisation's that may touch it, None where no file
    of them was named.
    """

    identity: str
    fingerprint: str
    source: CallSource
    problem: Failure | None = None
    input_digest: str | None = None
    size: int = 0
    incidents: tuple[Incident, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a call: analysed now, done before, or failed.

    Attributes
    ----------
    call_id : str
        What it is called.
    size : int
        Bytes of its recording.
    summary : CallSummary or None
        The line that the store has about a call that was done before and counts; None where only the document
        tells.
    read : callable
        Gives the document; of a call that was done before it is read from the store only then.
    """

    state: OutcomeState
    call_id: str
    read: Callable[[], Document]
    size: int = 0
    summary: CallSummary | None = None

    @property
    def document(self) -> Document:
        """The document of the call."""
        return self.read()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A task with the document that came of it, as a worker sends it home."""

    task: Task
    document: Document


Grouping = Callable[[Iterator[Task | Settled]], Iterator[Task | Settled | Together]]


def fingerprint(*parts: object) -> str:
    """SHA-256 over values a result depends on, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


def result_fingerprint(
    *,
    version: str,
    settings: Settings,
    rubric_digest: str,
    input_digest: str | None,
    roles: RoleCorrection | None,
    words: Sequence[WordCorrection] = (),
    incidents: str | None = None,
) -> str:
    """The digest of all that a result depends on; without corrections the same as if there were none.

    `incidents` is the digest of the organisation's incidents near the call, None without any.
    """
    parts: tuple[object, ...] = (version, settings, rubric_digest, input_digest)
    if roles is not None:
        parts = (*parts, roles)
    if incidents is not None:
        parts = (*parts, "incidents", incidents)
    return fingerprint(*parts, "words", *words) if words else fingerprint(*parts)


def failed_document(task: Task, error: BaseException) -> FailedCall:
    """The document of a call that failed with an error."""
    return failure_of(task, failure_from(error))


def failure_from(error: BaseException) -> Failure:
    """An error in words for a document; one that is not ours keeps its class and no traceback."""
    error = accident(error) or error
    if isinstance(error, SpeechQAError):
        # What was found may be a piece of a transcript, with the numbers somebody dictated in it.
        found = redact_text(error.found) if error.found else error.found
        told = SpeechQAError(error.what, where=error.where, found=found, expected=error.expected)
        return Failure(
            type="MemoryError" if isinstance(error, MemoryError) else type(error).__name__,
            message=printable(told.message),
            hint=printable(error.hint) if error.hint else None,
        )
    return Failure(
        type=type(error).__name__,
        message=f"An unexpected error in speechqa: {printable(redact_text(str(error)), limit=300)}",
        hint="This is a fault of the program: please report it with the command and this message",
    )


def failure_of(task: Task, failure: Failure) -> FailedCall:
    """The document of a call with a known failure."""
    return FailedCall(
        call_id=task.source.call_id or default_call_id(task.identity),
        path=printable(task.source.path),
        error=failure,
        metadata=masked_metadata(task.source.metadata),
    )


def lost_worker(task: Task) -> Worked:
    """What becomes of a call whose worker died twice."""
    failure = Failure(
        type="WorkerLost",
        message="The process that analysed this call was ended twice by the system",
        hint="It may have run out of memory: run with --workers 1, or with a smaller model",
    )
    return Worked(task=task, document=failure_of(task, failure))


def late_call(task: Task) -> Worked:
    """What becomes of a call that takes longer than it may."""
    failure = Failure(
        type="CallTookTooLong",
        message="The analysis of this call was ended, for it took longer than a call may",
        hint="Give it more with --time-limit, or leave the limit out; the same command tries it again",
    )
    return Worked(task=task, document=failure_of(task, failure))


def run(
    tasks: Iterable[Task],
    *,
    store: Store,
    executor: Executor,
    work: Callable[[Task], Worked],
    together: Grouping | None = None,
) -> Iterator[Outcome]:
    """Analyse what is not done yet and keep every result.

    Parameters
    ----------
    tasks : iterable of Task
        Taken one by one, so that a folder of any size is never held.
    work : callable
        Turns a task into a document and never raises; must pickle for an executor with processes.
    together : callable, optional
        Puts items that are to be worked on at once into one, for an executor that takes such.

    Yields
    ------
    Outcome
        In the order calls finish; each is in the store before it is yielded.
    """

    def pending() -> Iterator[Task | Settled]:
        for task in tasks:
            outcome = done_before(task, store)
            yield task if outcome is None else Settled(outcome)

    for result in executor.map(work, together(pending()) if together else pending()):
        if isinstance(result, Outcome):
            yield result
        else:
            # Another audit of the same recordings may have done it meanwhile.
            yield done_before(result.task, store) or kept(result, store)


def done_before(task: Task, store: Store) -> Outcome | None:
    """The outcome of a task that was done before, which counts again; None for one that was not."""
    if task.problem is not None:
        return None
    identity, fingerprint = task.identity, task.fingerprint
    summary = store.recalled(identity, fingerprint)
    if summary is not None:
        return Outcome(
            state="already",
            call_id=summary.call_id,
            read=partial(_again, store, identity, fingerprint, summary.call_id),
            size=task.size,
            summary=summary,
        )
    document = store.done(identity, fingerprint)
    if document is None:
        return None
    store.make_current(identity, fingerprint)
    return outcome_of("already", document, size=task.size)


def outcome_of(state: OutcomeState, document: Document, *, size: int = 0) -> Outcome:
    """The outcome with a document that is here already."""
    return Outcome(state=state, call_id=document.call_id, read=lambda: document, size=size)


def _again(store: Store, identity: str, fingerprint: str, call_id: str) -> Document:
    # Somebody may have had the call purged since: then the store says so.
    return store.done(identity, fingerprint) or store.get(call_id)


def kept(worked: Worked, store: Store) -> Outcome:
    """Put what came of a task into the store; a document that the store refuses is a failed call."""
    task, document = worked.task, worked.document
    try:
        store.put(task.identity, task.fingerprint, document)
    except DocumentRefused as error:
        # It cannot be kept, for instance under a name that belongs to another recording. Where the call had
        # failed before, that is what went wrong with it.
        if not isinstance(document, FailedCall):
            document = failed_document(task, error)
    return outcome_of("failed" if isinstance(document, FailedCall) else "done", document, size=task.size)
