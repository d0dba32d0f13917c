"""The call over time as pictures for paper: long calls in several rows, told apart without colour too.

Marks, speech and waves are drawn here; names and times are set as text around them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from speechqa.core.value import Value
from speechqa.reports.arousal_picture.styles import AMBER, BLUE, GREEN, GREY, INK, RED
from speechqa.reports.language import Language
from speechqa.reports.print.typesetting import short
from speechqa.reports.view.timeline import CurveView, Lane, Stretch, Timeline, tick_step
from speechqa.reports.wording import length

ROW_S = 600.0
"""Most seconds in a row of the picture."""
WIDE = 153.0
"""Width of a row in mm; what begins or ends at its edges is drawn `EDGE` beyond them."""
EDGE = 2.0
_LEVEL, _LANE, _CURVE, _AXIS = 4.0, 13.0, 11.0, 4.0
_WAVE = 8.0
_LONGEST_NAME = 40
_FILL = {"agent": GREEN, "customer": BLUE, "unknown": GREY}
_SIGNS = {
    "interruption": f'<path d="M-1.3 -1.1H1.3L0 1.3Z" fill="{RED}" stroke="{INK}" stroke-width=".25"/>',
    "failed_interruption": f'<path d="M-1.2 -1H1.2L0 1.1Z" fill="#fff" stroke="{RED}" stroke-width=".45"/>',
    "cut_off": f'<path d="M-1 -1L1 1M1 -1L-1 1" stroke="{INK}" stroke-width=".5" fill="none"/>',
    "simultaneous_start": '<path d="M0 -1.2L1.2 0L0 1.2L-1.2 0Z" fill="#fff" '
    f'stroke="{INK}" stroke-width=".3"/>',
    "terminal": f'<path d="M0 -1.1V1.1" stroke="{GREY}" stroke-width=".4"/>',
    "backchannel": f'<circle r=".5" fill="{GREY}"/>',
}
_FINDINGS = {
    "pass": '<circle r="1.35" fill="#0b6b3a"/>'
    '<path d="M-.65 .05L-.15 .55L.7 -.5" stroke="#fff" stroke-width=".35" fill="none"/>',
    "fail": '<path d="M-1.3 -1.3H1.3V1.3H-1.3Z" fill="#a8321c"/>'
    '<path d="M-.6 -.6L.6 .6M.6 -.6L-.6 .6" stroke="#fff" stroke-width=".35"/>',
    "promise": f'<path d="M0 -1.7L1.7 0L0 1.7L-1.7 0Z" fill="#fff" stroke="{BLUE}" stroke-width=".5"/>',
    "signal": '<path d="M-1.2 1.7V-1.7H1.5L.5 -.75L1.5 .2H-.7V1.7Z" fill="#7a5200"/>',
    "listen": f'<path d="M0 -1.9L.55 -.62L1.9 -.57L.86 .29L1.24 1.67L0 .88L-1.24 1.67L-.86 .29L-1.9 -.57'
    f'L-.55 -.62Z" fill="{AMBER}" stroke="{INK}" stroke-width=".2"/>',
}
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"listen"}),
    frozenset({"signal", "promise"}),
    frozenset({"pass", "fail"}),
)
_WAITS = {
    "hold": '<path d="M-.5 .5L.5 -.5M0 2L2 0M1.5 2.5L2.5 1.5" stroke="#8a8a8a" stroke-width=".25"/>',
    "dead_air": f'<path d="M0 0L2 2M2 0L0 2" stroke="{RED}" stroke-width=".25"/>',
    "silence": '<circle cx="1" cy="1" r=".22" fill="#8a8a8a"/>',
    "bleeped": '<path d="M0 1H2" stroke="#444" stroke-width=".35"/>',
}
_RAISED = f'fill="{AMBER}" fill-opacity=".35"'
_POINT = re.compile(r"([ML])([-\d.]+) ([-\d.]+)")


class Name(Value, frozen=True, kw_only=True):
    """What stands beside a lane; `y` in mm from the top."""

    y: float
    text: str
    role: str


class Tick(Value, frozen=True, kw_only=True):
    """A time under a row; `x` in hundredths of the row."""

    x: float
    text: str


class Row(Value, frozen=True, kw_only=True):
    """A part of the call; `height` in mm."""

    svg: str
    height: float
    names: tuple[Name, ...]
    ticks: tuple[Tick, ...]


class Entry(Value, frozen=True, kw_only=True):
    """A sign of the legend, and what it means."""

    svg: str
    words: str


class Picture(Value, frozen=True, kw_only=True):
    """The whole picture; `notes` tell of what is not in it."""

    rows: tuple[Row, ...]
    legend: tuple[Entry, ...]
    notes: tuple[str, ...]
    description: str


def picture(timeline: Timeline, language: Language) -> Picture:
    """The picture of a call, in rows of ten minutes at most."""
    count = max(1, math.ceil(timeline.duration / ROW_S))
    return Picture(
        rows=tuple(_row(timeline, _Part(timeline.duration, at, count), language) for at in range(count)),
        legend=tuple(Entry(svg=_entry(kind), words=words) for kind, words in timeline.kinds),
        notes=tuple(f"{curve.title}: {curve.reason}" for curve in timeline.curves if curve.reason),
        description=timeline.description,
    )


class _Part:
    """One row: hundredths of the call to millimetres of the row."""

    def __init__(self, duration: float, at: int, count: int) -> None:
        self.seconds = duration / count
        self.first = self.seconds * at
        self._low, self._high = 100 * at / count, 100 * (at + 1) / count

    def mm(self, x: float) -> float:
        return round((x - self._low) / (self._high - self._low) * WIDE, 2)

    def holds(self, x: float) -> bool:
        return self._low <= x < self._high or (x >= 100 and self._high >= 100)

    def stretches(self, found: Iterable[Stretch]) -> Iterator[tuple[Stretch, float, float]]:
        """Those that lie in it, each with its left edge and its width, no wider than the row."""
        for one in found:
            if one.x < self._high and one.x + one.width > self._low:
                left, right = max(0.0, self.mm(one.x)), min(WIDE, self.mm(one.x + one.width))
                yield one, left, round(max(0.15, right - left), 2)


def _row(timeline: Timeline, part: _Part, language: Language) -> Row:
    drawn: list[str] = []
    names: list[Name] = []
    y = 0.0
    marks = [mark for mark in timeline.marks if part.holds(mark.x)]
    kinds = {mark.kind for mark in marks}
    # Marks of one time stand above each other, so that none covers another of importance.
    for level in (one for one in _LEVELS if kinds & one):
        if not y:
            names.append(Name(y=1.0, text=language.say("findings"), role="unknown"))
        drawn += [
            f'<g transform="translate({part.mm(mark.x)} {y + 2})">{_FINDINGS[mark.kind]}</g>'
            for mark in marks
            if mark.kind in level
        ]
        y += _LEVEL
    for lane in timeline.lanes:
        names.append(Name(y=y + 2.6, text=short(lane.title, _LONGEST_NAME), role=lane.role))
        drawn += _lane(lane, part, y)
        y += _LANE
    for curve in timeline.curves:
        if curve.lines:
            names.append(Name(y=y + 1.5, text=short(curve.title, _LONGEST_NAME), role=curve.role))
            drawn += _curve(curve, part, y)
            y += _CURVE
    ticks = tuple(_ticks(part))
    under = [
        f'<rect x="{left}" y="0" width="{width}" height="{y}" fill="url(#{one.kind})"/>'
        for one, left, width in (*part.stretches(timeline.waits), *part.stretches(timeline.bleeped))
    ]
    axis = f'<path d="M0 {y}H{WIDE}" stroke="#565c65" stroke-width=".2"/>' + "".join(
        f'<path d="M{tick.x * WIDE / 100:.2f} {y}v1.2" stroke="#565c65" stroke-width=".2"/>' for tick in ticks
    )
    height = y + _AXIS
    return Row(
        svg=_svg(WIDE + 2 * EDGE, height, f"{_patterns()}{''.join(under)}{''.join(drawn)}{axis}", left=-EDGE),
        height=height,
        names=tuple(names),
        ticks=ticks,
    )


def _ticks(part: _Part) -> Iterator[Tick]:
    step = tick_step(part.seconds)
    at = math.ceil(part.first / step) * step
    while at < part.first + part.seconds * 0.97:
        yield Tick(x=round(100 * (at - part.first) / part.seconds, 3), text=length(at))
        at += step


def _lane(lane: Lane, part: _Part, y: float) -> Iterator[str]:
    colour = _FILL[lane.role]
    strength = ".2" if lane.wave else ".85"
    for _, left, width in part.stretches(lane.speech):
        shape = f'x="{left}" y="{y + 0.5}" width="{width}" height="{_WAVE}"'
        yield f'<rect {shape} fill="{colour}" fill-opacity="{strength}"/>'
    if lane.wave:
        yield f'<path d="{_wave(lane, part, y + 0.5)}" fill="{colour}"/>'
    for one, left, width in part.stretches(lane.overlaps):
        over = RED if one.kind == "interruption" else GREY
        yield f'<rect x="{left}" y="{y + 0.8 + _WAVE}" width="{width}" height=".7" fill="{over}"/>'
    for sign in lane.signs:
        if part.holds(sign.x):
            yield f'<g transform="translate({part.mm(sign.x)} {y + _WAVE + 3})">{_SIGNS[sign.kind]}</g>'
    yield f'<path d="M0 {y + _LANE - 0.2}H{WIDE}" stroke="#c9cdd4" stroke-width=".15"/>'


def _wave(lane: Lane, part: _Part, y: float) -> str:
    """The part of a wave, whose path goes out above the middle and comes back below it."""
    points = [(float(x), float(top)) for _, x, top in _POINT.findall(lane.wave)[1 : 1 + lane.columns]]
    shown = [
        (part.mm(100 * x / lane.columns), top) for x, top in points if part.holds(100 * x / lane.columns)
    ]
    if not shown:
        return ""
    middle, scale = y + _WAVE / 2, _WAVE / 100
    upper = [f"L{x:.2f} {middle + (top - 50) * scale:.2f}" for x, top in shown]
    lower = [f"L{x:.2f} {middle - (top - 50) * scale:.2f}" for x, top in reversed(shown)]
    return f"M{shown[0][0]:.2f} {middle:.2f}{''.join(upper)}{''.join(lower)}Z"


def _curve(curve: CurveView, part: _Part, y: float) -> Iterator[str]:
    colour = _FILL[curve.role]
    tall = _CURVE - 1

    def height(value: float) -> float:
        return round(0.5 + tall * value / 100, 2)

    # A picture in the picture: a line that goes on in another row is cut off at the edge of this one.
    yield f'<svg x="0" y="{y}" width="{WIDE}" height="{_CURVE}" viewBox="0 0 {WIDE} {_CURVE}">'
    for _, left, width in part.stretches(curve.episodes):
        yield f'<rect x="{left}" y="0" width="{width}" height="{_CURVE}" {_RAISED}/>'
    yield f'<path d="M0 {height(curve.calm)}H{WIDE}" stroke="#a0a5ad" stroke-width=".2"/>'
    if curve.begins is not None:
        level = height(curve.begins)
        yield f'<path d="M0 {level}H{WIDE}" stroke="{AMBER}" stroke-width=".3" stroke-dasharray="1 1"/>'
    for line in curve.lines:
        points = [(part.mm(float(x) / 10), height(float(value))) for _, x, value in _POINT.findall(line.path)]
        if not points or points[0][0] > WIDE or points[-1][0] < 0:
            continue
        path = "".join(f"{'L' if i else 'M'}{x} {value}" for i, (x, value) in enumerate(points))
        path += "" if len(points) > 1 else "h.4"
        dashes = "" if line.sure else ' stroke-dasharray="1 .7"'
        thick = ".5" if line.sure else ".35"
        yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"{dashes}/>'
    yield f'</svg><path d="M0 {y + _CURVE - 0.1}H{WIDE}" stroke="#c9cdd4" stroke-width=".15"/>'


def _entry(kind: str) -> str:
    if kind in _WAITS:
        inside = f'{_patterns()}<rect x="-2" y="-2" width="4" height="4" fill="url(#{kind})"/>'
    elif kind == "raised":
        inside = f'<rect x="-2" y="-2" width="4" height="4" {_RAISED}/>'
    else:
        inside = _FINDINGS.get(kind) or _SIGNS[kind]
    return _svg(4.0, 4.0, inside, left=-2.0, top=-2.0)


def _patterns() -> str:
    return "<defs>" + "".join(
        f'<pattern id="{kind}" width="2" height="2" patternUnits="userSpaceOnUse">{drawn}</pattern>'
        for kind, drawn in _WAITS.items()
    ) + "</defs>"  # fmt: skip


def _svg(width: float, height: float, inside: str, *, left: float = 0.0, top: float = 0.0) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="{left} {top} {width} {height}">{inside}</svg>'
    )
