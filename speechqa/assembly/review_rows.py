"""Verdicts of people out of a file: CSV with a head, or JSON Lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from speechqa.assembly.reviews import ReviewRow
from speechqa.errors import UsageError

COLUMNS = ("call", "criterion", "verdict", "comment", "blind", "points")
_NEEDED = COLUMNS[:4]
_MOST_BYTES = 32 << 20
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0", ""})


def read_reviews(path: Path) -> tuple[ReviewRow, ...]:
    """Read verdicts.

    Raises
    ------
    UsageError
        If the file or a row cannot be read; the message names the line.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise UsageError(
            "The file cannot be read", where=str(path), found=error.strerror or type(error).__name__
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            "The file is no UTF-8 text", where=str(path), hint="Save it as CSV UTF-8 or JSON Lines."
        ) from error
    if len(data) > _MOST_BYTES:
        raise UsageError(
            "The file is too large", where=str(path), expected=f"at most {_MOST_BYTES:,} bytes of verdicts",
            hint="Split it and record the parts one after the other",
        )  # fmt: skip
    rows = _json_lines(path, text) if text.lstrip().startswith("{") else _csv(path, text)
    if not rows:
        raise UsageError("The file has no verdicts", where=str(path), expected=", ".join(COLUMNS))
    return rows


def _json_lines(path: Path, text: str) -> tuple[ReviewRow, ...]:
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            cells = msgspec.json.decode(line, type=dict[str, str | bool | int | None])
        except msgspec.DecodeError as error:
            raise UsageError("The line is no JSON object of texts", where=where, found=str(error)) from error
        rows.append(_row(where, cells))
    return tuple(rows)


def _csv(path: Path, text: str) -> tuple[ReviewRow, ...]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows = []
    try:
        for cells in reader:
            where = f"{path}, line {reader.line_num}"
            if None in cells or None in cells.values():
                raise UsageError(
                    "The row has other columns than the head",
                    where=where,
                    expected=f"{len(reader.fieldnames or ())} cells",
                )
            rows.append(_row(where, cells))
    except csv.Error as error:
        raise UsageError(
            "The file is no CSV", where=f"{path}, line {reader.line_num}", found=str(error)
        ) from error
    return tuple(rows)


def _row(where: str, cells: Mapping[str, Any]) -> ReviewRow:
    unknown = sorted(set(cells) - set(COLUMNS))
    missing = [name for name in _NEEDED if name not in cells]
    if unknown or missing:
        raise UsageError(
            "The columns are not those of verdicts",
            where=where,
            found=", ".join(cells) or "none",
            expected=", ".join(_NEEDED) + ", and perhaps blind and points",
        )
    said = {name: "" if value is None else str(value).strip() for name, value in cells.items()}
    blind = said.get("blind", "").casefold()
    if blind not in _TRUE | _FALSE:
        raise UsageError("Whether it was blind is not said", where=where, found=blind, expected="yes or no")
    points = said.get("points", "")
    if points and not (points.isascii() and points.isdigit() and len(points) < 7):
        raise UsageError("The points are no number", where=where, found=points, expected="a whole number")
    return ReviewRow(
        call=said["call"],
        criterion=said["criterion"],
        verdict=said["verdict"],
        comment=said["comment"],
        blind=blind in _TRUE,
        points=int(points) if points else None,
        where=where,
    )
