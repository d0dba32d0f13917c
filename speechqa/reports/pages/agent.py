"""The page of one agent."""

from __future__ import annotations

import base64

from speechqa.core.value import Value
from speechqa.reports.charts.agent_weeks import agent_weeks
from speechqa.reports.pages.environment import rendered
from speechqa.reports.view.agent import AgentPage


class Drawn(Value, frozen=True, kw_only=True):
    """A chart as addresses that hold it, for wide and narrow windows, light and dark."""

    wide: str
    wide_dark: str
    narrow: str
    narrow_dark: str


def agent_html(page: AgentPage) -> str:
    """An agent's calls as one HTML page."""
    weeks = tuple(_weeks(page, at) for at in range(len(page.rubrics)))
    return rendered("agent.html.j2", page.language, styles=("call.css", "agent.css"), agent=page, weeks=weeks)


def _weeks(page: AgentPage, at: int) -> Drawn | None:
    chart = page.rubrics[at].figures.weeks_chart
    if not chart.shown:
        return None

    def address(size: str, dark: bool) -> str:
        svg = agent_weeks(chart, "svg", page.language, size="wide" if size == "wide" else "narrow", dark=dark)
        return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"

    return Drawn(
        wide=address("wide", False),
        wide_dark=address("wide", True),
        narrow=address("narrow", False),
        narrow_dark=address("narrow", True),
    )
