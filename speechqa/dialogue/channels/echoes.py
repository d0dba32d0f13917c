"""One channel's voice in another: where it is, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline, seconds, union
from speechqa.core.value import Value, require
from speechqa.dialogue.channels.coherence import HOP_S, Comparison, Floats
from speechqa.dialogue.channels.echo_path import REACH_S, explain
from speechqa.dialogue.channels.levels import STEP_S, ChannelLevels
from speechqa.dialogue.channels.two_levels import part
from speechqa.protocols import CallAudio

_EARLY_S: Final = -0.03
_SMOOTHED: Final = 5  # frames of 50 ms that a level looks at
_SPREAD_DB: Final = 30.0  # levels further apart tell nothing more
_CLEARLY_TWO: Final = 2.0
_LEAST_GAP_DB: Final = 3.0
_ONE_RATIO_DB: Final = 6.0
_MUCH_WEAKER_DB: Final = -12.0


class CrosstalkSettings(Value, frozen=True, kw_only=True):
    """When sound counts as the other party's.

    Attributes
    ----------
    reach_s : float
        How far before and after the source's speech its echo may be heard.
    explained_floor, explained_ceiling : float
        Share in (0, 1] of a half second's energy that must follow from the other channel: at least the first,
        and where the echo usually follows more closely, more, up to the second.
    tolerance : float
        So many times what usually does not follow may be left over.
    quiet_db : float
        What does not follow is no voice when it lies so far below the party's own.
    margin_db : float
        How far below the speaker's own level, relative to the source's, an echo must lie, where the levels of
        the two channels do not part into the two voices by themselves.
    leftover_s : float
        Shorter rests of a segment that was mostly echo go with it.
    copy_floor, copy_gain_db, voices_gap_db : float
        Channels are one sound when this share of both follows from the other, at one gain within these dB;
        two gains that lie further apart are two voices at two levels.
    """

    reach_s: float = 0.35
    explained_floor: float = 0.5
    explained_ceiling: float = 0.9
    tolerance: float = 4.0
    quiet_db: float = 20.0
    margin_db: float = 3.0
    leftover_s: float = 0.3
    copy_floor: float = 0.9
    copy_gain_db: float = 15.0
    voices_gap_db: float = 3.0

    def __post_init__(self) -> None:
        for name in ("explained_floor", "explained_ceiling", "copy_floor"):
            require(0.0 < getattr(self, name) <= 1.0, f"{name} must lie in (0, 1]")
        for name in self.__struct_fields__:
            require(getattr(self, name) >= 0.0, f"{name} must not be negative")


class Echo(Value, frozen=True, kw_only=True):
    """One channel's voice found in another.

    Attributes
    ----------
    target, source : int
        The channel it was found on, and the one it belongs to.
    delay_s : float
        Seconds by which the target has it later.
    gain_db : float
        Its level on the target over that on the source, the median.
    loudness_db : float
        Its loudest twentieth over the loudest twentieth of the target's own voice; about 0 where both parties
        are on the target alike.
    seconds : float
        How much of the target's speech it was.
    """

    target: int
    source: int
    delay_s: float
    gain_db: float
    loudness_db: float
    seconds: float


def likely_delays(found: tuple[float, ...]) -> tuple[float, ...]:
    """An echo comes after its source; what comes before is the echo the other way, if there is any other."""
    after = [delay for delay in found if delay >= _EARLY_S]
    chosen: list[float] = []
    for delay in after or found[:1]:
        if all(not _EARLY_S <= delay - other <= REACH_S for other in chosen):
            chosen.append(delay)
    return tuple(chosen)


def find_echo(
    audio: CallAudio,
    levels: ChannelLevels,
    pair: tuple[int, int],
    speech: tuple[Timeline, ...],
    both: Timeline,
    delay: float,
    settings: CrosstalkSettings,
) -> tuple[Echo | None, list[Segment]]:
    """The voice of the pair's second channel on its first, and where; None and nothing where there is none.

    Parameters
    ----------
    levels : ChannelLevels
        Of the whole call.
    speech : tuple of Timeline
        Speech as found on each channel.
    both : Timeline
        Where speech on the target may be the source's.
    delay : float
        Seconds by which the target has it later.
    """
    target, source = pair
    below, own = _border(levels, pair, speech, delay, settings)
    blocks = list(explain(audio, target, source, both, delay, below_db=below))
    marks = [(block.explained >= settings.explained_floor) & (block.gain_db < below) for block in blocks]
    if not any(mark.any() for mark in marks):
        return None, []
    usual = 1 - settings.tolerance * (1 - float(np.median(_marked(blocks, marks, "explained"))))
    floor = min(max(usual, settings.explained_floor), settings.explained_ceiling)
    marks = [
        mark & ((block.explained >= floor) | (_left_db(block) < own - settings.quiet_db))
        for block, mark in zip(blocks, marks, strict=True)
    ]
    where = [segment for block, mark in zip(blocks, marks, strict=True) for segment in _runs(block, mark)]
    if not where:
        return None, []
    echo = Echo(
        target=target,
        source=source,
        delay_s=delay,
        gain_db=round(float(np.median(_marked(blocks, marks, "gain_db"))), 1),
        loudness_db=round(_loudest(_marked(blocks, marks, "level_db")) - own, 1),
        seconds=round(seconds(union(where)), 2),
    )
    return echo, where


def _left_db(block: Comparison) -> Floats:
    """Level of what does not follow from the source."""
    left: Floats = block.level_db + 10 * np.log10(np.maximum(1 - block.explained, 1e-6))
    return left


def _marked(blocks: Sequence[Comparison], marks: Sequence[NDArray[np.bool_]], name: str) -> Floats:
    return np.concatenate([getattr(block, name)[mark] for block, mark in zip(blocks, marks, strict=True)])


def _loudest(levels_db: NDArray[np.floating]) -> float:
    """The level that the loudest twentieth of some frames reaches.

    The median would be the echo's own where a channel holds more echo than voice.
    """
    return float(np.percentile(levels_db, 95)) if levels_db.size else 0.0


def _border(
    levels: ChannelLevels,
    pair: tuple[int, int],
    speech: tuple[Timeline, ...],
    delay: float,
    settings: CrosstalkSettings,
) -> tuple[float, float]:
    """Level of the target over the source's under which the source speaks, and how loud the target's own is.

    Two voices make two ratios. One ratio alone is a channel with nothing but echo: the later one, and without
    a delay the much weaker one. Where the ratios spread, each channel's loudest speech is taken for its own.
    """
    target, source = (_smoothed(levels.db[channel]) for channel in pair)
    moved = np.roll(source, round(delay / STEP_S))
    spoken = levels.mask(union(segment for channel in pair for segment in speech[channel]))
    ratio = np.clip(target[spoken] - moved[spoken], -_SPREAD_DB, _SPREAD_DB)
    two = part(ratio)
    if two is not None and two.clearness >= _CLEARLY_TWO and two.gap >= _LEAST_GAP_DB:
        return two.border, _loudest(target[spoken][ratio > two.border])
    own = [_loudest(levels.of(channel, speech[channel])) for channel in pair]
    low, middle, high = np.percentile(ratio, (25, 50, 75)).tolist() if ratio.size else (0.0, 0.0, 0.0)
    if high - low < _ONE_RATIO_DB:
        later = delay > HOP_S / 2 or (delay > -HOP_S / 2 and middle <= _MUCH_WEAKER_DB)
        return middle + (_ONE_RATIO_DB if later else -_ONE_RATIO_DB), own[0]
    return own[0] - own[1] - settings.margin_db, own[0]


def _smoothed(levels_db: NDArray[np.float32]) -> Floats:
    return 10 * np.log10(np.convolve(10 ** (levels_db / 10), np.ones(_SMOOTHED) / _SMOOTHED, "same"))


def _runs(block: Comparison, marked: NDArray[np.bool_]) -> list[Segment]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marked.astype(np.int8), [0]))))
    first = block.times[0] - HOP_S / 2
    return [
        Segment(max(0.0, float(first + begin * HOP_S)), float(first + end * HOP_S))
        for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]
