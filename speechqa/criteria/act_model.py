"""The model of speech acts that comes with speechqa, held to the digest on its card.

A logistic regression of a few thousand weights is part of the judge, as its phrases are, and no engine that
anybody chooses: hence it lies here and not among the backends, and whoever judges has it. `ActModel` is the
seam; whoever has a better one gives it to `annotate`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from speechqa.core.transcript import ActName
from speechqa.core.value import Value
from speechqa.criteria.act_features import DIGEST, SIZE
from speechqa.errors import EngineUnavailable, ModelDigestMismatch, ModelError, ModelNotFound
from speechqa.protocols import ActModel

FILE = Path(__file__).parent / "speech-acts.onnx"
INPUT, OUTPUT = "turns", "acts"
_HINT = (
    "Install speechqa again; `python benchmarks/train_speech_acts.py` makes the model anew from its sources"
)


class ActCard(Value, frozen=True, kw_only=True):
    """What a model's card says.

    Attributes
    ----------
    name, version : str, int
        What documents call it.
    sha256, features : str
        Digest of the model's file, and of the description of turns that it was trained on.
    thresholds : mapping
        The acts it gives, in its order, and the score from which an act counts as found.
    """

    name: str
    version: int
    sha256: str
    features: str
    thresholds: dict[ActName, float]


class OnnxActModel:
    """An `ActModel` on onnxruntime, on one thread; its card lies beside it under the same name.

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
        self._path = path
        try:
            self._bytes = path.read_bytes()
            card = path.with_suffix(".toml").read_bytes()
        except FileNotFoundError as error:
            raise ModelNotFound(
                "The model of speech acts is missing",
                where=str(error.filename),
                found="no such file",
                expected="the model and its card",
                hint=_HINT,
            ) from error
        except OSError as error:
            raise self._wrong("cannot be read", str(error), "a readable file") from error
        try:
            self._card = msgspec.toml.decode(card, type=ActCard)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._wrong("has a card that cannot be used", str(error), "a card as it came") from error
        digest = hashlib.sha256(self._bytes).hexdigest()
        if digest != self._card.sha256:
            raise ModelDigestMismatch(
                "The model of speech acts is not the one its card names",
                where=str(path),
                found=f"sha256 {digest}",
                expected=f"sha256 {self._card.sha256}",
                hint=_HINT,
            )
        if self._card.features != DIGEST:
            raise self._wrong(
                "was trained on another description of turns", self._card.features, f"features {DIGEST}"
            )

    @property
    def name(self) -> str:
        """Name, version and digest of the model."""
        return f"{self._card.name} {self._card.version} sha256:{self._card.sha256}"

    @property
    def thresholds(self) -> Mapping[ActName, float]:
        """The acts the model gives, in its order, and the score from which each counts as found."""
        return self._card.thresholds

    def scores(self, turns: NDArray[np.float32]) -> NDArray[np.float64]:
        """A score in [0, 1] of every turn and act."""
        if not len(turns):
            return np.zeros((0, len(self.thresholds)))
        try:
            (found,) = self._session.run([OUTPUT], {INPUT: turns})
        except Exception as error:  # onnxruntime raises its own kinds, all of them mean the same here
            raise self._wrong("does not run", str(error), f"turns of {SIZE} numbers taken") from error
        if found.shape != (len(turns), len(self.thresholds)) or not np.isfinite(found).all():
            raise self._wrong("gives other than it should", f"shape {found.shape}", "a score a turn and act")
        # The last bits differ between processors; scores are kept to what means something.
        rounded: NDArray[np.float64] = np.round(found.astype(np.float64), 3)
        return rounded

    @cached_property
    def _session(self) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise EngineUnavailable(
                "speech acts need the package onnxruntime",
                found=str(error),
                hint="install it with: pip install onnxruntime",
            ) from error
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.use_deterministic_compute = True
        options.log_severity_level = 4
        try:
            return onnxruntime.InferenceSession(self._bytes, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # as above
            raise self._wrong("does not load", str(error), "an ONNX model that onnxruntime runs") from error

    def _wrong(self, what: str, found: str, expected: str) -> ModelError:
        return ModelError(
            f"The model of speech acts {what}",
            where=str(self._path),
            found=found,
            expected=expected,
            hint=_HINT,
        )


@lru_cache(maxsize=1)
def shipped_act_model() -> ActModel:
    """The model that comes with speechqa, read once a process."""
    return OnnxActModel(FILE)
