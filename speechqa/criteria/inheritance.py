"""What a rubric takes over from another one: its criteria, changed or dropped one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from speechqa.core.rubric import Problem
from speechqa.criteria import sources
from speechqa.criteria.sources import Source
from speechqa.errors import RubricError

MAX_DEPTH = 5


def base_path(source: Source, problems: list[Problem], seen: Sequence[Path]) -> Path | None:
    """The file of the rubric that `extends` names; None where there is none, or something is wrong with it.

    Parameters
    ----------
    seen : sequence of Path
        The rubrics that led here, this one among them.
    """
    named = source.table.get("extends")
    if named is None:
        return None

    def bad(message: str, found: object, expected: str) -> None:
        problems.append(
            source.problem(
                message, line=source.line(None, "extends"), key="extends", found=found, expected=expected
            )
        )

    path = sources.base(source.path, named) if isinstance(named, str) else None
    if path is None:
        bad("The rubric to inherit from is not there", named,
            "the name of a built-in rubric, as \"service\", or the bare name of a file beside this one, "
            "as \"ours.toml\"")  # fmt: skip
        return None
    if path.resolve() in seen:
        bad("The rubric inherits from itself", named, "another rubric")
        return None
    if len(seen) > MAX_DEPTH:
        bad("Rubrics inherit from rubrics too many times", named, f"at most {MAX_DEPTH} in a row")
        return None
    return path


def opened(path: Path, source: Source, problems: list[Problem]) -> Source | None:
    """The file of the rubric to inherit from; a fault in reading it is one of the rubric that names it."""
    try:
        return Source(path)
    except RubricError as error:
        problems.append(
            source.problem(
                f"The rubric to inherit from cannot be used: {error.what}",
                line=source.line(None, "extends"),
                key="extends",
                found=error.found or error.where,
                expected=error.expected or "a rubric without faults",
            )
        )
        return None


def dropped(source: Source, problems: list[Problem], inherited: Mapping[str, Any]) -> frozenset[str]:
    """Ids of inherited criteria that the rubric leaves out."""
    named = source.table.get("drop", [])
    line = source.line(None, "drop")
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        problems.append(
            source.problem(
                "What is dropped is no list of ids", line=line, key="drop", found=named, expected='["thanks"]'
            )
        )
        return frozenset()
    own = [table.get("id") for table in own_tables(source)]  # of any kind, for nothing has looked at it yet
    for name in named:
        if name not in inherited or name in own:
            problems.append(
                source.problem(
                    "A criterion is dropped and changed at once"
                    if name in own
                    else "A criterion is dropped that is not inherited",
                    line=line,
                    key="drop",
                    found=name,
                    expected=", ".join(inherited) or "`extends` with the rubric to inherit from",
                )
            )
    return frozenset(named)


def own_tables(source: Source) -> list[dict[str, Any]]:
    """The criteria that the file itself writes, as they stand there."""
    tables = source.table.get("criterion", [])
    return [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []


def merged(inherited: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """One criterion as the file changes it: a key replaces the inherited one, of options one by one.

    Examples
    --------
    >>> merged({"points": 5, "options": {"a": 1, "b": 2}}, {"points": 8, "options": {"b": 3}})
    {'points': 8, 'options': {'a': 1, 'b': 3}}
    """
    table = {**inherited, **own}
    before, after = inherited.get("options"), own.get("options")
    if isinstance(before, dict) and isinstance(after, dict) and own.get("detector") in (
        None, inherited.get("detector", inherited.get("id")),
    ):  # fmt: skip
        table["options"] = {**before, **after}
    return table
