"""Windows on a speaker's own talk and the runs of them that are episodes, whatever arousal is measured by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from speechqa.acoustics.talk_clock import TalkClock
from speechqa.core.segment import Segment, Timeline
from speechqa.core.stress import StressThresholds, StressWindow
from speechqa.core.value import Value, require

_STEP_S = 1e-3  # times are in whole milliseconds


class StressSettings(Value, frozen=True, kw_only=True):
    """Windows, floors and thresholds.

    Attributes
    ----------
    window_s, hop_s : float
        Length and distance of windows in seconds of the speaker's own talk.
    span_s : float
        Longest stretch of the call a window may lie across.
    min_voiced_s : float
        Voiced seconds a window needs for a value; under `ok_voiced_s` its confidence is low.
    baseline_voiced_s, least_baseline_s : float
        Voiced seconds a baseline from the call itself needs; on less from other recordings, down to
        `least_baseline_s`, all confidence is low.
    raised : float
        Deviations from which a window counts as raised: in acted speech nine of ten aroused utterances and
        one of thirty calm ones do, whatever the mixture the baseline comes from.
    on, off : float
        Deviations at which an episode begins and under which it ends.
    """

    window_s: float = 12.0
    hop_s: float = 5.0
    span_s: float = 60.0
    min_voiced_s: float = 2.0
    ok_voiced_s: float = 4.0
    baseline_voiced_s: float = 5.0
    least_baseline_s: float = 2.0
    raised: float = 1.25
    on: float = 3.0
    off: float = 1.5

    def __post_init__(self) -> None:
        require(0 < self.hop_s <= self.window_s <= self.span_s, "0 < hop_s <= window_s <= span_s must hold")
        require(
            self.min_voiced_s > 0 and math.isfinite(self.min_voiced_s),
            f"min_voiced_s must be positive, found {self.min_voiced_s}",
        )
        require(self.off <= self.on, f"off must not exceed on, found {self.off} and {self.on}")

    def thresholds(self) -> StressThresholds:
        """As documents hold them."""
        return StressThresholds(raised=self.raised, begins=self.on, ends=self.off)


def windows_of(speech: Timeline, settings: StressSettings) -> list[Segment]:
    """Windows on the speaker's own talk, as stretches of the call."""
    clock = TalkClock(speech)
    latest = max(0.0, clock.total - settings.window_s)  # the last window ends with the talk
    found: list[Segment] = []
    offset = 0.0
    while True:
        start = clock.time(offset)
        end = clock.time(min(clock.total, offset + settings.window_s), at_end=True)
        if end > start + settings.span_s:  # a long rest lies inside: the window ends with the talk before it
            end = clock.time(float(clock.talked([start + settings.span_s])[0]), at_end=True)
        if end > start:
            found.append(Segment(start, end))
        reached = max(offset + _STEP_S, float(clock.talked([end])[0]))
        if reached >= clock.total - 2 * _STEP_S:
            return found
        following = min(offset + settings.hop_s, reached)
        offset = min(following, latest) if latest > offset else following


def confidence_of(voiced_s: float, settings: StressSettings) -> Literal["ok", "low", "none"]:
    """How much a window of so much voice is worth."""
    if voiced_s < settings.min_voiced_s:
        return "none"
    return "ok" if voiced_s >= settings.ok_voiced_s else "low"


def raised_runs(windows: Sequence[StressWindow], settings: StressSettings) -> list[list[StressWindow]]:
    """Windows from a rise over `on` until a fall under `off`; one of low confidence begins no run."""
    runs: list[list[StressWindow]] = []
    going: list[StressWindow] | None = None
    for window in windows:
        if window.value is None:
            continue  # too little voice says nothing, neither that it goes on nor that it ended
        if going and window.start - going[-1].end > settings.span_s:
            going = None  # nothing was heard in between
        if going is None and window.value >= settings.on and window.confidence == "ok":
            going = []
            runs.append(going)
        if going is not None and window.value < settings.off:
            going = None
        if going is not None:
            going.append(window)
    return runs
