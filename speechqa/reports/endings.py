"""How the customers of an agent end their calls against how they began: counts over calls, no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from speechqa.core.analysis import CallAnalysis
from speechqa.core.value import Value
from speechqa.scoring.intervals import Interval, wilson_interval

ENDINGS: Final = ("calmer", "same", "more aroused")

NOTICE: Final = (
    "It tells of customers' voices, not of the agent's work: customers who call agitated tend to end calmer "
    "whoever answers, and a lively farewell counts as more aroused. It is no part of a "
    "score, and not for comparing or ranking agents"
)
LOW_CONFIDENCE: Final = "the customer's curve has low confidence throughout"
NO_CURVE: Final = "the customer's voice was not measured"


class CustomerEndings(Value, frozen=True, kw_only=True):
    """In how many calls the customer's voice ended calmer, the same or more aroused than it began.

    Attributes
    ----------
    calls, assessed : int
        Calls counted, and those in which it could be told.
    endings : mapping of str to int
        Calls by `calmer`, `same` and `more aroused`; empty while withheld.
    intervals : mapping of str to Interval
        95 % interval of each one's share of the assessed calls (Wilson 1927).
    withheld : str
        Why no figures are given; empty when they are.
    not_assessed : mapping of str to int
        Calls by the reason why it could not be told.
    """

    calls: int
    assessed: int
    endings: Mapping[str, int] = msgspec.field(default_factory=dict)
    intervals: Mapping[str, Interval] = msgspec.field(default_factory=dict)
    withheld: str = ""
    not_assessed: Mapping[str, int] = msgspec.field(default_factory=dict)
    notice: str = NOTICE


def customer_endings(calls: Iterable[CallAnalysis], *, minimum_calls: int) -> CustomerEndings:
    """Count how customers ended over some calls; withheld under `minimum_calls` assessed ones."""
    found: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for call in calls:
        curve = call.stress.get("customer")
        summary = curve.summary if curve is not None else None
        sure = curve is not None and any(window.confidence == "ok" for window in curve.windows)
        if summary is not None and summary.ended is not None:
            if sure:
                found[summary.ended] += 1
            else:
                missing[LOW_CONFIDENCE] += 1
            continue
        told = summary.reason if summary is not None else curve.reason if curve is not None else None
        # What stands behind a colon are one call's own figures.
        missing[(told or NO_CURVE).partition(":")[0]] += 1
    assessed = found.total()
    total = assessed + missing.total()
    reasons = dict(sorted(missing.items()))
    if assessed < minimum_calls:
        withheld = f"{assessed} of the {minimum_calls} assessed calls that a figure needs"
        return CustomerEndings(calls=total, assessed=assessed, withheld=withheld, not_assessed=reasons)
    return CustomerEndings(
        calls=total,
        assessed=assessed,
        endings={name: found[name] for name in ENDINGS},
        intervals={name: wilson_interval(found[name], assessed) for name in ENDINGS},
        not_assessed=reasons,
    )
