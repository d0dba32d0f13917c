"""`speechqa rubric`: begin, look at, check and try what calls are judged by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli import selection
from speechqa.cli.console import say, show, user_name, write
from speechqa.cli.files import as_the_user_has_it
from speechqa.cli.options import DEFAULT_STORE, AsJson, StoreUrl
from speechqa.core.plain import printable
from speechqa.errors import ReportError, RubricError, UsageError

if TYPE_CHECKING:
    from speechqa.core.rubric import Problem
    from speechqa.scoring.changes import Rejudged

app = typer.Typer(help="Begin, look at, check and try what calls are judged by.", no_args_is_help=True)

RubricArgument = Annotated[
    str, typer.Argument(help="Built-in rubric or path of a TOML file.", metavar="NAME|FILE")
]


@app.command("check")
def check(
    rubric: RubricArgument = "service",
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Take warnings for faults.")] = False,
) -> None:
    """Validate a rubric: every fault with its file, line, key, what was found and what was expected.

    Warnings tell of phrases that can never match, match nearly everything or are there twice.

    Examples:

    `speechqa rubric check service`

    `speechqa rubric check my-queue.toml --strict`
    """
    from speechqa.criteria import validate_rubric

    problems = validate_rubric(rubric)
    errors = [p for p in problems if strict or p.severity == "error"]
    for problem in problems:
        say(printable(_line(problem)))
    if errors:
        counted = "1 fault" if len(errors) == 1 else f"{len(errors)} faults"
        raise RubricError(
            f"The rubric {'is not in order' if strict else 'cannot be used'}: {counted}",
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
    from speechqa.assembly.rubrics import chosen_calls, tried, usual_workers
    from speechqa.reports.changes import ChangesView

    query = selection.query_of(
        calls, agent=agent, team=team, customer=customer, date_from=date_from, date_to=date_to,
        language=call_language, criterion=criterion, verdict=verdict, limit=limit,
    )  # fmt: skip
    view = ChangesView()
    failed: list[Rejudged] = []
    changing = 0
    with open_store(store, create=False) as opened:
        chosen = chosen_calls(opened, calls or (), query)
        results = tried(
            opened, chosen, rubric=rubric, against=against, by=user_name(), workers=usual_workers(len(chosen))
        )
        for call in selection.followed(results, len(chosen), named=attrgetter("call_id")):
            view.add(call)
            changing += bool(call.changes)
            failed += [call] if call.state == "failed" else []
            if as_json:
                write(msgspec.json.encode(call, order="deterministic").decode())
    if not as_json and view.judged:
        show(view)
    for call in failed:
        selection.say_failed(call)
    tried_in_all = view.judged + len(failed)
    say(
        f"Calls tried: {tried_in_all}; {changing} would change, {len(failed)} failed. Nothing was kept."
        if tried_in_all
        else "No call answers to that."
    )
    if failed:
        raise typer.Exit(1)


@app.command("new")
@as_the_user_has_it()
def new(
    name: Annotated[str, typer.Argument(help="Name of the new rubric.", metavar="NAME")],
    *,
    base: Annotated[
        str, typer.Option("--from", help="Rubric it inherits from.", metavar="NAME|FILE")
    ] = "service",
    folder: Annotated[Path, typer.Option("--folder", help="Where the files go.", metavar="DIR")] = Path(),
) -> None:
    """Begin a rubric of your own: files to edit, with all that they inherit as comments.

    Examples:

    `speechqa rubric new returns`

    `speechqa rubric new night-shift --from returns.toml`
    """
    from speechqa.criteria.drafting import draft

    files = draft(name, base=base, folder=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            with path.open("x", encoding="utf-8") as file, _whole_or_gone(path):
                file.write(text)
                file.flush()
    except OSError as error:
        raise ReportError("The files cannot be written", where=str(folder), found=str(error)) from error
    for path in files:
        write(printable(str(path)))
    say(f"Edit them, then: speechqa rubric check {printable(str(next(iter(files))))}")


@contextmanager
def _whole_or_gone(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        path.unlink(missing_ok=True)
        raise


@app.command("list")
def list_rubrics(
    *,
    folder: Annotated[
        Path, typer.Option("--folder", help="Where to look for rubrics of your own.", metavar="DIR")
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """List the built-in rubrics and those in a folder, with what each judges or that it has faults.

    Examples:

    `speechqa rubric list`

    `speechqa rubric list --folder rubrics --json`
    """
    import json

    from rich.table import Table

    from speechqa.criteria import load_rubric
    from speechqa.criteria.sources import built_in, rubrics_in

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("rubric", "title", "criteria", "languages", "file"):
        table.add_column(heading)
    for named in (*built_in(), *map(str, rubrics_in(folder))):
        try:
            rubric = load_rubric(named)
        except RubricError as error:
            row: dict[str, object] = {"rubric": None, "file": named, "error": error.message}
            table.add_row("faulty", printable(error.message), "", "", printable(named))
        else:
            row = {
                "rubric": rubric.reference, "file": named, "title": rubric.title, "digest": rubric.digest,
                "criteria": [c.id for c in rubric.criteria], "languages": rubric.languages,
            }  # fmt: skip
            table.add_row(
                rubric.reference, printable(rubric.title), str(len(rubric.criteria)),
                ", ".join(rubric.languages), printable(named),
            )  # fmt: skip
        if as_json:
            write(json.dumps(row, ensure_ascii=False))
    if not as_json:
        show(table)


@app.command("show")
def show_rubric(
    rubric: RubricArgument = "service",
    *,
    criterion: Annotated[
        str | None, typer.Option("--criterion", help="Only this one, with its phrases.", metavar="ID")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a rubric judges, with all that it inherits.

    Examples:

    `speechqa rubric show service`

    `speechqa rubric show returns.toml --criterion thanks`

    `speechqa rubric show service --json`
    """
    import msgspec

    from speechqa.criteria import load_rubric
    from speechqa.criteria.detectors import LISTS, READ_DOMAIN
    from speechqa.criteria.domains import is_of_domain
    from speechqa.reports.rubrics import criterion_view, rubric_view

    loaded = load_rubric(rubric)
    if criterion is None:
        write(msgspec.json.encode(loaded, order="deterministic").decode()) if as_json else show(
            rubric_view(loaded)
        )
        return
    one = loaded.criterion(criterion)
    if one is None:
        raise UsageError(
            "The rubric has no such criterion",
            where=loaded.reference,
            found=criterion,
            expected=", ".join(c.id for c in loaded.criteria),
        )
    read = {*LISTS[one.detector], *one.named_lists}
    domain = one.detector in READ_DOMAIN
    phrases = [p for p in loaded.phrases if p.name in read or (domain and is_of_domain(p.name))]
    if as_json:
        told = {"rubric": loaded.reference, "criterion": one, "phrases": phrases}
        write(msgspec.json.encode(told, order="deterministic").decode())
    else:
        show(criterion_view(loaded, one, phrases))


def _line(problem: Problem) -> str:
    place = problem.file if problem.line is None else f"{problem.file}, line {problem.line}"
    parts = [f"{problem.severity}: {problem.message}", f"in {place}"]
    parts += [f"key {problem.key}"] if problem.key else []
    parts += [f"found {problem.found}"] if problem.found is not None else []
    parts += [f"expected {problem.expected}"] if problem.expected is not None else []
    return "; ".join(parts)
