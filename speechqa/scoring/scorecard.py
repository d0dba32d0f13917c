"""The tallies of a call: points earned of points possible, by category, that add exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from speechqa.core.finding import Category, Finding, Tally

CATEGORIES: tuple[Category, ...] = get_args(Category)


def score(findings: Iterable[Finding]) -> Mapping[str, Tally]:
    """Tally of each category over the criteria that apply and were assessed.

    Returns
    -------
    mapping of str to Tally
        Both categories, always; a tally of nothing has the rate None.

    Examples
    --------
    >>> score([])["courtesy"]
    Tally(earned=0, possible=0, rate=None)
    """
    listed = tuple(findings)
    return {category: Tally.of(f for f in listed if f.category == category) for category in CATEGORIES}
