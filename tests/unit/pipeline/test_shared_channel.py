"""Calls whose parties share one channel: told apart by voice where that is sure enough, else not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from speechqa.assembly import analyze
from speechqa.audio.decoder import PyAVDecoder
from speechqa.backends.resemblyzer import weights_path
from speechqa.config import Settings
from speechqa.core.dialogue import RoleAssignment
from speechqa.core.recording import Recording
from speechqa.core.segment import Segment, Timeline, intersection, seconds, union
from speechqa.core.source import CallSource, PartyFile
from speechqa.core.stress import StressCurve, StressEpisode, StressWindow
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.errors import EngineUnavailable
from speechqa.pipeline.engines import Engines
from speechqa.pipeline.sound import VOICE_FLOOR, Sound, hear
from speechqa.pipeline.voices import doubted, no_surer_than_voices
from speechqa.pipeline.words import adopt, recognise, wordless
from speechqa.protocols import Diarization, EngineInfo, Recognition, VoiceActivity
from speechqa.transcripts.imported import ImportedTranscript
from tests.support.media import write_media
from tests.support.sound import ArrayAudio

A = (Segment(0.0, 5.0), Segment(12.0, 18.0), Segment(30.0, 33.0))
B = (Segment(6.0, 11.0), Segment(19.0, 29.0), Segment(34.0, 40.0))
RECORDING = Recording(path="x.wav", sha256="0", duration=60.0, sample_rate=8000, channels=1)


def mono(*voices: Timeline, confidence: float = 0.9, overlapped: Timeline = ()) -> Sound:
    speech = (union(segment for line in (A, B) for segment in line),)
    found = Diarization(speakers=voices, confidence=confidence, overlapped=overlapped) if voices else None
    return Sound(recording=RECORDING, speech=speech, faint=speech, separate=False, voices=found)


class Activity:
    def listen(self, audio):
        line = union((*A, *B))
        return VoiceActivity(speech=(line,) * audio.channels, faint=(line,) * audio.channels)


class Voices:
    name = "made-up 1"

    def __init__(self, answer: Diarization | Exception) -> None:
        self.answer = answer

    def diarize(self, audio, channel, speech):
        assert channel == 0
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def heard(diarizer, *, why: str = "", channels: int = 1) -> Sound:
    engines = Engines(
        decoder=None,
        voice_activity=Activity(),
        pitch=None,
        transcriber_for=lambda language: None,
        rubric=None,
        diarizer=diarizer,
        no_diarizer=why,
    )
    one = np.random.default_rng(0).standard_normal(41 * 8000) * 0.1
    return hear(RECORDING, ArrayAudio(np.tile(one, (channels, 1)), 8000), engines)


def test_sure_voices_are_parties():
    sound = heard(Voices(Diarization(speakers=(A, B), confidence=0.8, notes=("a third voice",))))
    assert (sound.separation, sound.parties, sound.diarizer) == ("voice", ("A", "B"), "made-up 1")
    assert sound.by_party == {"A": A, "B": B}
    assert [sound.channel_of(party) for party in "AB"] == [0, 0]
    assert sound.faint_by_party == {"A": sound.faint[0], "B": sound.faint[0]}
    assert "confidence 0.80" in sound.notes[0]
    assert sound.notes[1] == "a third voice"


def test_two_channels_of_one_sound_are_told_apart_by_voice_too():
    sound = heard(Voices(Diarization(speakers=(A, B), confidence=0.8)), channels=2)
    assert sound.separation == "voice"
    assert len(sound.speech) == 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Diarization(speakers=(A, B), confidence=VOICE_FLOOR - 0.01), "cannot be told apart"),
        (Diarization(speakers=(union((*A, *B)),)), "hears one voice"),
        (EngineUnavailable("the weights do not load"), "the weights do not load"),
    ],
)
def test_doubtful_single_or_broken_voices_are_no_parties(answer, says):
    sound = heard(Voices(answer))
    assert (sound.separation, sound.parties, sound.by_party) == ("none", (), {})
    assert says in " ".join(sound.notes)


def test_without_a_diarizer_the_call_says_how_to_get_one():
    assert heard(None, why="the package is missing: pip install it").notes == (
        "the package is missing: pip install it",
    )


def words(text: str, start: float, step: float = 0.4) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, start=start + step * i, end=start + step * i + 0.35, confidence=0.9)
        for i, word in enumerate(text.split())
    )


class Engine:
    info = EngineInfo(name="e", model="m", model_digest="d", confidence_floor=0.6)

    def __init__(self, heard: Sequence[Word]) -> None:
        self.answer = Recognition(language="en", channels=(tuple(heard),))

    def transcribe(self, audio, speech, *, language):
        return self.answer


def test_words_go_to_voices_one_by_one_whatever_the_recogniser_ran_together():
    said = (*words("hello how may I help you", 2.0), *words("I lost my card", 6.2), *words("oh dear", 12.1))
    found = recognise(mono(A, B), None, Engine(said), language=None)
    turns = [(turn.party, turn.channel, turn.text) for turn in found.transcript.turns]
    assert turns == [
        ("A", 0, "hello how may I help you"),
        ("B", 0, "I lost my card"),
        ("A", 0, "oh dear"),
    ]
    assert found.timed_by_sound


def test_without_voices_words_have_no_party_as_before():
    found = recognise(mono(), None, Engine(words("hello how may I help you", 2.0)), language=None)
    assert {turn.party for turn in found.transcript.turns} == {None}
    assert not found.timed_by_sound
    assert not wordless(mono(), language="en").timed_by_sound
    assert wordless(mono(A, B), language="en").timed_by_sound


def imported(*turns: Turn) -> ImportedTranscript:
    transcript = Transcript(language="en", engine="import:simple", turns=turns)
    return ImportedTranscript(transcript=transcript, format="simple")


def turn(start: float, end: float, party: str | None = None, text: str = "some words here") -> Turn:
    speaker = {"A": "first", "B": "second"}.get(party or "", "unknown")
    return Turn(speaker=speaker, party=party, text=text, start=start, end=end)


def test_turns_without_a_speaker_stay_one_for_one_and_mixed_ones_have_no_party():
    given = (
        turn(0.5, 4.8),
        turn(6.0, 10.9),
        turn(9.0, 15.0, text="both  of them"),
        turn(19.0, 28.0, text=""),
    )
    found = adopt(imported(*given), mono(A, B), language=None)
    assert [t.party for t in found.transcript.turns] == ["A", "B", None, "B"]
    assert [t.text for t in found.transcript.turns] == [t.text for t in given]
    assert [(t.start, t.end) for t in found.transcript.turns] == [(t.start, t.end) for t in given]
    assert found.timed_by_sound
    assert any("1 turn of the transcript has no one clear voice" in note for note in found.notes)


def spoken(offset: float = 0.0, *, swapped: bool = False) -> tuple[Turn, ...]:
    first, second = ("B", "A") if swapped else ("A", "B")
    turns = [turn(s.start + offset, s.end + offset, first) for s in A]
    turns += [turn(s.start + offset, s.end + offset, second) for s in B]
    return tuple(sorted(turns, key=lambda t: t.start or 0.0))


@pytest.mark.parametrize("swapped", [False, True])
def test_speakers_of_a_transcript_are_tied_to_the_voices_that_bear_them_out(swapped):
    found = adopt(imported(*spoken(swapped=swapped)), mono(A, B), language=None)
    assert found.timed_by_sound
    for t in found.transcript.turns:
        voice = A if any(s.start <= (t.start or 0) < s.end for s in A) else B
        assert t.party == ("A" if voice is A else "B")
        assert t.speaker == ("first" if (voice is A) != swapped else "second"), "the transcript's name holds"


def test_speakers_that_the_voices_do_not_bear_out_keep_their_own_times():
    crossed = ((*A[:1], *B[1:]), (*B[:1], *A[1:]))
    found = adopt(imported(*spoken()), mono(*crossed), language=None)
    assert not found.timed_by_sound
    assert [t.party for t in found.transcript.turns] == [t.party for t in spoken()]
    assert any("times are the transcript's" in note for note in found.notes)


def test_three_speakers_are_not_tied_to_two_voices():
    third = turn(50.0, 55.0, "C")
    found = adopt(imported(*spoken(), third), mono(A, B), language=None)
    assert not found.timed_by_sound
    assert found.transcript.turns[-1].party == "C"


def role(name: str, confidence: float, source: str = "inferred") -> RoleAssignment:
    return RoleAssignment(role=name, confidence=confidence, source=source, reason="greets for a company")


def test_an_inferred_role_is_no_surer_than_the_voices():
    roles = {"A": role("agent", 0.98), "B": role("customer", 0.98)}
    held = no_surer_than_voices(roles, mono(A, B, confidence=0.8), floor=0.7)
    assert {p: (r.role, r.confidence) for p, r in held.items()} == {
        "A": ("agent", 0.8),
        "B": ("customer", 0.8),
    }
    lost = no_surer_than_voices(roles, mono(A, B, confidence=0.6), floor=0.7)
    assert {r.role for r in lost.values()} == {"unknown"}
    assert all("0.60" in r.reason for r in lost.values())
    told = {"A": role("agent", 1.0, "transcript"), "B": role("customer", 1.0, "transcript")}
    assert no_surer_than_voices(told, mono(A, B, confidence=0.6), floor=0.7) == told


def test_arousal_of_a_doubtful_voice_is_of_low_confidence():
    curve = StressCurve(windows=(StressWindow(start=0.0, end=12.0, value=1.0, confidence="ok"),))
    assert doubted(curve, mono(A, B, confidence=0.95)) == curve
    raised = replace(curve, episodes=(StressEpisode(start=0.0, peak=6.0, end=12.0, peak_value=4.0),))
    assert doubted(raised, mono(A, B, confidence=0.7)).windows[0].confidence == "low"
    assert doubted(raised, mono(A, B, confidence=0.7)).episodes == ()


def test_what_others_say_at_the_same_time_is_not_measured_as_a_voice_alone():
    both = (Segment(4.0, 5.0),)
    assert mono(A, B, overlapped=both).alone["A"][0] == Segment(0.0, 4.0)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A sample call with a channel a party, mixed to one, and when each party speaks in it."""
    try:
        weights_path()
    except EngineUnavailable as error:
        pytest.skip(f"{error.message}: {error.hint}")
    folder = Path(__file__).parents[3] / "recordings"
    source = CallSource(files=(PartyFile(path=str(folder / "en-pizza.wav")),))
    _, audio = PyAVDecoder().open(source)
    both = np.stack([audio.read(channel, 0.0, audio.duration) for channel in range(2)])
    mixed = (both.mean(axis=0, keepdims=True) * 32767).astype(np.int16)
    path = write_media(tmp_path_factory.mktemp("mono") / "pizza.wav", mixed, audio.sample_rate)
    audio.close()
    times = json.loads((folder / "scripts" / "times.json").read_text())["en-pizza"]
    truth = {who: union(Segment(b, e) for w, b, e, _ in times if w == who) for who in ("agent", "customer")}
    return path, truth


def test_a_sample_call_on_one_channel_has_its_parties(sample):
    path, truth = sample
    found = analyze(path, settings=Settings(engine="none"))
    assert found.provenance.diarizer is not None
    assert found.provenance.diarizer.startswith("resemblyzer")
    dialogue = found.dialogue
    assert dialogue is not None
    assert (dialogue.separation, set(dialogue.speech)) == ("voice", {"A", "B"})
    assert dialogue.separation_confidence is not None
    assert dialogue.separation_confidence > 0.5
    assert dialogue.talk_share
    assert dialogue.response_latency
    missing = {absent.measure for absent in dialogue.not_assessed}
    assert {"overlaps", "interruptions"} <= missing, "one channel does not tell who talks over whom"
    assert dialogue.interruptions == {}
    own, other = dialogue.speech["A"], dialogue.speech["B"]
    right = max(
        seconds(intersection(own, truth[first])) + seconds(intersection(other, truth[second]))
        for first, second in (("agent", "customer"), ("customer", "agent"))
    )
    assert right > 0.9 * (seconds(own) + seconds(other))
    assert analyze(path, settings=Settings(engine="none")).dialogue == dialogue, "the same again"


def test_a_diarizer_that_is_off_leaves_the_parties_unknown(sample):
    found = analyze(sample[0], settings=Settings(engine="none", diarizer="none"))
    assert found.provenance.diarizer is None
    assert found.roles == {}
    assert found.dialogue is not None
    assert found.dialogue.separation == "none"
    assert {"talk_share", "response_latency"} <= {absent.measure for absent in found.dialogue.not_assessed}
    assert any("diarizer is none" in notice for notice in found.notices)
