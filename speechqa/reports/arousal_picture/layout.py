"""The page of a picture: text, a legend and room for panels from top to bottom, as high as they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from speechqa.core.value import Value
from speechqa.reports.charts.lettering import font

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN: Final = 12.0
DPI: Final = 150
"""1800 pixels wide: sharp on a slide, and its words can be read at 1200."""
_MARGIN_IN: Final = 0.3
_HANDLE_IN: Final = 0.34
_LEADING: Final = 1.42


class Entry(Value, frozen=True, kw_only=True):
    """One line of the legend: what is drawn, as a line with its marker or as a patch, and what it means."""

    text: str
    line: Mapping[str, Any] = {}
    patch: Mapping[str, Any] = {}


class Page:
    """Places things from top to bottom, in inches; the drawing waits until the height is known.

    Parameters
    ----------
    right_to_left : bool
        Whether text stands at the right edge and the legend runs from there.
    """

    def __init__(self, *, right_to_left: bool) -> None:
        self._rtl = right_to_left
        self._y = 0.25
        self._texts: list[tuple[float, float, str, FontProperties, str]] = []
        self._handles: list[tuple[float, float, Entry]] = []
        renderer: Any = RendererAgg  # without types
        self._renderer = renderer(100, 100, 100)

    def font(self, size: float, *, bold: bool = False) -> FontProperties:
        """Matplotlib's own DejaVu Sans by its file, so that every machine draws the same."""
        return font(size, bold=bold)

    def gap(self, inches: float) -> None:
        """Leave room."""
        self._y += inches

    def panel(self, height_in: float) -> float:
        """Room for axes; where it begins, in inches from the top."""
        top = self._y
        self._y += height_in
        return top

    def text(self, text: str, *, size: float, bold: bool = False, colour: str = "#222222") -> None:
        """A paragraph over the whole width, broken where it must be."""
        if not text:
            return
        font = self.font(size, bold=bold)
        for line in self.wrapped(text, size=size, bold=bold, width_in=WIDTH_IN - 2 * _MARGIN_IN):
            self._texts.append((_MARGIN_IN, self._y, self._directed(line), font, colour))
            self._y += size * _LEADING / 72

    def entries(self, entries: Sequence[Entry], *, size: float = 9.5) -> None:
        """A legend that flows over as many rows as it needs."""
        font = self.font(size)
        x, row = _MARGIN_IN, size * 1.7 / 72
        for entry in entries:
            width = _HANDLE_IN + 0.09 + self._width(entry.text, font) + 0.28
            if x > _MARGIN_IN and x + width > WIDTH_IN - _MARGIN_IN + 0.28:
                x = _MARGIN_IN
                self._y += row
            self._handles.append((x, self._y + row / 2, entry))
            self._texts.append((x + _HANDLE_IN + 0.09, self._y + row * 0.14, entry.text, font, "#222222"))
            x += width
        self._y += row if entries else 0.0

    def wrapped(self, text: str, *, size: float, width_in: float, bold: bool = False) -> list[str]:
        """Lines no wider than `width_in`; a word that is wider alone is cut with an ellipsis."""
        font = self.font(size, bold=bold)
        lines: list[str] = []
        for word in text.split(" "):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self._width(joined, font) <= width_in:
                lines[-1] = joined
            else:
                lines.append(self._cut(word, font, width_in))
        return lines

    def figure(self) -> Figure:
        """The page as a figure, its text and legend drawn."""
        height = self._y
        figure = Figure(figsize=(WIDTH_IN, height), dpi=DPI, facecolor="white")
        over = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        over.set_axis_off()
        over.set_xlim(0.0, WIDTH_IN)
        over.set_ylim(height, 0.0)
        for x, y, text, lettered, colour in self._texts:
            side = "right" if self._rtl else "left"
            over.text(self._x(x), y, text, fontproperties=lettered, color=colour, ha=side, va="top")
        for x, y, entry in self._handles:
            self._draw_handle(over, x, y, entry)
        return figure

    def axes(self, figure: Figure, top_in: float, height_in: float, left_in: float, right_in: float) -> Axes:
        """Axes in the room that `panel` kept."""
        width, height = WIDTH_IN, self._y
        box = (left_in / width, 1 - (top_in + height_in) / height, 1 - (left_in + right_in) / width)
        return figure.add_axes((*box, height_in / height))

    def _draw_handle(self, over: Axes, x: float, y: float, entry: Entry) -> None:
        left = self._x(x + _HANDLE_IN) if self._rtl else x
        if entry.patch:
            over.add_patch(Rectangle((left, y - 0.06), _HANDLE_IN, 0.12, **entry.patch))
            return
        style = dict(entry.line)
        if style.get("linestyle") == "none":
            over.add_line(Line2D([left + _HANDLE_IN / 2], [y], **style))
            return
        marker: dict[str, Any] = {
            key: style.pop(key) for key in ("marker", "markersize", "markerfacecolor") if key in style
        }
        over.add_line(Line2D([left, left + _HANDLE_IN], [y, y], **style))
        dot: dict[str, Any] = {**style, **marker, "linestyle": "none"}
        over.add_line(Line2D([left + _HANDLE_IN / 2], [y], **dot))

    def _directed(self, line: str) -> str:
        """A line that runs the page's way, whatever letter it begins with."""
        return ("\u200f" if self._rtl else "\u200e") + line

    def _x(self, x: float) -> float:
        return WIDTH_IN - x if self._rtl else x

    def _width(self, text: str, font: FontProperties) -> float:
        return float(self._renderer.get_text_width_height_descent(text, font, False)[0]) / 100

    def _cut(self, word: str, font: FontProperties, width_in: float) -> str:
        if self._width(word, font) <= width_in:
            return word
        kept = len(word)
        while kept > 1 and self._width(word[:kept] + "…", font) > width_in:
            kept = kept * 9 // 10
        return word[:kept] + "…"
