"""How far two parties come to speak alike, in words: the same for terminal and page.

Only what is clear gets a sentence; the rest is "no clear accommodation", with what that rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from speechqa.core.accommodation import (
    Accommodation,
    AccommodationFigure,
    AfterFalls,
    FeatureAccommodation,
    FeatureName,
)

HEADING: Final = "speaking alike"
NO_SCORE: Final = "about two voices, no part of any score"
_NAMES: Final[Mapping[FeatureName, str]] = {"f0": "pitch", "level": "level", "rate": "rate"}
_OTHER: Final = {"agent": "customer", "customer": "agent"}


def accommodation_lines(found: Accommodation) -> Iterator[tuple[str, str]]:
    """A name and a sentence for each feature, or one for all where nothing was measured.

    Examples
    --------
    >>> list(accommodation_lines(Accommodation(reason="nobody speaks")))
    [('speaking alike', 'not assessed: nobody speaks')]
    """
    if found.reason is not None:
        yield HEADING, f"not assessed: {found.reason}"
        return
    unmeasured: dict[str, list[str]] = {}
    for name, feature in found.features.items():
        if feature.reason is not None:
            unmeasured.setdefault(feature.reason, []).append(_NAMES[name])
            continue
        clear = [*_clear(feature)]
        rests = f"{feature.exchanges} exchanges"
        yield (
            f"{HEADING}, {_NAMES[name]}",
            f"{'; '.join(clear)} ({rests}; {NO_SCORE})" if clear else f"no clear accommodation ({rests})",
        )
    for reason, names in unmeasured.items():
        yield f"{HEADING}, {' and '.join(names)}", f"not assessed: {reason}"


def _clear(feature: FeatureAccommodation) -> Iterator[str]:
    """A sentence for each figure that is clear."""
    if feature.proximity.clear:
        nearer = "closer to" if (feature.proximity.value or 0) > 0.5 else "farther from"
        yield (
            f"a turn is {nearer} the one before it than to the other's turns elsewhere "
            f"{_interval(feature.proximity)}"
        )
    if feature.convergence.clear:
        do = "come closer" if (feature.convergence.value or 0) > 0 else "drift apart"
        yield f"the two {do} over the call {_interval(feature.convergence)}"
    if feature.synchrony.clear:
        do = "rise and fall together" if (feature.synchrony.value or 0) > 0 else "move against each other"
        yield f"the two {do} {_interval(feature.synchrony)}"
    for who, figure in feature.follows.items():
        if figure.clear:
            does = "goes along with" if (figure.value or 0) > 0 else "moves against"
            yield f"the {who}'s answer {does} the {_OTHER[who]}'s turn {_interval(figure)}"
    for who, falls in feature.after_falls.items():
        if falls.difference.clear:
            yield _after_falls(who, falls, feature.unit)


def _after_falls(who: str, falls: AfterFalls, unit: str) -> str:
    value = falls.difference.value or 0
    how = f"{abs(value):.1f} {unit} {'lower' if value < 0 else 'higher'}"
    return (
        f"after the {who}'s falls the {_OTHER[who]} speaks {how} than after other turns "
        f"{_interval(falls.difference)}, in {falls.fell_too} of {falls.falls} under the own turn before"
    )


def _interval(figure: AccommodationFigure) -> str:
    return f"[{figure.value:.2f}, {figure.low:.2f} to {figure.high:.2f}, n {figure.n}]"
