"""How the scores of a batch spread, for slides: calls in each tenth, those with draft words hatched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from speechqa.reports.charts.canvas import PictureFormat, drawn_picture
from speechqa.reports.charts.looks import LIGHT, Look
from speechqa.reports.view.batch import BatchPage
from speechqa.reports.view.batch_figures import SpreadView

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEIGHT_IN: Final = 6.0
_MARGIN_IN: Final = 0.7
_BETWEEN_IN: Final = 0.9
_TOP_IN, _BOTTOM_IN = 1.75, 1.0
_LETTERS: Final = 12


def batch_distribution(page: BatchPage, form: PictureFormat) -> bytes:
    """The chart's bytes; scores run from left to right in every language."""
    return drawn_picture(
        lambda: _drawn(page),
        form,
        title=page.heading,
        description=". ".join(spread.text for spread in page.spreads),
    )


def _drawn(page: BatchPage) -> Figure:
    from matplotlib.figure import Figure

    from speechqa.reports.charts.lettering import font, shown
    from speechqa.reports.charts.slides import WIDTH_IN, head, legend

    look, language = LIGHT, page.language
    figure = Figure(figsize=(WIDTH_IN, _HEIGHT_IN), dpi=150, facecolor=look.paper)
    coloured = list(zip(page.spreads, look.colours, strict=False))
    spreads = coloured[::-1] if language.direction == "rtl" else coloured
    width = (WIDTH_IN - 2 * _MARGIN_IN - _BETWEEN_IN * (len(spreads) - 1)) / max(1, len(spreads))
    most = max((bar.count for spread in page.spreads for bar in spread.bars), default=0)
    for at, (spread, colour) in enumerate(spreads):
        axes = figure.add_axes(
            (
                (_MARGIN_IN + at * (width + _BETWEEN_IN)) / WIDTH_IN,
                _BOTTOM_IN / _HEIGHT_IN,
                width / WIDTH_IN,
                1 - (_TOP_IN + _BOTTOM_IN) / _HEIGHT_IN,
            )
        )
        _bars(axes, spread, colour, look, max(1, most))
        axes.set_title(
            shown(spread.title), fontproperties=font(_LETTERS + 1, bold=True), color=look.ink, pad=14
        )
        under = spread.without or language.say("Calls by their score of record.")
        axes.set_xlabel(shown(under), fontproperties=font(_LETTERS - 1.5), color=look.soft, labelpad=8)
    if any(spread.drafts for spread in page.spreads):
        from matplotlib.patches import Rectangle

        handles = [
            Rectangle((0, 0), 1, 1, facecolor=look.soft),
            Rectangle((0, 0), 1, 1, facecolor="white", edgecolor=look.soft, hatch="////"),
        ]
        names = [shown(language.say("audited words")), shown(language.say("draft words"))]
        right = language.direction == "rtl"
        corner = (1 - _MARGIN_IN / WIDTH_IN if right else _MARGIN_IN / WIDTH_IN, 1 - 1.02 / _HEIGHT_IN)
        legend(figure, handles, names, corner, language, look, letters=_LETTERS - 1)
    head(figure, page.heading, " · ".join(page.summary), language, look, margin_in=_MARGIN_IN)
    return figure


def _bars(axes: Axes, spread: SpreadView, colour: str, look: Look, most: int) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter

    from speechqa.reports.charts.lettering import font

    axes.set_facecolor(look.paper)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(look.soft)
    count = max(1, len(spread.bars))
    for at, bar in enumerate(spread.bars):
        if not bar.count:
            continue
        drafts = bar.count * bar.drafts / bar.height
        axes.bar(at + 0.5, bar.count - drafts, width=0.86, color=colour)
        if drafts:
            axes.bar(
                at + 0.5, drafts, bottom=bar.count - drafts, width=0.86, facecolor="white",
                edgecolor=colour, hatch="////", linewidth=1,
            )  # fmt: skip
        axes.text(
            at + 0.5, bar.count + 0.015 * most, f"{bar.count:,}", ha="center", va="bottom",
            fontproperties=font(_LETTERS - 1), color=look.ink,
        )  # fmt: skip
    axes.set_xlim(0, count)
    axes.set_ylim(0, 1.1 * most)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(FixedLocator([0, count / 4, count / 2, 3 * count / 4, count]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value / count:.0f}%"))
    axes.tick_params(axis="x", length=0, pad=6)
    for label in axes.get_xticklabels():
        label.set_fontproperties(font(_LETTERS))
        label.set_color(look.soft)
