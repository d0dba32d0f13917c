"""`speechqa customers`: the history of one customer's calls."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import actor_name, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl


def customers(
    customer_id: Annotated[str, typer.Argument(help="Customer's id.", metavar="ID")],
    *,
    by: Annotated[str | None, typer.Option(help="Who looks; the user where absent.", metavar="NAME")] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show every call of a customer: when, with whom, what came of it, signals, and what was promised.

    Whether a promise was kept no recording tells: all are listed, those whose day is over first. Each call
    whose words are shown is logged.

    Examples:

    `speechqa customers k1042`

    `speechqa customers k1042 --json`
    """
    from datetime import date

    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.customers import history
    from speechqa.reports.customers import history_view

    today = date.today().isoformat()
    with open_store(store, create=False) as opened:
        found = history(opened, customer_id, today=today, by=actor_name(by))
    if as_json:
        write(msgspec.json.encode(found, order="deterministic").decode())
    else:
        show(history_view(found))
