"""`hold_etiquette` and `responsiveness`: waits, with what is said around them."""

from __future__ import annotations

import pytest

from speechqa.core.dialogue import ChannelDoubts, Dialogue, Hold, Latency, RoleAssignment, Silence
from speechqa.core.finding import Finding, Verdict
from speechqa.core.segment import Segment
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC, findings

ROLES = {
    "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
    "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
}
OPENING = {
    "en": "hello acme support bob speaking how can i help",
    "he": "שלום מדברת נועה מחברת אופק במה אפשר לעזור",
}
ASKED = {"en": "where is the sofa i ordered in may", "he": "איפה הספה שהזמנתי במאי"}


def waited(
    before: str,
    after: str,
    *,
    language: str = "en",
    seconds: float = 30.0,
    kind: str = "told",
    role: str = "agent",
) -> Finding:
    """The finding on a call with one wait, what the agent says before it, and who says what after it."""
    end = 20.0 + seconds
    turns = (
        Turn(speaker="agent", text=OPENING[language], start=0.0, end=4.0),
        Turn(speaker="customer", text=ASKED[language], start=5.0, end=9.0),
        Turn(speaker="agent", text=before, start=10.0, end=20.0),
        Turn(speaker=role, text=after, start=end, end=end + 5),
    )
    dialogue = Dialogue(
        basis="audio",
        speech={"A": (Segment(0.0, 4.0), Segment(10.0, 20.0)), "B": (Segment(5.0, 9.0),)},
        talk_seconds={"agent": 14.0, "customer": 4.0},
        holds=(Hold(start=20.0, end=end, kind=kind),) if kind else (),
    )
    view = CallView(
        transcript=Transcript(language=language, engine="imported", turns=turns),
        roles=ROLES, dialogue=dialogue, language=language,
    )  # fmt: skip
    return next(f for f in judge(RUBRIC, view) if f.criterion == "hold_etiquette")


@pytest.mark.parametrize(
    ("language", "before", "after", "earned"),
    [
        ("en", "may i put you on hold while i ask the warehouse", "thanks for holding it leaves today", 5),
        ("en", "bear with me for two minutes please", "sorry to keep you waiting it leaves today", 5),
        ("en", "please hold", "thank you for waiting it leaves today", 4),
        ("en", "please hold while i ask the warehouse", "right it leaves today", 3),
        ("en", "please hold", "it leaves today", 2),
        ("he", "אפשר לשים אותך בהמתנה בזמן שאני בודק מול המחסן", "תודה על ההמתנה זה יוצא היום", 5),
        ("he", "תמתיני רגע אני בודקת מול המחסן", "מצטערת שחיכית זה יוצא היום", 5),
        ("he", "תמתין רגע אני בודק מול המחסן", "מצטער שחיכית זה יוצא היום", 5),
        ("he", "תמתין רגע", "תודה שהמתנת זה יוצא היום", 4),
        ("he", "תמתין רגע אני בודק מול המחסן", "זה יוצא היום", 3),
    ],
)
def test_a_hold_is_graded_by_what_is_said_around_it(
    language: str, before: str, after: str, earned: int
) -> None:
    found = waited(before, after, language=language)
    assert (found.earned, found.possible) == (earned, 5)
    assert found.verdict is (Verdict.PASS if earned == 5 else Verdict.FAIL)
    assert bool(found.would_change) is (earned < 5)


def test_a_silence_nobody_announced_fails_where_the_agent_ends_it() -> None:
    found = waited("it was sent in june", "it leaves today", kind="silent")
    assert (found.verdict, found.earned) == (Verdict.FAIL, 0)
    assert waited("what is the number", "i have it here now", kind="silent", role="customer").verdict is (
        Verdict.NOT_APPLICABLE
    )
    assert (
        waited("it was sent in june", "it leaves", kind="silent", seconds=12.0).verdict
        is Verdict.NOT_APPLICABLE
    )


def test_one_moment_with_no_wait_is_no_hold() -> None:
    assert waited("one moment please", "it leaves today", kind="").verdict is Verdict.NOT_APPLICABLE


CALL = "a: hello acme support bob speaking\nc: where is the sofa i ordered\na: {}\nc: okay\na: {}\nc: thanks"


def test_without_times_only_words_tell_of_a_wait() -> None:
    def judged(before: str, after: str) -> Finding:
        return findings(CALL.format(before, after))["hold_etiquette"]

    assert (
        judged("please hold while i check with the depot", "thanks for holding it leaves today").earned == 5
    )
    assert judged("the depot has it", "thank you for holding it leaves today").verdict is Verdict.FAIL
    assert judged("one moment please", "it leaves today").verdict is Verdict.NOT_APPLICABLE
    # Announced in so many words, and nothing tells whether the customer waited.
    assert judged("let me put you on hold", "it leaves today").verdict is Verdict.NOT_ASSESSED
    assert "without times" in judged("it left", "in june").reason


def responded(**measured: object) -> Finding:
    given: dict[str, object] = {
        "basis": "audio",
        "talk_seconds": {"agent": 60.0, "customer": 60.0},
        "response_latency": {"agent": Latency(median=1.1, p90=None, n=6)},
        **measured,
    }
    view = CallView(
        transcript=Transcript(language=None, engine="none"), roles=ROLES, dialogue=Dialogue(**given),
        text_usable=False, duration=300.0,
    )  # fmt: skip
    return next(f for f in judge(RUBRIC, view) if f.criterion == "responsiveness")


def test_answers_within_the_limits_pass_without_any_text() -> None:
    assert responded().verdict is Verdict.PASS


def test_a_slow_median_fails_and_says_what_would_change_it() -> None:
    found = responded(response_latency={"agent": Latency(median=6.0, p90=None, n=6)})
    assert found.verdict is Verdict.FAIL
    assert "4 s" in found.would_change
    assert "dead air" not in found.would_change


def test_dead_air_counts_where_the_agent_ends_it_and_it_is_no_hold() -> None:
    def silence(start: float, before: str) -> Silence:
        return Silence(start=start, end=start + 40.0, after="customer", before=before)

    long = (silence(10.0, "agent"), silence(100.0, "agent"))
    found = responded(dead_air=long)
    assert found.verdict is Verdict.FAIL
    assert [e.start for e in found.evidence] == [10.0, 100.0]
    assert responded(dead_air=(silence(10.0, "customer"), silence(100.0, "customer"))).verdict is Verdict.PASS
    held = tuple(Hold(start=s.start, end=s.end, kind="silent") for s in long)
    assert responded(dead_air=long, holds=held).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ({"basis": "none"}, Verdict.NOT_ASSESSED),
        ({"channel_doubts": ChannelDoubts(timing="the clocks drift")}, Verdict.NOT_ASSESSED),
        ({"response_latency": {"agent": Latency(median=9.0, p90=None, n=1)}}, Verdict.NOT_APPLICABLE),
        ({"response_latency": {}}, Verdict.NOT_APPLICABLE),
    ],
)
def test_what_cannot_be_measured_is_no_value(measured: dict[str, object], expected: Verdict) -> None:
    assert responded(**measured).verdict is expected


def test_thanks_for_waiting_in_the_queue_tell_of_no_hold() -> None:
    call = "a: thank you for holding acme support here\nc: where is my sofa\na: it leaves today\nc: thanks"
    assert findings(call)["hold_etiquette"].verdict is Verdict.NOT_APPLICABLE
