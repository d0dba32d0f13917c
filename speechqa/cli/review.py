"""`speechqa review`: people judge calls beside the machine, and how far they agree with it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from speechqa.cli import review_queue
from speechqa.cli.console import actor_name, say, show, user_name, write
from speechqa.cli.dispute import By, VerdictOption
from speechqa.cli.options import DEFAULT_STORE, AsJson, CallReference, StoreUrl
from speechqa.errors import UsageError

app = typer.Typer(
    help="Draw calls to listen to, judge them beside the machine, and see how far all agree.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

app.command("queue")(review_queue.queue)


class PartOption(StrEnum):
    """How calls came to be reviewed."""

    RANDOM = "random"
    RISK = "risk"
    CHOSEN = "chosen"
    DISPUTED = "disputed"


@app.command("record")
def record(
    call: Annotated[
        str | None,
        typer.Argument(help="Call id, the start of one, or the file's path or name.", metavar="CALL"),
    ] = None,
    *,
    criterion: Annotated[str | None, typer.Option(help="The criterion that is judged.", metavar="ID")] = None,
    verdict: Annotated[VerdictOption | None, typer.Option(help="Your verdict.")] = None,
    comment: Annotated[
        str, typer.Option(help="What it rests on, in your own words; the agent may read it.", metavar="TEXT")
    ] = "",
    points: Annotated[
        int | None,
        typer.Option(min=0, help="Points of those possible; else all for a pass, none for a fail."),
    ] = None,
    blind: Annotated[
        bool, typer.Option("--blind", help="You judged without having seen any other verdict.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            help="Many at once: CSV or JSON Lines with call, criterion, verdict, comment, blind, points.",
            metavar="FILE",
        ),
    ] = None,
    by: By = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Record a person's verdict beside the machine's. It is of record from then on; the machine's stays.

    A blind verdict measures agreement and overturns nothing that was decided knowing all of it.

    Examples:

    `speechqa review record good-call --criterion thanks --verdict fail --comment "only a habit" --by Dana`

    `speechqa review record good-call --criterion warmth --verdict pass --points 3 --comment "warm" --blind`

    `speechqa review record --file monday.csv --by Dana`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.review_rows import read_reviews
    from speechqa.assembly.reviews import ReviewRow, record_reviews

    if file is not None:
        if call or criterion or verdict or comment or points is not None:
            raise UsageError("--file says all of it", expected="no CALL, criterion, verdict, comment, points")
        rows = read_reviews(file)
        rows = tuple(row._replace(blind=True) for row in rows) if blind else rows
    elif call is None or criterion is None or verdict is None:
        raise UsageError(
            "It is not said what is judged", expected="CALL, --criterion and --verdict, or --file FILE"
        )
    else:
        rows = (ReviewRow(call, criterion, verdict.value, comment, blind, points),)
    with open_store(store, create=False) as opened:
        kept = record_reviews(opened, rows, by=actor_name(by))
    if as_json:
        for one in kept:
            write(msgspec.json.encode(one, order="deterministic").decode())
        return
    from speechqa.core.plain import printable
    from speechqa.reports.wording import VERDICT_WORDS, title

    new = sum(one.state == "recorded" for one in kept)
    if file is not None:
        say(f"{new} recorded, {len(kept) - new} were there already.")
        return
    for one in kept:
        machine = "" if one.machine is None else f"; the machine: {VERDICT_WORDS[one.machine.value]}"
        state = f"entry {one.number}" if one.number is not None else "recorded before"
        what = f"{printable(one.call_id)}, {title(one.criterion)}: {VERDICT_WORDS[one.verdict.value]}"
        say(f"{what} by {printable(one.by)}{', blind' if one.blind else ''}{machine} ({state})")


@app.command("confirm")
def confirm(
    call: CallReference,
    *,
    criterion: Annotated[str, typer.Option(help="The critical criterion that failed.", metavar="ID")],
    comment: Annotated[str, typer.Option(help="What you heard.", metavar="TEXT")] = "",
    by: By = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Confirm that a critical criterion failed. Who finds it did not records a review with another verdict.

    Example: `speechqa review confirm bad-call --criterion no_insult --comment "heard it" --by Dana`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.reviews import confirm_failure
    from speechqa.core.plain import printable
    from speechqa.reports.wording import title

    with open_store(store, create=False) as opened:
        one = confirm_failure(opened, call, criterion, by=actor_name(by), comment=comment)
    if as_json:
        write(msgspec.json.encode(one, order="deterministic").decode())
    else:
        say(f"{title(one.criterion)}: critical failure confirmed by {printable(one.confirmed_by)}")


@app.command("show")
def show_reviews(call: CallReference, *, store: StoreUrl = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """Show where each criterion of a call stands, and all that people said of it.

    `--json` prints a line a criterion: the finding of record, the machine's, who gave it, what it waits for.

    Example: `speechqa review show good-call`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.reviews import record_of
    from speechqa.reports.review import review_view

    with open_store(store, create=False) as opened:
        document, standings = record_of(opened, call)
        # What is shown quotes the call, and tells the verdicts: a blind one is none after it.
        opened.log("review", call=document.call_id, actor=user_name())
    if not as_json:
        show(review_view(document, standings))
        return
    for one in standings:
        write(msgspec.json.encode(one, order="deterministic").decode())


@app.command("agreement")
def agreement(
    *,
    criterion: Annotated[
        str | None, typer.Option(help="Only this criterion, with its confusion.", metavar="ID")
    ] = None,
    blind: Annotated[
        bool, typer.Option("--blind", help="Only verdicts given without knowing any other.")
    ] = False,
    part: Annotated[
        PartOption | None, typer.Option(help="Only calls that came in like this; all, apart, where absent.")
    ] = None,
    minimum_calls: Annotated[
        int, typer.Option(min=2, help="Calls below which no figure is stated.", metavar="N")
    ] = 20,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show how far machine and people agree, criterion by criterion, and what the rubric should change.

    Raw agreement, Cohen's kappa and Krippendorff's alpha with their intervals, prevalence and confusion.

    Examples:

    `speechqa review agreement`

    `speechqa review agreement --criterion thanks --blind`

    `speechqa review agreement --part random --json`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.reviewed import judged_calls
    from speechqa.reports.review import agreement_view
    from speechqa.review.statistics import agreement as figures

    with open_store(store, create=False) as opened:
        judged, gone = judged_calls(opened, criterion=criterion, blind_only=blind)
    wanted = [one for one in judged if part is None or one.part == part.value]
    found = figures(wanted, minimum_calls=minimum_calls)
    if gone:
        say(f"{gone} reviewed calls are no longer in the store and are left out.")
    if as_json:
        for one in found:
            write(msgspec.json.encode(one, order="deterministic").decode())
        return
    if not found:
        say("No verdict of a person answers to that. Draw calls with `speechqa review queue`.")
        return
    show(agreement_view(found, full=criterion is not None))
