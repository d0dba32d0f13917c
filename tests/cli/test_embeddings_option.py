"""`--embeddings`: a model of the user's own finds what no phrase knows, and is named in the document."""

from __future__ import annotations

import json

import pytest

from tests.support.embedding_models import usable

RUBRIC = """
name = "mine"
version = 1
phrases = ["mine.en.toml"]
[[criterion]]
id = "empathy"
category = "courtesy"
points = 5
"""
PHRASES = """
language = "en"
[complaint]
any = ["complaint"]
[empathise]
any = ["i understand"]
like = ["that must be hard for you"]
"""
CALL = {
    "id": "c1",
    "language": "en",
    "turns": [
        {"speaker": "customer", "text": "i have a complaint the boiler is off"},
        {"speaker": "agent", "text": "that must be grim for you"},
        {"speaker": "customer", "text": "yes it is"},
        {"speaker": "agent", "text": "well goodbye then"},
    ],
}


@pytest.fixture
def files(tmp_path):
    (tmp_path / "mine.en.toml").write_text(PHRASES, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(RUBRIC, encoding="utf-8")
    (tmp_path / "call.json").write_text(json.dumps(CALL), encoding="utf-8")
    return tmp_path


def empathy(document: dict) -> str:
    return next(f["verdict"] for f in document["findings"] if f["criterion"] == "empathy")


def test_what_no_phrase_knows_is_found_and_the_model_named(run, files, store) -> None:
    model = usable(files)
    asked = ("score", files / "call.json", "--rubric", files / "mine.toml", "--json")
    (plain,) = run(*asked).lines
    (meant,) = run(*asked, "--embeddings", f"onnx:{model}", "--store", store).lines
    assert empathy(plain) != "pass"
    assert empathy(meant) == "pass"
    assert plain["provenance"]["embeddings"] is None
    assert meant["provenance"]["embeddings"].startswith("word bag ")
    assert run("rescore", "c1", "--force", "--store", store).code == 0
    (again,) = run("show", "c1", "--store", store, "--json").lines
    assert empathy(again) == "pass"
    assert again["provenance"]["embeddings"] == meant["provenance"]["embeddings"]


def test_a_model_that_is_not_there_ends_it_before_any_work(run, files, store) -> None:
    for command in (
        ("score", files / "call.json"),
        ("audit", files / "call.json", "--engine", "none", "--store", store),
    ):
        ran = run(*command, "--embeddings", "onnx:nowhere.onnx", "--json")
        assert (ran.code, ran.out) == (5, "")
        assert "There is no embedding model" in ran.err
    assert run("score", files / "call.json", "--embeddings", "magic").code == 2
