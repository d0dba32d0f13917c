"""Criteria that only people judge."""

from speechqa.core.finding import Verdict
from speechqa.criteria import CallView, judge, load_rubric, validate_rubric
from tests.support.calls_as_text import transcript

RUBRIC = """
name = "mine"
version = 1
extends = "service"

[[criterion]]
id = "warmth"
category = "courtesy"
points = 4
detector = "human"
"""


def test_a_human_criterion_waits_for_a_person_whatever_is_said(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(RUBRIC)
    assert validate_rubric(path) == ()
    rubric = load_rubric(path)
    for text in ("a: good morning dana speaking\nc: hi my boiler is broken", ""):
        found = {f.criterion: f for f in judge(rubric, CallView(transcript=transcript(text)))}
        assert found["warmth"].verdict is Verdict.NOT_ASSESSED
        assert found["warmth"].reason == "waits for a person"
        assert "review record" in found["warmth"].would_change
        assert found["warmth"].detector.startswith("human/")


def test_no_person_is_told_what_a_phrase_is(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(RUBRIC + "components = { smile = 4 }\n")
    assert [problem.key for problem in validate_rubric(path)] == ["components"]
