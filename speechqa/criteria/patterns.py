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
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from speechqa.criteria.normalise import tokenize

MAX_VARIANTS = 4_000
MAX_GAP = 8
MAX_GAPS = 8
"""Gaps in one sequence: each widens where the rest is looked for. The built-in phrases have up to 4."""
MAX_DEPTH = 6
MAX_LENGTH = 10_000  # in characters; a hundred times what a person writes

# One letter begins a word only as a Hebrew prefix.
_TOO_SHORT = frozenset("abcdefghijklmnopqrstuvwxyz")

_PART = re.compile(
    r"\s*(?:([()\[\]|^$_#])(?!\w)|([()\[\]|^$])|\*(\d*)(?![^\W\d_])|@(\w+)|([^\s()\[\]|*^$#@]+)(\*?))"
)
# What the last group that took part in a match says was found; of a word that is the star behind it, or ''.
_KINDS = {1: "mark", 2: "mark", 3: "gap", 4: "class"}
_WORD = 6
_BRACKETS = frozenset("()[]|")
_USUAL_GAP = 3
_SOLID = frozenset(("word", "set", "stem", "class", "number"))


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
    parts = _parts(pattern)
    found, rest = _alternatives(parts, 0, 0)
    if rest != len(parts):
        raise PatternError("a bracket closes that was never opened")
    unique = tuple(dict.fromkeys(found))
    for sequence in unique:
        _check(sequence)
    return unique


class Outline(NamedTuple):
    """What can be told of a pattern without its sequences, which take several times as long to make.

    Parameters
    ----------
    items : tuple of Item
        All that occur in it, words one by one.
    first : frozenset of Item
        Those a sequence may begin with, whatever the turn's start; words of sets one by one.
    anchored : bool
        Whether the start of the turn occurs in it.
    """

    items: tuple[Item, ...]
    first: frozenset[Item]
    anchored: bool


def outline(pattern: str) -> Outline:
    """The outline of a pattern that can be read.

    Examples
    --------
    >>> found = outline("^ [so|very] sorry about")
    >>> sorted(item.value for item in found.first), found.anchored
    (['so', 'sorry', 'very'], True)
    """
    parts = _parts(pattern)
    items = dict.fromkeys(chain.from_iterable(part for part in parts if not isinstance(part, str)))
    first: set[Item] = set()
    _begin(parts, 0, first)
    return Outline(tuple(items), frozenset(first), Item("start") in items)


def _begin(parts: list[str | Sequence], at: int, first: set[Item]) -> tuple[int, bool]:
    """Gather what the alternatives from `at` on begin with; where they end, and whether one may be empty."""
    some_empty, empty = False, True
    while at < len(parts):
        part = parts[at]
        if not isinstance(part, str):
            if empty and part[0].kind != "start":
                first.add(part[0])
                empty = False
        elif part == "|":
            some_empty, empty = some_empty or empty, True
        elif part in ")]":
            break
        else:
            at, may_be_empty = _begin(parts, at + 1, first if empty else set())
            empty = empty and (may_be_empty or part == "[")
        at += 1
    return at, some_empty or empty


def _parts(pattern: str) -> list[str | Sequence]:
    """What a pattern is written of: marks of brackets and alternatives, and items between them."""
    text = pattern.rstrip()
    parts: list[str | Sequence] = []
    last = None
    for match in iter(_PART.scanner(text).match, None):  # type: ignore[attr-defined]
        last = match
        kind = match.lastindex
        value = match[kind]
        if kind == _WORD:
            parts.append(_items("stem" if value else "word", match[5]))
        elif value in _BRACKETS:
            parts.append(value)
        else:
            parts.append(_items(_KINDS[kind], value))
    position = last.end() if last else 0
    if position < len(text):
        raise PatternError(f"cannot be read from {text[position : position + 12]!r} on")
    return parts


def _alternatives(parts: list[str | Sequence], at: int, depth: int) -> tuple[list[Sequence], int]:
    if depth > MAX_DEPTH:
        raise PatternError(f"brackets are nested more than {MAX_DEPTH} deep")
    options: list[Sequence] = []
    current: list[Sequence] = [()]
    while at < len(parts):
        part = parts[at]
        if not isinstance(part, str):
            current = [left + part for left in current]
            at += 1
            continue
        if part in ")]":
            break
        if part == "|":
            options += current
            if len(options) > MAX_VARIANTS:
                raise PatternError(f"stands for more than {MAX_VARIANTS} sequences")
            current, at = [()], at + 1
            continue
        inner, at = _alternatives(parts, at + 1, depth + 1)
        if at >= len(parts) or parts[at] != (")" if part == "(" else "]"):
            raise PatternError("a bracket is not closed")
        choices = _joined(inner) + ([()] if part == "[" else [])
        if len(current) * len(choices) > MAX_VARIANTS:
            raise PatternError(f"stands for more than {MAX_VARIANTS} sequences")
        current = [left + right for left in current for right in choices]
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
    if wide == narrow or (wide.kind == "any" and narrow.kind in _SOLID):
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
        if len(value) > 1 or not 1 <= int(value or _USUAL_GAP) <= MAX_GAP:
            raise PatternError(f"a gap spans 1 to {MAX_GAP} words")
        return (Item("gap", size=int(value or _USUAL_GAP)),)
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
    if kinds and _SOLID.issuperset(kinds):
        return
    if _SOLID.isdisjoint(kinds):
        raise PatternError("matches every turn: it names no word")
    if "start" in kinds[1:] or "end" in kinds[:-1]:
        raise PatternError("can never match: ^ stands first and $ last")
    if kinds.count("gap") > MAX_GAPS:
        raise PatternError(f"has more than {MAX_GAPS} gaps")
    body = [kind for kind in kinds if kind not in ("start", "end")]
    if body[0] == "gap" or kinds[-1] == "gap":
        raise PatternError("a gap stands between words, not at an end")
