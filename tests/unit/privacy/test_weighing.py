"""Short numbers that are codes by what is said around them, and those that are not."""

from __future__ import annotations

import pytest

from benchmarks.blind_numbers.__main__ import hidden, masked
from benchmarks.blind_numbers.generate import SECRETS, items, scenes
from speechqa.core.transcript import Transcript, Turn
from speechqa.privacy import redact
from speechqa.privacy.counting import is_counted
from speechqa.privacy.phrases import bare_forms
from speechqa.privacy.subjects import mentions
from speechqa.privacy.tokens import tokenize


def said(*turns: str) -> list[str]:
    """What is left of turns given as "a: ..." and "c: ..."."""
    parties = {"a": "A", "c": "B"}
    call = tuple(
        Turn(speaker=parties[turn[0]], party=parties[turn[0]], text=turn[3:], words=()) for turn in turns
    )
    masked_call = redact(Transcript(language=None, engine="import", turns=call)).transcript
    return [turn.text for turn in masked_call.turns]


@pytest.mark.parametrize(
    "turns",
    [
        ("a: And the three on the back?", "c: 482"),
        ("a: turn it over for me", "c: okay", "a: what do you see there?", "c: four eight two"),
        ("a: expiry?", "c: 04/27", "a: and the security?", "c: one two three"),
        ("a: I have the long number and the date, now just the short one", "c: 316"),
        ("a: Has the message come through yet?", "c: Just now. 1961."),
        ("a: I'm pushing it to your app, say when you see it", "c: got it", "a: go ahead", "c: 482910"),
        ("a: the code I sent to complete your order?", "c: 482910"),
        ("a: a code went to the phone ending in 45", "c: 482910"),
        ("a: The code please.", "c: Which one?", "a: The latest one.", "c: 482910"),
        ("c: the code's 482910",),
        ("a: שלחתי לך עכשיו משהו, מה כתוב שם?", "c: 482910"),
        ("a: תהפכי אותו ותקריאי לי את המספר הקטן", "c: 482"),
        ("a: ומה הסי וי וי", "c: 708"),
        ("a: ססמה חד פעמית בבקשה", "c: 6 2 1 3 7 4"),
        ("a: נשאר רק הקוד של הכרטיס", "c: רגע הילדה בוכה", "a: אני על הקו", "c: חזרתי, שלוש אפס שלוש"),
    ],
)
def test_a_number_that_enough_speaks_for_is_a_code(turns: tuple[str, ...]) -> None:
    assert "[code]" in said(*turns)[-1]
    assert not set("0123456789") & set(said(*turns)[-1])


@pytest.mark.parametrize(
    "turns",
    [
        ("c: got a text with 482910 in it, is that it?",),
        ("c: four eight two nine one zero", "a: It's saying invalid."),
        ("c: 482910 came up", "a: thanks, you're verified"),
        ("c: השלוש ספרות הן תשע חמש תשע",),
    ],
)
def test_a_code_needs_no_question(turns: tuple[str, ...]) -> None:
    assert "[code]" in said(*turns)[0]


@pytest.mark.parametrize(
    "turns",
    [
        ("a: what's the model?", "c: it says 2417 on the back"),
        ("a: תגיד לי את הדגם", "c: כתוב מאחורה 2417"),
        ("a: What are the last three digits of the order?", "c: 417"),
        ("a: did you get the message about the price?", "c: yes, 2536"),
        ("a: what does the screen say?", "c: error 404"),
        ("c: it keeps giving me error code 722 and then 1293",),
        ("a: to verify you, what's your house number?", "c: 124"),
        ("a: the three digits on the back?", "c: one moment", "a: so that's 349 in total"),
        ("a: I'm sending a text", "c: I've had 350 parcels this year"),
        ("a: verify the last four digits of your card", "c: 4821"),
        ("a: the screen?", "c: my back hurts, 250 steps"),
        ("a: קיבלת את ההודעה על המחיר?", "c: כן, 2536 לחודש"),
        ("a: קיבלת הודעה? כמה שילמת?", "c: 350"),
    ],
)
def test_a_number_that_something_ordinary_is_said_of_is_left(turns: tuple[str, ...]) -> None:
    assert said(*turns) == [turn[3:] for turn in turns]


def test_what_was_asked_is_answered_once() -> None:
    turns = ["a: code please", "c: 1 5 9", "a: one five nine mhm", "c: 1 6 5", "a: so your balance is 659"]
    assert said(*turns)[-1] == "so your balance is 659"


def test_another_question_ends_a_dictated_number() -> None:
    turns = ["a: לצורך זיהוי, 52312, מה ההמשך?", "c: אפס שבע ארבע תשע", "a: ובאיזו שנה הצטרפת?", "c: 2019"]
    assert said(*turns)[-1] == "2019"


def test_what_is_counted_after_a_card_is_left() -> None:
    card = "it's 4580123456789015, for four purchases"
    assert said(f"c: {card}") == ["it's [card], for four purchases"]


def test_an_id_is_named_by_its_check_digit() -> None:
    assert said("a: המספר כולל ספרת ביקורת", "c: אז 0 7 3 7 3 3 5 6 ביקורת 0")[1] == "אז [id]"


def test_a_correction_named_only_in_the_answer_is_an_id() -> None:
    turns = ["c: חמש שש אפס חמש שבע ארבע אה לא שתיים שמונה אפס שתיים", "a: זו הת״ז?"]
    assert said(*turns)[0] == "[id]"


def test_words_that_count_and_names_of_digits() -> None:
    assert is_counted(tokenize("350 דירות"), 0)
    assert not is_counted(tokenize("ארבע שתיים"), 0)
    assert bare_forms("שמונה") == ["שמונה"]
    assert [mention.subject for mention in mentions(tokenize("error code"), 0, 0)] == ["plain"]


@pytest.mark.parametrize("half", ["mended", "dev", "more", "second-dev", "third-dev"])
def test_scenes_that_were_looked_at(half: str) -> None:
    wrong, ordinary = [], 0
    for item in items(11, 2 * len(scenes(half)), half):
        after = masked(item, timed=False)
        spans = [hidden(text, left) for (_, text), left in zip(item.turns, after, strict=True)]
        if item.kind in SECRETS:
            open_ones = [
                piece
                for piece in item.must_hide()
                if not any(start <= piece.start and piece.end <= end for start, end in spans[piece.turn])
            ]
            wrong += [item.scene] if open_ones else []
        ordinary += sum(
            any(start < piece.end and piece.start < end for start, end in spans[piece.turn])
            for piece in item.ordinary
        )
    # One digit put right by its place ("fifth one's four"); a zero that alone is a sigh ("o I think").
    assert set(wrong) <= {"otp-en:7", "cvv-en:5"}
    assert ordinary <= 1


def test_a_short_number_that_nothing_speaks_for_is_left() -> None:
    assert said("a: hello", "c: oh five") == ["hello", "oh five"]
