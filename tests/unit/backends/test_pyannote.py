"""The pyannote adapter, with a made-up pipeline in place of the package."""

from __future__ import annotations

import sys
import types
from typing import NamedTuple

import numpy as np
import pytest

from speechqa.backends.diarizers import choose_diarizer
from speechqa.backends.pyannote import PyannoteDiarizer
from speechqa.core.segment import Segment
from speechqa.errors import EngineUnavailable
from tests.support.sound import ArrayAudio


class Turn(NamedTuple):
    start: float
    end: float


class Annotation:
    TURNS = (
        (Turn(-0.1, 3.0), "S1"),
        (Turn(2.5, 6.0), "S0"),
        (Turn(6.5, 6.5), "S0"),
        (Turn(7.0, 9.5), "S1"),
    )

    def itertracks(self, yield_label=False):
        assert yield_label
        return iter([(turn, index, label) for index, (turn, label) in enumerate(self.TURNS)])


class Pipeline:
    asked: dict | None = None
    answer: object = Annotation()

    @classmethod
    def from_pretrained(cls, path):
        return cls() if "broken" not in path else None

    def __call__(self, file, num_speakers):
        Pipeline.asked = {**file, "num_speakers": num_speakers}
        return self.answer


@pytest.fixture
def library(monkeypatch):
    audio = types.ModuleType("pyannote.audio")
    audio.Pipeline = Pipeline
    monkeypatch.setitem(sys.modules, "pyannote", types.ModuleType("pyannote"))
    monkeypatch.setitem(sys.modules, "pyannote.audio", audio)


SPEECH = (Segment(0.0, 9.0),)


def diarized(tmp_path):
    diarizer, _ = choose_diarizer(f"pyannote:{tmp_path}")
    return diarizer.diarize(ArrayAudio(np.zeros((2, 10 * 8000)), 8000), 1, SPEECH)


def test_voices_and_their_overlap_come_from_the_pipeline(library, tmp_path):
    found = diarized(tmp_path)
    assert found.speakers == ((Segment(0.0, 3.0), Segment(7.0, 9.0)), (Segment(2.5, 6.0),))
    assert found.overlapped == (Segment(2.5, 3.0),)
    assert found.finds_overlap
    assert Pipeline.asked["num_speakers"] == 2
    assert Pipeline.asked["sample_rate"] == 8000
    assert tuple(Pipeline.asked["waveform"].shape) == (1, 80_000)


def test_the_form_of_version_4_is_read_too(library, tmp_path, monkeypatch):
    before = diarized(tmp_path)
    monkeypatch.setattr(Pipeline, "answer", types.SimpleNamespace(speaker_diarization=Annotation()))
    assert diarized(tmp_path) == before


def test_it_is_imported_only_when_used(tmp_path):
    assert choose_diarizer(f"pyannote:{tmp_path}")[0].name.startswith("pyannote")
    assert "pyannote.audio" not in sys.modules


@pytest.mark.parametrize("name", ["absent", "broken"])
def test_a_pipeline_that_is_not_there_is_told(library, tmp_path, name):
    if name == "broken":
        (tmp_path / name).mkdir()
    with pytest.raises(EngineUnavailable) as caught:
        PyannoteDiarizer(str(tmp_path / name)).diarize(ArrayAudio(np.zeros(8000), 8000), 0, SPEECH)
    assert name in caught.value.message


def test_silence_needs_no_pipeline(tmp_path):
    nowhere = PyannoteDiarizer(str(tmp_path / "absent"))
    assert nowhere.diarize(ArrayAudio(np.zeros(8000), 8000), 0, ()).speakers == ()


def test_a_pipeline_that_is_not_there_is_told_before_any_call(tmp_path):
    with pytest.raises(EngineUnavailable, match="no pyannote pipeline"):
        choose_diarizer(f"pyannote:{tmp_path / 'nowhere'}")
