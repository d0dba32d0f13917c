"""`speechqa organisation`: what went wrong in the organisation, and what it did to calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from speechqa.cli.console import actor_name, say, show, write
from speechqa.cli.files import new_file, require_free
from speechqa.cli.options import DEFAULT_STORE, AsJson, Language, LanguageOption, StoreUrl
from speechqa.cli.selection import From, Team, To
from speechqa.core.plain import printable


def organisation(
    *,
    team: Team = None,
    date_from: From = None,
    date_to: To = None,
    most: Annotated[int, typer.Option(min=1, max=100, help="Quotes and clips of each incident.")] = 5,
    clips: Annotated[
        Path | None, typer.Option(help="Write what to hear into this folder, as WAV.", metavar="FOLDER")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            help="Write quotes and places into this file too: .csv, .xlsx or .parquet.", metavar="FILE"
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
    language: Language = LanguageOption.AUTO,
    by: Annotated[str | None, typer.Option(help="Who looks; the user where absent.", metavar="NAME")] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show which outages, queues and missing tools touched calls, what they excused and what customers said.

    Incidents come from the file that `audit`, `score` or `rescore` was given by --incidents. Verdicts are the
    machine's. Each call whose words are shown is logged.

    Examples:

    `speechqa organisation --from 2026-11-01 --to 2026-11-30`

    `speechqa organisation --team billing --json`

    `speechqa organisation --from 2026-11-01 --table november.xlsx`

    `speechqa organisation --from 2026-11-03 --to 2026-11-03 --clips november-3 --language he`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.organisation import export_organisation, organisation_report, save_clips
    from speechqa.protocols import CallFilter
    from speechqa.reports.organisation import organisation_view
    from speechqa.reports.tables import require_writer

    ending = ""
    if table is not None:
        ending = require_writer(table)
        require_free(table, force=force)
    query = CallFilter(team=team, date_from=date_from, date_to=date_to, status="done")
    unwritten = 0
    with open_store(store, create=False) as opened:
        found = organisation_report(opened, query, most=most, by=actor_name(by))
        if as_json:
            write(msgspec.json.encode(found, order="deterministic").decode())
        else:
            show(organisation_view(found, language.value))
        if table is not None:
            with new_file(table, force=force) as temporary:
                count = export_organisation(
                    opened, found, temporary, ending=ending, by=actor_name(by), shown=str(table)
                )
            say(f"{count:,} rows: {printable(str(table))}")
        if clips is not None:
            for path, why in save_clips(opened, found, clips, by=actor_name(by), force=force):
                unwritten += bool(why)
                say(printable(f"{path}: {why}" if why else str(path)))
    if unwritten:
        say(f"{unwritten} clips were not written, each for what is told beside it.")
