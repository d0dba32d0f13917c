"""Laughter is told from speech by its even pace and its one vowel."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.acoustics.laughter import laughed

HOP = 0.016
VOWEL = np.array([4.0, 15.0, 1000.0, 0.4])


def bursts(starts, lengths, vowels):
    times, rows = [], []
    for start, length, vowel in zip(starts, lengths, vowels, strict=True):
        for frame in range(round(length / HOP)):
            times.append(start + frame * HOP)
            rows.append(vowel)
    return np.array(times), np.array(rows).reshape(-1, 4)


def laugh(count=6, pace=0.21, length=0.1, at=1.0):
    return bursts(at + pace * np.arange(count), [length] * count, [VOWEL] * count)


def found_in(times, rows):
    return laughed(times, lambda first, last: rows[first:last, :3], HOP)


def test_even_bursts_of_one_vowel_are_laughter():
    assert found_in(*laugh()).all()


@pytest.mark.parametrize(
    ("times", "rows"),
    [
        laugh(count=3),
        laugh(pace=0.5),
        laugh(pace=0.4, length=0.3),
        bursts([1.0, 1.15, 1.45, 1.6, 1.95, 2.1], [0.1, 0.08, 0.1, 0.1, 0.1, 0.1], [VOWEL] * 6),
        bursts(
            1.0 + 0.2 * np.arange(6),
            [0.1] * 6,
            [VOWEL + np.array([6.0, 8.0, 300.0, 0.0]) * (k % 3) for k in range(6)],
        ),
    ],
    ids=["three bursts", "slow", "long vowels", "an uneven pace", "vowels that change"],
)
def test_syllables_are_not(times, rows):
    assert not found_in(times, rows).any()


def test_speech_around_a_laugh_stays():
    before, its, after = bursts([0.0], [0.6], [VOWEL]), laugh(), bursts([2.6], [0.8], [VOWEL])
    times, rows = (np.concatenate(parts) for parts in zip(before, its, after, strict=True))
    found = found_in(times, rows)
    assert found.sum() == len(its[0])
    assert not found[: len(before[0])].any()
    assert not found[-len(after[0]) :].any()


def test_no_voice_is_no_laughter():
    assert found_in(np.zeros(0), np.zeros((0, 4))).shape == (0,)
