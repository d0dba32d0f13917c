"""Purging: which calls would go, what of them is known to lie elsewhere, and then doing it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from speechqa.assembly.caching import forget_recordings
from speechqa.assembly.holds import holding, standing
from speechqa.assembly.reporting.folder import drop_calls
from speechqa.assembly.reporting.traces import Traces
from speechqa.config import LONGEST_RETENTION
from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.custody import Hold, PurgedCall, PurgeProof, PurgeRecord, customer_identity
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.errors import CallNotFound, UsageError
from speechqa.places.urls import is_url
from speechqa.protocols import CallFilter, Store

FileKind = Literal["clip", "pack", "page", "sound", "picture", "index", "table", "recording", "transcript"]

_TAKEN: Mapping[str, FileKind] = {"clip": "clip", "pack": "pack", "picture": "picture"}
"""By the event in the log of accesses, what the file is that it names."""


class PurgeRequest(Value, frozen=True, kw_only=True):
    """Which calls are to go: those named, or those that answer to all the conditions given.

    `older_than` is an age in days by the call's start, or, where that is unknown, by when it was first kept.
    """

    calls: tuple[str, ...] = ()
    customer_id: str | None = None
    older_than: int | None = None

    @property
    def words(self) -> str:
        """How the calls were chosen, in words that name nobody."""
        conditions = [f"older than {self.older_than} days"] if self.older_than is not None else []
        conditions += ["of one customer"] if self.customer_id is not None else []
        return " and ".join(conditions) or "named one by one"


class KnownFile(Value, frozen=True, kw_only=True):
    """A file made of a call, or the call was made of.

    `sha256` is None where the file is not what it was: it is then left alone, as `left` says.
    """

    kind: FileKind
    path: str
    sha256: str | None = None
    left: str | None = None


class PlannedCall(Value, frozen=True, kw_only=True):
    """A call that would go, or that a hold keeps."""

    call_id: str
    identity: str | None
    started_at: str | None
    customer_id: str | None
    versions: int
    files: tuple[KnownFile, ...] = ()
    held: tuple[Hold, ...] = ()


class PurgePlan(Value, frozen=True, kw_only=True):
    """What a purge would do. `last_hold` is the last entry about holds that was seen."""

    request: PurgeRequest
    recordings: bool
    calls: tuple[PlannedCall, ...]
    held: tuple[PlannedCall, ...]
    last_hold: int

    @property
    def files(self) -> tuple[KnownFile, ...]:
        """The files that go too, each once."""
        going = {file.path: file for call in self.calls for file in call.files if file.left is None}
        return tuple(going.values())

    @property
    def left(self) -> tuple[KnownFile, ...]:
        """The files that are known and stay."""
        staying = {file.path: file for call in self.calls for file in call.files if file.left is not None}
        return tuple(staying.values())


class PurgeResult(Value, frozen=True, kw_only=True):
    """What a purge did: its record and where that stands in the journal, the proof, files not deleted.

    `cached` counts the entries of this machine's cache that went too.
    """

    entry: int
    record: PurgeRecord
    proof: PurgeProof
    deleted: int
    problems: tuple[str, ...] = ()
    cached: int = 0


def plan_purge(
    store: Store, request: PurgeRequest, *, recordings: bool = False, now: datetime | None = None
) -> PurgePlan:
    """What a purge would remove; nothing is changed.

    Raises
    ------
    UsageError
        If nothing says which calls, or calls are named beside conditions.
    CallNotFound
        If a named call is not there.
    """
    conditions = request.customer_id is not None or request.older_than is not None
    if bool(request.calls) == conditions:
        raise UsageError(
            "Which calls are to go?",
            expected="CALL..., or --older-than DAYS and --customer ID",
            hint="Or set SPEECHQA_RETENTION_DAYS, and calls older than that are meant.",
        )
    if request.older_than is not None and not 0 <= request.older_than <= LONGEST_RETENTION:
        raise UsageError(
            "No call is so old", found=str(request.older_than), expected=f"days from 0 to {LONGEST_RETENTION}"
        )
    among, last = standing(store)
    reports = tuple(Traces(folder) for folder in _report_folders(store))
    shared = _packed_together(store)
    planned: dict[str, PlannedCall] = {}
    for document in _chosen(store, request, now or datetime.now(UTC)):
        if document.call_id in planned:
            continue
        identity = _identity(store, document.call_id)
        planned[document.call_id] = PlannedCall(
            call_id=document.call_id,
            identity=identity,
            started_at=document.metadata.started_at,
            customer_id=document.metadata.customer_id,
            versions=len(store.history(document.call_id)),
            files=tuple(_files(store, document, reports, recordings=recordings)),
            held=holding(store, document, identity, among),
        )
    going = {call.call_id for call in planned.values() if not call.held}
    return PurgePlan(
        request=request,
        recordings=recordings,
        calls=tuple(_with_whole_packs(planned[name], shared, going) for name in planned if name in going),
        held=tuple(call for call in planned.values() if call.held),
        last_hold=last,
    )


def purge(store: Store, plan: PurgePlan, *, by: str, reason: str) -> PurgeResult:
    """Do what was planned: the store first, in one transaction with the record of it, then the files.

    Raises
    ------
    UsageError
        If there is no reason, or nothing to remove.
    StoreError
        If holds have changed since the plan, or the store cannot be written; nothing is then removed.
    """
    from speechqa.privacy.redaction import redact_text

    if not reason.strip():
        raise UsageError("A purge needs a reason", expected="--reason")
    if not plan.calls:
        raise UsageError("There is nothing to remove")
    customer = plan.request.customer_id
    plan = replace(plan, calls=tuple(_looked_at_again(store, plan.calls)))
    heard = _heard(store, plan.calls)
    files = plan.files
    erased = (customer_identity(customer),) if customer is not None and not plan.held else ()
    folders = _report_folders(store)
    made: list[PurgeRecord] = []

    def record(calls: tuple[PurgedCall, ...], rows: Mapping[str, int]) -> PurgeRecord:
        made.append(
            PurgeRecord(
                reason=redact_text(reason),
                chosen=plan.request.words,
                calls=calls,
                rows=rows,
                erased=erased,
                files=tuple(f.sha256 for f in files if f.sha256 and f.kind != "recording"),
                recordings=tuple(f.sha256 for f in files if f.sha256 and f.kind == "recording"),
            )
        )
        return made[-1]

    purged = store.forget(
        [call.call_id for call in plan.calls],
        record,
        actor=redact_text(by),
        identities=erased,
        last_hold=plan.last_hold,
    )
    # What was accounted for between the look at the files and the transaction; who comes later looks itself.
    late = (file for call in _looked_at_again(store, plan.calls) for file in call.files if file.left is None)
    files = tuple({file.path: file for file in (*files, *late)}.values())
    left = tuple(_delete(files))
    cached, still_cached = forget_recordings(heard)
    trouble = (purged.trouble,) if purged.trouble else ()
    problems = (*trouble, *left, *_forget_in(folders, plan.calls), *still_cached)
    return PurgeResult(
        entry=purged.entry.number,
        record=made[-1],
        proof=purged.proof,
        deleted=len(files) - len(left),
        problems=problems,
        cached=cached,
    )


def _chosen(store: Store, request: PurgeRequest, now: datetime) -> Iterator[Document]:
    if request.calls:
        yield from (store.get(reference) for reference in request.calls)
        return
    ids = [
        summary.call_id
        for summary in store.find(CallFilter(customer_id=request.customer_id))
        if request.older_than is None
        or _since(store, summary.call_id, summary.started_at) < now - timedelta(days=request.older_than)
    ]
    yield from map(store.get, ids)


def _since(store: Store, call_id: str, started_at: str | None) -> datetime:
    """When a call began, or, where nobody said, when it was first kept."""
    from speechqa.store.projection import start_of

    moment = start_of(started_at).moment
    if moment is not None:
        return datetime.fromtimestamp(moment, UTC)
    return datetime.fromisoformat(store.history(call_id)[-1].stored_at)


def _files(
    store: Store, document: Document, reports: Iterable[Traces], *, recordings: bool
) -> Iterator[KnownFile]:
    from speechqa.ingest.identity import file_digest

    yield from _written(store, document.call_id, reports)
    if not isinstance(document, CallAnalysis):
        return
    for file in document.recording.files if document.recording is not None else ():
        if is_url(file.path):
            yield KnownFile(
                kind="recording", path=file.path, left="it lies elsewhere: delete it there yourself"
            )
            continue
        found = file_digest(file.path)
        if found is None:
            continue
        left = None if recordings else "recordings go with --recordings only"
        if found != file.sha256:
            left = "its bytes are not those that were analysed"
        yield KnownFile(kind="recording", path=file.path, sha256=found if left is None else None, left=left)
    transcript = _given_transcript(document)
    if transcript is not None:
        yield KnownFile(kind="transcript", path=transcript, left="it came from outside: delete it yourself")


def _given_transcript(document: CallAnalysis) -> str | None:
    """Where the words that came with a call lie, unmasked: in its own file, or beside its recording."""
    from speechqa.ingest.identity import file_digest
    from speechqa.ingest.kinds import first_transcript, split_name

    if document.recording is None:
        return document.path if document.path is not None and file_digest(document.path) is not None else None
    for file in document.recording.files:
        if is_url(file.path):
            continue
        path = Path(file.path)
        stems = (split_name(file.path)[0], document.call_id)
        beside = first_transcript([str(path.parent)], stems, lambda name: Path(name).is_file())
        if beside is not None:
            return beside
    return None


def _written(store: Store, call_id: str, reports: Iterable[Traces]) -> Iterator[KnownFile]:
    """Files that were made of a call."""
    from speechqa.ingest.identity import file_digest

    for access in store.accesses(call_id):
        table = access.details.get("file") if access.event == "calls exported" else None
        if table is not None and Path(table).is_file():
            yield KnownFile(kind="table", path=table, left="an export with a row of it: delete it yourself")
        output, digest = access.details.get("output"), access.details.get("sha256")
        kind = _TAKEN.get(access.event)
        if kind is None or output is None or digest is None:
            continue
        # The very bytes that were written, or somebody else's file would go.
        if file_digest(output) == digest:
            yield KnownFile(kind=kind, path=output, sha256=digest)
    for report in reports:
        for kind, path, written in report.of(call_id):
            yield KnownFile(kind=kind, path=path, sha256=written)


def _looked_at_again(store: Store, calls: tuple[PlannedCall, ...]) -> Iterator[PlannedCall]:
    """The calls of a plan with what is made of them by now: pages may have been made while it was read."""
    reports = tuple(Traces(folder) for folder in _report_folders(store))
    shared, going = _packed_together(store), {call.call_id for call in calls}
    for call in calls:
        came = tuple(file for file in call.files if file.kind in ("recording", "transcript"))
        made = tuple(_written(store, call.call_id, reports))
        yield _with_whole_packs(replace(call, files=(*made, *came)), shared, going)


def _packed_together(store: Store) -> dict[str, set[str]]:
    """The calls of each pack that the log of accesses knows, by the pack's digest."""
    together: dict[str, set[str]] = {}
    for access in store.accesses():
        digest = access.details.get("sha256")
        if access.event == "pack" and digest is not None and access.call_id is not None:
            together.setdefault(digest, set()).add(access.call_id)
    return together


def _with_whole_packs(call: PlannedCall, shared: Mapping[str, set[str]], going: set[str]) -> PlannedCall:
    """A pack goes only with all its calls: it may be what a held one is to be proved by."""

    def kept(file: KnownFile) -> KnownFile:
        if file.kind != "pack" or shared.get(file.sha256 or "", set()) <= going:
            return file
        return KnownFile(kind="pack", path=file.path, left="it holds calls that stay: look at it yourself")

    return replace(call, files=tuple(kept(file) for file in call.files))


def _report_folders(store: Store) -> tuple[Path, ...]:
    """Folders that pages were written into, as the log of accesses knows them."""
    told = (access.details.get("folder") for access in store.accesses() if access.event == "report")
    return tuple(Path(folder) for folder in dict.fromkeys(told) if folder is not None)


def _delete(files: Iterable[KnownFile]) -> Iterator[str]:
    for file in files:
        try:
            os.unlink(file.path)  # noqa: PTH108 - a link is removed, not what it points to
        except FileNotFoundError:
            continue
        except OSError as error:
            yield f"{printable(file.path)} could not be deleted: {error.strerror}"


def _forget_in(folders: Iterable[Path], calls: Iterable[PlannedCall]) -> Iterator[str]:
    """Take calls out of the accounts of the folders that reports were made in."""
    gone = frozenset(call.call_id for call in calls)
    for folder in folders:
        try:
            drop_calls(folder, gone)
        except OSError as error:
            yield f"The account in {printable(str(folder))} still names the calls: {error.strerror}"


def _heard(store: Store, calls: Iterable[PlannedCall]) -> tuple[str, ...]:
    """Digests of the recordings that stages may have been kept of: also of calls that failed later on."""
    from speechqa.ingest.identity import file_digest

    found = []
    for call in calls:
        path = store.get(call.call_id).path if call.identity is None else None
        found.append(call.identity if path is None else file_digest(path))
    return tuple(identity for identity in found if identity is not None)


def _identity(store: Store, call_id: str) -> str | None:
    try:
        return store.identity(call_id)
    except CallNotFound:
        return None
