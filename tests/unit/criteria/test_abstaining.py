"""Where nothing can be told, nothing is: unknown stays unknown, with the reason."""

from __future__ import annotations

import msgspec
import pytest

from speechqa.core.finding import Verdict
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.criteria import CallView, annotate, find_signals, judge
from tests.support.calls_as_text import RUBRIC, findings, transcript

CALL = """
a: hello acme support this is bob how can i help
c: my parcel never arrived and i am really upset
a: when did you order it
c: two weeks ago
a: i've sent you a new one it will arrive by friday
c: okay thank you
"""
TEXT = [c.id for c in RUBRIC.criteria if c.id != "no_interruptions"]


def judged(view: CallView) -> dict[str, Verdict]:
    return {f.criterion: f.verdict for f in judge(RUBRIC, view)}


@pytest.mark.parametrize(
    "view",
    [
        CallView(transcript=transcript(CALL), text_usable=False, text_reason="no engine"),
        CallView(transcript=msgspec.structs.replace(transcript(CALL), confident=False)),
        CallView(transcript=transcript(CALL), language="de"),
        CallView(transcript=transcript("u: hallo guten tag\nu: was kann ich für sie tun", None)),
        CallView(transcript=transcript("a: здравствуйте чем могу помочь\nc: у меня вопрос", None)),
        CallView(transcript=transcript(CALL.replace("a:", "u:").replace("c:", "u:"))),
        CallView(transcript=Transcript(language="en", engine="none")),
        CallView(transcript=transcript("a:\nc:  \na: ...")),
    ],
)
def test_text_that_cannot_be_used_is_not_assessed(view: CallView) -> None:
    found = {f.criterion: f for f in judge(RUBRIC, view)}
    assert {found[n].verdict for n in TEXT} == {Verdict.NOT_ASSESSED}
    assert all(found[n].reason and found[n].earned is None and found[n].confidence is None for n in TEXT)
    signals = find_signals(view, RUBRIC)
    assert signals.complaint.value is None
    assert signals.complaint.reason


def test_a_call_that_stops_before_its_closing() -> None:
    found = findings(CALL)
    assert {found[n].verdict for n in ("anything_else", "farewell", "thanks")} == {Verdict.NOT_ASSESSED}
    assert found["apology"].verdict is Verdict.NOT_ASSESSED
    assert found["expectation_summary"].verdict is Verdict.PASS
    assert found["thanks"].would_change


def test_a_customer_who_hangs_up_owes_the_agent_nothing() -> None:
    call = CALL + "a: may i suggest something\nc: this is a waste of time i'm hanging up"
    found = findings(call)
    assert {found[n].verdict for n in ("anything_else", "farewell")} == {Verdict.NOT_APPLICABLE}


def test_an_agent_who_hangs_up_fails_the_closing() -> None:
    call = CALL + "c: but i needed it today\na: that's the policy i'm ending this call"
    found = findings(call)
    assert {found[n].verdict for n in ("anything_else", "farewell", "thanks")} == {Verdict.FAIL}


def test_a_recording_that_lost_its_end_is_not_held_against_the_agent() -> None:
    call = CALL + "c: bye"
    assert findings(call)["farewell"].verdict is Verdict.FAIL
    assert findings(call, complete=False)["farewell"].verdict is Verdict.NOT_ASSESSED


def test_a_lost_beginning_is_no_missing_greeting() -> None:
    call = "a: what is the order number\nc: i want to return it\na: which item\nc: the lamp"
    assert findings(call)["greeting"].verdict is Verdict.FAIL
    assert findings(call, missing_start=True)["greeting"].verdict is Verdict.NOT_ASSESSED


def test_words_without_voice_are_never_evidence() -> None:
    call = transcript(CALL + "a: thank you for calling goodbye\nc: bye")
    turns = [*call.turns]
    turns[-2] = msgspec.structs.replace(turns[-2], voiced=False)
    found = judged(CallView(transcript=msgspec.structs.replace(call, turns=tuple(turns))))
    assert found["thanks"] is Verdict.FAIL
    assert found["farewell"] is Verdict.FAIL


def test_nothing_is_absent_while_a_third_of_it_is_said_by_nobody() -> None:
    call = CALL + "u: and so on and so forth with a good many words that somebody said here\nc: okay bye"
    assert findings(call)["farewell"].verdict is Verdict.NOT_ASSESSED


def test_doubtful_words_prove_nothing() -> None:
    said = "thank you goodbye"
    sure, unsure = (
        tuple(Word(text=w, start=i * 1.0, end=i + 0.5, confidence=c) for i, w in enumerate(said.split()))
        for c in (0.9, 0.1)
    )
    call = transcript(CALL + "c: bye")
    for words, expected in ((sure, Verdict.PASS), (unsure, Verdict.NOT_ASSESSED)):
        turn = Turn(speaker="agent", text=said, start=0.0, end=3.0, words=words)
        view = CallView(transcript=msgspec.structs.replace(call, turns=(*call.turns, turn)))
        assert judged(view)["thanks"] is expected


def test_evidence_has_the_times_of_its_words() -> None:
    words = [("well", 50.0), ("goodbye", 51.0)]
    turn = Turn(
        speaker="agent", text="well goodbye", start=50.0, end=52.0,
        words=tuple(Word(text=t, start=s, end=s + 0.5) for t, s in words),
    )  # fmt: skip
    call = transcript(CALL + "c: bye")
    view = CallView(transcript=msgspec.structs.replace(call, turns=(*call.turns, turn)))
    proof = next(f for f in judge(RUBRIC, view) if f.criterion == "farewell").evidence[0]
    assert (proof.quote, proof.start, proof.end, proof.turn) == ("well goodbye", 50.0, 51.5, len(call.turns))


def test_hostile_text_is_only_text() -> None:
    for said in (
        "\x00\x01\u202e[[((",
        "a" * 50_000,
        "(" * 5_000,
        "\ud800 x",
        "😀" * 300,
        "1" * 9_000,
        "no " * 9_000,
    ):
        call = Transcript(
            language="en",
            engine="i",
            turns=(Turn(speaker="agent", text=said), Turn(speaker="customer", text=said)),
        )
        assert len(judge(RUBRIC, CallView(transcript=call))) == len(RUBRIC.criteria)
        assert len(annotate(call, RUBRIC).turns) == 2


def test_the_same_call_gives_the_same_findings() -> None:
    view = CallView(transcript=transcript(CALL))
    assert msgspec.json.encode(judge(RUBRIC, view)) == msgspec.json.encode(judge(RUBRIC, view))


@pytest.mark.parametrize(("confidence", "expected"), [(0.9, "fail"), (0.6, "not_assessed")])
def test_nothing_is_missing_from_words_that_were_not_heard_well(confidence: float, expected: str) -> None:
    call = transcript(CALL + "c: bye\na: bye")
    heard = msgspec.structs.replace(call, mean_confidence=confidence)
    found = {f.criterion: f for f in judge(RUBRIC, CallView(transcript=heard))}["thanks"]
    assert found.verdict.value == expected
    assert found.would_change
    if found.confidence is not None:
        plain = {f.criterion: f for f in judge(RUBRIC, CallView(transcript=call))}["thanks"]
        assert plain.confidence is not None
        assert found.confidence < plain.confidence


@pytest.mark.parametrize(
    "text",
    [
        "a: acme\nc: it's alright boyd",
        "a: acme\nc: thank you\na: acme\nc: go ahead i've got a pen",
    ],
)
def test_a_call_that_ends_on_the_matter_can_be_judged(text) -> None:
    # Nothing is said after it in which an outcome could be looked for.
    made = findings(text)["expectation_summary"]
    assert made.searched_turns is not None
