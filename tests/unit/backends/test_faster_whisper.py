"""The fast form of a Whisper model: made of a checkpoint with random weights, and decoded as openai does."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from speechqa.backends import fast_convert, fast_models, model_files
from speechqa.backends.choice import choose_engine
from speechqa.backends.fast_convert import Precision, convert_fast, write_folder
from speechqa.backends.fast_decoding import decoded, finished, suppressed, words
from speechqa.backends.fast_loading import load_folder, manner
from speechqa.backends.fast_models import fast_folder, folder_digest, verify_fast
from speechqa.backends.faster_whisper import FasterWhisperSettings, FasterWhisperTranscriber
from speechqa.backends.manifest import find_entry
from speechqa.backends.model_files import Verified, file_digest
from speechqa.backends.tiktoken_vocabulary import tokenizer_json, vocabulary
from speechqa.backends.whisper import load_checkpoint
from speechqa.core.segment import Segment
from speechqa.errors import EngineUnavailable, ModelDigestMismatch, ModelError, ModelNotFound, UsageError
from tests.support.engines import MemoryAudio, noise, tiny_checkpoint

pytest.importorskip("ctranslate2", reason="the extra `fast` is not installed")

pytestmark = pytest.mark.xdist_group("whisper")  # what places words is compiled for seconds in each process
FIRST_GUESS = FasterWhisperSettings(
    beams=(1,),
    logprob_threshold=None,
    compression_ratio_threshold=None,
    no_speech_threshold=None,
    sample_len=8,
    compute="float32",
)
BRIEF = [(Segment(0.5, 0.8), Segment(3.0, 3.2)), (Segment(5.0, 5.3),)]
MANIFEST = """
[[model]]
name = "toy"
engine = "whisper"
format = "openai-pt"
file = "toy.pt"
rank = 10
languages = ["he", "en"]
licence = "MIT"
source = "https://example.org"
sha256 = "{digest}"
"""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the engine reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("fast") / "toy.pt")


@pytest.fixture(scope="module")
def folder(checkpoint: Path) -> Path:
    target = checkpoint.with_suffix(".ct2")
    target.mkdir()
    write_folder(checkpoint, target, precision="float32")
    return target


@pytest.fixture(scope="module")
def audio() -> MemoryAudio:
    return MemoryAudio([noise(6.0, 8000, seed=1), noise(6.0, 8000, seed=2)], 8000)


@pytest.fixture
def models(tmp_path: Path, checkpoint: Path) -> Path:
    """A models folder whose manifest knows the checkpoint, which is here."""
    root = tmp_path / "models"
    root.mkdir()
    (root / "manifest.toml").write_text(MANIFEST.format(digest=file_digest(checkpoint)))
    (root / "toy.pt").write_bytes(checkpoint.read_bytes())
    return root


def engine(path: Path, **changes: Any) -> FasterWhisperTranscriber:
    options: dict[str, Any] = {
        "name": "toy",
        "sha256": folder_digest(path),
        "settings": FIRST_GUESS,
        "threads": 1,
    }
    return FasterWhisperTranscriber(path, **{**options, **changes})


def spectrum(seed: int, seconds: float) -> np.ndarray:
    from whisper.audio import N_FRAMES, N_SAMPLES, log_mel_spectrogram, pad_or_trim

    mel = log_mel_spectrogram(noise(seconds, 16_000, seed=seed), padding=N_SAMPLES)
    return np.ascontiguousarray(pad_or_trim(mel[:, : int(seconds * 100)], N_FRAMES).numpy())


def test_tokens_and_word_times_are_those_of_openai(checkpoint: Path, folder: Path) -> None:
    """In float32 on the same weights: greedy tokens equal one by one, figures to rounding."""
    import ctranslate2
    import torch
    import whisper
    from whisper.timing import find_alignment
    from whisper.tokenizer import get_tokenizer

    theirs, ours = load_checkpoint(checkpoint), load_folder(folder, manner("float32", 1))
    theirs.cpu()
    for seed, language in ((1, "en"), (2, "he"), (3, "en")):
        tokenizer = get_tokenizer(True, num_languages=99, language=language, task="transcribe")
        mel = spectrum(seed, 6.0)
        options = whisper.DecodingOptions(language=language, fp16=False, sample_len=60)
        expected = whisper.decode(theirs, torch.from_numpy(mel), options)
        encoded = ours.encode(ctranslate2.StorageView.from_array(mel[np.newaxis]), to_cpu=True)
        with torch.no_grad():
            states = theirs.encoder(torch.from_numpy(mel)[None]).numpy()
        if ours.device == "cpu":
            np.testing.assert_allclose(np.array(encoded), states, atol=1e-4)
        (result,) = ours.generate(
            encoded,
            [list(tokenizer.sot_sequence)],
            beam_size=1,
            max_length=120,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=suppressed(tokenizer),
        )
        found = decoded(result, "")
        assert list(found.tokens) == expected.tokens
        assert len(found.tokens) == 60
        assert found.avg_logprob == pytest.approx(expected.avg_logprob, abs=1e-3)
        assert found.no_speech == pytest.approx(expected.no_speech_prob, rel=1e-3)
        text = [token for token in expected.tokens if token < tokenizer.eot]
        (alignment,) = ours.align(encoded, list(tokenizer.sot_sequence), [text], 600)
        said = words(alignment, text, tokenizer)
        timed = find_alignment(theirs, tokenizer, text, torch.from_numpy(mel), 600)
        assert "".join(one.text for one in said) == "".join(one.word.strip() for one in timed)
        assert [one.start for one in said] == pytest.approx([one.start for one in timed], abs=0.021)
        assert [one.end for one in said] == pytest.approx([one.end for one in timed], abs=0.021)
        assert max(one.end for one in said) > 0.0


def test_words_are_those_of_the_other_engine(checkpoint: Path, folder: Path, audio: MemoryAudio) -> None:
    from speechqa.backends.whisper import WhisperSettings, WhisperTranscriber

    settings = WhisperSettings(
        temperatures=(0.0,),
        logprob_threshold=None,
        compression_ratio_threshold=None,
        no_speech_threshold=None,
        hallucination_silence_s=None,
        sample_len=8,
    )
    other = WhisperTranscriber(checkpoint, name="toy", sha256=file_digest(checkpoint), settings=settings)
    for language in ("he", "en"):
        expected = other.transcribe(audio, BRIEF, language=language)
        found = engine(folder).transcribe(audio, BRIEF, language=language)
        assert found.language == language
        for ours, theirs in zip(found.channels, expected.channels, strict=True):
            assert ours
            assert [word.text for word in ours] == [word.text for word in theirs]


@pytest.mark.parametrize("precision", ["int8", "float16"])
def test_smaller_forms_load_and_hear(
    tmp_path: Path, checkpoint: Path, audio: MemoryAudio, precision: Any
) -> None:
    path = tmp_path / "small"
    path.mkdir()
    write_folder(checkpoint, path, precision=precision)
    result = engine(path, settings=FasterWhisperSettings(sample_len=8, no_speech_threshold=None)).transcribe(
        audio, BRIEF, language=None
    )
    assert result.language
    assert any(result.channels) or result.rejected


def test_an_english_model_hears_english_where_english_is_told(tmp_path: Path, audio: MemoryAudio) -> None:
    path = tmp_path / "english"
    path.mkdir()
    write_folder(tiny_checkpoint(tmp_path / "english.pt", multilingual=False), path)
    assert engine(path).transcribe(audio, BRIEF, language="en").language == "en"
    for language in ("he", None):
        with pytest.raises(ModelError, match="English only"):
            engine(path).transcribe(audio, BRIEF, language=language)


def test_a_failed_result_is_searched_with_a_wider_beam(
    folder: Path, audio: MemoryAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = engine(folder, settings=FasterWhisperSettings(sample_len=8, logprob_threshold=10.0, batch=1))
    model = one._loaded()
    beams: list[int] = []

    class Spy:
        def __getattr__(self, name: str) -> Any:
            return getattr(model, name)

        def generate(self, *args: Any, **kwargs: Any) -> Any:
            beams.append(kwargs["beam_size"])
            return model.generate(*args, **kwargs)

    monkeypatch.setattr(one, "_model", Spy())
    one.transcribe(audio, BRIEF, language="en")
    assert beams[:2] == [1, 5]


def test_unfinished_ends_are_heard_again() -> None:
    zero = 100
    assert finished([zero, 5, 6, zero + 50], zero, 600) == (4, 600)
    assert finished([5, 6], zero, 600) == (2, 600)
    assert finished([zero, 5, zero + 50, zero + 50, 6], zero, 600) == (3, 100)
    assert finished([zero, 5, zero + 50, zero + 50, 6, zero + 90], zero, 600) == (6, 600)
    assert finished([zero, 5, zero + 500, zero + 500], zero, 600) == (3, 600)


def test_the_vocabulary_is_openais_in_another_spelling(checkpoint: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    from whisper.tokenizer import get_tokenizer

    encoding = get_tokenizer(True, num_languages=99).encoding
    assert len(vocabulary(encoding, 51865)) == 51865
    with pytest.raises(ValueError, match="fit"):
        vocabulary(encoding, 51864)
    theirs = tokenizers.Tokenizer.from_str(tokenizer_json(encoding))
    for text in ("Hello, I'm fine.  ok\n\n x", "שָׁלוֹם, מה שלומך? 123 4567", "日本語 🎉 €5\t_", " naïve"):
        ids = encoding.encode(text)
        assert theirs.encode(text, add_special_tokens=False).ids == ids
        assert theirs.decode(ids) == text
    assert theirs.token_to_id("<|he|>") == encoding._special_tokens["<|he|>"]


def test_a_conversion_is_kept_held_to_its_bytes_and_preferred(models: Path, checkpoint: Path) -> None:
    chosen = choose_engine("auto", "he", models)
    assert chosen is not None
    assert chosen.info.name == "whisper"
    with pytest.raises(ModelNotFound, match="fast"):
        choose_engine("faster-whisper:toy", "he", models)
    with pytest.raises(ModelNotFound):
        choose_engine("faster-whisper", "he", models)
    made = convert_fast(models / "toy.pt", folder=models)
    assert made.name == "toy"
    assert verify_fast(find_entry("toy", models), models) == made
    with pytest.raises(ModelError, match="already"):
        convert_fast(models / "toy.pt", "toy", models)
    for spec in ("auto", "faster-whisper", "faster-whisper:toy", f"faster-whisper:{made.path}"):
        chosen = choose_engine(spec, None, models)
        assert chosen is not None
        assert (chosen.info.name, chosen.info.model) == ("faster-whisper", "toy"), spec
        assert chosen.info.model_digest == made.sha256
    for spec in ("whisper", "whisper:toy"):
        chosen = choose_engine(spec, None, models)
        assert chosen is not None
        assert chosen.info.name == "whisper"
    (models / "toy.pt").unlink()
    chosen = choose_engine("auto", None, models)
    assert chosen is not None
    assert chosen.info.name == "faster-whisper"
    config = Path(made.path) / "config.json"
    config.write_text(config.read_text() + " ")
    with pytest.raises(ModelDigestMismatch):
        choose_engine("auto", None, models)


def test_of_two_conversions_at_once_the_first_that_is_done_stays(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Verified] = []

    def written_twice(checkpoint: Path, folder: Path, *, precision: Precision = "float16") -> None:
        write_folder(checkpoint, folder, precision=precision)
        monkeypatch.setattr(fast_convert, "write_folder", write_folder)
        # While this one is about to be done another begins and ends.
        made.append(convert_fast(models / "toy.pt", folder=models, precision="int8"))

    monkeypatch.setattr(fast_convert, "write_folder", written_twice)
    with pytest.raises(ModelError, match="already"):
        convert_fast(models / "toy.pt", folder=models)
    assert verify_fast(find_entry("toy", models), models) == made[0]
    names = ["manifest.toml", "toy.ct2", "toy.ct2.sha256", "toy.pt"]
    assert sorted(path.name for path in models.iterdir()) == names


def test_without_the_extra_auto_takes_the_checkpoint(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert_fast(models / "toy.pt", folder=models)
    monkeypatch.setattr(fast_models, "installed", lambda: False)
    chosen = choose_engine("auto", None, models)
    assert chosen is not None
    assert chosen.info.name == "whisper"
    with pytest.raises(EngineUnavailable, match="not installed"):
        choose_engine("faster-whisper:toy", None, models)
    (models / "toy.pt").unlink()
    with pytest.raises(ModelNotFound, match="toy in its fast form, which needs"):
        choose_engine("auto", None, models)


def test_a_folder_nobody_converted_here_is_not_taken(models: Path) -> None:
    convert_fast(models / "toy.pt", folder=models)
    entry = find_entry("toy", models)
    model_files.record_path(fast_folder(entry, models)).unlink()
    chosen = choose_engine("auto", None, models)
    assert chosen is not None
    assert chosen.info.name == "whisper"
    with pytest.raises(ModelError, match="nothing says"):
        choose_engine("faster-whisper:toy", None, models)


def test_what_cannot_be_converted_is_refused_and_leaves_nothing(models: Path, tmp_path: Path) -> None:
    other = tmp_path / "toy.pt"
    other.write_bytes(b"something else")
    with pytest.raises(ModelDigestMismatch):
        convert_fast(other, folder=models)
    mine = tmp_path / "mine.pt"
    mine.write_bytes(b"no checkpoint")
    with pytest.raises(ModelError):
        convert_fast(mine, folder=models)
    with pytest.raises(UsageError):
        convert_fast(models / "toy.pt", folder=models, precision="int3")  # type: ignore[arg-type]
    assert sorted(path.name for path in models.iterdir()) == ["manifest.toml", "toy.pt"]


def test_folders_that_are_no_models_are_refused(models: Path, tmp_path: Path, audio: MemoryAudio) -> None:
    with pytest.raises(ModelNotFound, match="CTranslate2"):
        choose_engine(f"faster-whisper:{models}", None, models)
    with pytest.raises(ModelError, match="a file"):
        choose_engine(f"faster-whisper:{models / 'toy.pt'}", None, models)
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in fast_models.NEEDED:
        (broken / name).write_bytes(b"{}")
    digest = hashlib.sha256(b"").hexdigest()
    with pytest.raises(ModelDigestMismatch):
        engine(broken, sha256=digest).transcribe(audio, BRIEF, language="en")
    with pytest.raises(ModelError, match="broken") as caught:
        engine(broken).transcribe(audio, BRIEF, language="en")
    assert caught.value.exit_code == 5
