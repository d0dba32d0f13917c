"""One criterion of a rubric: what its table says, checked against what its detector can be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from speechqa.core.rubric import ComponentPoints, Criterion, Limit, Problem, Said, Situation
from speechqa.criteria.condition_table import read_limit, read_mentions, read_said
from speechqa.criteria.detectors import COMPONENTS, LISTS, OPTIONS
from speechqa.criteria.sources import Source

KEYS = (
    "id", "category", "points", "detector", "components", "critical", "options", "said", "limit",
    "when", "unless", "situation",
)  # fmt: skip
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_CATEGORIES = ("courtesy", "professionalism")
_MAX_POINTS = 1_000


def read_criterion(
    source: Source,
    problems: list[Problem],
    table: dict[str, Any],
    nth: int,
    situations: Mapping[str, Situation],
) -> Criterion | None:
    """The criterion of a table, None where something is wrong with it.

    Parameters
    ----------
    problems : list of Problem
        Takes what is wrong.
    table : dict
        With what it inherits.
    nth : int
        Which of the file's tables it is, from 0, for the lines of its keys.
    situations : mapping of str to Situation
        Those of the rubric, by id.
    """

    def bad(key: str, message: str, found: object, expected: str) -> None:
        line = source.line("criterion", key, nth=nth) or source.line("criterion", nth=nth)
        problems.append(source.problem(message, line=line, key=key, found=found, expected=expected))

    for key in table:
        if key not in KEYS:
            bad(key, "The criterion has a key that is not known", key, ", ".join(KEYS))
    name = table.get("id")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        bad("id", "The criterion's id is not usable", "nothing" if name is None else name, "a-z, 0-9 and _")
        return None
    detector = table.get("detector", name)
    if not isinstance(detector, str) or detector not in LISTS:
        bad(
            "detector" if "detector" in table else "id",
            f"No detector judges {name}",
            detector,
            ", ".join(sorted(LISTS)),
        )
        return None
    category = table.get("category")
    if category not in _CATEGORIES:
        bad(
            "category",
            f"The category of {name} is not known",
            category or "nothing",
            " or ".join(_CATEGORIES),
        )
    points = table.get("points")
    if not _is_points(points):
        bad(
            "points", f"The points of {name} are not usable", "nothing" if points is None else points, _POINTS
        )
    critical = table.get("critical", False)
    if not isinstance(critical, bool):
        bad("critical", f"Whether {name} is critical is not said", critical, "true or false")
    components = _parts(bad, name, detector, points, table.get("components", {}))
    options = _options(bad, name, detector, table.get("options", {}))
    when = read_mentions(bad, name, "when", table.get("when", []))
    unless = read_mentions(bad, name, "unless", table.get("unless", []))
    said, limit = _own(bad, name, detector, table)
    due_in = _due_in(bad, name, table.get("situation", []), situations)
    if category not in _CATEGORIES or not isinstance(points, int) or not _is_points(points):
        return None
    if components is None or options is None or not isinstance(critical, bool):
        return None
    if when is None or unless is None or said is None or (detector == "limit") == (limit is None):
        return None
    if due_in is None:
        return None
    if not due_in and any(one.window == "situation" for one in said):
        bad("said", f"{name} is looked for from its situation on, and has none", "window = situation",
            'situation = "..." beside it')  # fmt: skip
        return None
    return Criterion(
        id=name,
        category=category,
        points=points,
        detector=detector,
        components=components,
        critical=critical,
        options=options,
        said=said,
        limit=limit,
        when=when,
        unless=unless,
        situations=due_in,
    )


def _due_in(
    bad: Any, name: str, written: Any, situations: Mapping[str, Situation]
) -> tuple[Situation, ...] | None:
    """The situations in which a criterion is due; None where one of them is none of the rubric's."""
    named = written if isinstance(written, list) else [written]
    strange = [one for one in named if not isinstance(one, str) or one not in situations]
    if strange:
        known = ", ".join(situations) or "[[situation]] tables with an id, in the rubric"
        bad("situation", f"{name} is due in a situation that is nowhere", strange[0], known)
        return None
    return tuple(situations[one] for one in dict.fromkeys(named))


def _own(
    bad: Any, name: str, detector: str, table: dict[str, Any]
) -> tuple[tuple[Said, ...] | None, Limit | None]:
    """What a criterion of the rubric's own looks for or measures."""
    for key in ("said", "limit"):
        if (key in table) != (detector == key):
            bad(key, f"{name} says what it is judged by in `{key}`, and another detector judges it"
                if key in table else f"{name} does not say what it is judged by",
                detector, f'detector = "{key}" with `{key}`')  # fmt: skip
            return None, None
    limit = read_limit(bad, name, table["limit"]) if "limit" in table else None
    if "said" not in table:
        return (), limit
    written = table.get("components", {})
    return read_said(bad, name, table["said"], tuple(written) if isinstance(written, dict) else ()), limit


_POINTS = f"a whole number from 1 to {_MAX_POINTS}"


def _is_points(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MAX_POINTS


def _parts(bad: Any, name: str, detector: str, points: Any, table: Any) -> tuple[ComponentPoints, ...] | None:
    known = COMPONENTS.get(detector, ())
    if not isinstance(table, dict) or not all(_is_points(value) for value in table.values()):
        bad("components", f"The parts of {name} are not usable", table, f"parts with {_POINTS} each")
        return None
    # The parts of a criterion of the rubric's own are the rubric's; they are held against what it looks for.
    if detector != "said" and (table or known) and set(table) != set(known):
        bad("components", f"The parts of {name} are not those it is graded by", ", ".join(table) or "none",
            ", ".join(known) or "no parts")  # fmt: skip
        return None
    if table and sum(table.values()) != points:
        bad("components", f"The parts of {name} do not add up", sum(table.values()), f"{points} in all")
        return None
    return tuple(ComponentPoints(id=part, points=value) for part, value in table.items())


def _options(bad: Any, name: str, detector: str, table: Any) -> dict[str, float] | None:
    known = OPTIONS.get(detector, {})
    if not isinstance(table, dict):
        bad("options", f"The options of {name} are not usable", table, "a table of numbers")
        return None
    for key, value in table.items():
        most = 1.0 if key.endswith("_share") else 1e6
        usable = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= most
        if key not in known or not usable:
            bad("options", f"The option {key} of {name} is not usable", value, _known_options(known))
            return None
    return {key: float(table.get(key, default)) for key, default in known.items()}


def _known_options(known: dict[str, float]) -> str:
    return (
        ", ".join(f"{key} (a number, {default:g} if left out)" for key, default in known.items())
        or "no options"
    )
