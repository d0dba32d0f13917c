"""Small ONNX models of sentence embeddings: a vector a word, alike for words of one meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

MEANINGS: dict[str, tuple[str, ...]] = {
    "hard": ("hard", "rotten", "grim", "קשה", "נורא"),
    "you": ("you", "לך"),
    "must": ("must", "בטח"),
    "boiler": ("boiler", "heater"),
    "hello": ("hello", "שלום"),
}
CARD: dict[str, Any] = {
    "kind": "embedding",
    "name": "word bag",
    "licence": "CC0-1.0",
    "output": "vectors",
    "pooling": "mean",
    "alike": 0.9,
}


def write_card(model: Path, **changes: Any) -> Path:
    """A card beside the model; a key changed to None is left out."""
    lines = [f"{key} = {value!r}" for key, value in (CARD | changes).items() if value is not None]
    path = model.with_suffix(".toml")
    path.write_text("\n".join(lines).replace("'", '"') + "\n", encoding="utf-8")
    return path


def words() -> list[str]:
    return ["[PAD]", "[UNK]", *(word for group in MEANINGS.values() for word in group)]


def write_tokenizer(folder: Path, name: str = "tokenizer.json") -> Path:
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words())}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    path = folder / name
    tokenizer.save(str(path))
    return path


def word_bag(
    path: Path, *, inputs: tuple[str, ...] = ("input_ids", "attention_mask"), bad: bool = False
) -> Path:
    """A model that looks up a vector for each word: equal for words of one meaning, at right angles else.

    Unknown words have a small vector of their own direction. `bad` makes it give what is no number.
    """
    size = len(MEANINGS) + 1
    table = np.zeros((len(words()), size), np.float32)
    table[1, -1] = 0.1
    for axis, group in enumerate(MEANINGS.values()):
        for word in group:
            table[words().index(word), axis] = np.nan if bad else 1.0
    # A padded place must not count: it gets a vector that would show.
    table[0] = 7.0
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["vectors"])],
        "word-bag",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in inputs],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", "t", size])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


def usable(folder: Path, **changes: Any) -> Path:
    """A model with card and tokenizer."""
    path = word_bag(folder / "word-bag.onnx")
    write_card(path, **changes)
    write_tokenizer(folder)
    return path


__all__ = ["CARD", "onnx", "usable", "word_bag", "write_card", "write_tokenizer"]
