"""Sound in memory for tests of stages that read a call's audio."""

from __future__ import annotations

from typing import Any

import numpy as np


class ArrayAudio:
    """A `CallAudio` over an array of shape (channels, frames); `longest_read` is in seconds."""

    def __init__(self, samples: Any, sample_rate: int) -> None:
        self.samples = np.atleast_2d(np.asarray(samples, np.float32))
        self.sample_rate = sample_rate
        self.channels = len(self.samples)
        self.duration = round(self.samples.shape[1] / sample_rate, 3)
        self.longest_read = 0.0

    def read(self, channel: int, start: float, end: float) -> Any:
        rate = self.sample_rate
        piece = self.samples[channel, max(0, round(start * rate)) : max(0, round(end * rate))]
        self.longest_read = max(self.longest_read, len(piece) / rate)
        return piece

    def close(self) -> None:
        pass
