"""`speechqa rubric`: look at and check what calls are judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli import selection
from speechqa.cli.console import say, show, user_name, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl
from speechqa.errors import RubricError

if TYPE_CHECKING:
    from speechqa.core.rubric import Problem

app = typer.Typer(help="Look at and check what calls are judged by.", no_args_is_help=True)

RubricArgument = Annotated[
    str, typer.Argument(help="Built-in rubric or path of a TOML file.", metavar="NAME|FILE")
]


@app.command("check")
def check(rubric: RubricArgument = "service") -> None:
    """Validate a rubric: every fault with its file, key, what was found and what was expected.

    Examples:

    `speechqa rubric check service`

    `speechqa rubric check my-queue.toml`
    """
    from speechqa.core.plain import printable
    from speechqa.criteria import validate_rubric

    problems = validate_rubric(rubric)
    errors = [p for p in problems if p.severity == "error"]
    for problem in problems:
        say(printable(_line(problem)))
    if errors:
        raise RubricError(
            f"The rubric cannot be used: {len(errors)} faults",
            where=rubric,
            hint="Mend what is listed above and check again",
        )
    from speechqa.criteria import load_rubric

    loaded = load_rubric(rubric)
    write(f"{loaded.reference} is valid: {len(loaded.criteria)} criteria, digest {loaded.digest}")


@app.command("test")
def try_out(
    rubric: Annotated[
        str, typer.Argument(help="Built-in rubric or path of a TOML file.", metavar="NAME|FILE")
    ],
    calls: selection.Calls = None,
    *,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            help="Compare with what this rubric says today; with what is stored where absent.",
            metavar="NAME|FILE",
        ),
    ] = None,
    agent: selection.Agent = None,
    team: selection.Team = None,
    customer: selection.Customer = None,
    date_from: selection.From = None,
    date_to: selection.To = None,
    call_language: selection.CallLanguage = None,
    criterion: selection.OnCriterion = None,
    verdict: selection.OnVerdict = None,
    limit: selection.Limit = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Try a rubric on stored calls before it counts: which verdicts would change, and how scores would move.

    No document is kept and none changes. `--json` prints a line a call.

    Examples:

    `speechqa rubric test my-queue.toml`

    `speechqa rubric test my-queue.toml --against service --from 2026-11-01`

    `speechqa rubric test my-queue.toml --criterion thanks --verdict fail`
    """
    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.rubrics import chosen_calls, tried
    from speechqa.reports.changes import changes_view

    query = selection.query_of(
        calls, agent=agent, team=team, customer=customer, date_from=date_from, date_to=date_to,
        language=call_language, criterion=criterion, verdict=verdict, limit=limit,
    )  # fmt: skip
    done = []
    with open_store(store, create=False) as opened:
        chosen = chosen_calls(opened, calls or (), query)
        results = tried(opened, chosen, rubric=rubric, against=against, by=user_name())
        for call in selection.followed(results, len(chosen)):
            done.append(call)
            if as_json:
                write(msgspec.json.encode(call, order="deterministic").decode())
    failed = [call for call in done if call.state == "failed"]
    if not as_json and len(done) > len(failed):
        show(changes_view(done))
    for call in failed:
        selection.say_failed(call)
    changing = sum(bool(call.changes) for call in done)
    say(
        f"Calls tried: {len(done)}; {changing} would change, {len(failed)} failed. Nothing was kept."
        if done
        else "No call answers to that."
    )
    if failed:
        raise typer.Exit(1)


def _line(problem: Problem) -> str:
    place = problem.file if problem.line is None else f"{problem.file}, line {problem.line}"
    parts = [f"{problem.severity}: {problem.message}", f"in {place}"]
    parts += [f"key {problem.key}"] if problem.key else []
    parts += [f"found {problem.found}"] if problem.found is not None else []
    parts += [f"expected {problem.expected}"] if problem.expected is not None else []
    return "; ".join(parts)
