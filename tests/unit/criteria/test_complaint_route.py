"""The way of a complaint: room to vent, questions, a solution, thanks; and who complains of nothing."""

from __future__ import annotations

import pytest

from speechqa.core.dialogue import Dialogue, Overlap
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC, findings

GOOD = {
    "en": (
        "a: hello this is bob at acme\n"
        "c: nobody ever rings me back and my cooker has been dead for three weeks\n"
        "a: i'm so sorry three weeks is far too long\na: what does it do when you switch it on\n"
        "c: nothing at all\na: right i've booked an engineer for you on monday at nine\nc: fine\n"
        "a: and thanks for telling us about the calls\nc: okay\na: bye\nc: bye"
    ),
    "he": (
        "a: שלום מדבר דני מחברת אופק\nc: אף אחד לא חוזר אליי והתנור לא עובד כבר שלושה שבועות\n"
        "a: אני ממש מצטער שלושה שבועות זה יותר מדי\na: מה קורה כשמדליקים אותו\nc: כלום\n"
        "a: קבעתי לך טכנאי ליום שני בתשע\nc: בסדר\n"
        "a: ותודה שסיפרת לנו על השיחות\nc: טוב\na: להתראות\nc: להתראות"
    ),
}


def route(text, language="en", **view):
    return findings(text, language, **view)["complaint_route"]


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_complaint_that_goes_its_whole_way_meets_all_parts(language):
    found = route(GOOD[language], language)
    assert found.verdict.value == "pass"
    assert [part.verdict.value for part in found.components] == ["pass"] * 4
    assert (found.earned, found.possible) == (5, 5)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "a: hello acme\nc: you have charged me twice again it's a disgrace\na: account number please\n"
            "c: it's four four one\na: there's nothing i can do about it\nc: unbelievable\na: bye\nc: bye",
            "en",
        ),
        (
            "a: שלום אופק\nc: חייבתם אותי שוב פעמיים זו בושה\na: מספר לקוח\nc: ארבע ארבע אחת\n"
            "a: אין מה לעשות\nc: ביזיון\na: להתראות\nc: להתראות",
            "he",
        ),
    ],
)
def test_a_complaint_met_with_identity_and_nothing_fails(text, language):
    found = route(text, language)
    assert found.verdict.value == "fail"
    vent = found.components[0]
    assert (vent.id, vent.verdict.value, bool(vent.evidence)) == ("vent", "fail", True)
    assert "Identity" in vent.reason
    assert found.would_change


def test_an_acknowledgement_in_the_same_breath_comes_first():
    said = (
        "a: hello acme\nc: nobody rings me back it's a disgrace\na: {}\nc: four four one\n"
        "a: i've booked it for monday\nc: fine\na: bye\nc: bye"
    )
    asked = route(said.format("i'm sorry about that what is your account number")).components
    late = route(said.format("what is your account number and i'm sorry about that")).components
    assert [asked[0].verdict.value, late[0].verdict.value] == ["pass", "fail"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("i don't want compensation i just want it to work it has been broken for weeks", "en"),
        ("i don't want a refund i need my parcel nobody ever rings me back", "en"),
        ("אני לא רוצה פיצוי רק שיעבוד לי האינטרנט כבר שבועיים זו בושה", "he"),
    ],
)
def test_who_wants_no_money_but_the_thing_wants_a_solution(said, language):
    found = route(f"a: hello acme\nc: {said}\na: i'm sorry\nc: well\na: bye\nc: bye", language)
    assert [part.id for part in found.components if not part.verdict.counts] == []


def test_who_only_wants_to_be_heard_needs_no_solution():
    text = (
        GOOD["en"]
        .replace("three weeks and", "three weeks")
        .replace("c: fine", "c: i don't want anything i just wanted you to know")
    )
    parts = {part.id: part for part in route(text).components}
    assert parts["solution"].verdict.value == "not_applicable"
    assert parts["solution"].possible is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "a: hello acme\nc: my light is out could you send somebody\na: of course monday\nc: thanks bye",
            "en",
        ),
        ("a: hello acme\nc: i had awful service at the other place so i want to join you\na: great", "en"),
        ("a: שלום אופק\nc: המנורה לא נדלקת אפשר לשלוח מישהו\na: בטח ביום שני\nc: תודה להתראות", "he"),
    ],
)
def test_a_fault_that_is_only_told_is_no_complaint(text, language):
    assert route(text, language).verdict.value == "not_applicable"


def test_a_measured_interruption_before_the_acknowledgement_takes_the_room():
    words = ((0, 2, "agent", "hello this is acme"), (3, 9, "customer", "nobody ever rings me back"),
             (8, 12, "agent", "i'm sorry about that what happened"), (13, 15, "customer", "nothing"),
             (16, 18, "agent", "i've booked it for monday"), (19, 20, "customer", "bye"))  # fmt: skip
    turns = tuple(Turn(speaker=who, text=text, start=s, end=e) for s, e, who, text in words)
    cut = Overlap(start=5.0, end=7.5, by="agent", of="customer", by_party="a", of_party="b",
                  kind="interruption", rule="cuts in")  # fmt: skip
    view = CallView(
        transcript=Transcript(language="en", engine="imported", turns=turns),
        language="en",
        dialogue=Dialogue(basis="audio", overlaps=(cut,)),
    )
    found = {f.criterion: f for f in judge(RUBRIC, view)}["complaint_route"]
    assert found.components[0].verdict.value == "fail"
    assert found.components[0].reason.startswith("The agent takes the floor")


def test_what_stops_before_it_is_over_is_not_held_against_the_agent():
    text = (
        "a: hello acme\nc: nobody ever rings me back it's a disgrace\na: what is your account number\nc: it's"
    )
    assert route(text).verdict.value == "not_assessed"
