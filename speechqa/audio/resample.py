"""Streaming resampling to the working rate, channel by channel, into 16-bit samples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.audio.spool import SpooledAudio

NARROW_BAND_HZ = 8_000
WIDE_BAND_HZ = 16_000

_ZERO_AND_SCALE = {"u1": (128.0, 128.0), "i2": (0.0, 32_768.0), "i4": (0.0, 2_147_483_648.0)}


def working_rate(native_hz: int) -> int:
    """The rate a call is analysed at: 8,000 Hz for the telephone band, else 16,000 Hz.

    Examples
    --------
    >>> working_rate(8000), working_rate(6000), working_rate(11025), working_rate(48000)
    (8000, 8000, 16000, 16000)
    """
    return NARROW_BAND_HZ if native_hz <= NARROW_BAND_HZ else WIDE_BAND_HZ


class Feed:
    """Takes blocks of samples at a native rate and writes them to a spool at its working rate.

    Parameters
    ----------
    spool : SpooledAudio
        Where the samples go.
    native_hz : int
        Rate of what comes in.
    """

    def __init__(self, spool: SpooledAudio, native_hz: int) -> None:
        self._spool = spool
        self._native_hz = native_hz
        self._waiting: list[NDArray[Any]] = []
        self._waiting_frames = 0
        self._stream = None
        if native_hz != spool.sample_rate:
            import soxr

            self._stream = soxr.ResampleStream(
                native_hz, spool.sample_rate, spool.channels, dtype="float32", quality="HQ"
            )

    def write(self, samples: NDArray[Any]) -> None:
        """Take samples of shape ``(frames, channels)``, integers of any width or floats in [-1, 1].

        Louder ones are clipped, what is no number becomes silence.
        """
        self._waiting.append(samples)
        self._waiting_frames += samples.shape[0]
        # Decoders give pieces of 20 ms; a second at once costs a tenth in calls.
        if self._waiting_frames >= self._native_hz:
            self._pass_on(last=False)

    def write_silence(self, frames: int) -> None:
        """Take `frames` samples of silence."""
        block = np.zeros((min(frames, self._native_hz), self._spool.channels), dtype=np.float32)
        while frames > 0:
            self.write(block[:frames])
            frames -= block.shape[0]

    def finish(self) -> None:
        """Write what is still on its way; nothing can be written after."""
        self._pass_on(last=True)

    def _pass_on(self, *, last: bool) -> None:
        block = np.zeros((0, self._spool.channels), dtype=np.float32)
        if self._waiting:
            # One conversion a second, as long as all pieces are coded alike.
            alike = len({piece.dtype for piece in self._waiting}) == 1
            pieces = self._waiting if alike else [to_float(piece) for piece in self._waiting]
            block = to_float(np.concatenate(pieces))
        self._waiting, self._waiting_frames = [], 0
        if self._stream is not None:
            block = np.asarray(self._stream.resample_chunk(block, last=last)).reshape(
                -1, self._spool.channels
            )
        if block.shape[0]:
            self._spool.append(to_int16(block))


def to_float(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Samples in [-1, 1], whatever they were coded as; what is no number becomes silence."""
    zero, scale = _ZERO_AND_SCALE.get(samples.dtype.str[1:], (0.0, 1.0))
    # Full scale of a double may not fit a float; it is clipped like all that is too loud.
    with np.errstate(over="ignore"):
        converted: NDArray[np.float32] = samples.astype(np.float32)
    if zero:
        converted -= np.float32(zero)
    if scale != 1.0:
        converted *= np.float32(1.0 / scale)
    elif not np.isfinite(converted.sum()):
        converted = np.clip(np.nan_to_num(converted, nan=0.0), -1.0, 1.0)
    return converted


def to_int16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Round samples in [-1, 1] to 16 bits, clipping what is louder."""
    scaled = np.minimum(np.rint(np.clip(samples, -1.0, 1.0) * np.float32(32768.0)), 32767)
    rounded: NDArray[np.int16] = scaled.astype(np.int16)
    return rounded
