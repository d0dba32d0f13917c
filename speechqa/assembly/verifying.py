"""Whether packs, stores and recordings are as they were; every fault in words that say what and where."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from speechqa.assembly.caching import held_recordings
from speechqa.assembly.listening import recording_problems
from speechqa.assembly.replaying import Replayed, replay_recording, replay_words
from speechqa.assembly.roles import stored_call
from speechqa.core.analysis import CallAnalysis
from speechqa.core.custody import PurgedCall, PurgeEntry, PurgeRecord
from speechqa.core.packed import PackManifest
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.errors import SpeechQAError, StoreError, UsageError
from speechqa.places.urls import is_url, shown_url
from speechqa.protocols import CallFilter, Store


class Verified(Value, frozen=True, kw_only=True):
    """What was looked at and what is wrong with it.

    `checked` counts what was looked at by kind, `problems` says what was changed and where, `notes` what
    could not be looked at. `otherwise` are other results of calls judged again by other code or models, and
    those that could not be judged again: no sign of a change. `known` says of a pack whether the store's log
    of accesses has this very archive; None where no store was asked.
    """

    target: str
    checked: Mapping[str, int]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    sha256: str | None = None
    otherwise: tuple[str, ...] = ()
    known: bool | None = None


class _Findings:
    """What is found on the way, by kind."""

    def __init__(self, problems: Iterable[str] = ()) -> None:
        self.problems, self.notes, self.otherwise = list(problems), list[str](), list[str]()

    def add(self, done: Replayed) -> None:
        """Take up what a call judged again tells."""
        self.problems += done.problems
        self.notes += done.notes
        self.otherwise += done.otherwise

    def verified(self, target: str, checked: Mapping[str, int], **more: Any) -> Verified:
        """All of it as one value."""
        return Verified(
            target=target,
            checked=checked,
            problems=tuple(self.problems),
            notes=tuple(self.notes),
            otherwise=tuple(self.otherwise),
            **more,
        )


def verify_pack(path: Path, *, replay: bool = False, store: Store | None = None) -> Verified:
    """Look at every byte of a pack.

    Parameters
    ----------
    replay : bool
        Judge its calls again from the transcripts in it, and from their recordings where they are here.
    store : Store, optional
        Where the pack may have been made: says whether its log of accesses knows the archive's digest.

    Raises
    ------
    UsageError
        If there is no such file.
    """
    from speechqa.ingest.identity import file_digest
    from speechqa.reports.case_archive import check_archive

    digest = file_digest(str(path))
    if digest is None:
        raise UsageError("The pack is not there, or cannot be read", where=printable(str(path)))
    checked_archive = check_archive(path)
    found = _Findings(checked_archive.problems)
    manifest = checked_archive.manifest
    if manifest is not None:
        found.notes += [
            f"{printable(call.call_id)}: {remark}" for call in manifest.calls for remark in call.remarks
        ]
    if manifest is not None and not found.problems:
        found.problems += _documents_told(path, manifest)
    known = None
    if store is not None:
        known = any(
            entry.details.get("sha256") == digest for entry in store.accesses() if entry.event == "pack"
        )
        found.notes.append(
            "The store's log knows this very archive."
            if known
            else "The store's log does not know this archive: it was made elsewhere, or is another."
        )
    if replay and manifest is not None and not found.problems:
        for document in _packed(path, manifest, found.problems):
            found.add(replay_words(document))
            recorded = document.recording.files if document.recording is not None else ()
            elsewhere = [file for file in recorded if is_url(file.path)]
            if elsewhere:
                # A pack may come from anybody: where it says its recordings lie, this machine does not ask.
                found.notes.append(
                    f"call {document.call_id} was not heard again: its recording lies at "
                    f"{shown_url(elsewhere[0].path)}, and a pack's addresses are not followed"
                )
            else:
                found.add(replay_recording(document))
    checked = {} if manifest is None else {"files": len(manifest.files) + 2, "calls": len(manifest.calls)}
    return found.verified(str(path), checked, sha256=digest, known=known)


def verify_store(store: Store, *, replay: bool = False, recordings: bool = False) -> Verified:
    """Look at a store: its file, the chains of its logs, every document, and the index.

    Parameters
    ----------
    replay : bool
        Judge every call again from its stored transcript.
    recordings : bool
        Look at every recording too.
    """
    found = _Findings(_damage(store))
    found.notes += _still_cached(store)
    found.notes += [
        f"Entry {number} of the journal: after that purge nobody looked for what was removed. The next purge "
        "writes the store anew."
        for number in store.unsearched_purges()
    ]
    checked = {
        "documents": store.kept_documents(),
        "journal": sum(1 for _ in store.notes()),
        "accesses": sum(1 for _ in store.accesses()),
    }
    # A damaged document would stop the walk over all.
    sound = not any("document of" in problem or "damaged" in problem for problem in found.problems)
    if (replay or recordings) and not sound:
        found.notes.append("Calls were not looked at one by one, for documents are damaged.")
    elif replay or recordings:
        for document in store.documents(CallFilter()):
            if isinstance(document, CallAnalysis):
                if recordings:
                    files = len(document.recording.files) if document.recording is not None else 0
                    checked["recordings"] = checked.get("recordings", 0) + files
                    found.problems += [
                        f"call {document.call_id}: {said}" for said, _ in recording_problems(document)
                    ]
                if replay:
                    checked["replayed"] = checked.get("replayed", 0) + 1
                    found.add(replay_words(document))
    return found.verified("the store", checked)


def verify_call(store: Store, reference: str, *, replay: bool = False) -> Verified:
    """Look at one call: its documents, its recording against them, and the logs.

    Raises
    ------
    CallNotFound, RecordingError, StoreError
        If there is no such call, it was never analysed, or its current document is damaged.
    """
    document = stored_call(store, reference)
    found = _Findings(_damage(store, document.call_id))
    files = document.recording.files if document.recording is not None else ()
    checked = {"documents": store.kept_documents(document.call_id), "recordings": len(files)}
    found.problems += [said for said, _ in recording_problems(document)]
    if not files:
        found.notes.append("The call was judged from a transcript: there is no recording.")
    if replay:
        identity = store.identity(document.call_id)
        corrected = any(True for _ in store.notes("word_correction", identity=identity))
        found.add(replay_words(document))
        found.add(replay_recording(document, corrected=corrected))
    return found.verified(f"call {document.call_id}", checked)


def _still_cached(store: Store) -> Iterator[str]:
    """That this machine's cache has something of a recording that was purged."""
    purged = {
        call.identity
        for entry in store.notes("purge")
        for call in _calls_of(entry.body)
        if call.identity is not None
    }
    try:
        kept = held_recordings(purged)
    except SpeechQAError as error:
        yield f"The cache was not searched for purged recordings: {error.message}"
        return
    if kept:
        yield (
            f"{kept} recordings that were purged here are in the cache: another store may have them, or they "
            "were audited again. `speechqa cache clear` removes all of it."
        )


def _calls_of(body: str | None) -> tuple[PurgedCall, ...]:
    try:
        entry = msgspec.json.decode(body or "", type=PurgeEntry)
    except (ValueError, msgspec.MsgspecError):
        return ()  # what is wrong with it is told of the journal
    return entry.calls if isinstance(entry, PurgeRecord) else ()


def _damage(store: Store, call_id: str | None = None) -> list[str]:
    """What is wrong with a store, also where it is so damaged that it cannot be looked at to its end."""
    found: list[str] = []
    try:
        for said in store.damage(call_id):
            found.append(said)  # what was found before an error counts
    except StoreError as error:
        found.append(f"the store is damaged: {error.message}")
    return found


def _documents_told(path: Path, manifest: PackManifest) -> Iterator[str]:
    """Documents that are not those the manifest says the store kept."""
    from speechqa.reports.case_archive import read_entry

    for call in manifest.calls:
        try:
            body = read_entry(path, f"{call.folder}/document.json").removesuffix(b"\n")
        except KeyError:
            yield f"the document of {printable(call.call_id)} is missing"
            continue
        if hashlib.sha256(body).hexdigest() != call.document_sha256:
            yield f"the document of {printable(call.call_id)} is not the one that the manifest says was kept"


def _packed(path: Path, manifest: PackManifest, problems: list[str]) -> list[CallAnalysis]:
    """The documents in a pack whose digests are right."""
    from speechqa.core.codec import decode
    from speechqa.reports.case_archive import read_entry

    found = []
    for call in manifest.calls:
        try:
            document = decode(read_entry(path, f"{call.folder}/document.json"))
        except (KeyError, ValueError) as error:
            problems.append(f"the document of {printable(call.call_id)} cannot be read: {error}")
            continue
        if isinstance(document, CallAnalysis):
            found.append(document)
    return found
