"""`speechqa pack` and `verify`: calls in one archive that anybody can check, and the checking."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.console import actor_name, say, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl
from speechqa.core.plain import printable
from speechqa.errors import StoreError, UsageError

if TYPE_CHECKING:
    from speechqa.assembly.verifying import Verified


_ALONE = " in itself; compare its SHA-256 with the one that was told when it was made"


def pack(
    calls: Annotated[list[str], typer.Argument(help="Call ids, paths or file names.", metavar="CALL...")],
    *,
    output: Annotated[Path, typer.Option(help="The archive to write.", metavar="FILE.zip")],
    by: Annotated[
        str | None, typer.Option(help="Who makes it; the user where absent.", metavar="NAME")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the pack and the log.", metavar="TEXT")] = "",
    original: Annotated[
        bool, typer.Option("--original", help="The recording as it is, nothing bleeped; needs a --reason.")
    ] = False,
    no_audio: Annotated[bool, typer.Option("--no-audio", help="Leave the recording out.")] = False,
    at: Annotated[
        str | None,
        typer.Option(help="When it is made, ISO 8601; the same time gives the same bytes.", metavar="TIME"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Put all that is kept of calls into one archive that anyone can check with standard tools.

    Audio with masked numbers bleeped, transcript, scorecard, provenance, journal, log of access, and what was
    agreed, in the order of time. `sha256sum -c SHA256SUMS` checks it, as does `verify`.

    Examples:

    `speechqa pack good-call --output case.zip --by "Dana Levi" --reason "claim 12/26"`

    `speechqa pack first-call second-call --output case.zip --by "Dana Levi" --reason "claim 12/26"`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.packs import PackRequest, make_pack

    if original and no_audio:
        raise UsageError("--original and --no-audio are one at a time")
    if output.suffix.lower() != ".zip":
        raise UsageError("A pack is a .zip file", found=str(output), expected="--output FILE.zip")
    request = PackRequest(
        calls=tuple(calls),
        by=actor_name(by),
        reason=reason,
        sound="original" if original else "none" if no_audio else "bleeped",
    )
    with open_store(store, create=False) as opened:
        made = make_pack(opened, request, output, at=_time(at), force=force)
    if as_json:
        write(msgspec.json.encode(made).decode())
        return
    write(f"{made.sha256}  {printable(made.output)}")
    for call in made.manifest.calls:
        for remark in call.remarks:
            say(f"{call.folder}: {printable(remark)}")
    say(
        f"{len(made.manifest.calls)} calls, {len(made.manifest.files)} files, {made.size} bytes. "
        "Keep the digest above apart from the pack: it tells this archive from any other."
    )


def verify(
    what: Annotated[
        str | None,
        typer.Argument(
            help="A pack (.zip), or a call; the whole store where absent.", metavar="[FILE.zip|CALL]"
        ),
    ] = None,
    *,
    replay: Annotated[
        bool,
        typer.Option(
            "--replay",
            help="Judge again from the stored words, and from the recording where engine and model are here.",
        ),
    ] = False,
    recordings: Annotated[
        bool, typer.Option("--recordings", help="Of the store: look at every recording too.")
    ] = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Find any changed byte: in a pack, in the store and its logs, or in a call's recording since.

    Exit code 1 where something was changed (CHANGED), or where a call judged again comes out otherwise by
    other code or models than those of then (REPLAY); each line says what and where. A pack that the store did
    not make is unchanged in itself: that alone does not show that it is the one that was made.

    Examples:

    `speechqa verify case.zip`

    `speechqa verify`

    `speechqa verify good-call --replay`
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.verifying import verify_call, verify_pack, verify_store

    if recordings and what is not None:
        raise UsageError("--recordings is of the whole store", expected="no call and no pack beside it")
    if what is not None and _is_pack(what):
        try:
            with open_store(store, create=False) as opened:
                found = verify_pack(Path(what), replay=replay, store=opened)
        except StoreError:
            # Whoever is given a pack has no store.
            found = verify_pack(Path(what), replay=replay)
    else:
        with open_store(store, create=False) as opened:
            if what is None:
                found = verify_store(opened, replay=replay, recordings=recordings)
            else:
                found = verify_call(opened, what, replay=replay)
    _tell(found, as_json=as_json)
    if found.problems or found.otherwise:
        raise typer.Exit(1)


def _is_pack(what: str) -> bool:
    import os
    import zipfile

    # One that was given another name is a pack all the same.
    return what.lower().endswith(".zip") or (os.path.isfile(what) and zipfile.is_zipfile(what))  # noqa: PTH113


def _tell(found: Verified, *, as_json: bool) -> None:
    import msgspec

    if as_json:
        write(msgspec.json.encode(found).decode())
        return
    for note in found.notes:
        say(printable(note))
    for problem in found.problems:
        write(f"CHANGED  {printable(problem)}")
    for said in found.otherwise:
        write(f"REPLAY   {printable(said)}")
    counted = ", ".join(f"{count} {kind}" for kind, count in found.checked.items()) or "nothing"
    if found.problems:
        say(f"{printable(found.target)}: {len(found.problems)} faults. Looked at: {counted}.")
        return
    write(f"unchanged  {printable(found.target)}{_ALONE if found.sha256 and not found.known else ''}")
    if found.otherwise:
        say("Nothing was changed; what judges is another than then.")
    say(f"Looked at: {counted}." + (f" SHA-256 {found.sha256}" if found.sha256 else ""))


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "--at is no time", found=text, expected="ISO 8601, as 2026-11-22T10:00:00+00:00"
        ) from None
