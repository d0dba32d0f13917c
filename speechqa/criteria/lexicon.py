"""The phrases of a rubric: one tree over all lists and languages, walked once a turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from speechqa.core.rubric import PhraseList, Rubric, WordClass
from speechqa.criteria import hebrew
from speechqa.criteria.normalise import Token, content_keys, tokenize
from speechqa.criteria.patterns import Item, outline
from speechqa.criteria.phrase_tree import ANY, END, GAP, START, Edge, Edges, PhraseTree

_NUMBER = 0
_IS_NUMBER = frozenset((_NUMBER,))
_FIXED_EDGES: dict[str, Edge] = {"any": (ANY,), "end": (END,), "start": (START,), "number": (_NUMBER,)}
_MEMO_LIMIT = 50_000
_READ_LIMIT = 4_000


class Span(NamedTuple):
    """Tokens `first` to `last` of a turn, both included."""

    first: int
    last: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a token."""
        return self.first <= other.last and other.first <= self.last


Hits = Mapping[str, tuple[Span, ...]]
"""Where each list matched a turn; lists that did not match are absent."""


class Reading(NamedTuple):
    """A text as read: its tokens, where lists match it, and the keys of its content."""

    tokens: tuple[Token, ...]
    hits: Hits
    content: frozenset[str]


class Lexicon:
    """All phrase lists of a rubric, ready to be matched.

    Parameters
    ----------
    phrases, words
        The lists and word classes of the rubric; of all languages at once, since a turn may mix them.
    """

    def __init__(self, phrases: Iterable[PhraseList], words: Iterable[WordClass]) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        self._members: dict[int, tuple[str, str]] = {}
        self._words: dict[str, list[int]] = {}
        self._stems: dict[str, int] = {}
        self._longest_stem = 0
        self._lists: dict[tuple[str, bool], int] = {}
        self._edges: dict[str, Edges] = {}
        self._tree = PhraseTree()
        self._memo: dict[str, frozenset[int]] = {}
        self._read: dict[str, Reading] = {}
        for word_class in words:
            for word in word_class.words:
                for token in tokenize(word)[:1]:
                    self._word(token.text, self._id("class", f"{word_class.language} {word_class.name}"))
                    self._word(token.text, self._id("any class", word_class.name))
                    member = self._id("member", f"{word_class.name} {token.text}")
                    self._word(token.text, member)
                    self._members[member] = (word_class.name, token.text)
        for phrase_list in phrases:
            self._add(phrase_list, phrase_list.patterns, unless=False)
            self._add(phrase_list, phrase_list.unless, unless=True)
        self._surface = self._forms()

    def _id(self, kind: str, value: str) -> int:
        return self._ids.setdefault((kind, value), len(self._ids) + 1)

    def _word(self, word: str, identity: int) -> None:
        self._words.setdefault(word, []).append(identity)

    def _forms(self) -> dict[str, set[int]]:
        """What each form of a word may stand for."""
        surface: dict[str, set[int]] = {}
        for word, identities in self._words.items():
            forms: Iterable[str] = (word,)
            if hebrew.is_hebrew(word):
                # Also without a vowel letter: "שירות" is written "שרות".
                forms = (*hebrew.twins(word), *hebrew.spellings(word))
            for form in forms:
                surface.setdefault(form, set()).update(identities)
        return surface

    @cached_property
    def _homophones(self) -> dict[str, str]:
        return {
            hebrew.homophone(form): form
            for form in sorted(self._surface)
            if len(form) >= 5 and hebrew.is_hebrew(form)
        }

    def _edge(self, item: Item, language: str) -> Edge:
        if item.kind in _FIXED_EDGES:
            return _FIXED_EDGES[item.kind]
        if item.kind == "gap":
            return (GAP - item.size,)
        if item.kind == "class":
            # Each language has classes of its own, under the same names.
            return (self._id("class", f"{language} {item.value}"),)
        if item.kind == "set":
            return tuple(self._ids["word", word] for word in item.value.split())
        identity = self._ids.get((item.kind, item.value))
        if identity is None:
            identity = self._id(item.kind, item.value)
            if item.kind == "stem":
                self._stems[item.value] = identity
                self._longest_stem = max(self._longest_stem, len(item.value))
            else:
                self._word(item.value, identity)
        return (identity,)

    def _add(self, phrases: PhraseList, patterns: Iterable[str], *, unless: bool) -> None:
        edges = self._edges.get(phrases.language)
        if edges is None:
            edges = self._edges[phrases.language] = Edges(self._edge, phrases.language)
        for pattern in patterns:
            number = self._lists.setdefault((phrases.name, unless), len(self._lists))
            told = outline(pattern)
            for item in told.items:
                edges[item]  # its words are known from now on, whether or not the pattern is ever laid out
            self._tree.add(pattern, number, edges, told.first, anchored=told.anchored)

    def _ids_of(self, token: Token) -> frozenset[int]:
        known = self._memo.get(token.text)
        if known is None:
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            known = self._memo[token.text] = frozenset(self._resolve(token.text))
        return known | _IS_NUMBER if token.number else known

    def _resolve(self, word: str) -> set[int]:
        found = set(self._surface.get(word, ()))
        found |= self._stem_ids(word)
        if not hebrew.is_hebrew(word):
            return found
        for rest in hebrew.without_prefix(word):
            found |= self._surface.get(rest, set())
            found |= self._stem_ids(rest)
        if not found:
            for short in hebrew.spellings(word):
                found |= self._surface.get(short, set())
        if not found and len(word) >= 5:
            heard = self._homophones.get(hebrew.homophone(word))
            found |= self._surface.get(heard or "", set())
        return found

    def _stem_ids(self, word: str) -> set[int]:
        # By the word's beginnings: stems may be many thousand. One of a single letter needs more than it.
        shortest = 1 if len(word) > 1 else 2
        beginnings = (word[:size] for size in range(shortest, min(len(word), self._longest_stem) + 1))
        return {self._stems[beginning] for beginning in beginnings if beginning in self._stems}

    def read(self, text: str) -> Reading:
        """Tokens, hits and content of a text; remembered, since a call is read several times."""
        known = self._read.get(text)
        if known is None:
            if len(self._read) >= _READ_LIMIT:
                self._read.clear()
            tokens = tokenize(text)
            known = self._read[text] = Reading(tokens, self.match(tokens), content_keys(tokens))
        return known

    def match(self, tokens: Sequence[Token]) -> dict[str, tuple[Span, ...]]:
        """Every list that matches the turn, with its spans; what an `unless` pattern overlaps is gone."""
        ids = [self._ids_of(token) for token in tokens]
        raw = self._tree.matches(ids)
        hits: dict[str, tuple[Span, ...]] = {}
        for (name, unless), number in self._lists.items():
            if unless or number not in raw:
                continue
            spans = [Span(first, last) for first, last in raw[number].items()]
            voided = raw.get(self._lists.get((name, True), -1), {})
            voids = [Span(first, last) for first, last in voided.items()]
            kept = tuple(s for s in spans if not any(s.overlaps(v) for v in voids))
            if kept:
                hits[name] = kept
        return hits

    def in_class(self, token: Token, name: str) -> bool:
        """Whether a token belongs to a word class."""
        return self._ids.get(("any class", name), -1) in self._ids_of(token)

    def is_word_of(self, token: Token, name: str) -> bool:
        """Whether a token is a word of a class as it is written there, in no other form."""
        member = self._ids.get(("member", f"{name} {token.text}"), -1)
        return member in self._ids_of(token)

    def knows(self, token: Token) -> bool:
        """Whether a phrase of the rubric has the very word, in either gender; names are seldom among them."""
        return token.text in self._surface

    def member(self, token: Token, name: str) -> str | None:
        """The word of a class that a token is, in whichever form or behind a prefix; None for none of it."""
        found = (self._members[identity] for identity in self._ids_of(token) if identity in self._members)
        return min((word for class_name, word in found if class_name == name), default=None)


@lru_cache(maxsize=8)
def _compiled(digest: str, phrases: tuple[PhraseList, ...], words: tuple[WordClass, ...]) -> Lexicon:  # noqa: ARG001
    return Lexicon(phrases, words)


def lexicon_of(rubric: Rubric) -> Lexicon:
    """The compiled phrases of a rubric; compiled once a process and rubric."""
    return _compiled(rubric.digest, rubric.phrases, rubric.words)
