"""Rises and falls beside what was said: the turns that can have come before, and why there are none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec.structs import replace

from speechqa.core.dialogue import RoleAssignment
from speechqa.core.segment import Segment
from speechqa.core.stress import StressCurve, StressWindow
from speechqa.core.transcript import Act, Transcript, Turn
from speechqa.pipeline.causes import MOST_BEFORE, NO_TIMES, NO_WORDS, NOTHING_BEFORE, with_causes

ROLES = {
    "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
    "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
}
PERIOD, TURN_S = 16.0, 12.0
SPEECH = tuple(Segment(4 + i * PERIOD, 4 + i * PERIOD + TURN_S) for i in range(12))
"""The customer talks 12 s at a time: each turn is a window of its own."""


def agent_turn(index: int, text: str = "", acts=(), **more) -> Turn:
    begin = index * PERIOD
    found = tuple(Act(act=act, confidence=0.9) for act in acts)
    given = {"start": begin + 0.2, "end": begin + 3.8, **more}
    return Turn(speaker="agent", party="A", text=text or f"agent {index}", acts=found, **given)


def customer_turn(index: int) -> Turn:
    spoken = SPEECH[index]
    return Turn(
        speaker="customer",
        party="B",
        text=f"customer {index}",
        start=spoken.start,
        end=spoken.end,
        voiced=True,
    )


def dialogue(**changed: Turn) -> tuple[Turn, ...]:
    """Agent and customer by turns; `a3=...` puts another turn in place of the agent's fourth."""
    return tuple(
        turn
        for index in range(len(SPEECH))
        for turn in (changed.get(f"a{index}", agent_turn(index)), customer_turn(index))
    )


def curve(levels) -> StressCurve:
    """A value for each of the customer's turns, and for the windows between two of them the mean."""
    windows = []
    for index, (level, spoken) in enumerate(zip(levels, SPEECH, strict=True)):
        windows.append((spoken.start, spoken.end, level))
        if index + 1 < len(levels):
            middle = spoken.start + TURN_S / 2, SPEECH[index + 1].start + TURN_S / 2
            windows.append((*middle, (level + levels[index + 1]) / 2))
    return StressCurve(
        windows=tuple(
            StressWindow(start=start, end=end, value=value, confidence="ok", voiced_seconds=6.0)
            for start, end, value in windows
        )
    )


CALM_RAISED_CALM = (0.0,) * 4 + (5.0,) * 4 + (0.0,) * 4


def told(turns, levels=CALM_RAISED_CALM, *, roles=ROLES) -> StressCurve:
    transcript = Transcript(language="en", engine="e", turns=tuple(turns))
    return with_causes({"customer": curve(levels)}, transcript, roles, {"A": (), "B": SPEECH})["customer"]


def test_what_raised_and_what_calmed_are_both_told():
    found = told(
        dialogue(a4=agent_turn(4, "please hold", ("hold",)), a8=agent_turn(8, "I am sorry", ("apologise",)))
    )
    rise, fall = found.changes
    assert (rise.kind, fall.kind) == ("rise", "fall")
    for change, index, quote, act in ((rise, 4, "please hold", "hold"), (fall, 8, "I am sorry", "apologise")):
        said = {turn.quote: turn for turn in change.before}
        assert quote in said
        assert said[quote].acts == (act,)
        assert said[quote].speaker == "agent"
        assert said[quote].turn == 2 * index
        assert change.shows_in is not None
        assert change.shows_in.quote == f"customer {index}"
        assert change.reason is None


def test_turns_before_are_the_others_in_order_and_begin_before_the_change_is_over():
    for change in told(dialogue()).changes:
        assert 1 <= len(change.before) <= MOST_BEFORE
        assert all(turn.speaker == "agent" for turn in change.before)
        assert all(a.start < b.start for a, b in pairwise(change.before))
        assert all(turn.start < change.end for turn in change.before)


def test_more_turns_than_are_told_leave_the_nearest():
    many = [agent_turn(4, f"bit {n}", start=64 + n / 4, end=64 + n / 4 + 0.2) for n in range(15)]
    turns = [turn for turn in dialogue() if turn.text != "agent 4"] + many
    rise = told(turns).changes[0]
    assert len(rise.before) == MOST_BEFORE


def test_a_listeners_token_is_not_all_that_is_told():
    turns = [t for t in dialogue() if t.party == "B"]
    turns += [agent_turn(2, "you must pay"), agent_turn(3, "mhm", ("backchannel",))]
    rise = told(turns).changes[0]
    assert "you must pay" in [turn.quote for turn in rise.before]


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ((), NO_WORDS),
        (tuple(replace(turn, text=" ") for turn in dialogue()), NO_WORDS),
        (tuple(replace(turn, start=None, end=None) for turn in dialogue()), NO_TIMES),
        (tuple(turn for turn in dialogue() if turn.party == "B"), NOTHING_BEFORE),
        (tuple(replace(t, voiced=False) if t.party == "A" else t for t in dialogue()), NOTHING_BEFORE),
        (tuple(replace(t, party=None) if t.party == "A" else t for t in dialogue()), NOTHING_BEFORE),
    ],
)
def test_where_nothing_is_told_the_reason_is(turns, reason):
    changes = told(turns).changes
    assert len(changes) == 2
    assert [change.before for change in changes] == [(), ()]
    assert [change.reason for change in changes] == [reason, reason]


def test_a_quote_is_the_transcripts_own_text_and_no_longer_than_can_be_read():
    masked = "my card is [card number] " * 20
    quotes = [t.quote for c in told(dialogue(a4=agent_turn(4, masked))).changes for t in c.before]
    (quote,) = (q for q in quotes if q.startswith("my card"))
    assert quote.endswith("…")
    assert len(quote) <= 240
    assert " ".join(masked.split()).startswith(quote[:-1])


def test_the_same_again_and_nothing_left_of_an_earlier_telling():
    first = told(dialogue())
    transcript = Transcript(language="en", engine="none", confident=False)
    again = with_causes({"customer": first}, transcript, ROLES, {"A": (), "B": SPEECH})["customer"]
    assert [change.before for change in again.changes] == [(), ()]
    assert told(dialogue()) == first


def test_a_curve_of_nobody_there_is_left_alone():
    bare = StressCurve(reason="no speech of this speaker")
    transcript = Transcript(language="en", engine="e", turns=dialogue())
    assert with_causes({"customer": bare}, transcript, {}, {}) == {"customer": bare}
    assert with_causes({}, transcript, ROLES, {"B": SPEECH}) == {}
