"""The calls that are swapped: the project's own, of two kinds, and on request public text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks import agreement
from benchmarks.fairness.text import Line
from benchmarks.marked_calls import marked_calls


class Call(NamedTuple):
    """A call: where it is from, its language and its turns."""

    name: str
    language: str
    lines: tuple[Line, ...]


def kept_apart() -> Iterator[Call]:
    """The invented calls that nothing was trained on."""
    for path in sorted(agreement.FOLDER.glob("*.txt")):
        for number, transcript in agreement.calls(path.stem):
            lines = tuple(Line(turn.speaker, turn.text) for turn in transcript.turns)
            yield Call(f"{path.stem} {number}", transcript.language or "", lines)


def trained_on() -> Iterator[Call]:
    """The invented calls that the models were trained on, as they stand there."""
    for call in marked_calls():
        lines = tuple(Line(turn.speaker, turn.text) for turn in call.transcript.turns)
        yield Call(f"{call.author} {call.number}", call.transcript.language or "", lines)
