from __future__ import annotations

import os
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from speechqa.backends import pocketsphinx as adapter
from speechqa.backends.pocketsphinx import PocketsphinxSettings, PocketsphinxTranscriber
from speechqa.core.segment import Segment
from speechqa.errors import EngineUnavailable, ModelError
from tests.support.engines import MemoryAudio, flite, noise, place

SENTENCE = "please send the letter to my new address"
DATA = Path(os.environ.get("SPEECHQA_DATA", "../shared/data")) / "calls"


class ToldDecoder:
    """A decoder that gives the segments it was told, and counts what is done with it."""

    def __init__(self, *segments: tuple[str, int, int, float]) -> None:
        self.segments = segments
        self.calls: list[str] = []
        self.heard: list[int] = []

    def reinit_feat(self) -> None:
        self.calls.append("reset")

    def start_utt(self) -> None:
        self.calls.append("start")

    def process_raw(self, pcm: bytes, *, no_search: bool, full_utt: bool) -> None:
        assert full_utt, "only then are the means taken over this utterance alone"
        self.heard.append(len(pcm) // 2)

    def end_utt(self) -> None:
        self.calls.append("end")

    def seg(self) -> Iterator[Any]:
        for word, first, last, prob in self.segments:
            yield SimpleNamespace(word=word, start_frame=first, end_frame=last, prob=prob)


def told(monkeypatch: pytest.MonkeyPatch, *segments: tuple[str, int, int, float]) -> ToldDecoder:
    decoder = ToldDecoder(*segments)
    monkeypatch.setattr(adapter, "_decoder", lambda: decoder)
    return decoder


def one_channel(seconds: float = 10.0, rate: int = 16_000) -> MemoryAudio:
    return MemoryAudio([noise(seconds, rate)], rate)


def test_fillers_go_and_variants_lose_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    told(
        monkeypatch,
        ("<s>", 0, 39, 1.0),
        ("the(2)", 40, 59, 0.8),
        ("[NOISE]", 60, 64, 0.9),
        ("<sil>", 65, 69, 1.0),
        ("++UM++", 70, 74, 0.5),
        ("it's", 75, 99, 1.0000001),
        ("</s>", 100, 120, 1.0),
    )
    result = PocketsphinxTranscriber().transcribe(one_channel(), [(Segment(2.0, 4.0),)], language="en")
    # The utterance starts 0.2 s before the speech, after 0.2 s of digital silence.
    assert [(w.text, w.start, w.end, w.confidence) for w in result.channels[0]] == [
        ("the", 2.0, 2.2, 0.8),
        ("it's", 2.35, 2.6, 1.0),
    ]


def test_words_beside_the_speech_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, ("oh", 20, 35, 0.4), ("yes", 36, 60, 0.9))
    result = PocketsphinxTranscriber().transcribe(one_channel(), [(Segment(2.0, 3.0),)], language="en")
    assert [(w.text, w.start, w.end) for w in result.channels[0]] == [("yes", 2.0, 2.21)]


def test_pauses_join_and_gaps_part_utterances(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = told(monkeypatch)
    speech = (Segment(1.0, 2.0), Segment(2.3, 3.0), Segment(5.0, 6.0))
    PocketsphinxTranscriber().transcribe(one_channel(), [speech], language="en")
    assert decoder.heard == [round((2.0 + 0.8) * 16_000), round((1.0 + 0.8) * 16_000)]
    assert decoder.calls == ["reset", "start", "end"] * 2


def test_long_utterances_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = told(monkeypatch)
    settings = PocketsphinxSettings(longest_s=5.0, pad_s=0.0, edge_s=0.0)
    PocketsphinxTranscriber(settings).transcribe(one_channel(12.0), [(Segment(0.0, 12.0),)], language="en")
    assert len(decoder.heard) >= 3
    assert max(decoder.heard) <= 5 * 16_000
    assert sum(decoder.heard) == 12 * 16_000


def test_too_little_sound_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = told(monkeypatch)
    audio = one_channel(1.0)
    result = PocketsphinxTranscriber().transcribe(audio, [(Segment(0.999, 2.0),)], language=None)
    assert result.channels == ((),) or decoder.heard
    silent = MemoryAudio([np.zeros(0, dtype=np.float32), noise(1.0, 16_000)], 16_000)
    assert PocketsphinxTranscriber().transcribe(
        silent, [(Segment(0.0, 1.0),), ()], language="en"
    ).channels == (
        (),
        (),
    )


def test_it_is_a_draft_for_english() -> None:
    engine = PocketsphinxTranscriber()
    assert engine.info.draft
    assert engine.info.languages == ("en",)
    with pytest.raises(ModelError, match="English only") as caught:
        engine.transcribe(one_channel(), [()], language="he")
    assert caught.value.exit_code == 5
    assert engine.transcribe(one_channel(), [()], language=None).language == "en"


def test_other_settings_are_another_model() -> None:
    plain, other = PocketsphinxTranscriber(), PocketsphinxTranscriber(PocketsphinxSettings(pad_s=0.1))
    assert plain.info.model_digest == PocketsphinxTranscriber().info.model_digest
    assert plain.info.model_digest != other.info.model_digest


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(EngineUnavailable, match="pip install pocketsphinx"):
        PocketsphinxTranscriber().transcribe(one_channel(), [(Segment(0.0, 1.0),)], language="en")


@pytest.fixture(scope="module")
def real() -> PocketsphinxTranscriber:
    return PocketsphinxTranscriber()


@pytest.mark.parametrize("rate", [8000, 16_000])
def test_clear_speech_is_understood_with_confidence(
    real: PocketsphinxTranscriber, tmp_path: Path, rate: int
) -> None:
    sound = flite(SENTENCE, tmp_path, rate=rate)
    if sound is None:
        pytest.skip("flite is not installed")
    channel, speech = place(8.0, rate, (2.0, sound * 0.05))
    words = real.transcribe(MemoryAudio([channel], rate), [speech], language="en").channels[0]
    said = [word.text for word in words]
    assert len(set(SENTENCE.split()) & set(said)) >= 7, said
    known = [word.confidence for word in words if word.confidence is not None]
    assert sum(known) / len(known) > adapter.CONFIDENCE_FLOOR
    assert words[0].start == pytest.approx(2.0, abs=0.3)


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="no measuring data: SPEECHQA_DATA")
def test_a_real_telephone_call_stays_under_the_floor(real: PocketsphinxTranscriber) -> None:
    channels = []
    for side in ("agent", "caller"):
        with wave.open(str(DATA / "harpervalley-legs" / f"0091a706bc604188.{side}.wav")) as file:
            assert file.getframerate() == 8000
            assert file.getsampwidth() == 2
            raw = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        channels.append(raw.astype(np.float32) / 32768)
    audio = MemoryAudio(channels, 8000)
    speech = [(Segment(2.4, 7.2),), (Segment(10.6, 14.8),)]
    result = real.transcribe(audio, speech, language="en")
    known = [w.confidence for words in result.channels for w in words if w.confidence is not None]
    assert known
    assert sum(known) / len(known) < adapter.CONFIDENCE_FLOOR
