"""`speechqa dispute`: an agent contests a verdict, somebody else resolves it, and both verdicts are kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from speechqa.cli.console import actor_name, say, show, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, CallReference, StoreUrl

app = typer.Typer(
    help="Contest a verdict, and resolve what was contested.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


class ReasonOption(StrEnum):
    """Why a verdict is contested."""

    NOT_ME = "not_me"
    ROLES_WRONG = "roles_wrong"
    WORDS_WRONG = "words_wrong"
    SYSTEM_DOWN = "system_down"
    VERDICT_WRONG = "verdict_wrong"


class OutcomeOption(StrEnum):
    """What comes of a dispute."""

    UPHELD = "upheld"
    CHANGED = "changed"


class VerdictOption(StrEnum):
    """A verdict that holds from now on."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


Comment = Annotated[str, typer.Option("--comment", help="Why, in your own words.", metavar="TEXT")]
By = Annotated[str | None, typer.Option("--by", help="Who says so; the user where absent.", metavar="NAME")]
ByAgent = Annotated[
    str | None,
    typer.Option("--by", help="The agent whose call it is; the user where absent.", metavar="AGENT"),
]


@app.command("open")
def open_(
    call: CallReference,
    *,
    criterion: Annotated[str, typer.Option(help="The criterion whose verdict is contested.", metavar="ID")],
    reason: Annotated[
        ReasonOption,
        typer.Option(
            help="Why: another agent spoke, roles are exchanged, words were misheard, systems were down, or "
            "the verdict itself."
        ),
    ],
    comment: Comment,
    by: ByAgent = None,
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=3650,
            help="Days to resolve it; else SPEECHQA_DISPUTE_DAYS, else the rubric's dispute_days, else 14.",
        ),
    ] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Contest one verdict of a call of your own; it stands until somebody else resolves the dispute.

    Examples:

    `speechqa dispute open good-call --criterion thanks --reason words_wrong --comment "I did thank" --by a7`
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.disputes import open_dispute
    from speechqa.core.plain import printable

    with open_store(store, create=False) as opened:
        one = open_dispute(
            opened, call, criterion=criterion, reason=reason.value, comment=comment, by=actor_name(by),
            days=days,
        )  # fmt: skip
    if as_json:
        _write(one)
        return
    say(
        f"Dispute {one.number} of {printable(criterion)} is open; it is to be resolved by "
        f"{one.dispute.deadline}, by somebody else."
    )


@app.command("list")
def list_(
    *,
    only_open: Annotated[bool, typer.Option("--open", help="Only those nobody has resolved.")] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only open ones whose deadline has passed.")
    ] = False,
    agent: Annotated[str | None, typer.Option(help="Only of calls of this agent.", metavar="ID")] = None,
    call: Annotated[str | None, typer.Option(help="Only of this call.", metavar="CALL")] = None,
    criterion: Annotated[str | None, typer.Option(help="Only of this criterion.", metavar="ID")] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """List disputes, open ones first and of these the most urgent; with `--call` what was acknowledged too.

    Examples:

    `speechqa dispute list --open`

    `speechqa dispute list --overdue --json`

    `speechqa dispute list --agent a7`
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.disputes import acknowledgements, disputes
    from speechqa.reports.disputes import acknowledgement_line, disputes_view

    with open_store(store, create=False) as opened:
        identity = opened.identity(call) if call is not None else None
        found = [
            one
            for one in disputes(opened, identity=identity)
            if (one.open or not (only_open or overdue))
            and (one.overdue or not overdue)
            and (agent is None or one.dispute.agent_id == agent)
            and (criterion is None or one.dispute.criterion == criterion)
        ]
        seen = list(acknowledgements(opened, identity=identity)) if identity is not None else []
    found.sort(key=lambda one: (not one.open, one.dispute.deadline if one.open else "", one.number))
    if as_json:
        for one in found:
            _write(one)
        return
    if found:
        show(disputes_view(found))
    else:
        say("No dispute answers to that.")
    for seen_one in seen:
        show(acknowledgement_line(seen_one))


@app.command("resolve")
def resolve(
    number: Annotated[int, typer.Argument(help="The dispute, as `dispute list` numbers it.", min=1)],
    *,
    outcome: Annotated[OutcomeOption, typer.Option(help="Whether the verdict stands.")],
    verdict: Annotated[
        VerdictOption | None, typer.Option(help="With --outcome changed: what holds from now on.")
    ] = None,
    comment: Comment,
    by: By = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Say what comes of a dispute; a second reviewer, another person than the first, can say so once more.

    The machine's verdict is kept beside the new one.

    Examples:

    `speechqa dispute resolve 12 --outcome changed --verdict pass --comment "thanks at 3:10" --by "Dana Levi"`

    `speechqa dispute resolve 12 --outcome upheld --comment "no thanks in the call" --by "Omer Katz"`
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.disputes import resolve_dispute
    from speechqa.core.finding import Verdict
    from speechqa.reports.disputes import disputes_view

    with open_store(store, create=False) as opened:
        one = resolve_dispute(
            opened, number, outcome=outcome.value, verdict=Verdict(verdict.value) if verdict else None,
            comment=comment, by=actor_name(by),
        )  # fmt: skip
    if as_json:
        _write(one)
    else:
        show(disputes_view([one]))


@app.command("acknowledge")
def acknowledge(
    call: CallReference,
    *,
    criterion: Annotated[
        str | None, typer.Option(help="One verdict of it; the whole scorecard where absent.", metavar="ID")
    ] = None,
    comment: Comment,
    by: ByAgent = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Keep that you have seen a call's scorecard, and what you say to it.

    Example: `speechqa dispute acknowledge good-call --comment "I will sum up next time" --by a7`
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.disputes import acknowledge as acknowledged
    from speechqa.reports.disputes import acknowledgement_line

    with open_store(store, create=False) as opened:
        one = acknowledged(opened, call, criterion=criterion, comment=comment, by=actor_name(by))
    if as_json:
        _write(one)
    else:
        show(acknowledgement_line(one))


def _write(one: object) -> None:
    import msgspec

    from speechqa.scoring.disputes import DisputeRecord

    line = msgspec.to_builtins(one)
    if isinstance(one, DisputeRecord):
        line |= {"overdue": one.overdue, "verdict": one.verdict.value if one.verdict else None}
    write(msgspec.json.encode(line, order="deterministic").decode())
