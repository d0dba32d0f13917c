"""Findings of criteria that are judged on timing alone, without text."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.rubric import Criterion
from speechqa.core.segment import Segment
from speechqa.criteria.case import DETECTOR_VERSION


def timed_finding(
    criterion: Criterion,
    verdict: Verdict,
    reason: str,
    would_change: str = "",
    *,
    confidence: float | None = None,
    proof: tuple[Evidence, ...] = (),
    searched: Segment | None = None,
) -> Finding:
    """A finding with all of the criterion's points or none; no points where the verdict does not count."""
    counts = verdict.counts
    return Finding(
        criterion=criterion.id,
        category=criterion.category,
        verdict=verdict,
        detector=f"{criterion.detector}/{DETECTOR_VERSION}",
        reason=reason,
        earned=(criterion.points if verdict is Verdict.PASS else 0) if counts else None,
        possible=criterion.points if counts else None,
        confidence=confidence,
        evidence=proof,
        searched=searched,
        would_change=would_change,
        critical=criterion.critical,
    )
