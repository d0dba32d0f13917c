"""A speaker's own talk as a clock: seconds talked until a time, and the time when so much was talked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline

Floats = NDArray[np.float64]

_REST_S = 1.0
_TINY = 1e-6


class TalkClock:
    """Turns times of the call into seconds of one speaker's talk and back.

    Parameters
    ----------
    speech : Timeline
        When the speaker talks; without any, both clocks are one.
    """

    def __init__(self, speech: Timeline) -> None:
        self._starts = np.array([s.start for s in speech])
        lengths = np.array([s.duration for s in speech])
        self._ends = np.cumsum(lengths)
        self._times = np.array([[s.start, s.end] for s in speech]).ravel()
        self._talked = np.stack([self._ends - lengths, self._ends], axis=1).ravel()

    @property
    def total(self) -> float:
        """Seconds talked in all."""
        return float(self._ends[-1]) if len(self._ends) else 0.0

    def talked(self, times: Sequence[float]) -> Floats:
        """Seconds talked until each time."""
        if not len(self._starts):
            return np.asarray(times, np.float64)
        return np.asarray(np.interp(times, self._times, self._talked), np.float64)

    def time(self, talked_s: float, *, at_end: bool = False) -> float:
        """The time in the speaker's talk, to a millisecond.

        Where one stretch ends and the next begins it is the latter, with `at_end` the former.
        """
        if not len(self._starts):
            return round(talked_s, 3)
        side, edge = ("left", -_TINY) if at_end else ("right", _TINY)
        index = int(np.searchsorted(self._ends, talked_s + edge, side=side))  # type: ignore[call-overload]
        index = min(index, len(self._ends) - 1)
        before = self._ends[index - 1] if index else 0.0
        length = self._ends[index] - before
        return round(float(self._starts[index] + min(length, max(0.0, talked_s - before))), 3)

    def middle(self, stretch: Segment) -> float:
        """The middle of the talk in a stretch."""
        return self.time(float(self.talked([stretch.start, stretch.end]).mean()))

    def after_rests(self) -> Floats:
        """Seconds talked until each stretch that follows a rest, in which somebody else may have spoken."""
        rests = self._starts[1:] - self._times[1:-1:2] >= _REST_S
        return np.asarray(self._ends[:-1][rests], np.float64)
