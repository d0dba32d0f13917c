"""What the model of speech acts is shown of a turn: numbers that say little of what the call is about.

A turn that confirms is told by what it shares with what the other party just said, not by its words. Words
of content therefore enter mostly by their kind (a number, one the other party said, one that is new), while
function words and phrases are themselves. So what was learnt on calls about trains serves a bank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from speechqa.criteria import hebrew
from speechqa.criteria.act_reading import Read, neutral, read
from speechqa.criteria.calltext import CallText

VERSION = 1
"""To be raised with every change of what the numbers mean; a model is held to the one it was trained on."""

HITS = (
    "apologise", "assent", "clarify", "deadline", "deny", "empathise", "goodbye", "greet", "hold", "identify",
    "offer", "promise", "question", "reflect", "repeat", "request_more", "restate", "thank",
)  # fmt: skip
AT_ONCE = 1024
"""Lines described at once."""
SHAPES, WORDS = 512, 256
"""Places, told apart by a hash, for sequences of kinds of words, and for words and pairs of them."""

_SHAPE_WEIGHT, _WORD_WEIGHT = 0.5, 0.25
_BACK, _FORWARD, _NEAR = 10, 2, 3
_LENGTHS = (2, 4, 8, 14)
_TURNS_TO = ("question", "offer", "hold", "thank", "promise")


def _folded(text: str) -> frozenset[str]:
    return frozenset(hebrew.fold(word) for word in text.split())


_YES = _folded("yes right correct okay mhm sure exactly כן נכון בדיוק אוקיי")
_NO = _folded("no לא")
_ASKING = _folded("what which where when who whose how why מה איזה איזו איפה מתי מי כמה איך למה לאן מאיפה")
_TAGS = _folded("right correct yes okay no then please again נכון כן לא בסדר שוב")


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a line: `said` of the other party's, `own` of the same, latest last."""

    said: Sequence[Read]
    own: Sequence[Read]
    after: Read | None
    near: frozenset[str]
    said_before: AbstractSet[str]
    own_before: AbstractSet[str]

    @property
    def last(self) -> Read | None:
        return self.said[-1] if self.said else None


def features(text: CallText) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Rows that describe the lines of a call, and which line each belongs to.

    The first rows are the lines in order. Behind them stand beginnings: what a line says before it goes on to
    a question, an offer or the like ("Wigan, and which day"), as if it had stopped there.

    Examples
    --------
    >>> from speechqa.core.transcript import Transcript, Turn
    >>> from speechqa.criteria.lexicon import Lexicon
    >>> turns = (Turn(speaker="customer", text="to Leeds"), Turn(speaker="agent", text="Leeds"))
    >>> call = Transcript(language="en", engine="imported", turns=turns)
    >>> rows, lines = features(CallText(Lexicon((), ()), call))
    >>> rows.shape == (2, SIZE), lines.tolist()
    (True, [0, 1])
    """
    rows, lines = zip(*batches(text, len(text.lines) or 1), strict=True)
    return np.concatenate(rows), np.concatenate(lines)


def batches(text: CallText, at_once: int = AT_ONCE) -> Iterator[tuple[NDArray[np.float32], NDArray[np.intp]]]:
    """The same for so many lines after the other, of which a call of hours has thousands; one at least."""
    rows: list[NDArray[np.float32]] = []
    beginnings: list[NDArray[np.float32]] = []
    begun: list[int] = []
    content: dict[str, set[str]] = {}
    reads: dict[int, Read] = {}
    size, start = len(text.lines), 0
    for position in range(size):
        for ahead in range(position, min(size, position + 1 + _FORWARD)):
            if ahead not in reads:
                reads[ahead] = read(text.lines[ahead])
        reads.pop(position - _BACK - 1, None)
        one = reads[position]
        before = [reads[at] for at in range(max(0, position - _BACK), position)]
        behind = [reads[at] for at in range(position + 1, min(size, position + 1 + _FORWARD))]
        said = [other for other in before if other.role != one.role][-_NEAR:]
        around = _Around(
            said=said,
            own=[other for other in before if other.role == one.role][-_NEAR:],
            after=next((other for other in behind if other.role != one.role), None),
            near=frozenset().union(*(other.content for other in said)),
            said_before=set().union(*(keys for role, keys in content.items() if role != one.role)),
            own_before=content.get(one.role, set()),
        )
        rows.append(_row(one, around))
        beginning = _beginning(one)
        if beginning is not None:
            beginnings.append(_row(beginning, around))
            begun.append(position)
        content.setdefault(one.role, set()).update(one.content)
        if len(rows) == at_once:
            yield _batch(rows, beginnings, start, begun)
            start = position + 1
    if rows or not size:
        yield _batch(rows, beginnings, start, begun)


def _batch(
    rows: list[NDArray[np.float32]], beginnings: list[NDArray[np.float32]], start: int, begun: list[int]
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """One array of the rows and the line of each; the lists are emptied."""
    lines = np.array([*range(start, start + len(rows)), *begun], np.intp)
    found = np.array([*rows, *beginnings], np.float32).reshape(-1, SIZE)
    for part in (rows, beginnings, begun):
        part.clear()
    return found, lines


def _beginning(one: Read) -> Read | None:
    """The line up to where it goes on to something else; None where nothing of content stands before that."""
    line = one.line
    end = min((spans[0].first for name in _TURNS_TO if (spans := line.hits.get(name))), default=0)
    if not any(one.keys[:end]):
        return None
    hits = {
        name: kept
        for name, spans in line.hits.items()
        if (kept := tuple(span for span in spans if span.last < end))
    }
    content = frozenset(key for key in one.keys[:end] if key)
    return read(replace(line, tokens=line.tokens[:end], hits=hits, content=content))


def _row(one: Read, around: _Around) -> NDArray[np.float32]:
    row = np.zeros(SIZE, np.float32)
    row[:_PLAIN] = [*_itself(one), *_echo(one, around), *_neighbours(one, around), *_hits(one)]
    row[[_PLAIN + place for place in _shapes(one, around.near)]] = _SHAPE_WEIGHT
    row[[_PLAIN + SHAPES + place for place in _words(one)]] = _WORD_WEIGHT
    return row


def _itself(one: Read) -> Iterator[float]:
    """How long it is, what it consists of, where it stands."""
    line, size = one.line, len(one.line.tokens)
    yield min(size, 30) / 30
    yield from (float(size <= limit) for limit in _LENGTHS)
    yield min(len(one.content), 12) / 12
    yield float(not one.content)
    yield min(len(one.numbers), 6) / 6
    yield _run(token.number for token in line.tokens) / 6
    # Only from the beginning: how far the end is, a transcript that stops early cannot say.
    yield min(line.position, 4) / 4
    yield float(line.role == "agent")
    yield float(line.role == "customer")
    first, final = line.tokens[0].text, line.tokens[-1].text
    yield float(first in _YES)
    yield float(first in _NO)
    yield float(first in _ASKING)
    yield float(final in _TAGS)
    yield float(any(token.text in _ASKING for token in line.tokens))


def _echo(one: Read, around: _Around) -> Iterator[float]:
    """What it shares with what was said before: just now, a little ago, ever."""
    last, near = around.last, around.near
    keys = [key for key in one.keys if key]
    parts = (keys[:1], keys[:3], keys[-1:], keys[-3:])
    for said in (last.content if last else frozenset[str](), near, around.said_before):
        shared = one.content & said
        numbers = one.numbers & said
        yield _share(shared, one.content)
        yield min(len(shared), 4) / 4
        yield float(bool(shared) and len(shared) == len(one.content))
        yield _share(numbers, one.numbers)
        yield min(len(numbers), 4) / 4
        yield _share(shared, one.content) if len(one.line.tokens) <= _LENGTHS[2] else 0.0
        yield _run(key in said for key in keys) / 6
        yield from (sum(key in said for key in part) / max(1, len(part)) for part in parts)
        yield min(next((at for at, key in enumerate(keys) if key not in said), len(keys)), 4) / 4
    yield _share(one.content & last.content, last.content) if last else 0.0
    yield min(len(one.content - around.said_before), 6) / 6
    yield min(len(one.numbers - around.said_before), 4) / 4
    yield _share(one.content & frozenset().union(*(other.content for other in around.own)), one.content)
    every = around.said_before | around.own_before
    yield _share(one.content & every, one.content)
    yield min(len(one.content & every), 8) / 8
    yield _share(one.numbers & every, one.numbers)
    yield min(len(one.numbers & every), 6) / 6
    yield min(len(one.pairs & last.pairs), 4) / 4 if last else 0.0
    yield min(len(one.pairs & frozenset().union(*(other.pairs for other in around.said))), 4) / 4
    yield float(last is not None and bool(one.times & last.times))
    yield float(any(one.times & other.times for other in around.said))


def _neighbours(one: Read, around: _Around) -> Iterator[float]:
    """What the other party said before and says after, and what this one said last."""
    last, after = around.last, around.after
    mine = around.own[-1] if around.own else None
    yield float(last is None)
    for other in (last, mine, after):
        yield from _kind(other)
    yield float(mine is not None and last is not None and mine.line.position > last.line.position)
    first = after.line.tokens[0].text if after else ""
    yield float(first in _YES)
    yield float(first in _NO)
    yield _share(after.content & one.content, after.content) if after else 0.0


def _kind(one: Read | None) -> Iterator[float]:
    if one is None:
        yield from (0.0,) * 6
        return
    yield min(len(one.line.tokens), 20) / 20
    yield min(len(one.content), 6) / 6
    yield float(bool(one.numbers))
    yield float(one.line.has("question"))
    yield float(one.line.has("assent"))
    yield float(len(one.line.tokens) <= _LENGTHS[0])


def _hits(one: Read) -> Iterator[float]:
    for name in HITS:
        spans = one.line.hits.get(name)
        yield float(spans is not None)
        # What a phrase begins is more likely nothing but it.
        yield float(spans is not None and min(spans).first <= 1)


def _share(part: AbstractSet[str], whole: AbstractSet[str]) -> float:
    return len(part) / max(1, len(whole))


def _run(flags: Iterator[bool]) -> int:
    longest = length = 0
    for flag in flags:
        length = length + 1 if flag else 0
        longest = max(longest, length)
    return min(longest, 6)


def _shapes(one: Read, near: AbstractSet[str]) -> Iterator[int]:
    """Places of what each word is, alone and with the one or two before it."""
    kinds = ["^"]
    for key, token in zip(one.keys, one.line.tokens, strict=True):
        told = ("#" if token.number else "c") + ("=" if key in near else "")
        kinds.append(neutral(token.text) if key is None else told)
    kinds.append("$")
    for at in range(1, len(kinds)):
        pair = f"{kinds[at - 1]} {kinds[at]}"
        yield _place(kinds[at]) % SHAPES
        yield _place(pair) % SHAPES
        if at >= 2:
            yield _place(f"{kinds[at - 2]} {pair}") % SHAPES


@lru_cache(maxsize=50_000)
def _place(words: str) -> int:
    return crc32(words.encode())


def _words(one: Read) -> Iterator[int]:
    before = "^"
    for token in one.line.tokens:
        word = "#" if token.number else neutral(token.text)
        yield _place(word) % WORDS
        yield _place(f"{before} {word}") % WORDS
        before = word


_PLAIN = 17 + 3 * 12 + 12 + 1 + 3 * 6 + 4 + 2 * len(HITS)
SIZE = _PLAIN + SHAPES + WORDS
DIGEST = f"{VERSION}-{SIZE}"
