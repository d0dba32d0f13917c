"""Calls with a broken channel through the first stage: what is taken, what is doubted, what is said."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.audio.parties import OneChannel
from speechqa.core.dialogue import ChannelDoubts
from speechqa.core.recording import MediaFile, Recording
from speechqa.core.segment import Segment, Timeline, union
from speechqa.pipeline.engines import Engines
from speechqa.pipeline.sound import Sound, hear
from speechqa.protocols import Diarization, VoiceActivity
from tests.support.sound import ArrayAudio

RATE = 8000
SECONDS = 60
A = tuple(Segment(float(t), t + 3.0) for t in range(0, 58, 8))
B = tuple(Segment(t + 3.3, t + 7.2) for t in range(0, 52, 8))
BOTH = union((*A, *B))


def spoken(line: Timeline, seed: int) -> np.ndarray:
    sound = 0.001 * np.random.default_rng(seed + 100).standard_normal(SECONDS * RATE)
    voice = 0.1 * np.random.default_rng(seed).standard_normal(sound.size)
    for s in line:
        part = slice(round(s.start * RATE), round(s.end * RATE))
        sound[part] += voice[part]
    return sound


class Activity:
    def __init__(self, *lines: Timeline) -> None:
        self.lines = lines

    def listen(self, audio):
        return VoiceActivity(speech=self.lines, faint=self.lines)


class Voices:
    name = "made-up 1"

    def __init__(self, *speakers: Timeline, confidence: float = 0.95) -> None:
        self.answer = Diarization(speakers=speakers, confidence=confidence)
        self.asked: list[int] = []

    def diarize(self, audio, channel, speech):
        self.asked.append(channel)
        return self.answer


def heard(
    sound: list[np.ndarray], lines: tuple[Timeline, ...], voices: Voices | None = None, **more
) -> Sound:
    engines = Engines(
        decoder=None,
        voice_activity=Activity(*lines),
        pitch=None,
        transcriber_for=lambda language: None,
        rubric=None,
        diarizer=voices,
    )
    told = more.pop("starts_told", False)
    recording = Recording(
        path="x.wav", sha256="0", duration=float(SECONDS), sample_rate=RATE, channels=len(sound), **more
    )
    return hear(recording, ArrayAudio(np.stack(sound), RATE), engines, starts_told=told)


def test_a_sound_call_has_a_party_a_channel_and_no_doubts():
    sound = heard([spoken(A, 1), spoken(B, 2)], (A, B))
    assert sound.by_party == {"A": A, "B": B}
    assert sound.doubts == ChannelDoubts()
    assert sound.notes == ()


@pytest.mark.parametrize("live", [0, 1])
def test_both_parties_on_one_channel_and_nothing_on_the_other_are_a_mono_call(live):
    silence = np.zeros(SECONDS * RATE)
    sound = [silence, silence]
    sound[live] = spoken(A, 1) + spoken(B, 2)
    lines: list[Timeline] = [(), ()]
    lines[live] = BOTH
    voices = Voices(A, B)
    found = heard(sound, tuple(lines), voices)
    assert voices.asked == [live]
    assert (found.separation, found.shared_channel) == ("voice", live)
    assert found.by_party == {"A": A, "B": B}
    assert f"channel {1 - live} is silent" in found.notes
    assert any("both parties'" in note for note in found.notes)


def test_one_party_alone_is_not_split_in_two():
    silence = np.zeros(SECONDS * RATE)
    found = heard([spoken(A, 1), silence], (A, ()), Voices(A[::2], A[1::2], confidence=0.7))
    assert found.separation == "channel"
    assert found.by_party == {"A": A, "B": ()}
    assert any("the other side is not heard" in note for note in found.notes)


def test_mono_twice_is_one_channel_whatever_its_polarity():
    one = spoken(A, 1) + spoken(B, 2)
    found = heard([one, -0.5 * one], (BOTH, BOTH), Voices(A, B))
    assert (found.separation, found.shared_channel) == ("voice", 0)
    assert "inverted" in found.notes[0]


def test_a_channel_that_dies_ends_what_is_measured():
    sound = [spoken(A, 1), spoken(B, 2)]
    sound[0][24 * RATE :] = 0.0
    found = heard(sound, (tuple(s for s in A if s.end < 24), B))
    assert found.doubts.both_heard_until == pytest.approx(24.0, abs=0.2)
    assert found.separate


def test_files_of_two_lengths_are_doubted_until_somebody_tells_when_they_start():
    short = (A[:2], B[:2])
    sound = [spoken(line, k) for k, line in enumerate(short)]
    files = tuple(MediaFile(path=p, sha256="", duration=d) for p, d in (("a", 18.0), ("b", 18.6)))
    unsure = heard(sound, short, files=files, channel_offsets_s=(0.0, 0.0))
    assert "nobody told when it starts" in unsure.doubts.timing
    told = heard(sound, short, files=files, channel_offsets_s=(0.0, 0.0), starts_told=True)
    assert told.doubts.timing is None


def test_one_channel_as_a_call_of_its_own():
    audio = ArrayAudio(np.stack([spoken(A, 1), spoken(B, 2)]), RATE)
    one = OneChannel(audio, 1)
    assert (one.channels, one.sample_rate, one.duration) == (1, RATE, audio.duration)
    assert np.array_equal(one.read(0, 1.0, 2.0), audio.read(1, 1.0, 2.0))
    with pytest.raises(ValueError, match="channel 1 of 1"):
        one.read(1, 0.0, 1.0)
    with pytest.raises(ValueError, match="channel 2 of 2"):
        OneChannel(audio, 2)
