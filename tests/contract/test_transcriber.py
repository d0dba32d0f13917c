"""What every transcriber owes, whichever engine is behind it."""

from __future__ import annotations

import math
import pickle
from pathlib import Path

import numpy as np
import pytest
from _pytest.mark import ParameterSet

from speechqa.backends.fast_convert import write_folder
from speechqa.backends.fast_models import folder_digest
from speechqa.backends.faster_whisper import FasterWhisperSettings, FasterWhisperTranscriber
from speechqa.backends.model_files import file_digest
from speechqa.backends.pocketsphinx import PocketsphinxTranscriber
from speechqa.backends.whisper import WhisperSettings, WhisperTranscriber
from speechqa.core.segment import Segment
from speechqa.protocols import Recognition, Transcriber
from tests.support.engines import MemoryAudio, flite, noise, place, tiny_checkpoint

NEAR_SPEECH_S = 0.41
"""How far from speech an engine may read: a pause inside an utterance."""


def fast_engine(checkpoint: Path) -> FasterWhisperTranscriber:
    pytest.importorskip("ctranslate2", reason="the extra `fast` is not installed")
    folder = checkpoint.with_suffix(".ct2")
    folder.mkdir()
    write_folder(checkpoint, folder)
    settings = FasterWhisperSettings(
        beams=(1,),
        logprob_threshold=None,
        compression_ratio_threshold=None,
        no_speech_threshold=None,
        sample_len=12,
    )
    return FasterWhisperTranscriber(folder, name="random", sha256=folder_digest(folder), settings=settings)


def grouped(name: str) -> ParameterSet:
    """An engine whose tests one worker of pytest-xdist runs, or each would hear the calls anew.

    What openai-whisper places words with is compiled for seconds in each process that hears with it: all its
    tests are of one group.
    """
    return pytest.param(name, marks=pytest.mark.xdist_group(name))


@pytest.fixture(scope="module", params=[*map(grouped, ("pocketsphinx", "whisper", "faster-whisper"))])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Transcriber:
    if request.param == "pocketsphinx":
        return PocketsphinxTranscriber()
    path = tiny_checkpoint(tmp_path_factory.mktemp("models") / "random.pt")
    if request.param == "faster-whisper":
        return fast_engine(path)
    settings = WhisperSettings(
        temperatures=(0.0,),
        logprob_threshold=None,
        compression_ratio_threshold=None,
        no_speech_threshold=None,
        hallucination_silence_s=None,
        sample_len=12,
    )
    return WhisperTranscriber(path, name="random", sha256=file_digest(path), settings=settings)


@pytest.fixture(scope="module", params=[8000, 16_000])
def call(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[MemoryAudio, list[tuple[Segment, ...]]]:
    rate = request.param
    spoken = flite("please send me the new invoice today", tmp_path_factory.mktemp("sound"), rate=rate)
    sound = noise(1.0, rate) if spoken is None else spoken
    left, left_speech = place(12.0, rate, (1.0, sound), (4.5, noise(0.3, rate)), (5.5, sound[: rate // 2]))
    right, right_speech = place(12.0, rate, (8.0, sound))
    return MemoryAudio([left, right], rate), [left_speech, right_speech]


@pytest.fixture(scope="module")
def heard(engine: Transcriber, call: tuple[MemoryAudio, list[tuple[Segment, ...]]]) -> Recognition:
    audio, speech = call
    audio.reads.clear()
    return engine.transcribe(audio, speech, language="en")


def test_it_says_what_it_is(engine: Transcriber) -> None:
    info = engine.info
    assert info.name
    assert info.model
    assert info.model_digest is not None
    assert len(info.model_digest) == 64
    assert 0.0 < info.confidence_floor < 1.0
    assert info == engine.info


def test_every_channel_has_its_words(heard: Recognition) -> None:
    assert len(heard.channels) == 2
    assert heard.language == "en"
    assert all(heard.channels), "both channels hold sound that the engine makes words of"


def test_words_are_in_order_inside_speech(
    heard: Recognition, call: tuple[MemoryAudio, list[tuple[Segment, ...]]]
) -> None:
    for words, speech in zip(heard.channels, call[1], strict=True):
        starts = [word.start for word in words]
        assert starts == sorted(starts)
        for word in words:
            assert word.start is not None
            assert word.end is not None
            assert any(s.start <= word.start <= word.end <= s.end for s in speech), word


def test_words_are_plain_text_and_plain_floats(heard: Recognition) -> None:
    for words in heard.channels:
        for word in words:
            assert word.text == word.text.strip() != ""
            for number in (word.start, word.end, word.confidence):
                assert type(number) is float
                assert math.isfinite(number)
            assert word.confidence is not None
            assert 0.0 <= word.confidence <= 1.0


def test_the_same_sound_gives_the_same_words_and_nothing_else_is_read(
    engine: Transcriber, call: tuple[MemoryAudio, list[tuple[Segment, ...]]], heard: Recognition
) -> None:
    audio, speech = call
    other = MemoryAudio([noise(0.5, audio.sample_rate, seed=5)], audio.sample_rate)
    engine.transcribe(other, [(Segment(0.0, 0.5),)], language="en")
    audio.reads.clear()
    assert engine.transcribe(audio, speech, language="en") == heard
    assert audio.reads
    for channel, start, end in audio.reads:
        allowed = [segment.widened(NEAR_SPEECH_S) for segment in speech[channel]]
        assert any(a.start <= start and end <= a.end for a in allowed), (channel, start, end)


def test_one_channel_does_not_depend_on_the_other(
    engine: Transcriber, call: tuple[MemoryAudio, list[tuple[Segment, ...]]], heard: Recognition
) -> None:
    audio, speech = call
    alone = engine.transcribe(audio, [(), speech[1]], language="en")
    assert alone.channels == ((), heard.channels[1])


def test_without_speech_nothing_is_read(engine: Transcriber) -> None:
    audio = MemoryAudio([noise(2.0, 8000), noise(2.0, 8000)], 8000)
    result = engine.transcribe(audio, [(), ()], language="en")
    assert result.channels == ((), ())
    assert audio.reads == []


def test_speech_past_the_end_and_silent_speech_do_no_harm(engine: Transcriber) -> None:
    audio = MemoryAudio([np.zeros(16_000, dtype=np.float32)], 16_000)
    result = engine.transcribe(audio, [(Segment(0.98, 5.0), Segment(7.0, 8.0))], language="en")
    assert len(result.channels) == 1
    assert all(word.end is not None and word.end <= 1.0 for word in result.channels[0])


def test_it_travels_to_a_worker(engine: Transcriber) -> None:
    copy = pickle.loads(pickle.dumps(engine))
    assert copy.info == engine.info
    audio = MemoryAudio([noise(0.4, 16_000)], 16_000)
    speech = [(Segment(0.0, 0.4),)]
    assert copy.transcribe(audio, speech, language="en") == engine.transcribe(audio, speech, language="en")
