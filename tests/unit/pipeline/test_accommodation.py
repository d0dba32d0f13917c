"""Agent and customer compared in a whole call: when, when not, and what a change of roles does to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from speechqa.acoustics.frames import FEATURES, VoicedFrames
from speechqa.assembly import analyze, build_engines
from speechqa.assembly.rejudging import audit_fingerprint, judged_again, kept_fingerprint
from speechqa.config import Settings
from speechqa.core.accommodation import mirrored
from speechqa.core.analysis import CallAnalysis
from speechqa.core.codec import decode, encode
from speechqa.core.dialogue import ChannelDoubts, RoleAssignment
from speechqa.core.profiles import COMPARED_NOTICE
from speechqa.core.recording import Recording
from speechqa.core.segment import Segment
from speechqa.core.source import Role, RoleCorrection
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.dialogue.roles.assignment import corrected_roles
from speechqa.dialogue.turn_rates import turn_rates
from speechqa.pipeline.accommodation import MISSING, compared, why_not_compared
from speechqa.pipeline.judgement import RunStamp
from speechqa.pipeline.rejudge import missing_accommodation, rejudged
from speechqa.pipeline.sound import Sound
from speechqa.protocols import Diarization

pytestmark = pytest.mark.xdist_group("accommodation")  # which analyses calls once for all tests

ROOT = Path(__file__).parents[3]
SETTINGS = Settings(engine="none")
STAMP = RunStamp(run_id="again", created_at="2026-01-01T00:00:00+00:00")
SWAP = RoleCorrection(
    roles={"A": "customer", "B": "agent"}, by="dana", at="2026-03-01T10:00:00+00:00", reason=""
)
COUNT = 15
SPEECH = {
    "A": tuple(Segment(4.0 * k, 4.0 * k + 1.5) for k in range(COUNT)),
    "B": tuple(Segment(4.0 * k + 2, 4.0 * k + 3.5) for k in range(COUNT)),
}


def roles(**given: Role) -> dict[str, RoleAssignment]:
    return {
        party: RoleAssignment(role=role, confidence=0.0 if role == "unknown" else 1.0, source="manifest")
        for party, role in given.items()
    }


def sound(**changed) -> Sound:
    recording = Recording(
        path="x.wav",
        sha256="0" * 64,
        duration=60.0,
        sample_rate=8000,
        channels=2,
        codec="pcm",
    )
    given = {"speech": tuple(SPEECH.values()), "faint": tuple(SPEECH.values()), "separate": True, **changed}
    return Sound(recording=recording, **given)


def voices() -> dict[str, VoicedFrames]:
    rng = np.random.default_rng(0)
    found = {}
    for party, line in SPEECH.items():
        times = np.concatenate([np.arange(s.start, s.end, 0.016) for s in line])
        values = np.zeros((len(times), len(FEATURES)))
        level = np.zeros(len(times))
        for segment in line:
            inside = (times >= segment.start) & (times < segment.end)
            values[inside, 0], level[inside] = 90 + rng.normal(0, 2), -30 + rng.normal(0, 3)
        found[party] = VoicedFrames(
            times=times, values=values, weights=np.ones(len(times)), level_db=level, hop_s=0.016
        )
    return found


def transcript(**changed) -> Transcript:
    """Five to eight syllables in each turn, so that turns differ in rate."""
    turns = [
        Turn(
            speaker="unknown",
            text=" ".join(["something"] * (3 + (k * 7 + (party == "B")) % 2)),
            party=party,
            start=s.start,
            end=s.end,
            words=tuple(
                Word(
                    text="something",
                    start=round(s.start + 0.3 * i, 3),
                    end=round(s.start + 0.3 * i + 0.25, 3),
                )
                for i in range(3 + (k * 7 + (party == "B")) % 2)
            ),
        )
        for party, line in SPEECH.items()
        for k, s in enumerate(line)
    ]
    return Transcript(language="en", engine="imported", turns=tuple(turns), **changed)


BOTH = roles(A="agent", B="customer")


def test_two_voices_and_words_give_all_three_features():
    found = compared(voices(), sound(), BOTH, transcript())
    assert found.parties == {"agent": "A", "customer": "B"}
    assert found.turns == {"agent": COUNT, "customer": COUNT}
    assert found.rate_basis == "words"
    assert {name: feature.exchanges for name, feature in found.features.items()} == {
        "f0": 29,
        "level": 29,
        "rate": 29,
    }
    assert all(feature.synchrony.value is not None for feature in found.features.values())


@pytest.mark.parametrize("changed", [{"draft": True}, {"confident": False}])
def test_words_that_may_not_be_relied_on_give_no_rate(changed):
    found = compared(voices(), sound(), BOTH, transcript(**changed))
    assert found.rate_basis == "nuclei"
    # These voices have one nucleus a turn.
    assert found.features["rate"].reason == "no turn is long enough to tell its rate"
    assert found.features["f0"].synchrony.value is not None


@pytest.mark.parametrize(
    ("changed", "given", "says"),
    [
        ({"separate": False}, BOTH, "cannot be told apart"),
        ({"doubts": ChannelDoubts(timing="the clocks differ")}, BOTH, "the clocks differ"),
        ({}, roles(A="agent", B="unknown"), "who is the agent"),
        ({}, roles(A="agent", B="agent"), "2 parties are agents"),
        ({}, roles(A="customer", B="customer"), "2 parties are customers"),
    ],
)
def test_what_cannot_be_compared_says_why(changed, given, says):
    found = compared({}, sound(**changed), given, transcript())
    assert says in (found.reason or "")
    assert found.features == {}


def test_a_party_that_is_not_a_channel_is_not_compared():
    assert "told apart" in (why_not_compared(sound(), BOTH, tied=False) or "")


@pytest.mark.parametrize(("sure", "compared_then"), [(0.95, True), (0.6, False)])
def test_voices_on_one_channel_are_compared_only_where_they_are_surely_told_apart(sure, compared_then):
    shared = Diarization(speakers=tuple(SPEECH.values()), overlapped=(), finds_overlap=False, confidence=sure)
    reason = why_not_compared(sound(separate=False, voices=shared), BOTH, tied=True)
    assert (reason is None) == compared_then
    assert reason is None or "0.60, needs 0.85" in reason


def test_nothing_is_compared_after_one_party_is_gone():
    found = compared(voices(), sound(doubts=ChannelDoubts(both_heard_until=24.0)), BOTH, transcript())
    assert found.turns == {"agent": 6, "customer": 6}


def test_rate_is_syllables_in_a_second_of_speech_and_none_where_it_is_not_known():
    text = transcript().turns
    masked = tuple(replace(turn, text="[masked]") if turn.start == 0.0 else turn for turn in text)
    stretches = [("A", 0.0, 1.5), ("A", 4.0, 5.5), ("B", 0.0, 1.0)]
    assert turn_rates(text, SPEECH, stretches, language="en") == (4.0, pytest.approx(8 / 1.5, abs=1e-3), None)
    assert turn_rates(masked, SPEECH, stretches, language="en")[0] is None
    assert turn_rates(text, SPEECH, stretches, language="fr") == (None, None, None)


# --- a call from its recording on ---


@pytest.fixture(scope="module")
def call() -> CallAnalysis:
    path = ROOT / "recordings" / "he-cable.mp3"
    return analyze(path, transcript=path.with_suffix(".json"), settings=SETTINGS)


def stored(document: CallAnalysis) -> CallAnalysis:
    read = decode(encode(document))
    assert isinstance(read, CallAnalysis)
    return read


def long_enough(document: CallAnalysis) -> CallAnalysis:
    """The document with figures of a longer call, of the same parties."""
    return replace(document, accommodation=compared(voices(), sound(), BOTH, transcript()))


def given_roles(document: CallAnalysis, correction: RoleCorrection) -> CallAnalysis:
    return rejudged(
        document,
        rubric=build_engines(SETTINGS).rubric,
        settings=SETTINGS,
        stamp=STAMP,
        roles=corrected_roles(document.uncorrected_roles or document.roles, correction),
    )


def test_a_call_is_compared_and_its_document_tells(call):
    assert call.accommodation is not None
    assert call.accommodation.reason is None
    assert call.accommodation.parties == {"agent": "A", "customer": "B"}
    assert stored(call) == call


def test_it_can_be_turned_off_and_changes_nothing_else(call):
    path = ROOT / "recordings" / "he-cable.mp3"
    off = analyze(path, transcript=path.with_suffix(".json"), settings=replace(SETTINGS, accommodation=False))
    assert off.accommodation is None
    assert COMPARED_NOTICE in call.notices
    assert COMPARED_NOTICE not in off.notices
    told = tuple(notice for notice in call.notices if notice != COMPARED_NOTICE)
    same = {"accommodation": None, "provenance": call.provenance, "notices": told}
    assert encode(replace(off, **same)) == encode(replace(call, **same))


def test_no_figure_reaches_a_score(call):
    longer = given_roles(long_enough(stored(call)), replace(SWAP, roles={"A": "agent", "B": "customer"}))
    plain = given_roles(stored(call), replace(SWAP, roles={"A": "agent", "B": "customer"}))
    assert longer.accommodation != plain.accommodation
    for name in ("scores", "findings", "listen_to", "signals"):
        assert getattr(longer, name) == getattr(plain, name)


def test_figures_follow_the_parties(call):
    before = long_enough(stored(call))
    swapped = given_roles(before, SWAP)
    assert swapped.accommodation == mirrored(before.accommodation)
    assert swapped.accommodation == compared(voices(), sound(), roles(A="customer", B="agent"), transcript())
    back = given_roles(stored(swapped), replace(SWAP, roles={"A": "agent", "B": "customer"}))
    assert back.accommodation == before.accommodation


def test_who_is_nobody_is_not_compared_and_found_again_only_with_the_recording(call):
    nobody = given_roles(long_enough(stored(call)), replace(SWAP, roles={"A": "unknown", "B": "unknown"}))
    assert "who is the agent" in (nobody.accommodation.reason or "")
    known = given_roles(stored(nobody), replace(SWAP, roles={"A": "agent", "B": "customer"}))
    assert known.accommodation.reason == MISSING
    assert missing_accommodation(known)
    assert kept_fingerprint(known, SWAP) != audit_fingerprint(known, SWAP)


def test_with_the_recording_at_hand_it_is_computed_as_an_audit_does(call):
    nobody = given_roles(stored(call), replace(SWAP, roles={"A": "unknown", "B": "unknown"}))
    assert nobody.accommodation.features == {}
    known = corrected_roles(nobody.uncorrected_roles, replace(SWAP, roles={"A": "agent", "B": "customer"}))
    assert judged_again(stored(nobody), known, with_audio=True).accommodation == call.accommodation
    assert judged_again(stored(nobody), known, with_audio=False).accommodation.reason == MISSING
