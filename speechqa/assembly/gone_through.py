"""What a batch has gone through: a line a call, on disk, however many they are."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from speechqa.ingest.private_table import private_table
from speechqa.protocols import CallSummary

NAMED = 20
"""Remarks about single files that are told; the others are counted."""


class GoneThrough:
    """Lines of calls in the order of their ids, whatever order they were added in."""

    def __init__(self) -> None:
        self._table = private_table(
            "call_id BLOB, path BLOB, number INTEGER, weight INTEGER, line BLOB, "
            "PRIMARY KEY (call_id, path, number)"
        )
        self.count = 0

    def add(self, summary: CallSummary) -> None:
        """Keep the line of a call."""
        self.count += 1
        key = [_ordered(text) for text in (summary.call_id, summary.path or "")]
        line = msgspec.json.encode(summary)
        self._table.execute(
            "INSERT INTO held VALUES (?, ?, ?, ?, ?)", (*key, self.count, summary.listen_weight, line)
        )

    def lines(self, most: int | None = None) -> Iterator[CallSummary]:
        """The lines, or the first of them."""
        wanted = "SELECT line FROM held ORDER BY call_id, path, number LIMIT ?"
        return self._read(wanted, -1 if most is None else most)

    def pressing(self, weight: int, most: int) -> tuple[CallSummary, ...]:
        """The calls with the heaviest reasons to listen, from a weight on, the heaviest first."""
        wanted = "SELECT line FROM held WHERE weight >= ? ORDER BY weight DESC, call_id, path, number LIMIT ?"
        return tuple(self._read(wanted, weight, most))

    def _read(self, wanted: str, *parameters: int) -> Iterator[CallSummary]:
        for (line,) in self._table.execute(wanted, parameters):
            yield msgspec.json.decode(line, type=CallSummary)


class Remarks:
    """Sentences about single files: the first of them, and how many more there are."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told: list[str] = []
        self._more = 0

    def add(self, sentence: str) -> None:
        """Take a sentence in."""
        if len(self._told) < NAMED:
            self._told.append(sentence)
        else:
            self._more += 1

    def __iter__(self) -> Iterator[str]:
        yield from self._told
        if self._more:
            yield f"{self._more:,} more {self._what}."


def _ordered(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
