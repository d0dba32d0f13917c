"""The arousal curve of one speaker, whatever measures it: windows, floors, episodes, reasons for no value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec.structs import replace

from speechqa.acoustics.talk_clock import TalkClock
from speechqa.acoustics.windows import StressSettings, confidence_of, raised_runs, windows_of
from speechqa.core.segment import Segment, Timeline, seconds
from speechqa.core.stress import StressBaseline, StressCurve, StressEpisode, StressWindow


class Meter(Protocol):
    """Measures one speaker's arousal over a baseline."""

    @property
    def measured_by(self) -> str:
        """What measures, as documents name it."""
        ...

    def own_baseline(self) -> StressBaseline:
        """The speaker's calm level in this call."""
        ...

    def unusable(self, baseline: StressBaseline) -> str | None:
        """Why a baseline from elsewhere is of no use, None where it is."""
        ...

    def voiced_s(self, stretch: Segment) -> float:
        """Voiced seconds in a stretch of the call."""
        ...

    def shares(self, stretch: Segment, baseline: StressBaseline) -> Mapping[str, float]:
        """What each feature adds to the arousal of a stretch, in deviations; there must be voice in it."""
        ...

    def because(self, top: StressWindow, baseline: StressBaseline) -> tuple[str, ...]:
        """What raised a window, in plain words."""
        ...


def curve_over(
    speech: Timeline, meter: Meter, *, baseline: StressBaseline | None, settings: StressSettings | None
) -> StressCurve:
    """Lay windows over a speaker's talk and measure each.

    Parameters
    ----------
    speech : Timeline
        When the speaker talks.
    meter : Meter
        Measures the speaker's voice.
    baseline : StressBaseline or None
        The speaker's calm level from earlier recordings; else that of this call, which needs enough voice and
        more than one window.
    """
    settings = settings or StressSettings()
    if not speech:
        return StressCurve(reason="no speech of this speaker", measured_by=meter.measured_by)
    stretches = windows_of(speech, settings)
    if baseline is None:
        baseline = meter.own_baseline()
        reason = _too_little(speech, baseline, len(stretches), settings)
    else:
        reason = meter.unusable(baseline) or _too_short(baseline, settings)
    if reason and baseline.source == "call":
        baseline = StressBaseline(source="none")
    windows = tuple(_window(stretch, meter, None if reason else baseline, settings) for stretch in stretches)
    if baseline.voiced_seconds < settings.baseline_voiced_s:
        windows = tuple(replace(w, confidence="low") if w.confidence == "ok" else w for w in windows)
    if reason is None and all(window.value is None for window in windows):
        reason = f"no window holds {settings.min_voiced_s:g} s of voice"
    clock = TalkClock(speech)
    runs = raised_runs(windows, settings)
    return StressCurve(
        windows=windows,
        episodes=tuple(_episode(run, meter, baseline, clock) for run in runs),
        baseline=baseline,
        reason=reason,
        thresholds=settings.thresholds(),
        measured_by=meter.measured_by,
    )


def _too_little(speech: Timeline, own: StressBaseline, windows: int, settings: StressSettings) -> str | None:
    if own.voiced_seconds == 0:
        return f"nothing is voiced in {seconds(speech):.1f} s"
    if own.voiced_seconds >= settings.baseline_voiced_s and windows > 1:
        return None
    return (
        f"{seconds(speech):.1f} s listened to, {own.voiced_seconds:.1f} s of it voiced, are too few to tell "
        "this speaker's calm level; name earlier recordings as baseline"
    )


def _too_short(baseline: StressBaseline, settings: StressSettings) -> str | None:
    if baseline.voiced_seconds >= settings.least_baseline_s:
        return None
    return (
        f"the recordings named as baseline hold {baseline.voiced_seconds:.1f} s of voice, "
        f"{settings.least_baseline_s:g} s are needed, and 10 s are better"
    )


def _window(
    stretch: Segment, meter: Meter, baseline: StressBaseline | None, settings: StressSettings
) -> StressWindow:
    voiced = round(meter.voiced_s(stretch), 3)
    confidence = confidence_of(voiced, settings)
    if baseline is None or confidence == "none":
        return StressWindow(
            start=stretch.start, end=stretch.end, value=None, confidence="none", voiced_seconds=voiced
        )
    shares = meter.shares(stretch, baseline)
    return StressWindow(
        start=stretch.start,
        end=stretch.end,
        value=round(sum(shares.values()), 3),
        confidence=confidence,
        voiced_seconds=voiced,
        contributions={name: round(share, 3) for name, share in shares.items()},
    )


def _episode(
    run: list[StressWindow], meter: Meter, baseline: StressBaseline, clock: TalkClock
) -> StressEpisode:
    top = max(run, key=lambda window: window.value or 0.0)
    return StressEpisode(
        start=run[0].start,
        peak=clock.middle(Segment(top.start, top.end)),
        end=run[-1].end,
        peak_value=top.value or 0.0,
        because=meter.because(top, baseline),
    )
