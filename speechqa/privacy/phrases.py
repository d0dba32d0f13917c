"""Phrases of up to a few words found in a text, the longest at every place, Hebrew prefixes aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from speechqa.privacy.number_words import NUMBER_WORDS
from speechqa.privacy.tokens import Token

_PREFIXES = "והבלשמכ"
_MOST_PREFIXES = 2
_SHORTEST_PREFIXED = 3

Kind = TypeVar("Kind", bound=str)


class Phrase(NamedTuple, Generic[Kind]):
    """A phrase at tokens `first` to `last` of a text."""

    first: int
    last: int
    kind: Kind


class Phrases(Generic[Kind]):
    """A table of phrases by kind."""

    def __init__(self, table: Mapping[Kind, Sequence[str]]) -> None:
        self._kinds: dict[str, Kind] = {phrase: kind for kind, known in table.items() for phrase in known}
        self._longest: dict[str, int] = {}
        for phrase in self._kinds:
            words = phrase.split()
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def found(self, tokens: Sequence[Token]) -> Iterator[Phrase[Kind]]:
        """The phrases of a text in order, without overlaps."""
        index = 0
        while index < len(tokens):
            phrase = self._at(tokens, index) if tokens[index].kind == "word" else None
            if phrase is None:
                index += 1
            else:
                yield phrase
                index = phrase.last + 1

    def _at(self, tokens: Sequence[Token], index: int) -> Phrase[Kind] | None:
        for first in bare_forms(tokens[index].text):
            for length in range(min(self._longest.get(first, 0), len(tokens) - index), 0, -1):
                words = [first, *(token.text for token in tokens[index + 1 : index + length])]
                kind = self._kinds.get(" ".join(words))
                if kind is not None:
                    return Phrase(index, index + length - 1, kind)
        return None


def bare_forms(word: str) -> list[str]:
    """The word as it is and bare: without "'s", in Hebrew without "and", "the", "in", "to", "that"."""
    forms = [word, word[:-2]] if word.endswith("'s") else [word]
    if word in NUMBER_WORDS:  # eight in Hebrew is no meter
        return forms
    if word and "\u05d0" <= word[0] <= "\u05ea":
        for _ in range(_MOST_PREFIXES):
            if len(forms[-1]) < _SHORTEST_PREFIXED or forms[-1][0] not in _PREFIXES:
                break
            forms.append(forms[-1][1:])
    return forms


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for tables of words."""
    return frozenset(text.split())
