"""RTTM, the NIST format of diarization: who speaks when, without what is said."""

from __future__ import annotations

import math

from speechqa.transcripts.fields import MAX_SECONDS, refuse, shown
from speechqa.transcripts.imported import ImportedTranscript, TurnDraft, assemble, in_order_of_time

_FIELDS = 8
_KINDS = {
    "SPEAKER", "NOSCORE", "NO_RT_METADATA", "SEGMENT", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "EDIT",
    "IP", "SU", "CB", "A/P", "SPKR-INFO",
}  # fmt: skip


def parse_rttm(text: str, file: str) -> ImportedTranscript:
    """The SPEAKER lines of one recording as turns without text; other kinds of line are passed over."""
    rows: list[tuple[str, TurnDraft]] = []
    recordings: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        parts = line.split()
        if not parts or parts[0].startswith(";"):
            continue
        where = f"line {number}"
        if parts[0] not in _KINDS:
            raise refuse(file, where, shown(parts[0]), "an RTTM line, such as SPEAKER")
        if parts[0] != "SPEAKER":
            continue
        if len(parts) < _FIELDS:
            raise refuse(file, where, f"{len(parts)} fields", f"at least {_FIELDS}")
        start = _number(parts[3], file, where)
        end = _number(str(start + _number(parts[4], file, where)), file, where)
        recordings.add(parts[1])
        speaker = None if parts[7] == "<NA>" else parts[7]
        rows.append((parts[2], TurnDraft(speaker=speaker, text="", start=start, end=end)))
    if len(recordings) > 1:
        raise refuse(
            file,
            "",
            f"{len(recordings)} recordings in one file",
            "one recording",
            hint="Split the file by its second column",
        )
    channels = {channel for channel, _ in rows}
    drafts = [
        TurnDraft(
            speaker=draft.speaker,
            text="",
            start=draft.start,
            end=draft.end,
            # One channel for everybody says nothing: tools write 1 there for mono and mixed sound alike.
            channel=int(channel) - 1 if len(channels) > 1 and channel in {"1", "2", "3", "4"} else None,
        )
        for channel, draft in rows
    ]
    return ImportedTranscript(
        transcript=assemble(in_order_of_time(drafts), source="rttm", language=None, text=False),
        format="rttm",
        call_id=next(iter(recordings), None),
        notes=("a timeline without text",),
    )


def _number(text: str, file: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise refuse(file, where, shown(text), "a time in seconds") from error
    if not (math.isfinite(value) and -0.0005 < value <= MAX_SECONDS):
        raise refuse(file, where, shown(text), f"a time from 0 to {MAX_SECONDS:.0f} seconds")
    return max(0.0, round(value, 3))
