"""`speechqa hold`: calls and customers of whom nothing may be purged."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from speechqa.cli.console import actor_name, say, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl


class _PlacesByDefault(TyperGroup):
    """A group in which what is no command's name is a call to hold: `hold CALL`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `place` before what names no command."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["place", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_PlacesByDefault,
    help="Forbid that a call or a customer's calls be purged: `hold CALL`, `hold --customer ID`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

By = Annotated[str | None, typer.Option("--by", help="Who says so; the user where absent.", metavar="NAME")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the journal.", metavar="TEXT")]
Customer = Annotated[
    str | None, typer.Option("--customer", help="All calls of this customer, later ones too.", metavar="ID")
]


@app.command("place")
def place(
    call: Annotated[str | None, typer.Argument(help="Call id, path or file name.", metavar="CALL")] = None,
    *,
    customer: Customer = None,
    reason: Reason,
    by: By = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Place a hold on a call or on a customer; `place` may be left out.

    Examples:

    `speechqa hold good-call --by "Dana Levi" --reason "claim 12/26"`

    `speechqa hold --customer k3 --by "Dana Levi" --reason "claim 12/26"`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.holds import place_hold
    from speechqa.core.plain import printable

    with open_store(store, create=False) as opened:
        placed = place_hold(opened, call, customer_id=customer, by=actor_name(by), reason=reason)
    if as_json:
        write(msgspec.json.encode(placed).decode())
    say(f"Hold {placed.number} on {printable(placed.on)}: no purge removes it until the hold is released.")


@app.command("release")
def release(
    hold: Annotated[
        str | None, typer.Argument(help="The hold's number, or the call.", metavar="NUMBER|CALL")
    ] = None,
    *,
    customer: Customer = None,
    reason: Reason,
    by: By = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """End a hold by its number, or all holds on a call or a customer.

    Example: `speechqa hold release 12 --by "Dana Levi" --reason "claim settled"`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.holds import release_hold
    from speechqa.core.plain import printable

    with open_store(store, create=False) as opened:
        released = release_hold(opened, hold, customer_id=customer, by=actor_name(by), reason=reason)
    for one in released:
        if as_json:
            write(msgspec.json.encode(one).decode())
        say(f"Hold {one.number} on {printable(one.on)} is released.")


@app.command("list")
def list_(*, store: StoreUrl = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """List the holds in force.

    Example: `speechqa hold list --json`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.holds import holds
    from speechqa.core.plain import printable

    with open_store(store, create=False) as opened:
        found = holds(opened)
    if as_json:
        for hold in found:
            write(msgspec.json.encode(hold).decode())
        return
    if not found:
        say("There is no hold.")
        return
    from rich.table import Table

    table = Table("hold", "on", "since", "by", "reason", box=None)
    for hold in found:
        told = (str(hold.number), hold.on, hold.at[:16].replace("T", " "), hold.by, hold.reason)
        table.add_row(*(printable(text) for text in told))
    show(table)
