"""What every writer of transcripts asks: which turns, who says them, and when."""

from __future__ import annotations

import math

from speechqa.core.analysis import CallAnalysis
from speechqa.core.correction import as_heard
from speechqa.core.plain import cleaned
from speechqa.core.transcript import Transcript, Turn
from speechqa.errors import UsageError


def transcript_of(value: CallAnalysis | Transcript) -> Transcript:
    """The transcript of a call.

    Raises
    ------
    UsageError
        If it has none.
    """
    if isinstance(value, Transcript):
        return value
    if value.transcript is None:
        raise UsageError(
            "the call has no transcript",
            where=value.call_id,
            hint="Audit it again with an engine or with --transcripts",
        )
    return value.transcript


def machine_version(analysis: CallAnalysis) -> CallAnalysis:
    """The call with the machine's words alone, as if nobody had corrected one."""
    import msgspec

    if analysis.transcript is None or not analysis.corrected_turns:
        return analysis
    heard = as_heard(analysis.transcript, analysis.corrected_turns)
    return msgspec.structs.replace(analysis, transcript=heard, corrected_turns=())


def roles_of(value: CallAnalysis | Transcript) -> dict[str, str]:
    """Roles of the parties, as far as they are known."""
    if isinstance(value, Transcript):
        return {}
    return {party: found.role for party, found in value.roles.items() if found.role != "unknown"}


def cut(transcript: Transcript, start: float | None, end: float | None) -> tuple[tuple[int, Turn], ...]:
    """The turns that overlap a stretch in seconds, each with its index from 0.

    Raises
    ------
    UsageError
        If there is no such stretch, or turns have no times to tell by.
    """
    turns = tuple(enumerate(transcript.turns))
    if start is None and end is None:
        return turns
    first, last = start if start is not None else 0.0, end if end is not None else math.inf
    if math.isnan(first) or math.isnan(last) or first < 0 or last < first:
        raise UsageError("no such stretch", found=f"{first} to {last} s", expected="0 <= from <= to")
    timed(transcript.turns, "a stretch of the call")
    return tuple(
        (index, turn)
        for index, turn in turns
        if turn.start is not None and turn.end is not None and turn.start < last and turn.end > first
    )


def timed(turns: tuple[Turn, ...], what: str) -> tuple[Turn, ...]:
    """The turns, if all have times.

    Raises
    ------
    UsageError
        If some have none.
    """
    missing = sum(turn.start is None for turn in turns)
    if missing:
        raise UsageError(
            f"{what} needs times, and the transcript came without",
            found=f"{missing} of {len(turns)} turns without times",
            hint="Use txt or json, or bring a transcript with times",
        )
    return turns


def speaker_of(turn: Turn, roles: dict[str, str]) -> str:
    """Role where known, else the speaker's own name, else the party; empty when nothing is known."""
    role = roles.get(turn.party or "")
    if role is not None:
        return role
    return turn.speaker if turn.speaker != "unknown" else turn.party or ""


def label_of(turn: Turn, roles: dict[str, str]) -> str:
    """The speaker as people read it, with the party's letter."""
    speaker = cleaned(speaker_of(turn, roles)) or "unknown"
    return speaker if turn.party in (None, speaker) else f"{speaker} ({turn.party})"


def stamp(seconds: float | None, point: str) -> str:
    """A time as hours, minutes, seconds and thousandths."""
    milliseconds = round((seconds or 0.0) * 1000)
    whole, fraction = divmod(milliseconds, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{point}{fraction:03d}"


def one_line(text: str) -> str:
    """Text without breaks, controls and double blanks."""
    return " ".join(cleaned(text).split())
