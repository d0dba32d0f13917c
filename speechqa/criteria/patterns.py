"""The small language in which a rubric's phrases are written, and the index that finds them.

===================  =====================================================================================
``sorry about that``  these words one after another, in any spelling, gender or case
``(a|b c|)``          one of these; an empty one makes it optional; may be nested
``[very]``            optional, the same as ``(very|)``
``apolog*``           any word that begins so
``_``                 any one word
``*`` or ``*6``       up to three words, or up to six, of any kind; never first or last
``#``                 a number, in digits or words
``@weekday``          any word of the word class of that name
``^`` and ``$``       the start and the end of the turn
===================  =====================================================================================

There is nothing that backtracks: patterns become one tree over all lists, and the walk through it is bounded
by the longest pattern, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from speechqa.criteria.normalise import tokenize

MAX_VARIANTS = 4_000
MAX_GAP = 8
MAX_DEPTH = 6
MAX_LENGTH = 10_000  # in characters; a hundred times what a person writes

# One letter begins a word only as a Hebrew prefix.
_TOO_SHORT = frozenset("abcdefghijklmnopqrstuvwxyz")

_PART = re.compile(
    r"\s*(?:([()\[\]|^$_#])(?!\w)|([()\[\]|^$])|\*(\d*)(?![^\W\d_])|@(\w+)|([^\s()\[\]|*^$#@]+)(\*?))"
)


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


class Item(NamedTuple):
    """One step of a pattern: `kind` is word, set (of words), stem, class, number, any, gap, start or end."""

    kind: str
    value: str = ""
    size: int = 0


Sequence = tuple[Item, ...]


@lru_cache(maxsize=32_768)
def variants(pattern: str) -> tuple[Sequence, ...]:
    """All sequences a pattern stands for, without repetition, in a fixed order.

    Raises
    ------
    PatternError
        If the pattern cannot be read, matches everything or nothing, or stands for too many sequences.

    Examples
    --------
    >>> [[item.value for item in s] for s in variants("sorry [about (this|that)]")]
    [['sorry', 'about', 'that this'], ['sorry']]
    """
    if len(pattern) > MAX_LENGTH:
        raise PatternError(f"is longer than {MAX_LENGTH} characters")
    parts = list(_parts(pattern))
    found, rest = _alternatives(parts, 0, 0)
    if rest != len(parts):
        raise PatternError("a bracket closes that was never opened")
    unique = tuple(dict.fromkeys(found))
    for sequence in unique:
        _check(sequence)
    return unique


def _parts(pattern: str) -> Iterator[tuple[str, str]]:
    position, text = 0, pattern.rstrip()
    while position < len(text):
        match = _PART.match(text, position)
        if match is None or match.end() == position:
            raise PatternError(f"cannot be read from {text[position : position + 12]!r} on")
        position = match.end()
        mark = match.group(1) or match.group(2)
        if mark:
            yield "mark", mark
        elif match.group(3) is not None:
            if len(match.group(3)) > 1:
                raise PatternError("a gap spans 1 to 8 words")
            yield "gap", match.group(3) or "3"
        elif match.group(4):
            yield "class", match.group(4)
        else:
            yield ("stem" if match.group(6) else "word"), match.group(5)


def _alternatives(parts: list[tuple[str, str]], at: int, depth: int) -> tuple[list[Sequence], int]:
    if depth > MAX_DEPTH:
        raise PatternError(f"brackets are nested more than {MAX_DEPTH} deep")
    options: list[Sequence] = []
    current: list[Sequence] = [()]
    while at < len(parts):
        kind, value = parts[at]
        if (kind, value) in (("mark", ")"), ("mark", "]")):
            break
        if (kind, value) == ("mark", "|"):
            options += current
            if len(options) > MAX_VARIANTS:
                raise PatternError(f"stands for more than {MAX_VARIANTS} sequences")
            current, at = [()], at + 1
            continue
        if kind == "mark" and value in "([":
            inner, at = _alternatives(parts, at + 1, depth + 1)
            if at >= len(parts) or parts[at][1] != (")" if value == "(" else "]"):
                raise PatternError("a bracket is not closed")
            choices = _joined(inner) + ([()] if value == "[" else [])
        else:
            choices = [_items(kind, value)]
        if len(current) * len(choices) > MAX_VARIANTS:
            raise PatternError(f"stands for more than {MAX_VARIANTS} sequences")
        current = [left + right for left, right in product(current, choices)]
        at += 1
    return options + current, at


def _joined(choices: list[Sequence]) -> list[Sequence]:
    """Single words become one step, so that alternatives do not multiply."""
    words = [c[0].value for c in choices if len(c) == 1 and c[0].kind in ("word", "set")]
    if len(words) < 2:
        return choices
    joined = Item("set", " ".join(sorted({w for word in words for w in word.split()})))
    return [(joined,), *(c for c in choices if not (len(c) == 1 and c[0].kind in ("word", "set")))]


def covers(wide: Item, narrow: Item) -> bool:
    """Whether whatever matches `narrow` matches `wide`."""
    if wide == narrow or (wide.kind == "any" and narrow.kind in ("word", "set", "stem", "class", "number")):
        return True
    solid = ("word", "set")
    return (
        wide.kind in solid and narrow.kind in solid and set(narrow.value.split()) <= set(wide.value.split())
    )


@lru_cache(maxsize=16_384)
def _items(kind: str, value: str) -> Sequence:
    if kind == "mark":
        return ({"_": Item("any"), "#": Item("number"), "^": Item("start"), "$": Item("end")}[value],)
    if kind == "gap":
        if not 1 <= int(value) <= MAX_GAP:
            raise PatternError(f"a gap spans 1 to {MAX_GAP} words")
        return (Item("gap", size=int(value)),)
    if kind == "class":
        return (Item("class", value),)
    words = [token.text for token in tokenize(value)]
    if not words:
        raise PatternError(f"{value!r} has no letters, or is a filler word that is never compared")
    if kind == "stem":
        if len(words) != 1 or words[0] in _TOO_SHORT:
            raise PatternError(f"the beginning {value + '*'!r} is too short")
        return (Item("stem", words[0]),)
    return tuple(Item("word", word) for word in words)


def _check(sequence: Sequence) -> None:
    kinds = [item.kind for item in sequence]
    solid = [kind for kind in kinds if kind in ("word", "set", "stem", "class", "number")]
    if not solid:
        raise PatternError("matches every turn: it names no word")
    if "start" in kinds[1:] or "end" in kinds[:-1]:
        raise PatternError("can never match: ^ stands first and $ last")
    body = [kind for kind in kinds if kind not in ("start", "end")]
    if body[0] == "gap" or kinds[-1] == "gap":
        raise PatternError("a gap stands between words, not at an end")
