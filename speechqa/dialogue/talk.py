"""What all measures start from: the talk of each party, and the names their figures go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from speechqa.core.dialogue import Basis, RoleAssignment
from speechqa.core.segment import Timeline, union
from speechqa.core.transcript import Turn
from speechqa.dialogue.units import Span, Unit, spans, to_ms, units_from_sound, units_from_turns, usable


@dataclass(frozen=True, slots=True)
class Talk:
    """The units and the speech as found of each party, in milliseconds.

    `names` gives each party its role or own letter, `end_ms` is the end of the call. `apart` says why the
    parties cannot be told apart, and is empty where they can; `one_sided` that only one of them is known.
    """

    basis: Basis
    units: Mapping[str, tuple[Unit, ...]]
    lines: Mapping[str, tuple[Span, ...]]
    names: Mapping[str, str]
    end_ms: int
    apart: str = ""
    one_sided: bool = False

    @property
    def called(self) -> tuple[str, ...]:
        """The names, each once, in order."""
        return tuple(sorted(set(self.names.values())))

    def spoken(self) -> dict[str, tuple[Span, ...]]:
        """Speech by name: parties of the same role as one."""
        return {
            name: pooled(line for party, line in self.lines.items() if self.names[party] == name)
            for name in self.called
        }


def gather(
    turns: Sequence[Turn],
    text: Sequence[Turn],
    speech: Mapping[str, Timeline] | None,
    roles: Mapping[str, RoleAssignment],
    duration: float | None,
) -> Talk | None:
    """The talk of a call, or None where nothing has times; `text` holds the turns whose words may be used."""
    timed = [turn for turn in usable(turns) if turn.segment is not None]
    apart, one_sided = "", False
    if speech:
        basis: Basis = "audio"
        units = units_from_sound(text, speech)
        lines = {party: spans(line) for party, line in speech.items()}
        apart = "" if len(lines) > 1 else "the parties cannot be told apart"
        one_sided = len(lines) > 1 and sum(bool(line) for line in lines.values()) == 1
        apart = "nothing is heard of the other side" if one_sided else apart
    elif timed:
        basis = "turns"
        if any(turn.party is None for turn in timed):
            # A speaker nobody knows may be any of the others: then none is told apart.
            units = units_from_sound((), {"unknown": union([turn.segment for turn in timed if turn.segment])})
            apart = "the parties cannot be told apart"
        else:
            units = units_from_turns(timed if text else [_without_words(turn) for turn in timed])
            one_sided = len(units) == 1
            apart = "only one party is in the transcript: the other side is missing" if one_sided else ""
        lines = {party: tuple((unit.start, unit.end) for unit in line) for party, line in units.items()}
    else:
        return None
    names = {party: _name(party, roles) for party in units}
    last = max((line[-1][1] for line in lines.values() if line), default=0)
    end_ms = last if duration is None else max(last, to_ms(duration))
    return Talk(basis, units, lines, names, end_ms, apart, one_sided)


def _without_words(turn: Turn) -> Turn:
    return Turn(speaker=turn.speaker, text="", party=turn.party, start=turn.start, end=turn.end)


def _name(party: str, roles: Mapping[str, RoleAssignment]) -> str:
    role = roles[party].role if party in roles else "unknown"
    return party if role == "unknown" else role


def pooled(lines: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """Several lines of spans as one."""
    merged: list[Span] = []
    for start, end in sorted(span for line in lines for span in line):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def without(line: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """The parts of a sorted line of spans outside the spans of another; neither may overlap itself.

    Examples
    --------
    >>> without([(0, 10), (20, 30)], [(4, 6), (25, 40)])
    [(0, 4), (6, 10), (20, 25)]
    """
    kept: list[Span] = []
    first = 0
    for begin, end in line:
        while first < len(holes) and holes[first][1] <= begin:
            first += 1
        position, i = begin, first
        while i < len(holes) and holes[i][0] < end:
            if holes[i][0] > position:
                kept.append((position, holes[i][0]))
            position = max(position, holes[i][1])
            i += 1
        if position < end:
            kept.append((position, end))
    return kept
