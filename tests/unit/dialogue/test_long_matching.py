"""Channels of long calls are matched by counting frames: as by the whole sums, without holding them."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from speechqa.core.segment import Segment
from speechqa.core.transcript import Turn
from speechqa.dialogue.channels.assignment import _correlations, match_channels

LAGS = np.arange(-30, 31)


def by_sums(said: np.ndarray, heard: np.ndarray, lag: int) -> float:
    """Of one party and channel: the centred frames multiplied and added where both lie."""
    left, right = (np.pad(row.astype(float), 30) for row in (said, heard))
    left, right = left - left.mean(), right - right.mean()
    here, there = max(0, -lag), max(0, lag)
    room = len(left) - abs(lag)
    both = left[here : here + room] @ right[there : there + room]
    norms = np.linalg.norm(left) * np.linalg.norm(right)
    return round(both / norms, 9) if norms > 0 else 0.0


@pytest.mark.parametrize(("frames", "share"), [(1, 1.0), (20, 0.5), (70, 0.9), (450, 0.3), (450, 0.0)])
def test_counts_give_the_correlations_of_the_frames(frames, share):
    rng = np.random.default_rng(frames)
    said, heard = rng.random((3, frames)) < share, rng.random((2, frames)) < 0.6
    table = _correlations(said, heard, LAGS)
    for at, lag in enumerate(LAGS.tolist()):
        for party in range(3):
            for channel in range(2):
                expected = by_sums(said[party], heard[channel], lag)
                assert table[at, party, channel] == pytest.approx(expected, abs=2e-9)


def test_six_hours_take_a_few_megabytes():
    lines = [[Segment(start, start + 2.0) for start in np.arange(of, 21_590.0, 7.0)] for of in (0.0, 3.0)]
    turns = [
        Turn(speaker="AB"[k], text="x", party="AB"[k], start=s.start + 1.5, end=s.end + 1.5)
        for k, line in enumerate(lines)
        for s in line
    ]
    tracemalloc.start()
    try:
        match = match_channels(turns, [tuple(line) for line in lines])
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert match.channel_of == {"A": 0, "B": 1}
    assert match.offset_s == pytest.approx(-1.5)
    assert most < 8 * 2**20
