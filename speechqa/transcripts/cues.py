"""SRT and WebVTT: one line reader for both, and who speaks from voice spans or ``Name: text``.

Written here because of what the input is: the `srt` package backtracks without bound (a line of 2,000 digits
takes it over a minute), and `webvtt-py` leaves out what it cannot read. Format: W3C, WebVTT, 4 to 6.
"""

from __future__ import annotations

import html
import re

from speechqa.core.value import Value
from speechqa.transcripts.fields import MAX_SECONDS, refuse, shown
from speechqa.transcripts.imported import ImportedTranscript, TurnDraft, assemble
from speechqa.transcripts.languages import language_code
from speechqa.transcripts.speaker_prefixes import split_prefixes

DRAFT_MARK = "speechqa draft:"
"""Starts the NOTE by which a WebVTT file of ours says that a draft engine made it."""

_STAMP = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"[ \t]*{_STAMP}[ \t]*-->[ \t]*{_STAMP}(?![\d:])")
_LIKE_TIMING = re.compile(r"[ \t]*-?\d[\d:.,]*[ \t]*-->")
_INDEX = re.compile(r"[ \t]*\d{1,9}[ \t]*\Z")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>\n]*)>")
_VTT_TAG = re.compile(r"</?(?:c|i|b|u|v|ruby|rt|lang)(?:[.\s][^<>]*)?>|<[\d:.]+>")
_SRT_TAG = re.compile(r"</?(?:i|b|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}\n]*\}", re.IGNORECASE)
_HEADER = re.compile(r"language:[ \t]*(\S+)", re.IGNORECASE)
_ZEROS = re.compile(r"&#0+(?=[0-9])")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")


class _Cue(Value, frozen=True, kw_only=True):
    start: float
    end: float
    text: str


def parse_vtt(text: str, file: str) -> ImportedTranscript:
    """WebVTT: each voice span of each cue is a turn; cues without spans may begin with ``Name:``."""
    lines = text.split("\n")
    if not lines[0].startswith("WEBVTT"):
        raise refuse(file, "line 1", shown(lines[0]), "WEBVTT")
    header = " ".join(lines[: lines.index("")] if "" in lines else lines)
    named = _HEADER.search(header)
    language = language_code(named.group(1)) if named else None
    drafts: list[TurnDraft] = []
    shared = 0
    for cue in _cues(lines, file, blank_ends=True):
        spans = _voices(cue.text)
        shared += len(spans) > 1
        drafts.extend(_turns(cue, spans))
    drafts, more = split_prefixes(drafts)
    made_by_draft = any(line.startswith(f"NOTE {DRAFT_MARK}") for line in lines)
    return ImportedTranscript(
        transcript=assemble(drafts, source="vtt", language=language, draft=made_by_draft),
        format="vtt",
        language=language,
        notes=_shared_notes(shared + more),
    )


def parse_srt(text: str, file: str) -> ImportedTranscript:
    """SubRip: a cue is a turn; ``Name: text`` names its speaker."""
    cues = _cues(text.split("\n"), file, blank_ends=False)
    if not cues:
        raise refuse(file, "", "no line such as 00:00:01,000 --> 00:00:02,000", "SubRip cues")
    drafts = [
        TurnDraft(speaker=None, text=_SRT_TAG.sub("", cue.text), start=cue.start, end=cue.end) for cue in cues
    ]
    drafts, shared = split_prefixes(drafts)
    return ImportedTranscript(
        transcript=assemble(drafts, source="srt", language=None), format="srt", notes=_shared_notes(shared)
    )


def _shared_notes(cues: int) -> tuple[str, ...]:
    if not cues:
        return ()
    return (f"{cues} cues hold several speakers: their turns are kept without times, which only the cue has",)


def _cues(lines: list[str], file: str, *, blank_ends: bool) -> list[_Cue]:
    """All cues; in SRT a cue's text may hold blank lines, in WebVTT a blank line ends it."""
    cues: list[_Cue] = []
    timing: tuple[float, float] | None = None
    payload: list[str] = []
    skipping = False

    def finish() -> None:
        nonlocal timing
        if timing is not None:
            while payload and not payload[-1].strip():
                payload.pop()
            cues.append(_Cue(start=timing[0], end=timing[1], text="\n".join(payload)))
        timing = None
        payload.clear()

    for number, line in enumerate(lines, start=1):
        if blank_ends and not line.strip():
            finish()
            skipping = False
            continue
        if skipping:
            continue
        if blank_ends and timing is None and line.startswith(("NOTE", "STYLE", "REGION")):
            skipping = True
            continue
        found = _TIMING.match(line) if "-->" in line else None
        if found is not None:
            if not blank_ends and payload and _INDEX.match(payload[-1]):
                payload.pop()  # the next cue's number
            finish()
            timing = _bounds(found, file, number)
        elif "-->" in line and _LIKE_TIMING.match(line):
            raise refuse(file, f"line {number}", shown(line), "times such as 00:00:01.000 --> 00:00:02.000")
        elif timing is not None:
            payload.append(line)
        elif not blank_ends and line.strip() and not _INDEX.match(line):
            raise refuse(file, f"line {number}", shown(line), "the number or the times of a cue")
    finish()
    return cues


def _bounds(found: re.Match[str], file: str, number: int) -> tuple[float, float]:
    parts = found.groups()
    start, end = _seconds(parts[:4]), _seconds(parts[4:])
    if end < start:
        raise refuse(
            file, f"line {number}", f"an end of {end} s before the start at {start} s", "start <= end"
        )
    if end > MAX_SECONDS:
        raise refuse(file, f"line {number}", f"{end:.0f} s", f"a time of at most {MAX_SECONDS:.0f} s")
    return start, end


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return round(whole + float(f"0.{fraction}"), 3)


def _voices(text: str) -> list[tuple[str | None, str]]:
    """The cue's text cut at its voice spans; text before the first span has no speaker."""
    spans: list[tuple[str | None, str]] = []
    position, speaker = 0, None
    for found in _VOICE.finditer(text):
        before = text[position : found.start()]
        if speaker is not None or before.strip():
            spans.append((speaker, before))
        speaker, position = _plain(found.group(1)).strip(), found.end()
    spans.append((speaker, text[position:]))
    return [(name, _plain(span).strip() if len(spans) > 1 else _plain(span)) for name, span in spans]


def _plain(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text
    # Python reads no number of thousands of digits; none past seven is a character.
    bounded = _NO_CHARACTER.sub("\ufffd", _ZEROS.sub("&#", _VTT_TAG.sub("", text)))
    return html.unescape(bounded)


def _turns(cue: _Cue, spans: list[tuple[str | None, str]]) -> list[TurnDraft]:
    alone = len(spans) == 1
    return [
        TurnDraft(speaker=name, text=text, start=cue.start if alone else None, end=cue.end if alone else None)
        for name, text in spans
    ]
