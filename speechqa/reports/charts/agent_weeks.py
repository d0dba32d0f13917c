"""An agent's weeks as a chart: each week's share with its interval, and the weeks that have too few calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from speechqa.reports.charts.canvas import PictureFormat, drawn_picture
from speechqa.reports.charts.looks import DARK, LIGHT, Look
from speechqa.reports.language import Language
from speechqa.reports.view.agent_charts import WeeksChart
from speechqa.scoring.trend import FEWEST_WEEKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

ChartSize = Literal["slide", "wide", "narrow"]


_MARKERS: Final = ("o", "s")
_INCHES: Final = {"slide": (12.0, 6.2), "wide": (9.6, 3.0), "narrow": (4.4, 3.0)}
_MOST_LABELS: Final = {"slide": 14, "wide": 12, "narrow": 5}
_SHIFT: Final = 0.14


def agent_weeks(
    values: WeeksChart,
    form: PictureFormat,
    language: Language,
    *,
    size: ChartSize = "slide",
    dark: bool = False,
) -> bytes:
    """The chart's bytes; time runs from left to right in every language.

    Parameters
    ----------
    size : {"slide", "wide", "narrow"}
        With its heading and facts for a slide, or bare for a page of that width.
    dark : bool
        For a dark page.
    """
    look = DARK if dark else LIGHT
    return drawn_picture(
        lambda: _drawn(values, language, size, look),
        form,
        title=values.heading,
        description=values.description,
    )


def _drawn(values: WeeksChart, language: Language, size: ChartSize, look: Look) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    from speechqa.reports.charts.lettering import font, shown
    from speechqa.reports.charts.slides import head, legend

    width, height = _INCHES[size]
    slide = size == "slide"
    figure = Figure(figsize=(width, height), dpi=150, facecolor=look.paper)
    left, right, bottom = (0.95, 0.4, 0.95) if slide else (0.62, 0.15, 0.5)
    top = 1.45 if slide else 0.4
    letters = 13 if slide else 9.5
    axes = figure.add_axes(
        (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    )
    _frame(axes, values, look, size, letters)
    lined = sum(any(week.shares) for week in values.weeks) >= FEWEST_WEEKS
    for place, week in enumerate(values.weeks):
        if not any(week.shares):  # a band and no mark: whatever stood on the scale would be read as a figure
            axes.axvspan(place - 0.3, place + 0.3, **_few(look), zorder=0.5)
    for at, colour in enumerate(look.colours[: len(values.series)]):
        _series(axes, values, at, colour, look, lined=lined)
    handles: list[Line2D | Rectangle] = [
        axes.plot([], [], marker=_MARKERS[at], color=look.colours[at], linestyle="none", markersize=7)[0]
        for at in range(len(values.series))
    ]
    names = [shown(name) for name in values.series]
    if any(not any(week.shares) for week in values.weeks):
        handles.append(Rectangle((0, 0), 1, 1, **_few(look)))
        names.append(shown(values.few))
    margin = right if language.direction == "rtl" else left
    edge = 1 - margin / width if language.direction == "rtl" else margin / width
    legend(figure, handles, names, (edge, 1 - (top - 0.36) / height), language, look, letters=letters)
    if slide:
        axes.set_xlabel(shown(values.axis), fontproperties=font(letters - 2), color=look.soft, labelpad=8)
        head(figure, values.heading, values.facts, language, look, margin_in=margin)
    return figure


def _few(look: Look) -> dict[str, Any]:
    """How a week with too few calls looks."""
    return {"facecolor": look.paper, "edgecolor": look.soft, "hatch": "////", "linewidth": 0, "alpha": 0.5}


def _frame(axes: Axes, values: WeeksChart, look: Look, size: ChartSize, letters: float) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter

    from speechqa.reports.charts.lettering import font, shown

    axes.set_facecolor(look.paper)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(look.soft)
    axes.set_ylim(-4, 104)
    axes.set_xlim(-0.6, max(len(values.weeks) - 0.4, 3.6))
    axes.yaxis.set_major_locator(FixedLocator([0, 25, 50, 75, 100]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    axes.grid(axis="y", color=look.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    every = -(-len(values.weeks) // _MOST_LABELS[size])
    axes.set_xticks(
        [at for at in range(len(values.weeks)) if (len(values.weeks) - 1 - at) % every == 0],
        [
            shown(week.label)
            for at, week in enumerate(values.weeks)
            if (len(values.weeks) - 1 - at) % every == 0
        ],
    )
    axes.tick_params(axis="both", length=0, colors=look.soft, pad=6)
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontproperties(font(letters))
        label.set_color(look.soft)


def _series(axes: Axes, values: WeeksChart, at: int, colour: str, look: Look, *, lined: bool) -> None:
    """A dot a week with its interval; joined only where there are weeks enough to speak of a course."""
    apart = _SHIFT * (2 * at - 1) if len(values.series) > 1 else 0.0
    known = [(place + apart, week.shares[at]) for place, week in enumerate(values.weeks)]
    dots = [(x, share) for x, share in known if share is not None]
    if lined:
        axes.plot(
            [x for x, _ in dots], [share.at for _, share in dots], color=colour, linewidth=1.1, alpha=0.55
        )
    for x, share in dots:
        if share.low is not None and share.high is not None:
            axes.plot([x, x], [share.low, share.high], color=colour, linewidth=2.2, alpha=0.75)
    axes.plot(
        [x for x, _ in dots], [share.at for _, share in dots], linestyle="none", marker=_MARKERS[at],
        color=colour, markersize=7, markeredgecolor=look.paper, markeredgewidth=1,
    )  # fmt: skip
