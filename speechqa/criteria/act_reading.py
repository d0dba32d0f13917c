"""A line of a call as echoes are told from it: what its words, numbers and times of day are known by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from speechqa.criteria import english, hebrew
from speechqa.criteria.calltext import Line

_NOON = 720
_BEFORE_HOUR = {"half past": 30, "half": 30, "quarter past": 15, "quarter to": -15, hebrew.fold("רבע ל"): -15}
_AFTER_HOUR = {hebrew.fold("וחצי"): 30, hebrew.fold("ורבע"): 15}


class Read(NamedTuple):
    """A line and what is compared of it.

    `keys` has one entry a token, None for function words; `pairs` are words that stand side by side, `times`
    minutes past twelve.
    """

    line: Line
    keys: tuple[str | None, ...]
    content: frozenset[str]
    numbers: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    times: frozenset[int]

    @property
    def role(self) -> str:
        """Who says it."""
        return self.line.role


def read(line: Line) -> Read:
    """The line with its keys."""
    keys = tuple(_key(token.text, token.number) for token in line.tokens)
    said = tuple(key or neutral(token.text) for key, token in zip(keys, line.tokens, strict=True))
    return Read(
        line,
        keys,
        frozenset(key for key in keys if key),
        frozenset(key for key, token in zip(keys, line.tokens, strict=True) if key and token.number),
        frozenset(pairwise(said)),
        _times([token.text for token in line.tokens], keys),
    )


@lru_cache(maxsize=20_000)
def neutral(word: str) -> str:
    """One form for what is said to, or by, a man and a woman.

    Examples
    --------
    >>> [neutral(hebrew.fold(man)) == neutral(hebrew.fold(woman)) for man, woman in
    ...  (("אתה", "את"), ("צריך", "צריכה"), ("תבדוק", "תבדקי"), ("יודע", "יודעת"))]
    [True, True, True, True]
    """
    if not hebrew.is_hebrew(word):
        return word
    word = hebrew.without_gender(min(word, hebrew.other_gender(word)))
    return word[0] + word[1:].replace("ו", "").replace("י", "")


@lru_cache(maxsize=20_000)
def _key(token: str, number: bool) -> str | None:
    """What an echo of the word is told by; None for a word without content of its own."""
    if number:
        return english.DIGITS.get(token) or hebrew.DIGITS.get(token) or token
    if hebrew.is_hebrew(token):
        return None if token in hebrew.FUNCTION else hebrew.key(token) or None
    return None if token in english.FUNCTION else english.stem(token) or None


def _times(words: Sequence[str], keys: Sequence[str | None]) -> frozenset[int]:
    """What may be a time of day: "half past five" and "seventeen thirty" are one, and so is "five thirty"."""
    values = [int(key) if key is not None and key.isdecimal() and len(key) <= 2 else None for key in keys]
    found = set()
    for at, hour in enumerate(values):
        if hour is None or not 1 <= hour <= 24:
            continue
        before = " ".join(words[max(0, at - 2) : at])
        minutes = next((shift for said, shift in _BEFORE_HOUR.items() if before.endswith(said)), None)
        if minutes is None:
            minutes = _minutes(values[at + 1 : at + 3])
        if minutes is None:
            minutes = _AFTER_HOUR.get(words[at + 1], 0) if at + 1 < len(words) else 0
        found.add((60 * hour + minutes) % _NOON)
    return frozenset(found)


def _minutes(values: Sequence[int | None]) -> int | None:
    """Minutes said behind the hour, "forty five" among them."""
    tens = values[0] if values else None
    if tens is None or not 10 <= tens < 60:
        return None
    ones = values[1] if len(values) > 1 else None
    return tens + ones if ones is not None and ones < 10 and tens % 10 == 0 else tens
