"""What `speechqa calls` finds, as files for a spreadsheet or another program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from speechqa.cli.console import say
from speechqa.cli.files import new_file, require_free
from speechqa.core.plain import printable
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.assembly.exporting import TableKind
    from speechqa.protocols import CallFilter, Store

Wanted = Sequence[tuple["TableKind", Path, str]]
"""Tables to be written: what is in each, the file, and the format by its ending."""


def wanted_tables(calls: Path | None, verdicts: Path | None, *, force: bool) -> Wanted:
    """The tables that are asked for; whatever is wrong with their files is found before any work.

    Raises
    ------
    UsageError
        If a file is there already, both are one, or the ending names no table.
    ReportError
        If a format's package is not installed.
    """
    from speechqa.reports.tables import require_writer

    asked: list[tuple[TableKind, Path | None]] = [("calls", calls), ("verdicts", verdicts)]
    found: list[tuple[TableKind, Path, str]] = []
    for kind, path in asked:
        if path is None:
            continue
        ending = require_writer(path)
        require_free(path, force=force)
        if found and found[0][1].absolute() == path.absolute():
            raise UsageError("Two tables cannot be one file", found=printable(str(path)))
        found.append((kind, path, ending))
    return found


def export(store: Store, query: CallFilter, tables: Wanted, *, by: str, reason: str, force: bool) -> None:
    """Write the tables; a file is whole or absent."""
    from speechqa.assembly.exporting import export_table

    for kind, path, ending in tables:
        with new_file(path, force=force) as temporary:
            count = export_table(
                store, kind, query, temporary, ending=ending, by=by, reason=reason, shown_path=str(path)
            )
        what = {"calls": "call", "verdicts": "verdict"}[kind] + ("" if count == 1 else "s")
        say(f"{count:,} {what}: {printable(str(path))}")
