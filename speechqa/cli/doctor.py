"""`speechqa doctor`: what works here, what is missing, and how to get it."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl


def doctor(
    *,
    store: StoreUrl = DEFAULT_STORE,
    quick: Annotated[
        bool, typer.Option("--quick", help="Look only; do not try the engines on a sound.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what is installed, which engines and models work, what is missing and how to get it.

    Examples:

    `speechqa doctor`

    `speechqa doctor --json`
    """
    import msgspec
    from rich.table import Table
    from rich.text import Text

    from speechqa.assembly.health import health
    from speechqa.core.plain import printable

    checks = health(store_url=store, deep=not quick)
    if as_json:
        write(msgspec.json.encode(checks).decode())
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("", "what", "found", "to get it"):
            table.add_column(heading)
        styles = {"ok": "green", "missing": "yellow", "broken": "bold red"}
        for item in checks:
            table.add_row(
                Text(item.state, style=styles[item.state]),
                Text(printable(item.name)),
                Text(printable(item.found)),
                Text(printable(item.hint)),
            )
        show(table)
    if any(item.state == "broken" for item in checks):
        raise typer.Exit(1)
