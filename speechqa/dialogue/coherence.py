"""How much of one channel's sound is a filtered, delayed copy of another's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline
from speechqa.core.value import Value
from speechqa.protocols import CallAudio, Samples

Floats = NDArray[np.float64]

HOP_S = 0.016
_WINDOW_S = 0.064
_AVERAGED = 31  # frames a decision looks at: half a second
_BAND_HZ = (200.0, 3400.0)
_DELAY_WINDOW_S = 1.024
_MAX_DELAY_S = 0.3
_SIGNIFICANCE = 7.0
_BLOCK_S = 20.0
_TINY = 1e-20


class Comparison(Value, frozen=True, kw_only=True):
    """Two channels over a stretch, one entry each 16 ms, each over half a second around it.

    `explained` is the share in [0, 1] of the target's energy that follows from the source by a linear filter;
    `gain_db` is that filter's gain, from the frequencies that carry the shared sound.
    """

    times: Floats
    explained: Floats
    gain_db: Floats


def read_padded(audio: CallAudio, channel: int, start: float, frames: int) -> Samples:
    """`frames` samples from `start` seconds on, zeros where the call has no sound."""
    rate = audio.sample_rate
    skipped = min(frames, max(0, round(-start * rate)))
    piece = audio.read(channel, max(0.0, start), max(0.0, start + frames / rate))[: frames - skipped]
    out = np.zeros(frames, np.float32)
    out[skipped : skipped + len(piece)] = np.nan_to_num(piece)
    return out


def delays(audio: CallAudio, target: int, source: int, where: Timeline) -> tuple[float, ...]:
    """Delays in seconds at which `target` repeats `source`, most certain first, at most three.

    Positive when the target comes later. Empty when no delay within 0.3 s stands out.

    Notes
    -----
    The generalised cross-correlation of Knapp & Carter (1976, doi:10.1109/TASSP.1976.1162830) with partly
    whitened spectra, summed over windows of a second; a peak counts from seven robust deviations.
    """
    rate = audio.sample_rate
    frames = round(_DELAY_WINDOW_S * rate)
    size = 1 << (frames + round(_MAX_DELAY_S * rate) - 1).bit_length()
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    band = (frequencies >= _BAND_HZ[0]) & (frequencies <= _BAND_HZ[1])
    total = np.zeros(size // 2 + 1, np.complex128)
    taper = np.hanning(frames)
    for start in _window_starts(where, _DELAY_WINDOW_S):
        one = np.fft.rfft(read_padded(audio, target, start, frames) * taper, size)
        two = np.fft.rfft(read_padded(audio, source, start, frames) * taper, size)
        cross = np.where(band, one * np.conj(two), 0)
        size_of = np.abs(cross)
        # Full whitening would weigh bins of noise like bins of speech.
        total += cross / np.maximum(size_of, size_of.max() * 1e-3 + _TINY) if size_of.max() > 0 else 0
    correlation = np.fft.irfft(total, size)
    most = round(_MAX_DELAY_S * rate)
    lags = np.arange(-most, most + 1)
    values = np.abs(correlation[lags])
    spread = float(np.median(values)) / 0.6745
    found: list[float] = []
    for _ in range(3):
        best = int(np.argmax(values))
        if spread <= 0 or values[best] < _SIGNIFICANCE * spread:
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
        start = segment.start
        while start < segment.end:
            end = min(segment.end, start + _BLOCK_S)
            yield _compare_block(audio, target, source, Segment(start, end), delay_s)
            start = end


def _compare_block(audio: CallAudio, target: int, source: int, block: Segment, delay_s: float) -> Comparison:
    rate = audio.sample_rate
    width, hop = round(_WINDOW_S * rate), round(HOP_S * rate)
    count = max(1, int(np.ceil(block.duration / HOP_S)))
    margin = _AVERAGED // 2
    frames = (count + 2 * margin - 1) * hop + width
    begin = block.start + HOP_S / 2 - margin * HOP_S - _WINDOW_S / 2
    one = _spectra(read_padded(audio, target, begin, frames), width, hop, rate)
    two = _spectra(read_padded(audio, source, begin - delay_s, frames), width, hop, rate)
    # Differences of running sums may fall a rounding error below zero, which no energy can.
    energy_one = np.maximum(_moving(np.abs(one) ** 2), 0)
    energy_two = np.maximum(_moving(np.abs(two) ** 2), 0)
    cross = _moving((one * np.conj(two)).real) ** 2 + _moving((one * np.conj(two)).imag) ** 2
    coherence = cross / (energy_one * energy_two + _TINY)
    bias = 1 / (_AVERAGED * HOP_S / _WINDOW_S * 1.3)
    coherence = np.clip((coherence - bias) / (1 - bias), 0, 1)
    shared = coherence * energy_one
    # Only shared frequencies count: a voice over an echo would else pass for the path's own gain.
    ratio_db = 10 * np.log10((energy_one + _TINY) / (energy_two + _TINY))
    return Comparison(
        times=np.asarray(block.start + (np.arange(count) + 0.5) * HOP_S, np.float64),
        explained=shared.sum(axis=1) / (energy_one.sum(axis=1) + _TINY),
        gain_db=(shared * ratio_db).sum(axis=1) / (shared.sum(axis=1) + _TINY),
    )


def _spectra(samples: Samples, width: int, hop: int, rate: int) -> NDArray[np.complex128]:
    windows = np.lib.stride_tricks.sliding_window_view(samples, width)[::hop]
    frequencies = np.fft.rfftfreq(width, 1 / rate)
    band = (frequencies >= _BAND_HZ[0]) & (frequencies <= _BAND_HZ[1])
    spectra: NDArray[np.complex128] = np.fft.rfft(windows * np.hanning(width), axis=1)[:, band]
    return spectra / width


def _moving(values: Floats) -> Floats:
    sums = np.cumsum(values, axis=0)
    sums[_AVERAGED:] -= sums[:-_AVERAGED].copy()
    averaged: Floats = sums[_AVERAGED - 1 :] / _AVERAGED
    return averaged


def _window_starts(where: Timeline, window_s: float) -> Iterator[float]:
    for segment in where:
        pieces = max(1, round(segment.duration / window_s))
        for index in range(pieces):
            yield segment.start + index * window_s
