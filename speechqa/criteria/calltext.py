"""A call's text as detectors read it: tokens, hits and content of every line, and quotes back out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Protocol

from speechqa.core.finding import Evidence
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria.lexicon import Hits, Lexicon, Span
from speechqa.criteria.normalise import Token, content_keys, quote

DOUBTFUL = 0.35
"""Mean confidence of a phrase's words under which it was perhaps never said."""

_WHOLE_TURN = 24
_BEFORE, _AFTER = 5, 9


@dataclass(frozen=True, slots=True)
class Line:
    """One turn that has words. `position` counts lines, `turn` is the index in the transcript.

    `likeness` holds the spans of hits that no phrase, but a model found, with which and how near they come.
    """

    position: int
    turn: int
    role: str
    source: Turn
    tokens: tuple[Token, ...]
    hits: Hits
    content: frozenset[str]
    likeness: Mapping[Span, str] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Whether any of the lists matches."""
        return any(name in self.hits for name in names)


class Reader(Protocol):
    """Finds what lines say by their meaning, in words that no phrase of a list knows."""

    mark: str

    def meant(self, lines: Sequence[Line]) -> Sequence[Mapping[str, tuple[Span, float]]]:
        """Of each line the lists it says, with the words that say it and how near they come, in [0, 1]."""


class Hit(NamedTuple):
    """A phrase found: the line, the span of tokens, the list that matched."""

    line: Line
    span: Span
    name: str

    @property
    def content(self) -> frozenset[str]:
        """Keys of the words of content in the phrase."""
        return content_keys(self.line.tokens[self.span.first : self.span.last + 1])


class CallText:
    """All lines of a call, in order. Turns without voiced speech, or without words, are no lines."""

    def __init__(self, lexicon: Lexicon, transcript: Transcript, readers: Iterable[Reader] = ()) -> None:
        self.lexicon = lexicon
        self.lines: tuple[Line, ...] = tuple(_lines(lexicon, transcript))
        self.turns = len(transcript.turns)
        for reader in readers:
            self.lines = tuple(_with_meaning(self.lines, reader))
        self._first_said: dict[str, dict[str, int]] = {}

    def of(self, role: str, start: int = 0, stop: int | None = None) -> Iterator[Line]:
        """Lines of a role from position `start` up to, not including, `stop`."""
        return (line for line in self.lines[max(0, start) : stop] if line.role == role)

    def hits(self, role: str, names: Iterable[str], start: int = 0, stop: int | None = None) -> Iterator[Hit]:
        """Phrases of a role in order of the call."""
        wanted = tuple(names)
        for line in self.of(role, start, stop):
            found = [Hit(line, span, name) for name in wanted for span in line.hits.get(name, ())]
            yield from sorted(found, key=lambda hit: (hit.span, hit.name))

    def first(self, role: str, *names: str, start: int = 0, stop: int | None = None) -> Hit | None:
        """The first phrase of a role, None without one."""
        return next(self.hits(role, names, start, stop), None)

    def said_before(self, role: str, keys: Iterable[str], position: int) -> frozenset[str]:
        """Which keys of words of content a role says in any line before a position."""
        first = self._first_said.get(role)
        if first is None:
            first = self._first_said.setdefault(role, {})
            for line in self.of(role):
                for key in line.content:
                    first.setdefault(key, line.position)
        return frozenset(key for key in keys if first.get(key, position) < position)

    @cached_property
    def told(self) -> Mapping[str, int]:
        """Participles of what the customer tells as having happened, with the line that has each first."""
        first: dict[str, int] = {}
        for line in self.of("customer"):
            for participle in self.happened(line.tokens):
                first.setdefault(participle, line.position)
        return first

    def happened(self, tokens: Sequence[Token]) -> set[str]:
        """Participles of what happened to somebody: "was cancelled", "בוטלה"."""
        found = {token.text for token in tokens if self.lexicon.in_class(token, "done_passive")}
        for before, token in pairwise(tokens):
            if self.lexicon.in_class(token, "done") and self.lexicon.in_class(before, "happened"):
                found.add(token.text)
        return found

    def words(self, role: str) -> int:
        """How many words a role says."""
        return sum(len(line.tokens) for line in self.of(role))

    def next_of(self, role: str, after: int, *, within: int = 3) -> Line | None:
        """The role's first line after a position, within that many lines."""
        return next(self.of(role, after + 1, after + 1 + within), None)


def _lines(lexicon: Lexicon, transcript: Transcript) -> Iterator[Line]:
    position = 0
    for index, turn in enumerate(transcript.turns):
        if turn.voiced is False:
            continue
        tokens, hits, content = lexicon.read(turn.text)
        if not tokens:
            continue
        if any(word.confidence is not None for word in turn.words):
            hits = _heard(turn, tokens, hits)
        yield Line(position, index, turn.speaker, turn, tokens, hits, content)
        position += 1


def _with_meaning(lines: tuple[Line, ...], reader: Reader) -> Iterator[Line]:
    """The lines with the lists that no phrase was found of, but that they say by their meaning."""
    for line, meant in zip(lines, reader.meant(lines), strict=True):
        new = {name: near for name, near in meant.items() if name not in line.hits}
        if any(word.confidence is not None for word in line.source.words):
            clear = _heard(line.source, line.tokens, {name: (span,) for name, (span, _) in new.items()})
            new = {name: near for name, near in new.items() if name in clear}
        yield replace(
            line,
            hits={**line.hits, **{name: (span,) for name, (span, _) in new.items()}},
            likeness={**{span: f"{reader.mark} {near:.2f}" for span, near in new.values()}, **line.likeness},
        )


def _heard(turn: Turn, tokens: tuple[Token, ...], hits: Hits) -> Hits:
    """The hits whose words were not heard with doubt."""
    spans = word_spans(turn)
    kept = {}
    for name, found in hits.items():
        clear = []
        for span in found:
            start, end = tokens[span.first].start, tokens[span.last].end
            heard = [
                turn.words[i].confidence
                for i, (left, right) in enumerate(spans)
                if left < end and right > start and turn.words[i].confidence is not None
            ]
            known = [value for value in heard if value is not None]
            if not known or sum(known) / len(known) >= DOUBTFUL:
                clear.append(span)
        if clear:
            kept[name] = tuple(clear)
    return kept


def word_spans(turn: Turn) -> list[tuple[int, int]]:
    """Characters of the turn's text each of its words stands for; ``(-1, -1)`` for one that is not there."""
    spans, position = [], 0
    for word in turn.words:
        text = word.text.strip()
        at = turn.text.find(text, position) if text else -1
        if at < 0:
            spans.append((-1, -1))
            continue
        position = at + len(text)
        spans.append((at, position))
    return spans


def evidence(line: Line, span: Span | None = None, note: str = "") -> Evidence:
    """A verbatim quote: the whole turn when it is short, else what surrounds the span."""
    first, last = 0, len(line.tokens) - 1
    turn = line.source
    likeness = None if span is None else line.likeness.get(span)
    if likeness is not None:
        note = f"{note}; {likeness}" if note else likeness
    if len(line.tokens) > _WHOLE_TURN:
        if span is not None:
            first, last = max(0, span.first - _BEFORE), min(last, span.last + _AFTER)
        else:
            last = _WHOLE_TURN
        text = quote(turn.text, line.tokens, first, last)
    else:
        text = turn.text.strip()
    start, end = _times(line, first, last)
    return Evidence(
        speaker=line.role, quote=text, turn=line.turn, party=turn.party, start=start, end=end, note=note
    )


def words_of(line: Line, span: Span) -> Evidence:
    """A verbatim quote of the words of a span alone."""
    turn = line.source
    start, end = _times(line, span.first, span.last)
    text = quote(turn.text, line.tokens, span.first, span.last)
    return Evidence(speaker=line.role, quote=text, turn=line.turn, party=turn.party, start=start, end=end)


def _times(line: Line, first: int, last: int) -> tuple[float | None, float | None]:
    turn = line.source
    left, right = line.tokens[first].start, line.tokens[last].end
    timed = [
        (word.start, word.end)
        for word, (start, end) in zip(turn.words, word_spans(turn), strict=True)
        if word.start is not None and word.end is not None and start < right and end > left
    ]
    if timed:
        return min(start for start, _ in timed), max(end for _, end in timed)
    return turn.start, turn.end
