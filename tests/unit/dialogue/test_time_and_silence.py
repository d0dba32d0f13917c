from __future__ import annotations

from typing import Any, Literal

import pytest

from speechqa.core.dialogue import Dialogue, RoleAssignment, WaitingSound
from speechqa.core.segment import Segment, Timeline
from speechqa.core.transcript import Turn, Word
from speechqa.dialogue.limits import Limits
from speechqa.dialogue.measures import ONE_CHANNEL, measure

ROLES = {
    "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
    "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
}
TALK = "the red box is on the second shelf."


def turn(party: str, start: float, end: float, text: str = TALK) -> Turn:
    return Turn(speaker="unknown", party=party, start=start, end=end, text=text)


def heard(*pieces: tuple[str, float, float], **options: Any) -> Dialogue:
    """Measures of speech found in sound, without words."""
    speech: dict[str, Timeline] = dict.fromkeys("AB", ())
    for party, start, end in pieces:
        speech[party] = (*speech[party], Segment(start, end))
    return measure((), speech, ROLES, None, words_available=False, **options)


def told(*turns: Turn, **options: Any) -> Dialogue:
    return measure(turns, None, ROLES, None, words_available=True, **options)


def sound(start: float, end: float, kind: Literal["music", "tones", "ringing"] = "music") -> WaitingSound:
    return WaitingSound(start=start, end=end, kind=kind)


def reasons(d: Dialogue, measure: str) -> list[str]:
    return [m.reason for m in d.not_assessed if m.measure == measure]


@pytest.mark.parametrize(("gap", "dead"), [(9.9, 0), (10.0, 1), (19.9, 1), (20.1, 1)])
def test_dead_air_is_a_long_silence_nobody_announced(gap: float, dead: int) -> None:
    d = told(turn("A", 0.0, 4.0), turn("B", 4.0 + gap, 9.0 + gap))
    assert len(d.dead_air) == dead
    assert [h.kind for h in d.holds] == (["silent"] if gap > 20 else [])
    if dead:
        assert (d.dead_air[0].after, d.dead_air[0].before) == ("agent", "customer")


def test_dead_air_lies_inside_the_call_and_its_limit_can_be_set() -> None:
    d = measure((turn("A", 12.0, 14.0), turn("B", 20.0, 22.0)), None, ROLES, 40.0, words_available=True)
    assert d.dead_air == ()
    assert len(d.silences) == 3
    short = told(turn("A", 12.0, 14.0), turn("B", 20.0, 22.0), limits=Limits(dead_air_s=5.0))
    assert [(s.start, s.end) for s in short.dead_air] == [(14.0, 20.0)]


def test_an_announced_wait_is_no_dead_air() -> None:
    d = told(turn("A", 0.0, 3.0, "one moment please, I will look"), turn("A", 18.0, 20.0))
    assert d.dead_air == ()
    d = told(
        turn("A", 0.0, 3.0, "one moment please, I will look"), turn("B", 3.2, 4.0), turn("A", 18.0, 20.0)
    )
    assert d.dead_air == ()
    assert [(h.kind, h.sound) for h in d.holds] == [("told", "unknown")]


def test_who_is_listened_to_does_not_wait() -> None:
    asked = turn("A", 0.0, 3.0, "one moment please, what happened?")
    d = told(asked, turn("B", 3.5, 18.0, TALK * 4), turn("B", 24.0, 40.0, TALK * 4), turn("A", 41.0, 44.0))
    assert d.holds == ()
    assert d.response_latency["agent"].n == 1
    d = told(asked, turn("B", 3.5, 10.0, TALK), turn("B", 24.0, 26.0), turn("A", 41.0, 44.0))
    assert [h.kind for h in d.holds] == ["told"]


def test_without_text_dead_air_may_have_been_announced() -> None:
    d = heard(("A", 0.0, 4.0), ("B", 16.0, 18.0))
    assert len(d.dead_air) == 1
    assert reasons(d, "dead_air")


def test_a_hold_says_what_is_heard_in_it() -> None:
    turns = (turn("A", 0.0, 3.0, "hold on please"), turn("B", 3.2, 3.8, "okay"), turn("A", 30.0, 33.0))
    speech = {"A": (Segment(0.0, 3.0), Segment(30.0, 33.0)), "B": (Segment(3.2, 3.8),)}
    for waiting, expected in (
        ([sound(5.0, 29.0)], "music"),
        ([sound(5.0, 9.0, "ringing"), sound(12.0, 16.0, "ringing")], "tones"),
        ([sound(5.0, 6.0)], "silence"),
        ([], "silence"),
        (None, "unknown"),
    ):
        d = measure(turns, speech, ROLES, None, words_available=True, waiting=waiting)
        assert [(h.kind, h.sound, h.start, h.end) for h in d.holds] == [("told", expected, 3.0, 30.0)]


def test_unannounced_music_is_a_hold_and_short_or_talked_over_music_is_none() -> None:
    speech = (("A", 0.0, 5.0), ("B", 5.5, 8.0), ("A", 40.0, 45.0))
    d = heard(*speech, waiting=[sound(9.0, 20.0), sound(22.0, 38.0)])
    assert [(h.start, h.end, h.kind, h.sound) for h in d.holds] == [(9.0, 38.0, "music", "music")]
    assert d.dead_air == ()
    assert heard(("A", 0.0, 5.0), ("B", 9.0, 12.0), waiting=[sound(5.5, 8.5)]).holds == ()
    radio = heard(("A", 0.0, 5.0), ("B", 5.5, 20.0), ("A", 21.0, 29.0), waiting=[sound(2.0, 28.0)])
    assert radio.holds == ()


@pytest.mark.parametrize("kind", ["ringing", "music"])
def test_queue_wait_from_the_beginning_of_the_recording(kind: Literal["ringing", "music"]) -> None:
    d = heard(("A", 31.0, 35.0), ("B", 36.0, 40.0), waiting=[sound(1.0, 6.0, kind), sound(9.0, 29.0, kind)])
    assert (d.queue_wait_seconds, d.queue_wait_source) == (30.0, "recording")
    assert d.holds == ()


def test_queue_wait_with_an_announcement_before_the_music() -> None:
    d = heard(("A", 0.0, 8.0), ("A", 31.0, 35.0), ("B", 36.0, 40.0), waiting=[sound(9.0, 29.0)])
    assert (d.queue_wait_seconds, d.queue_wait_source) == (22.0, "recording")
    assert d.holds == ()


def test_music_after_both_have_spoken_is_no_queue() -> None:
    d = heard(("A", 0.0, 4.0), ("B", 4.5, 8.0), ("A", 31.0, 35.0), waiting=[sound(9.0, 29.0)])
    assert d.queue_wait_seconds is None
    assert reasons(d, "queue_wait_seconds")


def test_the_manifest_knows_the_queue_better() -> None:
    d = heard(("A", 31.0, 35.0), waiting=[sound(1.0, 29.0)], queue_wait_s=90.0)
    assert (d.queue_wait_seconds, d.queue_wait_source) == (90.0, "manifest")
    assert measure((), None, {}, None, words_available=False, queue_wait_s=5.0).queue_wait_seconds == 5.0


def test_an_acknowledgement_in_a_pause_is_no_answer() -> None:
    parts = (
        turn("A", 0.0, 4.0, "so I will send you the new contract today."),
        turn("B", 5.0, 5.5, "Mm-hmm."),
        turn("A", 6.0, 12.0, "and you will get it by Monday at the latest."),
        turn("B", 13.0, 16.0, "that is very good to hear today."),
    )
    d = told(*parts)
    assert d.speaker_changes == 1
    assert d.response_latency["customer"].n == 1
    assert d.longest_monologue_seconds["agent"] == 12.0


@pytest.mark.parametrize(("asked", "answered"), [("do you have the letter there with you?", "Yes."),
                                                 ("יש לך את המכתב שם לידך?", "כן.")])  # fmt: skip
def test_a_token_after_a_question_is_an_answer(asked: str, answered: str) -> None:
    d = told(
        turn("A", 0.0, 4.0, asked),
        turn("B", 5.0, 5.5, answered),
        turn("A", 6.0, 9.0, "Then please open it now."),
    )
    assert d.speaker_changes == 2
    assert d.response_latency["customer"].median == 1.0


def test_latency_leaves_holds_out_and_overlaps_count_as_none() -> None:
    d = told(
        turn("B", 0.0, 5.0),
        turn("A", 4.8, 9.0, "Please hold the line, I will look."),
        turn("B", 9.5, 10.0, "okay"),
        turn("A", 40.0, 45.0),
        turn("B", 46.5, 50.0),
    )
    assert d.response_latency["agent"].median == 0.0
    assert d.response_latency["agent"].n == 1
    # "okay" is said when the wait has begun.
    assert (d.response_latency["customer"].median, d.response_latency["customer"].n) == (1.5, 1)


def test_p90_needs_five_exchanges() -> None:
    pieces = [("AB"[i % 2], 10.0 * i, 10.0 * i + 8.0 - i / 10) for i in range(11)]
    d = heard(*pieces)
    assert d.response_latency["agent"].n == 5
    assert d.response_latency["agent"].p90 is not None
    few = heard(*pieces[:8])
    assert few.response_latency["agent"].median is not None
    assert few.response_latency["agent"].p90 is None
    assert reasons(few, "response_latency_p90.agent")


def test_monologues_are_stretches_of_a_minute() -> None:
    d = heard(
        ("A", 0.0, 59.9), ("B", 61.0, 62.5), ("A", 63.0, 100.0), ("A", 102.0, 124.0), ("B", 126.0, 140.0)
    )
    assert d.monologues == {"agent": 1, "customer": 0}
    assert d.longest_monologue_seconds["agent"] == 61.0


def test_seconds_of_interruption_are_those_both_speak() -> None:
    d = heard(("A", 0.0, 20.0), ("B", 10.0, 16.0), ("A", 21.0, 60.0))
    assert sum(d.interruptions.values()) == 1
    assert d.interruption_seconds == {"agent": 0.0, "customer": 6.0}


def test_agents_among_themselves_do_not_interrupt_the_customer() -> None:
    other = "no no, that is not at all how we do this here."
    turns = (turn("A", 0.0, 9.0, f"{TALK} {TALK} and then I want to"), turn("C", 4.0, 12.0, other))
    among = measure(turns, None, ROLES | {"C": ROLES["A"]}, None, words_available=True)
    (overlap,) = among.overlaps
    assert (overlap.kind, overlap.by, overlap.of) == ("interruption", "agent", "agent")
    assert among.interruptions == {"agent": 0}
    apart = measure(turns, None, ROLES | {"C": ROLES["B"]}, None, words_available=True)
    assert apart.interruptions == {"agent": 0, "customer": 1}


def test_on_one_channel_nobody_can_hear_who_talks_over_whom() -> None:
    speech = {"A": (Segment(0.0, 20.0), Segment(30.0, 50.0)), "B": (Segment(20.5, 29.0), Segment(45.0, 60.0))}
    d = measure(
        (),
        speech,
        ROLES,
        60.0,
        words_available=False,
        separation="voice",
        separation_confidence=0.8,
        overlap_heard=False,
        overlapped=(Segment(45.0, 50.0),),
    )
    assert d.overlaps == ()
    assert d.interruptions == {}
    assert d.interruptions_per_10min == {}
    assert {m.measure for m in d.not_assessed if m.reason == ONE_CHANNEL} == {
        "overlaps",
        "interruptions",
        "interruptions_per_10min",
        "interruption_seconds",
    }
    assert d.response_latency["customer"].n == 2
    assert d.talk_share
    assert d.longest_monologue_seconds
    assert d.speaker_changes == 3
    assert (d.separation, d.separation_confidence, d.overlapped) == ("voice", 0.8, (Segment(45.0, 50.0),))


def test_how_the_parties_are_told_apart() -> None:
    assert heard(("A", 0.0, 5.0), ("B", 6.0, 8.0)).separation == "channel"
    assert told(turn("A", 0.0, 5.0), turn("B", 6.0, 8.0)).separation == "transcript"
    assert measure((), {"A": (Segment(0.0, 4.0),)}, {}, 4.0, words_available=False).separation == "none"


def test_a_lone_side_says_nothing_of_the_two_together() -> None:
    d = told(turn("A", 0.0, 15.0, TALK * 4), turn("A", 40.0, 60.0, TALK * 4))
    missing = {m.measure for m in d.not_assessed if "other side is missing" in m.reason}
    assert {
        "overlaps",
        "interruptions",
        "silences",
        "dead_air",
        "holds",
        "response_latency",
        "cut_offs",
    } <= missing
    assert (d.interruptions, d.silences, d.holds, d.talk_share) == ({}, (), (), {})
    assert d.talk_seconds == {"agent": 35.0}
    assert d.words_per_minute


def worded(party: str, start: float, end: float, text: str) -> Turn:
    parts = text.split()
    step = (end - start) / len(parts)
    words = tuple(
        Word(text=part, start=round(start + i * step, 3), end=round(start + (i + 1) * step, 3))
        for i, part in enumerate(parts)
    )
    return Turn(speaker="unknown", party=party, start=start, end=end, text=text, words=words)


def test_syllables_a_second_of_voiced_speech() -> None:
    text = "I would like to order seven yellow tables today please " * 4  # 15 syllables each
    turns = (worded("A", 0.0, 16.0, text), worded("B", 17.0, 18.0, "okay"))
    speech = {"A": (Segment(0.0, 7.0), Segment(7.2, 16.0)), "B": (Segment(17.0, 18.0),)}
    d = measure(turns, speech, ROLES, None, words_available=True)
    assert d.syllables_per_second == {"agent": round(60 / 15.8, 2)}
    assert reasons(d, "syllables_per_second.customer")
    assert measure(turns, None, ROLES, None, words_available=True).syllables_per_second == {"agent": 3.75}


def test_syllables_need_the_time_of_the_voice() -> None:
    d = told(turn("A", 0.0, 20.0, TALK * 6), turn("B", 21.0, 22.0, "okay"))
    assert d.syllables_per_second == {}
    assert "pauses" in reasons(d, "syllables_per_second")[0]


def test_syllables_leave_masked_and_unheard_talk_out_and_unknown_languages() -> None:
    clear = worded("A", 0.0, 12.0, "one two three four five six " * 6)
    masked = worded("A", 20.0, 40.0, "my number is [card] thank you")
    turns = (clear, worded("B", 14.0, 15.0, "okay"), masked)
    d = measure(turns, None, ROLES, None, words_available=True)
    assert d.syllables_per_second == {"agent": 3.0}
    d = measure(turns, None, ROLES, None, words_available=True, language="pl")
    assert "pl" in reasons(d, "syllables_per_second")[0]


def test_more_words_than_anybody_can_say_are_no_rate() -> None:
    turns = (worded("A", 0.0, 12.0, "information " * 40), worded("B", 13.0, 14.0, "okay"))
    d = measure(turns, None, ROLES, None, words_available=True)
    assert d.syllables_per_second == {}
    assert "more words" in reasons(d, "syllables_per_second.agent")[0]


def test_hebrew_syllables_need_a_hundred_words() -> None:
    line = "אני רוצה לדעת מתי החבילה שלי תגיע אליי הביתה"
    few = (worded("A", 0.0, 12.0, line * 3), worded("B", 13.0, 14.0, "כן"))
    d = measure(few, None, ROLES, None, words_available=True)
    assert "Hebrew" in reasons(d, "syllables_per_second.agent")[0]
    many = (worded("A", 0.0, 40.0, f"{line} " * 12), worded("B", 41.0, 42.0, "כן"))
    d = measure(many, None, ROLES, None, words_available=True)
    assert 4.0 < d.syllables_per_second["agent"] < 7.0
