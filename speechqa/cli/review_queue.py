"""`speechqa review queue`: which calls to listen to, some at random and some for their risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from speechqa.cli.console import actor_name, show, write
from speechqa.cli.dispute import By
from speechqa.cli.filters import Found, find_option, finding_calls, in_words
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.core.journal import JournalEntry
    from speechqa.core.review import Sample


@finding_calls
def queue(
    *,
    found: Found,
    size: Annotated[int, typer.Option(min=0, max=10_000, help="Calls to draw at random.")] = 10,
    risk: Annotated[
        int, typer.Option(min=0, max=10_000, help="Calls to pick beside them for their risk.", metavar="N")
    ] = 0,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=2**31 - 1, help="Draws the same calls again; drawn and told where absent."),
    ] = None,
    strata: Annotated[
        str,
        typer.Option(
            help="What the random part is spread over: team, agent, score, signal, language.",
            metavar="NAME,NAME",
        ),
    ] = "team,agent,score,signal",
    reviewer: Annotated[
        str | None,
        typer.Option(
            "--for",
            help="Whom the calls are for: what they reviewed or took themselves is left out.",
            metavar="NAME",
        ),
    ] = None,
    blind: Annotated[
        bool, typer.Option("--blind", help="Say nothing of what the machine made of the calls.")
    ] = False,
    reviewed: Annotated[
        bool,
        typer.Option("--reviewed", help="Only calls that somebody else has reviewed: for second ratings."),
    ] = False,
    plan: Annotated[
        int | None, typer.Option(min=1, help="Show a plan again, by its number.", metavar="NUMBER")
    ] = None,
    saved: Annotated[
        str | None,
        typer.Option(
            help="Draw from a question kept by `speechqa calls --save`; other options add to it or replace.",
            metavar="NAME",
        ),
    ] = None,
    listen: Annotated[bool, find_option("Only calls with a reason to listen to them.", "--listen")] = False,
    by: By = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Draw calls to listen to: some at random, spread over the strata, and some for their risk, kept apart.

    The plan is kept in the journal with its seed, its filters and how many calls it was drawn from.

    Examples:

    `speechqa review queue --size 20 --risk 5 --from 2026-11-01 --for "Dana Levi"`

    `speechqa review queue --plan 12 --for Noa --blind` for a second, blind rating of the same calls

    `speechqa review queue --seed 7 --team billing --phrase "cancel my contract" --json`

    `speechqa review queue --saved "billing, worst first" --last 7`
    """
    import secrets

    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.samples import draw_sample, reviewed_by, stored_sample, without_order
    from speechqa.assembly.saved_filters import conditions_of, named
    from speechqa.core.review import Plan
    from speechqa.privacy.redaction import redact_text
    from speechqa.reports.review import queue_view
    from speechqa.review.sampling import parse_strata

    asked = found.conditions or found.last_days is not None or listen or saved is not None
    if plan is not None and (asked or seed is not None or reviewed):
        raise UsageError(
            "--plan shows what was drawn: nothing else is asked of it", expected="--for, --blind or --json"
        )
    with open_store(store, create=False) as opened:
        if plan is not None:
            entry, sample = stored_sample(opened, plan)
        else:
            if listen:
                found = found._replace(conditions={**found.conditions, "listen": True})
            kept = named(opened, saved) if saved is not None else None
            query = without_order(found.over(kept).dated())
            if size + risk == 0:
                raise UsageError("No call is asked for", found="--size 0 --risk 0", expected="one of them")
            wanted = Plan(
                seed=secrets.randbelow(2**31) if seed is None else seed,
                size=size,
                risk=risk,
                strata=parse_strata(strata),
                filters=in_words(conditions_of(query)),
                reviewer=redact_text(reviewer) if reviewer else None,
                blind=blind,
                reviewed=reviewed,
            )
            entry, sample = draw_sample(opened, query, wanted, by=redact_text(actor_name(by)))
        blind = blind or sample.plan.blind
        who = reviewer or sample.plan.reviewer
        done = reviewed_by(opened, who, sample.picks) if who else frozenset()
    if not as_json:
        show(queue_view(entry, sample, blind=blind, reviewed=done))
        return
    told = None if who is None else done
    write(msgspec.json.encode(_for_machines(entry, sample, blind=blind, reviewed=told)).decode())


def _for_machines(
    entry: JournalEntry, sample: Sample, *, blind: bool, reviewed: frozenset[str] | None
) -> dict[str, Any]:
    """The plan and its calls; blind, nothing that would tell a verdict."""
    import msgspec

    from speechqa.reports.review import plain_why

    plan = msgspec.to_builtins(sample.plan)
    if blind:
        plan |= {"blind": True, "filters": None}
    picks = [
        {
            "call_id": pick.call_id,
            "part": pick.part,
            "why": plain_why(pick.part) if blind else pick.why,
            "stratum": None if blind else pick.stratum,
            "reviewed": None if reviewed is None else pick.identity in reviewed,
        }
        for pick in sample.picks
    ]
    return {
        "plan": entry.number,
        "at": entry.at,
        "by": entry.actor,
        **plan,
        "frame": sample.frame,
        "frame_digest": sample.frame_digest,
        "left_out": sample.left_out,
        "picks": picks,
    }
