"""`no_interruptions`: judged on timing, so that no text is needed."""

from __future__ import annotations

import pytest

from speechqa.core.dialogue import Dialogue, NotAssessed, Overlap, OverlapKind, RoleAssignment
from speechqa.core.finding import Finding, Verdict
from speechqa.core.segment import Segment
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC

ROLES = {
    "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
    "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
}


def overlap(
    start: float, kind: OverlapKind = "interruption", *, by: str = "agent", length: float = 1.5
) -> Overlap:
    of = "customer" if by == "agent" else "agent"
    parties = {"agent": "A", "customer": "B"}
    return Overlap(
        start=start, end=start + length, kind=kind, by=by, of=of, by_party=parties[by], of_party=parties[of]
    )


def judged(
    *overlaps: Overlap,
    spoken: float = 120.0,
    basis: str = "audio",
    turns: tuple[Turn, ...] = (),
    **more: object,
) -> Finding:
    dialogue = Dialogue(
        basis=basis,
        speech={"A": (Segment(0.0, 100.0),), "B": (Segment(0.0, spoken),)},
        talk_seconds={"agent": 100.0, "customer": spoken},
        overlaps=overlaps,
    )
    given = {"dialogue": dialogue, "roles": ROLES, "text_usable": False, **more}
    view = CallView(transcript=Transcript(language=None, engine="none", turns=turns), **given)
    return next(f for f in judge(RUBRIC, view) if f.criterion == "no_interruptions")


@pytest.mark.parametrize(
    ("overlaps", "expected"),
    [
        ((), Verdict.PASS),
        ((overlap(5),), Verdict.PASS),
        ((overlap(5), overlap(20)), Verdict.FAIL),
        ((overlap(5, "failed_interruption"), overlap(20, "failed_interruption")), Verdict.FAIL),
        ((overlap(5, "failed_interruption", length=0.8), overlap(20)), Verdict.PASS),
        (
            (overlap(5, "backchannel"), overlap(20, "terminal"), overlap(30, "simultaneous_start")),
            Verdict.PASS,
        ),
        ((overlap(5, by="customer"), overlap(20, by="customer"), overlap(30, by="customer")), Verdict.PASS),
    ],
)
def test_interruptions(overlaps: tuple[Overlap, ...], expected: Verdict) -> None:
    found = judged(*overlaps)
    assert found.verdict is expected
    assert found.searched is not None


def test_two_in_a_long_call_are_within_the_limit() -> None:
    assert judged(overlap(5), overlap(20), spoken=600.0).verdict is Verdict.PASS


def test_too_little_customer_speech_does_not_apply() -> None:
    assert judged(overlap(5), overlap(20), spoken=40.0).verdict is Verdict.NOT_APPLICABLE


def test_without_timing_or_roles_it_is_not_assessed() -> None:
    assert judged(overlap(5), basis="none").verdict is Verdict.NOT_ASSESSED
    assert judged(dialogue=None).verdict is Verdict.NOT_ASSESSED
    untold = Dialogue(basis="audio", speech={"A": (Segment(0.0, 99.0),)}, talk_seconds={"A": 99.0})
    assert judged(dialogue=untold, roles={}).verdict is Verdict.NOT_ASSESSED


def test_what_cannot_be_heard_passes_nobody() -> None:
    mono = Dialogue(
        basis="audio",
        speech={"A": (Segment(0.0, 99.0),), "B": (Segment(100.0, 250.0),)},
        talk_seconds={"agent": 99.0, "customer": 150.0},
        separation="voice",
        not_assessed=(NotAssessed(measure="interruptions", reason="one channel"),),
    )
    found = judged(dialogue=mono)
    assert found.verdict is Verdict.NOT_ASSESSED
    assert "one channel" in found.reason


def test_echoing_a_dictated_number_is_no_interruption() -> None:
    turns = (
        Turn(speaker="customer", text="five five one two nine", start=4.0, end=8.0),
        Turn(speaker="agent", text="five five", start=5.0, end=6.5),
        Turn(speaker="customer", text="so as i was saying it never came", start=18.0, end=22.0),
        Turn(speaker="agent", text="no listen to me", start=20.0, end=21.5),
    )
    assert judged(overlap(5), overlap(20), turns=turns).verdict is Verdict.PASS
    said = judged(overlap(20), overlap(20.2), turns=turns)
    assert said.verdict is Verdict.FAIL
    assert said.evidence[0].quote == "no listen to me"
