"""`speechqa rubric`: look at and check what calls are judged by."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import say, write
from speechqa.errors import RubricError

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
        say(printable(f"{problem.severity}: {problem}"))
    if errors:
        raise RubricError(
            f"The rubric cannot be used: {len(errors)} faults",
            where=rubric,
            hint="Mend what is listed above and check again",
        )
    from speechqa.criteria import load_rubric

    loaded = load_rubric(rubric)
    write(f"{loaded.reference} is valid: {len(loaded.criteria)} criteria, digest {loaded.digest}")
