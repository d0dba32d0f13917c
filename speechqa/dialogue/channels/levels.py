"""How loud each channel is, all along the call, in one pass over its sound."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Timeline
from speechqa.core.value import Value
from speechqa.protocols import CallAudio

Floats = NDArray[np.float32]

STEP_S: Final = 0.05
FLOOR_DB: Final = -100.0
"""Level of nothing at all; 16-bit sound is never this faint."""
_BLOCK_S: Final = 20.0


class ChannelLevels(Value, frozen=True, kw_only=True):
    """Level in dBFS of each 50 ms, without its mean, shape ``(channels, frames)``."""

    db: Floats

    def of(self, channel: int, where: Timeline) -> Floats:
        """The levels of a channel's frames that begin within a timeline."""
        chosen: Floats = self.db[channel, self.mask(where)]
        return chosen

    def mask(self, where: Timeline) -> NDArray[np.bool_]:
        """Which frames begin within a timeline."""
        chosen = np.zeros(self.db.shape[1], np.bool_)
        for segment in where:
            chosen[frame_of(segment.start) : frame_of(segment.end)] = True
        return chosen


def frame_of(time_s: float) -> int:
    """The first frame that begins at a time or after."""
    return int(np.ceil(round(time_s / STEP_S, 6)))


def measure_levels(audio: CallAudio) -> ChannelLevels:
    """Levels of all channels; a rest shorter than 50 ms is left out."""
    rate = audio.sample_rate
    step = round(STEP_S * rate)
    count = int(audio.duration * rate + 0.5) // step
    db = np.full((audio.channels, count), FLOOR_DB, np.float32)
    for channel in range(audio.channels):
        for block in range(int(np.ceil(audio.duration / _BLOCK_S))):
            piece = np.nan_to_num(audio.read(channel, block * _BLOCK_S, (block + 1) * _BLOCK_S))
            frames = piece[: piece.size // step * step].reshape(-1, step)
            # A constant is no sound, however far from zero.
            power = np.einsum("ij,ij->i", frames, frames) / step - frames.mean(axis=1) ** 2
            first = block * round(_BLOCK_S / STEP_S)
            found = 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)))
            db[channel, first : first + found.size] = found[: max(0, count - first)]
    return ChannelLevels(db=db)
