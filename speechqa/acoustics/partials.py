"""How much of a channel's sound stays on fixed frequencies, as notes do and voices do not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Timeline
from speechqa.core.value import Value
from speechqa.protocols import CallAudio

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

HOP_S = 0.128
WINDOW_S = 2 * HOP_S
SILENT_DB = -80.0
"""Level of frames that hold nothing; only digital silence and the faintest lines are as low."""

_BAND_HZ = (150.0, 3600.0)
_LAG = 2  # frames to either side on which a partial must be found again: a quarter of a second
_CHUNK = 64  # frames whose noise is estimated together, 8.2 s
_FLOOR_SHARE = 0.2
_OVER_FLOOR = 3.0
_OVER_LOCAL = 1.5
_LOCAL_HZ = 260.0
_FEWEST_LIVE = 8
_TINY = 1e-9


class PartialFrames(Value, frozen=True, kw_only=True):
    """One row a frame; frame `i` is centred at ``i * HOP_S + WINDOW_S / 2`` on the call's clock.

    Attributes
    ----------
    level_db : array, shape (n,)
        Mean square of the band 150-3600 Hz in dB re full scale.
    above_db : array, shape (n,)
        The same of what stands out of the line's own noise.
    steady : array, shape (n,)
        Share of the spectral peaks' strength that is found again a quarter of a second before and after, at
        the same frequency within 4 Hz either way, less the share that would be if peaks fell anywhere: at
        most 1, and 0 in noise.
    """

    level_db: Floats
    above_db: Floats
    steady: Floats

    @property
    def times(self) -> NDArray[np.float64]:
        """Middles of the frames in seconds."""
        return np.asarray(np.arange(len(self.steady)) * HOP_S + WINDOW_S / 2, np.float64)


def frames_inside(frames: PartialFrames, timeline: Timeline, reach_s: float = 0.0) -> Flags:
    """Which frames have their middle in a timeline, or within `reach_s` of it."""
    times = frames.times
    inside = np.zeros(len(times), np.bool_)
    for segment in timeline:
        first, last = np.searchsorted(times, [segment.start - reach_s, segment.end + reach_s])
        inside[first:last] = True
    return inside


def partial_frames(audio: CallAudio, channel: int) -> PartialFrames:
    """Measure a channel, read in pieces of 8 s.

    Notes
    -----
    Windows of 256 ms resolve partials 8 Hz apart. A voice's partials glide and leave their bin within half a
    second; those of a played note stay. Peaks count with the square root of their magnitude, so that one loud
    partial is not the whole measure. The line's own noise in each bin is the 20th percentile over 8 s, the
    least of three such pieces, so that hum and whistles that never stop are no notes.
    """
    rows = [np.zeros((3, 0), np.float32), *_chunks(audio, channel)]
    level, above, steady = np.concatenate(rows, axis=1)
    return PartialFrames(level_db=level, above_db=above, steady=steady)


def _chunks(audio: CallAudio, channel: int) -> Iterator[Floats]:
    """The columns of `PartialFrames` for each chunk's frames, shape ``(3, frames)``."""
    rate = audio.sample_rate
    hop, width = round(HOP_S * rate), round(WINDOW_S * rate)
    window = np.hanning(width).astype(np.float32)
    low, high = (round(hertz * width / rate) for hertz in _BAND_HZ)
    scale = 8 / 3 / (width / 2) ** 2 / 2  # of a Hann window's power spectrum to mean square
    frames = max(0, (round(audio.duration * rate) - width) // hop + 1)

    def spectra(chunk: int) -> Floats | None:
        first, last = chunk * _CHUNK, min(frames, (chunk + 1) * _CHUNK)
        if not 0 <= first < last:
            return None
        piece = audio.read(channel, first * hop / rate, ((last - 1) * hop + width) / rate)
        sound = np.nan_to_num(piece, posinf=0.0, neginf=0.0)
        sound = np.pad(sound, (0, (last - first - 1) * hop + width - len(sound)))
        if float(np.abs(sound).max(initial=0.0)) < 10 ** (SILENT_DB / 20):
            return np.zeros((last - first, high - low), np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(sound, width)[::hop]
        return np.abs(np.fft.rfft(windows * window, axis=1)[:, low:high]).astype(np.float32)

    half = round(_LOCAL_HZ * width / rate)
    before, now, after = None, spectra(0), spectra(1)
    floors = [None, _floor(now, scale), _floor(after, scale)]
    for chunk in range(-(-frames // _CHUNK)):
        assert now is not None
        if not now.any():
            nothing = np.full(len(now), -120.0, np.float32)
            yield np.stack([nothing, nothing, 0 * nothing])
        else:
            yield _measured(before, now, after, _OVER_FLOOR * _least(floors, now.shape[1]), half, scale)
        before, now, after = now, after, spectra(chunk + 2)
        floors = [floors[1], floors[2], _floor(after, scale)]


def _floor(spectra: Floats | None, scale: float) -> Floats | None:
    """The line's own noise in each bin, None where there is too little to tell it by."""
    if spectra is None:
        return None
    live = spectra[_decibels((spectra**2).sum(axis=1) * scale) > SILENT_DB]
    if len(live) < _FEWEST_LIVE:
        return None
    rank = round(_FLOOR_SHARE * (len(live) - 1))
    return np.asarray(np.partition(live, rank, axis=0)[rank], np.float32)


def _least(floors: list[Floats | None], bins: int) -> Floats:
    """The lesser of each chunk's noise and its neighbour's, on the side where that is more.

    So hum that sets in with a leg of the call is no note from where it sets in.
    """
    sides = []
    for one, other in ((floors[0], floors[1]), (floors[1], floors[2])):
        known = [floor for floor in (one, other) if floor is not None]
        if known:
            sides.append(np.minimum.reduce(known))
    return np.maximum.reduce(sides) if sides else np.zeros(bins, np.float32)


def _measured(
    before: Floats | None, now: Floats, after: Floats | None, floor: Floats, half: int, scale: float
) -> Floats:
    nothing = np.zeros((_LAG, now.shape[1]), np.float32)
    left = np.concatenate((nothing, before))[-_LAG:] if before is not None else nothing
    right = np.concatenate((after, nothing))[:_LAG] if after is not None else nothing
    wide = np.concatenate((left, now, right))
    highest = np.zeros(wide.shape, np.bool_)
    highest[:, 1:-1] = (
        (wide[:, 1:-1] > wide[:, :-2]) & (wide[:, 1:-1] >= wide[:, 2:]) & (wide > floor)[:, 1:-1]
    )
    peaks = highest & (wide > _OVER_LOCAL * _local_mean(wide, half))
    near = peaks.copy()
    near[:, 1:] |= peaks[:, :-1]
    near[:, :-1] |= peaks[:, 1:]
    again = peaks[_LAG:-_LAG] & near[: -2 * _LAG] & near[2 * _LAG :]
    out = np.where(now > floor, now, 0.0)
    strength = np.sqrt(out)
    whole = (strength * highest[_LAG:-_LAG]).sum(axis=1) + _TINY
    steady = (strength * again).sum(axis=1) / whole
    taken = near.mean(axis=1)
    chance = (strength * peaks[_LAG:-_LAG]).sum(axis=1) / whole * taken[: -2 * _LAG] * taken[2 * _LAG :]
    level, above = (_decibels((part**2).sum(axis=1) * scale) for part in (now, out))
    return np.stack([level, above, steady - chance]).astype(np.float32)


def _local_mean(spectra: Floats, half: int) -> Floats:
    sums = np.pad(np.cumsum(spectra, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    bins = np.arange(spectra.shape[1])
    first, last = np.maximum(bins - half, 0), np.minimum(bins + half + 1, spectra.shape[1])
    return np.asarray((sums[:, last] - sums[:, first]) / (last - first), np.float32)


def _decibels(mean_square: NDArray[np.floating]) -> Floats:
    return np.asarray(10 * np.log10(mean_square + 1e-12), np.float32)
