"""Whisper by CTranslate2, from a folder as faster-whisper reads it; it never reaches for the network.

CTranslate2 is driven directly: the package faster-whisper loads a client of a model hub when imported, and
its batches know no second attempt. Spectrum and tokenizer are openai-whisper's here, so that both engines
hear the same and spell alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.backends.fast_decoding import (
    FRAME_S,
    FRAMES,
    Decoded,
    Said,
    decoded,
    fails,
    finished,
    silent,
    suppressed,
    words,
)
from speechqa.backends.fast_models import require_folder_digest
from speechqa.backends.packing import Window, windows
from speechqa.backends.pieces import clean, in_order, word_in_speech
from speechqa.backends.whisper_languages import (
    likeliest_language,
    require_english_alone,
    require_language,
)
from speechqa.core.segment import Timeline
from speechqa.core.transcript import RejectedText, Word
from speechqa.core.value import Value
from speechqa.errors import EngineUnavailable, ModelError
from speechqa.protocols import CallAudio, EngineInfo, Recognition

_TOKENS_A_WINDOW = 224
_LEAST_REST_FRAMES = 50


class FasterWhisperSettings(Value, frozen=True, kw_only=True):
    """How windows are decoded. Nothing is drawn at random, so that the same sound gives the same words.

    Attributes
    ----------
    beams : tuple of int
        Hypotheses followed at once: the first is tried first, the next where the result fails a threshold.
    logprob_threshold, compression_ratio_threshold, no_speech_threshold : float or None
        A result fails below the first or above the second; it is no speech above the third when it fails
        the first too.
    detection_windows : int
        Windows of up to 30 s a channel that the language is detected on.
    sample_len : int or None
        Most tokens a window; None for the model's own limit.
    batch : int
        Windows decoded together.
    compute : str or None
        CTranslate2's type of numbers; None for `float16` on a GPU and `int8` on a CPU.
    confidence_floor : float
        Mean word probability under which the transcript is not to be judged on.
    """

    beams: tuple[int, ...] = (1, 5)
    logprob_threshold: float | None = -1.0
    compression_ratio_threshold: float | None = 2.4
    no_speech_threshold: float | None = 0.6
    detection_windows: int = 2
    sample_len: int | None = None
    batch: int = 8
    compute: str | None = None
    confidence_floor: float = 0.5

    @property
    def limits(self) -> dict[str, float | None]:
        """The thresholds by what they limit."""
        return {
            "logprob": self.logprob_threshold,
            "compression_ratio": self.compression_ratio_threshold,
            "no_speech": self.no_speech_threshold,
        }


class _Piece:
    """What of a window is still to be decoded, from a frame of its spectrum on."""

    __slots__ = ("mel", "seek", "window")

    def __init__(self, window: Window, mel: NDArray[np.float32], seek: int = 0) -> None:
        self.window, self.mel, self.seek = window, mel, seek

    @property
    def frames(self) -> int:
        """How many frames of sound the next decoding hears."""
        return min(FRAMES, int(self.mel.shape[-1]) - FRAMES - self.seek)

    def features(self) -> NDArray[np.float32]:
        """The spectrum of these, filled with nothing up to 30 s, as openai-whisper does."""
        found = np.zeros((self.mel.shape[0], FRAMES), dtype=np.float32)
        found[:, : self.frames] = self.mel[:, self.seek : self.seek + self.frames]
        return found

    def call_times(self, start: float, end: float) -> tuple[float, float]:
        """Times from where the decoding began as times of the call."""
        offset = self.seek * FRAME_S
        return self.window.to_call(offset + start, offset + end)


class FasterWhisperTranscriber:
    """The `Transcriber` over CTranslate2.

    Parameters
    ----------
    path : path
        A folder with ``model.bin``, ``config.json`` and a vocabulary.
    name : str
        What documents call the model.
    sha256 : str
        The digest the folder must have; compared again before the model is loaded.
    languages : tuple of str
        ISO 639-1 codes the model is for; with fewer than two it is never asked to detect one.
    threads : int, optional
        Threads the engine may use in this process.

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
        settings: FasterWhisperSettings | None = None,
        threads: int | None = None,
    ) -> None:
        self._path = Path(path).resolve()
        self._name = name
        self._sha256 = sha256
        self._languages = languages
        self._settings = settings or FasterWhisperSettings()
        self._threads = threads
        self._model: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_model": None}

    @property
    def info(self) -> EngineInfo:
        """What the engine is; the digest is the folder's."""
        return EngineInfo(
            name="faster-whisper",
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
            If the folder is no longer the one it was.
        EngineUnavailable
            If CTranslate2 or openai-whisper does not load.
        """
        require_language(language, self._languages, self._name, self._path)
        known = [clean(timeline, audio.duration) for timeline in speech]
        if not any(known):
            return Recognition(language=language, channels=tuple(() for _ in speech))
        model = self._loaded()
        told = language or self._detect(model, audio, known)
        tokenizer = _tokenizer(model, told)
        channels: list[tuple[Word, ...]] = []
        rejected: list[RejectedText] = []
        for channel, timeline in enumerate(known):
            # Channels are not mixed in a batch: the last digits of a result depend on what stands beside it,
            # and one party's words must not depend on the other's.
            found: list[Word] = []
            source = windows(audio, channel, timeline)
            while batch := [_Piece(window, _mel(model, window)) for window in islice(source, self._batch)]:
                for piece, heard, said in self._heard(model, tokenizer, batch):
                    refusal = self._refusal(piece, heard, tokenizer, channel)
                    if refusal is not None:
                        rejected.append(refusal)
                        continue
                    for one in said:
                        begin, end = piece.call_times(one.start, one.end)
                        word = word_in_speech(one.text, begin, end, one.confidence, timeline)
                        if word is not None:
                            found.append(word)
            channels.append(in_order(found))
        return Recognition(language=told, channels=tuple(channels), rejected=tuple(rejected))

    @property
    def _batch(self) -> int:
        return max(1, self._settings.batch)

    def _loaded(self) -> Any:
        if self._model is None:
            require_folder_digest(self._path, self._sha256)
            model = load_folder(self._path, compute=self._settings.compute, threads=self._threads)
            if not model.is_multilingual:
                require_english_alone(self._languages, self._name, self._path)
            self._model = model
        return self._model

    def _detect(self, model: Any, audio: CallAudio, speech: Sequence[Timeline]) -> str:
        """The language with the largest probability, summed over windows of all channels by their length."""

        def guess(window: Window) -> Mapping[str, float]:
            (guesses,) = model.detect_language(
                _view(_Piece(window, _mel(model, window)).features()[np.newaxis])
            )
            return {token.strip("<|>"): share for token, share in guesses}

        return likeliest_language(audio, speech, self._settings.detection_windows, guess)

    def _heard(
        self, model: Any, tokenizer: Any, pieces: list[_Piece]
    ) -> Iterator[tuple[_Piece, Decoded, tuple[Said, ...]]]:
        """What was decoded of the pieces and of their rests, but for what the engine says is no speech."""
        while pieces:
            rests: list[_Piece] = []
            for piece, heard, said, further in self._decode(model, tokenizer, pieces):
                if not silent(heard, self._settings.limits):
                    yield piece, heard, said
                    rest = _Piece(piece.window, piece.mel, piece.seek + further)
                    if further and rest.frames >= _LEAST_REST_FRAMES:
                        rests.append(rest)
            pieces = rests

    def _decode(
        self, model: Any, tokenizer: Any, pieces: list[_Piece]
    ) -> Iterator[tuple[_Piece, Decoded, tuple[Said, ...], int]]:
        """Each piece with its tokens, its words and the frames these cover; wider beams where one failed."""
        limits, last = self._settings.limits, len(self._settings.beams) - 1
        for attempt, beam in enumerate(self._settings.beams):
            encoded = model.encode(_view(np.stack([piece.features() for piece in pieces])))
            results = model.generate(
                encoded,
                [list(tokenizer.sot_sequence)] * len(pieces),
                beam_size=beam,
                # CTranslate2 takes half of this as the limit of new tokens.
                max_length=2 * (self._settings.sample_len or _TOKENS_A_WINDOW),
                return_scores=True,
                return_no_speech_prob=True,
                suppress_blank=True,
                suppress_tokens=suppressed(tokenizer),
                max_initial_timestamp_index=50,
            )
            found = [decoded(result, _text(tokenizer, result.sequences_ids[0])) for result in results]
            kept = [attempt == last or not fails(heard, limits) for heard in found]
            ends = [
                finished(heard.tokens, tokenizer.timestamp_begin, piece.frames)
                for heard, piece in zip(found, pieces, strict=True)
            ]
            texts = [
                [token for token in heard.tokens[:count] if token < tokenizer.eot] if keep else []
                for heard, (count, _), keep in zip(found, ends, kept, strict=True)
            ]
            said = self._words(model, tokenizer, encoded, texts, pieces)
            for piece, heard, (_, further), keep, its in zip(pieces, found, ends, kept, said, strict=True):
                if keep:
                    yield piece, heard, its, further
            pieces = [piece for piece, keep in zip(pieces, kept, strict=True) if not keep]
            if not pieces:
                return

    def _words(
        self, model: Any, tokenizer: Any, encoded: Any, texts: list[list[int]], pieces: list[_Piece]
    ) -> list[tuple[Said, ...]]:
        if not any(texts):
            return [() for _ in texts]
        alignments = model.align(
            encoded,
            list(tokenizer.sot_sequence),
            [text or [tokenizer.eot] for text in texts],  # a batch is whole: each needs some token
            [piece.frames for piece in pieces],
            median_filter_width=7,
        )
        return [
            words(alignment, text, tokenizer) if text else ()
            for alignment, text in zip(alignments, texts, strict=True)
        ]

    def _refusal(self, piece: _Piece, heard: Decoded, tokenizer: Any, channel: int) -> RejectedText | None:
        """Text that went round in a loop: it failed at every attempt yet looks confident."""
        limit, text = self._settings.compression_ratio_threshold, _text(tokenizer, heard.tokens).strip()
        if limit is None or heard.compression_ratio <= limit or not text:
            return None
        start, end = piece.call_times(0.0, piece.frames * FRAME_S)
        ratio = heard.compression_ratio
        return RejectedText(
            text=text,
            reason=f"the engine repeats itself (compression ratio {ratio:.1f}, limit {limit:.1f})",
            start=round(start, 3),
            end=round(end, 3),
            channel=channel,
        )


def load_folder(path: Path, *, compute: str | None = None, threads: int | None = None) -> Any:
    """Load a folder, on the GPU if there is one.

    Raises
    ------
    EngineUnavailable
        If CTranslate2 does not load, or not on the GPU that is here.
    ModelError
        If the folder is no Whisper model of CTranslate2.
    """
    try:
        import ctranslate2
        import torch
        import whisper  # noqa: F401 - its spectrum and tokenizer are used
    except (ImportError, OSError) as error:
        raise EngineUnavailable(
            "the engine faster-whisper does not load",
            found=str(error),
            hint="pip install ctranslate2 openai-whisper",
        ) from error
    if threads is not None:
        torch.set_num_threads(threads)
    device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    try:
        return ctranslate2.models.Whisper(
            str(path),
            device=device,
            compute_type=compute or ("float16" if device == "cuda" else "int8"),
            inter_threads=1,
            intra_threads=threads or os.cpu_count() or 1,
        )
    except (RuntimeError, ValueError) as error:
        first = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        if device == "cuda" and "model" not in first.lower():
            raise EngineUnavailable(
                "the engine faster-whisper does not load on this GPU",
                found=first,
                hint="Install CUDA's cuBLAS and cuDNN, or hide the GPU: CUDA_VISIBLE_DEVICES=",
            ) from error
        raise ModelError(
            "the folder is no Whisper model that CTranslate2 reads",
            where=str(path),
            found=first,
            hint="Make it anew of the checkpoint: speechqa models convert CHECKPOINT.pt",
        ) from error


def _tokenizer(model: Any, language: str) -> Any:
    from whisper.tokenizer import get_tokenizer

    return get_tokenizer(
        model.is_multilingual, num_languages=model.num_languages, language=language, task="transcribe"
    )


def _text(tokenizer: Any, tokens: Sequence[int]) -> str:
    return str(tokenizer.decode([token for token in tokens if token < tokenizer.eot]))


def _mel(model: Any, window: Window) -> NDArray[np.float32]:
    """The window's spectrum and 30 s of nothing after it: what is loudest is told from both, as by openai."""
    from whisper.audio import N_SAMPLES, log_mel_spectrogram

    mel: NDArray[np.float32] = log_mel_spectrogram(
        window.samples, n_mels=model.n_mels, padding=N_SAMPLES
    ).numpy()
    return mel


def _view(features: NDArray[np.float32]) -> Any:
    from ctranslate2 import StorageView

    return StorageView.from_array(np.ascontiguousarray(features, dtype=np.float32))
