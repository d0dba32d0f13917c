"""What no phrase finds is found by its meaning, where there is a model; marked, and with less confidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from speechqa.core.finding import Finding
from speechqa.core.rubric import Rubric
from speechqa.core.transcript import Word
from speechqa.criteria import CallView, find_signals, judge, load_rubric, validate_rubric
from tests.support.calls_as_text import transcript

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
like = ["i am fed up with this"]
[empathise]
any = ["i understand"]
like = ["that must have been rotten for you"]
[satisfied]
any = ["that is lovely"]
"""
GROUPS = (("rotten", "grim", "awful"), ("must", "surely"), ("fed", "sick"), ("up", "tired"))


class WordBag:
    """Texts by their words, those of one group as one; counts the texts it was given."""

    name, alike = "word bag 0", 0.75

    def __init__(self) -> None:
        self.given: list[str] = []

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given += texts
        found = np.zeros((len(texts), len(GROUPS) + 1), np.float32)
        for row, text in zip(found, texts, strict=True):
            for word in text.lower().split():
                place = next((n for n, group in enumerate(GROUPS) if word in group), -1)
                row[place] += 1.0 if place >= 0 else 0.05
        return found / np.maximum(1e-9, np.linalg.norm(found, axis=1, keepdims=True))


@pytest.fixture
def rubric(tmp_path) -> Rubric:
    (tmp_path / "mine.en.toml").write_text(PHRASES, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(RUBRIC, encoding="utf-8")
    return load_rubric(tmp_path / "mine.toml")


def empathy(rubric: Rubric, text: str, embedder: WordBag | None) -> Finding:
    return judge(rubric, CallView(transcript=transcript(text), language="en"), embedder)[0]


CALL = "c: i have a complaint\na: {}\nc: okay\na: goodbye\n"


def test_a_paraphrase_counts_only_with_a_model_and_is_marked(rubric) -> None:
    call = CALL.format("oh that was surely grim mate")
    assert empathy(rubric, call, None).verdict.value != "pass"
    found = empathy(rubric, call, WordBag())
    assert found.verdict.value == "pass"
    assert "by meaning, likeness" in found.evidence[0].note
    said = empathy(rubric, CALL.format("i understand"), WordBag())
    assert said.evidence[0].note == ""
    assert found.confidence < said.confidence


def test_what_means_something_else_does_not_count(rubric) -> None:
    assert empathy(rubric, CALL.format("what is your account number"), WordBag()).verdict.value != "pass"


def test_in_a_long_turn_the_stretch_that_says_it_is_found(rubric) -> None:
    padding = "so let me see now i have opened the file on my screen here and i look at it "
    found = empathy(rubric, CALL.format(padding + "that was surely grim surely grim for you"), WordBag())
    assert found.verdict.value == "pass"
    assert "surely grim" in found.evidence[0].quote


def test_signals_are_found_by_meaning_too(rubric) -> None:
    view = CallView(transcript=transcript("c: i am sick and tired\na: hello\n"), language="en")
    assert find_signals(view, rubric).complaint.value is False
    signal = find_signals(view, rubric, WordBag()).complaint
    assert signal.value is True
    assert "by meaning" in signal.evidence[0].note


def test_words_heard_with_doubt_mean_nothing(rubric) -> None:
    call = transcript(CALL.format("oh that was surely grim mate"))
    doubtful = tuple(Word(text=word, confidence=0.1) for word in call.turns[1].text.split())
    turns = (call.turns[0], replace(call.turns[1], words=doubtful), *call.turns[2:])
    view = CallView(transcript=replace(call, turns=turns), language="en")
    assert judge(rubric, view, WordBag())[0].verdict.value != "pass"


def test_a_text_is_embedded_once(rubric) -> None:
    counting = WordBag()
    counting.name = "counting"
    for _ in range(3):
        empathy(rubric, CALL.format("oh that was surely grim mate"), counting)
    assert len(counting.given) == len(set(counting.given))


@pytest.mark.parametrize("like", ["5", '["x", 5]', '[""]'])
def test_what_a_list_is_like_is_checked(tmp_path, like) -> None:
    phrases = PHRASES.replace('["that must have been rotten for you"]', like)
    (tmp_path / "mine.en.toml").write_text(phrases, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(RUBRIC, encoding="utf-8")
    (problem,) = [p for p in validate_rubric(tmp_path / "mine.toml") if p.severity == "error"]
    assert (problem.key, problem.line) == ("empathise.like", 8)
