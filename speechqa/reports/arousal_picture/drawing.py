"""The arousal picture drawn: curve above, turns and what happened between them below, words around."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator

from speechqa.reports.arousal_picture.layout import WIDTH_IN, Page
from speechqa.reports.arousal_picture.scene import Lane, Line, Scene
from speechqa.reports.arousal_picture.styles import (
    AMBER,
    COLOURS,
    EPISODE,
    GREY,
    INK,
    RED,
    STYLES,
    VALUELESS,
    WAITS,
    legend,
)
from speechqa.reports.wording import length

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CURVE_IN = 3.0
_EMPTY_CURVE_IN = 1.6
_LANE_IN = 0.5
_LEFT_IN, _RIGHT_IN = 1.15, 1.55
_NUMBER: Final = {"boxstyle": "circle,pad=0.18", "facecolor": "white", "edgecolor": INK, "linewidth": 0.8}
_FEW = 80
"""Up to this many points each gets a dot of its own."""
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)


def drawn(scene: Scene) -> Figure:
    """The picture of a scene, of fixed width and as high as its words need."""
    rtl = scene.words.right_to_left
    page = Page(right_to_left=rtl)
    page.text(scene.heading, size=15, bold=True)
    page.text(scene.facts, size=10.5)
    page.text(scene.words.notice, size=10.5, bold=True, colour=RED)
    for level in scene.levels:
        page.text(level, size=10.5)
    page.gap(0.14)
    has_values = any(line.points for line in scene.lines)
    reasons = [line.reason for line in scene.lines if line.reason] + ([scene.note] if scene.note else [])
    curve_top = page.panel(_CURVE_IN if has_values else _EMPTY_CURVE_IN)
    page.gap(0.1)
    lanes_in = _LANE_IN * max(1, len(scene.lanes)) + 0.1
    lanes_top = page.panel(lanes_in)
    page.gap(0.42)
    page.entries(legend(scene))
    page.gap(0.1)
    for text in scene.told:
        page.text(text, size=10.5)
    page.gap(0.12)

    figure = page.figure()
    curve_in = _CURVE_IN if has_values else _EMPTY_CURVE_IN
    curve = page.axes(figure, curve_top, curve_in, _LEFT_IN, _RIGHT_IN)
    lanes = page.axes(figure, lanes_top, lanes_in, _LEFT_IN, _RIGHT_IN)
    _draw_curve(curve, scene, page, reasons, has_values=has_values)
    _draw_lanes(lanes, scene, page)
    for axes in (curve, lanes):
        axes.set_xlim(0.0, scene.end_s or 1.0)
        _time_axis(axes, scene.end_s, labels=axes is lanes, page=page)
    if not has_values:
        curve.grid(visible=False)
    return figure


def _draw_curve(axes: Axes, scene: Scene, page: Page, reasons: Sequence[str], *, has_values: bool) -> None:
    words = scene.words
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if not has_values:
        axes.set_yticks([])
        axes.set_ylim(0, 1)
        text = page.wrapped(" ".join(reasons), size=11.5, width_in=WIDTH_IN - _LEFT_IN - _RIGHT_IN - 0.6)
        axes.text(
            0.5, 0.55, "\n".join(text), transform=axes.transAxes, ha="center", va="center", color=INK,
            fontproperties=page.font(11.5), linespacing=1.4,
        )  # fmt: skip
        _valueless(axes, scene.lines)
        return
    values = [point.value for line in scene.lines for point in line.points]
    values += [v for line in scene.lines for _, one in line.changes for v in (one.from_value, one.to_value)]
    begins, ends = scene.thresholds or (0.0, 0.0)
    low = min(-1.5, min(values) - 0.5)
    high = max(3.5, begins + 1.0, max(values) + 0.16 * (max(values) - low))  # room for an episode's number
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.0f}" if value else "0"))
    for label in axes.get_yticklabels():
        label.set_fontproperties(page.font(9.5))
    axes.set_ylabel(words.axis, fontproperties=page.font(10), labelpad=6)
    # From the lowest up, each label clear of the one below it.
    room, lowest = 0.165 * (high - low) / _CURVE_IN, low
    levels = [(0.0, "0", words.calm, "-", GREY)]
    if scene.thresholds:
        levels += [
            (ends, f"{ends:g}", words.ends, ":", RED),
            (begins, f"{begins:g}", words.begins, "--", RED),
        ]
    for value, shown, said, style, colour in levels:
        axes.axhline(value, linestyle=style, color=colour, linewidth=1.0, zorder=1)
        lowest = max(value, lowest + room)
        axes.text(
            1.008, lowest, said.format(value=shown), transform=axes.get_yaxis_transform(), va="center",
            ha="left", color=colour if colour == RED else INK, fontproperties=page.font(9),
        )  # fmt: skip
    _interrupted(axes, scene.lanes)
    _valueless(axes, scene.lines)
    for line in scene.lines:
        _draw_line(axes, line)
        _draw_changes(axes, line, page)
    _number_episodes(axes, scene, page)
    if reasons:
        axes.text(
            0.5, 0.97, "\n".join(reasons), transform=axes.transAxes, ha="center", va="top",
            fontproperties=page.font(9.5), color=INK,
        )  # fmt: skip


def _draw_line(axes: Axes, line: Line) -> None:
    colour, square = COLOURS[line.role], line.role == "agent"
    sure: list[list[tuple[float, float]]] = []
    doubtful: list[list[tuple[float, float]]] = []
    for before, point in zip(line.points, line.points[1:], strict=False):
        if point.joined:
            ends = [(before.time, before.value), (point.time, point.value)]
            (sure if before.sure and point.sure else doubtful).append(ends)
    width = 1.4 if square else 2.0
    axes.add_collection(LineCollection(sure, colors=colour, linewidths=width, zorder=4))
    axes.add_collection(
        LineCollection(
            doubtful, colors=colour, linewidths=width * 0.7, linestyles="dashed", alpha=0.6, zorder=3
        )
    )
    few = len(line.points) <= _FEW
    for index, point in enumerate(line.points):
        follows = index + 1 < len(line.points) and line.points[index + 1].joined
        if few or not (point.joined or follows):
            face = colour if point.sure else "white"
            axes.plot(
                [point.time], [point.value], linestyle="none", marker="s" if square else "o", markersize=4.5,
                markerfacecolor=face, markeredgecolor=colour, alpha=1.0 if point.sure else 0.7, zorder=5,
            )  # fmt: skip


def _draw_changes(axes: Axes, line: Line, page: Page) -> None:
    """An arrow from the level before to that after, and how surely its place is known."""
    for letter, change in line.changes:
        arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
        before, after = (change.at, change.from_value), (change.at, change.to_value)
        axes.annotate("", after, xytext=before, arrowprops=arrow, zorder=6)
        middle = (change.from_value + change.to_value) / 2
        axes.plot(
            [change.start, change.end], [middle, middle], color=INK, linewidth=1.0, marker="|", markersize=5,
            zorder=6,
        )  # fmt: skip
        axes.annotate(
            letter, before, xytext=(8, 0), textcoords="offset points", ha="center", va="center",
            fontproperties=page.font(10, bold=True), color=INK, zorder=8,
            bbox={"boxstyle": "round,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        )  # fmt: skip


def _number_episodes(axes: Axes, scene: Scene, page: Page) -> None:
    """Shade the episodes and number them at their peaks, one row lower where two numbers would meet."""
    room = scene.end_s * 0.24 / (WIDTH_IN - _LEFT_IN - _RIGHT_IN)
    rows: list[float] = []
    for line in scene.lines:
        for number, episode in line.episodes:
            axes.axvspan(episode.start, episode.end, zorder=0, **EPISODE)
            for edge in (episode.start, episode.end):
                axes.axvline(edge, color=AMBER, linewidth=1.0, zorder=0)
            axes.plot(
                [episode.peak], [episode.peak_value], marker="*", markersize=13, color=AMBER,
                markeredgecolor=INK, markeredgewidth=0.8, zorder=7,
            )  # fmt: skip
            row = next((i for i, taken in enumerate(rows) if episode.peak - taken >= room), len(rows))
            if row == len(rows):
                rows.append(episode.peak)
            rows[row] = episode.peak
            axes.text(
                episode.peak, 0.985 - 0.085 * (row % 4), str(number), transform=axes.get_xaxis_transform(),
                ha="center", va="top", fontproperties=page.font(10, bold=True), color=INK, zorder=8,
                bbox=_NUMBER,
            )  # fmt: skip


def _interrupted(axes: Axes, lanes: Iterable[Lane]) -> None:
    """A tick on the curve's floor for each interruption, so that it is seen with what the voice does then."""
    times = [m.time for lane in lanes for m in lane.marks if m.kind == "interruption"]
    axes.vlines(times, 0.0, 0.07, transform=axes.get_xaxis_transform(), color=RED, linewidth=1.4, zorder=3)


def _valueless(axes: Axes, lines: Iterable[Line]) -> None:
    spans = [(stretch.start, stretch.duration) for line in lines for stretch in line.valueless]
    if spans:
        axes.broken_barh(
            spans, (0.0, 0.035), transform=axes.get_xaxis_transform(), linewidth=0.4, zorder=2, **VALUELESS
        )


def _draw_lanes(axes: Axes, scene: Scene, page: Page) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    count = max(1, len(scene.lanes))
    axes.set_ylim(count, -0.1)
    axes.tick_params(axis="y", length=0)
    axes.set_yticks([index + 0.62 for index in range(len(scene.lanes))], [lane.name for lane in scene.lanes])
    for label in axes.get_yticklabels():
        label.set_fontproperties(page.font(11))
    for wait in scene.waits:
        axes.axvspan(wait.start, wait.end, linewidth=0.0, zorder=0, **WAITS[wait.kind])
    if not scene.lanes:
        axes.text(
            0.5, 0.5, scene.words.no_turns, transform=axes.transAxes, ha="center", va="center",
            fontproperties=page.font(10.5), color=INK,
        )  # fmt: skip
    for index, lane in enumerate(scene.lanes):
        spans = [(stretch.start, stretch.duration) for stretch in lane.speech]
        colour = COLOURS.get(lane.role, GREY)
        axes.broken_barh(spans, (index + 0.42, 0.46), facecolors=colour, edgecolors="none", zorder=2)
        for kind, style in STYLES.items():
            times = [mark.time for mark in lane.marks if mark.kind == kind]
            if times:
                axes.plot(times, [index + 0.2] * len(times), linestyle="none", clip_on=False, **style)
        for mark in lane.marks:
            if mark.kind == "interruption":
                axes.vlines([mark.time], index + 0.2, index + 0.88, color=RED, linewidth=1.4, zorder=4)


def _time_axis(axes: Axes, end_s: float, *, labels: bool, page: Page) -> None:
    step = next((step for step in _STEPS_S if end_s / step <= 12), _STEPS_S[-1])
    times = [float(step * index) for index in range(int(end_s / step) + 1)] if end_s else []
    axes.xaxis.set_major_locator(FixedLocator(times))
    axes.xaxis.set_major_formatter(FixedFormatter([length(time) for time in times] if labels else []))
    axes.tick_params(axis="x", length=4 if labels else 0)
    axes.grid(visible=True, axis="x", color="#E3E3E3", linewidth=0.7, zorder=0)
    axes.set_axisbelow(True)
    for label in axes.get_xticklabels():
        label.set_fontproperties(page.font(10))
