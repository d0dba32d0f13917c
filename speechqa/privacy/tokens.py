"""Words and written numbers of a text, with their places, in one linear pass."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from speechqa.core.masks import MASK

_TOKEN = re.compile(
    rf"({MASK.pattern})"
    r"|(\d+(?:[.,:/\-\u2010-\u2013]\d+)*)"
    r"|[^\W\d_](?:[^\W\d_\u0591-\u05c7]|[\u0591-\u05c7]|['\u2019\"\u05f3\u05f4](?=[^\W\d_]))*"
)
_HEBREW_MARKS = re.compile(r"[\u0591-\u05c7'\u2019\"\u05f3\u05f4]")
_LOOSE = re.compile(r"[^\s\-\u2010-\u2015\u05be\u200b-\u200f\u2066-\u2069]")


class Token(NamedTuple):
    """A word, a written number or a mask that is already there.

    `text` is folded: lower case, one kind of apostrophe, Hebrew without gershayim and vowel
    points. `tight` says that nothing but blanks and hyphens stands between this token and the one before.
    """

    kind: Literal["word", "digits", "mask"]
    start: int
    end: int
    text: str
    tight: bool


def tokenize(text: str) -> list[Token]:
    """The tokens of a text in order.

    Examples
    --------
    >>> [(token.kind, token.text) for token in tokenize("It's 12-34, [card] ok")]
    [('word', "it's"), ('digits', '12-34'), ('mask', '[card]'), ('word', 'ok')]
    """
    found = []
    position = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match.group(2) is not None:
            kind: Literal["word", "digits", "mask"] = "digits"
            folded = match.group(2)
        elif match.group(1) is not None:
            kind, folded = "mask", match.group(1)
        else:
            kind, folded = "word", _fold(match.group())
        found.append(Token(kind, start, end, folded, _LOOSE.search(text, position, start) is None))
        position = end
    return found


def _fold(word: str) -> str:
    if "\u05d0" <= word[0] <= "\u05ea":
        return _HEBREW_MARKS.sub("", word)
    return word.casefold().replace("\u2019", "'")
