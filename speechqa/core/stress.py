"""Vocal arousal against the speaker's own baseline: a curve and its episodes, never an emotion label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from speechqa.core.transcript import ActName
from speechqa.core.value import Value, require, require_interval


class StressWindow(Value, frozen=True, kw_only=True):
    """Arousal of one speaker in one window.

    `value` is unclipped, in deviations from the speaker's baseline, None when too little was voiced;
    `contributions` are the features' shares in the same unit; `confidence` is `ok`, `low` (little voice, or
    voices on one channel that are hard to tell apart) or `none`.
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
    """The speaker's calm level: features in their units, and the voiced seconds they rest on.

    `spread` is what the arousal of this speaker varies by when calm, in what is usual among speakers.
    """

    source: Literal["call", "recordings", "none"]
    voiced_seconds: float = 0.0
    spread: float = 1.0
    features: Mapping[str, float] = msgspec.field(default_factory=dict)


class StressThresholds(Value, frozen=True, kw_only=True):
    """In deviations: from where a window counts as raised, where an episode begins, under which it ends."""

    raised: float
    begins: float
    ends: float


class SpokenTurn(Value, frozen=True, kw_only=True):
    """A turn of the transcript near a change: its place there from 0, who spoke, when, the words and acts."""

    turn: int
    speaker: str
    start: float
    end: float
    quote: str = ""
    acts: tuple[ActName, ...] = ()


class StressChange(Value, frozen=True, kw_only=True):
    """A lasting rise or fall of arousal, and what was said before it.

    What was said before is no cause: it is where to listen.

    Attributes
    ----------
    kind : str
        `rise` or `fall`.
    at : float
        Where a step fits the curve best, in seconds; it lies within the speaker's own talk.
    start, end : float
        Between these the change happened, with about 95 % confidence.
    from_value, to_value : float
        The lowest and the highest level around it, in deviations, each over two neighbouring windows.
    from_at, to_at : float
        The middles of these, in seconds.
    uncertainty : float
        Half the width of an interval of `to_value - from_value` that holds for all pairs of levels in the
        call at once with 95 %, as the highest and lowest of a call always differ.
    confidence : str
        `low` where a window that it rests on has low confidence.
    before : tuple of SpokenTurn
        Turns of the other party that may have come just before it, in order of time: from the last before
        the speaker's turn at `start` to the last that began before `end`.
    shows_in : SpokenTurn or None
        The speaker's own turn at `at`, or the next.
    reason : str or None
        Why `before` is empty.
    """

    kind: Literal["rise", "fall"]
    at: float
    start: float
    end: float
    from_value: float
    to_value: float
    from_at: float
    to_at: float
    uncertainty: float
    confidence: Literal["ok", "low"] = "ok"
    before: tuple[SpokenTurn, ...] = ()
    shows_in: SpokenTurn | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        require_interval(self.start, self.end)
        require((self.to_value > self.from_value) == (self.kind == "rise"), "a rise goes up and a fall down")


class StressTrend(Value, frozen=True, kw_only=True):
    """Slope of arousal over the call, in deviations a minute, with its 95 % interval."""

    per_minute: float
    low: float
    high: float


class StressSummary(Value, frozen=True, kw_only=True):
    """A speaker's arousal over a call in a few figures, in deviations from the baseline.

    Attributes
    ----------
    windows : int
        Windows with a value, on which all rests.
    peak, peak_at : float
        Highest value, and the middle of its window in seconds.
    mean : float
        Over the windows.
    raised_share : float
        Share of the windows over the threshold of raised arousal, which is lower than that of an episode.
    first, last : float or None
        Mean of the windows of the first and last third, which share no talk.
    change, uncertainty : float or None
        `last - first`, and half the width of its 95 % interval.
    trend : StressTrend or None
        None under six windows.
    ended : str or None
        How the speaker ended against how they began; `same` says that no difference beyond the uncertainty
        was seen, and a lively farewell is `more aroused` too. None where it cannot be told, as `reason`
        says.
    """

    windows: int
    peak: float
    peak_at: float
    mean: float
    raised_share: float
    first: float | None = None
    last: float | None = None
    change: float | None = None
    uncertainty: float | None = None
    trend: StressTrend | None = None
    ended: Literal["calmer", "same", "more aroused"] | None = None
    reason: str | None = None


class AbsoluteFigure(Value, frozen=True, kw_only=True):
    """A figure of a voice beside calm telephone voices, all in `unit`.

    One voice in twenty lies under `population_low`, one over `population_high`. `deviations` is how far the
    figure lies on the aroused side of the median, in standard deviations among voices.
    """

    value: float
    unit: str
    population_median: float
    population_low: float
    population_high: float
    deviations: float


class AbsoluteView(Value, frozen=True, kw_only=True):
    """A speaker's calm level beside a population's: all there is for one who is agitated from the first word.

    Confidence is never more than low: nobody can tell a high voice from a raised one by this. `flagged` is
    None where there is too little voice; `reason` says what it rests on.
    """

    flagged: bool | None
    reason: str
    confidence: Literal["low", "none"]
    figures: Mapping[str, AbsoluteFigure] = msgspec.field(default_factory=dict)


class StressCurve(Value, frozen=True, kw_only=True):
    """Arousal of one speaker over a call; `reason` says why there is no value where there is none.

    `changes`, `summary` and `absolute` are worked out in a call's document; in a curve alone they are absent.
    `measured_by` is `voice`, or the name and digest of a model of the user's own. `thresholds` are those the
    episodes were found with, None where nothing was measured.
    """

    windows: tuple[StressWindow, ...] = ()
    episodes: tuple[StressEpisode, ...] = ()
    baseline: StressBaseline = StressBaseline(source="none")
    reason: str | None = None
    changes: tuple[StressChange, ...] = ()
    summary: StressSummary | None = None
    absolute: AbsoluteView | None = None
    measured_by: str = "voice"
    thresholds: StressThresholds | None = None
