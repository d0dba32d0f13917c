"""`speechqa purge`: calls removed for good, with a record and proof of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.console import actor_name, say, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl
from speechqa.errors import StoreError, UsageError

if TYPE_CHECKING:
    from speechqa.assembly.purging import PurgePlan, PurgeResult

_SHOWN = 50


def purge(
    calls: Annotated[
        list[str] | None, typer.Argument(help="Call ids, paths or file names.", metavar="CALL...")
    ] = None,
    *,
    older_than: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Calls that began more than DAYS ago; without a start, that were first kept so long ago. "
            "Without calls or conditions: SPEECHQA_RETENTION_DAYS.",
            metavar="DAYS",
        ),
    ] = None,
    customer: Annotated[str | None, typer.Option(help="Calls of this customer.", metavar="ID")] = None,
    recordings: Annotated[
        bool, typer.Option("--recordings", help="Delete the recordings themselves too, those unchanged.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it is only shown.")] = False,
    by: Annotated[
        str | None, typer.Option(help="Who removes them; the user where absent.", metavar="NAME")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the record.", metavar="TEXT")] = "",
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Remove calls for good: documents, texts, corrections, what was written of them, pages, clips, packs.

    Without `--yes` nothing is changed and what would go is shown. A call under a legal hold stays. What
    remains is a record of digests and counts in the journal, and the log of who looked at what.

    Examples:

    `speechqa purge --older-than 365`

    `speechqa purge --older-than 365 --yes --by "Dana Levi" --reason "retention"`

    `speechqa purge --customer k3 --recordings --yes --by "Dana Levi" --reason "erasure asked for"`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.purging import PurgeRequest, plan_purge
    from speechqa.assembly.purging import purge as purged
    from speechqa.config import retention_days

    if yes and not reason.strip():
        raise UsageError("A purge needs a reason", expected="--reason with --yes")
    if older_than is None and customer is None and not calls:
        older_than = retention_days(os.environ)
    request = PurgeRequest(calls=tuple(calls or ()), customer_id=customer, older_than=older_than)
    with open_store(store, create=False) as opened:
        plan = plan_purge(opened, request, recordings=recordings)
        result = purged(opened, plan, by=actor_name(by), reason=reason) if yes and plan.calls else None
    if as_json:
        write(msgspec.json.encode(plan if result is None else result).decode())
    elif result is None:
        _show_plan(plan)
    _closing_words(plan, result)
    if result is not None and result.proof.found:
        raise StoreError(
            "Pieces of the calls are still in the files of the store",
            found=f"{result.proof.found} of {result.proof.looked_for}",
            hint="Another program has the store open: close it, then purge any other call, or run VACUUM.",
        )
    if (plan.held and calls) or (result is not None and result.problems):
        raise typer.Exit(1)


def _show_plan(plan: PurgePlan) -> None:
    from rich.table import Table

    from speechqa.core.plain import printable

    table = Table("call", "started", "customer", "versions", "", box=None)
    for call in (plan.calls + plan.held)[:_SHOWN]:
        why = "; ".join(f"held: {hold.reason} ({hold.by}, hold {hold.number})" for hold in call.held)
        told = (call.call_id, call.started_at or "unknown", call.customer_id or "", str(call.versions), why)
        table.add_row(*(printable(text) for text in told))
    if plan.calls or plan.held:
        show(table)
    more = len(plan.calls) + len(plan.held) - _SHOWN
    if more > 0:
        say(f"... and {more} more; --json names all.")
    for file in plan.files:
        say(f"With them: {file.kind} {printable(file.path)}")


def _closing_words(plan: PurgePlan, result: PurgeResult | None) -> None:
    from speechqa.core.plain import printable

    for file in plan.left:
        say(f"Left: {file.kind} {printable(file.path)}: {file.left}.")
    if plan.held:
        say(f"{len(plan.held)} kept by a legal hold; see `speechqa hold list`.")
    if result is None:
        going = (
            f"{len(plan.calls)} calls and {len(plan.files)} files would go. Nothing was removed: add --yes."
        )
        say(going if plan.calls else "No call is to go.")
        return
    for problem in result.problems:
        say(problem)
    proof = result.proof
    if proof.beyond:
        say(proof.beyond)
    elif not proof.found:
        say(f"Looked for {proof.looked_for} pieces of them in all {proof.bytes_searched} bytes: none found.")
    if result.cached:
        say(f"Entries of the cache that went with them: {result.cached}.")
    say(
        f"{len(plan.calls)} calls removed, {sum(result.record.rows.values())} rows, {result.deleted} files. "
        f"Record: entry {result.entry} of the journal. Transcripts taken away, printouts and backups are not "
        "known here."
    )
