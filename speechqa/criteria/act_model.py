"""The model of speech acts that comes with speechqa.

A logistic regression of a few thousand weights. `ActModel` is the seam; whoever has a better one gives it to
`annotate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speechqa.core.transcript import ActName
from speechqa.criteria.act_features import DIGEST
from speechqa.criteria.shipped_model import Card, ShippedModel
from speechqa.protocols import ActModel

FILE = Path(__file__).parent / "speech-acts.onnx"
INPUT, OUTPUT = "turns", "acts"


class ActCard(Card, frozen=True, kw_only=True):
    """What the card says besides: the acts in the model's order, and the score from which each counts."""

    thresholds: dict[ActName, float]


class OnnxActModel(ShippedModel[ActCard]):
    """An `ActModel` on onnxruntime.

    Parameters
    ----------
    path : Path
        The model's file.

    Raises
    ------
    ModelError
        If model or card is absent or wrong, or the model is not the one that the card names.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, ActCard, what="model of speech acts", features=DIGEST)

    @property
    def thresholds(self) -> Mapping[ActName, float]:
        """The acts the model gives, in its order, and the score from which each counts as found."""
        return self.card.thresholds

    def scores(self, turns: NDArray[np.float32]) -> NDArray[np.float64]:
        """A score in [0, 1] of every turn and act."""
        shape = len(turns), len(self.thresholds)
        return self.run(OUTPUT, {INPUT: turns}, shape) if len(turns) else np.zeros(shape)


@lru_cache(maxsize=1)
def shipped_act_model() -> ActModel:
    """The model that comes with speechqa, read once a process."""
    return OnnxActModel(FILE)
