"""openai-whisper from a checkpoint file on this machine; it never reaches for the network."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from speechqa.backends.model_files import require_digest
from speechqa.backends.packing import Window, windows
from speechqa.backends.pieces import clean, in_order, word_in_speech
from speechqa.backends.whisper_languages import (
    likeliest_language,
    require_english,
    require_language,
)
from speechqa.core.segment import Segment, Timeline
from speechqa.core.transcript import RejectedText, Word
from speechqa.core.value import Value
from speechqa.errors import EngineUnavailable, ModelError
from speechqa.protocols import CallAudio, EngineInfo, Recognition

_SHAPES = {
    # decoder layers, width, mel bands, multilingual: the name Whisper's own table of alignment heads goes by
    (4, 384, 80, False): "tiny.en",
    (4, 384, 80, True): "tiny",
    (6, 512, 80, False): "base.en",
    (6, 512, 80, True): "base",
    (12, 768, 80, False): "small.en",
    (12, 768, 80, True): "small",
    (24, 1024, 80, False): "medium.en",
    (24, 1024, 80, True): "medium",
    (32, 1280, 80, True): "large-v2",
    (32, 1280, 128, True): "large-v3",
    (4, 1280, 128, True): "large-v3-turbo",
}


class WhisperSettings(Value, frozen=True, kw_only=True):
    """How Whisper decodes. The defaults keep its inventions down; the thresholds are those of its authors.

    Attributes
    ----------
    temperatures : tuple of float
        The first is tried first, the next where the result fails a threshold. Over 0 tokens are drawn at
        random; the generator is then seeded from the sound, so that the same sound gives the same words.
    logprob_threshold, compression_ratio_threshold, no_speech_threshold : float or None
        A result fails below the first or above the second; it is no speech above the third when it fails
        the first too.
    hallucination_silence_s : float or None
        Improbable words next to a silence longer than this are dropped.
    detection_windows : int
        Windows of up to 30 s a channel that the language is detected on.
    sample_len : int or None
        Most tokens a window; None for the model's own limit.
    confidence_floor : float
        Mean word probability under which the transcript is not to be judged on.
    """

    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4)
    logprob_threshold: float | None = -1.0
    compression_ratio_threshold: float | None = 2.4
    no_speech_threshold: float | None = 0.6
    hallucination_silence_s: float | None = 1.0
    detection_windows: int = 2
    sample_len: int | None = None
    confidence_floor: float = 0.5


class WhisperTranscriber:
    """The `Transcriber` over openai-whisper.

    Parameters
    ----------
    path : path
        A checkpoint in openai's own form.
    name : str
        What documents call the model.
    sha256 : str
        The digest the file must have; compared again before the file is loaded.
    languages : tuple of str
        ISO 639-1 codes the model is for; with fewer than two it is never asked to detect one.
    threads : int, optional
        Threads torch may use in this process. Another number may change the last digits of confidences.

    Notes
    -----
    Instances can be pickled; the loaded model stays behind and a worker loads its own.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        name: str,
        sha256: str,
        languages: tuple[str, ...] = ("he", "en"),
        settings: WhisperSettings | None = None,
        threads: int | None = None,
    ) -> None:
        self._path = Path(path).resolve()
        self._name = name
        self._sha256 = sha256
        self._languages = languages
        self._settings = settings or WhisperSettings()
        self._threads = threads
        self._model: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_model": None}

    @property
    def info(self) -> EngineInfo:
        """What the engine is; the digest is the checkpoint's."""
        return EngineInfo(
            name="whisper",
            model=self._name,
            model_digest=self._sha256,
            languages=self._languages,
            confidence_floor=self._settings.confidence_floor,
        )

    def transcribe(
        self, audio: CallAudio, speech: Sequence[Timeline], *, language: str | None
    ) -> Recognition:
        """Recognise speech; with `language` None it is detected once, over the speech of all channels.

        Raises
        ------
        ModelError
            If the model is not for that language, or cannot tell languages apart and none is given.
        ModelDigestMismatch
            If the file is no longer the one it was.
        EngineUnavailable
            If openai-whisper or torch is not installed.
        """
        require_language(language, self._languages, self._name, self._path)
        known = [clean(timeline, audio.duration) for timeline in speech]
        if not any(known):
            return Recognition(language=language, channels=tuple(() for _ in speech))
        model = self._loaded()
        if not model.is_multilingual:
            require_english(language, self._name, self._path)
        told = language or self._detect(model, audio, known)
        channels: list[tuple[Word, ...]] = []
        rejected: list[RejectedText] = []
        for channel, timeline in enumerate(known):
            words: list[Word] = []
            for window in windows(audio, channel, timeline):
                for segment in self._segments(model, window, told):
                    refusal = self._refusal(segment, window, channel)
                    if refusal is not None:
                        rejected.append(refusal)
                    else:
                        words.extend(_words(segment, window, timeline))
            channels.append(in_order(words))
        return Recognition(language=told, channels=tuple(channels), rejected=tuple(rejected))

    def _loaded(self) -> Any:
        if self._model is None:
            require_digest(self._path, self._sha256)
            self._model = load_checkpoint(self._path, threads=self._threads)
        return self._model

    def _detect(self, model: Any, audio: CallAudio, speech: Sequence[Timeline]) -> str:
        """The language with the largest probability, summed over windows of all channels by their length."""
        import whisper

        def guess(window: Window) -> Mapping[str, float]:
            mel = whisper.log_mel_spectrogram(
                whisper.pad_or_trim(window.samples), n_mels=model.dims.n_mels
            ).to(model.device)
            return model.detect_language(mel)[1]  # type: ignore[no-any-return]

        return likeliest_language(audio, speech, self._settings.detection_windows, partial(map, guess))

    def _segments(self, model: Any, window: Window, language: str) -> list[Mapping[str, Any]]:
        import torch
        import whisper

        settings = self._settings
        seed = int.from_bytes(hashlib.sha256(window.samples.tobytes()).digest()[:8], "big") >> 1
        cuda = model.device.type == "cuda"
        with torch.random.fork_rng(devices=[model.device] if cuda else []):
            torch.manual_seed(seed)
            result = whisper.transcribe(
                model,
                window.samples,
                language=language,
                task="transcribe",
                word_timestamps=True,
                condition_on_previous_text=False,
                temperature=settings.temperatures,
                logprob_threshold=settings.logprob_threshold,
                compression_ratio_threshold=settings.compression_ratio_threshold,
                no_speech_threshold=settings.no_speech_threshold,
                hallucination_silence_threshold=settings.hallucination_silence_s,
                sample_len=settings.sample_len,
                fp16=cuda,
                verbose=None,
            )
        segments: list[Mapping[str, Any]] = result["segments"]
        return segments

    def _refusal(self, segment: Mapping[str, Any], window: Window, channel: int) -> RejectedText | None:
        """Text that went round in a loop: it failed at every temperature yet looks confident."""
        limit, text = self._settings.compression_ratio_threshold, str(segment["text"]).strip()
        ratio = float(segment["compression_ratio"])
        if limit is None or ratio <= limit or not text:
            return None
        start, end = window.to_call(float(segment["start"]), float(segment["end"]))
        return RejectedText(
            text=text,
            reason=f"the engine repeats itself (compression ratio {ratio:.1f}, limit {limit:.1f})",
            start=round(start, 3),
            end=round(end, 3),
            channel=channel,
        )


def _words(segment: Mapping[str, Any], window: Window, speech: Sequence[Segment]) -> Iterator[Word]:
    for text, start, end, confidence in _timed(segment):
        begin, finish = window.to_call(start, end)
        word = word_in_speech(text, begin, finish, confidence, speech)
        if word is not None:
            yield word


def _timed(segment: Mapping[str, Any]) -> Iterator[tuple[str, float, float, float | None]]:
    """Text, start and end in the window, probability; spread by length where Whisper gave no word times."""
    timed = segment.get("words") or ()
    for word in timed:
        # numpy's own floats are not written to JSON
        yield str(word["word"]).strip(), float(word["start"]), float(word["end"]), float(word["probability"])
    if timed:
        return
    texts = str(segment["text"]).split()
    letters = sum(len(text) for text in texts)
    position, length = float(segment["start"]), float(segment["end"]) - float(segment["start"])
    confidence = math.exp(min(0.0, float(segment["avg_logprob"])))
    for text in texts:
        step = length * len(text) / letters
        yield text, position, position + step, confidence
        position += step


def load_checkpoint(path: Path, *, threads: int | None = None) -> Any:
    """Load a checkpoint by path alone, on the GPU if there is one, with the alignment heads of its size.

    Raises
    ------
    EngineUnavailable
        If openai-whisper or torch does not load.
    ModelError
        If the file is no Whisper checkpoint.
    """
    try:
        import torch
        import whisper
    except (ImportError, OSError) as error:
        raise EngineUnavailable(
            "the engine whisper does not load", found=str(error), hint="pip install openai-whisper"
        ) from error
    if threads is not None:
        torch.set_num_threads(threads)
    if not path.is_file():  # a bare name would make whisper download
        raise ModelError("there is no such model file", where=str(path))
    try:
        with torch.random.fork_rng(devices=[]):  # weights are drawn before they are replaced
            model = whisper.load_model(str(path))
    except Exception as error:
        raise ModelError(
            "the file is no checkpoint that openai-whisper reads",
            where=str(path),
            found=_why_unread(error),
            expected="a .pt file with dims and model_state_dict",
            hint="Convert models in Hugging Face's form first: speechqa models convert FOLDER NAME",
        ) from error
    dims = model.dims
    shape = (dims.n_text_layer, dims.n_text_state, dims.n_mels, bool(model.is_multilingual))
    heads = whisper._ALIGNMENT_HEADS.get(_SHAPES.get(shape, ""))
    if heads is not None:
        model.set_alignment_heads(heads)  # else word times come from all heads and are less exact
    model.eval()
    return model


def _why_unread(error: Exception) -> str:
    """Why a checkpoint was not read, never in PyTorch's words, which advise to run what is in it."""
    if isinstance(error, UnpicklingError):
        return "more than plain weights, such as code, or a damaged file"
    words = str(error).splitlines()
    return f"{type(error).__name__}: {words[0][:200]}" if words else type(error).__name__


__all__ = ["WhisperSettings", "WhisperTranscriber", "load_checkpoint"]
