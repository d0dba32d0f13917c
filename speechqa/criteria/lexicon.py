"""The phrases of a rubric, compiled once: one tree over all lists and languages, walked once a turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from speechqa.core.rubric import PhraseList, Rubric, WordClass
from speechqa.criteria import hebrew
from speechqa.criteria.normalise import Token, content_keys, tokenize
from speechqa.criteria.patterns import Item, variants

_NUMBER = 0
_IS_NUMBER = frozenset((_NUMBER,))
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


class _Node:
    __slots__ = ("any", "end", "gaps", "lists", "next")

    def __init__(self) -> None:
        self.next: dict[int, _Node] = {}
        self.any: _Node | None = None
        self.end: _Node | None = None
        self.gaps: dict[int, _Node] = {}
        self.lists: list[int] = []


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
        self._surface: dict[str, set[int]] = {}
        self._stems: dict[str, list[tuple[str, int]]] = {}
        self._lists: dict[tuple[str, bool], int] = {}
        self._root, self._start = _Node(), _Node()
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
            for pattern in phrase_list.patterns:
                self._add(pattern, phrase_list, unless=False)
            for pattern in phrase_list.unless:
                self._add(pattern, phrase_list, unless=True)
        self._homophones = {
            hebrew.homophone(form): form
            for form in sorted(self._surface)
            if len(form) >= 5 and hebrew.is_hebrew(form)
        }

    def _id(self, kind: str, value: str) -> int:
        return self._ids.setdefault((kind, value), len(self._ids) + 1)

    def _word(self, word: str, identity: int) -> None:
        forms = [word]
        if hebrew.is_hebrew(word):
            # Also without a vowel letter: "שירות" is written "שרות".
            forms = [*hebrew.twins(word), *hebrew.spellings(word)]
        for form in forms:
            self._surface.setdefault(form, set()).add(identity)

    def _edge(self, item: Item, language: str) -> int:
        if item.kind == "number":
            return _NUMBER
        if item.kind == "class":
            # Each language has classes of its own, under the same names.
            return self._id("class", f"{language} {item.value}")
        known = len(self._ids)
        identity = self._id(item.kind, item.value)
        if identity <= known:
            # Its words are entered already.
            return identity
        if item.kind in ("word", "set"):
            for word in item.value.split():
                self._word(word, identity)
        elif item.kind == "stem":
            stems = self._stems.setdefault(item.value[:2], [])
            if (item.value, identity) not in stems:
                stems.append((item.value, identity))
        return identity

    def _add(self, pattern: str, phrases: PhraseList, *, unless: bool) -> None:
        number = self._lists.setdefault((phrases.name, unless), len(self._lists))
        for sequence in variants(pattern):
            node = self._start if sequence[0].kind == "start" else self._root
            for item in sequence:
                node = self._step(node, item, phrases.language)
            if number not in node.lists:
                node.lists.append(number)

    def _step(self, node: _Node, item: Item, language: str) -> _Node:
        if item.kind == "start":
            return node
        if item.kind == "any":
            node.any = node.any or _Node()
            return node.any
        if item.kind == "end":
            node.end = node.end or _Node()
            return node.end
        if item.kind == "gap":
            return node.gaps.setdefault(item.size, _Node())
        return node.next.setdefault(self._edge(item, language), _Node())

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
        near = (*self._stems.get(word[:2], ()), *self._stems.get(word[:1], ()))
        return {i for stem, i in near if word.startswith(stem) and len(word) > (len(stem) == 1)}

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
        raw: dict[int, dict[int, int]] = {}
        for first in range(len(tokens)):
            starts = (self._start, self._root) if first == 0 else (self._root,)
            for root in starts:
                self._walk(root, ids, first, raw)
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

    def member(self, token: Token, name: str) -> str | None:
        """The word of a class that a token is, in whichever form or behind a prefix; None for none of it."""
        found = (self._members[identity] for identity in self._ids_of(token) if identity in self._members)
        return min((word for class_name, word in found if class_name == name), default=None)

    @staticmethod
    def _walk(  # noqa: PLR0912 - the innermost loop of all: calls would make it half as fast
        root: _Node, ids: list[frozenset[int]], first: int, raw: dict[int, dict[int, int]]
    ) -> None:
        size = len(ids)
        stack: list[tuple[_Node, int]] = [(root, first)]
        seen: set[tuple[int, int]] = set()
        while stack:
            node, at = stack.pop()
            for number in node.lists:
                spans = raw.setdefault(number, {})
                if spans.get(first, -1) < at - 1:
                    spans[first] = at - 1
            if at == size:
                if node.end is not None:
                    stack.append((node.end, at))
                continue
            # The smaller of the two sides is gone through.
            if len(node.next) < len(ids[at]):
                for identity, following in node.next.items():
                    if identity in ids[at]:
                        stack.append((following, at + 1))
            else:
                for identity in ids[at]:
                    if identity in node.next:
                        stack.append((node.next[identity], at + 1))
            if node.any is not None:
                stack.append((node.any, at + 1))
            for gap, following in node.gaps.items():
                # Behind a gap there is nearly always a word, and nearly always another one than is said.
                wants_word = following.any is None and not following.gaps and not following.lists
                for place in range(at, at + min(gap, size - at) + 1):
                    if wants_word and place < size and following.next.keys().isdisjoint(ids[place]):
                        continue
                    if (id(following), place) not in seen:
                        seen.add((id(following), place))
                        stack.append((following, place))


@lru_cache(maxsize=8)
def _compiled(digest: str, phrases: tuple[PhraseList, ...], words: tuple[WordClass, ...]) -> Lexicon:  # noqa: ARG001
    return Lexicon(phrases, words)


def lexicon_of(rubric: Rubric) -> Lexicon:
    """The compiled phrases of a rubric; compiled once a process and rubric."""
    return _compiled(rubric.digest, rubric.phrases, rubric.words)
