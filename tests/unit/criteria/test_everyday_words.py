"""Everyday Hebrew words on which the folded or inflected form of a word of some list falls."""

from __future__ import annotations

import pytest

from speechqa.criteria import CallView, find_signals
from speechqa.criteria.hebrew import fold, spellings, twins
from speechqa.criteria.lexicon import lexicon_of
from tests.support.calls_as_text import RUBRIC, transcript, verdict


@pytest.mark.parametrize(
    "said",
    ["שלום כמה זה עולה", "תגידי מה שקרה זה משנה", "זה עולה חמישים שקל", "כמה זה עולה לי בחודש"],
)
def test_to_ask_what_it_costs_or_what_happened_is_no_complaint(said):
    call = f"a: שלום מדברת נועה מאופק\nc: {said}\na: חמישים שקל לחודש\nc: תודה רבה להתראות\na: להתראות"
    found = find_signals(CallView(transcript=transcript(call, "he"), language="he"), RUBRIC)
    assert found.complaint.value is False
    assert verdict(call, "complaint_route", "he") == "not_applicable"


@pytest.mark.parametrize("said", ["יש לי כלב בבית", "ומה כלול בהם", "יש בהם שקע"])
def test_a_dog_and_a_pronoun_abuse_nobody(said):
    assert not {"abuse", "insult", "complaint"} & set(lexicon_of(RUBRIC).read(said).hits)


@pytest.mark.parametrize(
    ("word", "everyday"),
    [
        ("עוול", "עולה"),
        ("שקר", "שקרה"),
        ("בהמה", "בהם"),
        ("כלבה", "כלב"),
        ("שלומית", "שלום"),
        ("סיב", "סיבה"),
    ],
)
def test_no_word_is_given_the_form_of_an_everyday_one(word, everyday):
    assert fold(everyday) not in set(twins(fold(word)))


@pytest.mark.parametrize(("word", "everyday"), [("ביטוח", "בטוח"), ("בירור", "ברור")])
def test_a_vowel_letter_that_tells_two_words_apart_is_not_left_out(word, everyday):
    assert fold(everyday) not in set(spellings(fold(word)))


def test_what_does_wrong_somebody_still_complains():
    call = "a: שלום\nc: זה פשוט עוול\na: הבנתי"
    found = find_signals(CallView(transcript=transcript(call, "he"), language="he"), RUBRIC)
    assert found.complaint.value is True
