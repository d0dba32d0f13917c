"""Situations of a rubric, such as a lost card: what tells them, checked as criteria are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from speechqa.core.rubric import Criterion, Problem, Situation
from speechqa.criteria.condition_table import read_mentions
from speechqa.criteria.criterion_table import NAME
from speechqa.criteria.sources import Source

_KEYS = ("id", "title", "when", "unless")


def read_situations(
    source: Source, problems: list[Problem], inherited: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, dict[str, Any]], dict[str, Situation]]:
    """The situations of a rubric, as tables and as values: the inherited ones, then those that are new.

    Parameters
    ----------
    problems : list of Problem
        Takes what is wrong.
    inherited : mapping of str to dict
        Tables of the rubric that this one extends, by id; a key of its own replaces theirs.
    """
    written = source.table.get("situation", [])
    if not isinstance(written, list) or not all(isinstance(table, dict) for table in written):
        problems.append(
            source.problem("The situations are no tables", line=source.line(None, "situation"),
                           key="situation", found=written, expected="[[situation]] tables")
        )  # fmt: skip
        written = []
    tables, own = dict(inherited), set[str]()
    found = {name: one for name, table in tables.items() if (one := _read(source, [], table, -1)) is not None}
    for nth, table in enumerate(written):
        name = table.get("id")
        whole = {**inherited.get(name, {}), **table} if isinstance(name, str) else table
        situation = _read(source, problems, whole, nth)
        if situation is None:
            continue
        if situation.id in own:
            line = source.line("situation", "id", nth=nth)
            problems.append(
                source.problem("Two situations have one id", line=line, key="id", found=situation.id,
                               expected="an id of its own")
            )  # fmt: skip
            continue
        own.add(situation.id)
        tables[situation.id], found[situation.id] = whole, situation
    return tables, found


def not_due(source: Source, criteria: Iterable[Criterion]) -> list[Problem]:
    """Situations of the rubric's own that no criterion is due in, so that nothing comes of them."""
    used = {situation.id for criterion in criteria for situation in criterion.situations}
    written = source.table.get("situation", [])
    tables = written if isinstance(written, list) else []
    return [
        source.problem(f"No criterion is due in the situation {name}",
                       line=source.line("situation", "id", nth=nth), key="id", found=name,
                       expected=f'a criterion with situation = "{name}"', warning=True)
        for nth, table in enumerate(tables)
        if isinstance(table, dict) and isinstance(name := table.get("id"), str) and name not in used
    ]  # fmt: skip


def _read(source: Source, problems: list[Problem], table: dict[str, Any], nth: int) -> Situation | None:
    faults = len(problems)

    def bad(key: str, message: str, found: object, expected: str) -> None:
        line = source.line("situation", key, nth=nth) or source.line("situation", nth=nth)
        problems.append(source.problem(message, line=line, key=key, found=found, expected=expected))

    for key in table:
        if key not in _KEYS:
            bad(key, "The situation has a key that is not known", key, ", ".join(_KEYS))
    name, title = table.get("id"), table.get("title", "")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        bad("id", "The situation's id is not usable", "nothing" if name is None else name, "a-z, 0-9 and _")
        return None
    if not isinstance(title, str):
        bad("title", f"The title of {name} is no text", title, "text")
    when = read_mentions(bad, name, "when", table.get("when", []))
    unless = read_mentions(bad, name, "unless", table.get("unless", []))
    if when == ():
        bad("when", f"Nothing tells the situation {name}", "nothing", 'such as when = ["customer.lost_card"]')
    if len(problems) > faults or when is None or unless is None:
        return None
    return Situation(id=name, title=title, when=when, unless=unless)
