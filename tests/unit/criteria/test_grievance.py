"""What counts as a complaint, a wish to leave, satisfaction; and whose regret and feeling it asks for."""

from __future__ import annotations

import pytest

from speechqa.criteria import CallView, find_signals
from speechqa.criteria.signals import Signals
from tests.support.calls_as_text import findings, transcript


def signals(text: str, language: str = "en") -> Signals:
    return find_signals(CallView(transcript=transcript(text, language), language=language))


@pytest.mark.parametrize(
    ("call", "language", "complains"),
    [
        ("a: hello\nc: since when is there a fee\na: since may\nc: oh okay", "en", False),
        ("a: hello\nc: since when is there a fee\na: since may\nc: you are kidding me", "en", True),
        ("a: hello\nc: the tap is broken\na: we can't do that\nc: since when", "en", True),
        ("a: hello\nc: i had one from another shop\nc: it was the worst thing ever\na: oh", "en", False),
        ("a: hello\nc: i have written to you five times about the bin", "en", True),
        ("a: hello\nc: your driver left the gate open", "en", True),
        ("a: hello\nc: it's about my heart complaint", "en", False),
        ("a: שלום\nc: ממתי זה עולה כסף\na: ממאי\nc: אבל אמרו לי שזה בחינם", "he", True),
        ("a: שלום\nc: התקשרתי אליכם חמש פעמים", "he", True),
        ("a: שלום\nc: אני רוצה לקחת הלוואה", "he", False),
    ],
)
def test_one_objection_is_surprise_two_are_a_complaint(call: str, language: str, complains: bool) -> None:
    assert signals(call, language).complaint.value is complains


@pytest.mark.parametrize(
    ("call", "leaves"),
    [
        ("a: hello\nc: i just want to cancel it please\na: sure", False),
        ("a: hello\nc: nobody ever rings me back\na: right\nc: i just want to cancel it please", True),
        ("a: hello\nc: if it is not fixed i'm off to somebody else", True),
        ("a: hello\nc: the price is high\na: then switch\nc: that's exactly what i'll do", True),
        ("a: hello\nc: can anyone recommend a better network", True),
        ("a: hello\nc: i am leaving leeds on monday", False),
    ],
)
def test_a_wish_to_cancel_counts_with_a_complaint_or_a_condition(call: str, leaves: bool) -> None:
    assert signals(call).churn_risk.value is leaves


@pytest.mark.parametrize(
    ("said", "threat"),
    [
        ("i am going to the ombudsman", True),
        ("i have filled in the form for the tribunal", True),
        ("i'm with the press actually i only want a room", False),
        ("i want to report a fault", False),
    ],
)
def test_somebody_who_works_for_the_press_threatens_nobody(said: str, threat: bool) -> None:
    assert signals(f"a: hello\nc: {said}").public_or_legal_threat.value is threat


@pytest.mark.parametrize(
    ("last", "satisfied"),
    [
        ("c: thank you so much", False),
        ("c: oh that's brilliant", True),
        ("c: you've been very decent", True),
        ("c: yes thanks for nothing", False),
    ],
)
def test_thanks_alone_are_no_satisfaction(last: str, satisfied: bool) -> None:
    call = f"a: hello\nc: my card is lost\na: i have sent you a new card\n{last}"
    assert signals(call).satisfaction_expressed.value is satisfied


def test_bitter_praise_is_no_satisfaction() -> None:
    call = "a: שלום\nc: האתר לא עובד\na: אין מה לעשות\nc: באמת כל הכבוד על השירות"
    assert signals(call, "he").satisfaction_expressed.value is False


END = "\na: i have booked an engineer for monday at nine\nc: fine\na: thanks bye\nc: bye"


@pytest.mark.parametrize(
    ("said", "answer", "apology", "empathy"),
    [
        ("the machine has a problem", "oh no i'm so sorry about that", "pass", "not_applicable"),
        ("the machine has a problem", "which machine is it", "not_applicable", "not_applicable"),
        ("i have a toothache", "sorry to hear that", "not_applicable", "not_applicable"),
        ("you people never answer the phone", "what is the postcode", "fail", "fail"),
    ],
)
def test_regret_behind_a_trouble_counts_where_nobody_is_blamed(
    said: str, answer: str, apology: str, empathy: str
) -> None:
    found = findings(f"a: hello this is bob at acme\nc: {said}\na: {answer}{END}")
    assert (found["apology"].verdict.value, found["empathy"].verdict.value) == (apology, empathy)
    assert all(found[name].reason for name in ("apology", "empathy"))


@pytest.mark.parametrize("angry", ["מאוכזב", "מאוכזבת"])
def test_both_genders_complain(angry: str) -> None:
    assert signals(f"a: שלום\nc: אני ממש {angry} מכם", "he").complaint.value is True
