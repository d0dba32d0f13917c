"""How far two documents of one call are apart: the largest difference by kind of figure, and what moved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

_KINDS = (
    ("probability", r"confidence$|\.p$|\.rate$|talk_share|_share$"),
    ("arousal, deviations", r"^stress.*(value|contributions|summary|deviations|spread)"),
    ("dB", r"_db\b|features\.level\."),
    ("Hz", r"_hz\b|centroid"),
    ("semitones", r"f0_st|features\.f0\."),
    (
        "seconds",
        r"(start|end|time|duration|at|median|p90|seconds|_s|searched\[\]|\]\[\])$|speech|seconds|latency",
    ),
)
_NOT_SAID = ("provenance",)


def kind_of(path: str) -> str:
    """What a figure is in, by where it stands in the document."""
    # What stands in the middle of a long path may be in the unit of its own name, not of the last.
    return next((kind for kind, pattern in _KINDS if re.search(pattern, path)), "other figures")


def figures_apart(one: Any, other: Any) -> tuple[dict[str, float], dict[str, int]]:
    """The largest difference of each kind of figure, and how many things are not there on both sides.

    Parameters
    ----------
    one, other : object
        Two documents as JSON gives them.

    Returns
    -------
    apart : dict of str to float
        By kind; a kind without any difference is left out.
    moved : dict of str to int
        What is no figure and differs, or has no counterpart, by its place in the document.
    """
    apart: defaultdict[str, float] = defaultdict(float)
    moved: defaultdict[str, int] = defaultdict(int)
    for path, before, after in _pairs(one, other, ""):
        if _is_figure(before) and _is_figure(after):
            apart[kind_of(path)] = max(apart[kind_of(path)], abs(before - after))
        else:
            moved[path] += 1
    return dict(apart), dict(moved)


def verdicts_moved(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Criteria with another verdict or other points, and signals with another answer."""
    found = []
    results = [
        {f["criterion"]: (f["verdict"], f.get("earned"), f.get("possible")) for f in call.get("findings", ())}
        | {
            f"signal {name}": signal.get("value")
            for name, signal in call.get("signals", {}).items()
            if isinstance(signal, dict)
        }
        for call in (one, other)
    ]
    for name in sorted(results[0].keys() | results[1].keys()):
        if results[0].get(name) != results[1].get(name):
            found.append(name)
    return found


def words_of(call: Mapping[str, Any]) -> list[str]:
    """All words of a call in the order of its turns."""
    turns = (call.get("transcript") or {}).get("turns", ())
    return [word for turn in turns for word in turn["text"].split()]


def _is_figure(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _pairs(one: Any, other: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Everything that differs, with its place."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            inside = f"{path}.{name}" if path else name
            if inside not in _NOT_SAID:
                yield from _pairs(one.get(name), other.get(name), inside)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for before, after in zip(one, other, strict=True):
            yield from _pairs(before, after, f"{path}[]")
    elif one != other:
        yield path, one, other
