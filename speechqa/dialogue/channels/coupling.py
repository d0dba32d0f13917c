"""Whether one channel holds another's sound, and how many seconds apart: up to ten, either way."""

from __future__ import annotations

from typing import Final

import numpy as np

from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.value import Value
from speechqa.dialogue.channels.coherence import Comparison, Floats, compare, read_padded, spread, thinned
from speechqa.dialogue.channels.two_levels import part
from speechqa.protocols import CallAudio

FARTHEST_S: Final = 10.0
"""Lags are sought up to this, either way."""

LATEST_ECHO_S: Final = 0.8
"""An echo may come this late by itself: the way there and back on mobile and internet lines."""

_RATE_HZ: Final = 2000
_BAND_HZ: Final = (230.0, 950.0)
_WINDOW_S: Final = 26.08
_FFT_FRAMES: Final = 92_160  # the window and the lags around it, and a length that is quick to transform
_MOST_WINDOWS: Final = 8
_LEVELLED_OVER: Final = 64  # frames of the low rate: 32 ms
_QUIET: Final = 3e-4
_SIGNIFICANCE: Final = 12.0
"""A peak counts from this many robust deviations: real calls without a leak stay under 7, a leak of -40 dB
through a room reaches 28."""
_SHARED: Final = 0.05
_CLEARLY: Final = 20.0
_TWO_VOICES: Final = 3.0
_SECOND_VOICE: Final = 0.08
_COMPARED_S: Final = 40.0
"""So much speech is compared, evenly spread; more tells nothing new."""


class Coupling(Value, frozen=True, kw_only=True):
    """One sound on two channels.

    Attributes
    ----------
    lag_s : float
        Seconds by which the second channel has it later; negative when earlier. To half a millisecond.
    clearness : float
        Height of the peak in robust deviations: from 12 on there is something, a leak rises far above 20.
    inverted : bool
        The second channel has it with the other polarity.
    explained : float
        Share in [0, 1] of the speech on either channel, in half seconds, that both of them have: each follows
        from the other by a linear filter.
    gain_db : float
        Median gain of the second channel over the first, where both have the sound.
    gain_range_db : float
        From the second to the ninety-eighth percentile of that gain.
    gain_gap_db : float
        How far two gains that are both common lie apart, each that of one voice; 0 where there is one.
    """

    lag_s: float
    clearness: float
    inverted: bool
    explained: float
    gain_db: float
    gain_range_db: float = 0.0
    gain_gap_db: float = 0.0

    @property
    def leaks(self) -> bool:
        """Whether speech is shared, and not a tone that both channels happen to have."""
        return self.explained >= _SHARED and self.clearness >= _CLEARLY


def find_lag(audio: CallAudio, one: int, two: int) -> tuple[float, float] | None:
    """Seconds by which channel `two` has the sound of channel `one` later, and how clear that is.

    Parameters
    ----------
    audio : CallAudio
        Read in at most eight windows of 26 s, evenly spread over the call.

    Returns
    -------
    tuple of float, or None
        The lag, and the height of its peak in robust deviations, negative for inverted polarity; None when
        nothing stands out within `FARTHEST_S`.

    Notes
    -----
    The generalised cross-correlation of Knapp & Carter (1976, doi:10.1109/TASSP.1976.1162830) with partly
    whitened spectra, on channels brought to one level every 32 ms, so that a faint leak in a pause counts as
    much as a voice. The band up to 950 Hz holds the voice's strongest sounds and makes the search quick.
    """
    frames, most = round(_WINDOW_S * _RATE_HZ), round(FARTHEST_S * _RATE_HZ)
    frequencies = np.fft.rfftfreq(_FFT_FRAMES, 1 / _RATE_HZ)
    low, high = np.searchsorted(frequencies, _BAND_HZ)
    total = np.zeros(_FFT_FRAMES // 2 + 1, np.complex128)
    for start in spread(_starts(audio.duration), _MOST_WINDOWS):
        here = _levelled(audio, one, start, frames)
        around = _levelled(audio, two, start - FARTHEST_S, frames + 2 * most)
        cross = np.fft.rfft(around, _FFT_FRAMES)[low:high]
        cross *= np.conj(np.fft.rfft(here, _FFT_FRAMES)[low:high])
        size = np.abs(cross)
        if size.any():
            total[low:high] += cross / (size + size.mean())
    correlation = np.fft.irfft(total, _FFT_FRAMES)[: 2 * most + 1]
    # Lags at which a short call would hardly meet itself have nothing to say, nor to be measured against.
    reach = min(most, max(_RATE_HZ // 2, round(audio.duration / 3 * _RATE_HZ)))
    correlation = correlation[most - reach : most + reach + 1]
    deviation = float(np.median(np.abs(correlation))) / 0.6745
    best = int(np.argmax(np.abs(correlation)))
    if deviation <= 0 or abs(correlation[best]) < _SIGNIFICANCE * deviation:
        return None
    return (best - reach) / _RATE_HZ, float(correlation[best] / deviation)


def find_coupling(
    audio: CallAudio, one: int, two: int, speech: tuple[Timeline, Timeline], lag_s: float, clearness: float
) -> Coupling:
    """How two channels share a sound at a lag; `speech` is what was found on the one and on the other."""
    moved = (Segment(max(0.0, s.start - lag_s), s.end - lag_s) for s in speech[1] if s.end > max(0.0, lag_s))
    either = thinned(union((*speech[0], *moved)), _COMPARED_S)
    later = tuple(Segment(max(0.0, s.start + lag_s), s.end + lag_s) for s in either if s.end + lag_s > 0)
    there, back = _compared(audio, two, one, later, lag_s), _compared(audio, one, two, either, -lag_s)
    count = min(len(there.times), len(back.times))
    if not count:
        return Coupling(
            lag_s=lag_s, clearness=abs(clearness), inverted=clearness < 0, explained=0.0, gain_db=0.0
        )
    both = np.minimum(there.explained[:count], back.explained[:count])
    shared = both >= 0.5
    gains = there.gain_db[:count][shared]
    low, middle, high = np.percentile(gains, (2, 50, 98)).tolist() if gains.size else (0.0, 0.0, 0.0)
    return Coupling(
        lag_s=lag_s,
        clearness=round(abs(clearness), 1),
        inverted=clearness < 0,
        explained=round(float(shared.mean()), 3),
        gain_db=round(middle, 1),
        gain_range_db=round(high - low, 1),
        gain_gap_db=_gap_of_two(gains),
    )


def _starts(duration: float) -> list[float]:
    count = max(1, round(duration / _WINDOW_S))
    return [index * _WINDOW_S for index in range(count)]


def _levelled(audio: CallAudio, channel: int, start: float, frames: int) -> Floats:
    """A stretch at 2 kHz, every 32 ms at one level. What folds down from above is shared like the rest."""
    step = audio.sample_rate // _RATE_HZ
    sound = read_padded(audio, channel, start, frames * step)
    slow = np.zeros(frames, np.float64)
    for offset in range(step):
        slow += sound[offset::step]
    slow = (slow - slow.mean()) / step
    sums = np.cumsum(np.concatenate((np.zeros(1), np.pad(slow, _LEVELLED_OVER // 2) ** 2)))
    level = np.sqrt(np.maximum(sums[_LEVELLED_OVER:] - sums[:-_LEVELLED_OVER], 0)[:frames] / _LEVELLED_OVER)
    levelled: Floats = slow / (level + _QUIET)
    return levelled


def _compared(audio: CallAudio, target: int, source: int, where: Timeline, delay_s: float) -> Comparison:
    blocks = list(compare(audio, target, source, where, delay_s))
    return Comparison(
        **{
            name: np.concatenate([getattr(block, name) for block in blocks] or [np.zeros(0)])
            for name in Comparison.__struct_fields__
        }
    )


def _gap_of_two(gains: Floats) -> float:
    two = part(gains)
    if two is None or two.clearness < _TWO_VOICES or two.smaller_share < _SECOND_VOICE:
        return 0.0
    return round(two.gap, 1)
