"""One call for each cause for which scenes of a third author were missed, or masked too much."""

from __future__ import annotations

import pytest

from tests.unit.privacy.test_weighing import said


@pytest.mark.parametrize(
    ("turns", "last"),
    [
        # A round number is a code where no more is said than around an answer.
        (
            ("a: אני צריך את קוד האבטחה", "c: איפה זה?", "a: בצד של החתימה", "c: אה הבנתי. זה מאה"),
            "אה הבנתי. זה [code]",
        ),
        # What was begun and taken back with an excuse.
        (("c: the c v v is one nine, no hang on, my glasses, one seven five",), "the c v v is [code]"),
        # Whoever holds a policy has an ID; the policy is not asked for.
        (
            (
                "a: ID?",
                "c: mine?",
                "a: the policy holder's",
                "c: it's oh oh four twenty eighty nine twenty two",
            ),
            "it's [id]",
        ),
        # A direct debit is no debit card.
        (
            ("c: the direct debit comes out of thirty one seventy two oh nine sixty two, my account",),
            "the direct debit comes out of [account], my account",
        ),
        # An address read back at "its" provider.
        (("c: sarah.miller בג'ימייל",), "[email]"),
        # "Is this what you need?" speaks of a number.
        (("c: הגיע לי משהו מכם, זה מה שאתה צריך? 2 9 2 5",), "הגיע לי משהו מכם, זה מה שאתה צריך? [code]"),
    ],
)
def test_what_was_missed_is_masked(turns: tuple[str, ...], last: str) -> None:
    assert said(*turns)[-1] == last


@pytest.mark.parametrize(
    "turns",
    [
        # A telephone that is bought, with its model and price.
        ("c: קניתי טלפון גלקסי 54 צבע שחור 256 זיכרון 1849",),
        ("c: a new phone, 2450 list price 1849",),
        # A provider is an address only behind one that is written as addresses are.
        ("c: יש לי חשבון בג'ימייל",),
    ],
)
def test_what_is_ordinary_is_left(turns: tuple[str, ...]) -> None:
    assert said(*turns) == [turn[3:] for turn in turns]


def test_an_answer_after_a_whole_telephone_number_is_left() -> None:
    turns = ("c: אפס שלוש שש חמש ארבע שלוש שתיים אחת שבע", "a: תודה", "c: שבע עשרה")
    assert said(*turns) == ["[phone]", "תודה", "שבע עשרה"]


def test_what_is_said_beside_an_account_is_left() -> None:
    left = said("a: החשבון?", "c: 31720962 סניף הבנק עשר")
    assert left[-1] == "[account] סניף הבנק עשר"


def test_a_number_that_is_thanked_for_is_a_code() -> None:
    answer = "c: well my glasses are somewhere around the kitchen, four eight two nine"
    assert "[code]" in said(answer, "a: perfect, thanks")[0]
    assert "[code]" not in said(answer, "a: hello?")[0]
