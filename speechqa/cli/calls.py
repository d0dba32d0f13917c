"""`speechqa calls`: find calls by what is known of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from speechqa.cli.console import say, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl


class CategoryOption(StrEnum):
    """Categories a score is given in."""

    COURTESY = "courtesy"
    PROFESSIONALISM = "professionalism"


def calls(
    *,
    agent: Annotated[str | None, typer.Option(help="Agent's id.")] = None,
    customer: Annotated[str | None, typer.Option(help="Customer's id.")] = None,
    date_from: Annotated[
        str | None, typer.Option("--from", help="First day, as 2026-11-01.", metavar="DATE")
    ] = None,
    date_to: Annotated[
        str | None, typer.Option("--to", help="Last day, as 2026-11-30.", metavar="DATE")
    ] = None,
    hour_from: Annotated[int | None, typer.Option(min=0, max=23, help="First hour of the day.")] = None,
    hour_to: Annotated[int | None, typer.Option(min=0, max=23, help="Last hour of the day.")] = None,
    category: Annotated[
        CategoryOption | None, typer.Option(help="Category the score limits are about; any where absent.")
    ] = None,
    below: Annotated[
        float | None, typer.Option(min=0, max=1, help="Rate under this, 0 to 1.", metavar="RATE")
    ] = None,
    above: Annotated[
        float | None, typer.Option(min=0, max=1, help="Rate over this, 0 to 1.", metavar="RATE")
    ] = None,
    criterion: Annotated[str | None, typer.Option(help="Criterion that was judged.")] = None,
    verdict: Annotated[
        str | None, typer.Option(help="pass, fail, not_applicable or not_assessed; with --criterion.")
    ] = None,
    signal: Annotated[
        str | None,
        typer.Option(help="complaint, churn_risk, public_or_legal_threat, satisfaction_expressed, promises."),
    ] = None,
    phrase: Annotated[str | None, typer.Option(help="Words said, in order.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only calls that could not be analysed.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """List calls and search them.

    Examples:

    `speechqa calls --agent a7 --criterion thanks --verdict fail`

    `speechqa calls --from 2026-11-01 --to 2026-11-30 --hour-from 9 --hour-to 11`

    `speechqa calls --phrase "cancel my contract" --json`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.protocols import CallFilter
    from speechqa.reports.terminal import CallsTable

    query = CallFilter(
        agent_id=agent,
        customer_id=customer,
        date_from=date_from,
        date_to=date_to,
        hour_from=hour_from,
        hour_to=hour_to,
        category=category.value if category else None,
        score_below=below,
        score_above=above,
        criterion=criterion,
        verdict=verdict,
        signal=signal,
        phrase=phrase,
        status="failed" if failed else None,
        limit=limit,
    )
    with open_store(store, create=False) as opened:
        found = opened.find(query)
        if as_json:
            for summary in found:
                write(msgspec.json.encode(summary, order="deterministic").decode())
            return
        summaries = tuple(found)
    if not summaries:
        say("No call answers to that.")
        return
    show(CallsTable(summaries))
