"""Sentence embeddings by a model of the user's own: what it must be, and what is said where it is not."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from speechqa.backends.onnx_embeddings import OnnxEmbeddings, choose_embedder
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound, UsageError
from tests.support.embedding_models import usable, word_bag, write_card, write_tokenizer


def test_texts_that_mean_the_same_lie_together(tmp_path) -> None:
    model = OnnxEmbeddings(usable(tmp_path))
    found = model.vectors(["must hard", "Must ROTTEN", "בטח קשה", "boiler"])
    assert found.shape == (4, 6)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0)
    assert np.allclose(found @ found[0], [1.0, 1.0, 1.0, 0.0], atol=1e-6)


def test_a_text_is_embedded_alike_alone_and_among_longer_ones(tmp_path) -> None:
    model = OnnxEmbeddings(usable(tmp_path))
    texts = ["hard", "you must hello boiler " * 9] + ["grim you"] * 40
    together = model.vectors(texts)
    alone = np.concatenate([model.vectors([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert model.vectors([]).shape[0] == 0
    assert not model.vectors([""]).any()


def test_the_prefix_and_the_longest_length_of_the_card_are_kept(tmp_path) -> None:
    plain = OnnxEmbeddings(usable(tmp_path)).vectors(["hard"])
    prefixed = OnnxEmbeddings(usable(tmp_path, prefix="boiler ")).vectors(["hard"])
    assert not np.allclose(plain, prefixed)
    short = OnnxEmbeddings(usable(tmp_path, longest_tokens=8))
    assert np.array_equal(short.vectors(["hard " * 8 + "boiler"]), short.vectors(["hard"]))


def test_pooling_is_as_the_card_says(tmp_path) -> None:
    first = OnnxEmbeddings(usable(tmp_path, pooling="first"))
    assert np.array_equal(first.vectors(["hard boiler"]), first.vectors(["hard"]))
    with pytest.raises(ModelError, match="something else than its card says"):
        OnnxEmbeddings(usable(tmp_path, pooling="none")).vectors(["hard"])


def test_its_name_depends_on_every_byte_it_is_made_of(tmp_path) -> None:
    path = usable(tmp_path)
    names = [OnnxEmbeddings(path).name]
    assert names[0] == OnnxEmbeddings(path).name
    write_card(path, alike=0.8)
    names.append(OnnxEmbeddings(path).name)
    tokenizer = tmp_path / "tokenizer.json"
    tokenizer.write_bytes(tokenizer.read_bytes() + b"\n")
    names.append(OnnxEmbeddings(path).name)
    word_bag(path, inputs=("input_ids",))
    names.append(OnnxEmbeddings(path).name)
    assert len(set(names)) == 4
    assert all(name.startswith("word bag ") for name in names)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": None}, "card cannot be followed"),
        ({"kind": "arousal"}, "card cannot be followed"),
        ({"alike": 0}, "alike must be over 0"),
        ({"tokenizer": "../tokenizer.json"}, "bare name"),
        ({"longest_tokens": 2}, "longest_tokens"),
        ({"loud": 1}, "card cannot be followed"),
        ({"output": "nothing"}, "no such output"),
        ({"tokenizer": "other.json"}, "cannot be read"),
        ({"sha256": "0" * 64}, "not the one its card names"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(tmp_path, changes, message) -> None:
    path = usable(tmp_path, **changes)
    with pytest.raises(ModelError) as refused:
        OnnxEmbeddings(path).vectors(["hard"])
    assert message in str(refused.value)
    assert "docs/embedding-models.md" in str(refused.value) or "card" in str(refused.value.hint)


def test_the_digest_of_the_card_is_held_to(tmp_path) -> None:
    path = usable(tmp_path)
    write_card(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    OnnxEmbeddings(path).vectors(["hard"])
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelDigestMismatch):
        OnnxEmbeddings(path)


def test_files_that_are_no_model_are_refused(tmp_path) -> None:
    with pytest.raises(ModelNotFound):
        OnnxEmbeddings(tmp_path / "none.onnx")
    path = usable(tmp_path)
    word_bag(path, inputs=("input_ids", "pixels"))
    with pytest.raises(ModelError, match="takes other inputs"):
        OnnxEmbeddings(path).vectors(["hard"])
    word_bag(path, bad=True)
    with pytest.raises(ModelError, match="gives no number"):
        OnnxEmbeddings(path).vectors(["hard"])
    path.write_bytes(b"no model")
    with pytest.raises(ModelError):
        OnnxEmbeddings(path).vectors(["hard"])
    word_bag(path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match="no tokenizer that can be read"):
        OnnxEmbeddings(path).vectors(["hard"])


def test_the_option_names_none_or_a_model(tmp_path) -> None:
    assert choose_embedder("none") is None
    model = choose_embedder(f"onnx:{usable(tmp_path)}")
    assert model is not None
    assert model.alike == 0.9
    write_tokenizer(tmp_path)
    for wrong in ("onnx", "none:x", "torch:x", ""):
        with pytest.raises(UsageError, match="no such embeddings"):
            choose_embedder(wrong)
