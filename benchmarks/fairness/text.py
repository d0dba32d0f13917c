"""Turns as swaps take them, and their words with what stands between left as it is."""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’\"-][^\W_]+)*['’]?")


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


class Line(NamedTuple):
    """One turn: whose, and what is said."""

    role: str
    text: str


class Words:
    """The words of a turn, each of which may be replaced.

    Parameters
    ----------
    text : str
        What is said.
    """

    def __init__(self, text: str) -> None:
        found = list(_WORD.finditer(text))
        self.texts = [one.group().lower() for one in found]
        """As said, in lower case."""
        self._now = [one.group() for one in found]
        ends = [0, *(one.end() for one in found)]
        starts = [*(one.start() for one in found), len(text)]
        self._between = [text[end:start] for end, start in zip(ends, starts, strict=True)]

    def put(self, at: int, word: str) -> None:
        """Say another word, or several, or none, in the place of one; a capital stays one."""
        self._now[at] = word[:1].upper() + word[1:] if self._now[at][:1].isupper() else word

    @property
    def text(self) -> str:
        """What is said now."""
        parts = [self._between[0]]
        for word, between in zip(self._now, self._between[1:], strict=True):
            parts += [word, between] if word else [between.lstrip()]
        return "".join(parts).strip()
