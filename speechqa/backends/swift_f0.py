"""Fundamental frequency by the swift-f0 network, whose model lies in its own package."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.errors import EngineUnavailable
from speechqa.protocols import Samples

LOWEST_HZ = 60.0
HIGHEST_HZ = 1000.0
"""The range of voices, screams included: with a limit at 600 Hz those of one speaker of eight were lost."""


class SwiftF0:
    """Tracks pitch on one thread, so that results do not depend on the machine's cores.

    References
    ----------
    Nieradzik, L. (2025), SwiftF0: fast and accurate monophonic pitch detection, arXiv 2508.18440.
    """

    hop_s = 0.016

    @property
    def name(self) -> str:
        """What tracks, by name and version."""
        try:
            return f"swift-f0 {version('swift-f0')}"
        except PackageNotFoundError:
            return "swift-f0"

    def track(self, samples: Samples, sample_rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Frequency in Hz and voicing in [0, 1] of each frame of 16 ms.

        Raises
        ------
        EngineUnavailable
            If the package is not installed or its model does not load.
        """
        if len(samples) < 2:
            return np.zeros(0), np.zeros(0)
        found = self._model.detect(samples, sample_rate, fmin=LOWEST_HZ, fmax=HIGHEST_HZ)
        return found.pitch_hz, found.confidence

    @cached_property
    def _model(self) -> Any:
        try:
            import soxr  # noqa: F401 - swift-f0 resamples with it, and asks for it only then
            import swift_f0

            return swift_f0.SwiftF0(threads=1, spin=False)
        except Exception as error:  # onnxruntime raises its own kinds, all of them mean the same here
            raise EngineUnavailable(
                "pitch needs the package swift-f0",
                found=str(error) or type(error).__name__,
                hint="install it with: pip install swift-f0 soxr",
            ) from error
