"""Reading a manifest, CSV or JSON Lines, row by row; a bad row is handed on and stops nothing."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

import msgspec

from speechqa.core.plain import printable
from speechqa.errors import ManifestError, RecordingError
from speechqa.ingest.rows import FILE_COLUMNS, KNOWN_COLUMNS, ManifestRow, read_row
from speechqa.places.opening import opened
from speechqa.places.urls import is_url, shown_url

_LONGEST_LINE = 2**20
_MOST_COLUMNS = 500
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class BadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot be followed, with the path and call id it names where they could be read."""

    line: int
    error: ManifestError
    path: str | None = None
    call_id: str | None = None


def check_manifest(path: str) -> None:
    """Raise `ManifestError` if a manifest cannot be opened, or its first row makes it none."""
    with _opened(path) as file:
        for _ in _rows(file, path):
            return


def read_manifest(path: str) -> Iterator[ManifestRow | BadRow]:
    """Rows of a manifest in order; nothing but the current row is held.

    CSV has a header line, in UTF-8 or UTF-16 with a mark, separated by commas, semicolons or tabs. JSON Lines
    has an object a line. A file is taken for JSON Lines by its extension (``.jsonl``, ``.ndjson``,
    ``.json``), else for CSV.

    Raises
    ------
    ManifestError
        If it cannot be opened, or its header has no column that names a recording.
    """
    with _opened(path) as file:
        yield from _rows(file, path)


def _rows(file: BinaryIO, path: str) -> Iterator[ManifestRow | BadRow]:
    extension = os.path.splitext(path)[1].lower()  # noqa: PTH122 - hostile names stay text
    return (_json_rows if extension in (".jsonl", ".ndjson", ".json") else _csv_rows)(file, shown_url(path))


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if is_url(path):
        yield from _opened_elsewhere(path)
        return
    try:
        # It is read more than once, which no pipe allows, and a pipe would wait for ever.
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            raise ManifestError("A manifest must be a regular file", where=printable(path))
        file = open(path, "rb")  # noqa: SIM115, PTH123 - hostile names stay text
    except ManifestError:
        raise
    except (OSError, ValueError) as error:
        raise ManifestError(
            "The manifest cannot be opened",
            where=printable(path),
            found=printable(str(getattr(error, "strerror", None) or error)),
            hint="Check the path and the right to read it",
        ) from error
    with file:
        yield file


def _opened_elsewhere(url: str) -> Iterator[BinaryIO]:
    with ExitStack() as stack:
        try:
            file = stack.enter_context(opened(url))
        except RecordingError as error:
            what = "The manifest cannot be opened"
            raise ManifestError(what, where=error.where, found=error.what, hint=error.hint) from error
        yield file


def _checked(values: dict[str, str], name: str, line: int) -> ManifestRow | BadRow:
    try:
        return read_row(values, where=f"{name}, line {line}", line=line)
    except ManifestError as error:
        first = next((values[column] for column in FILE_COLUMNS if values.get(column)), None)
        call_id = values.get("call_id", "").strip()
        return BadRow(
            line=line, error=error, path=first, call_id=printable(call_id, limit=100) if call_id else None
        )


def _bad(name: str, line: int, what: str, found: str, expected: str) -> BadRow:
    where = f"{name}, line {line}"
    hint = "Correct the row; the other rows are not affected"
    return BadRow(
        line=line, error=ManifestError(what, where=where, found=found, expected=expected, hint=hint)
    )


def _endless(name: str, line: int, said: str) -> BadRow:
    failure = ManifestError(
        "A manifest row cannot be read, and none after it",
        where=f"{name}, line {line}",
        found=printable(said),
        expected="a row of CSV, its quotes closed",
        hint="Close the quote that begins in this row, then run the command again",
    )
    return BadRow(line=line, error=failure)


def _csv_rows(file: BinaryIO, name: str) -> Iterator[ManifestRow | BadRow]:
    start = file.read(2)
    file.seek(0)
    encoding = "utf-16" if start in _UTF16 else "utf-8-sig"
    with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        try:
            delimiter = _delimiter(text.readline(_LONGEST_LINE))
            text.seek(0)
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            columns = _columns(next(reader, []), name)
            yield from _csv_cells(reader, lines, columns, name)
        except UnicodeDecodeError as error:
            raise _not_utf8(name, error) from error
        except csv.Error as error:
            raise ManifestError(
                "The manifest's header cannot be read", where=f"{name}, line 1", found=printable(str(error))
            ) from error


class _Lines:
    """Lines of a text, of which none is held that is longer than a row may be."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) < _LONGEST_LINE or line[-1] in "\r\n":
            return line
        while line and line[-1] not in "\r\n":
            line = self._text.readline(_LONGEST_LINE)
        raise csv.Error(f"a line of {_LONGEST_LINE:,} characters or more")


def _csv_cells(
    reader: Iterator[list[str]], lines: _Lines, columns: list[str], name: str
) -> Iterator[ManifestRow | BadRow]:
    while True:
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if lines.number > line:
                # A quote that is never closed: what follows is the inside of a cell as likely as a row.
                yield _endless(name, line, str(error))
                return
            yield _bad(name, line, "A manifest row cannot be read", printable(str(error)), "a row of CSV")
            continue
        except UnicodeDecodeError as error:
            # Decoding goes by blocks, so the rest of the file cannot be trusted to begin at a row.
            failure = _not_utf8(name, error)
            yield BadRow(line=line, error=failure)
            return
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(columns) :]):
            found, expected = f"{len(cells)} cells", f"{len(columns)}, as in the header"
            yield _bad(name, line, "A manifest row has more cells than columns", found, expected)
            continue
        yield _checked(dict(zip(columns, cells, strict=False)), name, line)


def _delimiter(header: str) -> str:
    """The separator under which the header has most columns that are known here; a comma in doubt."""

    def known(delimiter: str) -> int:
        names = [_column(cell) for cell in header.replace('"', "").split(delimiter)]
        return sum(name in KNOWN_COLUMNS for name in names)

    return max((",", ";", "\t"), key=known)


def _column(cell: str) -> str:
    return cell.strip().lower().replace(" ", "_")


def _columns(header: list[str], name: str) -> list[str]:
    columns = [_column(cell) for cell in header]
    named = [column for column in columns if column]
    if len(columns) > _MOST_COLUMNS or len(set(named)) != len(named):
        raise ManifestError(
            "The manifest's header cannot be followed",
            where=f"{name}, line 1",
            found="a column twice" if len(columns) <= _MOST_COLUMNS else f"{len(columns)} columns",
            expected=f"each column once, at most {_MOST_COLUMNS}",
        )
    if not set(named) & set(FILE_COLUMNS):
        raise ManifestError(
            "The manifest names no recordings",
            where=f"{name}, line 1",
            found=printable(", ".join(named), limit=200) or "an empty header",
            expected="a column file, or agent_file and customer_file",
            hint=f"Columns that are understood: {', '.join(KNOWN_COLUMNS)}",
        )
    return columns


def _not_utf8(name: str, error: UnicodeDecodeError) -> ManifestError:
    return ManifestError(
        "The manifest is not text in UTF-8",
        where=name,
        found=f"byte 0x{error.object[error.start]:02x}",
        expected="UTF-8",
        hint="Save it as CSV UTF-8",
    )


def _json_rows(file: BinaryIO, name: str) -> Iterator[ManifestRow | BadRow]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    line = 0
    while data := file.readline(_LONGEST_LINE):
        line += 1
        if len(data) == _LONGEST_LINE and not data.endswith(b"\n"):
            while data and not data.endswith(b"\n"):
                data = file.readline(_LONGEST_LINE)
            yield _bad(name, line, "A manifest row is too long", "over 1 MiB", "an object on one line")
            continue
        data = data.removeprefix(b"\xef\xbb\xbf").strip()
        if not data:
            continue
        try:
            values = {_column(key): _as_text(value) for key, value in decoder.decode(data).items()}
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            found = printable(str(error), limit=200)
            yield _bad(name, line, "A manifest row cannot be read", found, "a JSON object on one line")
            continue
        yield _checked(values, name, line)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode("utf-8")
