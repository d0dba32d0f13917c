"""`speechqa calls`: find calls by what is known of them, and keep the question under a name."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from speechqa.cli.console import LINES, actor_name, say, show, write
from speechqa.cli.exporting import export as write_tables
from speechqa.cli.exporting import wanted_tables
from speechqa.cli.filters import Found, find_option, finding_calls
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl
from speechqa.core.plain import printable
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.core.saved import SavedFilter
    from speechqa.protocols import CallFilter
    from speechqa.store.sql import SqlStore

_LISTENED = 20


class SortOption(StrEnum):
    """Orders of a list."""

    DATE = "date"
    RISK = "risk"
    SCORE = "score"
    DURATION = "duration"


_SHOW, _KEEP, _EXPORT = "Show", "Keep the question", "Export"


def _shown(help_text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help_text, rich_help_panel=_SHOW, **more)


def _kept(help_text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help_text, rich_help_panel=_KEEP, **more)


def _exported(help_text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help_text, rich_help_panel=_EXPORT, **more)


@finding_calls
def calls(
    *,
    found: Found,
    failed: Annotated[bool, find_option("Only calls that could not be analysed.", "--failed")] = False,
    sort: Annotated[SortOption | None, _shown("date, or what to look at first.")] = None,
    listen: Annotated[bool, _shown("What to listen to first, from where, and why.", "--listen")] = False,
    count: Annotated[bool, _shown("Only how many there are.", "--count")] = False,
    limit: Annotated[int | None, _shown("At most so many.", min=1)] = None,
    save: Annotated[str | None, _kept("Keep the question under a name.", metavar="NAME")] = None,
    saved: Annotated[
        str | None, _kept("Ask a kept question; other options add to it or replace.", metavar="NAME")
    ] = None,
    forget: Annotated[str | None, _kept("Drop a kept question.", metavar="NAME")] = None,
    list_saved: Annotated[bool, _kept("List what is kept.", "--list-saved")] = False,
    by: Annotated[
        str | None, _kept("Who keeps, drops or exports it; the user where absent.", metavar="NAME")
    ] = None,
    export: Annotated[
        Path | None,
        _exported("A row a call: scores, verdicts, signals.", metavar="FILE.csv|FILE.xlsx|FILE.parquet"),
    ] = None,
    export_verdicts: Annotated[
        Path | None,
        _exported(
            "A row a call and criterion, with the reason and what was said.",
            metavar="FILE.csv|FILE.xlsx|FILE.parquet",
        ),
    ] = None,
    force: Annotated[bool, _exported("Write over files that are there.", "--force")] = False,
    reason: Annotated[str, _exported("Why it is exported; kept in the log.", metavar="TEXT")] = "",
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """List calls and search them.

    Examples:

    `speechqa calls --agent a7 --criterion thanks --verdict fail`

    `speechqa calls --from 2026-11-01 --to 2026-11-30 --hour-from 9 --hour-to 11`

    `speechqa calls --phrase "cancel my contract" --phrase-by customer --json`

    `speechqa calls --listen --last 7 --team north`

    `speechqa calls --number -`

    `speechqa calls --tag topic=billing --sort score --save "billing, worst first"`

    `speechqa calls --saved "billing, worst first" --count`

    `speechqa calls --last 30 --export month.xlsx --export-verdicts month-verdicts.xlsx`

    In CSV a text that a spreadsheet would run or change, as `=1+1` or `007`, begins with an apostrophe.
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.saved_filters import forget as drop
    from speechqa.assembly.saved_filters import named
    from speechqa.assembly.saved_filters import save as keep
    from speechqa.assembly.saved_filters import saved as all_saved

    tables = wanted_tables(export, export_verdicts, force=force)
    if by is not None and save is None and forget is None and not tables:
        raise UsageError("--by goes with --save, --forget or --export")
    if tables and (as_json or count or list_saved or forget is not None):
        raise UsageError("--export writes files", expected="no --json, --count, --list-saved or --forget")
    if not tables and (force or reason):
        raise UsageError("--force and --reason go with --export or --export-verdicts")
    if "number_digests" in found.conditions and save is not None:
        raise UsageError("--number is never kept", expected="--save without it")
    shown = {
        "status": "failed" if failed else None,
        "sort": sort.value if sort else "risk" if listen else None,
        "listen": True if listen else None,
        "limit": limit,
    }
    shown = {name: value for name, value in shown.items() if value is not None}
    who = actor_name(by)
    with open_store(store, create=False) as opened:
        if list_saved:
            _show_saved(all_saved(opened), as_json=as_json)
            return
        if forget is not None:
            drop(opened, forget, by=who)
            say(f"Forgotten: {printable(forget)}")
            return
        kept = named(opened, saved) if saved is not None else None
        asked = found._replace(conditions={**found.conditions, **shown}).over(kept)
        if save is not None:
            keep(opened, save, asked.query(), last_days=asked.last_days, by=who)
            say(f"Saved: {printable(save)}")
        if tables:
            write_tables(opened, asked.dated(), tables, by=who, reason=reason, force=force)
            return
        _answer(opened, asked.dated(), count=count, as_json=as_json)


def _answer(store: SqlStore, query: CallFilter, *, count: bool, as_json: bool) -> None:
    import msgspec

    from speechqa.reports.terminal import CallsTable

    if count:
        found = store.count(query)
        write(msgspec.json.encode({"count": found}).decode() if as_json else str(found))
        return
    if as_json:
        for summary in store.find(query):
            write(msgspec.json.encode(summary, order="deterministic").decode())
        return
    most = query.limit or (_LISTENED if query.listen else LINES)
    summaries = tuple(store.find(msgspec.structs.replace(query, limit=most)))
    if not summaries:
        say("No call answers to that.")
        return
    if query.listen:
        from speechqa.reports.listening import listening_table

        show(listening_table(summaries))
    else:
        show(CallsTable(summaries))
    if query.limit is None and len(summaries) == most:
        total = store.count(query)
        if total > most:
            say(f"{most} of {total:,} calls. --limit N shows more, --json all.")


def _show_saved(kept: Sequence[SavedFilter], *, as_json: bool) -> None:
    import msgspec

    from speechqa.reports.listening import saved_table

    if as_json:
        for one in kept:
            write(msgspec.json.encode(one, order="deterministic").decode())
    elif kept:
        show(saved_table(kept))
    else:
        say("Nothing is saved; `speechqa calls ... --save NAME` does it.")
