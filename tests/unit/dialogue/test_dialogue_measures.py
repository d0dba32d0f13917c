from __future__ import annotations

import msgspec
import pytest

from speechqa.core.dialogue import ChannelDoubts, RoleAssignment
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
    speech = {"A": (Segment(0.0, 100.0),), "B": (Segment(101.0, 103.0),)}
    d = measure((), speech, ROLES, 103.0, words_available=False)
    assert d.interruptions_per_10min == {"agent": None, "customer": 0.0}
    assert "interruptions_per_10min.agent" in {n.measure for n in d.not_assessed}


def test_nothing_is_measured_of_two_where_one_is_not_heard() -> None:
    d = measure((), {"A": (Segment(0.0, 100.0),), "B": ()}, ROLES, 100.0, words_available=False)
    missing = {n.measure: n.reason for n in d.not_assessed}
    for name in ("interruptions", "response_latency", "talk_share", "silences", "dead_air"):
        assert missing[name] == "nothing is heard of the other side"
    assert d.interruptions == {}
    assert d.talk_seconds["agent"] == 100.0


BOTH = {
    "A": (Segment(0.0, 20.0), Segment(30.0, 50.0), Segment(80.0, 120.0)),
    "B": (Segment(18.0, 28.0), Segment(50.5, 60.0)),
}


def test_channels_on_two_clocks_give_no_figures_that_need_one() -> None:
    doubts = ChannelDoubts(timing="one leg starts late")
    d = measure((), BOTH, ROLES, 120.0, words_available=False, doubts=doubts)
    missing = {n.measure: n.reason for n in d.not_assessed}
    for name in ("overlaps", "interruptions", "interruptions_per_10min", "response_latency", "silences"):
        assert missing[name] == "one leg starts late"
    assert len(missing) == len(d.not_assessed)
    assert (d.overlaps, d.silences, d.response_latency) == ((), (), {})
    assert d.silence_seconds is None
    assert d.speaker_changes is None
    assert d.talk_seconds == {"agent": 80.0, "customer": 19.5}
    assert d.talk_share
    assert d.channel_doubts == doubts


def test_a_clock_in_doubt_leaves_the_times_of_turns_alone() -> None:
    turns = (turn("A", 0.0, 5.0), turn("B", 5.2, 9.0), turn("A", 9.1, 12.0))
    doubts = ChannelDoubts(timing="one leg starts late", overlaps="alike", both_heard_until=6.0)
    assert measure(turns, None, ROLES, None, words_available=True, doubts=doubts) == measure(
        turns, None, ROLES, None, words_available=True
    )


def test_voices_alike_on_a_channel_give_no_overlaps_but_latencies() -> None:
    doubts = ChannelDoubts(overlaps="both on one channel")
    d = measure((), BOTH, ROLES, 120.0, words_available=False, doubts=doubts)
    missing = {n.measure: n.reason for n in d.not_assessed}
    assert missing["overlaps"] == "both on one channel"
    assert d.overlap_heard is False
    assert d.response_latency


def test_what_comes_after_a_channel_died_is_measured_of_nobody() -> None:
    doubts = ChannelDoubts(both_heard_until=62.0)
    whole = measure((), BOTH, ROLES, 120.0, words_available=False)
    d = measure((), BOTH, ROLES, 120.0, words_available=False, doubts=doubts)
    assert d.talk_seconds == {"agent": 40.0, "customer": 19.5}
    assert d.speech == whole.speech, "what was heard is kept"
    assert {s.start for s in whole.silences} - {s.start for s in d.silences} == {60.0}
    assert max((s.end for s in d.silences), default=0.0) <= 62.0
    again = measure((), d.speech, ROLES, 120.0, words_available=False, doubts=d.channel_doubts)
    assert again == d


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
