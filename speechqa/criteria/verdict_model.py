"""The small model that reads verdicts a second time, and what its card says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.core.finding import Verdict
from speechqa.criteria.shipped_model import Card, ShippedModel
from speechqa.criteria.verdict_features import DIGEST

FILE = Path(__file__).parent / "verdicts.onnx"
FEATURES, WHICH, OUTPUT = "features", "criterion", "verdicts"
VERDICTS = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.NOT_ASSESSED)
"""In the model's order."""


def change(rules: Verdict, other: Verdict) -> str:
    """What the card calls the change of a verdict."""
    return f"{rules.value} > {other.value}"


class VerdictCard(Card, frozen=True, kw_only=True):
    """What the card says besides, in the model's order.

    Attributes
    ----------
    names : tuple of str
        The features.
    detectors : dict
        What is read again, and by name which changes of its verdict are taken over, as "pass > fail".
    signals : dict
        Signals that are read again, and from which probability each is told.
    """

    names: tuple[str, ...]
    detectors: dict[str, tuple[str, ...]]
    signals: dict[str, float]


class VerdictModel:
    """A logistic regression a detector, and one a signal.

    Parameters
    ----------
    model : ShippedModel
        With a `VerdictCard`.
    """

    def __init__(self, model: ShippedModel[VerdictCard]) -> None:
        self._model = model
        known = (*model.card.detectors, *model.card.signals)
        self._row = {name: row for row, name in enumerate(known)}
        self._column = {name: column for column, name in enumerate(model.card.names)}

    @property
    def name(self) -> str:
        """Name, version and digest of the model."""
        return self._model.name

    def reads(self, detector: str) -> bool:
        """Whether verdicts of a detector are read again."""
        return detector in self._model.card.detectors

    def least(self, signal: str) -> float | None:
        """From which probability a signal is told; None where it is not read again."""
        return self._model.card.signals.get(signal)

    def changes(self, detector: str, rules: Verdict, other: Verdict) -> bool:
        """Whether it has proved right to put another verdict in the place of the rules'."""
        return change(rules, other) in self._model.card.detectors[detector]

    def odds(self, detector: str, features: dict[str, float]) -> dict[Verdict, float]:
        """How likely each verdict is, in [0, 1]; features that the model does not know are left out."""
        row = np.zeros((1, len(self._column)), np.float32)
        for name, value in features.items():
            column = self._column.get(name)
            if column is not None:
                row[0, column] = value
        given: dict[str, NDArray[Any]] = {FEATURES: row, WHICH: np.array([self._row[detector]], np.int64)}
        scores = self._model.run(OUTPUT, given, (1, len(VERDICTS)))
        return dict(zip(VERDICTS, scores[0].tolist(), strict=True))


@lru_cache(maxsize=1)
def shipped_verdict_model() -> VerdictModel:
    """The model that comes with speechqa, read once a process."""
    return VerdictModel(ShippedModel(FILE, VerdictCard, what="model of verdicts", features=DIGEST))
