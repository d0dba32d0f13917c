"""A voice beside calm telephone voices: the absolute view of somebody agitated from the first word.

A curve is relative to the speaker's own calm level, and one who is never calm has none. Here that level is
held against a population. Little can be had of it: voices differ among people more than with arousal, and
lines move the spectrum further than agitation does. So only pitch beyond nearly all women's is flagged,
which no man's voice reaches, and confidence is never more than low.

Population: pitch of men by Traunmueller & Eriksson (1995), "The frequency range of the voice fundamental in
the speech of male and female adults" (120 Hz; women 210 Hz). Women on the telephone lie above that; theirs
and the spectrum are of channels with one voice and 3 s of it in four HarperValleyBank calls (CC BY 4.0),
two of amazon-transcribe-live-call-analytics (Apache-2.0) and one of Speechmatics (MIT), by
`python -m benchmarks.arousal_course`.
"""

from __future__ import annotations

import math
from typing import Final

from speechqa.core.stress import AbsoluteFigure, AbsoluteView, StressBaseline
from speechqa.core.value import Value

LEAST_VOICED_S: Final = 5.0
"""Voiced seconds that a voice must have to be held against others."""


class Population(Value, frozen=True, kw_only=True):
    """Calm voices: mean and standard deviation of a feature over `n` of them; pitch by its logarithm.

    `spread` of pitch is in semitones; `sign` is the direction in which arousal moves the feature.
    """

    unit: str
    mean: float
    spread: float
    n: int
    sign: int = 1


MEN: Final = Population(unit="Hz", mean=120.0, spread=2.49, n=9)
"""The mean is the literature's; four men's voices at hand lie from 99 to 135 Hz. Spread as of women."""
WOMEN: Final = Population(unit="Hz", mean=233.7, spread=2.49, n=9)
SPECTRUM: Final = {
    "alpha_db": Population(unit="dB", mean=10.68, spread=5.51, n=13, sign=-1),
    "hammarberg_db": Population(unit="dB", mean=22.88, spread=5.64, n=13, sign=-1),
    "centroid_hz": Population(unit="Hz", mean=1065.4, spread=213.9, n=13),
    "flux": Population(unit="distance", mean=0.476, spread=0.074, n=13),
}

# Quantile .95 of Student's t for 8 and 12 degrees of freedom: where one voice in twenty lies beyond, for a
# mean and a deviation known from 9 and 13 voices.
_QUANTILE: Final = {9: 1.860, 13: 1.782}


def absolute_view(calm: StressBaseline) -> AbsoluteView:
    """Hold a speaker's calm level within one call against calm telephone voices.

    Parameters
    ----------
    calm : StressBaseline
        Of this call alone (`baseline_from`): one from other recordings says nothing of today.

    Returns
    -------
    AbsoluteView
        Flagged where pitch is higher than 19 of 20 women's and the spectrum lies on the aroused side too.
    """
    if calm.voiced_seconds < LEAST_VOICED_S or not calm.features.get("f0_hz", 0.0) > 0:
        return AbsoluteView(
            flagged=None,
            confidence="none",
            reason=f"{calm.voiced_seconds:.1f} s of voice, {LEAST_VOICED_S:g} s are needed",
        )
    hertz = calm.features["f0_hz"]
    spectrum = {
        name: _figure(calm.features[name], population)
        for name, population in SPECTRUM.items()
        if name in calm.features
    }
    figures = {"f0_hz_beside_men": _pitch(hertz, MEN), "f0_hz_beside_women": _pitch(hertz, WOMEN), **spectrum}
    limit = figures["f0_hz_beside_women"].population_high
    sharp = sum(figure.deviations for figure in spectrum.values()) > 0
    flagged = hertz > limit and sharp
    return AbsoluteView(
        flagged=flagged, confidence="low", reason=_reason(hertz, flagged=flagged), figures=figures
    )


def _reason(hertz: float, *, flagged: bool) -> str:
    men, women = _pitch(hertz, MEN), _pitch(hertz, WOMEN)
    lowest = f"calm level at {hertz:.0f} Hz"
    if flagged:
        return (
            f"{lowest}, above {women.population_high:.0f} Hz, which by an estimate from nine voices 19 of "
            "20 calm women's do not reach, and a sharp spectrum: agitated throughout, a high voice, or a "
            "child's; this cannot tell"
        )
    if hertz > women.population_high:
        return f"{lowest}, higher than 19 of 20 women's (estimated from nine), but with a soft spectrum"
    if hertz > men.population_high:
        return (
            f"{lowest}: a woman's calm voice or a man's raised one; "
            "this cannot tell a high voice from a raised one"
        )
    return f"{lowest}, within calm voices; somebody agitated throughout may lie there too"


def _pitch(hertz: float, population: Population) -> AbsoluteFigure:
    reach = _reach(population)
    return AbsoluteFigure(
        value=round(hertz, 1),
        unit=population.unit,
        population_median=population.mean,
        population_low=round(population.mean * 2 ** (-reach / 12), 1),
        population_high=round(population.mean * 2 ** (reach / 12), 1),
        deviations=round(12 * math.log2(hertz / population.mean) / population.spread, 2),
    )


def _figure(value: float, population: Population) -> AbsoluteFigure:
    reach = _reach(population)
    return AbsoluteFigure(
        value=round(value, 3),
        unit=population.unit,
        population_median=population.mean,
        population_low=round(population.mean - reach, 3),
        population_high=round(population.mean + reach, 3),
        deviations=round(population.sign * (value - population.mean) / population.spread, 2),
    )


def _reach(population: Population) -> float:
    """How far from the mean all but one voice in twenty lie, each way."""
    return _QUANTILE[population.n] * math.sqrt(1 + 1 / population.n) * population.spread
