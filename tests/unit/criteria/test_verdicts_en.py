"""Verdicts on English calls: what earns a criterion, and the words that only seem to."""

from __future__ import annotations

import re

import pytest

from tests.support.calls_as_text import findings, verdict

GOOD = """
a: Good morning, Northlight Energy, Priya speaking, what can I do for you?
c: Hi Priya. My heating cut out again and honestly I'm fed up, this is the third time this month.
a: Oh no, three times in a month, that must be miserable in this weather. I'm really sorry about that.
c: Yeah well the engineer said it was fixed.
a: Can you tell me what the display on the boiler shows right now?
c: It's flashing an E one nineteen.
a: Right, I've booked a senior engineer for you tomorrow between eight and ten, at no charge.
c: Okay, that works, thank you.
a: Is there something else I can do for you today?
c: No that's it.
a: Thanks for letting us know and for being so patient with us, Mr Holt. Have a lovely evening.
c: You too, bye.
"""

BAD = """
a: Yes?
c: Hello, I ordered a lamp two weeks ago and it still hasn't arrived. You charged me twice as well!
a: What's your order number?
c: four four one two nine
a: Thank you.
c: So where is it?
a: Sir, calm down. It's with the courier, that's not my problem.
c: Nobody ever answers my emails. I want my money back.
a: Unfortunately that is our policy. There's nothing I can do.
c: This is ridiculous. I'm closing my account with you.
a: Whatever. Thank you for calling, goodbye.
"""

TEXT = [
    "greeting", "needs_clarification", "expectation_summary", "thanks", "anything_else", "farewell",
    "apology", "empathy", "no_indifference", "no_insult",
]  # fmt: skip


def test_a_good_call_passes_everything_with_evidence() -> None:
    found = findings(GOOD)
    assert {name: found[name].verdict.value for name in TEXT} == dict.fromkeys(TEXT, "pass")
    for name in TEXT[:-2]:
        assert found[name].evidence, name
        assert all(e.quote in GOOD for e in found[name].evidence)
    assert found["thanks"].earned == 10
    assert found["expectation_summary"].possible == 10


def test_a_poor_call_fails_and_says_why() -> None:
    found = findings(BAD)
    failed = {n for n in TEXT if found[n].verdict.value == "fail"}
    assert failed == set(TEXT) - {"farewell", "no_insult"}
    assert all(found[n].would_change for n in failed)
    assert found["thanks"].earned == 0


@pytest.mark.parametrize("call", [GOOD, BAD])
def test_punctuation_and_capitals_change_nothing(call: str) -> None:
    bare = "\n".join(line[:2] + re.sub(r"[.,!?]", "", line[2:]).lower() for line in call.strip().splitlines())
    before, after = findings(call), findings(bare)
    assert {n: f.verdict for n, f in before.items()} == {n: f.verdict for n, f in after.items()}


OPEN = "a: hello acme support this is bob how can i help\n"


def closing(*lines: str) -> str:
    return (
        OPEN
        + "c: i want to move my delivery to another day\na: which day suits you best\nc: friday\n"
        + "a: i have moved your delivery to friday between nine and eleven\nc: great\n"
        + "\n".join(lines)
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("a: thank you for your call have a nice day", "c: bye"), "pass"),
        (("a: thanks a lot bye bye", "c: bye"), "pass"),
        (("a: we really appreciate your patience and your loyalty", "c: bye", "a: bye"), "pass"),
        (("a: anything else", "c: no that is all", "a: okay bye", "c: bye"), "fail"),
        (("a: you're welcome bye", "c: thanks bye"), "fail"),
        (("c: thank you so much bye", "a: bye now"), "fail"),
        (("a: thank you for holding bye", "c: bye"), "fail"),
        (("a: thanks for waiting", "c: no problem bye", "a: bye"), "fail"),
        (
            ("a: can i take a callback number", "c: five five one two", "a: thank you", "c: bye", "a: bye"),
            "fail",
        ),
        (("a: well thanks for nothing bye", "c: bye"), "fail"),
    ],
)
def test_thanks(lines: tuple[str, ...], expected: str) -> None:
    assert verdict(closing(*lines), "thanks") == expected


def test_specific_thanks_earn_more_than_the_formula() -> None:
    formula = findings(closing("a: thank you bye", "c: bye"))["thanks"]
    specific = findings(closing("a: thank you for bringing this to us bye", "c: bye"))["thanks"]
    assert (formula.earned, specific.earned) == (7, 10)


@pytest.mark.parametrize(
    ("lines", "name", "expected"),
    [
        (("a: do you need help with anything more", "c: no", "a: take care bye"), "anything_else", "pass"),
        (("a: any other questions for me today", "c: no thanks", "a: bye"), "anything_else", "pass"),
        (("a: okay bye", "c: bye"), "anything_else", "fail"),
        (("c: is there anything else i should know", "a: no", "c: bye", "a: bye"), "anything_else", "fail"),
        (("a: alright then bye", "c: bye"), "farewell", "pass"),
        (("a: get well soon", "c: thanks bye"), "farewell", "pass"),
        (("c: okay goodbye", "a: okay"), "farewell", "fail"),
    ],
)
def test_closing(lines: tuple[str, ...], name: str, expected: str) -> None:
    assert verdict(closing(*lines), name) == expected


@pytest.mark.parametrize(
    ("opening", "expected", "earned"),
    [
        ("a: hi there you're through to lakeside clinic", "pass", 5),
        ("a: thank you for calling brightline how may i help you", "pass", 5),
        ("a: good evening\na: my name is otis", "pass", 5),
        ("a: yes", "fail", 0),
        ("a: hello how can i help", "fail", 3),
        ("a: brightline support otis speaking", "fail", 2),
    ],
)
def test_greeting(opening: str, expected: str, earned: int) -> None:
    call = (
        opening
        + "\nc: i would like to ask about my invoice please\na: which invoice do you mean\nc: the june one"
    )
    found = findings(call)["greeting"]
    assert (found.verdict.value, found.earned) == (expected, earned)


def needs(*lines: str) -> str:
    tail = "a: i have changed your plan to the small one\nc: okay\na: thanks for calling bye\nc: bye"
    return OPEN + "c: i need to change something about my phone plan\n" + "\n".join(lines) + "\n" + tail


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("a: what would you like to be different about it", "c: fewer minutes"), "pass"),
        (("a: and how many minutes do you use each month", "c: maybe fifty"), "pass"),
        (("a: data or minutes", "c: minutes"), "pass"),
        (("a: so you want to change the plan for your phone", "c: yes to something smaller"), "pass"),
        (("a: can i have your account number please", "c: nine one two"), "fail"),
        (("a: may i have your full name and date of birth", "c: ann lee first of may"), "fail"),
        (("a: could you spell that for me", "c: l e e"), "fail"),
        (("a: if i understood correctly okay", "c: yes"), "fail"),
        (("a: how are you today", "c: fine"), "fail"),
        (("a: would you mind holding for a moment", "c: sure"), "fail"),
    ],
)
def test_needs_clarification(lines: tuple[str, ...], expected: str) -> None:
    assert verdict(needs(*lines), "needs_clarification") == expected


def test_a_question_after_the_solution_comes_too_late() -> None:
    call = OPEN + (
        "c: something is wrong with my invoice\na: i have credited twenty dollars to your account\n"
        "c: but why\na: what exactly is wrong with it\nc: the delivery fee\na: i see\n"
        "c: okay bye\na: thank you bye"
    )
    assert verdict(call, "needs_clarification") == "fail"


def test_a_request_said_in_full_needs_no_question() -> None:
    call = OPEN + "c: what are your opening hours\na: nine to five every day\nc: thanks bye\na: thank you bye"
    assert verdict(call, "needs_clarification") == "not_applicable"


def summary(*lines: str) -> str:
    start = OPEN + "c: my washing machine is leaking and i need somebody to look at it\n"
    return start + "a: where does the water come from\nc: from the door\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("a: a technician will come on tuesday before noon", "c: perfect", "a: thanks bye"), "pass"),
        (("a: we will send you a new seal within three days", "c: okay", "a: bye"), "pass"),
        (("a: i've ordered a new seal and it should arrive by friday", "c: good", "a: bye"), "pass"),
        (("a: a technician will call you soon", "c: okay", "a: bye"), "fail"),
        (("a: we will get back to you", "c: when", "a: i'll try", "c: okay bye", "a: bye"), "fail"),
        (("a: so your machine is leaking from the door", "c: yes", "a: right okay bye", "c: bye"), "fail"),
        (("a: that is five five one two", "c: yes", "a: okay bye", "c: bye"), "fail"),
        (
            ("a: if you do not pay by monday you will be charged a late fee", "c: what", "a: bye", "c: bye"),
            "fail",
        ),
        (("a: you're all set", "c: okay", "a: bye", "c: bye"), "fail"),
        (("a: there is nothing i can do", "c: okay bye", "a: bye"), "fail"),
        (("a: once it has been replaced you will feel better", "c: hm okay bye", "a: bye"), "fail"),
    ],
)
def test_expectation_summary(lines: tuple[str, ...], expected: str) -> None:
    assert verdict(summary(*lines), "expectation_summary") == expected


def test_a_later_side_question_does_not_void_the_summary() -> None:
    call = summary(
        "a: i have booked a technician for tuesday between eight and ten", "c: great",
        "c: do you also sell dryers", "a: yes we do", "c: thanks bye", "a: thank you bye",
    )  # fmt: skip
    assert verdict(call, "expectation_summary") == "pass"


def test_what_happened_to_the_customer_is_no_outcome() -> None:
    call = OPEN + (
        "c: my order was cancelled and nobody told me why\na: when did you place it\nc: monday\n"
        "a: so your order was cancelled\nc: yes\na: okay bye\nc: bye"
    )
    assert verdict(call, "expectation_summary") == "fail"


def complaint(*lines: str) -> str:
    start = OPEN + "c: you charged me twice and nobody called me back this is really frustrating\n"
    return start + "\n".join(lines) + "\na: i have refunded the second charge\nc: fine\na: thanks bye\nc: bye"


@pytest.mark.parametrize(
    ("line", "apology", "empathy"),
    [
        ("a: i'm so sorry about that", "pass", "pass"),
        ("a: we do apologise for the double charge", "pass", "pass"),
        ("a: you're absolutely right that is annoying", "fail", "pass"),
        ("a: i understand", "fail", "pass"),
        ("a: sorry", "fail", "fail"),
        ("a: i'm sorry can you repeat that", "fail", "fail"),
        ("a: sorry what was the amount", "fail", "fail"),
        ("a: unfortunately that can happen", "fail", "fail"),
        ("a: i'm sorry but we can't discuss that", "fail", "fail"),
        ("a: do you understand how cards work", "fail", "fail"),
        ("a: i understand but please calm down", "fail", "fail"),
        ("a: you sound angry", "fail", "fail"),
        ("a: oh poor you", "fail", "fail"),
    ],
)
def test_apology_and_empathy(line: str, apology: str, empathy: str) -> None:
    found = findings(complaint(line))
    assert (found["apology"].verdict.value, found["empathy"].verdict.value) == (apology, empathy)


def test_nothing_to_regret_without_an_allegation() -> None:
    found = findings(closing("a: thanks bye", "c: bye"))
    assert found["apology"].verdict.value == found["empathy"].verdict.value == "not_applicable"


@pytest.mark.parametrize(
    ("line", "name", "expected"),
    [
        ("a: that is not my problem", "no_indifference", "fail"),
        ("a: i couldn't care less", "no_indifference", "fail"),
        ("a: figure it out yourself", "no_indifference", "fail"),
        ("a: that is not a problem at all", "no_indifference", "pass"),
        ("a: we can do whatever works for you", "no_indifference", "pass"),
        ("a: so what happened then", "no_indifference", "pass"),
        ("a: are you deaf", "no_insult", "fail"),
        ("a: you are an idiot", "no_insult", "fail"),
        ("a: shut up", "no_insult", "fail"),
        ("a: there are no stupid questions", "no_insult", "pass"),
        ("a: what a ridiculous wait that was", "no_insult", "pass"),
        ("a: did he really say you are stupid", "no_insult", "pass"),
    ],
)
def test_conduct(line: str, name: str, expected: str) -> None:
    assert verdict(complaint(line), name) == expected


@pytest.mark.parametrize(
    "blame",
    [
        "please calm down you should have called us in the first week",
        "you could have told us by friday",
        "if you had sent it within three days you would have it",
        "why did you not call us on monday",
    ],
)
def test_blame_is_no_outcome(blame: str) -> None:
    assert verdict(summary(f"a: {blame}", "c: okay bye", "a: bye"), "expectation_summary") != "pass"


@pytest.mark.parametrize(
    "said",
    [
        "i only see what is on my screen maybe you call their own company",
        "that is what i said already",
        "i know how you feel",
        "you should have checked which one you ordered",
    ],
)
def test_a_statement_with_a_question_word_is_no_question(said: str) -> None:
    call = OPEN + (
        f"c: my lamp has not come and i am fed up\na: {said}\nc: they told me to call you\n"
        "a: nothing i can do\nc: right bye\na: bye"
    )
    assert verdict(call, "needs_clarification") == "fail"


def test_the_answer_is_the_outcome_where_only_information_was_asked() -> None:
    asked = OPEN + "c: can you tell me what my balance is\na: {}\nc: {}\na: anything else\nc: no bye\na: bye"
    told = "your balance is sixty pounds"
    assert verdict(asked.format(told, "great thanks"), "expectation_summary") == "pass"
    assert verdict(asked.format(told, "that is wrong"), "expectation_summary") != "pass"
    assert verdict(asked.format("no idea", "okay thanks"), "expectation_summary") == "fail"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("have you noticed any other things like a smell", "fail"),
        ("do you want music or sports or anything else", "fail"),
        ("is there anything else i can help you with", "pass"),
    ],
)
def test_a_question_while_the_matter_is_explored_is_not_anything_else(asked: str, expected: str) -> None:
    call = OPEN + (
        f"c: my boiler is leaking\na: {asked}\nc: no\na: and where is the leak\nc: at the bottom\n"
        "a: is it hot or cold\nc: cold\na: i have booked a plumber for tomorrow at nine\nc: great bye\na: bye"
    )
    assert verdict(call, "anything_else") == expected
