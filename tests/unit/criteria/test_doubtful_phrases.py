"""Phrases that can be read and yet do no good are warned of, with their line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from speechqa.core.rubric import Problem
from speechqa.criteria import load_rubric, validate_rubric
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.sources import Source


def checked(folder: Path, phrases: str, language: str = "en") -> tuple[Problem, ...]:
    (folder / "mine.phrases.toml").write_text(f'language = "{language}"\n{phrases}', encoding="utf-8")
    (folder / "mine.toml").write_text(
        'name = "mine"\nversion = 1\nextends = "service"\nphrases = ["mine.phrases.toml"]\n'
    )
    return tuple(p for p in validate_rubric(folder / "mine.toml") if p not in _of_service())


@cache
def _of_service() -> tuple[Problem, ...]:
    return tuple(validate_rubric("service"))


@pytest.mark.parametrize(
    ("language", "pattern"),
    [("en", "hip hip hooray"), ("he", "לכו לכו הביתה"), ("en", "well well (done|played)")],
)
def test_what_normalising_takes_away_can_never_match(tmp_path: Path, language: str, pattern: str) -> None:
    (problem,) = checked(tmp_path, f'\n[goodbye]\nany = [\n  "{pattern}",\n]\n', language)
    assert (problem.severity, problem.line, problem.key) == ("warning", 5, "goodbye.any")
    assert "can never match" in problem.message
    said = pattern.replace("(done|played)", "done")
    assert "goodbye" not in lexicon_of(load_rubric(tmp_path / "mine.toml")).read(said).hits


@pytest.mark.parametrize(
    ("language", "pattern"),
    [("en", "you"), ("en", "(later gator|the)"), ("en", "th*"), ("he", "ש*"), ("he", "(אני|בברכה)")],
)
def test_what_nearly_any_call_says_is_warned_of(tmp_path: Path, language: str, pattern: str) -> None:
    (problem,) = checked(tmp_path, f'[goodbye]\nany = ["{pattern}"]\n', language)
    assert (problem.severity, problem.line) == ("warning", 3)
    assert "nearly every call" in problem.message


def test_an_exception_that_nearly_any_call_says_is_warned_of(tmp_path: Path) -> None:
    (problem,) = checked(tmp_path, '[goodbye]\nunless = ["to"]\n')
    assert (problem.key, problem.line) == ("goodbye.unless", 3)
    assert "voids nearly every match" in problem.message


@pytest.mark.parametrize(
    "pattern", ["toodle pip", "^ you $", "apolog*", "(so|very) (so|very) long then", "# # #"]
)
def test_a_sound_phrase_is_not_doubted(tmp_path: Path, pattern: str) -> None:
    assert checked(tmp_path, f'[goodbye]\nany = ["{pattern}"]\n') == ()


def test_what_is_there_already_is_named(tmp_path: Path) -> None:
    (problem,) = checked(tmp_path, '[goodbye]\nany = ["toodle pip", "bye"]\n')
    assert "says nothing new" in problem.message
    assert "[goodbye] of service" in problem.message
    (problem,) = checked(tmp_path, '[thank]\nany = ["take care"]\n')
    assert "means two things: it is in [goodbye] of service" in problem.message
    (problem,) = checked(tmp_path, '[thank]\nany = ["toodle pip"]\n\n[goodbye]\nany = ["toodle pip"]\n')
    assert (problem.line, problem.key) == (6, "goodbye.any")
    assert "[thank] of mine.phrases.toml" in problem.message


def test_an_english_phrase_in_hebrew_letters_is_named(tmp_path: Path) -> None:
    (problem,) = checked(tmp_path, '[goodbye]\nany = ["toodle pip", "toodle (שלום|pip) now"]\n')
    assert (problem.key, problem.line) == ("goodbye.any", 3)
    assert "not English" in problem.message


def test_too_many_sequences_are_refused(tmp_path: Path) -> None:
    few = " ".join(f"[word{letter}]" for letter in "abcdefghijk")
    many = ",\n".join(f'"{chr(97 + n % 26)}{chr(97 + n // 26)}{few} bye"' for n in range(30))
    problems = checked(tmp_path, f"[goodbye]\nany = [\n{many}\n]\n")
    assert any(p.severity == "error" and "too many sequences" in p.message for p in problems)
    choice = "|".join(["(a|b c|d e f) (g h|i j|k) (l m|n|o p)"] * 200)
    problems = checked(tmp_path, f'[goodbye]\nany = ["{choice}"]\n')
    assert any(p.severity == "error" and "sequences" in p.message for p in problems)


def test_lines_are_found_in_any_layout(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(
        'title = """\nversion = 9\n[[criterion]]\nid = "x"\n"""\n'
        "phrases = [ # version = 3 ]\n  'version = 4\\',\n]\nversion = 1\n"
        '[[criterion]]\nid = "a \\" # [["\n[criterion.options]\nagent_turns = 1\n'
        "[[ criterion ]]\n'id' = '''b'''\npoints = 2\n"
    )
    source = Source(path)
    assert source.line(None, "version") == 9
    assert source.line("criterion") == 10
    assert [source.line("criterion", "id", nth=nth) for nth in (0, 1)] == [11, 15]
    assert source.line("criterion", "options", nth=0) == 12
    assert source.line("criterion", "points", nth=0) is None
    assert source.line("criterion", "points", nth=1) == 16


def test_a_hebrew_letter_and_a_star_at_the_end_is_warned_of(tmp_path: Path) -> None:
    (problem,) = checked(tmp_path, '\n[goodbye]\nany = ["להתראות זברה ב*"]\n', "he")
    assert problem.severity == "warning"
    assert "בבקשה" in problem.message
    assert checked(tmp_path, '\n[goodbye]\nany = ["להתראות זברה [ב*] גן", "להתראות זברה _"]\n', "he") == ()
    assert checked(tmp_path, '\n[goodbye]\nany = ["להתראות זברה"]\nunless = ["זברה גדולה ב*"]\n', "he") == ()
