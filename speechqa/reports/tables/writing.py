"""A table into a file: which format by the file's ending, one row at a time."""

from __future__ import annotations

import csv
import errno
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from importlib.util import find_spec
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, Final

from speechqa.core.plain import printable
from speechqa.errors import ReportError, UsageError
from speechqa.files.unfinished import work_folder
from speechqa.reports.tables.columns import Cell, Column, Row

ENDINGS: Final = (".csv", ".xlsx", ".parquet")
"""Of files a table can be written into."""
_NEEDS: Final = {".xlsx": ("xlsxwriter", "documents"), ".parquet": ("pyarrow", "parquet")}
_AT_ONCE: Final = 5_000
"""Rows of one group of a Parquet file."""
SHEET_ROWS: Final = 1_048_576
"""Rows a sheet of a workbook holds; the next ones go into another sheet."""
_RUNS: Final = re.compile(r"'|[\s\"\u200e\u200f]*[=+\-@\uff0b\uff0d\uff1d\uff20]")
"""What spreadsheets take for a formula, also behind blanks and quotes and in full width. A text that begins
with an apostrophe gets another, so that the first one of a cell is never the text's own."""
_CHANGED: Final = re.compile(
    r"0\d+|\d{12,}|\d+(\.\d*)?e[+-]?\d+|\d{1,4}([-/.:]\d{1,4}){1,2}([ t][\d:.]*)?|true|false"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ]?\d{1,4}",
    re.IGNORECASE | re.ASCII,
)
"""What they would change: leading zeros, long numbers, exponents, what looks like a day or a truth value."""
_FIRST_YEAR: Final = 1900
_MEASURED: Final = 200
"""First rows by which columns are as wide as they are."""
_MADE: Final = datetime(2000, 1, 1)
"""Instead of the time of writing, so that the same table is the same file."""
_WIDEST: Final = 60
"""Characters of the widest column: reasons and quotes are longer."""


def require_writer(path: Path) -> str:
    """The ending of a file, if a table can be written into it here.

    Raises
    ------
    UsageError
        If the ending is none of `ENDINGS`.
    ReportError
        If the package that writes the format is not installed.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(
            "The ending of the file tells no table",
            found=printable(path.suffix or path.name),
            expected=", ".join(ENDINGS),
        )
    package, extra = _NEEDS.get(ending, ("csv", ""))
    if find_spec(package) is None:
        raise ReportError(
            f"A {ending} file needs the package {package}, which is not installed",
            where=printable(str(path)),
            hint=f"Install it with: pip install 'speechqa[{extra}]', or name a .csv file",
        )
    return ending


def write_table(
    path: Path, ending: str, columns: Sequence[Column], rows: Iterable[Row], *, name: str, right_to_left: bool
) -> None:
    """Write a table.

    Parameters
    ----------
    path : Path
        Is written over.
    ending : str
        One of `ENDINGS`.
    name : str
        Of the sheet, where the format has sheets.
    right_to_left : bool
        Whether a sheet opens from right to left.

    Notes
    -----
    CSV is UTF-8 with a byte order mark, so that spreadsheets read Hebrew. A text that a spreadsheet would
    run, or change as it does leading zeros, begins with an apostrophe there; XLSX and Parquet know what is
    text and need none. Times are local, as `2026-11-20 09:14:00`; the offset from UTC has its own column.
    """
    if ending == ".csv":
        _csv(path, columns, rows)
    elif ending == ".xlsx":
        _xlsx(path, columns, rows, name=name, right_to_left=right_to_left)
    else:
        _parquet(path, columns, rows)


def safe_text(text: str) -> str:
    """A text as a cell of a CSV file, which a spreadsheet neither runs nor changes.

    Examples
    --------
    >>> [safe_text(text) for text in ("=1+1", "007", "a7", "-", "12/11")]
    ["'=1+1", "'007", 'a7', "'-", "'12/11"]
    """
    return f"'{text}" if _RUNS.match(text) or _CHANGED.fullmatch(text) else text


def _csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([safe_text(column.name) for column in columns])
        for row in rows:
            writer.writerow([_csv_cell(column, row.get(column.name)) for column in columns])


def _csv_cell(column: Column, cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if column.kind == "yes":
        return "TRUE" if cell else "FALSE"
    if column.kind == "when":
        return str(cell).replace("T", " ")
    return safe_text(str(cell)) if isinstance(cell, str) else cell


def _xlsx(
    path: Path, columns: Sequence[Column], rows: Iterable[Row], *, name: str, right_to_left: bool
) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxFileError

    options: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with ExitStack() as opened:
        # Rows wait in files there; a killed process must not leave them among everybody's.
        options["tmpdir"] = str(opened.enter_context(work_folder()))
        try:
            with xlsxwriter.Workbook(str(path), options) as book:
                _fill(book, columns, rows, name=name, right_to_left=right_to_left)
        except XlsxFileError as error:
            raise OSError(errno.EIO, str(error)) from error


def _fill(
    book: Any, columns: Sequence[Column], rows: Iterable[Row], *, name: str, right_to_left: bool
) -> None:
    book.set_properties({"created": _MADE})
    bold = book.add_format({"bold": True})
    when = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    rate = book.add_format({"num_format": "0%"})
    text = book.add_format({"num_format": "@"})  # so that editing a cell keeps its zeros, too
    yes = book.add_format({"num_format": '"TRUE";;"FALSE"'})  # LibreOffice shows 1 and 0 otherwise
    formats = (when, rate, text, yes)
    remaining = iter(rows)
    first = list(islice(remaining, _MEASURED))
    widths = [_width(column, first) for column in columns]
    remaining = chain(first, remaining)
    for number in count(1):
        sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
        if right_to_left:
            sheet.right_to_left()
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.name, bold)
        for line, row in enumerate(islice(remaining, SHEET_ROWS - 1), start=1):
            for place, column in enumerate(columns):
                cell = row.get(column.name)
                if cell is not None:
                    _xlsx_cell(sheet, line, place, column, cell, formats)
        following = next(remaining, None)
        if following is None:
            return
        remaining = chain([following], remaining)


def _width(column: Column, rows: Sequence[Row]) -> int:
    """Characters that a column is wide, by its name and the first rows."""
    cells = (str(row.get(column.name, "")).split("\n")[0] for row in rows)
    return min(_WIDEST, 3 + max(map(len, (column.name, *cells))))


def _xlsx_cell(
    sheet: Any, line: int, place: int, column: Column, cell: str | float, formats: tuple[Any, Any, Any, Any]
) -> None:
    when, rate, text, yes = formats
    if column.kind == "when":
        found = datetime.fromisoformat(str(cell))
        if found.year >= _FIRST_YEAR:
            sheet.write_datetime(line, place, found, when)
        else:
            sheet.write_string(line, place, str(cell), text)  # a workbook has no days before that
    elif column.kind == "yes":
        sheet.write_boolean(line, place, bool(cell), yes)
    elif isinstance(cell, str):
        sheet.write_string(line, place, cell, text)
    elif column.name.endswith(" rate"):
        sheet.write_number(line, place, cell, rate)
    else:
        sheet.write_number(line, place, cell)


def _parquet(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {
        "text": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "when": pa.timestamp("s"),
        "yes": pa.bool_(),
    }
    schema = pa.schema([(column.name, kinds[column.kind]) for column in columns])
    remaining = iter(rows)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(remaining, _AT_ONCE)):
            table = {
                column.name: [_parquet_cell(column, row.get(column.name)) for row in batch]
                for column in columns
            }
            writer.write_table(pa.table(table, schema=schema))


def _parquet_cell(column: Column, cell: Cell) -> Any:
    if column.kind == "when" and cell is not None:
        return datetime.fromisoformat(str(cell))
    if column.kind == "number" and cell is not None:
        return float(cell)
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell
