"""Where each decoded frame belongs on the clock, so that a lost stretch never shifts what comes after it."""

from __future__ import annotations

from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.value import require

JITTER_S = 0.04
"""Timestamps within this of the running position are rounding, not loss."""

PRIMING_S = 0.15
"""A codec may need this much to start; a first frame that late is no loss."""

SUSPICIOUS_S = 10.0
"""A jump beyond this is believed at once only inside the declared length."""

LONGEST_GAP_S = 600.0
"""A longer hole in a file of unknown length is taken for broken timestamps."""


class Placer:
    """Turns presentation times into positions, in samples of the native rate.

    Time zero is the start of the file's clock. Frames must be placed in the order they decode, and each
    placement followed by writing: first `silence` samples of silence, then the frame without its first
    `dropped` samples.

    Parameters
    ----------
    rate : int
        Native samples a second.
    declared_s : float or None
        Length the file claims, in seconds.
    starts_at_s : float
        Where the audio stream itself says it starts, in seconds; silence before that is no loss.
    """

    def __init__(self, rate: int, *, declared_s: float | None = None, starts_at_s: float = 0.0) -> None:
        require(rate > 0, f"rate must be positive, found {rate}")
        self._rate = rate
        self._declared = None if declared_s is None else declared_s + 1.0
        self._starts_at = round(max(0.0, starts_at_s) * rate)
        self._shift = 0
        self._position = 0
        self._suspect: int | None = None
        self._lost: list[tuple[int, int]] = []
        self.rewinds = 0

    @property
    def position(self) -> int:
        """Samples written so far."""
        return self._position

    @property
    def lost(self) -> Timeline:
        """Stretches between timestamps that did not decode, in seconds."""
        spans = (
            Segment(round(first / self._rate, 3), round(last / self._rate, 3)) for first, last in self._lost
        )
        return union(spans)

    def place(self, time: float | None, samples: int) -> tuple[int, int]:
        """Say how much silence goes before a frame, and how many of its first samples are dropped.

        Parameters
        ----------
        time : float or None
            Presentation time in seconds; None puts the frame right after the last one.
        samples : int
            Length of the frame.
        """
        silence, dropped = self._measures(time, samples)
        if silence:
            self._note_loss(silence)
        self._position += silence + samples - dropped
        return silence, dropped

    def skip(self, seconds: float) -> None:
        """Move all later timestamps by `seconds`, for bytes that hold no frames and carry no clock."""
        self._shift += round(seconds * self._rate)

    def _measures(self, time: float | None, samples: int) -> tuple[int, int]:
        if time is None:
            return 0, 0
        ahead = round(time * self._rate) + self._shift - self._position
        if self._position == 0 and ahead < 0:
            # Priming of the codec: sound from before time zero.
            return 0, min(samples, -ahead)
        jitter = 0 if self._position == 0 else round(JITTER_S * self._rate)
        if abs(ahead) <= jitter:
            self._suspect = None
            return 0, 0
        if -samples < ahead < 0:
            return 0, -ahead
        if ahead > 0 and self._is_credible(ahead, samples):
            self._suspect = None
            return ahead, 0
        return self._doubt(ahead, jitter)

    def _is_credible(self, ahead: int, samples: int) -> bool:
        if self._declared is not None:
            return self._position + ahead + samples <= self._declared * self._rate
        return ahead <= SUSPICIOUS_S * self._rate

    def _doubt(self, ahead: int, jitter: int) -> tuple[int, int]:
        """One stray timestamp is ignored; only when the next agrees with it the clock has really jumped."""
        if self._suspect is None or abs(ahead - self._suspect) > jitter:
            self._suspect = ahead
            return 0, 0
        self._suspect = None
        if self._declared is None and 0 < ahead <= LONGEST_GAP_S * self._rate:
            return ahead, 0
        # The clock was set back, or to a time that cannot be: from here on it is read anew.
        self._shift -= ahead
        self.rewinds += 1
        return 0, 0

    def _note_loss(self, silence: int) -> None:
        first, last = self._position, self._position + silence
        if first == 0:
            first = min(last, self._starts_at)
            if last - first <= PRIMING_S * self._rate:
                return
        self._lost.append((first, last))
