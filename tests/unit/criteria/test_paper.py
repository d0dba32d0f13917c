"""Paper asked for before something is cancelled: what counts, what is only like it, and what is unknown."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from speechqa.criteria import CallView, find_signals
from tests.support.calls_as_text import RUBRIC, transcript

OUT = {"en": "c: i want to cancel my membership", "he": "c: אני רוצה לבטל את המנוי"}


def signal(call, language="en", rubric=RUBRIC):
    view = CallView(transcript=transcript(f"a: hello acme\n{call}", language), language=language)
    return find_signals(view, rubric).form_demanded_to_cancel


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "we need that in writing"),
        ("en", "you'd have to send a registered letter"),
        ("en", "you fill in the form and bring it to the branch"),
        ("en", "it's a letter i'm afraid"),
        ("en", "by fax only"),
        ("en", "okay but you've got to come into the store for that"),
        ("en", "cancellations are only done by post"),
        ("he", "צריך לשלוח פקס"),
        ("he", "תמלאי טופס באתר ותשלחי אלינו"),
        ("he", "ביטול עושים רק בסניף"),
        ("he", "אז במכתב רשום"),
        ("he", "תצטרך להגיע למשרד"),
        ("he", "יש נוהל להדפיס לחתום ולשלוח בדואר רשום"),
    ],
)
def test_a_demand_for_paper_is_flagged_with_its_words(language, said):
    found = signal(f"{OUT[language]}\na: {said}", language)
    assert found.value is True
    assert [one.quote for one in found.evidence] == [said]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "it's done you'll have it in writing by email tonight"),
        ("en", "no letter no form it's cancelled as of today"),
        ("en", "i'll send you a letter to confirm"),
        ("en", "please return the router to any branch"),
        ("en", "you can also do it by letter but i've done it now"),
        ("en", "may i have the second letter of your password"),
        ("en", "i'm filling in the form for you now"),
        ("he", "בוטל בלי טפסים בלי כלום"),
        ("he", "אישור ביטול יגיע אליך במייל"),
        ("he", "את הראוטר אפשר להחזיר בסניף דואר"),
        ("he", "אני ממלא את הטופס במקומך עכשיו"),
        ("he", "מה ארבע הספרות האחרונות של תעודת הזהות"),
    ],
)
def test_what_only_looks_like_it_is_none(language, said):
    assert signal(f"{OUT[language]}\na: {said}", language).value is False


@pytest.mark.parametrize(
    ("language", "call"),
    [
        ("en", "c: i have a claim for the vet\na: you'd need to send us the form"),
        ("en", "c: i'd like to complain\na: you can put it in writing\na: we need that in writing"),
        ("he", "c: רציתי להגיש תביעה\na: צריך למלא טופס"),
    ],
)
def test_paper_for_anything_else_is_none(language, call):
    assert signal(call, language).value is False


@pytest.mark.parametrize(
    ("language", "call"),
    [
        ("en", "c: last time they told me i had to send a fax to cancel\na: let me see"),
        ("en", "c: hi it's about my gym\na: to close it you need to fill the cancellation form"),
        ("he", "c: אמרו לי לשלוח פקס כדי לבטל\na: אני בודק"),
        ("he", "c: שלום זה לגבי המנוי\na: לבטל אפשר רק בסניף עם תעודה"),
    ],
)
def test_it_is_told_too_where_the_customer_says_so_or_the_agent_names_it(language, call):
    assert signal(call, language).value is True


def test_where_nothing_was_searched_it_is_unknown():
    less = replace(RUBRIC, phrases=tuple(p for p in RUBRIC.phrases if p.name != "demands_paper"))
    assert signal(OUT["en"], rubric=less).value is None
    view = CallView(transcript=transcript("c: i want to cancel\nc: now"), language="en")
    assert find_signals(view, RUBRIC).form_demanded_to_cancel.value is None
