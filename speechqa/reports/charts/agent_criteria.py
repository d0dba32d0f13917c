"""An agent's criteria for slides: shares with intervals, and where the others' middle half lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from speechqa.reports.charts.canvas import PictureFormat, drawn_picture
from speechqa.reports.charts.looks import LIGHT, Look
from speechqa.reports.language import Language
from speechqa.reports.view.agent_charts import CriteriaChart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

_ROW_IN: Final = 0.36
_NAMES_IN, _MARGIN_IN, _COUNTS_IN = 3.6, 0.4, 1.1
_LEGEND_IN, _AXIS_IN = 0.45, 0.75
_LETTERS: Final = 12
_LONGEST: Final = 34


def agent_criteria(values: CriteriaChart, form: PictureFormat, language: Language) -> bytes:
    """The chart's bytes; shares run from left to right in every language."""
    return drawn_picture(
        lambda: _drawn(values, language), form, title=values.heading, description=values.description
    )


def _drawn(values: CriteriaChart, language: Language) -> Figure:
    from matplotlib.figure import Figure

    from speechqa.reports.charts.slides import HEAD_IN, WIDTH_IN, head

    look = LIGHT
    rows = sum(1 + len(points) for _, points in values.categories if points)
    height = HEAD_IN + _LEGEND_IN + _ROW_IN * max(1, rows) + _AXIS_IN
    figure = Figure(figsize=(WIDTH_IN, height), dpi=150, facecolor=look.paper)
    # Names stand on the side that the language begins on, counts on the other.
    before, after = _NAMES_IN + _MARGIN_IN, _COUNTS_IN + _MARGIN_IN
    left, right = (after, before) if language.direction == "rtl" else (before, after)
    axes = figure.add_axes(
        (
            left / WIDTH_IN,
            _AXIS_IN / height,
            1 - (left + right) / WIDTH_IN,
            _ROW_IN * max(1, rows) / height,
        )
    )
    _frame(axes, values, look, rows)
    _rows(axes, values, language, look)
    _legend(figure, axes, values, language, look, 1 - HEAD_IN / height)
    head(figure, values.heading, values.facts, language, look, margin_in=_MARGIN_IN)
    return figure


def _frame(axes: Axes, values: CriteriaChart, look: Look, rows: int) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter

    from speechqa.reports.charts.lettering import font, shown

    axes.set_facecolor(look.paper)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(look.soft)
    axes.set_xlim(-2, 102)
    axes.set_ylim(max(1, rows) - 0.4, -0.6)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(FixedLocator([0, 25, 50, 75, 100]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    axes.grid(axis="x", color=look.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(axis="x", length=0, pad=6)
    for label in axes.get_xticklabels():
        label.set_fontproperties(font(_LETTERS))
        label.set_color(look.soft)
    axes.set_xlabel(shown(values.axis), fontproperties=font(_LETTERS - 1), color=look.soft)


def _rows(axes: Axes, values: CriteriaChart, language: Language, look: Look) -> None:
    from matplotlib.patches import Rectangle

    from speechqa.reports.charts.lettering import font, shown

    rtl = language.direction == "rtl"
    y = 0

    def write(text: str, at: int, *, counts: bool, colour: str, bold: bool = False) -> None:
        on_left = counts == rtl
        axes.text(
            -0.02 if on_left else 1.02, at, shown(text), transform=axes.get_yaxis_transform(),
            ha="right" if on_left else "left", va="center", fontproperties=font(_LETTERS, bold=bold),
            color=colour,
        )  # fmt: skip

    for title, points in values.categories:
        if not points:
            continue
        write(title, y, counts=False, colour=look.soft, bold=True)
        y += 1
        for point in points:
            name = point.title if len(point.title) <= _LONGEST else point.title[: _LONGEST - 1] + "…"
            write(name, y, counts=False, colour=look.ink)
            write(point.counted, y, counts=True, colour=look.soft)
            share = point.share
            if share is not None:
                if share.others is not None:
                    axes.add_patch(
                        Rectangle((share.others[0], y - 0.32), share.others_width, 0.64, facecolor="#C9CDD3")
                    )
                if share.low is not None and share.high is not None:
                    axes.plot([share.low, share.high], [y, y], color=look.colours[0], linewidth=3, alpha=0.75)
                axes.plot(
                    [share.at], [y], marker="o", markersize=8, color=look.colours[0],
                    markeredgecolor=look.paper, markeredgewidth=1,
                )  # fmt: skip
            else:
                # In words and with no mark: whatever stood on the scale would be read as a figure.
                axes.text(
                    50, y, shown(point.without), ha="center", va="center", color=look.soft,
                    fontproperties=font(_LETTERS - 2),
                    bbox={"facecolor": look.paper, "linewidth": 0, "pad": 1},
                )  # fmt: skip
            y += 1


def _legend(
    figure: Figure, axes: Axes, values: CriteriaChart, language: Language, look: Look, top: float
) -> None:
    from matplotlib.patches import Rectangle

    from speechqa.reports.charts.lettering import shown
    from speechqa.reports.charts.slides import WIDTH_IN, legend

    handles: list[Line2D | Rectangle] = [
        axes.plot([], [], marker="o", markersize=8, linewidth=3, color=look.colours[0])[0]
    ]
    names = [shown(values.own)]
    if values.others_known:
        handles.append(Rectangle((0, 0), 1, 1, facecolor="#C9CDD3"))
        names.append(shown(values.middle_half))
    edge = 1 - _MARGIN_IN / WIDTH_IN if language.direction == "rtl" else _MARGIN_IN / WIDTH_IN
    legend(figure, handles, names, (edge, top), language, look, letters=_LETTERS - 1)
