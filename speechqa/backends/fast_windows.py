"""Hears windows of speech by CTranslate2: spectrum, encoding, decoding, and the times of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

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
from speechqa.backends.packing import Window

Floats = NDArray[np.float32]

_TOKENS_A_WINDOW = 224
_LEAST_REST_FRAMES = 50


class Limits(Protocol):
    """What of `FasterWhisperSettings` decoding goes by."""

    @property
    def beams(self) -> tuple[int, ...]:
        """Hypotheses followed at once, attempt by attempt."""
        ...

    @property
    def sample_len(self) -> int | None:
        """Most tokens a window."""
        ...

    @property
    def limits(self) -> Mapping[str, float | None]:
        """The thresholds by what they limit."""
        ...


class Piece:
    """What of a window is still to be decoded, from a frame of its spectrum on.

    Attributes
    ----------
    place : tuple of int
        Call, channel, and number of its window there.
    """

    __slots__ = ("encoded", "mel", "place", "seek", "window")

    def __init__(
        self,
        place: tuple[int, int, int],
        window: Window,
        mel: Floats,
        seek: int = 0,
        encoded: Floats | None = None,
    ) -> None:
        self.place, self.window, self.mel, self.seek, self.encoded = place, window, mel, seek, encoded

    @property
    def frames(self) -> int:
        """How many frames of sound the next decoding hears."""
        return min(FRAMES, int(self.mel.shape[-1]) - FRAMES - self.seek)

    def features(self) -> Floats:
        """The spectrum of these, filled with nothing up to 30 s, as openai-whisper does."""
        found = np.zeros((self.mel.shape[0], FRAMES), dtype=np.float32)
        found[:, : self.frames] = self.mel[:, self.seek : self.seek + self.frames]
        return found

    def forget(self) -> None:
        """Let go of sound and spectrum: a long call has hundreds of windows, and words are all it keeps."""
        self.window.samples = self.window.samples[:0].copy()
        self.mel, self.encoded = self.mel[:, :0].copy(), None

    def call_times(self, start: float, end: float) -> tuple[float, float]:
        """Times from where the decoding began as times of the call."""
        offset = self.seek * FRAME_S
        return self.window.to_call(offset + start, offset + end)


class Heard:
    """One decoding: of what, its tokens and text, and its words with times from where it began."""

    __slots__ = ("frames", "heard", "piece", "said", "text")

    def __init__(self, piece: Piece, heard: Decoded, text: str, said: tuple[Said, ...]) -> None:
        self.piece, self.heard, self.text, self.said = piece, heard, text, said
        self.frames = piece.frames


class Listener:
    """A model with what it encodes by and how it decodes; any number of threads may use it.

    Parameters
    ----------
    model : ctranslate2.models.Whisper
        The loaded folder.
    encoder : callable, optional
        Encodes one window in the model's place.
    aligner : callable, optional
        Finds the times of the words of one window in the model's place.
    settings : Limits
        How windows are decoded.
    """

    def __init__(self, model: Any, encoder: Any | None, settings: Limits, aligner: Any | None = None) -> None:
        self._model, self._encoder, self._settings, self._aligner = model, encoder, settings, aligner

    def encode(self, pieces: Sequence[Piece]) -> None:
        """Encode those that are not yet.

        On a GPU together; on a CPU each alone, which takes no longer, and makes nothing depend on the others.
        """
        bare = [piece for piece in pieces if piece.encoded is None]
        if self._encoder is not None:
            for piece in bare:
                piece.encoded = self._encoder(piece.features())
            return
        step = len(bare) if self._model.device == "cuda" else 1
        for first in range(0, len(bare), max(1, step)):
            some = bare[first : first + step]
            found = self._model.encode(_view([piece.features() for piece in some]), to_cpu=True)
            for piece, encoded in zip(some, _floats(found), strict=True):
                piece.encoded = encoded

    def languages(self, piece: Piece) -> dict[str, float]:
        """Probabilities of languages by their codes."""
        (guesses,) = self._model.detect_language(_view([piece.encoded]))
        return {token.strip("<|>"): share for token, share in guesses}

    def hear(self, tokenizer: Any, pieces: list[Piece]) -> Iterator[Heard]:
        """What was decoded of the pieces and of their rests, but for what the engine says is no speech."""
        while pieces:
            rests: list[Piece] = []
            for found, further in self._decode(tokenizer, pieces):
                piece = found.piece
                if not silent(found.heard, self._settings.limits):
                    yield found
                    rest = Piece(piece.place, piece.window, piece.mel, piece.seek + further)
                    if further and rest.frames >= _LEAST_REST_FRAMES:
                        rests.append(rest)
            pieces = rests

    def _decode(self, tokenizer: Any, pieces: list[Piece]) -> Iterator[tuple[Heard, int]]:
        """Each piece with the frames its tokens cover; wider beams where one failed."""
        self.encode(pieces)
        limits, last = self._settings.limits, len(self._settings.beams) - 1
        for attempt, beam in enumerate(self._settings.beams):
            encoded = _view([piece.encoded for piece in pieces])
            results = self._model.generate(
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
            texts = [_text(tokenizer, result.sequences_ids[0]) for result in results]
            found = [decoded(result, text) for result, text in zip(results, texts, strict=True)]
            ends = [
                finished(heard.tokens, tokenizer.timestamp_begin, piece.frames)
                for heard, piece in zip(found, pieces, strict=True)
            ]
            kept = [at for at, heard in enumerate(found) if attempt == last or not fails(heard, limits)]
            tokens = [[one for one in found[at].tokens[: ends[at][0]] if one < tokenizer.eot] for at in kept]
            said = self._words(tokenizer, tokens, [pieces[at] for at in kept])
            for at, its in zip(kept, said, strict=True):
                yield Heard(pieces[at], found[at], texts[at], its), ends[at][1]
            pieces = [piece for at, piece in enumerate(pieces) if at not in kept]
            if not pieces:
                return

    def _words(
        self, tokenizer: Any, texts: list[list[int]], pieces: list[Piece]
    ) -> Iterator[tuple[Said, ...]]:
        spoken = [at for at, text in enumerate(texts) if text]
        alignments = iter(self._aligned(tokenizer, [(texts[at], pieces[at]) for at in spoken]))
        for text in texts:
            yield words(next(alignments), text, tokenizer) if text else ()

    def _aligned(self, tokenizer: Any, given: list[tuple[list[int], Piece]]) -> Iterable[Any]:
        """Where each token of each text is heard."""
        start = list(tokenizer.sot_sequence)
        if self._aligner is not None:
            ends = tokenizer.no_timestamps, tokenizer.eot
            return (self._aligner(piece.encoded, start, text, ends, piece.frames) for text, piece in given)
        if not given:
            return ()
        texts, pieces = zip(*given, strict=True)
        encoded, frames = _view([piece.encoded for piece in pieces]), [piece.frames for piece in pieces]
        aligned: Iterable[Any] = self._model.align(encoded, start, texts, frames, median_filter_width=7)
        return aligned


def spectrum(window: Window, bands: int) -> Floats:
    """The window's spectrum and 30 s of nothing after it: what is loudest is told from both, as by openai."""
    from whisper.audio import N_SAMPLES, log_mel_spectrogram

    mel: Floats = log_mel_spectrogram(window.samples, n_mels=bands, padding=N_SAMPLES).numpy()
    return mel


def _text(tokenizer: Any, tokens: Sequence[int]) -> str:
    return str(tokenizer.decode([token for token in tokens if token < tokenizer.eot]))


def _view(arrays: Sequence[Floats | None]) -> Any:
    from ctranslate2 import StorageView

    return StorageView.from_array(np.stack([one for one in arrays if one is not None], dtype=np.float32))


def _floats(found: Any) -> Floats:
    """A StorageView on a CPU as an array of float32, which not every type it may be of is to numpy."""
    from ctranslate2 import DataType

    return np.array(found if found.dtype == DataType.float32 else found.to(DataType.float32))
