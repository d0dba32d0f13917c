"""Voiced frames: those of a stretch as arrays, those of a whole call in a file without a name."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from speechqa.acoustics.spectrum import FEATURES as SPECTRAL
from speechqa.core.segment import Segment
from speechqa.core.value import Value

Floats = NDArray[np.float64]

FEATURES: Final = ("f0_st", *SPECTRAL)
"""Columns of `VoicedFrames.values`; pitch is in semitones over 1 Hz."""

MEMORY_BYTES: Final = 2 * 2**20
"""Frames up to this size stay in memory: about ten minutes of voice."""

SURE: Final = 0.5
"""Weight from which a frame is rather voiced than not."""

_AT_ONCE = 16_384
_COLUMNS = len(FEATURES) + 2  # and its weight and level


class Frames(Protocol):
    """Voiced frames in order of time, wherever they lie.

    `times` are middles in seconds on the call's clock, `weights` say how sure it is that a frame is voiced,
    in (0, 1], and `hop_s` is the seconds of sound that each stands for.
    """

    @property
    def times(self) -> Floats:
        """Middles in seconds."""
        ...

    @property
    def weights(self) -> Floats:
        """How surely each is voiced."""
        ...

    @property
    def hop_s(self) -> float:
        """Seconds of sound a frame."""
        ...

    @property
    def voiced_s(self) -> float:
        """Voiced seconds in all."""
        ...

    def within(self, stretch: Segment) -> VoicedFrames:
        """The frames of a stretch of the call."""
        ...

    def rows(self, first: int, last: int) -> VoicedFrames:
        """The frames from place `first` up to, not including, `last`."""
        ...


class VoicedFrames(Value, frozen=True, kw_only=True):
    """Voiced frames in order of time, in memory.

    Attributes
    ----------
    times : array, shape (n,)
        Middles in seconds on the call's clock.
    values : array, shape (n, 5)
        A row a frame, columns as in `FEATURES`.
    weights : array, shape (n,)
        How sure it is that a frame is voiced, in (0, 1]; their sum counts the frames.
    level_db : array, shape (n,)
        Level as recorded, in dB of full scale; no part of arousal, and of use only against the speaker's own.
    hop_s : float
        Seconds of sound each frame stands for.
    """

    times: Floats
    values: Floats
    weights: Floats
    level_db: Floats
    hop_s: float

    @property
    def voiced_s(self) -> float:
        """Voiced seconds in all."""
        return float(self.weights.sum()) * self.hop_s

    def sure(self) -> VoicedFrames:
        """The frames that are rather voiced than not, for those who count frames."""
        return self.chosen(self.weights >= SURE)

    def within(self, stretch: Segment) -> VoicedFrames:
        """The frames of a stretch of the call."""
        return self.rows(*places(self.times, stretch))

    def rows(self, first: int, last: int) -> VoicedFrames:
        """The frames from place `first` up to, not including, `last`."""
        return self.chosen(slice(first, last))

    def chosen(self, rows: slice | NDArray[np.bool_]) -> VoicedFrames:
        """Some of the frames, by place or by mask."""
        return VoicedFrames(
            times=self.times[rows],
            values=self.values[rows],
            weights=self.weights[rows],
            level_db=self.level_db[rows],
            hop_s=self.hop_s,
        )


class SpooledFrames:
    """The voiced frames of a whole call: their times in memory, all else on disk past a threshold.

    The file has no name from the start, so nothing of the call stays behind however the process ends; it is
    gone with the last reference to this.

    Parameters
    ----------
    hop_s : float
        Seconds of sound each frame stands for.
    memory_bytes : int
        Frames beyond this size go to disk.
    """

    def __init__(self, hop_s: float, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self.hop_s = hop_s
        self._times: list[Floats] = []
        self._count = 0
        self._file = tempfile.SpooledTemporaryFile(max_size=memory_bytes, prefix="speechqa-")  # noqa: SIM115
        self.close = weakref.finalize(self, self._file.close)

    def add(self, frames: VoicedFrames) -> None:
        """Put frames behind those that are there."""
        table = np.column_stack([frames.values, frames.weights, frames.level_db])
        self._file.seek(self._count * _COLUMNS * 8)
        self._file.write(np.ascontiguousarray(table, np.float64).tobytes())
        self._times.append(np.array(frames.times, np.float64))
        self._count += len(frames.times)

    @property
    def times(self) -> Floats:
        """Middles in seconds."""
        if len(self._times) != 1:
            self._times = [np.concatenate([np.zeros(0), *self._times])]
        return self._times[0]

    @property
    def weights(self) -> Floats:
        """How surely each is voiced; read anew each time."""
        return np.concatenate([np.zeros(0), *(some.weights for some in pieces(self))])

    @property
    def voiced_s(self) -> float:
        """Voiced seconds in all."""
        return float(self.weights.sum()) * self.hop_s

    def within(self, stretch: Segment) -> VoicedFrames:
        """The frames of a stretch of the call."""
        return self.rows(*places(self.times, stretch))

    def rows(self, first: int, last: int) -> VoicedFrames:
        """The frames from place `first` up to, not including, `last`."""
        first, last = min(first, self._count), min(last, self._count)
        self._file.seek(first * _COLUMNS * 8)
        data = self._file.read(max(0, last - first) * _COLUMNS * 8)
        table = np.frombuffer(data, np.float64).reshape(-1, _COLUMNS)
        # Each laid out as if it had never been in the file: sums depend on that in their last digits.
        return VoicedFrames(
            times=self.times[first:last],
            values=np.ascontiguousarray(table[:, : len(FEATURES)]),
            weights=np.ascontiguousarray(table[:, -2]),
            level_db=np.ascontiguousarray(table[:, -1]),
            hop_s=self.hop_s,
        )


def pieces(frames: Frames) -> Iterator[VoicedFrames]:
    """All frames, some thousands at a time."""
    for first in range(0, len(frames.times), _AT_ONCE):
        yield frames.rows(first, first + _AT_ONCE)


def joined(parts: list[VoicedFrames], hop_s: float) -> VoicedFrames:
    """The frames of several stretches one behind the other."""
    return VoicedFrames(
        times=np.concatenate([np.zeros(0), *(one.times for one in parts)]),
        values=np.concatenate([np.zeros((0, len(FEATURES))), *(one.values for one in parts)]),
        weights=np.concatenate([np.zeros(0), *(one.weights for one in parts)]),
        level_db=np.concatenate([np.zeros(0), *(one.level_db for one in parts)]),
        hop_s=hop_s,
    )


def places(times: Floats, stretch: Segment) -> tuple[int, int]:
    """First and last place (exclusive) of the times within a stretch."""
    first, last = np.searchsorted(times, [stretch.start, stretch.end])
    return int(first), int(last)
