"""Whether two parties' turns fit each other in time, told from the turns alone."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Timeline
from speechqa.core.value import Value

FARTHEST_S: Final = 10.0
"""Offsets are tried up to this, either way."""
NEAR_S: Final = 0.9
"""Offsets up to this are no fault: a call's own way, there and back, makes as much."""

_STEP_S: Final = 0.1
_LONG_SILENCE: Final = 15  # steps; what a longer silence of both lasts tells nothing of the clocks
_CLEAR: Final = 10.0
_COVERED: Final = 3.0
_COVERED_S: Final = 0.5
_LESS_OVERLAP: Final = 0.6
_TAKING_TURNS: Final = -0.2

_TRANSITIONS: Final = (
    (15_730, 1_401, 1_401, 14),
    (1_402, 118_913, 145, 1_203),
    (1_402, 145, 118_913, 1_203),
    (8, 1_206, 1_206, 16_370),
)
"""How often nobody, the one, the other or both speak 0.1 s after nobody, the one, the other or both: 25
consultations of PriMock57 (Papadopoulos Korfiatis et al. 2022, arXiv 2204.00333, CC BY 4.0), the parties
counted both ways round, silences of both cut at 1.5 s."""

Grid = NDArray[np.int64]


class ClockFit(Value, frozen=True, kw_only=True):
    """How well the turns of two channels fit, and by how much moving one of them makes them fit better.

    Attributes
    ----------
    offset_s : float
        Seconds to add to the second channel's times so that the turns fit best; beyond `NEAR_S`.
    low_s, high_s : float
        Offsets that fit about as well.
    evidence : float
        Natural logarithm of how many times likelier the turns are with that offset than with any within
        `NEAR_S`; below zero where the clocks fit as they are.
    overlap_share, overlap_share_there : float
        Share of the talk that overlaps, as it is and with the offset.
    correlation, correlation_there : float
        Of both parties' activity, in [-1, 1]; well below zero where people take turns.
    """

    offset_s: float
    low_s: float
    high_s: float
    evidence: float
    overlap_share: float
    overlap_share_there: float
    correlation: float
    correlation_there: float

    @property
    def clear(self) -> bool:
        """Whether the clocks do not fit as they are: no real call that fits came near this evidence."""
        return self.evidence >= _CLEAR

    @property
    def found(self) -> bool:
        """Whether the turns do fit with the offset: people take turns, with far less overlap."""
        return (
            self.clear
            and self.overlap_share_there <= _LESS_OVERLAP * self.overlap_share
            and self.correlation_there <= _TAKING_TURNS
        )


def fit_clocks(one: Timeline, two: Timeline) -> ClockFit | None:
    """Try offsets of one channel's speech against another's; None where either hardly speaks.

    Notes
    -----
    The activity of both is read as a chain of four states every 0.1 s: nobody, the one, the other, both. Its
    likelihood under the transitions of real conversation is set against that of two parties who speak
    regardless of each other, with the same lengths of talk and pauses. In conversation a change of speakers
    comes right after the other's end and overlaps are few and short (Sacks, Schegloff & Jefferson 1974;
    Heldner & Edlund 2010); with the clocks apart both are left to chance. Only differences between offsets
    are used, so slow and quick talkers are alike.
    """
    grids = _grids(one, two)
    if grids is None:
        return None
    first, second = grids
    table = _log_odds(first, second)
    most = round(FARTHEST_S / _STEP_S)
    lags = np.arange(-most, most + 1)
    score = np.array([(_counts(*_moved(first, second, lag)) * table).sum() for lag in lags.tolist()])
    near = np.abs(lags) <= round(NEAR_S / _STEP_S)
    best = int(lags[~near][np.argmax(score[~near])])
    as_well = lags[(score >= score[~near].max() - _COVERED) & (np.abs(lags - best) <= most // 4)] * _STEP_S
    return ClockFit(
        offset_s=round(best * _STEP_S, 1),
        low_s=round(float(as_well.min()) - _COVERED_S, 1),
        high_s=round(float(as_well.max()) + _COVERED_S, 1),
        evidence=round(float(score[~near].max() - score[near].max()), 1),
        overlap_share=_overlap(first, second, 0),
        overlap_share_there=_overlap(first, second, best),
        correlation=_correlation(first, second, 0),
        correlation_there=_correlation(first, second, best),
    )


def evidence_for(one: Timeline, two: Timeline, offset_s: float) -> float:
    """Evidence, as in `ClockFit`, for moving the second channel by `offset_s` over leaving it."""
    grids = _grids(one, two)
    if grids is None:
        return 0.0
    table = _log_odds(*grids)
    there, here = ((_counts(*_moved(*grids, lag)) * table).sum() for lag in (round(offset_s / _STEP_S), 0))
    return round(float(there - here), 1)


def _grids(one: Timeline, two: Timeline) -> tuple[Grid, Grid] | None:
    if not one or not two:
        return None
    first = min(one[0].start, two[0].start)
    frames = round((max(one[-1].end, two[-1].end) - first) / _STEP_S) + 1
    grids = []
    for timeline in (one, two):
        grid = np.zeros(frames, np.int64)
        for segment in timeline:
            grid[round((segment.start - first) / _STEP_S) : round((segment.end - first) / _STEP_S)] = 1
        grids.append(grid)
    return (grids[0], grids[1]) if all(0 < grid.sum() < frames for grid in grids) else None


def _moved(first: Grid, second: Grid, lag: int) -> tuple[Grid, Grid]:
    """Both, with the second moved to later by `lag` steps, where they then meet."""
    frames = max(0, len(first) - abs(lag))
    return (first[lag:], second[:frames]) if lag >= 0 else (first[:frames], second[-lag:])


def _states(first: Grid, second: Grid) -> Grid:
    """The chain without what silences last beyond 1.5 s."""
    states: Grid = first + 2 * second
    index = np.arange(len(states))
    spoken = np.maximum.accumulate(np.where(states > 0, index, -1))
    return states[index - spoken <= _LONG_SILENCE]


def _counts(first: Grid, second: Grid) -> NDArray[np.int64]:
    states = _states(first, second)
    return np.bincount(4 * states[:-1] + states[1:], minlength=16).reshape(4, 4)


def _log_odds(first: Grid, second: Grid) -> NDArray[np.float64]:
    """Log-likelihood ratio of each transition: conversation over two who do not listen."""
    states = _states(first, second)
    alone = [
        _logs(np.bincount(2 * x[:-1] + x[1:], minlength=4).reshape(2, 2)) for x in (states & 1, states >> 1)
    ]
    together = _logs(np.asarray(_TRANSITIONS))
    state = np.arange(4)
    odds: NDArray[np.float64] = (
        together
        - alone[0][state[:, None] & 1, state[None, :] & 1]
        - alone[1][state[:, None] >> 1, state[None, :] >> 1]
    )
    return odds


def _logs(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    shares = counts + 0.5
    logs: NDArray[np.float64] = np.log(shares / shares.sum(axis=1, keepdims=True))
    return logs


def _overlap(first: Grid, second: Grid, lag: int) -> float:
    one, two = _moved(first, second, lag)
    either = int((first | second).sum())
    return round(float((one & two).sum() / either), 3) if either else 0.0


def _correlation(first: Grid, second: Grid, lag: int) -> float:
    one, two = _moved(first, second, lag)
    if not (0 < one.sum() < len(one) and 0 < two.sum() < len(two)):
        return 0.0
    return round(float(np.corrcoef(one, two)[0, 1]), 2)
