"""What the model of turn meanings is shown of a turn: its words, what phrases find, what is said around it.

Each feature is a text, known by its hash. Hebrew words enter in a form that is one for men and women, so that
the same call with the genders swapped is read the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

from speechqa.criteria.act_reading import neutral

if TYPE_CHECKING:
    from speechqa.criteria.calltext import Line

VERSION = 3
"""To be raised with every change of what a feature means; a model is held to the one it was trained on."""

DIGEST = f"turns-{VERSION}"
"""What a model of turn meanings must have been trained on."""

_LENGTHS = (1, 3, 6, 10, 16, 24)
_FROM_END, _PARTS = 6, 5
_BACK, _FORWARD, _FIRST = 4, 2, 2
_SHARED = 3


def features(lines: Sequence[Line], named: Collection[int] = ()) -> Iterator[list[int]]:
    """Hashes of the features of each line, in order, each once.

    Parameters
    ----------
    named : collection of int
        Places of the lines in which the agent calls the customer by name, as `naming` finds them.
    """
    for position in range(len(lines)):
        texts = {*_texts(lines, position), *(("h by name",) if position in named else ())}
        yield sorted({crc32(text.encode()) for text in texts})


def _texts(lines: Sequence[Line], position: int) -> Iterator[str]:
    line, size = lines[position], len(lines)
    yield f"from start {min(position, _FROM_END)}"
    yield f"from end {min(size - 1 - position, _FROM_END)}"
    yield f"part {_PARTS * position // size}"
    before = lines[max(0, position - _BACK) : position]
    behind = lines[position + 1 : position + 1 + _FORWARD]
    yield from _itself(line)
    other = next((one for one in reversed(before) if one.role != line.role), None)
    if other is not None:
        said = ["^", *_words(other), "$"]
        yield from (f"p {word}" for word in said)
        yield from (f"p {' '.join(pair)}" for pair in pairwise(said))
        yield from (f"q {name}" for name in other.hits)
        yield f"c {min(_SHARED, len(line.content & other.content))}"
    own = next((one for one in reversed(before) if one.role == line.role), None)
    if own is not None:
        yield from (f"r {name}" for name in own.hits)
    after = next((one for one in behind if one.role != line.role), None)
    if after is not None:
        yield from (f"a {name}" for name in after.hits)
        yield from (f"b {word}" for word in _words(after)[:_FIRST])


def _itself(line: Line) -> Iterator[str]:
    words = ["^", *_words(line), "$"]
    for size in (1, 2, 3):
        yield from ("w " + " ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    yield from (f"s {first} {second}" for first, second in zip(words, words[2:], strict=False))
    yield from (f"h {name}" for name in line.hits)
    yield f"n {sum(len(line.tokens) > length for length in _LENGTHS)}"
    yield f"d {min(2, sum(token.number for token in line.tokens))}"


def _words(line: Line) -> list[str]:
    return ["#" if token.number else neutral(token.text) for token in line.tokens]
