from __future__ import annotations

import json
import os
import random
from pathlib import Path

import msgspec
import pytest

from speechqa.core.dialogue import RoleAssignment
from speechqa.core.segment import Segment, union
from speechqa.core.source import Role
from speechqa.core.transcript import Turn, Word
from speechqa.dialogue.channels.assignment import match_channels
from speechqa.dialogue.roles.assignment import assign_roles, with_roles

CALLS = Path(os.environ.get("SPEECHQA_DATA", "../shared/data")) / "calls" / "harpervalley"


def roles(
    turns: tuple[Turn, ...],
    speech: dict[str, tuple[Segment, ...]] | None = None,
    agent_channel: int | None = None,
    manifest: dict[str, Role] | None = None,
) -> dict[str, RoleAssignment]:
    return assign_roles(
        turns, speech, agent_channel=agent_channel, manifest_roles=manifest, floor=0.7, language=None
    )


def turn(
    party: str, text: str, start: float | None = None, end: float | None = None, speaker: str = "unknown"
) -> Turn:
    return Turn(speaker=speaker, party=party, text=text, start=start, end=end)


@pytest.mark.parametrize(
    ("agent", "customer"),
    [
        ("good morning how may i help you", "hi my heating is not working since monday"),
        ("שלום מדברת דנה במה אפשר לעזור", "שלום יש לי תקלה באינטרנט ואני רוצה טכנאי"),
        ("this is dan from billing what is your account number", "i would like to move my payment date"),
    ],
)
def test_inferred_from_what_is_said(agent: str, customer: str) -> None:
    for a, b in (("A", "B"), ("B", "A")):
        found = roles((turn(b, customer), turn(a, agent)))
        assert (found[a].role, found[b].role) == ("agent", "customer")
        assert found[a].source == "inferred"
        assert found[a].confidence == found[b].confidence >= 0.7
        assert found[a].reason


def test_known_sources_come_first() -> None:
    text = (turn("A", "i want to cancel"), turn("B", "how can i help you"))
    by_name = roles((turn("A", "i want to cancel", speaker="agent"), turn("B", "x", speaker="Dana")))
    assert [(by_name[p].role, by_name[p].source) for p in "AB"] == [
        ("agent", "transcript"),
        ("customer", "transcript"),
    ]
    by_manifest = roles(text, manifest={"A": "agent"})
    assert [(by_manifest[p].role, by_manifest[p].source) for p in "AB"] == [
        ("agent", "manifest"),
        ("customer", "manifest"),
    ]
    by_option = roles(text, agent_channel=0)
    assert [(by_option[p].role, by_option[p].source) for p in "AB"] == [
        ("agent", "option"),
        ("customer", "option"),
    ]
    contrary = roles(
        (turn("A", "x", speaker="agent"), turn("B", "y", speaker="customer")), manifest={"A": "customer"}
    )
    assert contrary["A"].role == "agent"
    assert contrary["A"].confidence < 1
    assert "contrary" in contrary["A"].reason


def test_timing_alone_is_never_sure() -> None:
    speech = {"A": (Segment(0.5, 15.0),), "B": (Segment(16.0, 24.0),)}
    found = roles((), speech)
    assert found["A"].role == "agent"
    assert 0.7 <= found["A"].confidence < 0.8
    short = roles((), {"A": (Segment(0.5, 3.0),), "B": (Segment(4.0, 5.0),)})
    assert {r.role for r in short.values()} == {"unknown"}


def test_nothing_to_go_by_is_unknown() -> None:
    found = roles((turn("A", "the box is red"), turn("B", "the box is blue")))
    assert {(r.role, r.source) for r in found.values()} == {("unknown", "none")}
    assert all(r.reason for r in found.values())
    assert roles(()) == {}


def test_doubtful_words_weigh_nothing() -> None:
    doubtful = tuple(
        msgspec.structs.replace(t, words=tuple(Word(text=w, confidence=0.2) for w in t.text.split()))
        for t in (turn("A", "how can i help you"), turn("B", "i want to cancel"))
    )
    assert {r.role for r in roles(doubtful).values()} == {"unknown"}


def test_three_parties() -> None:
    found = roles(
        (
            turn("A", "thank you for calling how can i help you"),
            turn("B", "i want to cancel my order it is broken is not working"),
            turn("C", "hello this is the supervisor how may i help you today let me check that for you"),
        )
    )
    assert [found[p].role for p in "ABC"] == ["agent", "customer", "agent"]


def test_others_keep_their_names_where_agent_and_customer_are_told() -> None:
    turns = (
        turn("A", "thank you for calling how can i help you", speaker="agent"),
        turn("B", "i want to cancel my order", speaker="customer"),
        turn("C", "i want to cancel too it is not working", speaker="Interpreter"),
    )
    found = roles(turns)
    assert [found[p].role for p in "ABC"] == ["agent", "customer", "unknown"]
    assert [t.speaker for t in with_roles(turns, found)] == ["agent", "customer", "Interpreter"]


def test_with_roles_names_speakers_and_keeps_other_names() -> None:
    turns = (turn("A", "x"), turn("B", "y", speaker="Dana"), Turn(speaker="unknown", text="z"))
    unknown = RoleAssignment(role="unknown", confidence=0.5, source="none")
    agent = RoleAssignment(role="agent", confidence=1.0, source="option")
    assert [t.speaker for t in with_roles(turns, {"A": agent, "B": unknown})] == ["agent", "Dana", "unknown"]


SPEECH = {
    "A": union(Segment(float(t), t + 2.5) for t in (0, 7, 20, 31, 44, 58)),
    "B": union(Segment(float(t), t + 3.0) for t in (3, 11, 25, 36, 50)),
}


@pytest.mark.parametrize("offset", [0.0, 2.1, -1.5])
@pytest.mark.parametrize("flipped", [False, True])
def test_parties_find_their_channels(offset: float, flipped: bool) -> None:
    rng = random.Random(4)
    turns = tuple(
        turn(p, "x", max(0.0, s.start + 5 + rng.uniform(-0.3, 0.3)), s.end + 5 + rng.uniform(-0.2, 0.3))
        for p, line in SPEECH.items()
        for s in line
    )
    heard = [
        tuple(Segment(s.start + 5 + offset, s.end + 5 + offset) for s in SPEECH[p])
        for p in ("BA" if flipped else "AB")
    ]
    match = match_channels(turns, heard)
    assert match.channel_of == ({"A": 1, "B": 0} if flipped else {"A": 0, "B": 1})
    assert match.offset_s == pytest.approx(offset, abs=0.11)
    assert match.confidence > 0.9


def test_same_sound_on_both_channels_fits_either_way() -> None:
    both = union((*SPEECH["A"], *SPEECH["B"]))
    turns = tuple(turn(p, "x", s.start, s.end) for p, line in SPEECH.items() for s in line)
    assert match_channels(turns, (both, both)).confidence == 0.5
    assert match_channels((turn("A", "x"),), (both, both)).channel_of == {}
    assert match_channels(turns, (both,)).channel_of == {"A": 0, "B": 0}
    assert match_channels(turns, ((), ())).channel_of == {}


def test_more_channels_and_more_parties() -> None:
    turns = tuple(turn(p, "x", s.start, s.end) for p, line in SPEECH.items() for s in line)
    assert match_channels(turns, ((), SPEECH["B"], (), SPEECH["A"])).channel_of == {"A": 3, "B": 1}
    third = tuple(turn("C", "x", s.start, s.end) for s in SPEECH["A"][3:])
    shared = tuple(t for t in turns if t.party == "B" or (t.start or 0) < 30) + third
    assert match_channels(shared, (SPEECH["A"], SPEECH["B"])).channel_of == {"A": 0, "B": 1, "C": 0}


@pytest.mark.data
@pytest.mark.skipif(not CALLS.is_dir(), reason="SPEECHQA_DATA names no folder with calls/harpervalley")
def test_real_calls_have_the_right_roles() -> None:
    paths = [p for p in sorted(CALLS.glob("*.json")) if "." not in p.stem]
    assert paths
    for path in paths:
        turns = tuple(
            turn("A" if t["speaker"] == "agent" else "B", t["text"], t["start"], t["end"])
            for t in json.loads(path.read_text())["turns"]
        )
        found = roles(turns)
        assert (found["A"].role, found["B"].role) == ("agent", "customer")
        channels = [union(t.segment for t in turns if t.party == p and t.segment) for p in "BA"]
        assert match_channels(turns, channels).channel_of == {"A": 1, "B": 0}
