"""Roles by what is said: made-up calls in both languages, and what makes a transcript worse."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.role_sets import ROOT, Conversation, made, misattributed, misheard
from speechqa.core.segment import Segment
from speechqa.core.source import Role, RoleCorrection
from speechqa.core.transcript import Turn, Word
from speechqa.dialogue.roles.assignment import DOUBTED, assign_roles, corrected_roles, role_notices
from speechqa.dialogue.roles.cues import ANNOUNCEMENT, MEANINGS
from speechqa.dialogue.roles.cues_en import ENGLISH
from speechqa.dialogue.roles.cues_he import HEBREW
from speechqa.dialogue.roles.evidence import find_cues
from speechqa.dialogue.roles.inference import MOST_SURE, Inference, infer_roles
from tests.support.work import calls_made

FLOOR = 0.7
SETS = [(language, part) for language in ("en", "he") for part in ("shaped", "apart")]


def turn(party: str, text: str, start: float | None = None, end: float | None = None, **more) -> Turn:
    return Turn(speaker="unknown", party=party, text=text, start=start, end=end, **more)


def spoken(call: Conversation, agent: str = "A") -> tuple[Turn, ...]:
    customer = "B" if agent == "A" else "A"
    return tuple(turn(customer if who == "c" else agent, text) for who, text in call)


def inferred(*turns: Turn, parties: str = "AB", speech=None) -> dict[str, Inference]:
    return infer_roles(tuple(parties), turns, speech)


def calls(language: str, part: str) -> list[Conversation]:
    return made(ROOT / "benchmarks" / "role_calls" / f"{language}-{part}.toml")


@pytest.mark.parametrize(("language", "part"), SETS)
def test_made_up_calls_of_all_kinds(language, part):
    right = 0
    for call in calls(language, part):
        for agent, customer in (("A", "B"), ("B", "A")):
            found = infer_roles(("A", "B"), spoken(call, agent), None)
            if found[agent].confidence >= FLOOR:
                assert (found[agent].role, found[customer].role) == ("agent", "customer"), call
                right += 1
    assert right / (2 * len(calls(language, part))) >= 0.9


@pytest.mark.parametrize("how", ["word", "edge", "turn"])
def test_words_given_to_the_wrong_party_and_misheard_ones_seldom_mislead(how):
    wrong = sure = n = 0
    for language, part in SETS:
        made_up = calls(language, part)
        vocabulary = [word for call in made_up for _, text in call for word in text.split()]
        for number, call in enumerate(made_up):
            rng = random.Random(f"{language} {part} {number} {how}")
            heard = misattributed(misheard(call, 0.2, rng, vocabulary), 0.1, how, rng)
            found = inferred(*spoken(heard))["A"]
            n += 1
            wrong += found.role == "customer" and found.confidence >= FLOOR
            sure += found.role == "customer" and found.confidence >= 0.95
    assert n == 80
    assert wrong <= 0.06 * n
    assert sure == 0


def test_the_letters_do_not_matter():
    for call in calls("he", "shaped"):
        one, other = (
            infer_roles(("A", "B"), spoken(call), None),
            infer_roles(("A", "B"), spoken(call, "B"), None),
        )
        assert (one["A"].role, one["A"].confidence) == (other["B"].role, other["B"].confidence)
        assert one["A"].confidence == one["B"].confidence


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.lists(
                st.sampled_from(
                    [
                        "how",
                        "can",
                        "i",
                        "help",
                        "you",
                        "want",
                        "to",
                        "your",
                        "my",
                        "press",
                        "one",
                        "לך",
                        "אני",
                        "רוצה",
                    ]
                ),
                max_size=8,
            ),
        ),
        max_size=8,
    )
)
def test_any_talk_gives_a_role_or_says_that_nothing_tells(said):
    turns = tuple(turn(party, " ".join(words)) for party, words in said)
    parties = tuple(sorted({party for party, _ in said}))
    found = infer_roles(parties, turns, None)
    assert set(found) == set(parties)
    for one in found.values():
        assert (one.role == "unknown") == (one.confidence == 0.0)
        assert one.confidence <= MOST_SURE
        assert one.reason


@pytest.mark.parametrize(
    ("agent", "customer"),
    [
        ("hi am i speaking with mr carter this is joanne calling from the clinic", "yes who is this"),
        ("i'm calling about your order it has been sent", "when will it get here"),
        ("thanks for waiting i'll be taking over from here", "my screen is still frozen"),
        ("שלום אני מדברת עם דוד מדברת ליאת מחברת הביטוח", "כן במה העניין כמה זה יעלה לי"),
        ("אני רואה שההזמנה שלך יצאה השליח יגיע אליך", "כבר דיברתי עם שלושה נציגים שלכם"),
    ],
)
def test_who_calls_out_or_takes_over_is_still_the_agent(agent, customer):
    found = inferred(turn("B", customer), turn("A", agent))
    assert (found["A"].role, found["B"].role) == ("agent", "customer")
    assert found["A"].confidence >= 0.9


def test_a_recorded_voice_is_nobody():
    recorded = turn(
        "B", "thank you for calling please stay on the line your call is important to us", 0.0, 8.0
    )
    before = turn("B", "welcome to the shop", 0.0, 0.5)
    talk = (turn("A", "billing how can i help you", 9.0, 11.0), turn("B", "my bill is too high", 11.5, 30.0))
    alone, with_voice = inferred(*talk), inferred(before, recorded, *talk)
    assert with_voice == alone
    assert "speaks first" in with_voice["A"].reason
    assert [cue.party for cue in find_cues((before, recorded))] == []
    speech = {"A": (Segment(9.0, 11.0),), "B": (Segment(0.0, 8.0), Segment(11.5, 30.0))}
    assert "A speaks first" in inferred(recorded, *talk, speech=speech)["A"].reason


def test_a_short_hello_is_not_the_first_to_speak():
    turns = (turn("B", "hello", 0.0, 0.6), turn("A", "x", 1.0, 15.0), turn("B", "y", 16.0, 24.0))
    found = inferred(*turns)
    assert found["A"] == Inference("agent", 0.75, "A speaks first; A speaks more")


def test_the_reason_quotes_what_was_said_and_when():
    words = tuple(
        Word(text=text, start=4.0 + i, end=4.5 + i, confidence=0.9)
        for i, text in enumerate(("So,", "how", "can", "I", "help?"))
    )
    said = turn("A", "So, how can I help?", 3.0, 9.0, words=words)
    found = inferred(said, turn("B", "I want to cancel my order", 10.0, 12.0))
    assert found["A"].reason.startswith('A offers help ("how can I help?" at 5.0 s); B states what is wanted')
    assert found["B"].reason == found["A"].reason
    against = inferred(said, turn("B", "i want to cancel"), turn("A", "i have a problem too"))
    assert "; against it: " in against["A"].reason


def test_words_heard_with_doubt_weigh_less():
    def heard(confidence: float) -> float:
        words = tuple(Word(text=w, confidence=confidence) for w in ("how", "can", "i", "help", "you"))
        found = inferred(turn("A", "how can i help you", words=words), turn("B", "well"))
        return found["A"].confidence

    assert heard(0.9) == heard(0.75) > heard(0.6) > heard(0.45) > heard(0.35) == 0.0


def test_single_words_are_trusted_no_more_than_their_speaker():
    def heard(rest: float) -> float:
        mine = tuple(Word(text="my", confidence=0.9) for _ in range(20))
        garbage = tuple(Word(text="zzz", confidence=rest) for _ in range(60))
        found = inferred(turn("A", "x", words=(*mine, *garbage)), turn("B", "well"))
        return found["B"].confidence

    assert heard(0.9) > 0.9
    assert heard(0.1) == 0.0


def test_of_three_a_party_needs_evidence_of_its_own():
    told = (
        turn("A", "thank you for calling how can i help you"),
        turn("B", "i want to cancel my order it is not working"),
    )
    found = inferred(*told, turn("C", "the red one"), parties="ABC")
    assert [found[p].role for p in "ABC"] == ["agent", "customer", "unknown"]


def test_a_told_role_holds_but_is_doubted_where_what_is_said_shows_the_contrary():
    turns = (
        turn("A", "i want to cancel my order it is not working", 1.0, 4.0),
        turn("B", "thank you for calling how can i help you what is your order number", 5.0, 9.0),
    )
    told = assign_roles(turns, None, agent_channel=None, manifest_roles={"A": "agent"}, floor=FLOOR)
    assert [(told[p].role, told[p].source, told[p].confidence) for p in "AB"] == [
        ("agent", "manifest", DOUBTED),
        ("customer", "manifest", DOUBTED),
    ]
    (notice,) = role_notices(told, "c1")
    assert "The manifest says that A is the agent" in notice
    assert "thank you for calling" in notice
    assert "`speechqa roles c1 --swap`" in notice
    right = assign_roles(turns, None, agent_channel=None, manifest_roles={"B": "agent"}, floor=FLOOR)
    assert role_notices(right, "c1") == ()
    assert right["B"].confidence == 1.0
    by_channel = tuple(msgspec.structs.replace(t, channel="AB".index(t.party or "A")) for t in turns)
    option = assign_roles(by_channel, None, agent_channel=0, manifest_roles=None, floor=FLOOR)
    assert "--agent-channel" in role_notices(option, "c1")[0]


def test_little_said_to_the_contrary_is_no_doubt():
    turns = (turn("A", "i want to know"), turn("B", "right"))
    told = assign_roles(turns, None, agent_channel=None, manifest_roles={"A": "agent"}, floor=FLOOR)
    assert told["A"].confidence == 1.0
    assert told["A"].doubt == ""


@pytest.mark.parametrize(("agent", "doubted"), [("A", False), ("B", True)])
def test_where_manifest_and_transcript_disagree_what_is_said_may_settle_it(agent, doubted):
    said = {"A": "thank you for calling how can i help you", "B": "i want to cancel my order"}
    turns = tuple(
        msgspec.structs.replace(turn(p, said[p]), speaker="agent" if p == agent else "customer") for p in "AB"
    )
    other = "B" if agent == "A" else "A"
    manifest: dict[str, Role] = {other: "agent", agent: "customer"}
    found = assign_roles(turns, None, agent_channel=None, manifest_roles=manifest, floor=FLOOR)
    assert found[agent].role == "agent"
    assert found[agent].confidence < 1
    assert bool(found[agent].doubt) == doubted
    assert "the manifest says the contrary" in found[agent].reason


CORRECTION = RoleCorrection(roles={"A": "customer", "B": "agent"}, by="dana", at="2026-03-01T10:00:00+00:00")


def found_roles(*letters: str):
    return assign_roles(
        tuple(turn(p, "x") for p in letters),
        None,
        agent_channel=None,
        manifest_roles={"A": "agent"},
        floor=0.7,
    )


def test_a_correction_holds_against_all_else():
    after = corrected_roles(found_roles("A", "B"), CORRECTION)
    assert {p: (r.role, r.source, r.confidence) for p, r in after.items()} == {
        "A": ("customer", "corrected", 1.0),
        "B": ("agent", "corrected", 1.0),
    }
    assert after["A"].reason == "corrected by dana on 2026-03-01"


def test_of_two_parties_one_settles_the_other_and_strangers_are_passed_over():
    one = msgspec.structs.replace(CORRECTION, roles={"B": "agent", "Z": "customer"})
    assert {p: r.role for p, r in corrected_roles(found_roles("A", "B"), one).items()} == {
        "A": "customer",
        "B": "agent",
    }
    three = corrected_roles(found_roles("A", "B", "C"), one)
    assert [three[p].source for p in "ABC"] == ["manifest", "corrected", "none"]


def test_voices_are_found_again_when_their_letters_have_changed():
    heard = {"A": (Segment(0.0, 4.0),), "B": (Segment(5.0, 9.0),)}
    correction = msgspec.structs.replace(CORRECTION, heard=heard)
    now = {"A": (Segment(5.2, 8.0), Segment(3.5, 4.5)), "B": (Segment(0.1, 3.4),)}
    assert {p: r.role for p, r in corrected_roles(found_roles("A", "B"), correction, now).items()} == {
        "A": "agent",
        "B": "customer",
    }
    same = {"A": heard["A"], "B": heard["B"]}
    assert corrected_roles(found_roles("A", "B"), correction, same)["A"].role == "customer"
    assert corrected_roles(found_roles("A", "B"), correction, {})["A"].role == "customer"


def test_every_meaning_has_phrases_in_both_languages():
    for language in (ENGLISH, HEBREW):
        assert set(language) == {*MEANINGS, ANNOUNCEMENT}
        assert all(any(phrase.strip() for phrase in data.split("|")) for data in language.values())


def test_long_calls_cost_time_in_proportion():
    def call(n: int) -> tuple[Turn, ...]:
        pairs = ("how can i help you with that i", "i want i want to i need to know how can")
        return tuple(turn("AB"[i % 2], pairs[i % 2] * 3, float(i), i + 1.0) for i in range(n))

    small, large = (calls_made(lambda n=n: infer_roles(("A", "B"), call(n), None)) for n in (100, 400))
    assert large < 6 * small
