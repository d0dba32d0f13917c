"""Transcripts as text to read, as the simple JSON form, and as subtitles."""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec

from speechqa.core.analysis import CallAnalysis
from speechqa.core.plain import cleaned, isolated
from speechqa.core.transcript import Transcript, Turn
from speechqa.errors import UsageError
from speechqa.transcripts.cues import DRAFT_MARK

_WORDS_OF_DRAFT = "a draft, a first impression that must not be quoted"
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/])")


def write_txt(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """A transcript to read: a head, then a line a turn with times, role and party.

    Parameters
    ----------
    start, end : float, optional
        Only turns that overlap this stretch in seconds.

    Raises
    ------
    UsageError
        If the call has no transcript, or a stretch is asked of turns without times.
    """
    transcript = _transcript(value)
    turns = _cut(transcript, start, end)
    lines = []
    if isinstance(value, CallAnalysis):
        lines.append(f"call {isolated(cleaned(value.call_id))}")
    made = f"transcript by {cleaned(transcript.engine)}"
    if transcript.model:
        made += f" ({cleaned(transcript.model)})"
    if transcript.draft:
        made += f": {_WORDS_OF_DRAFT.upper()}"
    lines.append(made)
    if transcript.language:
        lines.append(f"language {cleaned(transcript.language)}")
    if transcript.mean_confidence is not None:
        lines.append(f"mean word confidence {transcript.mean_confidence:.2f}")
    lines.append("")
    roles = _roles(value)
    for turn in turns:
        lines.append(
            f"{_txt_times(turn)}{isolated(_label(turn, roles))}: {isolated(cleaned(turn.text))}".rstrip()
        )
    return "\n".join(lines) + "\n"


def write_json(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """The transcript in the simple form, which `read` takes back; parameters and errors as `write_txt`."""
    transcript = _transcript(value)
    document: dict[str, Any] = {}
    if isinstance(value, CallAnalysis):
        known = value.metadata
        document["id"] = value.call_id
        for field in ("agent_id", "agent_name", "team", "customer_id", "started_at"):
            if getattr(known, field) is not None:
                document[field] = getattr(known, field)
    document["language"] = transcript.language
    document["engine"] = transcript.engine
    document["model"] = transcript.model
    document["draft"] = transcript.draft
    document["mean_confidence"] = transcript.mean_confidence
    roles = _roles(value)
    document["turns"] = [_turn(turn, roles) for turn in _cut(transcript, start, end)]
    encoded = msgspec.json.encode(document)
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def write_srt(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """SubRip subtitles, a cue a turn, the speaker as ``agent: text``; parameters and errors as `write_txt`.

    SubRip has no escapes: ``-->`` in text becomes ``->`` and the ``<`` of what looks like a tag an angle
    quotation mark. It has no place for remarks either, so a draft engine is not named: use WebVTT for that.
    """
    turns = _timed(_cut(_transcript(value), start, end), "SubRip")
    roles = _roles(value)
    cues = []
    for number, turn in enumerate(turns, start=1):
        label = _speaker(turn, roles)
        text = _TAG_LIKE.sub("\u2039", _cue_text(turn).replace("-->", "->")).replace("{\\", "( ")
        text = f"{_one_line(label)}: {text}" if label else text
        cues.append(f"{number}\n{_stamp(turn.start, ',')} --> {_stamp(turn.end, ',')}\n{text}\n")
    return "\n".join(cues)


def write_vtt(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """WebVTT, a cue a turn, the speaker as a voice span; parameters and errors as `write_txt`.

    A draft engine is named in a NOTE, which `read` understands.
    """
    transcript = _transcript(value)
    turns = _timed(_cut(transcript, start, end), "WebVTT")
    roles = _roles(value)
    head = "WEBVTT\n"
    if transcript.language:
        head += f"Language: {_one_line(transcript.language)}\n"
    blocks = [head]
    if transcript.draft:
        blocks.append(f"NOTE {DRAFT_MARK} {_escaped(_one_line(transcript.engine))}, {_WORDS_OF_DRAFT}\n")
    for turn in turns:
        label = _speaker(turn, roles)
        text = _escaped(_cue_text(turn))
        text = f"<v {_escaped(_one_line(label))}>{text}" if label else text
        blocks.append(f"{_stamp(turn.start, '.')} --> {_stamp(turn.end, '.')}\n{text}\n")
    return "\n".join(blocks)


def _transcript(value: CallAnalysis | Transcript) -> Transcript:
    if isinstance(value, Transcript):
        return value
    if value.transcript is None:
        raise UsageError(
            "the call has no transcript",
            where=value.call_id,
            hint="Audit it again with an engine or with --transcripts",
        )
    return value.transcript


def _roles(value: CallAnalysis | Transcript) -> dict[str, str]:
    if isinstance(value, Transcript):
        return {}
    return {party: found.role for party, found in value.roles.items() if found.role != "unknown"}


def _cut(transcript: Transcript, start: float | None, end: float | None) -> tuple[Turn, ...]:
    if start is None and end is None:
        return transcript.turns
    first, last = start if start is not None else 0.0, end if end is not None else math.inf
    if math.isnan(first) or math.isnan(last) or first < 0 or last < first:
        raise UsageError("no such stretch", found=f"{first} to {last} s", expected="0 <= from <= to")
    _timed(transcript.turns, "a stretch of the call")
    return tuple(
        turn
        for turn in transcript.turns
        if turn.start is not None and turn.end is not None and turn.start < last and turn.end > first
    )


def _timed(turns: tuple[Turn, ...], what: str) -> tuple[Turn, ...]:
    missing = sum(turn.start is None for turn in turns)
    if missing:
        raise UsageError(
            f"{what} needs times, and the transcript came without",
            found=f"{missing} of {len(turns)} turns without times",
            hint="Use txt or json, or bring a transcript with times",
        )
    return turns


def _speaker(turn: Turn, roles: dict[str, str]) -> str:
    """Role where known, else the speaker's own name, else the party; empty when nothing is known."""
    role = roles.get(turn.party or "")
    if role is not None:
        return role
    return turn.speaker if turn.speaker != "unknown" else turn.party or ""


def _label(turn: Turn, roles: dict[str, str]) -> str:
    speaker = cleaned(_speaker(turn, roles)) or "unknown"
    return speaker if turn.party in (None, speaker) else f"{speaker} ({turn.party})"


def _txt_times(turn: Turn) -> str:
    if turn.start is None or turn.end is None:
        return ""
    return f"[{_stamp(turn.start, '.')} - {_stamp(turn.end, '.')}] "


def _stamp(seconds: float | None, point: str) -> str:
    milliseconds = round((seconds or 0.0) * 1000)
    whole, fraction = divmod(milliseconds, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{point}{fraction:03d}"


def _turn(turn: Turn, roles: dict[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"speaker": _speaker(turn, roles) or "unknown", "text": turn.text}
    if turn.party is not None:
        entry["party"] = turn.party
    if turn.channel is not None:
        entry["channel"] = turn.channel
    if turn.start is not None:
        entry["start"], entry["end"] = turn.start, turn.end
    if turn.words:
        entry["words"] = [
            {key: item for key, item in msgspec.to_builtins(word).items() if item is not None}
            for word in turn.words
        ]
    return entry


def _one_line(text: str) -> str:
    return " ".join(cleaned(text).split())


def _cue_text(turn: Turn) -> str:
    """The text as cue lines: blank lines, which would end the cue, are left out."""
    lines = (line.strip() for line in cleaned(turn.text, lines=True).split("\n"))
    return "\n".join(line for line in lines if line)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
