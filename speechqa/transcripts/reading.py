"""Which format a transcript is in, and reading it."""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path

import msgspec

from speechqa.core.source import CallMetadata
from speechqa.errors import RecordingNotFound, TranscriptError, UnreadableRecording, UsageError
from speechqa.places.opening import content
from speechqa.places.urls import is_url
from speechqa.transcripts import aws_json, cues, own_json, rttm, textgrid, whisper_json
from speechqa.transcripts.decoding import decode
from speechqa.transcripts.fields import Node, load_json, refuse, shown
from speechqa.transcripts.imported import ImportedTranscript, TurnDraft, assemble, in_order_of_time

FORMATS = (
    "speechqa", "simple", "whisper", "whisperx", "aws-transcribe", "aws-call-analytics",
    "vtt", "srt", "textgrid", "rttm",
)  # fmt: skip
"""Names of the formats that can be read."""

MAX_BYTES = 32 * 1024 * 1024
"""Largest transcript file: half a day of speech without a pause, in the wordiest of the formats."""

MAX_PIECES = 1_000_000
"""Most lines, or values of JSON, of a transcript, as many as such a file has: each is held as an object of
many times its size."""

_SUFFIXES = {".vtt": "vtt", ".srt": "srt", ".textgrid": "textgrid", ".rttm": "rttm"}
_JSON = ("speechqa", "simple", "whisper", "whisperx", "aws-transcribe", "aws-call-analytics")
_SRT_LINE = re.compile(r"^[ \t]*-?\d+:\d+:\d+[,.]?\d*[ \t]*-->", re.MULTILINE)
_RTTM_LINE = re.compile(r"(?:SPEAKER|SPKR-INFO|NON-SPEECH|LEXEME)[ \t]+\S")
_HEAD = 4096


def read(path: str | PathLike[str]) -> ImportedTranscript:
    """Read a transcript file in any of `FORMATS`, told by its content and its extension.

    Raises
    ------
    TranscriptError
        If the file cannot be opened, is too large, or does not hold a transcript; the message names the
        file, the key or line, what was found and what was expected.
    """
    name = fspath(path)
    if is_url(name):
        try:
            return parse(content(name, MAX_BYTES + 1), name=name)
        except (RecordingNotFound, UnreadableRecording, UsageError) as error:
            raise refuse(name, "", error.what, "a file that can be read") from error
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):  # before opening: a pipe would never return
            raise refuse(name, "", "no regular file", "a transcript file")
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, TranscriptError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refuse(name, "", reason, "a file that can be read") from error
    return parse(data, name=name)


def parse(data: bytes, format: str | None = None, *, name: str = "transcript") -> ImportedTranscript:
    """Read a transcript from bytes; `format` is one of `FORMATS` or None to tell it, `name` is for messages.

    Raises
    ------
    TranscriptError
        If the bytes are no transcript.
    UsageError
        If there is no such format.
    """
    if format is not None and format not in FORMATS:
        raise UsageError("no such transcript format", found=shown(format), expected=", ".join(FORMATS))
    if len(data) > MAX_BYTES:
        raise refuse(name, "", f"more than {MAX_BYTES // 2**20} MiB", "a transcript file")
    text, notes = decode(data, name)
    del data  # the text, and what is made of it, is as large again
    if not text.strip():
        raise refuse(name, "", "an empty file", "a transcript")
    kind = format or _sniff(text, Path(name).suffix.casefold(), name)
    pieces = text.count("\n") if kind in _PLAIN else sum(map(text.count, ",[{"))
    if pieces > MAX_PIECES:
        what = "lines" if kind in _PLAIN else "values"
        raise refuse(name, "", f"more than {MAX_PIECES:,} {what}", "a transcript file")
    result = _parse_json(text, name, format) if kind == "json" or kind in _JSON else _PLAIN[kind](text, name)
    return msgspec.structs.replace(result, notes=notes + result.notes) if notes else result


_PLAIN = {
    "vtt": cues.parse_vtt,
    "srt": cues.parse_srt,
    "textgrid": textgrid.parse_textgrid,
    "rttm": rttm.parse_rttm,
}


def _sniff(text: str, suffix: str, name: str) -> str:
    head = text[:_HEAD]
    start = head.lstrip()
    if start.startswith("WEBVTT"):
        return "vtt"
    if start.startswith(("{", "[")):
        return "json"
    if "ooTextFile" in head[:200]:
        return "textgrid"
    if _SRT_LINE.search(head):
        return "srt"
    first = next(
        (line for line in head.split("\n") if line.strip() and not line.lstrip().startswith(";")), ""
    )
    if _RTTM_LINE.match(first.lstrip()):
        return "rttm"
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    raise refuse(name, "line 1", shown(start.split("\n", 1)[0]), f"a transcript: {', '.join(FORMATS)}")


def _parse_json(text: str, name: str, format: str | None) -> ImportedTranscript:
    root = load_json(text, name)
    kind = format or _json_kind(root)
    if kind == "speechqa":
        del root  # read again by its own rules, and not held twice
        return own_json.parse_document(text, name)
    if kind == "simple":
        return own_json.parse_simple(root)
    if kind == "aws-transcribe":
        return aws_json.parse_batch(root)
    if kind == "aws-call-analytics":
        return aws_json.parse_call_analytics(root)
    return whisper_json.parse_whisper(root, kind)


def _json_kind(root: Node) -> str:
    value = root.value
    if not isinstance(value, dict):
        raise root.refuse("an object with turns, segments, results or Transcript")
    if "schema_version" in value or value.get("status") in ("done", "failed"):
        return "speechqa"
    if "turns" in value:
        return "simple"
    if "Transcript" in value:
        return "aws-call-analytics"
    if isinstance(value.get("results"), dict):
        return "aws-transcribe"
    if "word_segments" in value:
        return "whisperx"
    if "segments" in value:
        return "whisperx" if _has_speakers(root.get("segments")) else "whisper"
    found = ", ".join(map(shown, list(value)[:8])) or "an empty object"
    raise refuse(root.file, "top level", f"the keys {found}", "one of turns, segments, results or Transcript")


def _has_speakers(segments: object) -> bool:
    if not isinstance(segments, Node) or not isinstance(segments.value, list):
        return False
    return any(isinstance(item.value, dict) and "speaker" in item.value for item in segments.items())


def _name_of_side(paths: Sequence[str | PathLike[str]], index: int) -> str:
    """A party's name from its file's, told apart by number where files in several folders share it."""
    stems = [Path(path).stem for path in paths]
    return stems[index] if stems.count(stems[index]) == 1 else f"{stems[index]} {index + 1}"


def read_pair(
    *paths: str | PathLike[str], speakers: Sequence[str | None] | None = None
) -> ImportedTranscript:
    """Read one call whose parties are in separate files on one clock, a file a party.

    Turns are merged by start. `speakers` names the party of each file, in order; where it says nothing the
    file's own speaker holds, and two files with the same speaker are told apart by their names.

    Raises
    ------
    TranscriptError
        If a file cannot be read or has turns without times, which leave the order open.
    UsageError
        If there are fewer than two files, or not as many speakers as files.
    """
    if len(paths) < 2:
        raise UsageError("parties in separate files need at least two files", found=str(len(paths)))
    if speakers is not None and len(speakers) != len(paths):
        raise UsageError("one speaker a file", found=str(len(speakers)), expected=str(len(paths)))
    return merge([read(path) for path in paths], paths, speakers=speakers)


def merge(
    sides: Sequence[ImportedTranscript],
    paths: Sequence[str | PathLike[str]],
    *,
    speakers: Sequence[str | None] | None = None,
) -> ImportedTranscript:
    """One call from the files of its parties as read; as `read_pair`, `paths` for messages and names."""
    drafts: list[TurnDraft] = []
    given = speakers or [None] * len(paths)
    names = [{turn.speaker for turn in side.transcript.turns} for side in sides]
    for index, (path, side) in enumerate(zip(paths, sides, strict=True)):
        others = set().union(*(own for place, own in enumerate(names) if place != index))
        clash = bool(names[index] & others) or names[index] == {"unknown"}
        rename = given[index] or (_name_of_side(paths, index) if clash else None)
        for number, turn in enumerate(side.transcript.turns):
            if turn.start is None:
                raise refuse(fspath(path), f"turn {number}", "no times", "times, to merge the parties by")
            drafts.append(
                TurnDraft(
                    speaker=rename or turn.speaker,
                    text=turn.text,
                    start=turn.start,
                    end=turn.end,
                    channel=turn.channel,
                    words=turn.words,
                )
            )
    languages = {side.language for side in sides if side.language is not None}
    language = languages.pop() if len(languages) == 1 else None
    kinds, calls = {side.format for side in sides}, {side.call_id for side in sides}
    kind = kinds.pop() if len(kinds) == 1 else "several"
    merged = assemble(
        in_order_of_time(drafts),
        source=kind,
        language=language,
        draft=any(side.transcript.draft for side in sides),
        text=any(side.has_text for side in sides),
    )
    sure = all(side.transcript.confident for side in sides if side.has_text)
    durations = [side.duration for side in sides if side.duration is not None]
    return ImportedTranscript(
        transcript=msgspec.structs.replace(merged, confident=merged.confident and sure),
        format=kind,
        call_id=calls.pop() if len(calls) == 1 else None,
        language=language,
        metadata=_merged_metadata([side.metadata for side in sides]),
        duration=max(durations) if durations else None,
        notes=tuple(dict.fromkeys(note for side in sides for note in side.notes)),
    )


def _merged_metadata(found: Sequence[CallMetadata]) -> CallMetadata:
    """What any of the files knows of the call; the first to know holds."""
    known: dict[str, object] = {}
    for metadata in found:
        for name, value in msgspec.structs.asdict(metadata).items():
            if value is not None and value != {}:
                known.setdefault(name, value)
    return msgspec.convert(known, CallMetadata)
