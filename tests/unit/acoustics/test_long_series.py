"""Figures of long calls: the same as by whole matrices, without ever holding one."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from speechqa.acoustics.association import alike_power, effective_n
from speechqa.acoustics.baseline import calm_weights
from speechqa.acoustics.partials import partial_frames
from speechqa.acoustics.tones import find_tones


def _places(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Answers back and forth: each of two parties' turns stands in two exchanges."""
    return np.arange(count) // 2, (np.arange(count) + 1) // 2


@pytest.mark.parametrize("alike", [(0.0, 0.0), (0.3, 0.9), (0.9, 0.9)])
def test_independent_pairs_are_those_of_the_whole_matrix(alike: tuple[float, float]) -> None:
    left, right = _places(900)
    apart = [np.abs(line[:, None] - line[None, :]) for line in (left, right)]
    shared = np.power(alike[0], apart[0]) * np.power(alike[1], apart[1])
    assert effective_n(left, right, *alike) == pytest.approx(900**2 / shared.sum(), rel=1e-12)


@pytest.mark.parametrize("alike", [0.0, 0.4, 0.9])
def test_variance_of_likes_is_that_of_the_whole_matrix(alike: float) -> None:
    values = np.random.default_rng(0).standard_normal(900)
    lags = np.abs(np.subtract.outer(np.arange(900), np.arange(900)))
    whole = float(values @ np.power(alike, lags) @ values) / float((values**2).sum())
    assert alike_power(values, alike) == pytest.approx(whole, rel=1e-9)
    assert alike_power(np.zeros(5), alike) == 1.0


def _most_bytes(count: int) -> int:
    left, right = _places(count)
    arousal = np.random.default_rng(0).standard_normal(count)
    tracemalloc.start()
    effective_n(left, right, 0.9, 0.9)
    alike_power(arousal, 0.9)
    calm_weights(arousal)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


class _Quiet:
    """A quiet channel of any length, made as it is read; counts the reads."""

    channels, sample_rate = 1, 8000

    def __init__(self, duration: float) -> None:
        self.duration = duration
        self.longest_s = 0.0

    def read(self, channel: int, start: float, end: float) -> np.ndarray:
        self.longest_s = max(self.longest_s, end - start)
        return np.zeros(round((min(end, self.duration) - start) * self.sample_rate), np.float32)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("listen", [find_tones, partial_frames])
def test_a_long_channel_is_read_in_pieces_and_little_is_kept_of_it(listen: Callable[..., object]) -> None:
    def most_bytes(minutes: int) -> int:
        audio = _Quiet(60.0 * minutes)
        tracemalloc.start()
        listen(audio, 0)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert audio.longest_s < 20.0
        return peak

    most_bytes(1)  # what is held once, whatever the length
    an_hour_of_sound = 3600 * 8000 * 4
    assert most_bytes(60) - most_bytes(10) < an_hour_of_sound / 30


def test_memory_follows_the_length_of_a_call_and_not_its_square() -> None:
    _most_bytes(400)  # what is held once, whatever the length
    assert _most_bytes(4000) <= 12 * _most_bytes(400)
