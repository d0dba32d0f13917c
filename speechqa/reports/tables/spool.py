"""Rows kept in a file until all columns are known, so that no table is held in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType

import msgspec

from speechqa.reports.tables.columns import Cell, Row


class Spool:
    """Rows on disk, in a file without a name that is gone when it is closed.

    Attributes
    ----------
    count : int
        Rows so far.
    names : dict of str to None
        Names of the cells they have, in the order first seen.
    right_to_left : bool
        Whether most rows that name a language are Hebrew's.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the spool
        self._encoder = msgspec.json.Encoder()
        self.count = 0
        self.names: dict[str, None] = {}
        self._hebrew = self._spoken = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def right_to_left(self) -> bool:
        """Whether most rows that name a language are Hebrew's."""
        return 2 * self._hebrew > self._spoken

    def add(self, row: Row) -> None:
        """Keep a row."""
        self._file.write(self._encoder.encode(row))
        self._file.write(b"\n")
        self.count += 1
        for name in row:
            self.names.setdefault(name)
        language = row.get("language")
        self._spoken += language is not None
        self._hebrew += language == "he"

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        self._file.seek(0)
        decoder = msgspec.json.Decoder(dict[str, Cell])
        for line in self._file:
            yield decoder.decode(line)
