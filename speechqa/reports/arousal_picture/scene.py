"""What the arousal picture shows, in plain values: the drawing computes no measure."""

from __future__ import annotations

from typing import Literal

from speechqa.core.segment import Timeline
from speechqa.core.stress import StressChange, StressEpisode
from speechqa.core.value import Value
from speechqa.reports.arousal_picture.words import Words


class Mark(Value, frozen=True, kw_only=True):
    """Something a party did at a time; `kind` is an overlap's class or `cut_off`."""

    time: float
    kind: str


class Lane(Value, frozen=True, kw_only=True):
    """When one party speaks, and where it came in over the other."""

    name: str
    role: str
    speech: Timeline = ()
    marks: tuple[Mark, ...] = ()


class Wait(Value, frozen=True, kw_only=True):
    """A stretch in which nobody speaks, or somebody waits."""

    start: float
    end: float
    kind: Literal["hold", "dead_air", "silence"]


class Point(Value, frozen=True, kw_only=True):
    """A window's value at the middle of its stretch; `joined` says whether the line goes on from the last."""

    time: float
    value: float
    sure: bool
    joined: bool


class Line(Value, frozen=True, kw_only=True):
    """One party's curve: its points, where it has no value, numbered episodes, lettered rises and falls.

    `reason` says why there is no point where there is none.
    """

    name: str
    role: str
    points: tuple[Point, ...] = ()
    valueless: Timeline = ()
    episodes: tuple[tuple[int, StressEpisode], ...] = ()
    changes: tuple[tuple[str, StressChange], ...] = ()
    reason: str = ""


class Scene(Value, frozen=True, kw_only=True):
    """The whole picture in plain values.

    `levels` say what each calm level rests on, `told` is the text under the picture, `end_s` is where its
    time axis ends, 0 where no time is known; `thresholds` are where an episode begins and ends.
    """

    words: Words
    heading: str
    facts: str
    levels: tuple[str, ...]
    lines: tuple[Line, ...]
    lanes: tuple[Lane, ...]
    waits: tuple[Wait, ...]
    told: tuple[str, ...]
    end_s: float
    thresholds: tuple[float, float] | None = None
    note: str = ""

    @property
    def description(self) -> str:
        """The picture in words, for those who cannot see it."""
        reasons = (line.reason for line in self.lines)
        parts = (self.facts, self.words.notice, *self.levels, self.note, *reasons, *self.told)
        return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)
