"""The card beside a model of sentence embeddings of the user's own: what it takes, gives and is for."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from speechqa.backends.model_card import read_model_card, require_digest, require_texts
from speechqa.core.value import Value, require

DOCUMENTED: Final = "docs/embedding-models.md says what a model and its card must be"


class EmbeddingCard(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model's author or owner says of it, in a TOML file with the model's name.

    Attributes
    ----------
    kind : str
        `embedding`, so that no model is taken for one of another kind.
    name, licence : str
        What documents call it, and under which licence it is used.
    output : str
        Name of the output that holds the vectors.
    pooling : str
        How vectors of tokens become one: `mean` over those that are not padding, `first` (the token that
        stands for all), or `none` where the output is one vector a text.
    tokenizer : str
        Bare name of the tokenizer's file beside the model, in the form of the package tokenizers.
    prefix : str
        What the model wants before each text, such as ``"query: "``.
    longest_tokens : int
        Tokens of a text that are used, 8 to 8,192.
    alike : float
        Cosine of two texts from which they count as saying the same, over 0 to 1.
    sha256 : str
        The digest the model file must have; empty where it is not said.
    """

    kind: Literal["embedding"]
    name: str
    licence: str
    output: str
    alike: float
    pooling: Literal["mean", "first", "none"] = "mean"
    tokenizer: str = "tokenizer.json"
    prefix: str = ""
    longest_tokens: int = 128
    sha256: str = ""

    def __post_init__(self) -> None:
        require_texts(self, "name", "licence", "output", "tokenizer")
        require(
            self.tokenizer == Path(self.tokenizer).name and "\\" not in self.tokenizer,
            f"tokenizer must be the bare name of a file beside the model, found {self.tokenizer[:50]!r}",
        )
        require(len(self.prefix) <= 200, "prefix must be of 200 letters at most")
        require(
            8 <= self.longest_tokens <= 8192,
            f"longest_tokens must lie in 8 to 8192, found {self.longest_tokens}",
        )
        require(0 < self.alike <= 1, f"alike must be over 0 and at most 1, found {self.alike}")
        require_digest(self.sha256)


def read_embedding_card(model: Path) -> EmbeddingCard:
    """The card beside a model file; `ModelNotFound` or another `ModelError` where there is none that fits."""
    return read_model_card(model, EmbeddingCard, what="embedding model", documented=DOCUMENTED)
