"""Small models that come with speechqa and are part of the judge, as its phrases are.

No engine that anybody chooses: hence they lie here and not among the backends. Each is held to the digest on
its card, and runs on one thread, so that scores do not depend on the machine's cores.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from speechqa.core.value import Value
from speechqa.errors import EngineUnavailable, ModelDigestMismatch, ModelError, ModelNotFound

_HINT = "Install speechqa again; docs/methods/criteria.md says how the model is made anew from its sources"
_DIGITS = 3


class Card(Value, frozen=True, kw_only=True):
    """What the card of every shipped model says.

    Attributes
    ----------
    name, version : str, int
        What documents call it.
    sha256, features : str
        Digest of the model's file, and the description of turns that it was trained on.
    """

    name: str
    version: int
    sha256: str
    features: str


CardT = TypeVar("CardT", bound=Card)


class ShippedModel(Generic[CardT]):
    """A model with its card beside it under the same name.

    Parameters
    ----------
    path : Path
        The model's file.
    card : type
        What the card says.
    what : str
        What the model is called in errors, as "model of speech acts".
    features : str
        The description of turns that it will be given.

    Raises
    ------
    ModelError
        If model or card is absent or wrong, or the model is not the one that the card names.
    """

    def __init__(self, path: Path, card: type[CardT], *, what: str, features: str) -> None:
        self._path, self._what = path, what
        try:
            self._bytes = path.read_bytes()
            written = path.with_suffix(".toml").read_bytes()
        except FileNotFoundError as error:
            raise ModelNotFound(
                f"The {what} is missing",
                where=str(error.filename),
                found="no such file",
                expected="the model and its card",
                hint=_HINT,
            ) from error
        except OSError as error:
            raise self.wrong("cannot be read", str(error), "a readable file") from error
        try:
            self.card = msgspec.toml.decode(written, type=card)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.wrong("has a card that cannot be used", str(error), "a card as it came") from error
        digest = hashlib.sha256(self._bytes).hexdigest()
        if digest != self.card.sha256:
            raise ModelDigestMismatch(
                f"The {what} is not the one its card names",
                where=str(path),
                found=f"sha256 {digest}",
                expected=f"sha256 {self.card.sha256}",
                hint=_HINT,
            )
        if self.card.features != features:
            raise self.wrong(
                "was trained on another description of turns", self.card.features, f"features {features}"
            )

    @property
    def name(self) -> str:
        """Name, version and digest of the model."""
        return f"{self.card.name} {self.card.version} sha256:{self.card.sha256}"

    def run(self, output: str, given: dict[str, NDArray[Any]], shape: tuple[int, int]) -> NDArray[np.float64]:
        """Scores in [0, 1] of that shape, kept to the digits that do not differ between processors."""
        found = self.raw(output, given)
        if found.shape != shape or not np.isfinite(found).all():
            raise self.wrong("gives other than it should", f"shape {found.shape}", f"finite scores, {shape}")
        rounded: NDArray[np.float64] = np.asarray(found, np.float64).round(_DIGITS)
        return rounded

    def raw(self, output: str, given: dict[str, NDArray[Any]]) -> NDArray[Any]:
        """An output as it comes."""
        try:
            (found,) = self._session.run([output], given)
        except Exception as error:  # onnxruntime raises its own kinds, all of them mean the same here
            raise self.wrong("does not run", str(error), "what it was made for") from error
        values: NDArray[Any] = found
        return values

    @cached_property
    def _session(self) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise EngineUnavailable(
                f"the {self._what} needs the package onnxruntime",
                found=str(error),
                hint="install it with: pip install onnxruntime",
            ) from error
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.use_deterministic_compute = True
        options.enable_cpu_mem_arena = False  # it keeps the most that any call ever asked for
        options.log_severity_level = 4
        try:
            return onnxruntime.InferenceSession(self._bytes, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # as above
            raise self.wrong("does not load", str(error), "an ONNX model that onnxruntime runs") from error

    def wrong(self, what: str, found: str, expected: str) -> ModelError:
        """The error that says what is wrong with the model."""
        return ModelError(
            f"The {self._what} {what}", where=str(self._path), found=found, expected=expected, hint=_HINT
        )
