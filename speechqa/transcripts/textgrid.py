"""Praat TextGrid: a tier a speaker, an interval with text a turn.

Read by Praat's own rule ("TextGrid file formats", Praat manual): only free-standing numbers, quoted strings
and ``<flags>`` count, everything else is comment. So long and short files are one format here, and exponents
and labels that look like headers are no trouble, which line patterns (praatio) do not manage.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from speechqa.transcripts.fields import MAX_SECONDS, clean_text, refuse, shown
from speechqa.transcripts.imported import ImportedTranscript, TurnDraft, assemble, in_order_of_time

_TOKEN = re.compile(
    r'"((?:[^"]++|"")*+)"'
    r"|(?<!\S)(<[a-z]++>|[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?)(?!\S)"
    r"|(?<!\S)![^\n]*"
)
_MAX_TIERS = 64


class _Tokens:
    """The strings, numbers and flags of a file, one after the other."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._found: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self._position = 0

    def _next(self, expected: str) -> re.Match[str]:
        for found in self._found:
            if found.group(1) is not None or found.group(2) is not None:
                self._position = found.start()
                return found
        raise refuse(self._file, "the end", "the file ends", expected)

    def _where(self) -> str:
        return f"line {self._text.count(chr(10), 0, self._position) + 1}"

    def string(self, expected: str) -> str:
        found = self._next(expected)
        if found.group(1) is None:
            raise refuse(self._file, self._where(), shown(found.group(2)), expected)
        return clean_text(found.group(1).replace('""', '"'))

    def flag(self, expected: str) -> str:
        found = self._next(expected)
        if found.group(2) is None or not found.group(2).startswith("<"):
            raise refuse(self._file, self._where(), shown(found.group(0)), expected)
        return found.group(2)

    def number(self, expected: str) -> float:
        found = self._next(expected)
        if found.group(2) is None or found.group(2).startswith("<"):
            raise refuse(self._file, self._where(), shown(found.group(0)), expected)
        return float(found.group(2))

    def seconds(self, expected: str) -> float:
        value = self.number(expected)
        if not (math.isfinite(value) and -0.0005 < value <= MAX_SECONDS):
            raise refuse(self._file, self._where(), shown(value), f"{expected} from 0 to {MAX_SECONDS:.0f} s")
        return max(0.0, round(value, 3))

    def count(self, expected: str, most: float = math.inf) -> int:
        value = self.number(expected)
        if not (value.is_integer() and 0 <= value <= most):
            raise refuse(self._file, self._where(), shown(value), expected)
        return int(value)

    def unordered(self, start: float, end: float) -> None:
        if end < start:
            raise refuse(
                self._file, self._where(), f"an end of {end} s before the start at {start} s", "start <= end"
            )


def parse_textgrid(text: str, file: str) -> ImportedTranscript:
    """A TextGrid in the long or the short text form; silent (empty) intervals are no turns."""
    tokens = _Tokens(text, file)
    if tokens.string('"ooTextFile"') != "ooTextFile" or tokens.string('"TextGrid"') != "TextGrid":
        raise refuse(file, "line 1", "another kind of Praat file", "a TextGrid")
    start = tokens.seconds("the start of the file")
    duration = tokens.seconds("the end of the file")
    tokens.unordered(start, duration)
    drafts: list[TurnDraft] = []
    notes: list[str] = []
    if tokens.flag("<exists>") == "<exists>":
        for _ in range(tokens.count("the number of tiers", _MAX_TIERS)):
            _read_tier(tokens, file, drafts, notes)
    return ImportedTranscript(
        transcript=assemble(in_order_of_time(drafts), source="textgrid", language=None),
        format="textgrid",
        duration=duration,
        notes=tuple(notes),
    )


def _read_tier(tokens: _Tokens, file: str, drafts: list[TurnDraft], notes: list[str]) -> None:
    kind = tokens.string("a tier's class")
    name = tokens.string("a tier's name")
    tokens.seconds("a tier's start")
    tokens.seconds("a tier's end")
    count = tokens.count("the number of intervals")
    if kind == "TextTier":
        for _ in range(count):
            tokens.seconds("a point's time")
            tokens.string("a point's mark")
        notes.append(f"tier {shown(name)} holds points, not speech, and was left out")
        return
    if kind != "IntervalTier":
        raise refuse(file, f"tier {shown(name)}", shown(kind), "IntervalTier or TextTier")
    for _ in range(count):
        start = tokens.seconds("an interval's start")
        end = tokens.seconds("an interval's end")
        tokens.unordered(start, end)
        label = tokens.string("an interval's text")
        if label.strip():
            drafts.append(TurnDraft(speaker=name, text=label, start=start, end=end))
