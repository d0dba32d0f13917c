"""`speechqa cache`: what stages found in recordings, kept on this machine so that it is computed once."""

from __future__ import annotations

import typer

from speechqa.cli.console import say, show, write
from speechqa.cli.options import AsJson

app = typer.Typer(
    name="cache",
    help="What stages found in recordings, kept so that it is computed once; it may go at any time.",
    no_args_is_help=True,
)


@app.command("show")
def show_cache(*, as_json: AsJson = False) -> None:
    """Tell where the cache lies, how large it is, and how old.

    `SPEECHQA_CACHE` names its folder, or is `off`; `SPEECHQA_CACHE_SIZE` is the most it may hold, as `5G`.

    Examples:

    `speechqa cache show`

    `speechqa cache show --json`
    """
    import msgspec
    from rich.filesize import decimal
    from rich.table import Table
    from rich.text import Text

    from speechqa.assembly.caching import cache_state
    from speechqa.core.plain import printable

    state = cache_state()
    if as_json:
        write(msgspec.json.encode(state).decode())
        return
    if state.folder is None:
        say("The cache is turned off. SPEECHQA_CACHE names a folder for it, or is left out.")
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in (
        ("folder", state.folder),
        ("size", f"{decimal(state.size)} of {decimal(state.limit)}"),
        ("entries", f"{state.entries} of {state.recordings} recordings"),
        ("oldest", state.oldest or "none"),
    ):
        table.add_row(name, Text(printable(value)))
    show(table)
    if state.trouble is not None:
        say(f"It cannot be written: {state.trouble}. Audits go on without it; SPEECHQA_CACHE names another.")


@app.command("clear")
def clear(*, as_json: AsJson = False) -> None:
    """Remove all of the cache; the next audit of a recording hears it again. Runs under way go on.

    Examples:

    `speechqa cache clear`
    """
    import msgspec

    from speechqa.assembly.caching import clear_cache

    count = clear_cache()
    if as_json:
        write(msgspec.json.encode({"removed": count}).decode())
    else:
        say(f"{count} {'entry' if count == 1 else 'entries'} removed.")
