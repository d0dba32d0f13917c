"""Every swap there is, by kind and language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.fairness import english_gender, hebrew_gender, names, wording
from benchmarks.fairness.text import Line

ACCENTS = ("accent", "homophones")
FILLERS = "fillers"


class Swap(NamedTuple):
    """One swap: its kind, its language, its name, and what it makes of a call."""

    kind: str
    language: str
    name: str
    apply: Callable[[Sequence[Line]], list[Line]]


def swaps() -> Iterator[Swap]:
    """All of them."""
    for language in ("en", "he"):
        for name, renamed in names.swaps(language):
            kind = "names that are words" if name == "words" else "names"
            yield Swap(kind, language, name.replace("_", " "), renamed)
        genders = english_gender.swaps() if language == "en" else hebrew_gender.parties()
        for name, gender in genders:
            yield Swap("gender", language, name, gender)
        for name, reworded in wording.swaps(language):
            yield Swap(_kind(name), language, name, reworded)


def _kind(name: str) -> str:
    if name.startswith(FILLERS):
        return "fillers"
    return "accent as written" if name.startswith(ACCENTS) else "dialect and register"
