"""`active_listening`: when it applies, and that the customer is let finish."""

from __future__ import annotations

import pytest

from speechqa.core.dialogue import Dialogue, Overlap, OverlapKind
from speechqa.core.finding import Finding, Verdict
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC, findings, verdict

NAME = "active_listening"
STORY = (
    "we moved the piano into the hall last spring and since then the left pedal sticks whenever the weather "
    "turns damp"
)
REST = (
    (31, 33, "agent", "so the pedal sticks when it is damp"),
    (33, 34, "customer", "yes"),
    (34, 36, "agent", "i have booked a tuner for monday"),
    (36, 37, "customer", "thanks"),
    (37, 39, "agent", "thank you for calling goodbye"),
    (39, 40, "customer", "bye"),
)


def judged(
    told: str = STORY,
    *overlaps: Overlap,
    seconds: float = 26,
    rest: tuple[tuple[float, float, str, str], ...] = REST,
    timed: bool = True,
) -> Finding:
    rows = (
        (0, 3, "agent", "hello acme pianos this is bob how can i help"),
        (4, 4 + seconds, "customer", told),
        *rest,
    )
    turns = tuple(
        Turn(speaker=who, text=text, start=start if timed else None, end=end if timed else None)
        for start, end, who, text in rows
    )
    view = CallView(
        transcript=Transcript(language="en", engine="x", turns=turns),
        dialogue=Dialogue(basis="audio", overlaps=overlaps),
        language="en",
    )
    return next(f for f in judge(RUBRIC, view) if f.criterion == NAME)


def taken(start: float, kind: OverlapKind = "interruption", *, by: str = "agent") -> Overlap:
    of = "customer" if by == "agent" else "agent"
    return Overlap(start=start, end=start + 2, kind=kind, by=by, of=of, by_party=by, of_party=of)


def test_it_applies_to_who_speaks_for_long() -> None:
    assert judged().verdict is Verdict.PASS
    assert judged(seconds=9).verdict is Verdict.NOT_APPLICABLE
    assert judged(timed=False).verdict is Verdict.NOT_APPLICABLE
    assert judged(f"{STORY} {STORY} and {STORY}", timed=False).verdict is Verdict.PASS


def test_dictating_a_number_is_no_explaining() -> None:
    assert judged("my number is " + "four seven one nine two " * 6).verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        (taken(12), Verdict.FAIL),
        (taken(12, "failed_interruption"), Verdict.PASS),
        (taken(12, "backchannel"), Verdict.PASS),
        (taken(12, by="customer"), Verdict.PASS),
        (taken(38), Verdict.PASS),
    ],
)
def test_who_cuts_the_customer_off_does_not_listen(overlap: Overlap, expected: Verdict) -> None:
    found = judged(STORY, overlap)
    assert found.verdict is expected
    if expected is Verdict.FAIL:
        assert found.evidence[-1].start == 12
        assert found.would_change


def test_what_was_said_and_what_is_given_back_are_the_evidence() -> None:
    found = judged()
    assert [e.speaker for e in found.evidence] == ["customer", "agent"]
    assert found.evidence[1].quote == "so the pedal sticks when it is damp"


def test_listener_tokens_do_not_end_an_explanation() -> None:
    half = len(STORY) // 2
    rest = ((18, 18.5, "agent", "mhm"), (18.6, 31, "customer", STORY[half:]), *REST)
    assert judged(STORY[:half], seconds=14, rest=rest).verdict is Verdict.PASS
    rest = ((18, 18.5, "agent", "which model is it"), (18.6, 31, "customer", STORY[half:]), *REST)
    assert judged(STORY[:half], seconds=14, rest=rest).verdict is Verdict.NOT_APPLICABLE


def test_an_outcome_in_a_word_of_the_customer_is_left_to_a_person() -> None:
    rest = ((31, 33, "agent", "i have ordered a pedal"), *REST[3:])
    found = judged(rest=rest)
    assert found.verdict is Verdict.NOT_ASSESSED
    assert "ordered a pedal" in found.reason


def test_another_companys_faults_are_no_complaint() -> None:
    call = "a: hello acme this is bob\nc: i want to switch over to you from another provider "
    call += "they charged me twice\na: sure what's your postcode\nc: ls one\na: i have set that up\n"
    call += "c: thanks\na: goodbye\nc: bye"
    assert verdict(call, NAME) == "not_applicable"


def test_telling_customers_what_they_feel_gives_nothing_back() -> None:
    call = (
        "a: hello acme this is bob\nc: you lost my parcel twice this is a disgrace\na: calm down\nc: what\n"
    )
    call += "a: it will come tomorrow\nc: fine\na: thank you for calling goodbye\nc: bye"
    found = findings(call)[NAME]
    assert found.verdict is Verdict.FAIL
    assert found.would_change


@pytest.mark.parametrize(
    ("language", "protest"),
    [
        ("en", "will you let me finish"),
        ("en", "i haven't finished"),
        ("he", "תן לי לסיים"),
        ("he", "עוד לא סיימתי"),
        ("he", "אל תפריעי לי"),
    ],
)
def test_who_says_that_they_are_not_let_finish_was_cut_off(language: str, protest: str) -> None:
    told = {
        "en": ("you lost my parcel twice and nobody called me", "so the parcel was lost twice"),
        "he": ("איבדתם לי את החבילה פעמיים ואף אחד לא חזר אליי", "אז החבילה אבדה לך פעמיים"),
    }[language]
    call = f"a: acme\nc: {told[0]}\na: {told[1]}\nc: {protest}\na: okay\nc: right\na: bye\nc: bye"
    found = findings(call, language)[NAME]
    assert found.verdict is Verdict.FAIL
    assert found.evidence[0].quote == protest


def test_reproaches_and_embedded_questions_take_nothing_up() -> None:
    call = "a: sales\nc: your machine broke after three weeks and nobody showed up for the repair\n"
    call += "a: did you even read the book about the machine\nc: yes\n"
    call += "a: i only see what is in the system about a machine\nc: great\na: goodbye\nc: bye"
    assert verdict(call, NAME) == "fail"
