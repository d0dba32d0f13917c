"""`speechqa clip`: a playable piece of a recording."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from speechqa.cli.console import actor_name, say, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, CallReference, StoreUrl
from speechqa.core.plain import printable


class SideOption(StrEnum):
    """Whose channel is heard."""

    AGENT = "agent"
    CUSTOMER = "customer"
    BOTH = "both"


def clip(
    call: CallReference,
    *,
    start: Annotated[float, typer.Option("--from", min=0, help="Where it begins, in seconds.", metavar="S")],
    end: Annotated[float, typer.Option("--to", min=0, help="Where it ends, in seconds.", metavar="S")],
    output: Annotated[
        Path | None,
        typer.Option(
            help="File to write, .wav or .flac; named after the call here where absent.", metavar="FILE"
        ),
    ] = None,
    channel: Annotated[
        SideOption, typer.Option(help="Whose channel; one party alone needs a channel of its own.")
    ] = SideOption.BOTH,
    original: Annotated[bool, typer.Option("--original", help="Bleep nothing; needs a --reason.")] = False,
    by: Annotated[str | None, typer.Option(help="Who asks; the user where absent.", metavar="NAME")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the log.", metavar="TEXT")] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Write a piece of a call's recording as a file to play; masked numbers are bleeped, the view is logged.

    Examples:

    `speechqa clip good-call --from 42 --to 55`

    `speechqa clip good-call --from 42 --to 55 --channel customer --output promise.flac`

    `speechqa clip good-call --from 0 --to 20 --original --reason "court order 12/26"`
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.listening import ClipRequest, save_clip
    from speechqa.assembly.saving import safe_stem

    with open_store(store, create=False) as opened:
        target = output or Path(f"{safe_stem(opened.get(call).call_id)}-{start:g}-{end:g}s.wav")
        wanted = ClipRequest(start=start, end=end, side=channel.value, original=original)
        made = save_clip(opened, call, wanted, target, by=actor_name(by), reason=reason, force=force)
    if as_json:
        import msgspec

        write(msgspec.json.encode(made).decode())
        return
    write(printable(made.output))
    if made.bleeped:
        say(f"Bleeped: {', '.join(f'{s.start:.1f} to {s.end:.1f} s' for s in made.bleeped)}")
    if made.original:
        say(
            "Nothing was bleeped: numbers may be heard. Keep the file safe, and delete it when it has served."
        )
    elif made.draft:
        say(
            "A draft engine heard the words: numbers it missed are not bleeped. Listen before you pass it on."
        )
