"""Reads turns by a small model: what a turn means where no phrase of a list is found in it.

A linear model over words, phrases and what stands around a turn, trained on invented calls whose turns are
all labelled by their meaning. What it finds counts as a match of a phrase list, and is marked as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from speechqa.core.rubric import Rubric
from speechqa.core.value import Value
from speechqa.criteria.lexicon import Span
from speechqa.criteria.shipped_model import Card, ShippedModel
from speechqa.criteria.turn_features import DIGEST, features

if TYPE_CHECKING:
    from speechqa.criteria.calltext import Line

FILE = Path(__file__).parent / "turn-meanings.onnx"
INPUT = "features"
_AT_ONCE = 65_536
"""Features given to the model at once, at most; more of a single turn alone."""


class Tag(Value, frozen=True, kw_only=True):
    """One meaning: the phrase list it stands for, and the score from which it counts as found."""

    list: str
    least: float


class ReaderCard(Card, frozen=True, kw_only=True):
    """What the card says besides: the meanings of each party's turns, in the model's order."""

    agent: tuple[Tag, ...]
    customer: tuple[Tag, ...]


class TurnReader:
    """The model, and the phrase lists that it may find.

    Parameters
    ----------
    model : ShippedModel
        With a `ReaderCard`.
    lists : set of str
        Names of the lists; others are not looked for.
    """

    mark = "as the trained model reads it"

    def __init__(self, model: ShippedModel[ReaderCard], lists: frozenset[str]) -> None:
        self._model = model
        self._lists = lists
        # Verdicts and signals of a call read it one after the other.
        self._latest: tuple[object, dict[int, list[tuple[Tag, float]]]] | None = None
        self._tags: Mapping[str, tuple[Tag, ...]] = {
            "agent": model.card.agent,
            "customer": model.card.customer,
        }

    def scores(self, lines: Sequence[Line]) -> dict[int, list[tuple[Tag, float]]]:
        """Of each line's position every tag of its role with the score in [0, 1]; the latest call is kept."""
        key = tuple((line.role, line.source.text, tuple(line.hits)) for line in lines)
        if self._latest is None or self._latest[0] != key:
            self._latest = key, self._scored(lines)
        return self._latest[1]

    def _scored(self, lines: Sequence[Line]) -> dict[int, list[tuple[Tag, float]]]:
        places = features(lines)
        found: dict[int, list[tuple[Tag, float]]] = {}
        for role, tags in self._tags.items():
            at = [n for n, line in enumerate(lines) if line.role == role]
            if not at:
                continue
            for some in _alike(at, places):
                given = {INPUT: _padded([places[n] for n in some])}
                scores = self._model.run(role, given, (len(some), len(tags)))
                for n, row in zip(some, scores.tolist(), strict=True):
                    found[n] = list(zip(tags, row, strict=True))
        return found

    def meant(self, lines: Sequence[Line]) -> list[Mapping[str, tuple[Span, float]]]:
        """The lists that each line says by its meaning, with the whole of it and the score."""
        found = self.scores(lines)
        return [
            {
                tag.list: (Span(0, len(lines[n].tokens) - 1), score)
                for tag, score in found.get(n, ())
                if score >= tag.least and tag.list in self._lists
            }
            for n in range(len(lines))
        ]


def _alike(at: Sequence[int], places: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The lines in groups of about one length, so that one long turn does not make all of them long."""
    group: list[int] = []
    for n in sorted(at, key=lambda n: len(places[n])):
        if group and (len(group) + 1) * len(places[n]) > _AT_ONCE:
            yield group
            group = []
        group.append(n)
    if group:
        yield group


def _padded(places: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Rows of one length; place 0 stands for nothing."""
    width = max(map(len, places))
    rows = np.zeros((len(places), width), np.int64)
    sizes = [len(row) for row in places]
    rows[np.arange(width) < np.array(sizes)[:, None]] = list(chain.from_iterable(places))
    return rows


@lru_cache(maxsize=1)
def shipped_turn_model() -> ShippedModel[ReaderCard]:
    """The model that comes with speechqa, read once a process."""
    return ShippedModel(FILE, ReaderCard, what="model of turn meanings", features=DIGEST)


@lru_cache(maxsize=8)
def _reader(lists: frozenset[str]) -> TurnReader:
    return TurnReader(shipped_turn_model(), lists)


def reader_of(rubric: Rubric) -> TurnReader | None:
    """The model for the lists of a rubric, None where the rubric reads by phrases alone."""
    if not rubric.turn_model:
        return None
    return _reader(frozenset(one.name for one in rubric.phrases))
