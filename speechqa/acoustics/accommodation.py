"""Do two parties come to speak alike? Proximity, convergence and synchrony of their turns.

After Levitan & Hirschberg 2011; formulas, limits and law: docs/methods/accommodation.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from speechqa.acoustics.association import (
    Ints,
    Z,
    alike_power,
    correlation,
    effective_n,
    holm,
    likeness,
    partial,
    ranks,
    straightened,
    student_t,
    student_z,
    two_sided,
)
from speechqa.acoustics.exchanges import FEATURES, Exchanges, Feature, Line, exchanges_of, line_of
from speechqa.acoustics.voiced_turns import VoicedTurn
from speechqa.core.accommodation import (
    Accommodation,
    AccommodationFigure,
    AfterFalls,
    FeatureAccommodation,
    FeatureName,
    RateBasis,
)

MIN_EXCHANGES: Final = 10
"""Exchanges, in the direction asked for, under which a figure is not computed."""
MIN_FALLS: Final = 5
"""Falls, and turns without one, under which what follows them is not compared."""


def accommodation(
    turns: Sequence[VoicedTurn], *, agent: str, customer: str, rate_basis: RateBasis = "nuclei"
) -> Accommodation:
    """Accommodation between two parties of a call.

    Parameters
    ----------
    turns : sequence of VoicedTurn
        In order of time (`voiced_turns`); where `rate` is None, rate skips the turn.
    agent, customer : str
        The two parties.
    rate_basis : {'words', 'nuclei'}
        What the rate of the turns was counted in.

    Returns
    -------
    Accommodation
        Every figure with its interval, or with the reason why there is none. Another gain of either channel
        gives the same figures, and swapping the parties mirrors them.
    """
    of_both = [turn for turn in turns if turn.party in (agent, customer)]
    counts = {
        "agent": sum(turn.party == agent for turn in of_both),
        "customer": sum(turn.party == customer for turn in of_both),
    }
    features = {name: _feature(name, feature, of_both, agent, customer) for name, feature in FEATURES.items()}
    return Accommodation(
        parties={"agent": agent, "customer": customer},
        turns=counts,
        rate_basis=rate_basis,
        features=_with_clear(features),
    )


def unmeasured(reason: str) -> Accommodation:
    """No figures, and why."""
    return Accommodation(reason=reason)


def _feature(
    name: FeatureName, feature: Feature, turns: Sequence[VoicedTurn], agent: str, customer: str
) -> FeatureAccommodation:
    exchanges = exchanges_of(name, turns, agent, customer)
    count = len(exchanges.times)
    reason = f"{count} exchanges, needs {MIN_EXCHANGES}" if count < MIN_EXCHANGES else None
    if name == "rate" and all(turn.rate is None for turn in turns):
        reason = "no turn is long enough to tell its rate"
    lines = None if reason else tuple(line_of(name, turns, who) for who in (agent, customer))
    if lines is None or not all(line.straight.any() for line in lines):
        reason = reason or "a party's turns hardly differ"
        none = AccommodationFigure(value=None, n=count, reason=reason)
        return FeatureAccommodation(
            unit=feature.unit,
            exchanges=count,
            proximity=none,
            convergence=none,
            synchrony=none,
            reason=reason,
        )
    one, other = lines
    far = np.abs(one.scaled[exchanges.first] - other.scaled[exchanges.second])
    half = (exchanges.times[0] + exchanges.times[-1]) / 2
    early, late = far[exchanges.times < half], far[exchanges.times >= half]
    proximity, near, elsewhere = _proximity(one, other, exchanges)
    return FeatureAccommodation(
        unit=feature.unit,
        exchanges=count,
        proximity=proximity,
        distance=near,
        distance_elsewhere=elsewhere,
        convergence=_convergence(one, other, exchanges),
        distance_first_half=_rounded(float(early.mean())) if len(early) else None,
        distance_second_half=_rounded(float(late.mean())) if len(late) else None,
        synchrony=_synchrony(one, other, exchanges),
        follows={
            "agent": _follows(other, one, *exchanges.answers(of_second=False)),
            "customer": _follows(one, other, *exchanges.answers(of_second=True)),
        },
        after_falls={
            "agent": _after_falls(one, other, *exchanges.answers(of_second=True), feature),
            "customer": _after_falls(other, one, *exchanges.answers(of_second=False), feature),
        },
    )


def _proximity(
    one: Line, other: Line, exchanges: Exchanges
) -> tuple[AccommodationFigure, float | None, float | None]:
    """For each answer: how many of the other's turns elsewhere lie farther off than the one it answers.

    Under no accommodation each share is uniform in [0, 1], whatever the values are like, and no outlier
    weighs more than another turn. The two distances are those of the answers to what they answer and to the
    turns elsewhere.
    """
    even_one, even_other = (line.straight / line.straight.std() for line in (one, other))
    shares: list[float] = []
    near: list[float] = []
    elsewhere: list[float] = []
    for i, j, of_second in zip(exchanges.first, exchanges.second, exchanges.of_second, strict=True):
        if of_second:
            apart, asked = np.abs(even_other[j] - even_one), i
            neighbours = exchanges.first[exchanges.second == j]
        else:
            apart, asked = np.abs(even_one[i] - even_other), j
            neighbours = exchanges.second[exchanges.first == i]
        away = np.delete(apart, neighbours)
        if not len(away):
            continue
        farther = np.round(away - apart[asked], 9)
        shares.append(float((farther > 0).mean() + 0.5 * (farther == 0).mean()))
        near.append(float(apart[asked]))
        elsewhere.append(float(away.mean()))
    n = len(shares)
    if n < MIN_EXCHANGES:
        return _none(n), None, None
    honest = effective_n(exchanges.first, exchanges.second, one.alike, other.alike) * n / len(exchanges.times)
    share, error = float(np.mean(shares)), math.sqrt(1 / 12 / honest)
    figure = AccommodationFigure(
        value=_rounded(share),
        low=_rounded(max(0.0, share - Z * error)),
        high=_rounded(min(1.0, share + Z * error)),
        n=n,
        p=_chance(two_sided((share - 0.5) / error)),
    )
    return figure, _rounded(float(np.mean(near))), _rounded(float(np.mean(elsewhere)))


def _convergence(one: Line, other: Line, exchanges: Exchanges) -> AccommodationFigure:
    """Closeness with time, given how little voice the two turns rest on: short turns scatter more."""
    far = np.abs(one.scaled[exchanges.first] - other.scaled[exchanges.second])
    rough = one.rough[exchanges.first] + other.rough[exchanges.second]
    closer, later = partial(-ranks(far), ranks(exchanges.times), ranks(rough))
    n = len(far)
    alike = likeness(straightened(far, exchanges.times))
    inflated = alike_power(later, alike)
    return _correlated(*correlation(closer, later, n / max(1.0, inflated), controls=1), n=n)


def _synchrony(one: Line, other: Line, exchanges: Exchanges) -> AccommodationFigure:
    honest = effective_n(exchanges.first, exchanges.second, one.alike, other.alike)
    left, right = ranks(one.straight[exchanges.first]), ranks(other.straight[exchanges.second])
    return _correlated(*correlation(left, right, honest), n=len(left))


def _follows(leader: Line, follower: Line, asked: Ints, answered: Ints) -> AccommodationFigure:
    if len(asked) < MIN_EXCHANGES:
        return _none(len(asked))
    honest = effective_n(asked, answered, leader.alike, follower.alike)
    left, right = partial(
        ranks(leader.straight[asked]),
        ranks(follower.straight[answered]),
        ranks(follower.straight[answered - 1]),
    )
    return _correlated(*correlation(left, right, honest, controls=1), n=len(asked))


def _after_falls(leader: Line, follower: Line, asked: Ints, answered: Ints, feature: Feature) -> AfterFalls:
    asked, answered = asked[asked > 0], answered[asked > 0]
    fell = leader.values[asked] - leader.values[asked - 1] <= -feature.fall
    change = np.round(follower.values[answered] - follower.values[answered - 1], 6)
    falls, others = int(fell.sum()), int((~fell).sum())
    return AfterFalls(
        falls=falls,
        fell_too=int((change[fell] < 0).sum()),
        others=others,
        fell_otherwise=int((change[~fell] < 0).sum()),
        mean_change=_rounded(float(change[fell].mean())) if falls else None,
        mean_change_otherwise=_rounded(float(change[~fell].mean())) if others else None,
        difference=_difference(follower, answered, fell),
    )


def _difference(follower: Line, answered: Ints, fell: NDArray[np.bool_]) -> AccommodationFigure:
    falls, n = int(fell.sum()), len(fell)
    if min(falls, n - falls) < MIN_FALLS:
        short = "falls" if falls < MIN_FALLS else "turns without a fall"
        return AccommodationFigure(
            value=None, n=n, reason=f"{min(falls, n - falls)} {short}, needs {MIN_FALLS}"
        )
    left, right = partial(
        fell.astype(np.float64), follower.straight[answered], follower.straight[answered - 1]
    )
    power = float((left**2).sum())
    slope = float((left * right).sum()) / power
    freedom = n - 4  # mean, own turn before, the fall, and the straight course taken out
    error = math.sqrt(float(((right - slope * left) ** 2).sum()) / freedom / power)
    reach = student_t(Z, freedom) * error
    return AccommodationFigure(
        value=_rounded(slope),
        low=_rounded(slope - reach),
        high=_rounded(slope + reach),
        n=n,
        p=_chance(two_sided(student_z(slope / error, freedom))) if error > 0 else 0.0,
    )


def _correlated(value: float, low: float, high: float, p: float, *, n: int) -> AccommodationFigure:
    return AccommodationFigure(
        value=_rounded(value), low=_rounded(low), high=_rounded(high), n=n, p=_chance(p)
    )


def _none(n: int) -> AccommodationFigure:
    return AccommodationFigure(value=None, n=n, reason=f"{n} exchanges, needs {MIN_EXCHANGES}")


def _with_clear(features: dict[FeatureName, FeatureAccommodation]) -> dict[FeatureName, FeatureAccommodation]:
    """Which figures are clear when all of the call are taken together."""
    held = iter(holm([f.p for feature in features.values() for f in _figures(feature) if f.p is not None]))
    marked: dict[FeatureName, FeatureAccommodation] = {}
    for name, feature in features.items():
        proximity, convergence, synchrony, *rest = (
            figure if figure.p is None else replace(figure, clear=next(held)) for figure in _figures(feature)
        )
        follows = dict(zip(feature.follows, rest, strict=False))
        differences = dict(zip(feature.after_falls, rest[len(follows) :], strict=True))
        marked[name] = replace(
            feature,
            proximity=proximity,
            convergence=convergence,
            synchrony=synchrony,
            follows=follows,
            after_falls={
                who: replace(falls, difference=differences[who]) for who, falls in feature.after_falls.items()
            },
        )
    return marked


def _figures(feature: FeatureAccommodation) -> list[AccommodationFigure]:
    return [
        feature.proximity,
        feature.convergence,
        feature.synchrony,
        *feature.follows.values(),
        *(falls.difference for falls in feature.after_falls.values()),
    ]


def _rounded(value: float) -> float:
    return round(value, 3)


def _chance(p: float) -> float:
    return round(p, 6)
