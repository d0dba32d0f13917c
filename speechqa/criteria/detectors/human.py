"""`human`: a criterion of the rubric's own that no machine judges; it waits for a person."""

from __future__ import annotations

from speechqa.core.finding import Finding, Verdict
from speechqa.core.rubric import Criterion
from speechqa.criteria.detectors.timed import timed_finding
from speechqa.criteria.view import CallView

WAITS = "waits for a person"


def human(criterion: Criterion, _view: CallView) -> Finding:
    """Not assessed, whatever the call: `speechqa review record` gives the verdict of record."""
    would = f"A person's verdict: speechqa review record CALL --criterion {criterion.id}"
    return timed_finding(criterion, Verdict.NOT_ASSESSED, WAITS, would)
