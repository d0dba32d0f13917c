"""A stored call judged again: as it was where nothing changed, mirrored where the parties change places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from speechqa.assembly import analyze, build_engines, score_transcripts
from speechqa.assembly.rejudging import judged_again, settings_of
from speechqa.config import Settings
from speechqa.core.analysis import CallAnalysis
from speechqa.core.codec import decode, encode
from speechqa.core.rubric import Rubric
from speechqa.core.source import CallMetadata, CallSource, PartyFile, RoleCorrection
from speechqa.dialogue.roles.assignment import corrected_roles
from speechqa.pipeline.analyze import analyze_call
from speechqa.pipeline.judgement import RunStamp
from speechqa.pipeline.rejudge import missing_stress, rejudged

pytestmark = pytest.mark.xdist_group("rejudge")  # which analyses calls once for all tests

ROOT = Path(__file__).parents[3]
SETTINGS = Settings(engine="none")
STAMP = RunStamp(run_id="again", created_at="2026-01-01T00:00:00+00:00")
SWAP = RoleCorrection(
    roles={"A": "customer", "B": "agent"}, by="dana", at="2026-03-01T10:00:00+00:00", reason="known voices"
)
BACK = replace(SWAP, roles={"A": "agent", "B": "customer"})
RECORDINGS = ("he-cable.mp3", "en-insurance-hold.m4a", "en-library-mono.flac")


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return build_engines(SETTINGS).rubric


@pytest.fixture(scope="module")
def recorded() -> dict[str, CallAnalysis]:
    found = {}
    for name in RECORDINGS:
        path = ROOT / "recordings" / name
        words = path.with_suffix(".json")
        found[name] = analyze(path, transcript=words if words.exists() else None, settings=SETTINGS)
    return found


@pytest.fixture(scope="module")
def told() -> list[CallAnalysis]:
    """Calls from their transcripts alone, made for other tests."""
    paths = [
        *sorted((ROOT / "tests/unit/criteria/calls").glob("??-*.json")),
        ROOT / "recordings/he-cable.json",
    ]
    found = list(score_transcripts(list(map(str, paths)), settings=SETTINGS))
    assert len(found) > 20
    assert all(isinstance(call, CallAnalysis) for call in found)
    return found  # type: ignore[return-value]


def stored(document: CallAnalysis) -> CallAnalysis:
    """The document as a store gives it back."""
    read = decode(encode(document))
    assert isinstance(read, CallAnalysis)
    return read


def stamped(document: CallAnalysis) -> CallAnalysis:
    provenance = replace(document.provenance, run_id=STAMP.run_id, created_at=STAMP.created_at)
    return replace(document, provenance=provenance)


def corrected(document: CallAnalysis, correction: RoleCorrection, rubric: Rubric) -> CallAnalysis:
    found = document.uncorrected_roles or document.roles
    return rejudged(
        document, rubric=rubric, settings=SETTINGS, stamp=STAMP, roles=corrected_roles(found, correction)
    )


def test_a_transcript_is_judged_as_it_was(told, rubric):
    for call in told:
        again = rejudged(stored(call), rubric=rubric, settings=SETTINGS, stamp=STAMP)
        assert encode(again) == encode(stamped(call)), call.call_id


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_judged_as_it_was(recorded, rubric, name):
    again = rejudged(stored(recorded[name]), rubric=rubric, settings=SETTINGS, stamp=STAMP)
    assert encode(again) == encode(stamped(recorded[name]))


def test_a_correction_gives_what_an_analysis_with_it_gives(recorded, rubric, tmp_path):
    path = ROOT / "recordings/he-cable.mp3"
    source = CallSource(
        files=(PartyFile(path=str(path)),), transcript_path=str(path.with_suffix(".json")), roles=SWAP
    )
    before = stored(recorded["he-cable.mp3"])
    assert before.recording is not None
    wanted = analyze_call(
        source,
        identity=before.recording.sha256,
        engines=build_engines(SETTINGS),
        settings=SETTINGS,
        stamp=STAMP,
    )
    again = corrected(before, SWAP, rubric)
    assert missing_stress(again)
    # The voice of who is the customer now has to be heard; everything else is there.
    assert encode(replace(again, stress=wanted.stress)) == encode(wanted)
    with_curve = rejudged(
        before, rubric=rubric, settings=SETTINGS, stamp=STAMP, roles=again.roles, stress=wanted.stress
    )
    assert encode(with_curve) == encode(wanted)
    assert wanted.uncorrected_roles == before.roles


def test_swapping_mirrors_every_figure(recorded, rubric):
    before = recorded["he-cable.mp3"].dialogue
    after = corrected(stored(recorded["he-cable.mp3"]), SWAP, rubric).dialogue
    assert before is not None
    assert after is not None
    mirror = {"agent": "customer", "customer": "agent"}
    compared = 0
    for name in before.__struct_fields__:
        left, right = getattr(before, name), getattr(after, name)
        if isinstance(left, dict) and set(left) & set(mirror):
            assert {mirror[who]: value for who, value in left.items()} == right, name
            compared += 1
    assert compared >= 5
    assert [(o.start, o.end, o.kind, mirror[o.by], mirror[o.of]) for o in before.overlaps] == [
        (o.start, o.end, o.kind, o.by, o.of) for o in after.overlaps
    ]
    assert after.speech == before.speech


def test_swapping_there_and_back_leaves_only_who_said_it(told, rubric):
    for call in told:
        if {given.role for given in call.roles.values()} != {"agent", "customer"}:
            continue
        there = corrected(stored(call), SWAP if call.roles["A"].role == "agent" else BACK, rubric)
        assert {p: r.role for p, r in there.roles.items()} != {p: r.role for p, r in call.roles.items()}
        assert {r.source for r in there.roles.values()} == {"corrected"}
        assert there.uncorrected_roles == call.roles
        back = corrected(stored(there), BACK if call.roles["A"].role == "agent" else SWAP, rubric)
        assert encode(replace(back, roles=call.roles, uncorrected_roles={})) == encode(stamped(call))


def test_a_curve_follows_its_voice_and_an_agents_is_shown_to_nobody(recorded, rubric):
    call = stored(recorded["he-cable.mp3"])
    assert call.stress["customer"].windows
    after = corrected(call, SWAP, rubric)
    assert set(after.stress) == {"customer"}
    assert after.stress["customer"].windows == ()
    assert "audit" in (after.stress["customer"].reason or "")
    both = Settings(engine="none", profile="il", agent_stress=True)
    loud = replace(call, stress={**call.stress, "agent": replace(call.stress["customer"], episodes=())})
    swapped = rejudged(
        loud, rubric=rubric, settings=both, stamp=STAMP, roles=corrected_roles(call.roles, SWAP)
    )
    bare = {role: replace(curve, summary=None, changes=()) for role, curve in swapped.stress.items()}
    was = {role: replace(curve, summary=None, changes=()) for role, curve in loud.stress.items()}
    assert bare == {"agent": was["customer"], "customer": was["agent"]}
    at_home = rejudged(loud, rubric=rubric, settings=SETTINGS, stamp=STAMP)
    assert set(at_home.stress) == {"customer"}, "the agent's curve does not outlast the leave to compute it"


def test_who_is_unknown_has_no_curve(recorded, rubric):
    call = stored(recorded["he-cable.mp3"])
    nobody = replace(SWAP, roles={"A": "unknown", "B": "unknown"})
    after = corrected(call, nobody, rubric)
    assert after.stress == {}
    assert {turn.speaker for turn in after.transcript.turns} == {"unknown"}  # type: ignore[union-attr]


def test_names_come_back_where_a_role_goes(rubric, tmp_path):
    path = tmp_path / "named.json"
    path.write_text(
        '{"id": "n", "language": "en", "turns": [{"speaker": "Dana", "text": "How can I help you today?"},'
        ' {"speaker": "Avi", "text": "I want to cancel my order."}]}'
    )
    (call,) = score_transcripts([str(path)], settings=SETTINGS)
    assert isinstance(call, CallAnalysis)
    turns = call.transcript.turns if call.transcript else ()
    assert [(turn.speaker, turn.label) for turn in turns] == [("agent", "Dana"), ("customer", "Avi")]
    nobody = replace(SWAP, roles={"A": "unknown", "B": "unknown"})
    after = corrected(stored(call), nobody, rubric)
    turns = after.transcript.turns if after.transcript else ()
    assert [(turn.speaker, turn.label) for turn in turns] == [("Dana", None), ("Avi", None)]


def test_a_doubt_goes_with_its_correction_and_other_notices_stay(rubric, tmp_path):
    path = tmp_path / "wrong.json"
    path.write_text(
        '{"id": "w", "language": "en", "turns": ['
        '{"speaker": "customer", "text": "Thank you for calling Acme, how can I help you today?"},'
        ' {"speaker": "agent", "text": "Hi, I want to cancel my order, it is not working."},'
        ' {"speaker": "customer", "text": "Can I have your order number please?"},'
        ' {"speaker": "agent", "text": "My order number is twelve."}]}'
    )
    (call,) = score_transcripts([str(path)], settings=SETTINGS)
    assert isinstance(call, CallAnalysis)
    assert {(r.source, r.confidence) for r in call.roles.values()} == {("transcript", 0.5)}
    (notice,) = (n for n in call.notices if "swapped" in n)
    assert "speechqa roles w --swap" in notice
    assert "how can I help" in notice
    assert call.listen_to[0].reason.startswith("Agent and customer may be swapped")
    noted = replace(call, notices=("The recording crackles", *call.notices))
    after = corrected(stored(noted), BACK, rubric)
    assert after.notices == ("The recording crackles",)
    assert not [item for item in after.listen_to if "swapped" in item.reason]


def test_another_version_is_named_as_the_one_that_judged(told, rubric):
    older = replace(told[0], provenance=replace(told[0].provenance, speechqa="0.0.1"))
    again = rejudged(stored(older), rubric=rubric, settings=SETTINGS, stamp=STAMP)
    assert again.provenance.speechqa == "0.0.1"
    assert again.provenance.judged_with == told[0].provenance.speechqa


def test_metadata_is_kept(recorded, rubric):
    call = replace(recorded["he-cable.mp3"], metadata=CallMetadata(agent_id="a7", tags={"shift": "night"}))
    assert rejudged(stored(call), rubric=rubric, settings=SETTINGS, stamp=STAMP).metadata == call.metadata


def test_a_document_names_the_settings_it_came_about_by(tmp_path):
    path = tmp_path / "call.json"
    path.write_text('{"id": "s", "language": "en", "turns": [{"speaker": "agent", "text": "hello"}]}')
    chosen = Settings(engine="none", language="en", profile="il", agent_stress=True, role_floor=0.8)
    (call,) = score_transcripts([str(path)], settings=chosen)
    assert isinstance(call, CallAnalysis)
    assert settings_of(stored(call)) == chosen
    older = replace(call, provenance=replace(call.provenance, settings={}))
    assert settings_of(stored(older)) == Settings(rubric="service", profile="il")


def test_both_parties_on_the_second_channel_are_measured_there_again(tmp_path):
    mono, rate = soundfile.read(ROOT / "recordings" / "en-library-mono.flac", dtype="int16")
    path = tmp_path / "second.wav"
    soundfile.write(path, np.column_stack([np.zeros_like(mono), mono]), rate)
    call = analyze(path, settings=replace(SETTINGS, accommodation=False))
    assert call.dialogue.shared_channel == 1
    swapped = corrected_roles(call.roles, SWAP)
    once = judged_again(stored(call), swapped, with_audio=True)
    assert once.stress["customer"].windows
    twice = judged_again(stored(once), corrected_roles(swapped, BACK), with_audio=True)
    assert twice.stress["customer"].baseline.voiced_seconds > 5
