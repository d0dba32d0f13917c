"""What every diarizer owes, whichever engine is behind it."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pytest

from speechqa.backends.diarizers import choose_diarizer
from speechqa.core.segment import Segment, difference, intersection, seconds, union
from speechqa.errors import EngineUnavailable
from speechqa.protocols import Diarizer
from tests.support.engines import MemoryAudio, flite, noise, place

RATE = 8000


class _Halves:
    """A pipeline that gives the first half of what it hears to one voice, the rest to another."""

    @classmethod
    def from_pretrained(cls, _path: str) -> _Halves:
        return cls()

    def __call__(self, file: dict[str, object], num_speakers: int) -> _Halves:
        self.length = file["waveform"].shape[1] / file["sample_rate"]  # type: ignore[attr-defined,operator]
        return self

    def itertracks(self, yield_label: bool) -> list[tuple[Segment, int, str]]:
        half = self.length / 2
        return [(Segment(0.0, half + 0.2), 0, "a"), (Segment(half, self.length), 1, "b")]


@pytest.fixture(params=["resemblyzer", "pyannote"])
def diarizer(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Diarizer:
    spec = request.param
    if spec == "pyannote":
        library = types.ModuleType("pyannote.audio")
        library.Pipeline = _Halves  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "pyannote", types.ModuleType("pyannote"))
        monkeypatch.setitem(sys.modules, "pyannote.audio", library)
        spec = f"pyannote:{tmp_path}"
    try:
        chosen, _ = choose_diarizer(spec)
    except EngineUnavailable as error:
        pytest.skip(f"{error.message}: {error.hint}")
    assert chosen is not None
    return chosen


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> tuple[MemoryAudio, tuple[Segment, ...]]:
    folder = tmp_path_factory.mktemp("sound")
    pieces = []
    for index in range(6):
        spoken = flite(
            "good morning this is the library how can I help you", folder, rate=RATE,
            voice=("rms", "slt")[index % 2],
        )  # fmt: skip
        pieces.append(
            (1.0 + 5.0 * index, noise(3.0, RATE, seed=index % 2) if spoken is None else spoken[: 4 * RATE])
        )
    channel, speech = place(32.0, RATE, *pieces)
    return MemoryAudio([np.zeros_like(channel), channel], RATE), speech


def test_it_has_a_name(diarizer: Diarizer) -> None:
    assert diarizer.name
    assert diarizer.name == diarizer.name.strip()


def test_voices_lie_on_the_speech_in_order_of_speaking(
    diarizer: Diarizer, call: tuple[MemoryAudio, tuple[Segment, ...]]
) -> None:
    audio, speech = call
    audio.reads.clear()
    found = diarizer.diarize(audio, 1, speech)
    assert {channel for channel, _, _ in audio.reads} == {1}
    assert 0.0 <= found.confidence <= 1.0
    assert 1 <= len(found.speakers) <= 2
    starts = [line[0].start for line in found.speakers]
    assert starts == sorted(starts)
    for line in found.speakers:
        assert line == union(line), "a timeline is in order and does not touch itself"
        assert seconds(difference(line, union(speech, bridge_s=0.31))) < 0.01
    both = union(segment for line in found.speakers for segment in line)
    assert seconds(difference(speech, both)) < 0.01, "all speech is somebody's"
    if len(found.speakers) > 1:
        assert seconds(difference(found.overlapped, intersection(*found.speakers))) < 0.01
    if not found.finds_overlap:
        assert found.overlapped == ()


def test_the_same_sound_gives_the_same_voices(
    diarizer: Diarizer, call: tuple[MemoryAudio, tuple[Segment, ...]]
) -> None:
    audio, speech = call
    assert diarizer.diarize(audio, 1, speech) == diarizer.diarize(audio, 1, speech)


def test_without_speech_there_is_no_voice_and_nothing_is_read(diarizer: Diarizer) -> None:
    audio = MemoryAudio([noise(2.0, RATE)], RATE)
    assert diarizer.diarize(audio, 0, ()).speakers == ()
    assert audio.reads == []


def test_speech_at_the_very_ends_and_past_them_does_no_harm(diarizer: Diarizer) -> None:
    audio = MemoryAudio([noise(3.0, RATE)], RATE)
    found = diarizer.diarize(audio, 0, (Segment(0.0, 0.05), Segment(0.5, 3.4)))
    assert all(0.0 <= s.start < s.end <= 3.4 for line in found.speakers for s in line)
