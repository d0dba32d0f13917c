"""A chart on a slide: its heading and what it rests on above it, on the side that its language begins on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from speechqa.reports.charts.lettering import font, shown
from speechqa.reports.charts.looks import Look
from speechqa.reports.language import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH_IN: Final = 12.0
HEAD_IN: Final = 0.95
"""Room above a slide's chart."""
_LONGEST: Final = 60
_LONGEST_UNDER: Final = 110


def head(
    figure: Figure, heading: str, facts: str, language: Language, look: Look, *, margin_in: float
) -> None:
    """Write the heading and the line under it."""
    width, height = figure.get_size_inches()
    right = language.direction == "rtl"
    x, side = (1 - margin_in / width, "right") if right else (margin_in / width, "left")
    for text, top_in, letters, colour in (
        (_cut(heading, _LONGEST), 0.28, font(19, bold=True), look.ink),
        (_cut(facts, _LONGEST_UNDER), 0.68, font(12), look.soft),
    ):
        figure.text(
            x, 1 - top_in / height, shown(text), fontproperties=letters, color=colour, ha=side, va="top"
        )


def legend(
    figure: Figure,
    handles: Sequence[Any],
    names: Sequence[str],
    corner: tuple[float, float],
    language: Language,
    look: Look,
    *,
    letters: float,
) -> None:
    """A legend in one row from that corner of the figure, which runs the way of the language."""
    right = language.direction == "rtl"
    figure.legend(
        handles[::-1] if right else handles, names[::-1] if right else names,
        loc="upper right" if right else "upper left", bbox_to_anchor=corner, ncols=len(names),
        markerfirst=not right, frameon=False, prop=font(letters), labelcolor=look.ink, borderaxespad=0,
        borderpad=0, handletextpad=0.5, columnspacing=1.6,
    )  # fmt: skip


def _cut(text: str, longest: int) -> str:
    """A line that fits on a slide; a name may be of any length."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
