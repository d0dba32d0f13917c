"""What a table is made of: columns of one kind each, and cells that a spreadsheet can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from speechqa.core.plain import cleaned
from speechqa.core.value import Value

Kind = Literal["text", "whole", "number", "when", "yes"]
Cell = str | int | float | bool | None
Row = Mapping[str, Cell]
"""Cells by column; what is missing or None is not known, and stays empty."""

LONGEST: Final = 32_000
"""UTF-16 units of a cell; a spreadsheet takes no more than 32,767."""
_NOT_TEXT: Final = re.compile("[\ufffe\uffff\U0001fffe\U0001ffff]")


class Column(Value, frozen=True):
    """A column: its name, and of what kind its cells are.

    `when` is a local time in ISO 8601 without an offset, `yes` true or false.
    """

    name: str
    kind: Kind = "text"


def cell_text(text: str | None) -> str | None:
    """Text as a cell can hold it: one line without controls, cut where it is too long; empty is None.

    Examples
    --------
    >>> cell_text("a\\x00b\\nc"), cell_text("")
    ('ab c', None)
    """
    if not text:
        return None
    kept = _NOT_TEXT.sub("\ufffd", cleaned(text))
    if 2 * len(kept) > LONGEST and len(kept.encode("utf-16-le", "replace")) > 2 * LONGEST:
        kept = kept.encode("utf-16-le")[: 2 * LONGEST - 2].decode("utf-16-le", "ignore") + "…"
    return kept or None


def local_time(text: str | None) -> tuple[str | None, str | None]:
    """A start as written in a document, as local time and offset from UTC; None for what it does not say.

    Examples
    --------
    >>> local_time("2026-11-20T09:14:00+02:00")
    ('2026-11-20T09:14:00', 'UTC+02:00')
    >>> local_time("2026-11-20"), local_time("yesterday")
    (('2026-11-20T00:00:00', None), (None, None))
    """
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None, None
    offset = found.utcoffset()
    shown = None
    if offset is not None:
        minutes = abs(offset) // timedelta(minutes=1)
        sign = "-" if offset < timedelta(0) else "+"
        shown = f"UTC{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return found.replace(tzinfo=None, microsecond=0).isoformat(), shown
