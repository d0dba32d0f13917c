"""`answers_or_finds_out`: what counts as a question, and what becomes of it."""

from __future__ import annotations

import pytest

from speechqa.core.finding import Verdict
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC, findings, verdict

OPEN = "a: hello acme support this is bob how can i help\n"
CLOSE = "\na: anything else i can do for you\nc: no that's all\na: thank you for calling goodbye\nc: bye"
NAME = "answers_or_finds_out"


def judged(*lines: str) -> str:
    return verdict(OPEN + "\n".join(lines) + CLOSE, NAME)


def test_the_question_and_its_answer_are_the_evidence() -> None:
    call = OPEN + "c: when does the museum open\na: it opens at ten\nc: thanks" + CLOSE
    found = findings(call)[NAME]
    assert [(e.note, e.quote) for e in found.evidence] == [
        ("the question", "when does the museum open"),
        ("the answer", "it opens at ten"),
    ]
    assert (found.earned, found.possible) == (5, 5)


def test_a_lost_point_says_what_would_change_it() -> None:
    found = findings(OPEN + "c: when does the museum open\na: no idea\nc: right" + CLOSE)[NAME]
    assert found.verdict is Verdict.FAIL
    assert found.would_change
    assert [e.note for e in found.evidence] == ["the question", "what the agent says"]


@pytest.mark.parametrize(
    "line",
    [
        "when does the next bus go",
        "i wanted to know whether the pool is heated",
        "do i need to bring my passport",
        "could you tell me what the balance is",
        "how do i reset the clock",
        "are you open on bank holidays",
        "the shipping is it free or not",
    ],
)
def test_questions_are_told_without_punctuation(line: str) -> None:
    assert judged(f"c: {line}", "a: no idea", "c: oh") == "fail"


@pytest.mark.parametrize(
    "line",
    [
        "could you send me a new card please",
        "i can see what is on my bill",
        "can you repeat that please",
        "how dare you talk to me like that",
        "how many times do i have to explain this",
        "are you kidding me",
        "can i speak to a manager",
        "so i called when i got home",
    ],
)
def test_requests_and_reproaches_are_no_questions(line: str) -> None:
    assert judged(f"c: {line}", "a: i will see to it right now", "c: okay") == "not_applicable"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a: let me find out", "c: okay", "a: it opens at ten"], "pass"),
        (["a: let me find out", "c: okay", "a: okay then"], "fail"),
        (["a: i don't know", "c: oh", "a: hold on i'll ask upstairs", "a: it opens at ten they say"], "pass"),
        (["a: not sure but i will call you back by noon", "c: fine"], "pass"),
        (["a: which museum", "c: the one in york", "a: that one opens at ten", "c: ta"], "pass"),
        (["a: what's your postcode", "c: i asked when it opens", "a: and your name", "c: jim"], "fail"),
    ],
)  # fmt: skip
def test_an_answer_may_come_later(lines: list[str], expected: str) -> None:
    assert judged("c: when does the museum open", *lines) == expected


def test_an_answer_could_still_have_come() -> None:
    assert verdict(OPEN + "c: when does the museum open\na: no idea\nc: oh dear", NAME) == "not_assessed"


def test_nobody_fails_for_an_answer_that_was_not_heard() -> None:
    said = [("agent", "hello acme this is bob how can i help"), ("customer", "when does it open")]
    said += [("agent", "no idea"), ("customer", "oh"), ("agent", "thank you for calling goodbye")]
    turns = tuple(
        Turn(
            speaker=who,
            text=text,
            words=tuple(Word(text=word, confidence=0.6) for word in text.split()),
        )
        for who, text in said
    )
    view = CallView(transcript=Transcript(language="en", engine="x", turns=turns), language="en")
    found = next(f for f in judge(RUBRIC, view) if f.criterion == NAME)
    assert found.verdict is Verdict.NOT_ASSESSED


def test_without_the_customer_nothing_is_known() -> None:
    assert verdict("a: hello acme this is bob\na: it opens at ten", NAME) == "not_assessed"


def test_one_bare_no_idea_among_answers_fails() -> None:
    lines = [
        "c: when does the museum open",
        "a: it opens at ten",
        "c: and how much is a ticket",
        "a: no idea",
    ]
    assert judged(*lines, "c: right") == "fail"
