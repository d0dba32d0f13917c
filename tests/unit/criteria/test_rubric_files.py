"""Rubrics as files: what is wrong is named with file, line, key, expected and found."""

from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.criteria import load_rubric, validate_rubric
from speechqa.criteria.lexicon import lexicon_of
from speechqa.errors import RubricError

RUBRIC = """
name = "mine"
version = 3
minimum_calls = 2
phrases = ["mine.en.toml"]

[[criterion]]
id = "farewell"
category = "courtesy"
points = 4
"""
PHRASES = """
language = "en"

[words]
colour = ["red", "blue"]

[goodbye]
any = ["bye", "so long @colour"]
unless = ["bye bye baby"]
"""


def written(folder: Path, rubric: str = RUBRIC, phrases: str = PHRASES) -> Path:
    (folder / "mine.en.toml").write_text(phrases, encoding="utf-8")
    path = folder / "mine.toml"
    path.write_text(rubric, encoding="utf-8")
    return path


def test_the_built_in_rubric_is_sound() -> None:
    assert validate_rubric("service") == ()
    rubric = load_rubric("service")
    assert rubric.reference == f"service@{rubric.version}"
    assert rubric.languages == ("en", "he")
    assert {c.id: c.points for c in rubric.criteria} == {
        "needs_clarification": 10, "expectation_summary": 10, "thanks": 10, "greeting": 5,
        "anything_else": 5, "farewell": 5, "apology": 5, "empathy": 5, "no_indifference": 5, "no_insult": 5,
        "no_interruptions": 5, "satisfaction_question": 5, "promise_with_deadline": 5, "ownership": 5,
        "no_policy_hiding": 5, "no_patronising": 5, "no_arguing": 5, "no_excuses": 5,
        "hold_etiquette": 5, "responsiveness": 5, "solution_offered": 5, "calming_language": 5,
            "answers_or_finds_out": 5, "active_listening": 5,
        "unusual_request_check": 5, "transfer_etiquette": 5, "personal_treatment": 5, "fair_disclosure": 5,
        "complaint_route": 5, "respectful_boundary": 5, "escalation_handled": 5, "retention_response": 5,
        "gracious_exit": 5, "identity_check": 5,
    }  # fmt: skip


def test_a_rubric_of_ones_own(tmp_path: Path) -> None:
    rubric = load_rubric(written(tmp_path))
    assert (rubric.reference, rubric.minimum_calls, rubric.criteria[0].points) == ("mine@3", 2, 4)
    assert "goodbye" in lexicon_of(rubric).read("so long blue").hits


def test_the_digest_is_of_all_files(tmp_path: Path) -> None:
    first = load_rubric(written(tmp_path)).digest
    assert load_rubric(written(tmp_path)).digest == first
    assert load_rubric(written(tmp_path, phrases=PHRASES + "# more\n")).digest != first
    assert load_rubric(written(tmp_path, rubric=RUBRIC + "# more\n")).digest != first


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ("points = 4", "points = -4", "points", 10),
        ("points = 4", "points = true", "points", 10),
        ("points = 4", 'points = "4"', "points", 10),
        ("points = 4", "points = 99999999999999999999", "points", 10),
        ("points = 4", "points = nan", "points", 10),
        ('category = "courtesy"', 'category = "kindness"', "category", 9),
        ('id = "farewell"', 'id = "was_the_ticket_filed"', "id", 8),
        ("points = 4", "points = 4\ncolour = 1", "colour", 11),
        ("points = 4", "points = 4\ncomponents = { a = 4 }", "components", 11),
        ("points = 4", "points = 4\noptions = { a = 4 }", "options", 11),
        ("version = 3", "version = 0", "version", 3),
        ("version = 3\n", "", "version", None),
        ("minimum_calls = 2", "minimum_cals = 2", "minimum_cals", 4),
        ('["mine.en.toml"]', '["../mine.en.toml"]', "phrases", 5),
        ('["mine.en.toml"]', '["other.toml"]', "phrases", 5),
        ('["mine.en.toml"]', "3", "phrases", 5),
    ],
)
def test_faults_of_a_rubric(tmp_path: Path, old: str, new: str, key: str, line: int | None) -> None:
    path = written(tmp_path, rubric=RUBRIC.replace(old, new))
    problem = next(p for p in validate_rubric(path) if p.severity == "error")
    assert (problem.key, problem.line, problem.file) == (key, line, str(path))
    assert problem.expected
    assert problem.found
    with pytest.raises(RubricError, match=r"found .*expected") as caught:
        load_rubric(path)
    assert "mine.toml" in str(caught.value)


def test_parts_must_add_up_and_ids_be_one(tmp_path: Path) -> None:
    twice = RUBRIC + RUBRIC[RUBRIC.index("[[criterion]]") :]
    assert any("one id" in p.message for p in validate_rubric(written(tmp_path, rubric=twice)))
    parts = RUBRIC.replace('"farewell"', '"thanks"').replace(
        "points = 4", "points = 4\ncomponents = { thanked = 1, specific = 1 }"
    )
    assert any("add up" in p.message for p in validate_rubric(written(tmp_path, rubric=parts)))


@pytest.mark.parametrize(
    ("pattern", "severity"),
    [
        ("(bye", "error"),
        ("bye)", "error"),
        ("* bye", "error"),
        ("bye *", "error"),
        ("bye *99 then", "error"),
        ("bye ^ then", "error"),
        ("$ bye", "error"),
        ("_", "error"),
        ("???", "error"),
        ("b*", "error"),
        ("bye @shape", "error"),
        ("((((((((bye))))))))", "error"),
        ("[a b|c d] " * 20 + "bye", "error"),
        ("bye bye baby now", "warning"),
        ("bye", "warning"),
        ("שלום", "warning"),
    ],
)
def test_faults_of_a_phrase(tmp_path: Path, pattern: str, severity: str) -> None:
    phrases = PHRASES.replace('any = ["bye", ', f'any = ["bye",\n  "{pattern}",\n  ')
    found = [
        p for p in validate_rubric(written(tmp_path, phrases=phrases)) if p.file.endswith("mine.en.toml")
    ]
    assert found
    assert found[0].severity == severity
    assert found[0].line == (8 if pattern == "bye" else 9)


def test_a_language_without_phrases_is_warned_of(tmp_path: Path) -> None:
    problems = validate_rubric(written(tmp_path, phrases='language = "he"\n'))
    assert [p.severity for p in problems] == ["warning"]
    assert "farewell" in problems[0].message


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"name = ", b"x = [" * 5000, b"", b"criterion = 3\nversion = 1", b"[[criterion]]\n"],
)
def test_hostile_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    assert any(p.severity == "error" for p in validate_rubric(path))
    with pytest.raises(RubricError):
        load_rubric(path)


@pytest.mark.parametrize("name", ["", "nothing-here", "a\0b", "/", "../service"])
def test_no_such_rubric(name: str) -> None:
    assert validate_rubric(name)[0].severity == "error"
    with pytest.raises(RubricError):
        load_rubric(name)
