"""`calming_language`: what it quotes, what it says of itself, and where it says nothing."""

from __future__ import annotations

import pytest

from speechqa.core.finding import Finding
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC, findings

ANGRY = "a: hello acme support bob speaking\nc: this is the third time you lost my order i'm furious\n"


def calming(said: str, language: str = "en") -> Finding:
    return findings(ANGRY + said, language)["calming_language"]


def test_a_fail_quotes_the_words_and_says_what_would_change_it() -> None:
    found = calming("a: i understand but these are the rules\nc: wow\na: goodbye")
    assert found.verdict.value == "fail"
    assert found.evidence[0].quote == "i understand but these are the rules"
    assert (found.evidence[0].speaker, found.evidence[0].turn) == ("agent", 2)
    assert (found.earned, found.possible, found.category) == (0, 5, "courtesy")
    assert "but" in found.reason
    assert found.would_change


def test_a_pass_quotes_the_acknowledgement() -> None:
    found = calming(
        "a: that must be so frustrating\na: i have sent a new one by courier\nc: okay\na: goodbye"
    )
    assert (found.verdict.value, found.earned) == ("pass", 5)
    assert "frustrating" in found.evidence[0].quote


@pytest.mark.parametrize(
    "said",
    [
        "a: i understand but\nc: no you don't\na: i have sent a new one\nc: okay\na: goodbye",
        "a: i understand and i've sent a new one but the courier only comes tomorrow\nc: okay\na: goodbye",
        "a: i understand but of course you will get your money back i have refunded it\nc: okay\na: goodbye",
        "a: you should have received a text sorry about that\nc: no\na: goodbye",
    ],
)
def test_no_slip(said: str) -> None:
    assert calming(said).verdict.value != "fail"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "a: mhm",
        "a: the parcel went by the northern depot on sunday\nc: okay\na: anything else\nc: no\na: bye",
    ],
)
def test_unknown_stays_unknown(said: str) -> None:
    found = calming(said)
    assert found.verdict.value == "not_assessed"
    assert found.would_change


def test_what_was_badly_heard_is_not_called_calm() -> None:
    turns = [Turn(speaker="customer", text="this is ridiculous i am furious with you")]
    text = "that must be so frustrating i have sent a new one"
    words = tuple(Word(text=w, confidence=0.55) for w in text.split())
    turns.append(Turn(speaker="agent", text=text, words=words))
    turns.append(Turn(speaker="agent", text="goodbye"))
    view = CallView(
        transcript=Transcript(language="en", engine="imported", turns=tuple(turns)), language="en"
    )
    found = {finding.criterion: finding for finding in judge(RUBRIC, view)}["calming_language"]
    assert found.verdict.value == "not_assessed"


def test_without_the_customer_nothing_is_said() -> None:
    found = findings(
        "a: hello acme support bob speaking\nu: this is ridiculous\na: i have sent a new one\na: bye"
    )
    assert found["calming_language"].verdict.value == "not_assessed"


def test_help_said_coldly_does_not_calm() -> None:
    found = calming(
        "a: what do you want me to do i can send you a form\nc: wow\na: anything else\nc: no\na: bye"
    )
    assert found.verdict.value == "fail"
    assert len(found.evidence) == 2
