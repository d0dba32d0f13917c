from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.core.dialogue import Dialogue, RoleAssignment
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.transcript import Turn
from speechqa.dialogue.measures import measure
from tests.support.work import calls_made

ROLES = {
    "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
    "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
}
SAID = (
    "yes",
    "okay mm",
    "I bought it on",
    "where do you live?",
    "Thank you, bye.",
    "the box is red.",
    "כן",
    "",
)


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


ms = st.integers(min_value=0, max_value=60_000)


@st.composite
def calls(draw: st.DrawFn) -> tuple[tuple[Turn, ...], dict[str, Timeline]]:
    lines: dict[str, Timeline] = {}
    turns: list[Turn] = []
    # Even starts for one party, odd for the other: with equal starts nobody comes in over the other.
    for parity, party in enumerate("AB"):
        pieces = draw(st.lists(st.tuples(ms, st.integers(100, 9000)), min_size=1, max_size=8))
        line = union(Segment((2 * a + parity) / 1000, (2 * a + parity + n) / 1000) for a, n in pieces)
        lines[party] = line
        turns += [turn(party, s.start, s.end, draw(st.sampled_from(SAID))) for s in line]
    return tuple(sorted(turns, key=lambda t: t.start or 0.0)), lines


def mirrored(d: Dialogue) -> Any:
    names = {"A": "B", "B": "A", "agent": "customer", "customer": "agent"}

    def swap(value: Any) -> Any:
        if isinstance(value, dict):
            return {names.get(k, k): swap(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [swap(v) for v in value]
        if isinstance(value, str):
            head, dot, tail = value.partition(".")
            return head + dot + names.get(tail, tail) if dot else names.get(value, value)
        return value

    return swap(plainly(d))


def plainly(d: Dialogue) -> Any:
    plain = msgspec.json.decode(msgspec.json.encode(d))
    plain["not_assessed"].sort(key=str)
    return plain


@settings(max_examples=80, deadline=None)
@given(calls(), st.booleans(), st.booleans())
def test_swapping_parties_mirrors_everything(
    call: tuple[tuple[Turn, ...], dict[str, Timeline]], sound: bool, words: bool
) -> None:
    turns, lines = call
    other = {"A": "B", "B": "A"}
    swapped = tuple(msgspec.structs.replace(t, party=other[t.party or ""]) for t in turns)
    swapped_lines = {other[p]: line for p, line in lines.items()}
    swapped_roles = {"A": ROLES["B"], "B": ROLES["A"]}
    here = measure(turns, lines if sound else None, {}, None, words_available=words)
    there = measure(swapped, swapped_lines if sound else None, {}, None, words_available=words)
    plain, expected = plainly(there), mirrored(here)
    expected["not_assessed"].sort(key=str)
    # Without roles: the letters swap. With roles that follow the people: nothing but the letters does.
    assert expected == plain
    led = measure(turns, lines, ROLES, None, words_available=words)
    followed = measure(swapped, swapped_lines, swapped_roles, None, words_available=words)
    assert followed.interruptions == led.interruptions
    assert followed.response_latency == led.response_latency
    assert followed.talk_share == led.talk_share


@settings(max_examples=100, deadline=None)
@given(calls(), st.integers(1, 5_000_000), st.booleans())
def test_shifting_time_changes_only_times(
    call: tuple[tuple[Turn, ...], dict[str, Timeline]], by_ms: int, words: bool
) -> None:
    turns, lines = call

    def later(t: float) -> float:
        return (round(t * 1000) + by_ms) / 1000

    moved = tuple(
        msgspec.structs.replace(t, start=later(t.start or 0.0), end=later(t.end or 0.0)) for t in turns
    )
    moved_lines = {p: tuple(Segment(later(s.start), later(s.end)) for s in line) for p, line in lines.items()}
    for sound in (True, False):
        here = measure(turns, lines if sound else None, ROLES, None, words_available=words)
        there = measure(moved, moved_lines if sound else None, ROLES, None, words_available=words)
        shapes = [
            (
                [(o.kind, o.by, o.rule, o.confidence, dict(o.numbers)) for o in d.overlaps],
                d.talk_seconds,
                d.talk_share,
                d.response_latency,
                d.interruptions,
                d.interruptions_per_10min,
                d.longest_monologue_seconds,
                d.words_per_minute,
                d.speaker_changes,
                [(h.kind, h.quote) for h in d.holds],
            )
            for d in (here, there)
        ]
        assert shapes[0] == shapes[1]
        assert [later(o.start) for o in here.overlaps] == [o.start for o in there.overlaps]


@settings(max_examples=60, deadline=None)
@given(calls(), st.integers(3001, 100_000))
def test_silence_at_the_end_adds_silence_only(
    call: tuple[tuple[Turn, ...], dict[str, Timeline]], more_ms: int
) -> None:
    turns, lines = call
    last = max(s.end for line in lines.values() for s in line)
    here = measure(turns, lines, ROLES, last, words_available=True)
    there = measure(turns, lines, ROLES, last + more_ms / 1000, words_available=True)
    assert there.silences[:-1] == here.silences
    assert there.silences[-1].before is None
    blank = {"silences": (), "silence_seconds": None}
    assert msgspec.structs.replace(here, **blank) == msgspec.structs.replace(there, **blank)


def test_work_grows_with_the_number_of_turns() -> None:
    def work(n: int) -> int:
        turns = tuple(
            turn("AB"[i % 2], i * 2.0, i * 2.0 + 2.3, "and then I went to the shop because they")
            for i in range(n)
        )
        return calls_made(lambda: measure(turns, None, ROLES, None, words_available=True))

    work(10)
    assert work(2000) < 14 * work(200)
