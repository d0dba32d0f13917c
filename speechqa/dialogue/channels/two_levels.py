"""Whether figures gather around two values, and where to part them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from speechqa.dialogue.channels.coherence import Floats


class TwoLevels(NamedTuple):
    """Two groups of figures: their means, the border between them, how well and how evenly they part."""

    low: float
    high: float
    border: float
    clearness: float
    smaller_share: float

    @property
    def gap(self) -> float:
        """From the one mean to the other."""
        return self.high - self.low


def part(values: Floats, *, least_spread: float = 0.2) -> TwoLevels | None:
    """Part figures into the two groups that differ most (Otsu 1979, doi:10.1109/TSMC.1979.4310076).

    Parameters
    ----------
    values : array
        At least ten figures; None for fewer.
    least_spread : float
        Added to the spreads when clearness is told, so that exact figures are not called clear for nothing.

    Returns
    -------
    TwoLevels or None
        `clearness` is the gap over the sum of both groups' standard deviations: 1.3 for one bell-shaped
        group, 1.7 for a flat one.
    """
    ranked = np.sort(np.asarray(values, np.float64))
    count = ranked.size
    if count < 10:
        return None
    sums = np.cumsum(ranked)
    squares = np.cumsum(ranked**2)
    below = np.arange(1, count)
    low = sums[:-1] / below
    high = (sums[-1] - sums[:-1]) / (count - below)
    cut = int(np.argmax(below * (count - below) * (high - low) ** 2))
    size = cut + 1
    spread_low = float(np.sqrt(max(0.0, squares[cut] / size - low[cut] ** 2)))
    rest = (squares[-1] - squares[cut]) / (count - size)
    spread_high = float(np.sqrt(max(0.0, rest - high[cut] ** 2)))
    gap = float(high[cut] - low[cut])
    spreads = spread_low + spread_high
    # The border lies nearer to the narrower group.
    border = float(low[cut]) + gap * (spread_low + least_spread / 2) / (spreads + least_spread)
    return TwoLevels(
        low=float(low[cut]),
        high=float(high[cut]),
        border=border,
        clearness=gap / (spreads + least_spread),
        smaller_share=min(size, count - size) / count,
    )
