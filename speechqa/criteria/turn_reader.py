"""Reads turns by a small model: how surely each turn is one that counts for a criterion.

A linear model over words, phrases and what stands around a turn, trained on invented calls in which every
turn that counts for a criterion is marked. The second reading of a verdict rests on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from speechqa.criteria.naming import named_lines
from speechqa.criteria.shipped_model import Card, ShippedModel
from speechqa.criteria.turn_features import DIGEST, features

if TYPE_CHECKING:
    from speechqa.criteria.calltext import CallText, Line

FILE = Path(__file__).parent / "turn-meanings.onnx"
INPUT = "features"
_AT_ONCE = 65_536
"""Features given to the model at once, at most; more of a single turn alone."""


class ReaderCard(Card, frozen=True, kw_only=True):
    """What the card says besides: the marks of each party's turns, in the model's order."""

    agent: tuple[str, ...]
    customer: tuple[str, ...]


class TurnReader:
    """The model with the features that it knows.

    Parameters
    ----------
    model : ShippedModel
        With a `ReaderCard`.
    """

    def __init__(self, model: ShippedModel[ReaderCard]) -> None:
        self._model = model
        self._marks = {"agent": model.card.agent, "customer": model.card.customer}
        # Verdicts and signals of a call read it one after the other.
        self._latest: tuple[object, list[Mapping[str, float]]] = (None, [])
        nothing = {INPUT: np.zeros((1, 1), np.int64)}
        # Row 0 stands for no feature.
        self._rows = {
            role: {key: row for row, key in enumerate(model.raw(f"{role} keys", nothing).tolist(), 1)}
            for role in self._marks
        }

    @property
    def name(self) -> str:
        """Name, version and digest of the model."""
        return self._model.name

    def marks(self, text: CallText) -> list[Mapping[str, float]]:
        """Of each line every mark of its role with its probability in [0, 1]; none for other parties."""
        call = tuple((line.role, line.source.text, tuple(line.hits)) for line in text.lines)
        latest, found = self._latest
        if latest != call:
            found = self._read(text.lines, named_lines(text))
            self._latest = call, found
        return found

    def _read(self, lines: Sequence[Line], named: Collection[int]) -> list[Mapping[str, float]]:
        found: list[Mapping[str, float]] = [{} for _ in lines]
        known: dict[str, dict[int, list[int]]] = {role: {} for role in self._marks}
        for n, (line, hashes) in enumerate(zip(lines, features(lines, named), strict=True)):
            if line.role in known:
                rows = self._rows[line.role]
                known[line.role][n] = [rows[one] for one in hashes if one in rows] or [0]
        # Scores have three digits: of the same ones one is held.
        held: dict[float, float] = {}
        for role, names in self._marks.items():
            for some in _alike(known[role]):
                given = {INPUT: _padded([known[role][n] for n in some])}
                scores = self._model.run(role, given, (len(some), len(names)))
                for n, row in zip(some, scores.tolist(), strict=True):
                    found[n] = {
                        name: held.setdefault(score, score) for name, score in zip(names, row, strict=True)
                    }
        return found


def _alike(places: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    """The lines in groups of about one length, so that one long turn does not make all of them long."""
    group: list[int] = []
    for n in sorted(places, key=lambda n: len(places[n])):
        if group and (len(group) + 1) * len(places[n]) > _AT_ONCE:
            yield group
            group = []
        group.append(n)
    if group:
        yield group


def _padded(places: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Rows of one length; row 0 stands for nothing."""
    width = max(map(len, places))
    rows = np.zeros((len(places), width), np.int64)
    sizes = [len(row) for row in places]
    rows[np.arange(width) < np.array(sizes)[:, None]] = list(chain.from_iterable(places))
    return rows


@lru_cache(maxsize=1)
def shipped_turn_model() -> TurnReader:
    """The model that comes with speechqa, read once a process."""
    return TurnReader(ShippedModel(FILE, ReaderCard, what="model of turn meanings", features=DIGEST))
