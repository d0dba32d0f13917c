"""`speechqa agents`: figures of agents, teams and weeks, and agents beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from speechqa.cli.agents import Minimum, WithDrafts
from speechqa.cli.console import LINES, say, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, RubricName, StoreUrl
from speechqa.cli.selection import From, Team, To
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from speechqa.store.pooling import Part


class WeekStartOption(StrEnum):
    """Days that weeks begin on."""

    MONDAY = "monday"
    SUNDAY = "sunday"


def agents(
    *,
    agent: Annotated[str | None, typer.Option(help="Only this agent's id.", metavar="ID")] = None,
    team: Team = None,
    date_from: From = None,
    date_to: To = None,
    by_team: Annotated[bool, typer.Option("--by-team", help="Figures of teams.")] = False,
    weekly: Annotated[
        bool,
        typer.Option(
            "--weekly",
            help="Figures week by week and their trend; of more than three agents or teams every week with "
            "--json only.",
        ),
    ] = False,
    week_start: Annotated[
        WeekStartOption | None,
        typer.Option(help="Day that weeks begin on; SPEECHQA_WEEK_START where absent, else monday (ISO)."),
    ] = None,
    machine: Annotated[
        bool,
        typer.Option("--machine", help="Count the machine's verdicts alone, whatever people said since."),
    ] = False,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            help="Beside another, on the criteria assessed for all of them; once an agent.", metavar="ID"
        ),
    ] = None,
    complete_log: Annotated[
        bool,
        typer.Option(
            "--complete-log",
            help="The store holds every call of its time: first-contact resolution can be stated.",
        ),
    ] = False,
    resolved_within: Annotated[
        int, typer.Option(min=1, max=366, help="Days without another call that make a contact resolved.")
    ] = 7,
    about: Annotated[
        str | None,
        typer.Option(
            help="Column of the manifest that tells what a call was about; else any other call counts.",
            metavar="TAG",
        ),
    ] = None,
    with_drafts: WithDrafts = False,
    minimum_calls: Minimum = None,
    rubric: RubricName = "service",
    brief: Annotated[
        bool, typer.Option("--brief", help="With --json: without the ids of the calls behind each figure.")
    ] = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show each agent's scores with the number of calls and a 95 % interval.

    The verdicts of record count: a person's review, else what a dispute came to, else the machine's. Calls
    judged by different rubrics are never added up. Below the minimum of calls no figure is shown.

    Examples:

    `speechqa agents`

    `speechqa agents --with-drafts --minimum-calls 2`

    `speechqa agents --by-team --from 2026-11-01 --to 2026-11-30`

    `speechqa agents --weekly --agent a7 --week-start sunday`

    `speechqa agents --machine`

    `speechqa agents --compare a7 --compare a9`

    `speechqa agents --complete-log --resolved-within 14 --about topic`
    """
    import os

    from speechqa.assembly import figures, open_store, rubric_minimum
    from speechqa.config import week_start as week_start_of
    from speechqa.protocols import CallFilter
    from speechqa.reports import standings

    if compare and (by_team or weekly):
        raise UsageError("--compare stands alone, without --by-team and --weekly")
    if about is not None and not complete_log:
        raise UsageError(
            "--about goes with --complete-log",
            hint="Only who knows that every call is in the store can say what was resolved at first contact.",
        )
    if weekly and complete_log:
        raise UsageError("First-contact resolution is given of agents and teams, not of weeks")
    if week_start is not None and not weekly:
        raise UsageError("--week-start goes with --weekly")
    starts = week_start_of(os.environ) if week_start is None else week_start.value
    query = CallFilter(agent_id=agent, team=team, date_from=date_from, date_to=date_to)
    least = minimum_calls if minimum_calls is not None else rubric_minimum(rubric)
    days = resolved_within if complete_log else None
    asked = figures.Asked(
        query, least, with_drafts, days, about, as_json, as_json and not brief, machine, starts
    )
    with open_store(store, create=False) as opened:
        if agent is not None:
            opened.agent(agent, query)  # says so where there is no such agent
        if compare:
            _give(figures.comparison(opened, asked, compare), as_json, standings.comparisons)
        elif weekly:
            part: Part = "team" if by_team else "agent"
            _give(figures.weekly_figures(opened, asked, part), as_json, standings.weekly)
        elif by_team:
            _give(figures.team_figures(opened, asked), as_json, standings.team_table)
        else:
            _give(figures.agent_scores(opened, asked), as_json, standings.agent_table)
    if machine and not as_json:
        say("The machine's verdicts alone: without --machine those of record count.")


def _give(found: Iterable[Any], as_json: bool, table: Callable[[Sequence[Any]], RenderableType]) -> None:
    import msgspec

    if as_json:
        for one in found:
            write(msgspec.json.encode(one, order="deterministic").decode())
        return
    listed = tuple(found)
    if listed:
        show(table(listed[:LINES]))
        if len(listed) > LINES:
            say(f"{LINES} of {len(listed):,}: ask with --team or --agent, or --json for all.")
    else:
        say("No stored call names its agent; a manifest or --name-pattern tells who it was.")
