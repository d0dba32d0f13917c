"""Agreement beyond chance, from tables of counts; over the last two axes, so that many tables go at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]


def cohens_kappa(table: Table) -> Table:
    """Cohen's kappa.

    Parameters
    ----------
    table : array of shape (..., k, k)
        Pairs of verdicts, one side's by row, the other's by column.

    Returns
    -------
    array of shape (...)
        In [-1, 1]; NaN where there are no pairs, or both sides give one and the same verdict throughout.

    Notes
    -----
    Cohen (1960), "A coefficient of agreement for nominal scales".

    Examples
    --------
    >>> round(float(cohens_kappa(np.array([[20.0, 5.0], [10.0, 15.0]]))), 3)
    0.4
    """
    n = table.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.trace(table, axis1=-2, axis2=-1) / n
        expected = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1) / n**2
        kappa = (observed - expected) / (1.0 - expected)
    # 1 - expected is a rounding error, and not 0, where everything is one verdict.
    return np.asarray(np.where((n > 0) & (1.0 - expected > 1e-12), kappa, np.nan))


def krippendorffs_alpha(coincidences: Table) -> Table:
    """Krippendorff's alpha for nominal data, with any number of raters and missing verdicts.

    Parameters
    ----------
    coincidences : array of shape (..., k, k)
        Sum of `coincidences_of` over units.

    Returns
    -------
    array of shape (...)
        At most 1; NaN where nothing can be compared or everything is one verdict.

    Notes
    -----
    Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C.
    """
    values = coincidences.sum(axis=-1)
    n = values.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        disagreement = n - np.trace(coincidences, axis1=-2, axis2=-1)
        expected = n**2 - (values**2).sum(axis=-1)
        alpha = 1.0 - (n - 1.0) * disagreement / expected
    return np.asarray(np.where((n > 1) & (expected > 1e-9), alpha, np.nan))


def coincidences_of(counts: Table) -> Table:
    """What one unit adds to the coincidences.

    Parameters
    ----------
    counts : array of shape (k,)
        How often each verdict was given of the unit.

    Returns
    -------
    array of shape (k, k)
        Ordered pairs of verdicts, over one less than the verdicts; zeros where there are not two.
    """
    given = counts.sum()
    if given < 2:
        return np.zeros((len(counts), len(counts)))
    return np.asarray((np.outer(counts, counts) - np.diag(counts)) / (given - 1.0))
