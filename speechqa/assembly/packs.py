"""Inspection packs: all that is kept of calls in one archive that anybody can check."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

import msgspec

from speechqa.assembly.listening import (
    hidden_stretches,
    opened_recording,
    recording_problems,
    write_stretch,
)
from speechqa.assembly.roles import stored_call
from speechqa.assembly.saving import digest_so_far, require_not_purged, safe_stem, saved
from speechqa.core.analysis import CallAnalysis
from speechqa.core.codec import encode
from speechqa.core.packed import PACK_FORMAT, PackedCall, PackedFile, PackManifest
from speechqa.core.plain import printable
from speechqa.core.segment import Segment
from speechqa.core.value import Value
from speechqa.errors import RecordingError, RecordingNotFound, UnreadableRecording, UsageError
from speechqa.files.unfinished import work_folder
from speechqa.protocols import Store
from speechqa.version import __version__

Sound = Literal["bleeped", "original", "none"]

_README = """An inspection pack of speechqa {version}
{line}

Made {at} by {by}.
Why: {reason}
Calls: {calls}

Is it unchanged?
  1. sha256sum THIS.zip           The digest that was told when it was made? Then nothing at all was changed.
  2. unzip THIS.zip -d PACK       into a new folder; it must not ask whether to replace a file
     cd PACK
     sha256sum -c SHA256SUMS      OK for every file
     find . -type f | wc -l       one more than `wc -l SHA256SUMS`, which is not in itself: nothing was added
  macOS:    shasum -a 256 in the place of sha256sum
  Windows:  Get-FileHash FILE     and compare with the line in SHA256SUMS
  anywhere: speechqa verify THIS.zip     (finds any changed byte, of the archive itself too)
            speechqa verify THIS.zip --replay     (judges the calls again and compares)
Whoever changes files and SHA256SUMS together leaves no trace in the pack alone: only the digest of the whole
archive shows it, as it was told when the pack was made and as the store's log of accesses has it.

What is in it, for each call in calls/:
  audio.flac         the recording, numbers that the transcript masks bleeped over; plays in any player
  recording/         in its place, where the original was asked for: the very files
  transcript.txt, transcript.vtt, transcript.json
  scorecard.html     every verdict with its quotes; open it in a browser
  document.json      the same for machines; its schema: speechqa schema
  provenance.json    which engine, model, rubric and settings made it, digests of recording and versions
  journal.jsonl      what people did about the call: reviews, disputes, corrections, holds
  access_log.jsonl   who looked at it, when and why, until the pack was made
timeline.txt, timeline.html  what was agreed in the calls, in the order of time
manifest.json        all files with digest and size, and what the pack is
A verdict is a machine's reading of a rubric unless the journal says that a person gave it.
"""


class PackRequest(Value, frozen=True, kw_only=True):
    """What goes into a pack: `sound` is the bleeped copy, the original, or none."""

    calls: tuple[str, ...]
    by: str
    reason: str = ""
    sound: Sound = "bleeped"


class PackMade(Value, frozen=True, kw_only=True):
    """A pack that was written, with the digest of the whole archive."""

    output: str
    sha256: str
    size: int
    manifest: PackManifest


class _Part(NamedTuple):
    """A file on its way into a pack."""

    content: bytes | Path
    what: str


def make_pack(
    store: Store, request: PackRequest, target: Path, *, at: datetime | None = None, force: bool = False
) -> PackMade:
    """Write a pack of one call or several, and log for each that it was given away.

    Parameters
    ----------
    at : datetime, optional
        When it is made, to whole two seconds; by default now. Journal and log go in as they stood before, so
        that the same calls at the same time give the same bytes.

    Raises
    ------
    UsageError
        If no call is named, the original is wanted without a reason, `at` is yet to come, who makes it or why
        is no Unicode text, or the file is there already.
    CallNotFound, RecordingError, ReportError
        If a call is not there or was never analysed, its recording is gone or changed, nobody can say what to
        bleep, or the file cannot be written.
    """
    from speechqa.privacy.redaction import redact_text
    from speechqa.reports.case_archive import write_archive

    if not request.calls:
        raise UsageError("A pack needs a call", expected="CALL...")
    if request.sound == "original" and not request.reason.strip():
        raise UsageError("The sound as it is needs a reason", expected="--reason with --original")
    moment = _moment(at)
    by, reason = redact_text(request.by), redact_text(request.reason)
    try:
        (by + reason).encode()
    except UnicodeEncodeError as error:  # no file of the pack could hold it
        raise UsageError("Who packs calls, or why, is no Unicode text", found=ascii((by, reason))) from error
    documents = _in_order(
        {d.call_id: d for d in (stored_call(store, name) for name in request.calls)}.values()
    )
    with work_folder() as folder:
        parts: dict[str, _Part] = {}
        packed = []
        for number, document in enumerate(documents, start=1):
            place = f"calls/{number:02d}-{safe_stem(document.call_id).lstrip('-_')}"
            made, own = _call(store, document, place, request.sound, moment, folder / str(number))
            packed.append(made)
            parts.update(own)
        parts.update(_timeline(documents))
        manifest, entries = _sealed(parts, tuple(packed), by=by, reason=reason, at=moment)
        with saved(target, force=force) as file:
            write_archive(file, entries, moment)
            size = file.tell()
            digest = digest_so_far(file)
            for document in documents:
                store.log(
                    "pack",
                    call=document.call_id,
                    actor=by,
                    reason=reason,
                    details={"output": str(target.resolve()), "sha256": digest, "sound": request.sound},
                )
    require_not_purged(store, [document.call_id for document in documents], (target,))
    return PackMade(output=str(target), sha256=digest, size=size, manifest=manifest)


def _moment(at: datetime | None) -> datetime:
    now = datetime.now(UTC)
    given = now if at is None else at
    if given.tzinfo is None:
        given = given.replace(tzinfo=UTC)
    if given > now:
        raise UsageError(
            "A pack cannot be made in the future", found=given.isoformat(), expected="--at before now"
        )
    if given.year < 1980:
        raise UsageError("An archive knows no time before 1980", found=given.isoformat())
    given = given.astimezone(UTC).replace(microsecond=0)
    return given - timedelta(seconds=given.second % 2)


def _in_order(documents: Iterable[CallAnalysis]) -> tuple[CallAnalysis, ...]:
    """By their start, those without one last."""
    from speechqa.store.projection import start_of

    def order(document: CallAnalysis) -> tuple[bool, float, str]:
        moment = start_of(document.metadata.started_at).moment
        return (moment is None, moment or 0.0, document.call_id)

    return tuple(sorted(documents, key=order))


def _call(
    store: Store, document: CallAnalysis, place: str, sound: Sound, moment: datetime, folder: Path
) -> tuple[PackedCall, dict[str, _Part]]:
    """The files of one call, and what the manifest says of it."""
    from speechqa.assembly.reporting.call import call_facts
    from speechqa.reports.pages.call import call_html
    from speechqa.reports.view.call import call_page

    folder.mkdir()
    current = next(version for version in store.history(document.call_id) if version.current)
    identity = store.identity(document.call_id)
    parts: dict[str, _Part] = {}
    audio, bleeped, remarks = _audio(document, sound, folder, parts)
    remarks += _transcripts(document, parts)
    known = call_facts(store, document)
    page = call_page(document, standings=known.standings, disputes=known.disputes, closed=known.closed)
    parts["scorecard.html"] = _Part(call_html(page).encode("utf-8", "backslashreplace"), "scorecard")
    parts["document.json"] = _Part(encode(document) + b"\n", "document")
    told = {
        "call_id": document.call_id,
        "identity": identity,
        "provenance": document.provenance,
        "recording": document.recording,
        "versions": store.history(document.call_id),
    }
    parts["provenance.json"] = _Part(_pretty(told), "provenance")
    entries = (e for e in store.notes(identity=identity) if datetime.fromisoformat(e.at) < moment)
    accesses = (a for a in store.accesses(document.call_id) if datetime.fromisoformat(a.at) < moment)
    parts["journal.jsonl"] = _Part(_lines(entries), "what people did about the call")
    parts["access_log.jsonl"] = _Part(_lines(accesses), "who looked at the call")
    made = PackedCall(
        call_id=document.call_id,
        folder=place,
        document_sha256=current.digest,
        recording_sha256=tuple(file.sha256 for file in document.recording.files)
        if document.recording
        else (),
        audio=audio,
        bleeped=bleeped,
        remarks=remarks,
    )
    return made, {f"{place}/{name}": part for name, part in parts.items()}


def _audio(
    document: CallAnalysis, sound: Sound, folder: Path, parts: dict[str, _Part]
) -> tuple[Sound, tuple[Segment, ...], tuple[str, ...]]:
    recording = document.recording
    if recording is None or not recording.files:
        return "none", (), ("The call was judged from a transcript: there is no recording.",)
    if sound == "none":
        return "none", (), ("The recording was left out, as was asked for.",)
    if sound == "original":
        for number, (problem, missing) in enumerate(recording_problems(document)):
            if number == 0:
                kind = RecordingNotFound if missing else UnreadableRecording
                raise kind(problem, where=f"call {document.call_id}", hint="Or leave it out with --no-audio.")
        for number, file in enumerate(recording.files, start=1):
            suffix = re.sub(r"[^A-Za-z0-9]", "", Path(file.path).suffix)[:8]
            name = f"recording/{number}.{suffix}" if suffix else f"recording/{number}"
            here = _here(file.path, folder / str(number))
            parts[name] = _Part(here, "recording as it is: numbers may be heard")
        return "original", (), ("The recording is as it was made: numbers may be heard in it.",)
    remarks: tuple[str, ...] = ()
    if document.transcript is not None and document.transcript.draft:
        remarks = ("A draft engine heard the words: numbers that it missed are not bleeped.",)
    hidden = hidden_stretches(document)
    target = folder / "audio.flac"
    with opened_recording(document) as audio, target.open("w+b") as copy:
        whole = Segment(0.0, audio.duration)
        channels = tuple(range(audio.channels))
        write_stretch(copy, audio, whole, channels=channels, bleeped=hidden, form="flac")
    parts["audio.flac"] = _Part(target, "recording, masked numbers bleeped")
    return "bleeped", hidden, remarks


def _here(path: str, target: Path) -> Path:
    """A recording on this machine; one elsewhere is fetched, into a folder that is gone in the end."""
    from speechqa.places.opening import copy
    from speechqa.places.urls import is_url

    if not is_url(path):
        return Path(path)
    with target.open("w+b") as file:
        copy(path, file)
    return target


def _transcripts(document: CallAnalysis, parts: dict[str, _Part]) -> tuple[str, ...]:
    from speechqa.transcripts import write_json, write_txt, write_vtt

    if document.transcript is None:
        return ("There is no transcript.",)
    parts["transcript.txt"] = _Part(write_txt(document).encode(), "transcript to read")
    parts["transcript.json"] = _Part(write_json(document).encode(), "transcript for machines")
    try:
        parts["transcript.vtt"] = _Part(write_vtt(document).encode(), "transcript as subtitles")
    except UsageError as error:
        return (f"There are no subtitles: {error.what}.",)
    return ()


def _timeline(documents: tuple[CallAnalysis, ...]) -> Mapping[str, _Part]:
    from speechqa.reports.agreed import agreed, agreed_page, agreed_text

    views = agreed(documents)
    return {
        "timeline.txt": _Part(agreed_text(views).encode(), "what was agreed"),
        "timeline.html": _Part(agreed_page(views).encode(), "what was agreed"),
    }


def _sealed(
    parts: Mapping[str, _Part], calls: tuple[PackedCall, ...], *, by: str, reason: str, at: datetime
) -> tuple[PackManifest, dict[str, bytes | Path]]:
    """The manifest over all files, and the files with it, the explanation and the sums."""
    from speechqa.reports.case_archive import MANIFEST, README, SUMS, sums_of

    head = f"An inspection pack of speechqa {__version__}"
    readme = _README.format(
        version=__version__,
        line="=" * len(head),
        at=at.isoformat(),
        by=printable(by),
        reason=printable(reason) or "not said",
        calls=", ".join(f"{printable(call.call_id)} in {call.folder}" for call in calls),
    )
    whole = {**parts, README: _Part(readme.encode(), "how to read and check the pack")}
    files = tuple(_file(name, part) for name, part in sorted(whole.items()))
    sent = {file.path: file.sha256 for file in files}
    for call in calls:
        given = [sent[name] for name in sorted(sent) if name.startswith(f"{call.folder}/recording/")]
        if given and sorted(given) != sorted(call.recording_sha256):
            raise RecordingError("The recording changed while it was packed", where=f"call {call.call_id}")
    manifest = PackManifest(
        format=PACK_FORMAT,
        speechqa=__version__,
        at=at.isoformat(),
        by=by,
        reason=reason,
        calls=calls,
        files=files,
    )
    entries: dict[str, bytes | Path] = {name: part.content for name, part in whole.items()}
    entries[MANIFEST] = _pretty(manifest)
    sent[MANIFEST] = hashlib.sha256(_pretty(manifest)).hexdigest()
    entries[SUMS] = sums_of(sent)
    return manifest, entries


def _file(name: str, part: _Part) -> PackedFile:
    if isinstance(part.content, bytes):
        digest, size = hashlib.sha256(part.content).hexdigest(), len(part.content)
    else:
        with part.content.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = _size(file)
    return PackedFile(path=name, sha256=digest, size=size, what=part.what)


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def _lines(values: Iterable[object]) -> bytes:
    def each() -> Iterator[bytes]:
        for value in values:
            yield msgspec.json.encode(value, order="sorted") + b"\n"

    return b"".join(each())
