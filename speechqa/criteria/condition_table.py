"""What a rubric says of a criterion of its own: phrases and where they are due, limits, when it applies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from speechqa.core.rubric import Limit, Mention, Party, Said, Window
from speechqa.criteria.detectors.limits import MEASURES

Bad = Callable[[str, str, object, str], None]
"""Takes the key, the message, what was found and what was expected."""

_PARTIES: tuple[Party, ...] = get_args(Party)
_WINDOWS: tuple[Window, ...] = get_args(Window)
_SAID = ("lists", "speaker", "window", "turns", "after", "before", "answered", "timed", "absent", "part")
_LIMIT = ("measure", "of", "at_least", "at_most")
_COUNTED: tuple[Window, ...] = ("opening", "closing", "situation")
_MOST_TURNS = 1_000


def read_said(bad: Bad, name: str, written: Any, parts: tuple[str, ...]) -> tuple[Said, ...] | None:
    """What is to be said: one table, or one for each graded part; None where something is wrong with it."""
    tables = written if isinstance(written, list) else [written]
    if not tables or not all(isinstance(table, dict) for table in tables):
        bad("said", f"What {name} looks for is no table", written, 'said = { lists = ["thank"] }')
        return None
    found = [_said(bad, name, table) for table in tables]
    said = tuple(one for one in found if one is not None)
    if len(said) < len(found):
        return None
    of_parts = tuple(one.part for one in said)
    if (len(said) > 1 or any(of_parts) or parts) and sorted(of_parts) != sorted(parts):
        bad("said", f"What {name} looks for does not fit its parts", ", ".join(of_parts) or "no parts",
            f"one table with part = each of {', '.join(parts)}" if parts
            else 'components = { a = 2, b = 1 }, one table with part = "a", one with part = "b"')  # fmt: skip
        return None
    return said


def _said(bad: Bad, name: str, table: dict[str, Any]) -> Said | None:
    faults: list[str] = []

    def wrong(key: str, message: str, found: object, expected: str) -> None:
        faults.append(key)
        bad("said", f"{message} of {name}", found, expected)

    for key in table:
        if key not in _SAID:
            wrong(key, "There is a key that is not known in `said`", key, ", ".join(_SAID))
    lists = table.get("lists")
    if not _names(lists):
        wrong("lists", "No phrase lists are named in `said`", "nothing" if lists is None else lists,
              'such as lists = ["thank"]')  # fmt: skip
    speaker, window = table.get("speaker", "agent"), table.get("window", "call")
    if speaker not in _PARTIES:
        wrong("speaker", "The speaker is not known in `said`", speaker, " or ".join(_PARTIES))
    if window not in _WINDOWS:
        wrong("window", "The window is not known in `said`", window, ", ".join(_WINDOWS))
    turns = table.get("turns")
    if turns is not None and not _whole(turns):
        wrong("turns", "The turns are not usable in `said`", turns, f"a whole number from 1 to {_MOST_TURNS}")
    if turns is not None and window not in _COUNTED:
        wrong("turns", "Turns are counted of an opening, a closing or a situation only, in `said`", turns,
              'window = "opening", "closing" or "situation" beside it')  # fmt: skip
    for key in ("answered", "timed", "absent"):
        if not isinstance(table.get(key, False), bool):
            wrong(key, f"`{key}` is not said in `said`", table[key], "true or false")
    if not isinstance(table.get("part", ""), str):
        wrong("part", "The part is no name in `said`", table["part"], "a part of `components`")
    sides = {key: _mentions(wrong, key, table.get(key, [])) for key in ("after", "before")}
    if faults:
        return None
    return Said(
        lists=tuple(table["lists"]),
        speaker=speaker,
        window=window,
        turns=turns,
        after=sides["after"],
        before=sides["before"],
        answered=table.get("answered", False),
        timed=table.get("timed", False),
        absent=table.get("absent", False),
        part=table.get("part", ""),
    )


def read_mentions(bad: Bad, name: str, key: str, written: Any) -> tuple[Mention, ...] | None:
    """`when` and `unless` of a criterion; None where something is wrong with them."""
    faults: list[str] = []

    def wrong(key: str, message: str, found: object, expected: str) -> None:
        faults.append(key)
        bad(key, f"{message} of {name}", found, expected)

    mentions = _mentions(wrong, key, written)
    return None if faults else mentions


def _mentions(wrong: Bad, key: str, written: Any) -> tuple[Mention, ...]:
    """Texts such as "customer.complaint"; a bare name is the agent's."""
    found: list[Mention] = []
    for text in written if isinstance(written, list) else [written]:
        speaker, dot, name = text.rpartition(".") if isinstance(text, str) else ("", "", "")
        if not name or (dot and speaker not in _PARTIES):
            wrong(
                key, f"`{key}` names nobody's words", text, 'such as ["customer.complaint", "agent.outcome"]'
            )
            continue
        found.append(Mention(speaker="customer" if speaker == "customer" else "agent", list=name))
    return tuple(found)


def read_limit(bad: Bad, name: str, table: Any) -> Limit | None:
    """Bounds of a measure; None where something is wrong with them."""
    if not isinstance(table, dict):
        bad("limit", f"The limit of {name} is no table", table,
            'limit = { measure = "talk_share", of = "agent", at_most = 0.7 }')  # fmt: skip
        return None
    unknown = next((key for key in table if key not in _LIMIT), None)
    if unknown is not None:
        bad("limit", f"The limit of {name} has a key that is not known", unknown, ", ".join(_LIMIT))
        return None
    measure, of = table.get("measure"), table.get("of")
    if not isinstance(measure, str) or measure not in MEASURES:
        bad("limit", f"The measure of {name} is not known", "nothing" if measure is None else measure,
            ", ".join(MEASURES))  # fmt: skip
        return None
    partys = MEASURES[measure].of_party
    if of not in (_PARTIES if partys else (None,)):
        bad("limit", f"Whose {measure} the limit of {name} means is not usable", of or "nothing",
            "of = " + " or of = ".join(_PARTIES) if partys else "no `of`: it is one of the call")  # fmt: skip
        return None
    bounds = {key: table.get(key) for key in ("at_least", "at_most")}
    given = [value for value in bounds.values() if value is not None]
    usable = [isinstance(v, (int, float)) and not isinstance(v, bool) and 0 <= v <= 1e6 for v in given]
    if not given or not all(usable) or (len(given) == 2 and given[0] > given[1]):
        bad("limit", f"The bounds of {name} are not usable", bounds,
            "at_least, at_most or both, as numbers from 0, the first not over the second")  # fmt: skip
        return None
    return Limit(
        measure=measure, of=of, **{key: float(value) for key, value in bounds.items() if value is not None}
    )


def _names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) and v for v in value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_TURNS
