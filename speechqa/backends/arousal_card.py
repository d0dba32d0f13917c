"""The card beside an arousal model of the user's own: what the model takes, gives and may be used for."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final, Literal

from speechqa.backends.model_card import read_model_card, require_digest, require_texts
from speechqa.core.value import Value, require

DOCUMENTED: Final = "docs/arousal-models.md says what a model and its card must be"


class ArousalCard(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model's author or owner says of it, in a TOML file with the model's name.

    Attributes
    ----------
    name, licence : str
        What documents call it, and under which licence it is used.
    sample_rate : int
        Rate in Hz of the sound it takes, 8,000 to 48,000.
    input, output : str
        Names of the model's one input and of the output that holds arousal.
    index : int
        Place of arousal in that output, from 0.
    normalisation : str
        What is done to each piece of sound: `none`, or `zero-mean-unit-variance`.
    range : pair of float
        Calmest and most aroused output. One beyond it by more than its width means a wrong card.
    calm_deviation : float
        Deviation of the output over pieces of calm speech of one speaker: the unit of the curve.
    piece_s : float
        Seconds of talk given to the model at once, 1 to 30.
    sha256 : str
        The digest the model file must have; empty where it is not said.
    """

    name: str
    licence: str
    sample_rate: int
    input: str
    output: str
    range: tuple[float, float]
    calm_deviation: float
    index: int = 0
    normalisation: Literal["none", "zero-mean-unit-variance"] = "none"
    piece_s: float = 4.0
    sha256: str = ""

    def __post_init__(self) -> None:
        require_texts(self, "name", "licence", "input", "output")
        require(
            8000 <= self.sample_rate <= 48000,
            f"sample_rate must lie in 8000 to 48000, found {self.sample_rate}",
        )
        require(
            all(map(math.isfinite, self.range)) and self.range[0] < self.range[1],
            f"range must be two finite numbers, the calmest first and smaller, found {list(self.range)}",
        )
        width = self.range[1] - self.range[0]
        require(
            width / 1000 <= self.calm_deviation < width,
            f"calm_deviation must lie between a thousandth of the range and the range, {width:g}, "
            f"found {self.calm_deviation}",
        )
        require(0 <= self.index < 10_000, f"index counts from 0, found {self.index}")
        require(1 <= self.piece_s <= 30, f"piece_s must lie in 1 to 30, found {self.piece_s}")
        require_digest(self.sha256)


def read_card(model: Path) -> ArousalCard:
    """The card beside a model file; `ModelNotFound` or another `ModelError` where there is none that fits."""
    return read_model_card(model, ArousalCard, what="arousal model", documented=DOCUMENTED)
