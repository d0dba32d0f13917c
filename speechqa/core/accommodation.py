"""How far two parties of a call come to speak alike: rate, pitch and level of turns that follow one another.

Figures about two voices, no emotion and no judgement of anyone: they enter no score.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from speechqa.core.value import Value, require

FeatureName = Literal["f0", "level", "rate"]
RateBasis = Literal["words", "nuclei"]

_OTHER = {"agent": "customer", "customer": "agent"}


class AccommodationFigure(Value, frozen=True, kw_only=True):
    """One figure with its 95 % interval, or the reason why there is none.

    `n` is the exchanges it rests on, `p` two-sided and for this figure alone. `clear` says that it differs
    from no accommodation even when all figures of the call are taken together (Holm 1979): of calls without
    any accommodation, at most one in twenty has a clear figure.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    p: float | None = None
    clear: bool = False
    reason: str | None = None

    def __post_init__(self) -> None:
        require((self.value is None) == (self.reason is not None), "a figure has a value or a reason")
        require(self.value is not None or not self.clear, "what has no value is not clear")


class AfterFalls(Value, frozen=True, kw_only=True):
    """What the other does in the next turn after one party's pitch, level or rate fell against its last turn.

    Attributes
    ----------
    falls, fell_too : int
        Turns of the one that fell by at least the feature's threshold and were answered, and how many of the
        answers lay under the other's own turn before.
    others, fell_otherwise : int
        The same for turns that did not fall.
    mean_change, mean_change_otherwise : float or None
        Mean change of the other against the own turn before, in the feature's unit.
    difference : AccommodationFigure
        How much lower (negative) or higher the other speaks after falls than after other turns, in the
        feature's unit, given where the other was before.
    """

    falls: int
    fell_too: int
    others: int
    fell_otherwise: int
    mean_change: float | None
    mean_change_otherwise: float | None
    difference: AccommodationFigure


class FeatureAccommodation(Value, frozen=True, kw_only=True):
    """Accommodation in one feature.

    Attributes
    ----------
    unit : str
        Semitones, dB or syllables a second.
    exchanges : int
        Neighbouring turns of the two that both have a value.
    reason : str or None
        Why nothing was measured.
    proximity : AccommodationFigure
        Share of the other's turns elsewhere in the call that lie farther from a turn than its neighbour does;
        0.5 is no proximity, more is closer.
    distance, distance_elsewhere : float or None
        Mean distance of a turn to its neighbour and to the other's turns elsewhere, in standard deviations of
        each one's own turns.
    convergence : AccommodationFigure
        Partial rank correlation of closeness with time, given how short the turns are; positive where the two
        come closer.
    distance_first_half, distance_second_half : float or None
        Mean distance of the exchanges of each half of the call; of pitch and level in standard deviations of
        each one's own turns, of rate in syllables a second.
    synchrony : AccommodationFigure
        Rank correlation of neighbouring turns, each party's own course over the call taken out.
    follows : mapping of str to AccommodationFigure
        By the role that answers: partial rank correlation of the answer with the turn it answers, given the
        own turn before.
    after_falls : mapping of str to AfterFalls
        By the role whose turns fell.
    """

    unit: str
    exchanges: int
    proximity: AccommodationFigure
    convergence: AccommodationFigure
    synchrony: AccommodationFigure
    follows: Mapping[str, AccommodationFigure] = msgspec.field(default_factory=dict)
    after_falls: Mapping[str, AfterFalls] = msgspec.field(default_factory=dict)
    distance: float | None = None
    distance_elsewhere: float | None = None
    distance_first_half: float | None = None
    distance_second_half: float | None = None
    reason: str | None = None


class Accommodation(Value, frozen=True, kw_only=True):
    """Accommodation between the agent and the customer of one call; it enters no score.

    `parties` and `turns` are by role: who was measured, and how many turns with voice each has. `features`
    are `f0`, `level` and `rate`. `rate_basis` is what syllables were counted in: the words, or, where these
    are not to be relied on, peaks of level in the voice. `reason` says why nothing was measured.
    """

    parties: Mapping[str, str] = msgspec.field(default_factory=dict)
    turns: Mapping[str, int] = msgspec.field(default_factory=dict)
    features: Mapping[FeatureName, FeatureAccommodation] = msgspec.field(default_factory=dict)
    rate_basis: RateBasis | None = None
    reason: str | None = None


def mirrored(found: Accommodation) -> Accommodation:
    """The same figures where the two parties have changed roles."""
    features = {
        name: replace(
            feature,
            follows={_OTHER[who]: figure for who, figure in sorted(feature.follows.items(), reverse=True)},
            after_falls={
                _OTHER[who]: falls for who, falls in sorted(feature.after_falls.items(), reverse=True)
            },
        )
        for name, feature in found.features.items()
    }
    return replace(
        found,
        parties={_OTHER[who]: party for who, party in sorted(found.parties.items(), reverse=True)},
        turns={_OTHER[who]: count for who, count in sorted(found.turns.items(), reverse=True)},
        features=features,
    )
