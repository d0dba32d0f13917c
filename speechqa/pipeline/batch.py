"""Many calls through one store: what is done is skipped, what fails is kept as failed, nothing stops."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import msgspec

from speechqa.config import Settings
from speechqa.core.analysis import Document, FailedCall, Failure
from speechqa.core.correction import WordCorrection
from speechqa.core.plain import printable
from speechqa.core.source import CallSource, RoleCorrection, default_call_id
from speechqa.core.value import Value
from speechqa.errors import DocumentRefused, SpeechQAError
from speechqa.pipeline.words import masked_metadata
from speechqa.privacy.redaction import redact_text
from speechqa.protocols import Executor, Store

OutcomeState = Literal["done", "already", "failed"]


class Task(Value, frozen=True, kw_only=True):
    """One call to analyse.

    `identity` is the digest of the recording's bytes; `fingerprint` the digest of all that the result depends
    on, `input_digest` of what in it is neither settings nor rubric nor a correction; `problem` is set where
    the call failed before it began.
    """

    identity: str
    fingerprint: str
    source: CallSource
    problem: Failure | None = None
    input_digest: str | None = None


class Outcome(Value, frozen=True, kw_only=True):
    """What became of a call: analysed now, done before, or failed."""

    state: OutcomeState
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A task with the document that came of it, as a worker sends it home."""

    task: Task
    document: Document


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
) -> str:
    """The digest of all that a result depends on; without corrections the same as if there were none."""
    parts: tuple[object, ...] = (version, settings, rubric_digest, input_digest)
    if roles is not None:
        parts = (*parts, roles)
    return fingerprint(*parts, "words", *words) if words else fingerprint(*parts)


def failed_document(task: Task, error: BaseException) -> FailedCall:
    """The document of a call that failed with an error."""
    return failure_of(task, failure_from(error))


def failure_from(error: BaseException) -> Failure:
    """An error in words for a document; one that is not ours keeps its class and no traceback."""
    if isinstance(error, SpeechQAError):
        # What was found may be a piece of a transcript, with the numbers somebody dictated in it.
        found = redact_text(error.found) if error.found else error.found
        told = SpeechQAError(error.what, where=error.where, found=found, expected=error.expected)
        return Failure(
            type=type(error).__name__,
            message=printable(told.message),
            hint=printable(error.hint) if error.hint else None,
        )
    if isinstance(error, MemoryError):
        return Failure(
            type="MemoryError",
            message="There was not enough memory for this call",
            hint="Run with --workers 1, or with a smaller model",
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


def run(
    tasks: Iterable[Task], *, store: Store, executor: Executor, work: Callable[[Task], Worked]
) -> Iterator[Outcome]:
    """Analyse what is not done yet and keep every result.

    Parameters
    ----------
    tasks : iterable of Task
        Taken one by one, so that a folder of any size is never held.
    work : callable
        Turns a task into a document and never raises; must pickle for an executor with processes.

    Yields
    ------
    Outcome
        In the order calls finish; each is in the store before it is yielded.
    """
    waiting = iter(tasks)
    for task in waiting:
        document = done_before(task, store)
        if document is None:
            yield from _analysed(chain([task], waiting), store=store, executor=executor, work=work)
        else:
            yield Outcome(state="already", document=document)


def _analysed(
    tasks: Iterable[Task], *, store: Store, executor: Executor, work: Callable[[Task], Worked]
) -> Iterator[Outcome]:
    # The executor asks for tasks ahead of time. Those done already are passed over meanwhile, and their
    # documents fetched when it is their turn: there may be very many.
    already: deque[Task] = deque()

    def pending() -> Iterator[Task]:
        for task in tasks:
            if done_before(task, store) is None:
                yield task
            else:
                already.append(task)

    def passed_over() -> Iterator[Outcome]:
        while already:
            document = done_before(already.popleft(), store)
            if document is not None:
                yield Outcome(state="already", document=document)

    for worked in executor.map(work, pending()):
        yield from passed_over()
        yield kept(worked, store)
    yield from passed_over()


def done_before(task: Task, store: Store) -> Document | None:
    """The document of a task that was done before; it is the one that counts again."""
    if task.problem is not None:
        return None
    document = store.done(task.identity, task.fingerprint)
    if document is not None:
        store.make_current(task.identity, task.fingerprint)
    return document


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
    return Outcome(state="failed" if isinstance(document, FailedCall) else "done", document=document)
