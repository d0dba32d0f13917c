"""`speechqa roles`: who is agent and who is customer in a call, and how a person corrects it."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import actor_name, say, show, user_name, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, CallReference, StoreUrl
from speechqa.errors import UsageError


def roles(
    call: CallReference,
    *,
    swap: Annotated[bool, typer.Option("--swap", help="Exchange agent and customer.")] = False,
    set_roles: Annotated[
        str | None,
        typer.Option("--set", help="Say who is who: agent, customer or unknown.", metavar="A=ROLE,B=ROLE"),
    ] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Drop the corrections: the roles are as they were found.")
    ] = False,
    by: Annotated[
        str | None, typer.Option(help="Who says so; the user where absent.", metavar="NAME")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the log.", metavar="TEXT")] = "",
    no_audio: Annotated[
        bool, typer.Option("--no-audio", help="Leave the recording alone: its voices are measured later.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; keep nothing.")] = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show who is who in a call, or correct it and score the call again, without transcribing.

    Examples:

    `speechqa roles good-call`

    `speechqa roles good-call --swap --by "Dana Levi" --reason "the channels were swapped"`

    `speechqa roles good-call --set A=agent,B=customer`

    `speechqa roles good-call --reset`
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.periods import closed_period
    from speechqa.assembly.roles import correct_roles, drop_correction, parse_roles, stored_call, swapped
    from speechqa.core.codec import encode
    from speechqa.pipeline.rejudge import missing_stress
    from speechqa.reports.roles import roles_view

    if swap + reset + (set_roles is not None) > 1:
        raise UsageError("--swap, --set and --reset are one at a time")
    changing = swap or reset or set_roles is not None
    if not changing and (by is not None or reason or no_audio or dry_run):
        raise UsageError("--by, --reason, --no-audio and --dry-run go with --swap, --set or --reset")
    told = parse_roles(set_roles) if set_roles is not None else {}
    who = actor_name(by)
    with open_store(store, create=False) as opened:
        before = stored_call(opened, call)
        document = before
        closed = closed_period(opened, before) if changing else None
        keep = closed is None and not dry_run
        if reset:
            document = drop_correction(
                opened, before.call_id, by=who, reason=reason, with_audio=not no_audio, keep=keep
            )
        elif changing:
            wanted = swapped(before) if swap else told
            document = correct_roles(
                opened, before.call_id, wanted, by=who, reason=reason, with_audio=not no_audio, keep=keep
            )
        else:
            # The reasons quote what was said, and nobody reads that without a trace of it.
            opened.log("roles", call=before.call_id, actor=user_name())
        corrections = opened.role_corrections(opened.identity(document.call_id))
    if as_json:
        write(encode(document).decode())
    else:
        show(roles_view(document, corrections, before=before if changing else None))
    if changing and not keep:
        if closed is not None:
            say(
                f"Nothing was changed: the call lies in {closed.period.name}, a closed period. "
                f"Have it opened first: speechqa period open {closed.period.name} --by NAME --reason TEXT"
            )
            raise typer.Exit(0 if dry_run else 2)
        say("Nothing was kept.")
        return
    missing = sorted(missing_stress(document))
    if changing and missing:
        whose = " and ".join(f"the {role}'s" for role in missing)
        say(f"No arousal was measured of {whose} voice: the next audit with the recording does it.")
    if changing and any(curve.windows for curve in before.stress.values()):
        say("Pages and pictures made before show voices by the roles of then: delete them, make them again.")
    if changing and document.provenance.rubric_digest != before.provenance.rubric_digest:
        say(f"The rubric has changed since: {before.provenance.rubric}, now {document.provenance.rubric}.")
