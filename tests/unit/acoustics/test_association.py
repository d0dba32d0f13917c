"""The statistics of compared voices: ranks, correlations of alike neighbours, intervals, many at once."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.acoustics.association import (
    correlation,
    effective_n,
    holm,
    likeness,
    ranks,
    straightened,
    student_t,
    student_z,
    two_sided,
)
from tests.unit.acoustics.test_accommodation import course


def test_pairs_that_share_values_of_unlike_neighbours_are_all_independent():
    first, second = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])
    assert effective_n(first, second, 0.0, 0.0) == pytest.approx(4)
    # Of the pairs that share a value, two have neighbours in the other series.
    assert effective_n(first, second, 0.0, 0.8) == pytest.approx(16 / (4 + 2 * 0.8))
    assert effective_n(np.arange(50), np.arange(50), 0.8, 0.8) < 15


def test_likeness_is_about_right_for_long_series_and_never_below_zero():
    rng = np.random.default_rng(0)
    long = [likeness(straightened(course(400, rng, 0.6), np.arange(400.0))) for _ in range(10)]
    assert np.mean(long) == pytest.approx(0.6, abs=0.05)
    assert likeness(np.array([1.0, -1.0] * 10)) == 0.0
    assert likeness(np.zeros(5)) == 0.0


def test_intervals_of_correlation_hold_the_truth():
    rng, held = np.random.default_rng(1), 0
    for _ in range(400):
        left = rng.standard_normal(20)
        right = 0.6 * left + 0.8 * rng.standard_normal(20)
        _, low, high, _ = correlation(ranks(left), ranks(right), 20)
        held += low <= 0.582 <= high  # Spearman's for a normal pair of .6
    assert 0.92 <= held / 400 <= 0.985


@pytest.mark.parametrize(
    ("t", "freedom", "chance"), [(2.571, 5, 0.05), (2.228, 10, 0.05), (2.845, 20, 0.01), (1.0, 8, 0.3466)]
)
def test_student_is_that_of_the_tables(t, freedom, chance):
    assert two_sided(student_z(t, freedom)) == pytest.approx(chance, rel=0.03)
    assert student_t(student_z(t, freedom), freedom) == pytest.approx(t)


def test_ranks_share_their_place_where_values_are_equal():
    assert ranks(np.array([3.0, 1.0, 1.0 + 1e-13, 2.0])).tolist() == [3.0, 0.5, 0.5, 2.0]


def test_holm_stops_at_the_first_that_does_not_hold():
    assert holm([0.02, 0.02, 0.02]) == [False, False, False]
    assert holm([0.01, 0.02, 0.04]) == [True, True, True]
    assert holm([]) == []
