"""`speechqa report`: pages of calls, of an agent, a customer, a batch, in a folder to open or hand on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli import selection
from speechqa.cli.agents import Minimum, WithDrafts
from speechqa.cli.console import say, user_name, write
from speechqa.cli.customers import AsOf, GapDays, log_asked
from speechqa.cli.filters import Found, finding_calls
from speechqa.cli.options import DEFAULT_STORE, AsJson, LanguageOption, RubricName, StoreUrl
from speechqa.errors import ReportError, UsageError

if TYPE_CHECKING:
    from speechqa.assembly.reporting import Days, Made, PageFormat, Report
    from speechqa.protocols import CallFilter

_NAMED = 10
"""Pages that failed, as a message names them; the others are counted."""


class SoundOption(StrEnum):
    """Where the sound of calls goes."""

    BESIDE = "beside"
    INSIDE = "inside"
    NONE = "none"


class PictureOption(StrEnum):
    """Formats of a picture."""

    SVG = "svg"
    PNG = "png"


@finding_calls
def report(
    calls: Annotated[
        list[str] | None,
        typer.Argument(help="Calls by id, the start of one, path or file name.", metavar="[CALL]..."),
    ] = None,
    *,
    found: Found,
    batch: Annotated[
        bool, typer.Option("--batch", help="All calls that are found, with a page over them.")
    ] = False,
    out: Annotated[
        Path, typer.Option(help="Folder the pages go into; made where absent.", metavar="DIR")
    ] = Path("report"),
    formats: Annotated[
        str, typer.Option("--format", help="html, pdf, or both as html,pdf.", metavar="NAME,NAME")
    ] = "html",
    audio: Annotated[
        SoundOption,
        typer.Option(help="Sound in files beside the pages, inside the pages (one file each), or none."),
    ] = SoundOption.BESIDE,
    page_language: Annotated[
        LanguageOption, typer.Option("--language", help="Of the pages; auto is the one that is spoken.")
    ] = LanguageOption.AUTO,
    pictures: Annotated[
        PictureOption | None, typer.Option(help="Each picture as a file of its own too, for slides.")
    ] = None,
    saved: Annotated[
        str | None,
        typer.Option(
            help="With --batch: a question kept by `speechqa calls --save`; options add to it or replace.",
            metavar="NAME",
        ),
    ] = None,
    complete_log: Annotated[
        bool,
        typer.Option(
            "--complete-log",
            help="No call is missing from the store: a customer's page tells promises and stages, an agent's "
            "the shift.",
        ),
    ] = False,
    gap: GapDays = None,
    day: AsOf = None,
    with_drafts: WithDrafts = False,
    minimum_calls: Minimum = None,
    rubric: RubricName = "service",
    by: Annotated[
        str | None, typer.Option(help="Who takes it; the user where absent.", metavar="NAME")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the log.", metavar="TEXT")] = "",
    force: Annotated[bool, typer.Option("--force", help="Make again also what has not changed.")] = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Make pages to look at, listen to and hand on: of calls, an agent's own calls, a customer, or a batch.

    They open from a folder or a file share, without a network. Masked numbers are bleeped in their sound.
    Every call that is shown is written into the log. What has not changed since is not made again.

    Examples:

    `speechqa report good-call --out case`

    `speechqa report good-call --audio inside --language he --out case`

    `speechqa report good-call --format html,pdf --pictures png --out case`

    `speechqa report --agent a7 --from 2026-11-01 --out a7 --reason "monthly talk"`

    `speechqa report --customer k1042 --complete-log --gap 2026-10-04..2026-10-06 --out k1042`

    `speechqa report --batch --last 7 --team north --out week`
    """
    import os

    from speechqa.assembly import open_store, rubric_minimum
    from speechqa.assembly.reporting import Report, ReportWanted, calls_of, calls_with, listed
    from speechqa.assembly.roles import stored_call
    from speechqa.assembly.saved_filters import named
    from speechqa.config import week_start

    _check(calls or (), found, batch=batch, saved=saved)
    of_customer = not calls and not batch and "customer_id" in found.conditions
    if (gap or day) and not of_customer:
        raise UsageError("--gap and --day go with --customer ID, without --batch")
    asked = log_asked(day, gap, complete_log=complete_log)
    wanted = ReportWanted(
        by=by or user_name(),
        reason=reason,
        formats=_formats(formats),
        sound=audio.value,
        language=page_language.value,
        pictures=pictures.value if pictures else None,
        minimum_calls=minimum_calls if minimum_calls is not None else rubric_minimum(rubric),
        with_drafts=with_drafts,
        complete_log=complete_log,
        week_start=week_start(os.environ),
        again=force,
    )
    with open_store(store, create=False) as opened:
        if calls:
            chosen = tuple(dict.fromkeys(stored_call(opened, one).call_id for one in calls))
            made = Report(opened, out, wanted)
            follow(made, made.calls(chosen), len(chosen), as_json=as_json)
            return
        if of_customer:
            customer_id = found.conditions["customer_id"]
            these = calls_with(opened, customer_id)
        elif not batch:
            agent_id, days = found.conditions["agent_id"], _days(found.dated())
            these = calls_of(opened, agent_id, days)
        else:
            query = found.over(named(opened, saved) if saved else None).dated()
            these, days = listed(partial(opened.find, query)), _days(query)
        if not these.calls:
            raise UsageError("No call answers to that: there is nothing to report")
        made = Report(opened, out, wanted)
        if batch:
            follow(made, made.batch(these, days), these.pages, as_json=as_json)
        elif of_customer:
            follow(made, made.customer(customer_id, these, asked), len(these.analysed) + 1, as_json=as_json)
        else:
            follow(made, made.agent(agent_id, these, days), len(these.analysed) + 1, as_json=as_json)


def _days(query: CallFilter) -> Days:
    from speechqa.assembly.reporting import Days

    return Days(query.date_from, query.date_to)


def follow(report: Report, made: Iterator[Made], total: int, *, as_json: bool = False) -> None:
    """Go through pages as they are made, and tell what became of them.

    Raises
    ------
    ReportError
        If one could not be made; all others are.
    """
    import msgspec

    from speechqa.core.plain import printable

    states: Counter[str] = Counter()
    failed: list[str] = []
    opened_first = ""
    for one in selection.followed(made, total, named=attrgetter("of"), what="pages"):
        states[one.state] += 1
        if as_json:
            write(msgspec.json.encode(one, order="deterministic").decode())
        if one.state == "failed":
            failed.append(printable(one.of, limit=60) or "the page over all calls")
            say(f"{failed[-1]}: {printable(one.error)}")
        elif not opened_first or one.kind != "call":
            opened_first = one.files[0]
    say(f"Pages: {states['made']} made, {states['unchanged']} unchanged, {states['failed']} failed.")
    if opened_first:
        say(f"Report: {printable(str(report.path / opened_first))}")
    if failed:
        more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
        raise ReportError(
            "Some pages could not be made",
            where=printable(str(report.path)),
            found=", ".join(failed[:_NAMED]) + more,
            hint="The others are there. When the cause is gone, the same command makes only these.",
        )


def _formats(told: str) -> tuple[PageFormat, ...]:
    known: tuple[PageFormat, ...] = ("html", "pdf")
    asked = {name.strip().lower() for name in told.split(",")}
    if not asked <= {*known}:
        raise UsageError("A page is made as HTML or PDF", found=told, expected="html, pdf, or html,pdf")
    return tuple(name for name in known if name in asked)


def _check(calls: Sequence[str], found: Found, *, batch: bool, saved: str | None) -> None:
    """Refuse what says nothing, or two things, of which calls are meant."""
    asked = bool(found.conditions) or found.last_days is not None or saved is not None
    agent_alone = {*found.conditions} <= {"agent_id", "date_from", "date_to"} and saved is None
    if calls and (asked or batch):
        raise UsageError("Calls are named or filtered, not both", found=" ".join(calls))
    customer_alone = {*found.conditions} == {"customer_id"} and found.last_days is None and saved is None
    of_agent = "agent_id" in found.conditions and agent_alone
    if not calls and not batch and not of_agent and not customer_alone:
        raise UsageError(
            "Which calls is the report about?",
            expected="CALL..., --agent ID with or without days, --customer ID, or --batch with or without "
            "filters",
        )
