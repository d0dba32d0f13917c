"""How things look in the arousal picture, and the legend that says so."""

from __future__ import annotations

from typing import Any, Final

from speechqa.reports.arousal_picture.layout import Entry
from speechqa.reports.arousal_picture.scene import Scene

# Okabe & Ito 2008: told apart by the colour-blind, and by lightness on a black-and-white print.
BLUE: Final = "#0072B2"
GREEN: Final = "#009E73"
RED: Final = "#D55E00"
AMBER: Final = "#E69F00"
PURPLE: Final = "#8E4585"
GREY: Final = "#767676"
INK: Final = "#222222"

COLOURS: Final[dict[str, Any]] = {"customer": BLUE, "speaker": BLUE, "agent": GREEN}
STYLES: Final[dict[str, dict[str, Any]]] = {
    "interruption": {"marker": "v", "color": RED, "markersize": 10, "markeredgecolor": INK, "zorder": 6},
    "failed_interruption": {
        "marker": "v", "color": "white", "markersize": 9, "markeredgecolor": RED, "markeredgewidth": 1.6,
        "zorder": 5,
    },
    "cut_off": {"marker": "x", "color": PURPLE, "markersize": 7, "markeredgewidth": 2, "zorder": 5},
    "simultaneous_start": {
        "marker": "D", "color": "white", "markersize": 5.5, "markeredgecolor": INK, "markeredgewidth": 1.1,
        "zorder": 4,
    },
    "terminal": {"marker": "|", "color": GREY, "markersize": 8, "markeredgewidth": 1.4, "zorder": 3},
    "backchannel": {"marker": ".", "color": GREY, "markersize": 6, "markeredgewidth": 0, "zorder": 3},
}  # fmt: skip
WAITS: Final[dict[str, Any]] = {
    "hold": {"facecolor": "#EFEFEF", "edgecolor": "#9A9A9A", "hatch": "///"},
    "dead_air": {"facecolor": "#F3ECF2", "edgecolor": PURPLE, "hatch": "xxx"},
    "silence": {"facecolor": "#F7F7F7", "edgecolor": "#B5B5B5", "hatch": "..."},
}
EPISODE: Final[dict[str, Any]] = {"facecolor": AMBER, "alpha": 0.22, "edgecolor": "none"}
VALUELESS: Final[dict[str, Any]] = {"facecolor": "#EFEFEF", "edgecolor": "#8A8A8A", "hatch": "\\\\\\\\\\"}


def legend(scene: Scene) -> tuple[Entry, ...]:
    """Only what is in this picture, in the order of what matters."""
    words = scene.words
    entries: list[Entry] = []
    for line in scene.lines:
        if line.points:
            marker = "s" if line.role == "agent" else "o"
            style = {"color": COLOURS[line.role], "marker": marker, "markersize": 4.5, "linewidth": 2.0}
            entries.append(Entry(text=words.curve.format(who=line.name), line=style))
    shown = [line for line in scene.lines if any(not point.sure for point in line.points)]
    if shown:
        colour = COLOURS[shown[0].role]
        style = {
            "color": colour, "marker": "s" if shown[0].role == "agent" else "o", "markersize": 4.5,
            "markerfacecolor": "white", "linestyle": "--", "linewidth": 1.4, "alpha": 0.7,
        }  # fmt: skip
        entries.append(Entry(text=words.low, line=style))
    if any(line.valueless for line in scene.lines):
        entries.append(Entry(text=words.no_value, patch={**VALUELESS, "linewidth": 0.4}))
    if any(line.episodes for line in scene.lines):
        entries.append(Entry(text=words.episode, patch=EPISODE))
        star = {"color": AMBER, "marker": "*", "markersize": 12, "markeredgecolor": INK, "linestyle": "none"}
        entries.append(Entry(text=words.peak, line=star))
    if any(line.changes for line in scene.lines):
        arrow = {"color": INK, "marker": "^", "markersize": 6, "linewidth": 1.2}
        entries.append(Entry(text=words.rise_or_fall, line=arrow))
    kinds = {mark.kind for lane in scene.lanes for mark in lane.marks}
    for kind, style in STYLES.items():
        if kind in kinds:
            entries.append(Entry(text=words.kinds[kind], line={**style, "linestyle": "none"}))
    waits = {wait.kind for wait in scene.waits}
    for name, patch in WAITS.items():
        if name in waits:
            entries.append(Entry(text=words.kinds[name], patch={**patch, "linewidth": 0.4}))
    return tuple(entries)
