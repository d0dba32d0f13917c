"""Whisper's real loading and decoding path, on checkpoints with random weights."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from speechqa.backends import model_files
from speechqa.backends.convert import convert
from speechqa.backends.model_files import file_digest
from speechqa.backends.whisper import WhisperSettings, WhisperTranscriber, load_checkpoint
from speechqa.core.segment import Segment
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound
from tests.support.engines import MemoryAudio, noise, tiny_checkpoint

pytestmark = pytest.mark.xdist_group("whisper")  # what places words is compiled for seconds in each process
FIRST_GUESS = WhisperSettings(
    temperatures=(0.0,),
    logprob_threshold=None,
    compression_ratio_threshold=None,
    no_speech_threshold=None,
    hallucination_silence_s=None,
    sample_len=8,
)
BRIEF = [(Segment(0.5, 0.8), Segment(3.0, 3.2)), (Segment(5.0, 5.3),)]
SPEECH = [(Segment(0.5, 1.5), Segment(3.0, 4.0)), (Segment(5.0, 5.5),)]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("whisper reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("whisper") / "random.pt")


@pytest.fixture(scope="module")
def audio() -> MemoryAudio:
    return MemoryAudio([noise(6.0, 8000, seed=1), noise(6.0, 8000, seed=2)], 8000)


def engine(path: Path, **changes: Any) -> WhisperTranscriber:
    options: dict[str, Any] = {
        "name": "random",
        "sha256": file_digest(path),
        "settings": FIRST_GUESS,
        "threads": 1,
    }
    return WhisperTranscriber(path, **{**options, **changes})


@pytest.mark.parametrize("language", ["he", "en"])
def test_both_languages_are_decoded(checkpoint: Path, audio: MemoryAudio, language: str) -> None:
    result = engine(checkpoint).transcribe(audio, BRIEF, language=language)
    assert result.language == language
    assert all(result.channels)


def test_a_language_is_told_once_for_the_call(
    checkpoint: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    import whisper

    told: list[str] = []
    original = whisper.transcribe

    def spy(*args: Any, **kwargs: Any) -> Any:
        told.append(kwargs["language"])
        return original(*args, **kwargs)

    monkeypatch.setattr(whisper, "transcribe", spy)
    result = engine(checkpoint).transcribe(audio, BRIEF, language=None)
    assert len(told) == 2
    assert set(told) == {result.language}
    assert result.language in whisper.tokenizer.LANGUAGES


def test_the_language_is_the_likeliest_over_all_channels(
    checkpoint: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    import whisper

    guesses = iter([{"he": 0.9, "en": 0.1}, {"he": 0.0, "en": 1.0}])
    monkeypatch.setattr(
        whisper.model.Whisper, "detect_language", lambda *_, **__: (None, next(guesses)), raising=True
    )
    # 2.5 s say Hebrew by nine to one, 0.5 s say English.
    assert engine(checkpoint).transcribe(audio, SPEECH, language=None).language == "he"


def test_drawn_tokens_are_drawn_the_same_each_time(checkpoint: Path, audio: MemoryAudio) -> None:
    import torch

    settings = WhisperSettings(
        temperatures=(0.0, 0.8), logprob_threshold=10.0, no_speech_threshold=None, sample_len=8
    )
    first = engine(checkpoint, settings=settings).transcribe(audio, BRIEF, language="en")
    torch.manual_seed(99)
    before = torch.random.get_rng_state()
    again = engine(checkpoint, settings=settings).transcribe(audio, BRIEF, language="en")
    assert first == again
    assert torch.equal(before, torch.random.get_rng_state()), "the caller's generator is left alone"
    assert any(first.channels) or first.rejected


def test_a_file_changed_after_the_choice_is_refused(tmp_path: Path, audio: MemoryAudio) -> None:
    path = tiny_checkpoint(tmp_path / "a.pt")
    chosen = engine(path)
    tiny_checkpoint(path, seed=3)
    with pytest.raises(ModelDigestMismatch):
        chosen.transcribe(audio, SPEECH, language="en")


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, audio: MemoryAudio, content: bytes) -> None:
    path = tmp_path / "broken.pt"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"broken\.pt") as caught:
        engine(path).transcribe(audio, SPEECH, language="en")
    assert caught.value.exit_code == 5


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path: Path, audio: MemoryAudio) -> None:
    import torch

    class Payload:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.write_text, (tmp_path / "ran", "owned"))

    path = tmp_path / "evil.pt"
    torch.save({"dims": Payload(), "model_state_dict": {}}, path)
    with pytest.raises(ModelError, match="more than plain weights") as caught:
        engine(path).transcribe(audio, SPEECH, language="en")
    assert "weights_only" not in str(caught.value)
    assert not (tmp_path / "ran").exists()


def test_a_bare_name_is_never_downloaded() -> None:
    with pytest.raises(ModelError):
        load_checkpoint(Path("tiny"))


def test_an_english_checkpoint_is_not_asked_for_hebrew(tmp_path: Path, audio: MemoryAudio) -> None:
    path = tiny_checkpoint(tmp_path / "english.pt", multilingual=False)
    with pytest.raises(ModelError, match="English only"):
        engine(path).transcribe(audio, BRIEF, language="he")
    for languages in (("en",), ("he", "en")):
        english = engine(path, languages=languages)
        assert english.transcribe(audio, BRIEF, language="en").language == "en"
        for language in ("he", None):
            with pytest.raises(ModelError):
                english.transcribe(audio, BRIEF, language=language)


def answer(monkeypatch: pytest.MonkeyPatch, *segments: Mapping[str, Any]) -> None:
    import whisper

    whole = [
        {"start": 0.0, "end": 1.0, "avg_logprob": -0.1, "compression_ratio": 1.0, "text": "", **segment}
        for segment in segments
    ]
    monkeypatch.setattr(whisper, "transcribe", lambda *_, **__: {"segments": whole})


def test_words_come_back_to_the_time_of_the_call(
    checkpoint: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [
        {"word": " one", "start": np.float64(0.2), "end": np.float64(0.6), "probability": np.float64(0.9)},
        {"word": " two,", "start": 2.0, "end": 2.2, "probability": 0.7},
    ]
    answer(monkeypatch, {"text": " one two,", "words": words})
    result = engine(checkpoint).transcribe(audio, [SPEECH[0], ()], language="en")
    one, two = result.channels[0]
    # The window holds 0.4-1.6 s, half a second of silence, then 2.9-4.1 s.
    assert (one.text, one.start, one.end, one.confidence) == ("one", 0.6, 1.0, 0.9)
    assert (two.text, two.start, two.end, two.confidence) == ("two,", 3.2, 3.4, 0.7)
    assert type(one.start) is float


def test_a_segment_without_words_is_spread_by_length(
    checkpoint: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, {"text": " ab cdef", "start": 0.1, "end": 0.7, "words": [], "avg_logprob": -1.0})
    result = engine(checkpoint).transcribe(audio, [SPEECH[0], ()], language="en")
    assert [(w.text, w.start, w.end) for w in result.channels[0]] == [("ab", 0.5, 0.7), ("cdef", 0.7, 1.1)]
    assert result.channels[0][0].confidence == pytest.approx(0.3679, abs=1e-4)


def test_text_that_goes_round_in_a_loop_is_rejected_with_the_reason(
    checkpoint: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, {"text": " thanks" * 30, "compression_ratio": 9.0}, {"text": "hello"})
    result = engine(checkpoint, settings=WhisperSettings()).transcribe(audio, SPEECH, language="en")
    assert [word.text for word in result.channels[0]] == ["hello"]
    assert [refused.channel for refused in result.rejected] == [0, 1]
    assert "repeats itself" in result.rejected[0].reason


def test_the_guards_against_inventions_are_on(
    checkpoint: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    import whisper

    seen: dict[str, Any] = {}

    def spy(_model: object, samples: Any, **options: Any) -> Any:
        seen.update(options, samples=samples)
        return {"segments": []}

    monkeypatch.setattr(whisper, "transcribe", spy)
    engine(checkpoint, settings=WhisperSettings()).transcribe(audio, BRIEF, language="he")
    assert seen["condition_on_previous_text"] is False
    assert seen["temperature"][0] == 0.0
    assert None not in (
        seen["logprob_threshold"],
        seen["compression_ratio_threshold"],
        seen["no_speech_threshold"],
        seen["hallucination_silence_threshold"],
    )
    assert seen["task"] == "transcribe"
    assert isinstance(seen["samples"], np.ndarray), "a path would call the ffmpeg program"


def hugging_face(path: Path, checkpoint: Path, *, files: int = 2) -> Path:
    """The checkpoint in Hugging Face's form, written by names spelled out here."""
    import json

    import torch

    loaded = torch.load(checkpoint, weights_only=True)
    dims, state = loaded["dims"], loaded["model_state_dict"]
    tops = {
        "encoder.positional_embedding": "encoder.embed_positions.weight",
        "decoder.positional_embedding": "decoder.embed_positions.weight",
        "decoder.token_embedding.weight": "decoder.embed_tokens.weight",
        "encoder.ln_post": "encoder.layer_norm",
        "decoder.ln": "decoder.layer_norm",
    }
    parts = {
        "attn.query": "self_attn.q_proj",
        "attn.key": "self_attn.k_proj",
        "attn.value": "self_attn.v_proj",
        "attn.out": "self_attn.out_proj",
        "attn_ln": "self_attn_layer_norm",
        "cross_attn.query": "encoder_attn.q_proj",
        "cross_attn.key": "encoder_attn.k_proj",
        "cross_attn.value": "encoder_attn.v_proj",
        "cross_attn.out": "encoder_attn.out_proj",
        "cross_attn_ln": "encoder_attn_layer_norm",
        "mlp.0": "fc1",
        "mlp.2": "fc2",
        "mlp_ln": "final_layer_norm",
    }

    def theirs(name: str) -> str:
        if name in tops:
            return "model." + tops[name]
        stem, _, kind = name.rpartition(".")
        if stem in tops:
            return f"model.{tops[stem]}.{kind}"
        if ".blocks." not in name:
            return "model." + name
        side, _, number, part = stem.split(".", 3)
        return f"model.{side}.layers.{number}.{parts[part]}.{kind}"

    path.mkdir(parents=True)
    names = sorted(state)
    for file in range(files):
        header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
        body = b""
        for name in names[file::files]:
            raw = state[name].contiguous().numpy().tobytes()
            header[theirs(name)] = {
                "dtype": "F32",
                "shape": list(state[name].shape),
                "data_offsets": [len(body), len(body) + len(raw)],
            }
            body += raw
        text = json.dumps(header).encode()
        (path / f"model-{file}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)
    config = {
        "model_type": "whisper",
        "num_mel_bins": dims["n_mels"],
        "max_source_positions": dims["n_audio_ctx"],
        "d_model": dims["n_audio_state"],
        "encoder_attention_heads": dims["n_audio_head"],
        "encoder_layers": dims["n_audio_layer"],
        "vocab_size": dims["n_vocab"],
        "max_target_positions": dims["n_text_ctx"],
        "decoder_attention_heads": dims["n_text_head"],
        "decoder_layers": dims["n_text_layer"],
    }
    (path / "config.json").write_text(json.dumps(config))
    return path


def test_a_converted_model_gives_the_same_words(tmp_path: Path, checkpoint: Path, audio: MemoryAudio) -> None:
    source = hugging_face(tmp_path / "theirs", checkpoint)
    name = "ivrit-ai/whisper-large-v3-turbo"
    converted = convert(source, name, tmp_path / "models")
    assert model_files.verify(name, tmp_path / "models") == converted
    expected = engine(checkpoint).transcribe(audio, BRIEF, language="he")
    assert engine(Path(converted.path)).transcribe(audio, BRIEF, language="he") == expected
    with pytest.raises(ModelError, match="already"):
        convert(source, name, tmp_path / "models")


def test_conversion_refuses_what_it_cannot_read(tmp_path: Path, checkpoint: Path) -> None:
    name, models = "ivrit-ai/whisper-large-v3", tmp_path / "models"
    with pytest.raises(ModelNotFound):
        convert(tmp_path / "absent", name, models)
    with pytest.raises(ModelError, match="no conversion"):
        convert(tmp_path, "small", models)
    source = hugging_face(tmp_path / "theirs", checkpoint)
    weights = source / "model-1.safetensors"
    whole = weights.read_bytes()
    for damaged in (whole[:-100], b"", struct.pack("<Q", 1 << 60), whole[:8] + b"{" + whole[9:40]):
        weights.write_bytes(damaged)
        with pytest.raises(ModelError, match="model-1"):
            convert(source, name, models)
    (source / "config.json").write_text('{"model_type": "whisper"}')
    with pytest.raises(ModelError, match="no Whisper model"):
        convert(source, name, models)
    assert not list(models.glob("*.pt*"))
