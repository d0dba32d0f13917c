"""`speechqa period`: months whose figures stand, whatever is judged again later."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import actor_name, say, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl

app = typer.Typer(
    help="Close a month, so that its calls stand as they are, and open it again.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

Name = Annotated[
    str, typer.Argument(help="A month as 2026-10, an ISO week as 2026-W41, or a year.", metavar="PERIOD")
]
By = Annotated[str | None, typer.Option("--by", help="Who says so; the user where absent.", metavar="NAME")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the journal.", metavar="TEXT")]


@app.command("close")
def close(
    name: Name,
    *,
    reason: Reason,
    by: By = None,
    leave_disputes: Annotated[
        bool,
        typer.Option(
            "--leave-disputes", help="Close it although disputes are open: they can only be upheld."
        ),
    ] = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Close a period: its calls stand as they are; new reviews and disputes of them are refused.

    Rescoring and corrected roles show what they would change and change nothing. A call lies in a period by
    the day it started, by its own clock; one without a start lies in none.

    Example: `speechqa period close 2026-10 --by "Dana Levi" --reason "bonuses are paid"`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.disputes import today
    from speechqa.assembly.periods import close_period

    with open_store(store, create=False) as opened:
        closed = close_period(opened, name, by=actor_name(by), reason=reason, leave_disputes=leave_disputes)
    if as_json:
        write(msgspec.json.encode(closed, order="deterministic").decode())
    say(f"{name} is closed: calls from {closed.period.first} to {closed.period.last} stand as they are.")
    if closed.period.last >= today().isoformat():
        say("It is not over yet: calls of it that come still are judged as they come, and then stand.")


@app.command("open")
def open_(name: Name, *, reason: Reason, by: By = None, store: StoreUrl = DEFAULT_STORE) -> None:
    """Open a closed period: its calls can be reviewed, contested and judged again.

    Example: `speechqa period open 2026-10 --by "Dana Levi" --reason "a dispute came late"`
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.periods import open_period

    with open_store(store, create=False) as opened:
        open_period(opened, name, by=actor_name(by), reason=reason)
    say(f"{name} is open. Close it again when that is done.")


@app.command("list")
def list_(
    *,
    history: Annotated[bool, typer.Option("--all", help="Every closing and opening, oldest first.")] = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """List the periods that are closed: who closed them, when and why.

    Examples:

    `speechqa period list`

    `speechqa period list --all --json`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.periods import closed_periods, period_log
    from speechqa.reports.disputes import period_log_table, periods_table

    with open_store(store, create=False) as opened:
        closed = closed_periods(opened)
        log = tuple(period_log(opened)) if history else ()
    if as_json:
        lines: list[object] = [
            {"number": e.number, "at": e.at, "by": e.actor, "what": e.kind, "period": p} for e, p in log
        ]
        for line in lines if history else closed:
            write(msgspec.json.encode(line, order="deterministic").decode())
    elif history and log:
        show(period_log_table(log))
    elif closed and not history:
        show(periods_table(closed))
    else:
        say("No period is closed." if not history else "No period was ever closed.")
