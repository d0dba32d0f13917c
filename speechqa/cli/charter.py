"""`speechqa charter`: how soon callers were answered, and how often they were passed on."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.agents import Minimum
from speechqa.cli.console import show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, ProfileOption, StoreUrl
from speechqa.cli.selection import From, Team, To


def charter(
    *,
    within: Annotated[
        float, typer.Option(min=0, help="Seconds within which the charter promises an answer.")
    ] = 60.0,
    complete_log: Annotated[
        bool,
        typer.Option("--complete-log", help="The store holds every call of its time; else nothing is told."),
    ] = False,
    profile: Annotated[
        ProfileOption, typer.Option(help="il also counts who waited longer than six minutes.")
    ] = ProfileOption.EU,
    team: Team = None,
    date_from: From = None,
    date_to: To = None,
    minimum_calls: Minimum = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show how soon callers were answered and how often they were passed on, as the manifest recorded it.

    It needs `queue_wait_s`, `transfers` and `direction` in the manifest. Calls that customers began are
    counted, those that could not be analysed too.

    Examples:

    `speechqa charter --complete-log`

    `speechqa charter --complete-log --profile il --from 2026-11-01 --to 2026-11-30`

    `speechqa charter --complete-log --within 30 --team billing --json`
    """
    import msgspec

    from speechqa.assembly import open_store, rubric_minimum
    from speechqa.protocols import CallFilter
    from speechqa.reports.charter import charter_view
    from speechqa.scoring.charter import charter as counted

    query = CallFilter(team=team, date_from=date_from, date_to=date_to)
    least = minimum_calls if minimum_calls is not None else rubric_minimum("service")
    with open_store(store, create=False) as opened:
        found = counted(
            opened.find(query),
            within_s=within,
            profile=profile.value,
            minimum_calls=least,
            complete=complete_log,
        )
    if as_json:
        write(msgspec.json.encode(found, order="deterministic").decode())
    else:
        show(charter_view(found))
