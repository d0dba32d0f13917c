"""Transcripts as timelines for other programs: RTTM, and TextGrid for Praat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from speechqa.core.analysis import CallAnalysis
from speechqa.core.transcript import Transcript, Turn
from speechqa.core.value import Value
from speechqa.transcripts.cutting import cut, label_of, one_line, roles_of, speaker_of, timed, transcript_of

SHORTEST_S = 0.001
"""Praat has no intervals without length: a turn of one moment is drawn so long."""
CORRECTIONS = "corrections"
"""Tier of points that say who corrected the words of a turn, and what the machine heard."""


class _Interval(Value, frozen=True, kw_only=True):
    start: float
    end: float
    text: str


def write_rttm(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """RTTM: who speaks when, a SPEAKER line a turn, without what is said.

    Names have no blanks in RTTM: each becomes an underscore. Channels are counted from 1.

    Raises
    ------
    UsageError
        If the call has no transcript, or it has no times.
    """
    turns = _turns(value, start, end, "RTTM")
    roles = roles_of(value)
    file = _name(value.call_id) if isinstance(value, CallAnalysis) else "call"
    lines = []
    for turn in turns:
        first, last = turn.start or 0.0, turn.end or 0.0
        channel = 1 if turn.channel is None else turn.channel + 1
        speaker = _name(speaker_of(turn, roles))
        lines.append(
            f"SPEAKER {file} {channel} {first:.3f} {last - first:.3f} <NA> <NA> {speaker} <NA> <NA>\n"
        )
    return "".join(lines)


def write_textgrid(
    value: CallAnalysis | Transcript, *, start: float | None = None, end: float | None = None
) -> str:
    """A TextGrid in the long form: a tier a speaker, and one of points for corrections by people.

    Where turns of one speaker overlap, the later ones go into a further tier of the same name with a number.

    Raises
    ------
    UsageError
        If the call has no transcript, or it has no times.
    """
    turns = _turns(value, start, end, "TextGrid")
    roles = roles_of(value)
    tiers: dict[str, list[_Interval]] = {}
    for turn in sorted(turns, key=lambda turn: (turn.start or 0.0, turn.end or 0.0)):
        first = round(turn.start or 0.0, 3)
        last = max(round(turn.end or 0.0, 3), round(first + SHORTEST_S, 3))
        name = one_line(label_of(turn, roles)) or "unknown"
        text = one_line(turn.text)
        _placed(tiers, name, _Interval(start=first, end=last, text=text))
    duration = value.duration or 0.0 if isinstance(value, CallAnalysis) else 0.0
    ends = [interval.end for line in tiers.values() for interval in line]
    whole = max([round(duration, 3), SHORTEST_S, *ends])
    points = _corrected(value, turns)
    head = [
        'File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {_s(whole)}",
        "tiers? <exists>", f"size = {len(tiers) + bool(points)}", "item []:",
    ]  # fmt: skip
    for number, (name, line) in enumerate(tiers.items(), start=1):
        head += _tier(number, name, line, whole)
    if points:
        name = CORRECTIONS if CORRECTIONS not in tiers else f"{CORRECTIONS} of words"
        head += [
            f"    item [{len(tiers) + 1}]:", '        class = "TextTier"', f'        name = "{name}"',
            "        xmin = 0", f"        xmax = {_s(whole)}", f"        points: size = {len(points)}",
        ]  # fmt: skip
        for number, (when, text) in enumerate(points, start=1):
            head += [
                f"        points [{number}]:",
                f"            number = {_s(when)}",
                f'            mark = "{_quoted(text)}"',
            ]
    return "\n".join(head) + "\n"


def _turns(
    value: CallAnalysis | Transcript, start: float | None, end: float | None, what: str
) -> tuple[Turn, ...]:
    return timed(tuple(turn for _, turn in cut(transcript_of(value), start, end)), what)


def _name(text: str) -> str:
    return re.sub(r"\s+", "_", one_line(text)) or "<NA>"


def _placed(tiers: dict[str, list[_Interval]], name: str, interval: _Interval) -> None:
    """Put an interval into the first tier of its name that is free there."""
    number, tier = 1, name
    while (line := tiers.setdefault(tier, [])) and line[-1].end > interval.start:
        number += 1
        tier = f"{name} ({number})"
    line.append(interval)


def _tier(number: int, name: str, line: Sequence[_Interval], whole: float) -> list[str]:
    """A tier without gaps, as Praat wants it: what is silent is an empty interval."""
    filled: list[_Interval] = []
    position = 0.0
    for interval in line:
        if interval.start > position:
            filled.append(_Interval(start=position, end=interval.start, text=""))
        filled.append(interval)
        position = interval.end
    if position < whole:
        filled.append(_Interval(start=position, end=whole, text=""))
    lines = [
        f"    item [{number}]:", '        class = "IntervalTier"', f'        name = "{_quoted(name)}"',
        "        xmin = 0", f"        xmax = {_s(whole)}", f"        intervals: size = {len(filled)}",
    ]  # fmt: skip
    for count, interval in enumerate(filled, start=1):
        lines += [
            f"        intervals [{count}]:",
            f"            xmin = {_s(interval.start)}",
            f"            xmax = {_s(interval.end)}",
            f'            text = "{_quoted(interval.text)}"',
        ]
    return lines


def _corrected(value: CallAnalysis | Transcript, turns: Sequence[Turn]) -> list[tuple[float, str]]:
    if not isinstance(value, CallAnalysis) or value.transcript is None:
        return []
    shown = {id(turn) for turn in turns}
    points = []
    for found in value.corrected_turns:
        if found.turn is None or id(turn := value.transcript.turns[found.turn]) not in shown:
            continue
        said = found.correction
        text = f"corrected by {said.by} at {said.at}; the machine heard: {said.machine}"
        points.append((round(turn.start or 0.0, 3), one_line(text)))
    return sorted(points)


def _s(seconds: float) -> str:
    return f"{seconds:.3f}"


def _quoted(text: str) -> str:
    return text.replace('"', '""')
