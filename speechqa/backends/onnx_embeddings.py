"""Sentence embeddings by an ONNX model that the user brings, with its tokenizer and a card beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from speechqa.backends.embedding_card import DOCUMENTED, read_embedding_card
from speechqa.backends.onnx_session import file_digest, open_session, whole_digest
from speechqa.core.plain import printable
from speechqa.errors import EngineUnavailable, ModelDigestMismatch, ModelError, ModelNotFound, UsageError
from speechqa.protocols import TextEmbedder

_BATCH = 32
_TAKEN = ("input_ids", "attention_mask", "token_type_ids")
_NEARLY_ZERO = 1e-9


def choose_embedder(spec: str) -> TextEmbedder | None:
    """The model that `spec` names, loaded and tried; None where phrases alone tell what is said.

    Parameters
    ----------
    spec : str
        `none`, or `onnx:PATH` of a model file with its card and tokenizer beside it.

    Raises
    ------
    UsageError
        If it is neither.
    ModelError, EngineUnavailable
        If the model, its card or its tokenizer is absent or wrong.
    """
    name, _, path = spec.strip().partition(":")
    if name == "none" and not path:
        return None
    if name != "onnx" or not path:
        raise UsageError(
            "there are no such embeddings", found=repr(spec), expected="none, or onnx:PATH of a model"
        )
    model = OnnxEmbeddings(path)
    model.vectors(["hello", "שלום"])
    return model


class OnnxEmbeddings:
    """A `TextEmbedder` on onnxruntime.

    Parameters
    ----------
    path : str or Path
        A model file, with `.toml` and the card's tokenizer beside it. Nothing is fetched.

    Raises
    ------
    ModelError
        If the model, its card or its tokenizer is absent or wrong, or the bytes are not those the card names.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._where = printable(str(path))
        if not self._path.is_file():
            raise ModelNotFound(
                "There is no embedding model",
                where=self._where,
                found="no such file",
                expected="an ONNX file",
                hint=DOCUMENTED,
            )
        self._card = read_embedding_card(self._path)
        self._path = self._path.resolve()
        self._tokens = self._path.with_name(self._card.tokenizer)
        try:
            own = file_digest(self._path)
            if self._card.sha256 and self._card.sha256 != own:
                raise ModelDigestMismatch(
                    "The embedding model is not the one its card names",
                    where=self._where,
                    found=f"sha256 {own}",
                    expected=f"sha256 {self._card.sha256}",
                    hint="Get the model again, or correct the card",
                )
            self._digest = whole_digest(
                self._path, msgspec.json.encode(self._card, order="sorted"), self._tokens
            )
        except OSError as error:
            raise self._wrong(
                "or its tokenizer cannot be read", error.strerror or str(error), "readable files"
            ) from error

    @property
    def name(self) -> str:
        """The card's name and the digest over model, card, tokenizer and the model's further files."""
        return f"{self._card.name} {self._digest}"

    @property
    def alike(self) -> float:
        """Cosine from which two texts count as saying the same."""
        return self._card.alike

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts.

        Parameters
        ----------
        texts : sequence of str
            Any number of them; each is cut to the card's `longest_tokens`.

        Returns
        -------
        ndarray of shape (texts, dimensions)
            Of length 1 each; 0 where the model gives nothing for a text.

        Raises
        ------
        ModelError, EngineUnavailable
            If the model does not run, or gives no finite numbers.
        """
        found = [self._batch(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return np.concatenate(found) if found else np.zeros((0, 0), np.float32)

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        session, takes = self._session
        read = self._tokenizer.encode_batch([self._card.prefix + text for text in texts])
        mask = np.array([one.attention_mask for one in read], np.int64)
        given = {
            "input_ids": np.array([one.ids for one in read], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in read], np.int64),
        }
        try:
            (output,) = session.run([self._card.output], {name: given[name] for name in takes})
        except Exception as error:  # onnxruntime raises its own kinds, all of them mean the same here
            raise self._wrong("does not run", str(error), "one that takes texts of any length") from error
        vectors = self._pooled(np.asarray(output, np.float32), mask)
        if not np.isfinite(vectors).all():
            raise self._wrong("gives no number", "not a number, or infinity", "finite ones")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.where(
            lengths > _NEARLY_ZERO, vectors / np.maximum(lengths, _NEARLY_ZERO), 0.0
        ).astype(np.float32)
        return unit

    def _pooled(self, output: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        axes = 2 if self._card.pooling == "none" else 3
        if output.ndim != axes or len(output) != len(mask) or not output.shape[-1]:
            raise self._wrong(
                "gives something else than its card says",
                f"an output of shape {list(output.shape)} for {len(mask)} texts",
                "one vector a text" if axes == 2 else "one vector a token of each text",
            )
        if self._card.pooling == "none":
            return output
        if not output.shape[1]:
            # Nothing of these texts is a token.
            return np.zeros((len(output), output.shape[2]), np.float32)
        if self._card.pooling == "first":
            return output[:, 0]
        weights = mask[:, : output.shape[1], None].astype(np.float32)
        mean: NDArray[np.float32] = (output * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
        return mean

    @cached_property
    def _session(self) -> tuple[Any, tuple[str, ...]]:
        try:
            session = open_session(self._path, needed_by="an embedding model")
        except EngineUnavailable:
            raise
        except Exception as error:  # as above
            raise self._wrong(
                "does not load", str(error), "an ONNX model that onnxruntime can run"
            ) from error
        takes = tuple(one.name for one in session.get_inputs())
        if not takes or not set(takes) <= set(_TAKEN):
            raise self._wrong("takes other inputs", ", ".join(takes) or "none", f"of {', '.join(_TAKEN)}")
        outputs = [one.name for one in session.get_outputs()]
        if self._card.output not in outputs:
            raise self._wrong("has no such output", ", ".join(outputs), repr(self._card.output))
        return session, takes

    @cached_property
    def _tokenizer(self) -> Any:
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise EngineUnavailable(
                "an embedding model needs the package tokenizers",
                found=str(error),
                hint="install it with: pip install --no-deps tokenizers",
            ) from error
        try:
            tokenizer = Tokenizer.from_file(str(self._tokens))
        except Exception as error:  # tokenizers raises bare exceptions
            raise self._wrong("has no tokenizer that can be read", str(error), str(self._tokens)) from error
        tokenizer.enable_truncation(self._card.longest_tokens)
        tokenizer.enable_padding()
        return tokenizer

    def _wrong(self, what: str, found: str, expected: str) -> ModelError:
        return ModelError(
            f"The embedding model {what}",
            where=self._where,
            found=printable(found, limit=300),
            expected=printable(expected),
            hint=DOCUMENTED,
        )
