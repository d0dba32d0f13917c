"""Causes of misses found by scenes of another author (`benchmarks/blind_numbers`)."""

from __future__ import annotations

import pytest

from speechqa.core.transcript import Transcript, Turn
from speechqa.privacy import redact


def masked(*turns: tuple[str, str]) -> list[str]:
    said = tuple(Turn(speaker=party, party=party, text=text) for party, text in turns)
    found = redact(Transcript(language=None, engine="import:simple", turns=said)).transcript
    return [turn.text for turn in found.turns]


def test_an_oh_is_not_the_country_of_an_iban() -> None:
    first, _, rest = masked(
        ("B", "the IBAN is I L oh six oh two oh seven three"),
        ("A", "two oh seven three, yes"),
        ("B", "oh oh oh oh eight eight five uh eight five seven eight five one oh"),
    )

    assert "seven three" not in first
    assert rest == "[iban]"


def test_a_name_with_a_written_point_before_a_spoken_at_is_masked_whole() -> None:
    assert masked(("B", "michal.levi שטרודל gmail נקודה קום")) == ["[email]"]


@pytest.mark.parametrize("named", ["the four digit number on the front", "ארבע ספרות מלפנים"])
def test_a_code_named_by_its_place_on_the_front_is_masked(named: str) -> None:
    assert masked(("A", named), ("B", "5318"))[1] == "[code]"


@pytest.mark.parametrize(
    "text", ["פלוס 972-50-601-4866", "it's 972-50-601-4866", "it's plus 44 7911 123456", "plus 4915112345679"]
)
def test_a_number_with_its_country_code_is_masked_without_the_sign(text: str) -> None:
    assert "[phone]" in masked(("B", text))[0]


@pytest.mark.parametrize(
    ("number", "confirmed"), [("הגיע לי 0361", "כן זה הקוד, תודה"), ("I got 8120", "yes, that's the code")]
)
def test_a_code_that_the_other_party_names_only_afterwards_is_masked(number: str, confirmed: str) -> None:
    assert "[code]" in masked(("B", number), ("A", confirmed))[0]


@pytest.mark.parametrize("answer", ["what is the code on the box?", "is that with the code SUMMER?", "fine"])
def test_a_number_before_a_turn_that_only_speaks_of_a_code_is_left(answer: str) -> None:
    assert masked(("B", "I paid 8120"), ("A", answer))[0] == "I paid 8120"


@pytest.mark.parametrize(
    "text",
    [
        "four five five seven four three oh one um sorry the light is bad here two three one one no wait "
        "eight no it is two three one one and oh three eight seven",
        "חמש שתיים חמש אפס אפס תשע שבע אחת לא סליחה, אפס תשע שבע אחת רגע אני לא רואה טוב שלוש שמונה תשע אפס "
        "שתיים שלוש שמונה ארבע",
    ],
)
def test_talk_between_the_groups_of_a_corrected_card_leaves_no_group_unmasked(text: str) -> None:
    (left,) = masked(("B", text))

    assert not {"five", "three", "eight", "שלוש", "שמונה", "ארבע"} & set(left.split())


def test_few_digits_with_talk_between_are_no_card() -> None:
    text = "one two three four testing, I called at three and then again, two or three times"
    assert masked(("B", text)) == [text]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("three numbers, next to the signature?", "oh three three"),
        ("and the little three digit one, which is it?", "217"),
        ("You should see six digits on your screen.", "319152"),
        ("תהפוך את הכרטיס, יש שם שלוש ספרות", "אפס שמונה שלוש"),
        ("שלוש הספרות הקטנות מהצד השני", "אה כן אחד שניים שישה"),
        ("what does the text say?", "it says use 546442 to log in"),
        ("שלחנו עכשיו סיסמה זמנית לטלפון, מה קיבלת?", "ארבע אפס תשע חמש שלוש שבע"),
    ],
)
def test_digits_that_were_asked_for_by_their_count_or_place_are_masked(asked: str, answer: str) -> None:
    assert "[code]" in masked(("A", asked), ("B", answer))[1]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("and the last four digits?", "4821"),
        ("ארבע ספרות אחרונות של הכרטיס?", "4821"),
        ("six digits on your screen?", "I paid 250 for it"),
        ("did you get three numbers?", "I have 12 of them"),
        ("you see six digits on your screen?", "5 boxes came, then 120450 points"),
    ],
)
def test_other_answers_to_questions_about_digits_are_left(asked: str, answer: str) -> None:
    assert masked(("A", asked), ("B", answer))[1] == answer


def test_a_digit_doubled_in_hebrew_is_masked_with_its_word() -> None:
    assert masked(("A", "מספר חשבון בנק?"), ("B", "כפול אפס ארבע שמונה אחת חמש"))[1] == "[account]"


def test_an_at_heard_as_a_particle_is_an_address_only_near_the_word_for_one() -> None:
    assert masked(("B", "האימייל זה אבי נקודה בראון את וואלה נקודה קום"))[0].endswith("[email]")
    assert masked(("B", "תבדוק את וואלה נקודה קום")) == ["תבדוק את וואלה נקודה קום"]


@pytest.mark.parametrize(
    ("asked", "answer", "left"),
    [
        ("מספר זהות לצורך פתיחת פנייה?", "בבקשה 038 353 181", "בבקשה [id]"),
        ("the phone of whoever gets the package?", "0521234567", "[phone]"),
        ("the phone, and what is the order?", "10223344", "10223344"),
    ],
)
def test_what_a_number_is_needed_for_does_not_name_it(asked: str, answer: str, left: str) -> None:
    assert masked(("A", asked), ("B", answer))[1] == left
