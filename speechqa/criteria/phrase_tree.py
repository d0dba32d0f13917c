"""The tree of all phrases of a rubric: one walk through it finds which of them a turn matches.

Most of it is never walked, for a call says few of the words that phrases begin with. So it begins as a table
of first words, and a place in it is laid out when a walk first comes by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from speechqa.criteria.patterns import Item, Sequence, variants

ANY, END, START = -1, -2, -3
GAP = -10
"""What stands for an item that is no word: a gap of n words is `GAP - n`. A word's identity is 0 or more."""

Edge = tuple[int, ...]
"""The identities of the words that an item stands for, or what it is instead."""

Matches = dict[int, dict[int, int]]
"""List to the first tokens of its matches, and for each the last token of the longest one."""


class Edges(dict[Item, Edge]):
    """The edges of a language's items, each made when it is first asked for."""

    def __init__(self, make: Callable[[Item, str], Edge], language: str) -> None:
        super().__init__()
        self._make = make
        self._language = language

    def __missing__(self, item: Item) -> Edge:
        edge = self[item] = self._make(item, self._language)
        return edge


class _Waiting(NamedTuple):
    """A sequence that goes through a node, the list it belongs to, and the edges of its items."""

    sequence: Sequence
    number: int
    edges: Edges


class _Patterns:
    """The sequences of patterns that begin with one edge; made when they are gone through."""

    def __init__(self, identity: int, *, anchored: bool) -> None:
        self._identity = identity
        self._anchored = anchored
        self._patterns: list[tuple[str, int, Edges]] = []

    def add(self, pattern: str, number: int, edges: Edges) -> None:
        self._patterns.append((pattern, number, edges))

    def __iter__(self) -> Iterator[_Waiting]:
        for pattern, number, edges in self._patterns:
            for sequence in variants(pattern):
                anchored = sequence[0].kind == "start"
                if anchored == self._anchored and self._identity in edges[sequence[anchored]]:
                    yield _Waiting(sequence, number, edges)


class _Node:
    """A place in the tree: what may follow, and the lists whose phrases end here."""

    __slots__ = ("any", "depth", "end", "gaps", "laid_out", "lists", "next", "waiting")

    def __init__(self, depth: int, waiting: Iterable[_Waiting]) -> None:
        self.depth = depth
        self.waiting = waiting
        self.laid_out = False
        self.next: dict[int, list[_Node]] = {}
        self.any: _Node | None = None
        self.end: _Node | None = None
        self.gaps: list[tuple[int, _Node]] = []
        self.lists: tuple[int, ...] = ()

    def lay_out(self) -> None:
        # Another thread may come by meanwhile: each then lays out the same, and whichever stays will do.
        following: dict[Edge, list[_Waiting]] = {}
        lists: dict[int, None] = {}
        for one in self.waiting:
            if self.depth == len(one.sequence):
                lists[one.number] = None
            else:
                following.setdefault(one.edges[one.sequence[self.depth]], []).append(one)
        words: dict[int, list[_Node]] = {}
        gaps: list[tuple[int, _Node]] = []
        for edge, waiting in following.items():
            node = _Node(self.depth + 1, waiting)
            if edge[0] == ANY:
                self.any = node
            elif edge[0] == END:
                self.end = node
            elif edge[0] < GAP:
                gaps.append((GAP - edge[0], node))
            else:
                for identity in edge:
                    words.setdefault(identity, []).append(node)
        self.next, self.gaps, self.lists = words, gaps, tuple(lists)
        self.laid_out = True


class PhraseTree:
    """Patterns of many lists, to be matched all at once."""

    def __init__(self) -> None:
        # By the first word; anchored ones match at a turn's start alone.
        self._first: dict[tuple[bool, int], _Patterns] = {}
        self._roots: dict[bool, _Node] | None = None

    def add(self, pattern: str, number: int, edges: Edges, first: Iterable[Item], *, anchored: bool) -> None:
        """Add a pattern of a list; `first` and `anchored` are its outline's."""
        for identity in {identity for item in first for identity in edges[item]}:
            for start in (False, True) if anchored else (False,):
                patterns = self._first.get((start, identity))
                if patterns is None:
                    patterns = self._first[start, identity] = _Patterns(identity, anchored=start)
                patterns.add(pattern, number, edges)

    def matches(self, ids: list[frozenset[int]]) -> Matches:
        """Where which lists match a turn, given what each of its tokens may stand for."""
        if self._roots is None:
            self._roots = {start: self._root(start) for start in (False, True)}
        found: Matches = {}
        for first in range(len(ids)):
            if first == 0:
                _walk(self._roots[True], ids, first, found)
            _walk(self._roots[False], ids, first, found)
        return found

    def _root(self, anchored: bool) -> _Node:
        root = _Node(int(anchored), ())
        root.laid_out = True
        for (start, identity), patterns in self._first.items():
            if start is anchored:
                node = _Node(root.depth + 1, patterns)
                if identity == ANY:
                    root.any = node
                else:
                    root.next[identity] = [node]
        return root


def _walk(  # noqa: PLR0912 - the innermost loop of all: calls would make it half as fast
    root: _Node, ids: list[frozenset[int]], first: int, found: Matches
) -> None:
    size = len(ids)
    stack: list[tuple[_Node, int]] = [(root, first)]
    seen: set[tuple[int, int]] = set()
    while stack:
        node, at = stack.pop()
        if not node.laid_out:
            node.lay_out()
        for number in node.lists:
            spans = found.setdefault(number, {})
            if spans.get(first, -1) < at - 1:
                spans[first] = at - 1
        if at == size:
            if node.end is not None:
                stack.append((node.end, at))
            continue
        here, following = ids[at], node.next
        if not following.keys().isdisjoint(here):
            known = [identity for identity in here if identity in following]
            # A set may hold a word in several of the forms that a token may stand for.
            nodes = following[known[0]] if len(known) == 1 else {n for i in known for n in following[i]}
            for behind in nodes:
                stack.append((behind, at + 1))
        if node.any is not None:
            stack.append((node.any, at + 1))
        for gap, behind in node.gaps:
            if not behind.laid_out:
                behind.lay_out()
            # Behind a gap there is nearly always a word, and nearly always another one than is said.
            wants_word = behind.any is None and not behind.gaps and not behind.lists
            for place in range(at, at + min(gap, size - at) + 1):
                if wants_word and place < size and behind.next.keys().isdisjoint(ids[place]):
                    continue
                if (id(behind), place) not in seen:
                    seen.add((id(behind), place))
                    stack.append((behind, place))
