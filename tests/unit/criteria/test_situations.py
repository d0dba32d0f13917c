"""Situations of a rubric: what tells them, what is due in them, and what is wrong with writing them so."""

from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.core.finding import Finding
from speechqa.core.rubric import Rubric
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.criteria import CallView, judge, load_rubric, validate_rubric
from speechqa.criteria.drafting import criterion_text, situation_text
from tests.support.calls_as_text import transcript

PHRASES = """
language = "en"
[lost_key]
any = ["lost my key"]
[key_found]
any = ["found it"]
[changes_lock]
any = ["change the lock"]
[deadline]
any = ["by noon", "tomorrow"]
[complaint]
any = ["angry"]
"""
TABLES = """
[[situation]]
id = "lost_key"
title = "A key is lost"
when = ["customer.lost_key"]
unless = ["customer.key_found"]

[[criterion]]
id = "lock"
category = "professionalism"
points = 4
detector = "said"
situation = "lost_key"
said = { lists = ["changes_lock"], window = "situation" }
"""
LOST = "a: hello\nc: i have lost my key\n"


def written(folder: Path, tables: str = TABLES, phrases: str = PHRASES) -> Path:
    (folder / "mine.en.toml").write_text(phrases, encoding="utf-8")
    head = 'name = "mine"\nversion = 1\nphrases = ["mine.en.toml"]\n'
    (folder / "mine.toml").write_text(head + tables, encoding="utf-8")
    return folder / "mine.toml"


def lock(rubric: Rubric, call: str | Transcript, **view: object) -> Finding:
    said = transcript(call) if isinstance(call, str) else call
    made = CallView(transcript=said, language="en", complete=True, **view)
    return next(found for found in judge(rubric, made) if found.criterion == "lock")


def test_what_is_due_in_a_situation_is_judged_where_it_is_told_alone(tmp_path) -> None:
    rubric = load_rubric(written(tmp_path))
    met = lock(rubric, LOST + "a: we change the lock\nc: bye\na: bye")
    assert met.verdict.value == "pass"
    assert [quote.quote for quote in met.evidence] == ["i have lost my key", "we change the lock"]
    assert met.evidence[0].note == "why it is due"
    other = lock(rubric, "a: hello\nc: i am angry\na: we change the lock")
    assert other.verdict.value == "not_applicable"
    assert "lost key" in other.reason


def test_what_is_due_and_missing_fails_with_the_words_that_tell_why(tmp_path) -> None:
    missed = lock(load_rubric(written(tmp_path)), LOST + "a: oh dear\nc: goodbye then\na: goodbye")
    assert missed.verdict.value in ("fail", "not_assessed")
    closed = PHRASES + '[goodbye]\nany = ["goodbye"]\n[outcome]\nany = ["oh dear"]\n'
    missed = lock(
        load_rubric(written(tmp_path, phrases=closed)), LOST + "a: oh dear\nc: goodbye then\na: goodbye"
    )
    assert missed.verdict.value == "fail"
    assert [quote.quote for quote in missed.evidence] == ["i have lost my key"]
    assert missed.searched_turns == (1, 4)


def test_said_before_the_situation_is_told_it_does_not_count(tmp_path) -> None:
    early = "a: hello we change the lock\nc: i have lost my key\na: oh\nc: so\na: hm"
    assert lock(load_rubric(written(tmp_path)), early).verdict.value != "pass"


def test_a_situation_that_came_to_nothing_asks_for_nothing(tmp_path) -> None:
    found = lock(load_rubric(written(tmp_path)), LOST + "a: oh dear\nc: wait i found it\na: good")
    assert found.verdict.value == "not_applicable"


def test_words_that_were_heard_badly_tell_no_situation_and_rule_none_out(tmp_path) -> None:
    words = tuple(Word(text=word, confidence=0.2) for word in ("i", "lust", "mike"))
    turns = (Turn(speaker="agent", text="hello"), Turn(speaker="customer", text="i lust mike", words=words))
    said = Transcript(language="en", engine="i", turns=turns)
    assert lock(load_rubric(written(tmp_path)), said).verdict.value == "not_assessed"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("a: we change the lock tomorrow", "pass"),
        ("a: by noon we change the lock", "pass"),
        ("a: we change the lock\nc: when\na: tomorrow", "pass"),
        (
            "a: since tomorrow is friday\nc: yes\na: we change the lock\nc: when\na: soon\nc: oh\na: hm",
            "fail",
        ),
    ],
)
def test_a_time_counts_beside_what_is_due_alone(tmp_path, answer, verdict) -> None:
    timed = TABLES.replace('window = "situation" }', 'window = "situation", timed = true }')
    closed = PHRASES + '[goodbye]\nany = ["goodbye"]\n[outcome]\nany = ["change the lock"]\n'
    finding = lock(load_rubric(written(tmp_path, timed, closed)), LOST + answer + "\nc: goodbye\na: goodbye")
    assert finding.verdict.value == verdict


def test_the_first_turns_after_it_can_be_asked_for(tmp_path) -> None:
    soon = TABLES.replace('window = "situation" }', 'window = "situation", turns = 1 }')
    closed = PHRASES + '[goodbye]\nany = ["goodbye"]\n[outcome]\nany = ["change the lock"]\n'
    rubric = load_rubric(written(tmp_path, soon, closed))
    end = "\nc: goodbye\na: goodbye"
    assert lock(rubric, LOST + "a: we change the lock" + end).verdict.value == "pass"
    assert lock(rubric, LOST + "a: oh\nc: yes\na: we change the lock" + end).verdict.value == "fail"


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ('situation = "lost_key"', 'situation = "lost_keys"', "situation", 15),
        ('situation = "lost_key"\n', "", "said", 15),
        ('when = ["customer.lost_key"]\n', "", "when", 4),
        ('id = "lost_key"', 'id = "Lost Key"', "id", 6),
        ('title = "A key is lost"', 'colour = "red"', "colour", 7),
        ('title = "A key is lost"', "title = 7", "title", 7),
        ('when = ["customer.lost_key"]', 'when = ["neighbour.lost_key"]', "when", 8),
    ],
)
def test_a_fault_is_told_with_its_line_and_key(tmp_path, old, new, key, line) -> None:
    assert old in TABLES
    problems = [p for p in validate_rubric(written(tmp_path, TABLES.replace(old, new, 1))) if p.key == key]
    assert problems, key
    assert problems[0].severity == "error"
    assert problems[0].line is not None
    assert problems[0].expected


def test_two_situations_of_one_id_and_phrases_that_are_nowhere_are_faults(tmp_path) -> None:
    twice = TABLES + '[[situation]]\nid = "lost_key"\nwhen = ["customer.lost_key"]\n'
    assert any("one id" in problem.message for problem in validate_rubric(written(tmp_path, twice)))
    nowhere = TABLES.replace("customer.key_found", "customer.key_melted")
    assert any(problem.found == "key_melted" for problem in validate_rubric(written(tmp_path, nowhere)))


def test_a_situation_in_which_nothing_is_due_is_told(tmp_path) -> None:
    unused = TABLES + '[[situation]]\nid = "left_over"\nwhen = ["customer.lost_key"]\n'
    (told,) = [one for one in validate_rubric(written(tmp_path, unused)) if "left_over" in one.message]
    assert told.severity == "warning"


def test_a_list_that_nobody_reads_is_told_with_those_it_may_be_meant_for(tmp_path) -> None:
    misspelt = TABLES.replace("customer.key_found", "customer.complaintt")
    (told,) = [one for one in validate_rubric(written(tmp_path, misspelt)) if one.found == "complaintt"]
    assert "complaint" in told.expected
    assert len(told.expected) < 200


def test_a_rubric_takes_situations_over_and_changes_them(tmp_path) -> None:
    base = written(tmp_path)
    more = tmp_path / "more.toml"
    more.write_text(
        'name = "more"\nversion = 1\nextends = "mine.toml"\n'
        '[[situation]]\nid = "lost_key"\nwhen = ["customer.complaint"]\n',
        encoding="utf-8",
    )
    rubric, inherited = load_rubric(more), load_rubric(base)
    assert [mention.list for mention in rubric.situations[0].when] == ["complaint"]
    assert rubric.situations[0].title == "A key is lost"
    assert rubric.criteria[0].situations == rubric.situations
    assert inherited.criteria[0].situations[0].when[0].list == "lost_key"


def test_what_is_written_of_a_situation_can_be_read_again(tmp_path) -> None:
    rubric = load_rubric(written(tmp_path))
    lines = [*situation_text(rubric.situations[0]), *criterion_text(rubric.criteria[0])]
    again = load_rubric(written(tmp_path, "\n".join(lines)))
    assert (again.situations, again.criteria) == (rubric.situations, rubric.criteria)
