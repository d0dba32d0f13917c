"""The pictures of pages as files for slides: what each is called, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from speechqa.core.value import Value
from speechqa.reports.charts.agent_criteria import agent_criteria
from speechqa.reports.charts.agent_weeks import agent_weeks
from speechqa.reports.charts.batch_distribution import batch_distribution
from speechqa.reports.charts.canvas import PictureFormat
from speechqa.reports.view.agent import AgentPage
from speechqa.reports.view.batch import BatchPage


class Picture(Value, frozen=True, kw_only=True):
    """A picture; `name` is what it shows, fit for a file's name, `draw` gives its bytes in a format."""

    name: str
    draw: Callable[[PictureFormat], bytes]


def agent_pictures(page: AgentPage) -> Iterator[Picture]:
    """An agent's weeks and criteria where there are figures; numbered where there are several rubrics."""
    for number, part in enumerate(page.rubrics):
        after = f"-{number + 1}" if len(page.rubrics) > 1 else ""
        figures = part.figures
        if figures.weeks_chart.shown:
            draw = partial(_weeks, page, number)
            yield Picture(name=f"weeks{after}", draw=draw)
        if figures.criteria_chart.shown:
            yield Picture(name=f"criteria{after}", draw=partial(_criteria, page, number))


def batch_pictures(page: BatchPage) -> Iterator[Picture]:
    """How a batch's scores spread, where there are any."""
    if any(bar.count for spread in page.spreads for bar in spread.bars):
        yield Picture(name="scores", draw=partial(batch_distribution, page))


def _weeks(page: AgentPage, number: int, form: PictureFormat) -> bytes:
    return agent_weeks(page.rubrics[number].figures.weeks_chart, form, page.language)


def _criteria(page: AgentPage, number: int, form: PictureFormat) -> bytes:
    return agent_criteria(page.rubrics[number].figures.criteria_chart, form, page.language)
