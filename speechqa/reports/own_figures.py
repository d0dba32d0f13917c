"""An agent's figures by criterion and over the shift in a terminal, and how they move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.reports.wording import interval, points, title
from speechqa.scoring import CATEGORIES
from speechqa.scoring.peers import QUARTERS
from speechqa.scoring.per_criterion import CriterionFigure
from speechqa.scoring.progress import Trend
from speechqa.scoring.shift import Shift


def course_words(trend: Trend) -> str:
    """Whether a category moves, in a sentence with its figures, or why that is not said."""
    if trend.change is None or trend.low is None or trend.high is None:
        return f"no trend is given, {trend.withheld}"
    return (
        f"{trend.direction}: {points(trend.later)} in {trend.later_calls} calls since {trend.since}, "
        f"{points(trend.earlier)} in the {trend.earlier_calls} before "
        f"({_difference(trend)})"
    )


def criteria_lines(found: Sequence[CriterionFigure]) -> Iterator[RenderableType]:
    """Each criterion: passed of assessed, where the others lie, whether it moves."""
    if not found:
        return
    table = Table(box=None, pad_edge=True, header_style="bold")
    for heading in ("criterion", "passed of assessed", "middle half of others", "change"):
        table.add_column(heading, no_wrap=True)
    for one in found:
        half = one.middle_half
        share = f"{one.passed}/{one.assessed}"
        table.add_row(
            Text(title(one.criterion)),
            f"{share} {one.withheld}"
            if one.rate is None
            else f"{100 * one.rate:.0f}% {share}" + interval(one.interval),
            "" if half is None else f"{100 * half[0]:.0f} to {100 * half[1]:.0f} %",
            "" if one.course.direction is None else one.course.direction,
        )
    yield Text("")
    yield Text("Criterion by criterion, calls passed of calls assessed", style="bold")
    yield table


def shift_lines(found: Shift) -> Iterator[RenderableType]:
    """The figures by the place of a call in the shift, or why there are none."""
    yield Text("")
    yield Text("Over the shift", style="bold")
    if found.withheld:
        yield Text(f"  not assessed: {found.withheld}; --complete-log says so.", style="dim")
        return
    table = Table(box=None, pad_edge=True, header_style="bold")
    for heading in ("part of the shift", "calls", *CATEGORIES):
        table.add_column(heading, no_wrap=True)
    for part in found.parts:
        figures = [points(part.tallies.get(name)) + interval(part.intervals.get(name)) for name in CATEGORIES]
        table.add_row(
            f"{QUARTERS[part.part]}, calls {part.first} to {part.last}",
            str(part.calls),
            *([part.withheld, ""] if part.withheld else figures),
        )
    yield table
    for half in (*found.halves, *((found.patience,) if found.patience else ())):
        if half.change is not None:
            yield Text(
                f"  {half.category.capitalize()}, later half of the shift against the earlier: "
                f"{half.direction} ({_difference(half)})"
            )
    if found.left_out or found.undated:
        yield Text(
            f"  Left out: {found.left_out} shifts of fewer than four calls or without a known time of each, "
            f"{found.undated} calls without a known start.",
            style="dim",
        )


def _difference(trend: Trend) -> str:
    change, low, high = (
        f"{round(100 * (share or 0.0)):+d}" for share in (trend.change, trend.low, trend.high)
    )
    return f"{change} points of 100, {low} to {high}"
