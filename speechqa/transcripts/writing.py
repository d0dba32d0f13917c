"""Transcripts as text to read, as the simple JSON form, and as subtitles."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from speechqa.core.analysis import CallAnalysis
from speechqa.core.correction import CorrectedTurn
from speechqa.core.plain import cleaned, isolated
from speechqa.core.transcript import Transcript, Turn
from speechqa.transcripts.cues import DRAFT_MARK
from speechqa.transcripts.cutting import cut, one_line, roles_of, speaker_of, stamp, timed, transcript_of
from speechqa.transcripts.telling import DRAFT_WORDS, Told, ToldTurn, tell

_TAG_LIKE = re.compile(r"<(?=[A-Za-z/])")


def write_txt(
    value: CallAnalysis | Transcript,
    *,
    start: float | None = None,
    end: float | None = None,
    machine: bool = False,
) -> str:
    """A transcript to read: a head, then a line a turn with its number, times, role and party.

    Parameters
    ----------
    start, end : float, optional
        Only turns that overlap this stretch in seconds.
    machine : bool
        The machine's words alone, without what people corrected.

    Raises
    ------
    UsageError
        If the call has no transcript, or a stretch is asked of turns without times.
    """
    told = tell(value, start=start, end=end, machine=machine)
    lines = _head(told, transcript_of(value))
    lines.append("")
    for turn in told.turns:
        when = f"[{turn.when}] " if turn.when else ""
        said = isolated(_marked(turn))
        lines.append(f"{turn.number:>3} {when}{isolated(turn.who)}: {said}".rstrip())
        if turn.corrected:
            lines.append(f"      {turn.corrected}; the machine heard: {isolated(turn.machine) or 'nothing'}")
    return "\n".join(lines) + "\n"


def _head(told: Told, transcript: Transcript) -> list[str]:
    lines = [f"call {isolated(told.call_id)}"] if told.call_id else []
    made = f"transcript by {one_line(transcript.engine)}"
    if transcript.model:
        made += f" ({one_line(transcript.model)})"
    if transcript.draft:
        made += f": {DRAFT_WORDS.upper()}"
    lines.append(made)
    if transcript.language:
        lines.append(f"language {one_line(transcript.language)}")
    if transcript.mean_confidence is not None:
        lines.append(f"mean word confidence {transcript.mean_confidence:.2f}")
    lines.append(told.marking.format(mark="followed by (?)"))
    return lines + [remark for remark in told.remarks if DRAFT_WORDS not in remark]


def _marked(turn: ToldTurn) -> str:
    return "".join(p.text if p.confidence is None else f"{p.text}(?)" for p in turn.pieces)


def write_json(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """The transcript in the simple form, which `read` takes back; parameters and errors as `write_txt`."""
    transcript = transcript_of(value)
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
    roles = roles_of(value)
    corrections = _corrections(value)
    document["turns"] = [
        _turn(turn, roles, corrections.get(index)) for index, turn in cut(transcript, start, end)
    ]
    encoded = msgspec.json.encode(document)
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def write_srt(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """SubRip subtitles, a cue a turn, the speaker as ``agent: text``; parameters and errors as `write_txt`.

    SubRip has no escapes: ``-->`` in text becomes ``->`` and the ``<`` of what looks like a tag an angle
    quotation mark. A turn is one line, for a further one that begins like ``0:`` would be read as somebody
    else's. SubRip has no place for remarks either, so neither a draft engine nor who corrected words is
    named: use WebVTT for that.
    """
    turns = timed(tuple(turn for _, turn in cut(transcript_of(value), start, end)), "SubRip")
    roles = roles_of(value)
    cues = []
    for number, turn in enumerate(turns, start=1):
        label = speaker_of(turn, roles)
        text = _TAG_LIKE.sub("\u2039", _cue_text(turn).replace("\n", " ").replace("-->", "->")).replace(
            "{\\", "( "
        )
        text = f"{one_line(label)}: {text}" if label else text
        cues.append(f"{number}\n{stamp(turn.start, ',')} --> {stamp(turn.end, ',')}\n{text}\n")
    return "\n".join(cues)


def write_vtt(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """WebVTT, a cue a turn, the speaker as a voice span; parameters and errors as `write_txt`.

    A draft engine is named in a NOTE, which `read` understands; so is who corrected the words of a cue.
    """
    transcript = transcript_of(value)
    numbered = cut(transcript, start, end)
    corrections = _corrections(value)
    timed(tuple(turn for _, turn in numbered), "WebVTT")
    roles = roles_of(value)
    head = "WEBVTT\n"
    if transcript.language:
        head += f"Language: {one_line(transcript.language)}\n"
    blocks = [head]
    if transcript.draft:
        blocks.append(f"NOTE {DRAFT_MARK} {_escaped(one_line(transcript.engine))}, {DRAFT_WORDS}\n")
    for index, turn in numbered:
        if index in corrections:
            blocks.append(f"NOTE {_escaped(_note(corrections[index]))}\n")
        label = speaker_of(turn, roles)
        text = _escaped(_cue_text(turn))
        text = f"<v {_escaped(one_line(label))}>{text}" if label else text
        blocks.append(f"{stamp(turn.start, '.')} --> {stamp(turn.end, '.')}\n{text}\n")
    return "\n".join(blocks)


def _corrections(value: CallAnalysis | Transcript) -> dict[int | None, CorrectedTurn]:
    return {} if isinstance(value, Transcript) else {found.turn: found for found in value.corrected_turns}


def _note(found: CorrectedTurn) -> str:
    said = found.correction
    return one_line(f"corrected by {said.by} at {said.at}; the machine heard: {said.machine}")


def _turn(turn: Turn, roles: dict[str, str], found: CorrectedTurn | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"speaker": speaker_of(turn, roles) or "unknown", "text": turn.text}
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
    if found is not None:
        said = found.correction
        entry["corrected"] = {"by": said.by, "at": said.at, "reason": said.reason, "machine": said.machine}
    return entry


def _cue_text(turn: Turn) -> str:
    """The text as cue lines: blank lines, which would end the cue, are left out."""
    lines = (line.strip() for line in cleaned(turn.text, lines=True).split("\n"))
    return "\n".join(line for line in lines if line)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
