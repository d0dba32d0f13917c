from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.core.masks import is_masked
from speechqa.core.transcript import RejectedText, Transcript, Turn, Word
from speechqa.privacy import redact, redact_text
from speechqa.privacy.number_keys import NumberKey
from tests.support.work import calls_made

CARD = "4111 1111 1111 1111"
ID = "123456782"


def transcript(*turns: tuple[str, str], words: bool = False) -> Transcript:
    built = []
    for index, (party, text) in enumerate(turns):
        said = tuple(
            Word(text=word, start=index + i / 10, end=index + i / 10 + 0.1, confidence=0.5 + min(i, 40) / 100)
            for i, word in enumerate(text.split())
        )
        built.append(
            Turn(
                speaker={"A": "agent", "B": "customer"}.get(party, "unknown"),
                party=party or None,
                text=text,
                words=said if words else (),
            )
        )
    return Transcript(language=None, engine="import:simple", turns=tuple(built))


def texts(result: Transcript) -> list[str]:
    return [turn.text for turn in result.turns]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"my card is {CARD}.", "my card is [card]."),
        ("4111-1111-1111-1111 thanks", "[card] thanks"),
        ("3782 822463 10005 is my amex", "[card] is my amex"),
        ("four one double one " + "one " * 12 + "okay", "[card] okay"),
        ("it's forty one eleven, eleven eleven, eleven eleven, eleven eleven", "it's [card]"),
        (
            "ארבע אחת אחת אחת, אחת אחת אחת אחת, אחת אחת אחת אחת, אחת אחת אחת אחת תודה",
            "[card] תודה",
        ),
        (f"ID {ID}", "ID [id]"),
        ("it is 1 2345678 2 yes", "it is [id] yes"),
        ("one two three four five six seven eight two", "[id]"),
        ("תעודת זהות שלי היא 123456782", "תעודת זהות שלי היא [id]"),
        ("ת.ז. 1234567", "ת.ז. [id]"),
        ("my ID number is 1234566", "my ID number is [id]"),
        ("social security number 078051120", "social security number [id]"),
        ("my social is 078-05-1120", "my social is [id]"),
        ("IL62 0108 0000 0009 9999 999 please", "[iban] please"),
        ("GB29NWBK60161331926819", "[iban]"),
        ("the cvv is 123", "the cvv is [code]"),
        ("the three digits on the back are one twenty three", "the three digits on the back are [code]"),
        ("קוד האבטחה הוא ארבע שבע תשע", "קוד האבטחה הוא [code]"),
        ("my card 4111 1111 1111 1112 was declined", "my card [card] was declined"),
        ("dana at sign gmail dot com", "[email]"),
        ("moshe77 שטרודל walla.co.il", "[email]"),
        (
            "card: 5555 5555, hold on, I must turn it over, 5555 4444",
            "card: [card], hold on, I must turn it over, [card]",
        ),
        ("1234 is the security code", "[code] is the security code"),
        ("call 054-1234567 or 0541234567 or +972 54 123 4567", "call [phone] or [phone] or [phone]"),
        ("zero five four one two three four five six seven is my phone", "[phone] is my phone"),
        ("her number is listed as +33 1 43 87 10 10.", "her number is listed as [phone]."),
        ("אפס חמש שתיים שבע שמונה שמונה אחת שתיים שלוש ארבע", "[phone]"),
        ("הטלפון אפס חמישים ושתיים, שבע מאות שמונים ושמונה, אחת שתיים שלוש ארבע", "הטלפון [phone]"),
        ("call (212) 555-0123 now", "call [phone] now"),
        ("my mail is dana dot cohen at gmail dot com, thanks", "my mail is [email], thanks"),
        ("דנה שטרודל ג'ימייל נקודה קום", "[email]"),
        ("write to dana.c+x@mail.example.co.il.", "write to [email]."),
        ("my passport number is A B one two three four five six seven", "my passport number is [passport]"),
        ("driving licence MORGA657054SM9IJ thanks", "driving licence [licence] thanks"),
        ("מספר החשבון הוא 123456, סניף", "מספר החשבון הוא [account], סניף"),
        ("your PIN is four eight two nine", "your PIN is [code]"),
        ("הקוד שקיבלת הוא שלוש אפס שבע אחת שתיים שמונה", "הקוד שקיבלת הוא [code]"),
    ],
)
def test_what_must_be_masked(text: str, masked: str) -> None:
    assert redact_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "that is 1,299.90 shekels on 12/05/2024 at 10:30",
        "your order number is 12345678",
        "the order number is 123456782",
        "I'd like 12345 of them",
        "one moment, two or three things",
        "the card costs 250 dollars a year",
        "זה עולה מאתיים חמישים שקל, שלוש או ארבע פעמים",
        "מספר הזמנה 12345678",
        "order id 1234567",
        "look at google dot com for 20 minutes",
        "we open at 9 and close at 17:30 on 12.05.2024",
        "flight LY 315 and bus 480, 15 percent off 3 of the iPhone 14",
        "your claim is 2024-558812",
        "promo code 2024 and error code 404",
        "הקוד קופון הוא 2024, קו 480 בשעה 10:30",
        "the account was opened in 2019 for 2 people",
        "she was on the phone for 45 minutes in 2023",
        "",
        "your driver yelled at me and left",
        "he swore at me it was awful",
        "you sent an email and then she laughed at me. We left.",
        "the band that plays at live shows",
    ],
)
def test_what_must_be_left(text: str) -> None:
    assert redact_text(text) == text


def test_groups_across_turns_with_backchannels() -> None:
    result = redact(
        transcript(
            ("A", "card number please"),
            ("B", "sure, 4111 1111"),
            ("A", "mm yes"),
            ("B", "1111"),
            ("A", "go on"),
            ("B", "then 1111, that is it"),
        )
    )
    assert texts(result.transcript) == [
        "card number please",
        "sure, [card]",
        "mm yes",
        "[card]",
        "go on",
        "then [card], that is it",
    ]
    assert [(span.kind, span.turn) for span in result.masked] == [("card", 1), ("card", 3), ("card", 5)]


def test_echoes_of_the_other_party_are_masked_too() -> None:
    result = redact(
        transcript(
            ("B", "five four nine six"),
            ("A", "fifty four ninety six"),
            ("B", "one two eight three"),
            ("A", "one two eight three, yes"),
            ("B", "five five zero one two three eight five"),
            ("A", "so it ends with 0123 85, thanks"),
        )
    )
    assert "[card]" in result.transcript.turns[0].text
    said = " ".join(texts(result.transcript))
    for digit in ("five", "ninety", "eight", "0123"):
        assert digit not in said


def test_one_unknown_speaker_with_an_echo() -> None:
    groups = ["4929", "4929", "1234", "1234", "5678", "5678", "9107"]
    number = "4929123456789107"
    from stdnum import luhn

    number = number[:-1] + luhn.calc_check_digit(number[:-1])
    groups[-1] = number[-4:]
    result = redact(transcript(*[("", group) for group in groups]))
    assert set(texts(result.transcript)) == {"[card]"}


def test_a_read_back_code_is_masked() -> None:
    result = redact(
        transcript(
            ("A", "and the CVV?"), ("B", "seven four two"), ("A", "742, thank you. That is 250 dollars")
        )
    )
    assert texts(result.transcript) == ["and the CVV?", "[code]", "[code], thank you. That is 250 dollars"]


def test_words_and_text_are_masked_alike() -> None:
    result = redact(transcript(("B", "my card: 4111 1111 1111 1111. Thanks"), words=True))
    turn = result.transcript.turns[0]
    assert turn.text == "my card: [card]. Thanks"
    assert [word.text for word in turn.words] == ["my", "card:", "[card].", "Thanks"]
    masked = turn.words[2]
    assert (masked.start, masked.end) == (0.2, 0.6)
    assert masked.confidence == pytest.approx((0.52 + 0.53 + 0.54 + 0.55) / 4)
    assert (result.masked[0].start, result.masked[0].end) == (0.2, 0.6)


def test_words_that_are_not_the_text_are_masked_by_themselves() -> None:
    said = tuple(Word(text=word) for word in ["card", "four", "one", "double", "one"] + ["one"] * 12 + ["ok"])
    turn = Turn(speaker="customer", party="B", text="card 4111111111111111 ok", words=said)
    result = redact(Transcript(language="en", engine="x", turns=(turn,))).transcript.turns[0]
    assert result.text == "card [card] ok"
    assert [word.text for word in result.words] == ["card", "[card]", "ok"]


def test_words_are_dropped_where_they_may_still_tell() -> None:
    said = tuple(Word(text=word) for word in ["card", "4111"])
    turn = Turn(speaker="customer", party="B", text="card 4111111111111111 ok", words=said)
    result = redact(Transcript(language="en", engine="x", turns=(turn,))).transcript.turns[0]
    assert (result.text, result.words) == ("card [card] ok", ())


def test_rejected_text_is_masked() -> None:
    item = RejectedText(text=f"card {CARD}", reason="no voice", start=1.0, end=2.0)
    result = redact(Transcript(language="en", engine="x", rejected=(item,)))
    assert result.transcript.rejected[0].text == "card [card]"
    assert result.masked[0].turn is None


def test_nothing_else_changes() -> None:
    original = transcript(("A", "hello, order 4512"), ("B", ""), ("B", "  spaces  and 12:30 "), words=True)
    assert redact(original).transcript == original


VOCABULARY = """
one two four oh forty five double hundred and uh card id cvv is 4111 1111 123 45 12/05 , . my iban IL 62 250
dollars [card] [id] אחת ארבעים וחמש תעודת זהות כן שקל
"""
SPOKEN = st.lists(st.sampled_from(VOCABULARY.split()), max_size=60).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from(["A", "B", ""]), SPOKEN), max_size=6), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_result_is_well_formed(turns: list[tuple[str, str]], words: bool) -> None:
    original = transcript(*turns, words=words)
    result = redact(original)
    assert len(result.transcript.turns) == len(original.turns)
    for before, after in zip(original.turns, result.transcript.turns, strict=True):
        if before.text == after.text:
            assert before == after
        elif words:
            assert [word.text for word in after.words] == after.text.split()
    assert redact(original) == result


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_accepted(text: str) -> None:
    redact_text(text)


def test_masking_again_changes_nothing() -> None:
    original = transcript(
        ("A", "your ID number and the card please"),
        ("B", f"the ID is {ID}, the card is {CARD} and the order 7654321"),
        ("A", "and the CVV"),
        ("B", "it is 123. I paid 9876 for it"),
    )
    once = redact(original)
    assert len(once.masked) == 3
    again = redact(once.transcript)
    assert again.transcript == once.transcript
    assert again.masked == ()


@pytest.mark.parametrize(
    "piece",
    [
        "four five ",
        "1 ",
        "hello ",
        "1 at gmail dot com ",
        "x@y.com ",
        "054 788 12 34 ",
        "code 4 5 6 x 7 ",
        "the message says 482910. price 350 ",
        "card id cvv ",
        "forty five hundred ",
        "a'",
    ],
)
def test_work_grows_no_faster_than_length(piece: str) -> None:
    def work(count: int) -> int:
        return calls_made(lambda: redact_text(piece * count))

    work(10)
    assert work(1000) < 12 * max(work(100), 1000)


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = Path(__file__).parents[3] / "benchmarks" / "redaction.py"
    spec = importlib.util.spec_from_file_location("redaction_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_recall_and_false_masks_on_generated_numbers(benchmark: ModuleType) -> None:
    found = benchmark.measure(300, seed=11)
    assert found["recall"] >= 0.985
    assert found["false_masks"] <= 0.01


def test_a_speaker_may_not_be_a_number() -> None:
    given = Transcript(
        language="en",
        engine="import:simple",
        turns=(Turn(speaker=CARD, party="A", text="hello"), Turn(speaker="agent", party="B", text="hi")),
    )
    assert [turn.speaker for turn in redact(given).transcript.turns] == ["[card]", "agent"]


SCENES = """
zero one two three four five six seven eight nine oh o double forty five hundred and uh no sorry not
mean i the card id cvv code phone number account passport license email at dot gmail com my is it's
054 7881234 4111 1111 1111 1111 123 45 12/05 , . IL 62 250 dollars @ dana x@y.com [card] [phone]
[email] [code] אפס חמש שתיים שבע עשרים ושלוש מאות טלפון קוד הקוד חשבון דרכון רישיון שטרודל נקודה קום
כן שקל A B + (0 2024 since
"""
SAID = st.lists(st.sampled_from(SCENES.split()), max_size=45).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from(["A", "B", ""]), SAID), max_size=7), st.booleans())
@settings(max_examples=250, deadline=None)
def test_masking_any_call_again_changes_nothing(turns: list[tuple[str, str]], words: bool) -> None:
    once = redact(transcript(*turns, words=words))
    again = redact(once.transcript)
    assert again.transcript == once.transcript
    assert again.masked == ()


@given(st.text(alphabet="0123456789+-() .@:/,$%[]abאשx\u200f\u0661\u00b2\n", max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_signs_are_accepted(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once


def test_masked_words_keep_their_times_and_say_what_they_were() -> None:
    result = redact(transcript(("B", "call 054 788 12 34 or dana at gmail dot com please"), words=True))
    words = result.transcript.turns[0].words
    assert [word.text for word in words] == ["call", "[phone]", "or", "[email]", "please"]
    assert (words[1].start, words[1].end) == (pytest.approx(0.1), pytest.approx(0.5))
    assert [is_masked(word.text) for word in words] == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("it's oh five four seven eight eight no sorry nine eight one two three four", "054 7898 1234"),
        ("אפס חמישים וארבע שבע שמונה שמונה אחת שתיים שלוש ארבע", "אפס חמש ארבע, שבע שמונה שמונה, 1234"),
    ],
)
def test_corrections_and_what_is_read_back_are_masked(said: str, back: str) -> None:
    result = redact(transcript(("A", "what is your phone number? הטלפון?"), ("B", said), ("A", back)))
    assert texts(result.transcript)[1:] in (["it's [phone]", "[phone]"], ["[phone]", "[phone]"])


def test_digests_are_kept_of_numbers_but_not_of_codes() -> None:
    key = NumberKey(b"0123456789abcdef0123456789abcdef")
    call = transcript(("B", "my mobile is 054-788-1234"), ("A", "and the PIN?"), ("B", "48291"))
    digests = redact(call, key=key).transcript.number_digests
    assert set(digests) & key.asked("+972 54 788 1234")
    assert not set(digests) & key.asked("48291")
    assert "0123456789abcdef" not in repr(key)
    assert redact(call).transcript.number_digests == ()
