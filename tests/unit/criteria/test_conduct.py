"""How the agent bears themselves: signs that count together, and what the customer makes of them."""

from __future__ import annotations

import pytest

from speechqa.core.finding import Finding
from tests.support.calls_as_text import findings

OPEN = {"en": "a: hello acme support this is bob\n", "he": "a: שלום מדברת נועה מחברת אופק\n"}
CLOSE = {"en": "\na: okay bye\nc: bye", "he": "\na: יום טוב\nc: ביי"}


def judged(criterion: str, said: str, language: str = "en") -> Finding:
    return findings(OPEN[language] + said + CLOSE[language], language)[criterion]


def verdict(criterion: str, said: str, language: str = "en") -> str:
    return judged(criterion, said, language).verdict.value


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: can you waive the fee\na: no\nc: why not\na: that's how it is", "en"),
        ("c: could somebody look at it today\na: we don't do that\nc: you're kidding", "en"),
        ("c: אפשר לוותר על הקנס\na: לא\nc: למה לא\na: ככה זה אצלנו", "he"),
    ],
)
def test_a_wish_denied_with_no_reason_when_asked_hides_behind_the_rule(said: str, language: str) -> None:
    assert verdict("no_policy_hiding", said, language) == "fail"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: can i have it on sunday\na: not on a sunday but monday morning you can\nc: fine", "en"),
        (
            "c: is there any chance of a bigger room\na: they're all taken there's a conference on\nc: oh",
            "en",
        ),
        ("c: אפשר משלוח ביום שישי\na: לא בשישי אבל בראשון בבוקר כן\nc: טוב", "he"),
    ],
)
def test_a_wish_denied_with_a_reason_or_another_way_is_explained(said: str, language: str) -> None:
    assert verdict("no_policy_hiding", said, language) == "pass"


@pytest.mark.parametrize(
    "said",
    [
        "c: could i have a later slot\na: no problem i have moved you to four\nc: thanks",
        "c: do i have to change trains\na: no it's straight through\nc: good",
        "c: i broke my leg\na: oh no that sounds painful\nc: it is",
    ],
)
def test_no_without_a_wish_denied_refuses_nothing(said: str) -> None:
    assert verdict("no_policy_hiding", said) == "not_applicable"


def test_signs_of_not_caring_count_together_with_all_quoted() -> None:
    found = judged(
        "no_indifference",
        "c: i have waited three weeks and nobody called me\na: could be a few weeks\n"
        "c: when will i know\na: i don't know",
    )
    assert found.verdict.value == "fail"
    assert len(found.evidence) == 2
    assert found.confidence is not None
    assert found.confidence < 0.7


def test_a_bare_shrug_at_a_customer_who_leaves_is_indifference() -> None:
    assert verdict("no_indifference", "c: i'm leaving for another provider\na: that's up to you") == "fail"
    assert verdict("no_indifference", "c: אני עובר לחברה אחרת\na: אז תעבור", "he") == "fail"


@pytest.mark.parametrize(
    "said",
    [
        "c: should i pay by card or cash\na: that's up to you\nc: card then",
        "c: when is it coming\na: i don't know but let me find out for you\nc: thanks",
        "c: nobody called me\na: i'm so sorry\nc: when will it be\na: i don't know yet\nc: okay",
    ],
)
def test_one_sign_alone_or_beside_regret_is_none(said: str) -> None:
    assert verdict("no_indifference", said) == "pass"


DISPUTE = {
    "en": "c: i never got the parcel\na: it was delivered on tuesday\nc: no nobody came\n"
    "a: the system shows it was delivered\nc: but i was home all day",
    "he": "c: לא קיבלתי את החבילה\na: היא נמסרה ביום שלישי\nc: אבל אף אחד לא בא\n"
    "a: המערכת מראה שהחבילה נמסרה\nc: אבל לא קיבלתי כלום",
}


@pytest.mark.parametrize("language", ["en", "he"])
def test_holding_to_it_twice_against_the_customer_is_a_dispute(language: str) -> None:
    assert verdict("no_arguing", DISPUTE[language], language) == "fail"


@pytest.mark.parametrize(
    "said",
    [
        "c: i never got the parcel\na: it was delivered on tuesday let me check with the driver\nc: thanks",
        "c: is it two tickets\na: it's one ticket\nc: no two please\na: okay it's two tickets now\nc: great",
    ],
)
def test_saying_it_once_or_setting_it_right_is_no_dispute(said: str) -> None:
    assert verdict("no_arguing", said) == "pass"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("c: nobody came yesterday\na: we're flat out at the minute\nc: hm", "fail"),
        ("c: nobody came yesterday\na: i'm so sorry we're flat out at the minute\nc: okay", "pass"),
        ("c: how busy is it today\na: we're flat out at the minute\nc: okay thanks", "pass"),
    ],
)
def test_an_excuse_is_for_something(said: str, expected: str) -> None:
    assert verdict("no_excuses", said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("c: it was wrong again\na: whoever told you that did it wrong they do that all the time", "fail"),
        ("c: nobody told me\na: she should have told you that\nc: okay", "fail"),
        ("c: nobody told me\na: they should have explained it i'm so sorry about that\nc: okay", "pass"),
        ("c: it broke\na: did you drop it by accident\nc: no\na: okay i have ordered a new one", "pass"),
    ],
)
def test_whose_doing_it_was(said: str, expected: str) -> None:
    assert verdict("ownership", said) == expected


def test_talking_down_that_the_customer_minds() -> None:
    said = "c: i'm locked out again and nobody helps\na: as i said before\nc: no need to be rude"
    assert verdict("no_patronising", said) == "fail"
    assert verdict("no_patronising", "c: which one was it\na: as i said before the left one\nc: ta") == "pass"


def test_a_nod_the_customer_minds_and_a_denial_said_again() -> None:
    nod = "c: i have had no heating for a week and nobody came\na: yep\nc: is that all you can say"
    assert verdict("no_indifference", nod) == "fail"
    twice = "c: you charged me twice\na: we didn't\nc: it's on my statement\na: no it was once"
    assert verdict("no_arguing", twice) == "fail"
