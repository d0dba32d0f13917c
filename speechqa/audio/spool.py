"""Decoded sound of one call: in memory while it is short, in an anonymous temporary file when it is long."""

from __future__ import annotations

import math
import tempfile
import threading
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from speechqa.core.value import require
from speechqa.protocols import Samples

MEMORY_BYTES = 16 * 2**20
"""Sound up to this size stays in memory: 4 minutes of stereo at 16 kHz, 8 at 8 kHz."""

_FULL_SCALE = 32768.0


def frame_range(start: float, end: float, *, sample_rate: int, frames: int) -> tuple[int, int]:
    """First and last frame (exclusive) of the stretch from `start` to `end` seconds, cut to ``[0, frames]``.

    Raises
    ------
    ValueError
        If a bound is no number.
    """
    require(not (math.isnan(start) or math.isnan(end)), f"times must be numbers, found {start} to {end}")
    duration = frames / sample_rate
    first = round(min(max(start, 0.0), duration) * sample_rate)
    last = round(min(max(end, 0.0), duration) * sample_rate)
    return first, max(first, last)


class _ClosingAudio:
    """Closes itself at the end of a `with` block."""

    def close(self) -> None:
        """Give back what the audio holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ArrayAudio(_ClosingAudio):
    """A call's sound from an array: for tests and for short pieces.

    Parameters
    ----------
    samples : ndarray, shape (channels, frames) or (frames,)
        In [-1, 1]; not copied when it is float32 already.
    sample_rate : int
        Samples a second, positive.
    """

    def __init__(self, samples: NDArray[np.floating], sample_rate: int) -> None:
        array = np.atleast_2d(np.asarray(samples, dtype=np.float32))
        require(array.ndim == 2, f"samples have shape (channels, frames), found {array.ndim} dimensions")
        require(sample_rate > 0, f"sample_rate must be positive, found {sample_rate}")
        self._samples = array
        self._sample_rate = sample_rate

    @property
    def sample_rate(self) -> int:
        """Samples a second."""
        return self._sample_rate

    @property
    def channels(self) -> int:
        """How many channels."""
        return int(self._samples.shape[0])

    @property
    def frames(self) -> int:
        """Samples a channel."""
        return int(self._samples.shape[1])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self._sample_rate

    def read(self, channel: int, start: float, end: float) -> Samples:
        """Samples of one channel between two times in seconds, cut at the ends."""
        require(0 <= channel < self.channels, f"channel {channel} of {self.channels}")
        first, last = frame_range(start, end, sample_rate=self._sample_rate, frames=self.frames)
        return self._samples[channel, first:last]


class SpooledAudio(_ClosingAudio):
    """A call's sound as 16-bit samples, interleaved, in memory first and on disk past a threshold.

    The file has no name from the start (`tempfile.SpooledTemporaryFile`), so nothing of the call stays behind
    when the process ends, however it ends.

    Parameters
    ----------
    channels, sample_rate : int
        Both positive.
    memory_bytes : int
        Sound beyond this size goes to disk.
    """

    def __init__(self, channels: int, sample_rate: int, *, memory_bytes: int = MEMORY_BYTES) -> None:
        require(channels > 0 and sample_rate > 0, f"{channels} channels at {sample_rate} Hz")
        self._channels = channels
        self._sample_rate = sample_rate
        self._frames = 0
        # Reading is a seek and a read, which two threads must not mix.
        self._lock = threading.Lock()
        self._file = tempfile.SpooledTemporaryFile(max_size=memory_bytes, prefix="speechqa-")  # noqa: SIM115

    @property
    def sample_rate(self) -> int:
        """Samples a second."""
        return self._sample_rate

    @property
    def channels(self) -> int:
        """How many channels."""
        return self._channels

    @property
    def frames(self) -> int:
        """Samples a channel."""
        return self._frames

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self._frames / self._sample_rate

    def append(self, samples: NDArray[np.int16]) -> None:
        """Write samples of shape ``(frames, channels)`` at the end."""
        require(samples.ndim == 2 and samples.shape[1] == self._channels, f"samples of {samples.shape}")
        data = np.ascontiguousarray(samples, dtype="<i2").tobytes()
        with self._lock:
            self._file.seek(self._frames * self._channels * 2)
            self._file.write(data)
            self._frames += samples.shape[0]

    def read(self, channel: int, start: float, end: float) -> Samples:
        """Samples of one channel between two times in seconds, cut at the ends."""
        first, last = frame_range(start, end, sample_rate=self._sample_rate, frames=self._frames)
        return self.read_frames(channel, first, last)

    def read_frames(self, channel: int, first: int, last: int) -> Samples:
        """Samples `first` to `last` (exclusive) of one channel, both within the sound."""
        require(0 <= channel < self._channels, f"channel {channel} of {self._channels}")
        width = 2 * self._channels
        with self._lock:
            self._file.seek(first * width)
            data = self._file.read((last - first) * width)
        interleaved = np.frombuffer(data, dtype="<i2").reshape(-1, self._channels)
        scaled: Samples = interleaved[:, channel].astype(np.float32)
        scaled /= np.float32(_FULL_SCALE)
        return scaled

    def close(self) -> None:
        """Delete the samples."""
        self._file.close()
