"""How callers were answered, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from speechqa.core.plain import printable
from speechqa.reports.wording import interval, length
from speechqa.scoring.charter import Charter


def charter_view(found: Charter) -> RenderableType:
    """The figures of a service charter, or why there are none."""
    return Group(Text("How callers were answered", style="bold"), *_lines(found))


def _lines(found: Charter) -> Iterator[Text]:
    if found.answered is not None:
        yield Text(f"  {found.calls} calls that customers began; the wait is known of {found.answered}")
    if found.direction_unknown:
        yield Text(
            f"  Left out: {found.direction_unknown} calls of which the log does not say who began them",
            style="dim",
        )
    if found.withheld:
        yield Text(f"  not assessed: {printable(found.withheld)}", style="yellow")
    else:
        yield Text(
            f"  Half waited at most {length(found.median_s)}, nine of ten {length(found.p90_s)}, "
            f"the longest {length(found.longest_s)}"
        )
        yield Text(
            f"  Answered within {found.within_s:g} s: {found.within} of {found.answered}"
            f"{interval(found.interval)}"
        )
    if found.over_six_minutes is not None:
        yield Text(
            f"  Longer than six minutes: {found.over_six_minutes}. Whether the law excuses one is not judged "
            "here."
        )
    if found.transfers_known:
        yield Text(
            f"  Passed on: {found.transferred} of {found.transfers_known}, more than once "
            f"{found.transferred_again}"
        )
