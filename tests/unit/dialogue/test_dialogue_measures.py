from __future__ import annotations

import msgspec
import pytest

from speechqa.core.dialogue import RoleAssignment
from speechqa.core.segment import Segment
from speechqa.core.transcript import Turn
from speechqa.dialogue.measures import measure
from tests.support.work import calls_made

ROLES = {
    "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
    "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
}


def turn(party: str | None, start: float | None, end: float | None, text: str = "the red box") -> Turn:
    return Turn(speaker="unknown", party=party, start=start, end=end, text=text)


def test_known_case() -> None:
    speech = {
        "A": (Segment(1.0, 3.0), Segment(10.0, 50.0)),
        "B": (Segment(3.5, 6.0), Segment(52.0, 92.0)),
    }
    d = measure((), speech, ROLES, 100.0, words_available=False)
    assert d.basis == "audio"
    assert d.talk_seconds == {"agent": 42.0, "customer": 42.5}
    assert d.talk_share["agent"] == pytest.approx(42 / 84.5, abs=1e-4)
    assert d.response_latency["customer"].median == pytest.approx(1.25)
    assert d.response_latency["agent"].n == 1
    assert [(s.start, s.end, s.after, s.before) for s in d.silences] == [
        (6.0, 10.0, "customer", "agent"),
        (92.0, 100.0, "customer", None),
    ]
    assert d.silence_seconds == 12.0
    assert d.speaker_changes == 3
    assert d.longest_monologue_seconds == {"agent": 40.0, "customer": 40.0}
    assert d.interruptions_per_10min == {"agent": 0.0, "customer": 0.0}
    assert d.monologues == {"agent": 0, "customer": 0}
    assert d.separation == "channel"
    assert {n.measure for n in d.not_assessed} == {
        "holds",
        "dead_air",
        "words_per_minute",
        "cut_offs",
        "syllables_per_second",
        "response_latency_p90.agent",
        "response_latency_p90.customer",
        "queue_wait_seconds",
    }


def test_backchannels_do_not_end_a_monologue() -> None:
    speech = {"A": (Segment(0.0, 30.0),), "B": (Segment(10.0, 10.4), Segment(20.0, 20.5))}
    d = measure((), speech, ROLES, 30.0, words_available=False)
    assert d.longest_monologue_seconds == {"agent": 30.0}
    assert d.speaker_changes == 0


def test_without_times_nothing_is_assessed() -> None:
    d = measure((turn("A", None, None), turn("B", None, None)), None, ROLES, None, words_available=True)
    assert d.basis == "none"
    assert d.speaker_changes is None
    assert d.silence_seconds is None
    assert {"overlaps", "interruptions", "response_latency", "silences"} <= {
        n.measure for n in d.not_assessed
    }
    assert d.interruptions == {}


def test_mono_has_silences_but_no_parties() -> None:
    turns = (turn(None, 0.0, 4.0), turn(None, 30.0, 40.0))
    for d in (
        measure(turns, None, {}, 40.0, words_available=True),
        measure((), {"A": (Segment(0.0, 4.0), Segment(30.0, 40.0))}, {}, 40.0, words_available=False),
    ):
        assert len(d.silences) == 1
        assert d.interruptions == {}
        assert d.talk_share == {}
        assert d.speaker_changes is None
        assert "overlaps" in {n.measure for n in d.not_assessed}


def test_rate_is_unknown_when_the_other_hardly_speaks() -> None:
    d = measure((), {"A": (Segment(0.0, 100.0),), "B": ()}, ROLES, 100.0, words_available=False)
    assert d.interruptions_per_10min == {"agent": None, "customer": 0.0}
    assert "interruptions_per_10min.agent" in {n.measure for n in d.not_assessed}


def test_unvoiced_turns_are_no_evidence() -> None:
    turns = (turn("A", 0.0, 5.0), msgspec.structs.replace(turn("B", 2.0, 4.0), voiced=False))
    assert measure(turns, None, ROLES, None, words_available=True).overlaps == ()


@pytest.mark.parametrize("words", ["one moment please I will look", "רגע בבקשה אני בודקת"])
def test_told_hold(words: str) -> None:
    turns = (
        turn("A", 0.0, 3.0, words),
        turn("B", 3.2, 3.5, "okay"),
        turn("A", 18.0, 20.0, "the red box is here"),
    )
    d = measure(turns, None, ROLES, None, words_available=True)
    assert [(h.start, h.end, h.kind) for h in d.holds] == [(3.0, 18.0, "told")]
    assert d.holds[0].quote == words
    assert measure(turns[:2], None, ROLES, None, words_available=True).holds == ()


def test_one_moment_without_a_wait_is_no_hold() -> None:
    turns = (turn("A", 0.0, 3.0, "one moment please"), turn("A", 6.0, 9.0, "the red box is here"))
    assert measure(turns, None, ROLES, None, words_available=True).holds == ()


def test_silent_hold_lies_inside_the_call() -> None:
    speech = {"A": (Segment(30.0, 40.0),), "B": (Segment(65.0, 70.0),)}
    d = measure((), speech, ROLES, 120.0, words_available=False)
    assert [(h.start, h.end, h.kind) for h in d.holds] == [(40.0, 65.0, "silent")]


def test_words_per_minute() -> None:
    turns = (turn("A", 0.0, 15.0, "word " * 30), turn("B", 15.0, 17.0, "no"))
    d = measure(turns, None, ROLES, None, words_available=True)
    assert d.words_per_minute == {"agent": 120.0}
    assert "words_per_minute.customer" in {n.measure for n in d.not_assessed}


def test_two_agents_count_together() -> None:
    roles = {**ROLES, "C": ROLES["A"]}
    speech = {"A": (Segment(0.0, 10.0),), "B": (Segment(11.0, 20.0),), "C": (Segment(21.0, 40.0),)}
    d = measure((), speech, roles, 40.0, words_available=False)
    assert d.talk_seconds == {"agent": 29.0, "customer": 9.0}


def test_work_grows_with_the_number_of_turns() -> None:
    def work(n: int) -> int:
        turns = tuple(
            turn("AB"[i % 2], i * 2.0, i * 2.0 + 2.3, "and then I went to the shop because they")
            for i in range(n)
        )
        return calls_made(lambda: measure(turns, None, ROLES, None, words_available=True))

    work(10)
    assert work(2000) < 14 * work(200)
