"""Which channel of the recording each party of an imported transcript speaks on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline
from speechqa.core.transcript import Turn
from speechqa.core.value import Value, require_probability

FRAME_S: Final = 0.05
MAX_OFFSET_S: Final = 5.0
"""Clocks of a transcript and its recording may differ by this much."""
MIN_GAIN: Final = 0.05
"""An offset is believed only when it raises the agreement by this."""
MIN_EVIDENCE_S: Final = 3.0
"""Less speech of a party than this gives no more than a hint."""
_MAX_ORDERS: Final = 720
_MAX_SECONDS: Final = 6 * 3600.0

Grid = NDArray[np.float64]
Frames = NDArray[np.bool_]


class ChannelMatch(Value, frozen=True, kw_only=True):
    """Where each party speaks.

    Attributes
    ----------
    channel_of : mapping of str to int
        Channel of each party; empty when nothing could be matched.
    confidence : float
        In [0, 1]; .5 means that the channels fit either way round.
    offset_s : float
        Seconds to add to the transcript's times to come to the recording's clock.
    reason : str
        In plain words.
    """

    channel_of: Mapping[str, int] = msgspec.field(default_factory=dict)
    confidence: float = 0.0
    offset_s: float = 0.0
    reason: str = ""

    def __post_init__(self) -> None:
        require_probability("confidence", self.confidence)


def match_channels(turns: Sequence[Turn], speech: Sequence[Timeline]) -> ChannelMatch:
    """Match the parties of a transcript to the channels of a recording by when they speak.

    For every offset of the two clocks the turns of each party are correlated with the speech of each channel;
    the assignment and offset with the greatest sum of correlations win. Parties beyond the number of channels
    share the channel that fits them best.

    Parameters
    ----------
    turns : sequence of Turn
        A transcript with times; parties are told by `party`, else by `speaker`.
    speech : sequence of Timeline
        Speech of each channel in seconds.
    """
    times: dict[str, list[Segment]] = {}
    for turn in turns:
        segment = turn.segment
        if segment is not None and segment.start < _MAX_SECONDS:
            times.setdefault(turn.party or turn.speaker, []).append(segment)
    parties = sorted(times)
    if not parties or not any(speech):
        return ChannelMatch(reason="the transcript has no times, or the recording no speech")
    if len(speech) == 1:
        return ChannelMatch(
            channel_of=dict.fromkeys(parties, 0), confidence=1.0, reason="the recording has one channel"
        )
    frames = _frames(times, speech)
    said = np.stack([_grid(times[party], frames) for party in parties])
    heard = np.stack([_grid(line, frames) for line in speech])
    lags = _lags()
    table = _correlations(said, heard, lags)  # lags x parties x channels
    orders = _orders(table)
    totals = np.stack(
        [sum((table[:, i, c] for i, c in enumerate(order)), np.zeros(len(lags))) for order in orders]
    )
    zero = int(np.argmin(np.abs(lags)))
    order, lag = divmod(int(np.argmax(totals)), len(lags))
    unshifted = int(np.argmax(totals[:, zero]))
    if totals[order, lag] - totals[unshifted, zero] < MIN_GAIN * len(parties):
        order, lag = unshifted, zero
    best = float(totals[order, lag])
    rest = [float(np.max(totals[k])) for k in range(len(orders)) if k != order]
    chosen = {party: int(channel) for party, channel in zip(parties, orders[order], strict=True)}
    seconds = min(sum(s.duration for s in times[party]) for party in parties)
    return _match(chosen, best, max(rest, default=0.0), seconds, float(lags[lag]) * FRAME_S)


def _match(chosen: dict[str, int], best: float, second: float, seconds: float, offset: float) -> ChannelMatch:
    if best <= 0:
        return ChannelMatch(reason="the times of the transcript do not fit the speech of any channel")
    margin = max(0.0, best - max(second, 0.0)) / best
    confidence = 0.5 + 0.5 * min(1.0, 1.5 * margin) * min(1.0, seconds / MIN_EVIDENCE_S)
    reason = f"agreement {best / len(chosen):.2f} a party, the next best {second / len(chosen):.2f}"
    if offset:
        reason += f"; the transcript's clock is {offset:+.2f} s off the recording's"
    return ChannelMatch(
        channel_of=chosen, confidence=round(confidence, 3), offset_s=round(offset, 3), reason=reason
    )


def _frames(times: Mapping[str, Sequence[Segment]], speech: Sequence[Timeline]) -> int:
    last = max(
        [s.end for line in times.values() for s in line] + [s.end for line in speech for s in line],
        default=0.0,
    )
    return int(min(last, _MAX_SECONDS) / FRAME_S) + 2


def _grid(line: Sequence[Segment], frames: int) -> Frames:
    grid = np.zeros(frames, np.bool_)
    for segment in line:
        grid[round(segment.start / FRAME_S) : round(segment.end / FRAME_S)] = True
    return grid


def _lags() -> NDArray[np.int64]:
    most = round(MAX_OFFSET_S / FRAME_S)
    return np.arange(-most, most + 1, dtype=np.int64)


def _correlations(said: Frames, heard: Frames, lags: NDArray[np.int64]) -> Grid:
    """Pearson correlation of every party with every channel at every lag.

    Both are taken to be silent for as long as the greatest lag before and behind. Frames are counted, so that
    nothing of a long call's length is held but the frames themselves.
    """
    size = said.shape[1]
    length = size + 2 * int(np.max(np.abs(lags)))
    talked, sounded = np.count_nonzero(said, axis=1), np.count_nonzero(heard, axis=1)
    table = np.zeros((len(lags), len(said), len(heard)))
    for i, left in enumerate(talked.tolist()):
        for k, right in enumerate(sounded.tolist()):
            norms = (left - left**2 / length) * (right - right**2 / length)
            if norms <= 0:
                continue
            for at, lag in enumerate(lags.tolist()):
                here, there = max(0, -lag), max(0, lag)
                room = max(0, size - abs(lag))
                both = np.count_nonzero(said[i, here : here + room] & heard[k, there : there + room])
                by_chance = left * right / length * (1 + abs(lag) / length)
                table[at, i, k] = (both - by_chance) / np.sqrt(norms)
    # Rounded so that channels with the same sound tie exactly on every machine.
    return np.asarray(np.round(table, 9))


def _orders(table: Grid) -> list[tuple[int, ...]]:
    """Assignments to try, each a channel a party."""
    _, parties, channels = table.shape
    if parties <= channels:
        tried: list[tuple[int, ...]] = []
        for order in permutations(range(channels), parties):
            tried.append(order)
            if len(tried) > _MAX_ORDERS:
                break
        else:
            return tried
    best = tuple(int(c) for c in np.argmax(np.max(table, axis=0), axis=1))
    if channels != 2:
        return [best]
    return list(dict.fromkeys([best, *((*best[:i], 1 - best[i], *best[i + 1 :]) for i in range(parties))]))
