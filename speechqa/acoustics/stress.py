"""Vocal arousal of one speaker against the own calm level: a curve and its episodes.

No emotion label: raised arousal may be anger, fear or joy. Method, limits and law: docs/methods/stress.md.
"""

from __future__ import annotations

from speechqa.acoustics.baseline import baseline_from, calm_row, contributions, summary
from speechqa.acoustics.curve import curve_over
from speechqa.acoustics.frames import FEATURES, Frames
from speechqa.acoustics.windows import StressSettings
from speechqa.core.segment import Segment, Timeline
from speechqa.core.stress import StressBaseline, StressCurve, StressWindow

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
    frames: Frames,
    speech: Timeline,
    *,
    baseline: StressBaseline | None = None,
    settings: StressSettings | None = None,
) -> StressCurve:
    """Measure a speaker's arousal over a call.

    Parameters
    ----------
    frames : Frames
        The speaker's voice.
    speech : Timeline
        When the speaker talks.
    baseline : StressBaseline, optional
        The speaker's calm level from earlier recordings (`baseline_from`); else that of this call,
        which needs enough voice and more than one window.
    settings : StressSettings, optional
        Windows, floors and thresholds.

    Returns
    -------
    StressCurve
        Values in deviations from the baseline, unclipped; None where too little was voiced. Level plays no
        part: the same call at another gain gives the same curve.
    """
    return curve_over(speech, _VoiceMeter(frames), baseline=baseline, settings=settings)


class _VoiceMeter:
    """Arousal by pitch and spectrum of the voiced frames."""

    measured_by = "voice"

    def __init__(self, frames: Frames) -> None:
        self._frames = frames

    def own_baseline(self) -> StressBaseline:
        return baseline_from([self._frames], "call")

    def unusable(self, baseline: StressBaseline) -> str | None:
        return None if baseline.features else "nothing was voiced in the recordings named as baseline"

    def voiced_s(self, stretch: Segment) -> float:
        return self._frames.within(stretch).voiced_s

    def shares(self, stretch: Segment, baseline: StressBaseline) -> dict[str, float]:
        shares = contributions(summary(self._frames.within(stretch)), calm_row(baseline), baseline.spread)
        return dict(zip(FEATURES, shares.tolist(), strict=True))

    def because(self, top: StressWindow, baseline: StressBaseline) -> tuple[str, ...]:
        shift = summary(self._frames.within(Segment(top.start, top.end))) - calm_row(baseline)
        named = [
            (share, name, -change if name in _LOWER_IS_AROUSED else change)
            for (name, share), change in zip(top.contributions.items(), shift.tolist(), strict=True)
            if share >= _WORTH_NAMING * (top.value or 0.0)
        ]
        named.sort(key=lambda one: -one[0])
        return tuple(_WORDS[name].format(change) for _, name, change in named)
