"""`speechqa accesses`: who looked at a call or took it away, when and why."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import LINES, say, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl


def accesses(
    call: Annotated[
        str | None,
        typer.Argument(
            help="Call id, path or file name, of a purged call its id; all where absent.", metavar="[CALL]"
        ),
    ] = None,
    *,
    by: Annotated[str | None, typer.Option(help="Those of this person alone.", metavar="NAME")] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """List who looked at calls or took them away, when and why: views, exports, clips, packs, corrections.

    `speechqa verify` shows whether the log is as it was written.

    Examples:

    `speechqa accesses good-call`

    `speechqa accesses --by "Dana Levi" --json`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.core.plain import printable
    from speechqa.errors import CallNotFound
    from speechqa.privacy.redaction import redact_text

    with open_store(store, create=False) as opened:
        name = call
        if call is not None:
            try:
                name = opened.get(call).call_id
            except CallNotFound:
                name = call  # the log outlives the call
        who = None if by is None else (by, redact_text(by))
        found = [entry for entry in opened.accesses(name) if who is None or entry.actor in who]
    if as_json:
        for entry in found:
            write(msgspec.json.encode(entry, order="deterministic").decode())
        return
    if not found:
        say("The log has no such access.")
        return
    from rich.table import Table

    columns = ("when (UTC)", "who", "what", *(("call",) if call is None else ()), "why", "with")
    table = Table(*columns, box=None)
    for entry in found[-LINES:]:
        more = ", ".join(f"{key} {value}" for key, value in entry.details.items() if key != "sha256")
        which = (entry.call_id or "",) if call is None else ()
        told = (entry.at[:19].replace("T", " "), entry.actor, entry.event, *which, entry.reason, more)
        table.add_row(*(printable(text) for text in told))
    show(table)
    if len(found) > LINES:
        say(f"The last {LINES} of {len(found):,}; --json gives all.")
