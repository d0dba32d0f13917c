"""Vocal arousal against the speaker's own baseline: a curve and its episodes, never an emotion label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from speechqa.core.value import Value, require, require_interval


class StressWindow(Value, frozen=True, kw_only=True):
    """Arousal of one speaker in one window.

    `value` is unclipped, in deviations from the speaker's baseline, None when too little was voiced;
    `contributions` are the features' shares in the same unit; `confidence` is `ok`, `low` (2 to 4 s voiced)
    or `none`.
    """

    start: float
    end: float
    value: float | None
    confidence: Literal["ok", "low", "none"]
    voiced_seconds: float = 0.0
    contributions: Mapping[str, float] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        require_interval(self.start, self.end)
        require((self.value is None) == (self.confidence == "none"), "a value and its confidence go together")


class StressEpisode(Value, frozen=True, kw_only=True):
    """A stretch of raised arousal: where it starts, peaks and ends, and what raised it in plain words."""

    start: float
    peak: float
    end: float
    peak_value: float
    because: tuple[str, ...] = ()


class StressBaseline(Value, frozen=True, kw_only=True):
    """The speaker's calm level: feature medians in their units, and the voiced seconds they rest on."""

    source: Literal["call", "recordings", "none"]
    voiced_seconds: float = 0.0
    features: Mapping[str, float] = msgspec.field(default_factory=dict)


class StressCurve(Value, frozen=True, kw_only=True):
    """Arousal of one speaker over a call; `reason` says why there is no value where there is none."""

    windows: tuple[StressWindow, ...] = ()
    episodes: tuple[StressEpisode, ...] = ()
    baseline: StressBaseline = StressBaseline(source="none")
    reason: str | None = None
