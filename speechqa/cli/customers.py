"""`speechqa customers`: the history of one customer's calls, and whom to call back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.console import actor_name, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.assembly.customers import LogAsked
    from speechqa.core.customers import CallBacks, CustomerHistory
    from speechqa.scoring.contact_log import Gap

GapDays = Annotated[
    list[str] | None,
    typer.Option(
        "--gap", help="With --complete-log: days of which calls are missing.", metavar="FIRST..LAST"
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--day", help="As things stood on that day, as 2026-11-30; today where absent."),
]


def customers(
    customer_id: Annotated[str | None, typer.Argument(help="Customer's id.", metavar="ID")] = None,
    *,
    call_back: Annotated[
        bool,
        typer.Option(
            "--call-back",
            help="Instead of one customer's history: whom to call back while it can still be mended, those "
            "who are hurt and have not decided first.",
        ),
    ] = False,
    complete_log: Annotated[
        bool,
        typer.Option(
            "--complete-log",
            help="The store holds every call of its time: what came of promises, and how near a customer is "
            "to leaving, can be told.",
        ),
    ] = False,
    gap: GapDays = None,
    resolved_within: Annotated[
        int, typer.Option(min=1, max=366, help="Days without another call that make a contact resolved.")
    ] = 7,
    within: Annotated[
        int, typer.Option(min=1, max=366, help="With --call-back: something was said in so many newest days.")
    ] = 7,
    limit: Annotated[int, typer.Option(min=1, help="With --call-back: at most so many customers.")] = 30,
    day: AsOf = None,
    by: Annotated[str | None, typer.Option(help="Who looks; the user where absent.", metavar="NAME")] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show every call of a customer: when, with whom, what came of it, signals, and what was promised.

    Where the log of calls is complete, later calls tell which promises were kept or broken, how near the
    customer is to leaving and by which steps, and how often they had to call again. A week without any
    call, a call that could not be analysed, and days named with --gap leave that not assessed. Each call
    whose words are shown is logged.

    Examples:

    `speechqa customers k1042`

    `speechqa customers k1042 --complete-log`

    `speechqa customers k1042 --complete-log --gap 2026-10-04..2026-10-06 --json`

    `speechqa customers --call-back --complete-log`

    `speechqa customers --call-back --complete-log --day 2026-11-22 --within 3 --json`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.customers import call_backs, history
    from speechqa.reports.customers import call_back_view, history_view

    if call_back == (customer_id is not None):
        raise UsageError(
            "One customer's history, or the list of whom to call back",
            found="both" if call_back else "neither",
            expected="`speechqa customers ID` or `speechqa customers --call-back`",
        )
    asked = log_asked(day, gap, complete_log=complete_log, resolved_within=resolved_within)
    found: CallBacks | CustomerHistory
    with open_store(store, create=False) as opened:
        if customer_id is None:
            found = call_backs(opened, asked=asked, within=within, most=limit, by=actor_name(by))
            view = partial(call_back_view, found)
        else:
            found = history(opened, customer_id, asked=asked, by=actor_name(by))
            view = partial(history_view, found)
    if as_json:
        write(msgspec.json.encode(found, order="deterministic").decode())
    else:
        show(view())


def log_asked(
    day: str | None, gaps: list[str] | None, *, complete_log: bool, resolved_within: int = 7
) -> LogAsked:
    """What is known of the log of calls, as the options say it.

    Raises
    ------
    UsageError
        If a day cannot be read, or a gap is named of a log that nobody says is complete.
    """
    from speechqa.assembly.customers import LogAsked

    if gaps and not complete_log:
        raise UsageError(
            "--gap goes with --complete-log",
            hint="Without it nothing is told that a missing call could change.",
        )
    return LogAsked(_day(day), complete_log, tuple(map(_gap, gaps or ())), resolved_within)


def _day(text: str | None) -> str:
    from datetime import date

    if text is None:
        return date.today().isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError("The day cannot be read", found=repr(text), expected="YYYY-MM-DD") from None


def _gap(text: str) -> Gap:
    from speechqa.scoring.contact_log import Gap

    first, dots, last = text.partition("..")
    since, until = _day(first), _day(last if dots else first)
    if until < since:
        raise UsageError("The gap ends before it begins", found=repr(text), expected="FIRST..LAST")
    return Gap(first=since, last=until, why=f"{since} to {until} are said to be missing")
