"""Promises that no vow tells: what comes at a time, is granted, answers when; and what only seems so."""

from __future__ import annotations

import pytest

from tests.support.calls_as_text import verdict

OPEN = "a: good morning harbour tools ruth speaking how can i help\nc: the drill you sent me does not start\n"
END = "\nc: okay\na: anything else\nc: no\na: thank you bye\nc: bye"
HE_OPEN = "a: שלום כלי נמל מדברת רות במה אפשר לעזור\nc: המקדחה שקניתי לא נדלקת\n"
HE_END = "\nc: טוב\na: עוד משהו\nc: לא\na: תודה להתראות\nc: ביי"


def promised(*lines: str) -> str:
    return verdict(OPEN + "\n".join(lines) + END, "promise_with_deadline")


def promised_he(*lines: str) -> str:
    return verdict(HE_OPEN + "\n".join(lines) + HE_END, "promise_with_deadline", "he")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("a: another one should be with you by wednesday",), "pass"),
        (("a: the fitter'll be out to you tomorrow afternoon",), "pass"),
        (("a: it's on order", "c: and how long will it take", "a: about ten days"), "pass"),
        (("a: leave it here", "c: will somebody ring me", "a: somebody will yes"), "fail"),
        (("a: leave it here", "c: when will it be ready", "a: should be friday", "c: should be",
          "a: i mean if nothing else comes in"), "fail"),
        (("a: the van is with you by four", "c: right", "a: you'll get a text when he sets off"), "pass"),
        (("a: you'll get a text when it moves",), "fail"),
        (("a: take it apart", "c: when will it be ready", "a: maybe half past one"), "not_applicable"),
        (("a: we are open until six on friday",), "not_applicable"),
        (("a: if you send it in the workshop will look at it by monday",), "not_applicable"),
        (("a: the train home will be there at nine",), "not_applicable"),
    ],
)  # fmt: skip
def test_what_is_to_come_is_promised(lines: tuple[str, ...], expected: str) -> None:
    assert promised(*lines) == expected


def test_the_day_of_what_is_delivered_is_promised() -> None:
    lines = ("c: can i have a new one delivered to my shop", "a: which one", "c: the blue one")
    assert promised(*lines, "a: so that's the blue one friday morning") == "pass"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("a: מחליפים לך את המקדחה עד מחר",), "pass"),
        (("a: הוא מתקשר אליך מחר בשמונה",), "pass"),
        (("a: היא מתקשרת אליך מחר בשמונה",), "pass"),
        (("a: זה בהזמנה", "c: ומתי יגיע", "a: תוך חמישה ימים"), "pass"),
        (("a: אולי מחר",), "not_applicable"),
        (("a: אני לא מבטיחה לך שיהיה מחר",), "not_applicable"),
        (("a: אני לא מבטיח לך שיהיה מחר",), "not_applicable"),
    ],
)
def test_what_is_to_come_is_promised_in_hebrew(lines: tuple[str, ...], expected: str) -> None:
    assert promised_he(*lines) == expected
