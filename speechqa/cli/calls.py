"""`speechqa calls`: find calls by what is known of them, and keep the question under a name."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from speechqa.cli.console import say, show, user_name, write
from speechqa.cli.exporting import export as write_tables
from speechqa.cli.exporting import wanted_tables
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.core.saved import SavedFilter
    from speechqa.protocols import CallFilter
    from speechqa.store.sql import SqlStore

_LINES = 200
"""Lines of a table where no limit is given: nobody reads more, and every one of them costs time."""

_LISTENED = 20


class CategoryOption(StrEnum):
    """Categories a score is given in."""

    COURTESY = "courtesy"
    PROFESSIONALISM = "professionalism"


class SortOption(StrEnum):
    """Orders of a list."""

    DATE = "date"
    RISK = "risk"
    SCORE = "score"
    DURATION = "duration"


class SpeakerOption(StrEnum):
    """Who said it."""

    AGENT = "agent"
    CUSTOMER = "customer"


_FIND, _SHOW, _KEEP, _EXPORT = "Find by", "Show", "Keep the question", "Export"


def _find(help_text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help_text, rich_help_panel=_FIND, **more)


def _shown(help_text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help_text, rich_help_panel=_SHOW, **more)


def _kept(help_text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help_text, rich_help_panel=_KEEP, **more)


def _exported(help_text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help_text, rich_help_panel=_EXPORT, **more)


def calls(
    *,
    agent: Annotated[str | None, _find("Agent's id.")] = None,
    agent_name: Annotated[str | None, _find("A piece of the agent's name.")] = None,
    team: Annotated[str | None, _find("Team.")] = None,
    customer: Annotated[str | None, _find("Customer's id.")] = None,
    date_from: Annotated[str | None, _find("First day, as 2026-11-01.", "--from", metavar="DATE")] = None,
    date_to: Annotated[str | None, _find("Last day, as 2026-11-30.", "--to", metavar="DATE")] = None,
    last_days: Annotated[
        int | None, _find("The last so many days, today among them.", "--last", min=1, metavar="DAYS")
    ] = None,
    hour_from: Annotated[int | None, _find("First hour of the day.", min=0, max=23)] = None,
    hour_to: Annotated[
        int | None, _find("Last hour of the day; from 22 to 5 is the night.", min=0, max=23)
    ] = None,
    longer: Annotated[float | None, _find("At least so many seconds.", min=0, metavar="SECONDS")] = None,
    shorter: Annotated[float | None, _find("At most so many seconds.", min=0, metavar="SECONDS")] = None,
    language: Annotated[str | None, _find("Language of the words, as he or en.")] = None,
    direction: Annotated[str | None, _find("Direction, as the manifest has it.")] = None,
    tag: Annotated[
        list[str] | None,
        _find("Another column of the manifest and its value; repeatable.", metavar="NAME=VALUE"),
    ] = None,
    category: Annotated[
        CategoryOption | None,
        _find("Category the score limits and --sort score are about; any where absent."),
    ] = None,
    below: Annotated[float | None, _find("Rate under this, 0 to 1.", min=0, max=1, metavar="RATE")] = None,
    above: Annotated[float | None, _find("Rate over this, 0 to 1.", min=0, max=1, metavar="RATE")] = None,
    criterion: Annotated[str | None, _find("Criterion that was judged.")] = None,
    verdict: Annotated[
        str | None, _find("pass, fail, not_applicable or not_assessed; with --criterion.")
    ] = None,
    signal: Annotated[
        str | None,
        _find(
            "complaint, churn_risk, public_or_legal_threat, satisfaction_expressed, promises, or "
            "customer_type:NAME."
        ),
    ] = None,
    phrase: Annotated[
        str | None, _find("Words said in a row, Hebrew ones with or without the letters before them.")
    ] = None,
    phrase_by: Annotated[SpeakerOption | None, _find("Who said the phrase; anybody where absent.")] = None,
    number: Annotated[
        str | None,
        _find(
            "A telephone, card, ID or account number or e-mail address that was masked in the call; - asks "
            "for it without showing it. It is kept nowhere. Needs `speechqa number-key`.",
            metavar="NUMBER",
        ),
    ] = None,
    interruptions: Annotated[
        int | None, _find("At least so many interruptions by the agent.", min=0, metavar="N")
    ] = None,
    silence: Annotated[
        float | None, _find("A silence of at least so many seconds.", min=0, metavar="SECONDS")
    ] = None,
    promise_due: Annotated[
        str | None, _find("Something promised for this day or before.", metavar="DATE")
    ] = None,
    promise_by: Annotated[SpeakerOption | None, _find("Who promised; anybody where absent.")] = None,
    draft: Annotated[
        bool | None, _find("Words from a draft engine, or none of those.", "--draft/--no-draft")
    ] = None,
    failed: Annotated[bool, _find("Only calls that could not be analysed.", "--failed")] = False,
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
    if number is not None and save is not None:
        raise UsageError("--number is never kept", expected="--save without it")
    given = {
        "number_digests": _digests(number),
        "agent_id": agent,
        "agent_name": agent_name,
        "team": team,
        "customer_id": customer,
        "date_from": date_from,
        "date_to": date_to,
        "hour_from": hour_from,
        "hour_to": hour_to,
        "longer": longer,
        "shorter": shorter,
        "language": language,
        "direction": direction,
        "tags": _tags(tag) or None,
        "category": category.value if category else None,
        "score_below": below,
        "score_above": above,
        "criterion": criterion,
        "verdict": verdict,
        "signal": signal,
        "phrase": phrase,
        "phrase_by": phrase_by.value if phrase_by else None,
        "interruptions_from": interruptions,
        "silence_from": silence,
        "promise_due": promise_due,
        "promise_by": promise_by.value if promise_by else None,
        "draft": draft,
        "status": "failed" if failed else None,
        "sort": sort.value if sort else "risk" if listen else None,
        "listen": True if listen else None,
        "limit": limit,
    }
    who = by or user_name()
    with open_store(store, create=False) as opened:
        if list_saved:
            _show_saved(all_saved(opened), as_json=as_json)
            return
        if forget is not None:
            drop(opened, forget, by=who)
            say(f"Forgotten: {forget}")
            return
        kept = named(opened, saved) if saved is not None else None
        query, days = _asked(given, kept, last_days)
        if save is not None:
            keep(opened, save, query, last_days=days, by=who)
            say(f"Saved: {save}")
        if tables:
            write_tables(opened, _dated(query, days), tables, by=who, reason=reason, force=force)
            return
        _answer(opened, _dated(query, days), count=count, as_json=as_json)


def _asked(
    given: dict[str, Any], kept: SavedFilter | None, last_days: int | None
) -> tuple[CallFilter, int | None]:
    """The question of the options, over the one that was kept; and its days up to today."""
    import msgspec

    from speechqa.protocols import CallFilter

    new = {name: value for name, value in given.items() if value is not None}
    asked = {**(kept.query or {} if kept else {}), **new}
    days = last_days if last_days is not None else (kept.last_days if kept else None)
    if {"date_from", "date_to"} & set(new):
        if last_days is not None:
            raise UsageError("--last and --from or --to are one at a time")
        days = None
    return msgspec.convert(asked, CallFilter), days


def _dated(query: CallFilter, days: int | None) -> CallFilter:
    from datetime import date, timedelta

    import msgspec

    if days is None:
        return query
    today = date.today()
    try:
        first = today - timedelta(days - 1)
    except OverflowError:
        raise UsageError("--last goes back too far", found=str(days), expected="days") from None
    return msgspec.structs.replace(query, date_from=first.isoformat(), date_to=today.isoformat())


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
    most = query.limit or (_LISTENED if query.listen else _LINES)
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


def _digests(number: str | None) -> tuple[str, ...] | None:
    if number is None:
        return None
    from speechqa.assembly.numbers import digests_of

    return digests_of(typer.prompt("Number", hide_input=True, err=True) if number == "-" else number)


def _tags(given: Sequence[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals or not name or name in found:
            raise UsageError(
                "A tag is a column of the manifest and its value, each column once",
                found=ascii(one),
                expected="NAME=VALUE",
            )
        found[name] = value
    return found


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
