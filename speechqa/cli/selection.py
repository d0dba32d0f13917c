"""Which stored calls a command is about, and how far it is: the same for every command that judges again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from speechqa.cli.console import say
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.protocols import CallFilter
    from speechqa.scoring.changes import Rejudged

SECONDS_BETWEEN_LINES = 15.0
"""How often a log is told how far the work is."""

Calls = Annotated[
    list[str] | None,
    typer.Argument(
        help="Calls by id, the start of one, path or file name; all the filters let through where absent.",
        metavar="[CALL]...",
    ),
]
Agent = Annotated[str | None, typer.Option("--agent", help="Only calls of this agent.", metavar="ID")]
Team = Annotated[str | None, typer.Option("--team", help="Only calls of this team.", metavar="NAME")]
Customer = Annotated[
    str | None, typer.Option("--customer", help="Only calls of this customer.", metavar="ID")
]
From = Annotated[str | None, typer.Option("--from", help="First day, as 2026-11-01.", metavar="DATE")]
To = Annotated[str | None, typer.Option("--to", help="Last day, as 2026-11-30.", metavar="DATE")]
CallLanguage = Annotated[
    str | None, typer.Option("--call-language", help="Only calls in this language.", metavar="en|he")
]
OnCriterion = Annotated[
    str | None, typer.Option("--criterion", help="Only calls judged on this criterion.", metavar="ID")
]
OnVerdict = Annotated[
    str | None,
    typer.Option("--verdict", help="With --criterion: only calls with this verdict.", metavar="VERDICT"),
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many calls.")]


def query_of(
    calls: Sequence[str] | None,
    *,
    agent: str | None,
    team: str | None,
    customer: str | None,
    date_from: str | None,
    date_to: str | None,
    language: str | None,
    criterion: str | None,
    verdict: str | None,
    limit: int | None,
) -> CallFilter:
    """The query of the filters.

    Raises
    ------
    UsageError
        If calls are named and filtered too.
    """
    from speechqa.protocols import CallFilter

    query = CallFilter(
        agent_id=agent,
        team=team,
        customer_id=customer,
        date_from=date_from,
        date_to=date_to,
        language=language,
        criterion=criterion,
        verdict=verdict,
        limit=limit,
    )
    if calls and query != CallFilter():
        raise UsageError("Calls are named or filtered, not both", found=" ".join(calls))
    return query


_Result = TypeVar("_Result")


def followed(
    results: Iterator[_Result], total: int, *, named: Callable[[_Result], str], what: str = "calls"
) -> Iterator[_Result]:
    """Pass results on, with the time left on stderr: a bar for a person, a line now and then for a log."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from speechqa.cli.console import console
    from speechqa.core.plain import printable
    from speechqa.reports.wording import length

    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        shared = sys.stdout.isatty()
        with Progress(*columns, console=console(sys.stderr), transient=True, redirect_stdout=shared) as bar:
            task = bar.add_task(what, total=total)
            for result in results:
                bar.update(task, advance=1, description=printable(named(result), limit=30))
                yield result
        return
    begun = told = time.monotonic()
    for number, result in enumerate(results, start=1):
        yield result
        now = time.monotonic()
        if now - told >= SECONDS_BETWEEN_LINES and number < total:
            say(f"{number} of {total} {what}, about {length((now - begun) / number * (total - number))} left")
            told = now


def say_failed(call: Rejudged) -> None:
    """Tell of a call that could not be judged again."""
    from speechqa.core.plain import printable
    from speechqa.reports.wording import call_name

    say(f"{printable(call_name(call.call_id, call.path), limit=60)}: {printable(call.error)}")
