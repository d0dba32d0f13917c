"""One manifest row: its columns checked, its values turned into what is known of a call."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from speechqa.core.plain import printable
from speechqa.core.source import CallMetadata, Role
from speechqa.errors import ManifestError

FILE_COLUMNS: dict[str, Role | None] = {"file": None, "agent_file": "agent", "customer_file": "customer"}

KNOWN_COLUMNS = (
    "file", "call_id", "agent_id", "agent_name", "team", "customer_id", "started_at", "direction",
    "queue_wait_s", "transfers", "agent_channel", "agent_offset_s", "agent_file", "customer_file", "language",
)  # fmt: skip

LANGUAGES = ("he", "en", "auto")

_LONGEST_NAME = 300
_LONGEST_TAG = 10_000
_HIGHEST_CHANNEL = 31
_MOST_TRANSFERS = 1_000
_LARGEST_SECONDS = 7 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestRow:
    """A checked row. `files` are paths as written, with the column that names each."""

    line: int
    files: tuple[tuple[str, str], ...]
    call_id: str | None = None
    agent_channel: int | None = None
    agent_offset_s: float | None = None
    language: str | None = None
    metadata: CallMetadata = field(default_factory=CallMetadata)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a row; each reader raises an error that names file, line and column."""

    values: Mapping[str, str]
    where: str

    def wrong(self, column: str, expected: str) -> ManifestError:
        return ManifestError(
            "A manifest row cannot be read",
            where=f"{self.where}, column {column}",
            found=repr(printable(self.values[column], limit=80)),
            expected=expected,
            hint="Correct the row; the other rows are not affected",
        )

    def name(self, column: str) -> str | None:
        text = self.values.get(column)
        if text is None:
            return None
        if len(text) > _LONGEST_NAME or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
            raise self.wrong(column, f"at most {_LONGEST_NAME} characters, none a control character")
        return text

    def whole(self, column: str, highest: int) -> int | None:
        text = self.values.get(column)
        if text is None:
            return None
        # Spreadsheets write 1 as 1.0 in a column that has an empty cell.
        digits = text.removesuffix(".0")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9 and int(digits) <= highest):
            raise self.wrong(column, f"a whole number from 0 to {highest}")
        return int(digits)

    def number(self, column: str, lowest: float) -> float | None:
        text = self.values.get(column)
        if text is None:
            return None
        try:
            value = float(text) if text.isascii() and "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and lowest <= value <= _LARGEST_SECONDS):
            raise self.wrong(column, f"seconds from {lowest:g} to {_LARGEST_SECONDS:g}, with a decimal point")
        return value

    def instant(self, column: str) -> str | None:
        text = self.name(column)
        if text is None:
            return None
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise self.wrong(column, "ISO 8601, such as 2026-11-20T09:14:00+02:00") from None
        return text


def read_row(cells: Mapping[str, str], *, where: str, line: int) -> ManifestRow:
    """Check one row.

    Parameters
    ----------
    cells : mapping of str to str
        Text by column; an empty cell means not known.
    where : str
        File and line for messages.

    Raises
    ------
    ManifestError
        Naming the column, what was found and what was expected.
    """
    values = {name: text.strip() for name, text in cells.items() if text.strip()}
    row = _Cells(values, where)
    files = tuple((column, values[column]) for column in FILE_COLUMNS if column in values)
    if not files:
        raise ManifestError(
            "A manifest row names no recording",
            where=where,
            found="no file, agent_file or customer_file",
            expected="a path in one of them",
            hint="Correct the row; the other rows are not affected",
        )
    if "file" in values and len(files) > 1:
        raise row.wrong("file", "either file, or agent_file and customer_file")
    for column, text in files:
        if "\0" in text:
            raise row.wrong(column, "a path without null bytes")
    language = values.get("language")
    if language is not None and language.lower() not in LANGUAGES:
        raise row.wrong("language", " or ".join(LANGUAGES))
    return ManifestRow(
        line=line,
        files=files,
        call_id=row.name("call_id"),
        agent_channel=row.whole("agent_channel", _HIGHEST_CHANNEL),
        agent_offset_s=row.number("agent_offset_s", -_LARGEST_SECONDS),
        language=language.lower() if language else None,
        metadata=CallMetadata(
            agent_id=row.name("agent_id"),
            agent_name=row.name("agent_name"),
            team=row.name("team"),
            customer_id=row.name("customer_id"),
            started_at=row.instant("started_at"),
            direction=row.name("direction"),
            queue_wait_s=row.number("queue_wait_s", 0.0),
            transfers=row.whole("transfers", _MOST_TRANSFERS),
            tags={n: t[:_LONGEST_TAG] for n, t in values.items() if n not in KNOWN_COLUMNS},
        ),
    )
