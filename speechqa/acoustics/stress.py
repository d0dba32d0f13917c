"""Vocal arousal of one speaker against the own calm level: a curve and its episodes.

No emotion label: raised arousal may be anger, fear or joy. Method, limits and law: docs/methods/stress.md.
"""

from __future__ import annotations

import numpy as np

from speechqa.acoustics.baseline import Floats, baseline_from, calm_row, contributions, summary
from speechqa.acoustics.pitch import FEATURES, VoicedFrames
from speechqa.acoustics.windows import StressSettings, confidence_of, raised_runs, windows_of
from speechqa.core.segment import Segment, Timeline, seconds
from speechqa.core.stress import StressBaseline, StressCurve, StressEpisode, StressWindow

__all__ = ["StressSettings", "stress_curve"]

_WORDS = {
    "f0_st": "pitch {:+.1f} semitones over own baseline",
    "alpha_db": "energy above 1000 Hz {:+.1f} dB over own baseline",
    "hammarberg_db": "strongest partial above 2000 Hz {:+.1f} dB over own baseline",
    "centroid_hz": "spectral centre {:+.0f} Hz over own baseline",
    "flux": "spectral flux {:+.2f} over own baseline",
}
_LOWER_IS_AROUSED = ("alpha_db", "hammarberg_db")
_WORTH_NAMING = 0.2  # share of the peak a feature must carry to be named as its cause


def stress_curve(
    frames: VoicedFrames,
    speech: Timeline,
    *,
    baseline: StressBaseline | None = None,
    settings: StressSettings | None = None,
) -> StressCurve:
    """Measure a speaker's arousal over a call.

    Parameters
    ----------
    frames : VoicedFrames
        The speaker's voice.
    speech : Timeline
        When the speaker talks.
    baseline : StressBaseline, optional
        The speaker's calm level from earlier recordings (`baseline_from`); else the calmest half of this
        call, which needs more than one window.
    settings : StressSettings, optional
        Windows, floors and thresholds.

    Returns
    -------
    StressCurve
        Values in deviations from the baseline, unclipped; None where too little was voiced. Level plays no
        part: the same call at another gain gives the same curve.
    """
    settings = settings or StressSettings()
    if not speech:
        return StressCurve(reason="no speech of this speaker")
    stretches = windows_of(speech, settings)
    reason = None
    if baseline is None:
        own = baseline_from([frames], "call")
        if own.voiced_seconds < settings.baseline_voiced_s or len(stretches) < 2:
            reason = (
                f"{seconds(speech):.1f} s of speech, {own.voiced_seconds:.1f} s of it voiced, are too few to "
                "tell this speaker's calm level; name earlier recordings as baseline"
            )
        baseline = StressBaseline(source="none") if reason else own
    elif not baseline.features:
        reason = "nothing was voiced in the recordings named as baseline"
    calm = None if reason else calm_row(baseline)
    windows = tuple(_window(stretch, frames, calm, baseline.spread, settings) for stretch in stretches)
    if reason is None and all(window.value is None for window in windows):
        reason = f"no window holds {settings.min_voiced_s:g} s of voice"
    return StressCurve(
        windows=windows,
        episodes=_episodes(windows, frames, calm, settings),
        baseline=baseline,
        reason=reason,
    )


def _rows(stretch: Segment, frames: VoicedFrames) -> Floats:
    first, last = np.searchsorted(frames.times, [stretch.start, stretch.end])
    rows: Floats = frames.values[first:last]
    return rows


def _window(
    stretch: Segment, frames: VoicedFrames, calm: Floats | None, spread: float, settings: StressSettings
) -> StressWindow:
    rows = _rows(stretch, frames)
    voiced = round(len(rows) * frames.hop_s, 3)
    confidence = confidence_of(voiced, settings)
    if calm is None or confidence == "none":
        return StressWindow(
            start=stretch.start, end=stretch.end, value=None, confidence="none", voiced_seconds=voiced
        )
    shares = contributions(summary(rows), calm, spread)
    return StressWindow(
        start=stretch.start,
        end=stretch.end,
        value=round(float(shares.sum()), 3),
        confidence=confidence,
        voiced_seconds=voiced,
        contributions={name: round(float(share), 3) for name, share in zip(FEATURES, shares, strict=True)},
    )


def _episodes(
    windows: tuple[StressWindow, ...], frames: VoicedFrames, calm: Floats | None, settings: StressSettings
) -> tuple[StressEpisode, ...]:
    """Stretches from a rise over `on` until a fall under `off`; a window of low confidence begins none."""
    if calm is None:
        return ()
    return tuple(_episode(run, frames, calm) for run in raised_runs(windows, settings))


def _episode(run: list[StressWindow], frames: VoicedFrames, calm: Floats) -> StressEpisode:
    values = [window.value or 0.0 for window in run]
    top = run[int(np.argmax(values))]
    return StressEpisode(
        start=run[0].start,
        peak=round((top.start + top.end) / 2, 3),
        end=run[-1].end,
        peak_value=max(values),
        because=_because(top, summary(_rows(Segment(top.start, top.end), frames)) - calm),
    )


def _because(top: StressWindow, shift: Floats) -> tuple[str, ...]:
    whole = top.value or 0.0
    named = [
        (share, name, -change if name in _LOWER_IS_AROUSED else change)
        for (name, share), change in zip(top.contributions.items(), shift.tolist(), strict=True)
        if share >= _WORTH_NAMING * whole
    ]
    named.sort(key=lambda one: -one[0])
    return tuple(_WORDS[name].format(change) for _, name, change in named)
