"""The domain list of a rubric: what does not go together, and what can be said only one way of one thing.

A phrase file writes it as tables ``[[contradiction]]`` and ``[[reversal]]``. Each becomes phrase lists whose
names say what they are, so that files add up, are checked and found like any others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from speechqa.core.rubric import PhraseList, Problem, WordClass
from speechqa.criteria.sources import Source

CONTRADICTION, REVERSAL = "contradiction", "reversal"
KINDS: Mapping[str, tuple[str, ...]] = {CONTRADICTION: ("one", "other"), REVERSAL: ("said", "explained")}
"""The tables and their lists of phrases; a contradiction needs both, a reversal the first."""

_NEEDED: Mapping[str, tuple[str, ...]] = {CONTRADICTION: ("one", "other"), REVERSAL: ("said",)}
_OWN_KEYS: Mapping[str, tuple[str, ...]] = {CONTRADICTION: ("name",), REVERSAL: ("name", "values")}
_NO_CLASS = ("number", "word")
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def is_of_domain(name: str) -> bool:
    """Whether a phrase list is of the domain list.

    Examples
    --------
    >>> is_of_domain("contradiction.vegan_and_cheese.one"), is_of_domain("goodbye")
    (True, False)
    """
    return name.partition(".")[0] in KINDS


def list_name(kind: str, name: str, key: str, values: str = "") -> str:
    """Name of the phrase list that a key of a table becomes."""
    return ".".join(part for part in (kind, name, values, key) if part)


ReadList = Callable[[Source, list[Problem], str, str, Any, int, str], PhraseList]
"""Reads one list: file, problems, language, name of the table, the table, its number, key of its phrases."""


def read_domain(
    source: Source, problems: list[Problem], language: str, kind: str, tables: Any, read_list: ReadList
) -> Iterator[PhraseList]:
    """The phrase lists of the tables of one kind; what is wrong with them goes to `problems`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problems.append(
            source.problem("The domain list is no list of tables", line=source.line(None, kind), key=kind,
                           found=tables, expected=f"[[{kind}]] tables")
        )  # fmt: skip
        return
    for nth, table in enumerate(tables):
        found: list[Problem] = []
        lists = list(_lists(source, found, language, kind, table, nth, read_list))
        # `unless` is read once for each side.
        problems += dict.fromkeys(found)
        yield from lists


def _lists(
    source: Source,
    problems: list[Problem],
    language: str,
    kind: str,
    table: dict[str, Any],
    nth: int,
    read_list: ReadList,
) -> Iterator[PhraseList]:
    def bad(key: str, message: str, found: object, expected: str) -> None:
        line = source.line(kind, key, nth=nth) or source.line(kind, nth=nth)
        problems.append(
            source.problem(message, line=line, key=f"{kind}.{key}", found=found, expected=expected)
        )

    known = (*_OWN_KEYS[kind], *KINDS[kind], "unless")
    for key in table:
        if key not in known:
            bad(key, f"The {kind} has a key that is not known", key, ", ".join(known))
    for key in _OWN_KEYS[kind]:
        value = table.get(key)
        if not isinstance(value, str) or not value or not set(value) <= _NAME_CHARACTERS:
            bad(
                key,
                f"The {kind} does not say its {key}",
                "nothing" if value is None else value,
                "a-z, 0-9, _",
            )
            return
    if not any(table.get(key) for key in KINDS[kind]):
        bad("name", f"The {kind} has no phrases", table["name"], " and ".join(_NEEDED[kind]))
    for key in KINDS[kind]:
        of_key = {"any": table.get(key, []), "unless": table.get("unless", [])}
        phrases = read_list(source, problems, language, kind, of_key, nth, key)
        values = table["values"] if "values" in _OWN_KEYS[kind] else ""
        name = list_name(kind, table["name"], key, values)
        yield msgspec.structs.replace(phrases, name=name)


def place_of(source: Source, name: str, text: str) -> int | None:
    """Line of a phrase in the list of a name, also of the domain list."""
    kind, _, rest = name.partition(".")
    if kind not in KINDS:
        return source.line_of_text(name, text)
    for nth, table in enumerate(source.table[kind]):
        if table.get("name") == rest.partition(".")[0]:
            return source.line_of_text(kind, text, nth=nth)
    return None


def incomplete(
    sources: Mapping[str, Iterable[Source]], phrases: Iterable[PhraseList], words: Iterable[WordClass]
) -> list[Problem]:
    """Tables that, over all files of a language, lack phrases they cannot do without, or a word class.

    Parameters
    ----------
    sources : mapping
        Language to its files.
    """
    have = {(one.language, one.name) for one in phrases if one.patterns}
    classes = {(one.language, one.name) for one in words}
    problems = []
    for language, files in sources.items():
        for source in files:
            for kind, nth, table in _tables(source):
                name, values = table.get("name", ""), table.get("values", "")
                lacking = [
                    key for key in _NEEDED[kind]
                    if (language, list_name(kind, name, key, values)) not in have
                ]  # fmt: skip
                if lacking:
                    problems.append(
                        source.problem(
                            f"The {kind} {name} can never be found: phrases are missing",
                            line=source.line(kind, "name", nth=nth), key=kind,
                            found="no " + ", ".join(lacking), expected=" and ".join(_NEEDED[kind]),
                        )
                    )  # fmt: skip
                if values and values not in _NO_CLASS and (language, values) not in classes:
                    problems.append(
                        source.problem(
                            f"The {kind} {name} compares words of a class that is not there",
                            line=source.line(kind, "values", nth=nth), key=f"{kind}.values",
                            found=values, expected="number, word, or a class under [words]",
                        )
                    )  # fmt: skip
    return problems


def _tables(source: Source) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for kind in KINDS:
        tables = source.table.get(kind, [])
        if isinstance(tables, list):
            for nth, table in enumerate(tables):
                if isinstance(table, dict) and isinstance(table.get("name"), str):
                    yield kind, nth, table
