"""What came of a call: summed up, taken, given up, or still open."""

from __future__ import annotations

import pytest

from tests.support.calls_as_text import verdict

OPEN = {
    "en": "a: hello acme support this is bob how can i help\n",
    "he": "a: שלום מדברת נועה מחברת אופק במה אפשר לעזור\n",
}
CLOSE = {
    "en": "a: anything else\nc: no that's all\na: goodbye\nc: bye",
    "he": "a: עוד משהו\nc: לא זה הכל\na: יום טוב\nc: ביי",
}


def call(*lines: str, language: str = "en", close: bool = True) -> str:
    return OPEN[language] + "\n".join(lines) + ("\n" + CLOSE[language] if close else "")


@pytest.mark.parametrize(
    ("language", "lines", "expected"),
    [
        (
            "en",
            (
                "c: i want to move my piano lesson", "a: which day suits you", "c: thursday",
                "a: thursday with miss kent or mr doyle", "c: miss kent", "a: at five or at six", "c: at six",
                "a: so thursday at six with miss kent for the piano", "c: lovely",
            ),
            "pass",
        ),
        (
            "he",
            (
                "c: אני רוצה להזיז את שיעור הפסנתר", "a: איזה יום נוח לך", "c: חמישי",
                "a: חמישי אצל דינה או אצל רון",
                "c: אצל דינה", "a: בחמש או בשש", "c: בשש", "a: אז פסנתר בחמישי בשש אצל דינה", "c: מעולה",
            ),
            "pass",
        ),
        # The problem told over again is no summary, nor is a number read back.
        ("en", ("c: my kettle leaks at the spout", "a: so it leaks at the spout", "c: yes"), "fail"),
        ("en", ("c: i need a kettle", "a: order number", "c: four one nine", "a: four one nine", "c: yes"),
         "fail"),
    ],
)  # fmt: skip
def test_what_several_lines_settled_is_summed_up(
    language: str, lines: tuple[str, ...], expected: str
) -> None:
    assert verdict(call(*lines, language=language), "expectation_summary", language) == expected


@pytest.mark.parametrize(
    ("reply", "summary"), [("great thank you", "pass"), ("okay", "fail"), ("that is wrong", "fail")]
)
def test_an_answer_is_the_outcome_where_it_is_welcome(reply: str, summary: str) -> None:
    asked = call("c: what time does the pool open on sunday", "a: the pool opens at nine", f"c: {reply}")
    assert verdict(asked, "expectation_summary") == summary


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("c: my lamp came in pieces", "a: the courier has to look at that", "c: oh forget it")),
        ("en", ("c: my lamp came in pieces", "a: i have reset it", "c: what a waste of my time")),
        ("he", ("c: המנורה הגיעה שבורה", "a: זה אצל השליחים", "c: עזוב לא צריך ממך כלום")),
    ],
)
def test_a_customer_who_gives_up_leaves_it_open(language: str, lines: tuple[str, ...]) -> None:
    said = call(*lines, language=language, close=False)
    assert verdict(said, "expectation_summary", language) == "fail"


def test_an_outcome_that_is_denied_at_once_is_none() -> None:
    said = (
        "c: i want to change my seat",
        "a: i have moved you to row four",
        "c: no not row four i said row nine",
    )
    assert verdict(call(*said, "a: right", "c: well bye"), "expectation_summary") == "fail"


def test_a_message_that_comes_with_the_event_needs_no_other_time() -> None:
    said = "a: i have ordered the part and you will get a text {}"
    start = "c: my oven door is broken and i need a new one"
    assert verdict(call(start, said.format("when it arrives"), "c: great"), "expectation_summary") == "pass"
    assert verdict(call(start, said.format("about it"), "c: great"), "expectation_summary") == "fail"


def test_a_time_set_a_little_earlier_counts() -> None:
    said = (
        "c: my car broke down and i need a tow", "a: i have booked a truck it is thirty minutes away",
        "c: okay",        "a: stay behind the barrier", "c: yes", "a: the driver will call you", "c: good",
    )  # fmt: skip
    assert verdict(call(*said), "expectation_summary") == "pass"


@pytest.mark.parametrize(
    ("language", "lines", "expected"),
    [
        ("en", ("c: i want to appeal a fine", "a: you do that online", "c: right"), "pass"),
        ("he", ("c: אני רוצה לערער על קנס", "a: מגישים את זה באתר", "c: אוקיי"), "pass"),
        ("he", ("c: אני רוצה לערער על קנס", "a: אין לי מושג", "c: אוקיי"), "fail"),
        ("en", ("c: i need my balance", "a: eight hundred and six", "c: okay"), "pass"),
        (
            "en",
            ("c: my fence fell on your pipe", "a: thank you for raising this with us", "c: this is a joke"),
            "fail",
        ),
        ("en", ("c: my fence fell on your pipe", "a: i hear you", "c: well this is ridiculous"), "fail"),
    ],
)
def test_a_way_or_a_fact_is_a_solution(language: str, lines: tuple[str, ...], expected: str) -> None:
    assert verdict(call(*lines, language=language), "solution_offered", language) == expected


def test_a_transcript_that_stops_amid_a_question_is_not_assessed() -> None:
    said = ("c: i want to book a table", "a: i have booked you in for six", "c: for how many people is that")
    assert verdict(call(*said, close=False), "expectation_summary") == "not_assessed"


def test_a_call_that_winds_down_without_a_goodbye_is_judged() -> None:
    said = (
        "c: please move ten pounds to my savings",
        "a: ten pounds are leaving checking tonight",
        "c: okay",
    )
    assert verdict(call(*said, "a: right then", close=False), "expectation_summary") == "pass"
    asked = (*said[:2], "c: and the other account", "a: which account do you mean")
    assert verdict(call(*asked, close=False), "expectation_summary") == "not_assessed"


def test_a_complaint_before_the_agent_answers_is_no_giving_up() -> None:
    said = "c: this is ridiculous my parcel never came and i paid for it"
    found = verdict(call(said, "a: which parcel is that", close=False), "solution_offered")
    assert found == "not_assessed"


def test_done_without_saying_what_is_a_solution_and_no_summary() -> None:
    said = call(
        "c: i would like to book a haircut", "a: what time", "c: eight", "a: you're all set", "c: okay"
    )
    assert verdict(said, "solution_offered") == "pass"
    assert verdict(said, "expectation_summary") == "fail"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            (
                "c: my bus pass was rejected twice", "a: i don't know why that would be", "c: can you look",
                "a: no we don't do that here", "c: so who does", "a: i couldn't tell you", "c: right okay",
            ),
        ),
        (
            "he",
            (
                "c: הכרטיס שלי נדחה פעמיים", "a: לא יודעת למה", "c: אפשר לבדוק",
                "a: אי אפשר לבדוק את זה כאן", "c: אז מי כן",
                "a: אין לי מושג", "c: טוב",
            ),
        ),
    ],
)  # fmt: skip
def test_a_customer_met_with_refusals_to_the_end_goes_with_it_open(
    language: str, lines: tuple[str, ...]
) -> None:
    assert verdict(call(*lines, language=language), "expectation_summary", language) == "fail"


def test_a_refusal_that_is_made_good_is_none() -> None:
    said = (
        "c: my bus pass was rejected twice", "a: we can't change it here", "c: can you look at all",
        "a: i don't know yet", "c: please try", "a: i have renewed your bus pass until may", "c: good",
    )  # fmt: skip
    assert verdict(call(*said), "expectation_summary") == "pass"


def test_what_the_customer_does_or_only_in_case_needs_no_time() -> None:
    start = ("c: my toaster is broken and i want another", "a: i have refunded it to your card", "c: okay")
    own = ("a: please keep the receipt", "c: fine")
    in_case = ("a: and if it is not there by itself somebody will call you", "c: fine")
    owed = ("a: and somebody will call you about it", "c: fine")
    assert verdict(call(*start, *own), "expectation_summary") == "pass"
    assert verdict(call(*start, *in_case), "expectation_summary") == "pass"
    assert verdict(call(*start, *owed), "expectation_summary") == "fail"
