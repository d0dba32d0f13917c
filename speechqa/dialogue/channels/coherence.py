"""Sounds compared by frequency: when one comes later than the other, and how much follows from the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.value import Value
from speechqa.protocols import CallAudio, Samples

Floats = NDArray[np.float64]
Spectra = NDArray[np.complex64]
Item = TypeVar("Item")

HOP_S: Final = 0.016
WINDOW_S: Final = 0.064
AVERAGED: Final = 31  # frames a decision looks at: half a second
BLOCK_S: Final = 20.0
MAX_DELAY_S: Final = 0.3
TINY: Final = 1e-20

_BAND_HZ: Final = (200.0, 3400.0)
_EVERY: Final = 2  # neighbouring frequencies of a tapered window tell the same
_TO_FULL_SCALE: Final = 2 * _EVERY / 0.375  # positive frequencies, those left out, and the taper's own power
_DELAY_WINDOW_S: Final = 1.024
_SIGNIFICANCE: Final = 7.0
_MOST_WINDOWS: Final = 64


class Comparison(Value, frozen=True, kw_only=True):
    """Two sounds over a stretch, one entry each 16 ms, each over half a second around it.

    Attributes
    ----------
    times : array
        Seconds on the call's clock.
    explained : array
        Share in [0, 1] of the target's energy that follows from the source by a linear filter.
    gain_db : array
        Level of the target over the source's, at the frequencies that carry the shared sound.
    level_db : array
        Level of the target in the band compared, in dBFS.
    """

    times: Floats
    explained: Floats
    gain_db: Floats
    level_db: Floats


def read_padded(audio: CallAudio, channel: int, start: float, frames: int) -> Samples:
    """`frames` samples from `start` seconds on, zeros where the call has no sound."""
    rate = audio.sample_rate
    skipped = min(frames, max(0, round(-start * rate)))
    piece = audio.read(channel, max(0.0, start), max(0.0, start + frames / rate))[: frames - skipped]
    out = np.zeros(frames, np.float32)
    out[skipped : skipped + len(piece)] = piece
    return out if np.isfinite(out.sum()) else np.nan_to_num(out, posinf=0.0, neginf=0.0)


def spread(items: Sequence[Item], most: int) -> Sequence[Item]:
    """At most so many of some items, evenly spread over them.

    Examples
    --------
    >>> spread("abcdefghi", 3)
    ['a', 'e', 'i']
    """
    if len(items) <= most:
        return items
    return [items[index * (len(items) - 1) // (most - 1)] for index in range(most)]


def thinned(timeline: Timeline, most_s: float, *, piece_s: float = 2.0) -> Timeline:
    """At most about so many seconds of a timeline, in pieces evenly spread over it.

    Examples
    --------
    >>> thinned((Segment(0.0, 100.0),), 6.0)
    (Segment(start=0.0, end=2.0), Segment(start=48.0, end=50.0), Segment(start=98.0, end=100.0))
    """
    pieces = [piece for segment in timeline for piece in in_pieces(segment, piece_s)]
    return union(spread(pieces, max(2, round(most_s / piece_s))))


def in_pieces(segment: Segment, most_s: float) -> list[Segment]:
    """A segment cut into pieces of at most so many seconds."""
    cuts = [segment.start + most_s * index for index in range(int(np.ceil(segment.duration / most_s)))]
    return [Segment(start, min(segment.end, start + most_s)) for start in cuts]


def delays(
    audio: CallAudio, target: int, source: int, where: Timeline, *, most_s: float = MAX_DELAY_S
) -> tuple[float, ...]:
    """Delays in seconds at which `target` repeats `source`, most certain first, at most three.

    Positive when the target comes later. Empty when no delay within `most_s` stands out. Of a long timeline,
    64 s are looked at, evenly spread.

    Notes
    -----
    The generalised cross-correlation of Knapp & Carter (1976, doi:10.1109/TASSP.1976.1162830) with partly
    whitened spectra, summed over windows of a second; a peak counts from seven robust deviations.
    """
    rate = audio.sample_rate
    frames = round(_DELAY_WINDOW_S * rate)
    size = 1 << (frames + round(most_s * rate) - 1).bit_length()
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    band = slice(*np.searchsorted(frequencies, _BAND_HZ))
    total = np.zeros(size // 2 + 1, np.complex128)
    taper = np.hanning(frames).astype(np.float32)
    for start in spread(list(_window_starts(where, _DELAY_WINDOW_S)), _MOST_WINDOWS):
        one = np.fft.rfft(read_padded(audio, target, start, frames) * taper, size)[band]
        two = np.fft.rfft(read_padded(audio, source, start, frames) * taper, size)[band]
        cross = one * np.conj(two)
        size_of = np.abs(cross)
        if size_of.any():
            # Full whitening would weigh frequencies of noise like those of speech.
            total[band] += cross / np.maximum(size_of, size_of.max() * 1e-3)
    correlation = np.fft.irfft(total, size)
    most = round(most_s * rate)
    lags = np.arange(-most, most + 1)
    values = np.abs(correlation[lags])
    deviation = float(np.median(values)) / 0.6745
    found: list[float] = []
    for _ in range(3):
        best = int(np.argmax(values))
        if deviation <= 0 or values[best] < _SIGNIFICANCE * deviation:
            break
        found.append(round(float(lags[best]) / rate, 4))
        # Closer peaks are the voice's own periods or the same echo path, which the filter covers.
        values[np.abs(lags - lags[best]) < rate // 40] = 0
    return tuple(found)


def compare(
    audio: CallAudio, target: int, source: int, where: Timeline, delay_s: float
) -> Iterator[Comparison]:
    """Compare two channels over `where`, the source moved by `delay_s`, in blocks of 20 s.

    Notes
    -----
    Magnitude-squared coherence (Carter 1987, doi:10.1109/PROC.1987.13723) of windows of 64 ms, averaged over
    half a second and weighted by the target's energy; its bias for unrelated sounds is taken off.
    """
    for segment in where:
        for block in in_pieces(segment, BLOCK_S):
            one = spectra_around(audio, target, block)
            two = spectra_around(audio, source, Segment(block.start, block.end), late_s=delay_s)
            yield compared(block, one, two, two)


def spectra_around(
    audio: CallAudio, channel: int, block: Segment, *, late_s: float = 0.0, before: int = 0
) -> Spectra:
    """Spectra every 16 ms of a block and the quarter second around it, shape ``(frames, frequencies)``.

    Parameters
    ----------
    late_s : float
        The sound is taken from so much earlier.
    before : int
        So many frames more at the beginning.
    """
    rate = audio.sample_rate
    width, hop = round(WINDOW_S * rate), round(HOP_S * rate)
    margin = AVERAGED // 2
    count = frames_in(block) + 2 * margin + before
    begin = block.start + HOP_S / 2 - (margin + before) * HOP_S - WINDOW_S / 2 - late_s
    samples = read_padded(audio, channel, begin, (count - 1) * hop + width)
    windows = np.lib.stride_tricks.sliding_window_view(samples, width)[::hop]
    frequencies = np.fft.rfftfreq(width, 1 / rate)
    first, last = np.searchsorted(frequencies, _BAND_HZ)
    taper = np.hanning(width).astype(np.float32) / width
    spectra: Spectra = np.fft.rfft(windows * taper, axis=1)[:, first:last:_EVERY].astype(np.complex64)
    return spectra


def frames_in(block: Segment) -> int:
    """Frames of 16 ms that begin in a block."""
    return max(1, int(np.ceil(round(block.duration / HOP_S, 6))))


def averaged(values: NDArray[np.floating]) -> Floats:
    """Mean over half a second around each frame; the quarter seconds at both ends go."""
    sums = np.cumsum(values, axis=0, dtype=np.float64)
    sums[AVERAGED:] -= sums[:-AVERAGED].copy()
    means: Floats = sums[AVERAGED - 1 :] / AVERAGED
    return means


def energy_of(spectra: Spectra) -> Floats:
    """Energy of each frequency over half a second around each frame."""
    # Differences of running sums may fall a rounding error below zero, which no energy can.
    return np.maximum(averaged(power(spectra)), 0.0)


def power(spectra: Spectra) -> NDArray[np.float32]:
    """Squared size."""
    squared: NDArray[np.float32] = spectra.real**2 + spectra.imag**2
    return squared


def compared(
    block: Segment, target: Spectra, predicted: Spectra, source: Spectra, *, most: float = np.inf
) -> Comparison:
    """How much of the target follows from what was predicted of it.

    Parameters
    ----------
    target, predicted, source : array, shape (frames, frequencies)
        From `spectra_around`. Every half second the prediction may be changed in level and phase.
    most : float
        At no frequency may more follow than so many times the energy predicted.
    """
    energy, energy_predicted = energy_of(target), energy_of(predicted)
    energy_source = energy_predicted if source is predicted else energy_of(source)
    cross = target * predicted.conj()
    coherence = (averaged(cross.real) ** 2 + averaged(cross.imag) ** 2) / (energy * energy_predicted + TINY)
    bias = 1 / (AVERAGED * HOP_S / WINDOW_S * 1.3)
    coherence = np.clip((coherence - bias) / (1 - bias), 0, 1)
    shared = coherence * energy
    if np.isfinite(most):
        shared = np.minimum(shared, most * energy_predicted)
    whole, both = energy.sum(axis=1), shared.sum(axis=1)
    # Only shared frequencies count: a voice over an echo would else pass for the path's own gain.
    ratio_db = 10 * np.log10((energy + TINY) / (energy_source + TINY))
    return Comparison(
        times=np.asarray(block.start + (np.arange(len(whole)) + 0.5) * HOP_S, np.float64),
        explained=both / (whole + TINY),
        gain_db=(shared * ratio_db).sum(axis=1) / (both + TINY),
        level_db=10 * np.log10(whole * _TO_FULL_SCALE + TINY),
    )


def _window_starts(where: Timeline, window_s: float) -> Iterator[float]:
    for segment in where:
        pieces = max(1, round(segment.duration / window_s))
        for index in range(pieces):
            yield segment.start + index * window_s
