"""Phrase lists found by meaning: what is said lies near a sentence that the rubric gives for the list.

Only with a model of sentence embeddings that the operator names. A list's `like` holds sentences that express
it; a stretch of a turn that lies nearer to one of them than the model's `alike` counts as saying it, where no
phrase of the list was found in the turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from speechqa.core.rubric import Rubric
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import Token, quote
from speechqa.protocols import TextEmbedder

if TYPE_CHECKING:
    from speechqa.criteria.calltext import Line

_WHOLE = 18
_STRETCH, _STEP = 14, 7
_FEWEST = 3
_KNOWN_LIMIT = 20_000
_RUBRICS = 4

Meant = Mapping[str, tuple[Span, float]]
"""By list: the stretch that says it, and how near it lies to what the rubric gives, in [0, 1]."""


class Meaning:
    """The sentences of a rubric, embedded once.

    Parameters
    ----------
    sentences : iterable of (str, str)
        Name of a list, and a sentence that expresses it.
    embedder : TextEmbedder
        Whose vectors of length 1 are compared by their cosine.
    """

    mark = "by meaning, likeness"

    def __init__(self, sentences: Iterable[tuple[str, str]], embedder: TextEmbedder) -> None:
        self._embedder = embedder
        given = list(sentences)
        self._lists = np.array([name for name, _ in given])
        self._vectors = embedder.vectors([text for _, text in given])
        self._known: dict[str, NDArray[np.float32]] = {}

    def meant(self, lines: Sequence[Line]) -> list[Meant]:
        """What each line means, of the lists that have sentences."""
        stretches = [_stretches(line.tokens) for line in lines]
        texts = [
            [quote(line.source.text, line.tokens, span.first, span.last) for span in spans]
            for line, spans in zip(lines, stretches, strict=True)
        ]
        self._learn(text for of_turn in texts for text in of_turn)
        return [self._nearest(spans, of_turn) for spans, of_turn in zip(stretches, texts, strict=True)]

    def _learn(self, texts: Iterable[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if len(self._known) + len(new) > _KNOWN_LIMIT:
            self._known.clear()
        if new:
            self._known.update(zip(new, self._embedder.vectors(new), strict=True))

    def _nearest(self, spans: Sequence[Span], texts: Sequence[str]) -> Meant:
        if not spans or not len(self._lists):
            return {}
        near = np.stack([self._known[text] for text in texts]) @ self._vectors.T
        found: dict[str, tuple[Span, float]] = {}
        for stretch, sentence in np.argwhere(near >= self._embedder.alike):
            name, likeness = str(self._lists[sentence]), float(near[stretch, sentence])
            if name not in found or likeness > found[name][1]:
                found[name] = (spans[stretch], min(1.0, likeness))
        return found


def _stretches(tokens: Sequence[Token]) -> list[Span]:
    """Pieces about as long as a sentence, overlapping by half, since no punctuation tells where one ends."""
    size = len(tokens)
    if size < _FEWEST:
        return []
    if size <= _WHOLE:
        return [Span(0, size - 1)]
    starts = range(0, size - _STRETCH + _STEP, _STEP)
    return [Span(start, min(size, start + _STRETCH) - 1) for start in starts]


_EMBEDDED: dict[tuple[str, str], Meaning] = {}


def meaning_of(rubric: Rubric, embedder: TextEmbedder | None) -> Meaning | None:
    """The embedded sentences of a rubric, once a process; None without a model or without sentences."""
    if embedder is None or not any(one.like for one in rubric.phrases):
        return None
    key = rubric.digest, embedder.name
    known = _EMBEDDED.get(key)
    if known is None:
        if len(_EMBEDDED) >= _RUBRICS:
            _EMBEDDED.clear()
        sentences = [(one.name, text) for one in rubric.phrases for text in one.like]
        known = _EMBEDDED[key] = Meaning(sentences, embedder)
    return known
