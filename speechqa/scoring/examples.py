"""An agent's own calls to learn from: where a criterion came out best, and where it came out weakest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Category, Finding
from speechqa.core.value import Value

MOST: Final = 2
"""Examples of one side that are given."""


class Example(Value, frozen=True, kw_only=True):
    """One verdict of one call, as an example."""

    call_id: str
    started_at: str | None
    finding: Finding


class CriterionExamples(Value, frozen=True, kw_only=True):
    """The best and the weakest examples of one criterion; either may be empty, and none is in both."""

    criterion: str
    category: Category
    best: tuple[Example, ...] = ()
    weakest: tuple[Example, ...] = ()


def examples(calls: Iterable[CallAnalysis], *, most: int = MOST) -> tuple[CriterionExamples, ...]:
    """The best and the weakest examples of each criterion that counted, as the calls' findings are ordered.

    The best earned all points and has words to quote; of these the surest first, then the newest. The weakest
    lost the most; of these the surest first, then the newest.
    """
    found: dict[str, list[Example]] = {}
    for call in calls:
        for finding in call.findings:
            if finding.verdict.counts and finding.possible:
                example = Example(call_id=call.call_id, started_at=call.metadata.started_at, finding=finding)
                found.setdefault(finding.criterion, []).append(example)
    return tuple(
        CriterionExamples(
            criterion=criterion,
            category=those[0].finding.category,
            best=tuple(e for e in _sorted(those) if _rate(e) == 1.0 and _quoted(e))[:most],
            weakest=tuple(e for e in sorted(_sorted(those), key=_rate) if _rate(e) < 1.0)[:most],
        )
        for criterion, those in found.items()
    )


def _sorted(those: list[Example]) -> list[Example]:
    newest = sorted(those, key=lambda e: (e.started_at or "", e.call_id), reverse=True)
    return sorted(newest, key=lambda e: -(e.finding.confidence or 0.0))


def _rate(example: Example) -> float:
    return (example.finding.earned or 0) / (example.finding.possible or 1)


def _quoted(example: Example) -> bool:
    return any(item.quote.strip() for item in example.finding.evidence)
