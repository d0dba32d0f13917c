"""Where a voice's energy lies in the telephone band, independent of its level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speechqa.protocols import Samples

BAND_HZ = (300.0, 3400.0)
_SPLIT_HZ = 1000.0
_PEAKS_SPLIT_HZ = 2000.0
_WINDOW_S = 0.032
_TINY = 1e-30

FEATURES = ("alpha_db", "hammarberg_db", "centroid_hz", "flux")


def spectral_frames(samples: Samples, sample_rate: int, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spectral features of windows of 32 ms around given times.

    Parameters
    ----------
    samples : array, shape (frames,)
        Sound at any level; nothing here depends on it.
    sample_rate : int
        In Hz, at least 8,000; what lies above 3,400 Hz is not looked at.
    times_s : array, shape (n,)
        Middles of the windows, in seconds from the first sample, in order and evenly spaced.

    Returns
    -------
    array, shape (n, 4)
        Columns as in `FEATURES`: alpha ratio, 300-1000 Hz over 1000-3400 Hz, in dB; Hammarberg index, the
        strongest partial below 2000 Hz over the strongest above, in dB; centroid in Hz; flux, the distance in
        [0, 1.5] between neighbouring magnitude spectra of unit length.

    References
    ----------
    Eyben et al. (2016), The Geneva Minimalistic Acoustic Parameter Set, doi:10.1109/TAFFC.2015.2457417,
    whose bands are cut here to what a telephone carries.
    """
    width = round(_WINDOW_S * sample_rate)
    if len(times_s) == 0:
        return np.zeros((0, len(FEATURES)))
    starts = np.round(times_s * sample_rate).astype(np.int64)  # of windows in the padded sound
    padded = np.pad(samples.astype(np.float64), (width // 2, width))
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)[np.minimum(starts, len(padded) - width)]
    frequencies = np.fft.rfftfreq(width, 1 / sample_rate)
    band = (frequencies >= BAND_HZ[0]) & (frequencies <= BAND_HZ[1])
    frequencies = frequencies[band]
    magnitude = np.abs(np.fft.rfft(windows * np.hanning(width), axis=1)[:, band])
    power = magnitude**2 + _TINY
    low, low_peaks = frequencies < _SPLIT_HZ, frequencies < _PEAKS_SPLIT_HZ
    alpha = 10 * np.log10(power[:, low].sum(axis=1) / power[:, ~low].sum(axis=1))
    hammarberg = 10 * np.log10(power[:, low_peaks].max(axis=1) / power[:, ~low_peaks].max(axis=1))
    centroid = (magnitude @ frequencies) / (magnitude.sum(axis=1) + _TINY)
    unit = magnitude / (np.sqrt(power.sum(axis=1, keepdims=True)))
    flux = np.zeros(len(unit))
    flux[1:] = np.sqrt(((unit[1:] - unit[:-1]) ** 2).sum(axis=1))
    flux[:1] = flux[1:2]
    return np.stack([alpha, hammarberg, centroid, flux], axis=1)
