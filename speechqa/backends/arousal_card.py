"""The card beside an arousal model of the user's own: what the model takes, gives and may be used for."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Final, Literal

import msgspec

from speechqa.core.plain import printable
from speechqa.core.value import Value, require
from speechqa.errors import ModelError, ModelNotFound

DOCUMENTED: Final = "docs/arousal-models.md says what a model and its card must be"
_LARGEST_CARD = 2**16


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
        for key in ("name", "licence", "input", "output"):
            text = getattr(self, key)
            require(
                0 < len(text.strip()) <= 200 and text.isprintable(),
                f"{key} must be printable text of 1 to 200 letters, found {text[:50]!r}",
            )
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
        require(
            not self.sha256 or (len(self.sha256) == 64 and set(self.sha256) <= set("0123456789abcdef")),
            f"sha256 must be 64 hexadecimal digits in lower case or empty, found {printable(self.sha256)!r}",
        )


def read_card(model: Path) -> ArousalCard:
    """The card beside a model file.

    Raises
    ------
    ModelNotFound
        If there is none.
    ModelError
        If it is no card.
    """
    path = model.with_suffix(".toml")
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_CARD + 1)
    except OSError as error:
        raise ModelNotFound(
            "The arousal model has no card",
            where=printable(str(path)),
            found=error.strerror or "no such file",
            expected="a TOML file with the model's name",
            hint=DOCUMENTED,
        ) from error
    try:
        if len(data) > _LARGEST_CARD:
            raise ValueError(f"more than {_LARGEST_CARD} bytes")
        return msgspec.convert(tomllib.loads(data.decode("utf-8")), ArousalCard)
    except (ValueError, RecursionError) as error:
        raise ModelError(
            "The arousal model's card cannot be followed",
            where=printable(str(path)),
            found=printable(str(error), limit=300),
            expected="the keys of a card",
            hint=DOCUMENTED,
        ) from error
