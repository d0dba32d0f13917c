"""Arousal by an ONNX model that the user brings, with a card beside it that says what it takes and gives."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from speechqa.backends.arousal_card import DOCUMENTED, ArousalCard, read_card
from speechqa.backends.onnx_session import file_digest, open_session, whole_digest
from speechqa.core.plain import printable
from speechqa.errors import EngineUnavailable, ModelDigestMismatch, ModelError, ModelNotFound, UsageError
from speechqa.protocols import ArousalModel, ArousalModelInfo, Samples

_TINY = 1e-7


def choose_arousal(spec: str) -> ArousalModel | None:
    """The model that `spec` names, loaded and tried; None where arousal is measured by voice.

    Parameters
    ----------
    spec : str
        `voice`, or `onnx:PATH` of a model file with its card beside it.

    Raises
    ------
    UsageError
        If it is neither.
    ModelError, EngineUnavailable
        If the model or its card is absent or wrong.
    """
    name, _, path = spec.strip().partition(":")
    if name == "voice" and not path:
        return None
    if name != "onnx" or not path:
        raise UsageError(
            "there is no such measure of arousal", found=repr(spec), expected="voice, or onnx:PATH of a model"
        )
    model = OnnxArousal(path)
    model.check()
    return model


class OnnxArousal:
    """An `ArousalModel` on onnxruntime, on one thread, so that results do not depend on the machine's cores.

    Parameters
    ----------
    path : str or Path
        A model file. Nothing is fetched, and it may read no file outside its own folder.

    Raises
    ------
    ModelError
        If the model or its card is absent or wrong, or the bytes are not those the card names.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._where = printable(str(path))
        if not self._path.is_file():
            raise ModelNotFound(
                "There is no arousal model",
                where=self._where,
                found="no such file",
                expected="an ONNX file",
                hint=DOCUMENTED,
            )
        self._card = read_card(self._path)
        self._path = (
            self._path.resolve()
        )  # what it names beside itself lies beside the file, not beside a link
        self._digest = self._digest_of_files(self._card)

    @cached_property
    def info(self) -> ArousalModelInfo:
        """What the model is; its digest is over model, card and the model's further files."""
        return ArousalModelInfo(
            name=self._card.name,
            digest=self._digest,
            sample_rate=self._card.sample_rate,
            calm_deviation=self._card.calm_deviation,
            piece_s=self._card.piece_s,
        )

    def check(self) -> None:
        """Load the model and give it two seconds of a hum.

        Raises
        ------
        ModelError, EngineUnavailable
            If it does not load, or does not take and give what its card says.
        """
        times = np.arange(2 * self._card.sample_rate) / self._card.sample_rate
        self.arousal((0.1 * np.sin(2 * np.pi * 150.0 * times)).astype(np.float32))

    def arousal(self, samples: Samples) -> float:
        """The model's output for a piece of one voice.

        Raises
        ------
        ModelError, EngineUnavailable
            If the model does not run, or gives no number, or one far from its range.
        """
        value = self._output(samples)
        low, high = self._card.range
        if not low - (high - low) <= value <= high + (high - low):
            expected = f"a number near its range, {low:g} to {high:g}"
            raise self._wrong("gives a number that is no arousal", f"{value:g}", expected)
        return value

    def _output(self, samples: Samples) -> float:
        card = self._card
        sound = np.asarray(samples, np.float32)
        if card.normalisation == "zero-mean-unit-variance":
            sound = (sound - sound.mean()) / np.sqrt(sound.var() + _TINY)
        session, axes = self._session
        try:
            (output,) = session.run([card.output], {card.input: sound.reshape((1,) * (axes - 1) + (-1,))})
            found = np.asarray(output, np.float64).reshape(-1)
        except Exception as error:  # onnxruntime raises its own kinds, all of them mean the same here
            raise self._wrong("does not run", str(error), "one that takes sound of any length") from error
        if card.index >= len(found):
            raise self._wrong("gives too few numbers", f"{len(found)}", f"one at index {card.index}")
        if not math.isfinite(found[card.index]):
            raise self._wrong("gives no number", f"{found[card.index]}", "a finite one")
        return float(found[card.index])

    @cached_property
    def _session(self) -> tuple[Any, int]:
        try:
            session = open_session(self._path, needed_by="an arousal model")
        except EngineUnavailable:
            raise
        except Exception as error:  # as above
            raise self._wrong(
                "does not load", str(error), "an ONNX model that onnxruntime can run"
            ) from error
        return session, self._axes(session)

    def _axes(self, session: Any) -> int:
        """How many axes the input has, after it was found to be the one the card names."""
        inputs = {one.name: one for one in session.get_inputs()}
        if list(inputs) != [self._card.input]:
            raise self._wrong("takes other inputs", _names(inputs), f"{self._card.input!r} alone")
        outputs = [one.name for one in session.get_outputs()]
        if self._card.output not in outputs:
            raise self._wrong("has no such output", _names(outputs), repr(self._card.output))
        taken = inputs[self._card.input]
        shape = list(taken.shape)
        fixed = [size for size in shape[:-1] if isinstance(size, int) and size != 1]
        open_ended = bool(shape) and not isinstance(shape[-1], int)
        if taken.type != "tensor(float)" or not 1 <= len(shape) <= 3 or fixed or not open_ended:
            raise self._wrong(
                "takes no sound",
                f"{taken.type} of shape {shape}",
                "tensor(float) whose last axis is samples, of any length, and whose others are 1",
            )
        return len(shape)

    def _digest_of_files(self, card: ArousalCard) -> str:
        try:
            own = file_digest(self._path)
            if card.sha256 and card.sha256 != own:
                raise ModelDigestMismatch(
                    "The arousal model is not the one its card names",
                    where=self._where,
                    found=f"sha256 {own}",
                    expected=f"sha256 {card.sha256}",
                    hint="Get the model again, or correct the card",
                )
            return whole_digest(self._path, msgspec.json.encode(card, order="sorted"))
        except OSError as error:
            raise self._wrong("cannot be read", error.strerror or str(error), "a readable file") from error

    def _wrong(self, what: str, found: str, expected: str) -> ModelError:
        return ModelError(
            f"The arousal model {what}",
            where=self._where,
            found=printable(found, limit=300),
            expected=expected,
            hint=DOCUMENTED,
        )


def _names(names: Iterable[object]) -> str:
    return ", ".join(repr(str(name)) for name in list(names)[:8]) or "none"
