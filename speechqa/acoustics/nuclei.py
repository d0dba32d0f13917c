"""Syllable nuclei: peaks of level in a voice, counted without knowing a word.

After de Jong & Wempe 2009, doi:10.3758/BRM.41.2.385, whose 2 dB are kept as they are.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from speechqa.acoustics.association import Floats

DIP_DB: Final = 2.0
"""Two peaks with a shallower dip between them are one nucleus."""
_MIN_FRAMES: Final = 2


def count_nuclei(times: Floats, level_db: Floats, hop_s: float) -> int:
    """Nuclei in voiced frames; every unbroken stretch of voice has at least one.

    Parameters
    ----------
    times, level_db : array, shape (n,)
        Middles of the voiced frames in seconds, and their level; only its changes count.
    hop_s : float
        Distance of neighbouring frames.
    """
    breaks = np.flatnonzero(np.diff(times) > 1.5 * hop_s) + 1
    return sum(_peaks(stretch) for stretch in np.split(level_db, breaks) if len(stretch) >= _MIN_FRAMES)


def _peaks(level: Floats) -> int:
    padded = np.pad(level, 1, mode="edge")
    smooth = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    count, high, low = 1, -np.inf, np.inf
    for value in smooth.tolist():
        if low == np.inf:
            high = max(high, value)
            low = value if value <= high - DIP_DB else np.inf
        else:
            low = min(low, value)
            if value >= low + DIP_DB:
                count, high, low = count + 1, value, np.inf
    return count
