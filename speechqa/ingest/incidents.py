"""Reading a file of the organisation's incidents: CSV, all of it checked before any of it counts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from speechqa.core.finding import Category
from speechqa.core.incidents import EXCUSES, KINDS, Incident, IncidentKind, moment
from speechqa.core.plain import printable
from speechqa.errors import ConfigurationError, IncidentsError

COLUMNS: Final = ("id", "kind", "from", "to", "what", "queues", "teams", "excuses")
_NEEDED: Final = ("id", "kind", "from", "to", "what")
_LISTS: Final = ("queues", "teams", "excuses")
MAX_BYTES: Final = 5_000_000
MAX_INCIDENTS: Final = 10_000
_MOST_TEXT: Final = 300
_MOST_LISTED: Final = 50
_ID: Final = re.compile(r"[\w][\w.:-]{0,99}")
# Editors of Hebrew and Arabic leave these in a line; they move nothing but themselves, and none is needed.
_DIRECTION_MARKS: Final = re.compile("[\u061c\u200e\u200f]")
_HINT: Final = "The columns are " + ", ".join(COLUMNS) + "; several of a list stand apart by |"


def read_incidents(path: Path, criteria: Mapping[str, Category]) -> tuple[Incident, ...]:
    """The incidents of a CSV file with a header, separated by commas, semicolons or tabs.

    Parameters
    ----------
    criteria : mapping of str to Category
        The criteria that there are, with what each is of: courtesy is never excused.

    Raises
    ------
    IncidentsError
        At the first thing that is wrong, with the line, the column, what was found and what was expected, and
        how many more there are. No part of a faulty file counts.
    """
    name = printable(str(path))
    rows = _Rows(_text(path, name), name)
    found: dict[str, Incident] = {}
    faults: list[IncidentsError] = []
    for line, cells in rows:
        if len(found) + len(faults) >= MAX_INCIDENTS:
            raise IncidentsError(
                "There are too many incidents", where=f"{name}, line {line}",
                expected=f"at most {MAX_INCIDENTS:,}",
            )  # fmt: skip
        try:
            incident = _incident(cells, criteria, f"{name}, line {line}")
            if incident.id in found:
                raise _wrong(
                    "Two incidents have one id", f"{name}, line {line}", "id", incident.id, "its own"
                )
        except IncidentsError as error:
            faults.append(error)
        else:
            found[incident.id] = incident
    if faults:
        first = faults[0]
        if len(faults) == 1:
            raise first
        more = f"{first.where}; {len(faults) - 1} more faults behind it"
        raise IncidentsError(
            first.what, where=more, found=first.found, expected=first.expected, hint=first.hint
        )
    return tuple(sorted(found.values(), key=lambda one: (one.begins, one.id)))


def _text(path: Path, name: str) -> str:
    try:
        if not path.is_file():  # a pipe would wait for ever
            raise IncidentsError("There is no such file of incidents", where=name, hint=_HINT)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, ConfigurationError):
            raise
        found = printable(str(getattr(error, "strerror", None) or error))
        raise IncidentsError("The incidents cannot be read", where=name, found=found) from error
    if len(data) > MAX_BYTES:
        raise IncidentsError(
            "The file of incidents is too large", where=name, expected=f"at most {MAX_BYTES:,} bytes"
        )
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise IncidentsError(
            "The incidents are not text in UTF-8", where=name, found=f"byte {error.start}", expected="UTF-8",
            hint="Save the file as CSV UTF-8",
        ) from error  # fmt: skip


class _Rows:
    """Rows with the line each begins on, by column; lines without anything in them are none."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=lambda mark: len(set(_columns(head.split(mark))) & set(COLUMNS)))
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self._columns = self._header()

    def _header(self) -> list[str]:
        columns = _columns(self._next() or [])
        where = f"{self._name}, line 1"
        unknown = [column for column in columns if column not in COLUMNS]
        missing = [column for column in _NEEDED if column not in columns]
        if missing:
            found = printable(", ".join(columns), limit=200) or "an empty header"
            raise _wrong("The incidents lack a column", where, missing[0], found, ", ".join(_NEEDED))
        if unknown or len(set(columns)) < len(columns):
            what = "The incidents have a column that is not known" if unknown else "A column stands twice"
            raise _wrong(what, where, unknown[0] if unknown else "header", ", ".join(columns), _HINT)
        return columns

    def _next(self) -> list[str] | None:
        line = self._reader.line_num + 1
        try:
            return next(self._reader, None)
        except csv.Error as error:
            raise IncidentsError(
                "A row of the incidents cannot be read, and none after it",
                where=f"{self._name}, line {line}", found=printable(str(error)),
                expected="a row of CSV, its quotes closed",
            ) from error  # fmt: skip

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        while True:
            line = self._reader.line_num + 1
            cells = self._next()
            if cells is None:
                return
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(self._columns):
                raise _wrong("A row has more cells than columns", f"{self._name}, line {line}", "row",
                             f"{len(cells)} cells", f"{len(self._columns)}, as in the header")  # fmt: skip
            yield line, {name: cell.strip() for name, cell in zip(self._columns, cells, strict=False)}


def _columns(cells: list[str]) -> list[str]:
    return [cell.strip().strip('"').lower() for cell in cells]


def _incident(cells: Mapping[str, str], criteria: Mapping[str, Category], where: str) -> Incident:
    name, kind = cells.get("id", ""), cells.get("kind", "").lower()
    what = _DIRECTION_MARKS.sub("", cells.get("what", "")).strip()
    if not _ID.fullmatch(name):
        raise _wrong(
            "The incident's id is not usable", where, "id", name or "nothing", "letters, 0-9, . : _ -"
        )
    if kind not in KINDS:
        raise _wrong(
            "The kind of incident is not known", where, "kind", kind or "nothing", " or ".join(KINDS)
        )
    if not what or len(what) > _MOST_TEXT or not what.isprintable():
        raise _wrong("What the incident was is not said in a line", where, "what", what or "nothing",
                     f"a line of at most {_MOST_TEXT} characters")  # fmt: skip
    start, end = (_time(cells, column, where) for column in ("from", "to"))
    if start >= end:
        raise _wrong("The incident ends before it begins", where, "to", cells["to"], f"a time after {start}")
    lists = {column: _list(cells, column, where) for column in _LISTS}
    return Incident(
        id=name, kind=kind, start=start.isoformat(), end=end.isoformat(), what=what,
        queues=lists["queues"], teams=lists["teams"],
        excuses=_excused(kind, lists["excuses"], criteria, where),
    )  # fmt: skip


def _excused(
    kind: IncidentKind, named: tuple[str, ...], criteria: Mapping[str, Category], where: str
) -> tuple[str, ...]:
    """What the incident excuses: what is named, else what its kind does."""
    for one in named:
        if one not in criteria:
            raise _wrong(
                "A criterion is excused that there is not", where, "excuses", one, ", ".join(criteria)
            )
        if criteria[one] == "courtesy":
            able = ", ".join(name for name, category in criteria.items() if category != "courtesy")
            raise _wrong("Courtesy is excused by nothing", where, "excuses", one, able)
    if not named and kind == "other":
        raise _wrong("It is not said what the incident excuses", where, "excuses", "nothing",
                     "ids of criteria, for the kind `other` excuses none by itself")  # fmt: skip
    return named or EXCUSES[kind]


def _time(cells: Mapping[str, str], column: str, where: str) -> datetime:
    written = cells.get(column, "")
    read = moment(written)
    if read is None or read.tzinfo is None:
        expected = "a time with its offset, such as 2026-11-03T09:10+02:00 or 2026-11-03T07:10Z"
        raise _wrong("A time of the incident cannot be read", where, column, written or "nothing", expected)
    return read


def _list(cells: Mapping[str, str], column: str, where: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part.strip() for part in cells.get(column, "").split("|") if part.strip()))
    if len(parts) > _MOST_LISTED or any(len(part) > 100 or not part.isprintable() for part in parts):
        raise _wrong("A list of the incident is not usable", where, column, f"{len(parts)} entries",
                     f"at most {_MOST_LISTED}, each of at most 100 characters")  # fmt: skip
    return parts


def _wrong(what: str, where: str, column: str, found: str, expected: str) -> IncidentsError:
    return IncidentsError(
        what,
        where=f"{where}, column {column}",
        found=printable(found, limit=120),
        expected=expected,
        hint=_HINT,
    )
