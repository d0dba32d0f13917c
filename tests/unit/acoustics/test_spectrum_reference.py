"""Our spectral centroid against librosa's; importing librosa takes seconds, so only this test does."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.acoustics.spectrum import BAND_HZ, FEATURES, spectral_frames

RATE = 8000


def test_the_centroid_is_librosas():
    librosa = pytest.importorskip("librosa")
    rng = np.random.default_rng(0)
    sound = np.cumsum(rng.standard_normal(RATE)).astype(np.float32)
    hop, width = 128, 256
    magnitude = np.abs(librosa.stft(sound, n_fft=width, hop_length=hop, window="hann", center=True))
    frequencies = librosa.fft_frequencies(sr=RATE, n_fft=width)
    band = (frequencies >= BAND_HZ[0]) & (frequencies <= BAND_HZ[1])
    reference = librosa.feature.spectral_centroid(S=magnitude[band], freq=frequencies[band])[0]
    at = np.arange(2, 50) * hop / RATE
    ours = spectral_frames(sound, RATE, at)[:, FEATURES.index("centroid_hz")]
    np.testing.assert_allclose(ours, reference[2:50], rtol=0.01)
