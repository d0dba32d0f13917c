"""`speechqa store`: a store as a whole."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import actor_name, say, write
from speechqa.cli.options import AsJson, without_password

app = typer.Typer(
    help="Copy a store whole: from a file to a PostgreSQL server and back.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@app.command("copy")
def copy(
    source: Annotated[
        str, typer.Argument(help="URL of the store to copy.", metavar="FROM", callback=without_password)
    ],
    target: Annotated[
        str,
        typer.Argument(help="URL of an empty store or database.", metavar="TO", callback=without_password),
    ],
    *,
    by: Annotated[
        str | None, typer.Option("--by", help="Who copies it; the user where absent.", metavar="NAME")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", help="Why; kept in the log of accesses.", metavar="TEXT")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Copy everything into an empty store, or go on with a copy that was stopped; every row is compared.

    Documents of all versions, journal, log of accesses and digests are the same byte for byte. The source is
    read as it is at one moment; what is audited meanwhile is not in the copy. Passwords are best left out of
    both URLs and kept where `psql` looks for them: in `~/.pgpass` or `PGPASSWORD`.

    Examples:

    `speechqa store copy sqlite:///speechqa.db postgresql://dana@db.example/calls`

    `speechqa store copy postgresql://dana@db.example/calls sqlite:///archive.db --reason "move"`
    """
    import msgspec

    from speechqa.assembly.store_copy import copy_store
    from speechqa.core.plain import printable

    def tell(table: str, rows: int) -> None:
        if table.endswith(" compared"):
            say(f"{table}: {rows} rows.")

    copied = copy_store(source, target, by=actor_name(by), reason=reason, tell=tell)
    if as_json:
        write(msgspec.json.encode(copied).decode())
    again = "The copy that was stopped was finished" if copied.resumed else "Copied"
    say(f"{again}: {sum(copied.rows.values())} rows in {len(copied.rows)} tables, all compared.")
    for said in copied.damage:
        say(f"CHANGED {printable(said)}")
    if copied.damage:
        raise typer.Exit(1)
