"""`speechqa rubric`: look at and check what calls are judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.console import say, write
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


def _line(problem: Problem) -> str:
    place = problem.file if problem.line is None else f"{problem.file}, line {problem.line}"
    parts = [f"{problem.severity}: {problem.message}", f"in {place}"]
    parts += [f"key {problem.key}"] if problem.key else []
    parts += [f"found {problem.found}"] if problem.found is not None else []
    parts += [f"expected {problem.expected}"] if problem.expected is not None else []
    return "; ".join(parts)
