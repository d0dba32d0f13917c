"""Stored calls as tables: one row a call, or one a call and criterion; every export is logged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from speechqa.core.analysis import CallAnalysis
from speechqa.protocols import CallFilter, Store

TableKind = Literal["calls", "verdicts"]

_CallRow = tuple[str, Mapping[str, str | int | float | bool | None]]
"""A row, with the id of its call."""


def export_table(
    store: Store,
    kind: TableKind,
    query: CallFilter,
    path: Path,
    *,
    ending: str,
    by: str,
    reason: str = "",
    shown_path: str | None = None,
) -> int:
    """Write what a query finds into a file; gives the number of rows.

    The export is written down before the file is, once with what was asked and once for each call in it. Rows
    go through a file of their own until all columns are known, so that of the calls only their ids are held.

    Parameters
    ----------
    path : Path
        Is written over.
    ending : str
        The format, as `speechqa.reports.tables.require_writer` gives it.
    shown_path : str, optional
        The name of the file for the log, where `path` takes that name only later.

    Raises
    ------
    UsageError
        If the query asks for what cannot be.
    """
    from speechqa.privacy.redaction import redact_text
    from speechqa.reports.tables import VERDICT_COLUMNS, Spool, call_columns, write_table

    # Whole, so that a purge of the calls in it can tell of the file from wherever it is run.
    details = {"file": str(Path(shown_path or path).absolute()), "table": kind}
    calls: dict[str, None] = {}
    with Spool() as spool:
        for call_id, row in _call_rows(store, query) if kind == "calls" else _verdict_rows(store, query):
            calls[call_id] = None
            spool.add(row)
        why = redact_text(reason)
        store.log("calls exported", actor=by, reason=why, details={**details, **_asked(query)})
        store.log("calls exported", call=tuple(calls), actor=by, reason=why, details=details)
        columns = call_columns(spool.names) if kind == "calls" else VERDICT_COLUMNS
        write_table(path, ending, columns, spool, name=kind, right_to_left=spool.right_to_left)
        return spool.count


def _call_rows(store: Store, query: CallFilter) -> Iterator[_CallRow]:
    from speechqa.reports.tables import call_row

    return ((summary.call_id, call_row(summary)) for summary in store.find(query))


def _verdict_rows(store: Store, query: CallFilter) -> Iterator[_CallRow]:
    from speechqa.assembly.reviews import standings_of
    from speechqa.reports.tables import verdict_rows

    for document in store.documents(query):
        stands = standings_of(store, document) if isinstance(document, CallAnalysis) else ()
        for row in verdict_rows(document, stands):
            yield document.call_id, row


def _asked(query: CallFilter) -> dict[str, str]:
    """What of the query is a condition, in words."""
    default = CallFilter()
    asked = msgspec.structs.asdict(query)
    if asked.pop("number_digests") is not None:
        asked["number"] = "one that was masked"  # not even its digest: the log outlives the call
    return {
        name: _masked(str(value)) for name, value in asked.items() if value != getattr(default, name, None)
    }


def _masked(text: str) -> str:
    from speechqa.privacy.redaction import redact_text

    return redact_text(text)
