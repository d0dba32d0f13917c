"""Questions about the need that no question word tells, by shape and answer; and what only seems so."""

from __future__ import annotations

import pytest

from tests.support.calls_as_text import verdict

OPEN = "a: good morning harbour tools ruth speaking how can i help\n"
END = "\na: right i have booked that for you\nc: thank you\na: bye\nc: bye"
HE_OPEN = "a: שלום כלי נמל מדברת רות במה אפשר לעזור\n"
HE_END = "\na: סידרתי לך את זה\nc: תודה\na: להתראות\nc: ביי"


def asked(*lines: str, matter: str = "i want to hire a drill off you") -> str:
    return verdict(OPEN + f"c: {matter}\n" + "\n".join(lines) + END, "needs_clarification")


def asked_he(*lines: str, matter: str = "אני רוצה לשכור אצלכם מקדחה") -> str:
    return verdict(HE_OPEN + f"c: {matter}\n" + "\n".join(lines) + HE_END, "needs_clarification", "he")


@pytest.mark.parametrize(
    "lines",
    [
        ("a: the big one", "c: no the small one"),
        ("a: concrete or wood", "c: concrete"),
        ("a: which bit size", "c: ten millimetre"),
        ("a: so it's for a wall", "c: yes an outside one"),
        ("a: with the case", "c: yes please"),
        ("a: whereabouts is the job", "c: up on the hill"),
        ("a: you could have the corded or the cordless", "c: cordless"),
    ],
)
def test_a_need_is_asked_about_without_a_question_word(lines: tuple[str, ...]) -> None:
    assert asked(*lines) == "pass"


@pytest.mark.parametrize(
    "lines",
    [
        ("a: surname", "c: okafor"),
        ("a: seven two nine", "c: yes"),
        ("a: you said a drill", "c: yes but the other day it was a saw"),
        ("a: have you ever used one", "c: have i what"),
        ("a: there's nothing wrong with what we told you", "c: okay"),
        ("a: we only open at nine which is what happened on friday", "c: i see"),
    ],
)
def test_what_only_seems_to_ask_sharpens_nothing(lines: tuple[str, ...]) -> None:
    assert asked(*lines) == "fail"


def test_asking_what_was_just_said_sharpens_nothing() -> None:
    matter = "the drill i hired from your shop yesterday gives off smoke and sparks"
    lines = ("a: what's your name", "c: lena", "a: and what's the problem", "c: as i say it gives off smoke")
    assert asked(*lines, matter=matter) == "fail"


def test_a_matter_known_to_the_agent_needs_no_question() -> None:
    call = OPEN + (
        "c: the whole of mill street has no power\na: yes we're aware of it a crew is there\n"
        "c: okay\na: it should be back by nine tonight\nc: thank you bye\na: bye"
    )
    assert verdict(call, "needs_clarification") == "not_applicable"


def test_an_answered_question_needs_none_in_return() -> None:
    call = OPEN + (
        "c: i'd like to know whether you rent out ladders\na: yes we do from four metres up\n"
        "c: lovely thanks\na: bye\nc: bye"
    )
    assert verdict(call, "needs_clarification") == "not_applicable"


def test_a_call_that_stops_late_without_a_question_is_judged() -> None:
    lines = (
        "c: my drill from you broke on its first day\na: let me see\nc: okay\n"
        + ("a: they do not like rain\nc: it was dry\na: that model is sturdy you know\nc: not this one\n") * 3
    )
    assert verdict(OPEN + lines, "needs_clarification") == "fail"


@pytest.mark.parametrize("lines", [
    ("a: לבטון או לעץ", "c: לבטון"),
    ("a: איזה גודל של מקדח", "c: עשר מילימטר"),
    ("a: ויש לך כבל ארוך", "c: כן יש"),
    ("a: אתה לבד בעבודה", "c: כן לבד"),
    ("a: את לבד בעבודה", "c: כן לבד"),
])  # fmt: skip
def test_a_need_is_asked_about_in_hebrew(lines: tuple[str, ...]) -> None:
    assert asked_he(*lines) == "pass"


@pytest.mark.parametrize("lines", [
    ("a: תעודת זהות", "c: אפס שלוש שתיים"),
    ("a: אתה צריך להגיע עם רכב", "c: טוב"),
    ("a: תעשה מה שאתה רוצה", "c: יפה מאוד"),
])  # fmt: skip
def test_what_only_seems_to_ask_in_hebrew(lines: tuple[str, ...]) -> None:
    assert asked_he(*lines) == "fail"
