"""Neighbouring turns of two parties, and each party's turns as a series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechqa.acoustics.association import Floats, Ints, likeness, straightened
from speechqa.acoustics.voiced_turns import VoicedTurn
from speechqa.core.accommodation import FeatureName

MAX_GAP_S: Final = 10.0
"""Turns with a longer wait between them are no exchange."""


class Feature(NamedTuple):
    """What is compared.

    `fall` is what a listener can hear as a change, `least` the standard deviation over a party's turns under
    which they hardly differ and what is left is mostly error, `own_scale` whether values of two people
    compare only in their own deviations.
    """

    unit: str
    fall: float
    least: float
    own_scale: bool


FEATURES: Final[dict[FeatureName, Feature]] = {
    "f0": Feature("semitones", 1.0, 0.5, own_scale=True),
    "level": Feature("dB", 2.0, 0.5, own_scale=True),
    "rate": Feature("syllables a second", 0.5, 0.2, own_scale=False),
}


class Line(NamedTuple):
    """One party's turns in order.

    `values` are in the feature's unit, `scaled` on the scale on which two parties compare, `straight` are
    values less their own course over the call, all zero where the turns hardly differ, `alike` is the
    likeness of neighbours in them. `rough` is how little voice a turn rests on.
    """

    times: Floats
    values: Floats
    scaled: Floats
    straight: Floats
    alike: float
    rough: Floats


class Exchanges(NamedTuple):
    """Neighbouring turns of two parties.

    `first` and `second` count each party's own turns, `of_second` says whether the second party answers.
    """

    first: Ints
    second: Ints
    of_second: NDArray[np.bool_]
    times: Floats

    def answers(self, *, of_second: bool) -> tuple[Ints, Ints]:
        """Turns that are answered and their answers, where the one who answers has had a turn before."""
        asked, answered = (self.first, self.second) if of_second else (self.second, self.first)
        chosen = (self.of_second == of_second) & (answered > 0)
        return asked[chosen], answered[chosen]


def value_of(turn: VoicedTurn, name: FeatureName) -> float | None:
    """A turn's value of a feature."""
    return {"f0": turn.f0_st, "level": turn.level_db, "rate": turn.rate}[name]


def line_of(name: FeatureName, turns: Sequence[VoicedTurn], party: str) -> Line:
    """One party's turns that have a value."""
    own = [
        (turn, found) for turn in turns if turn.party == party and (found := value_of(turn, name)) is not None
    ]
    times = np.array([turn.start for turn, _ in own], np.float64)
    # Rounded, so that the last bits of another gain order nothing anew.
    values: Floats = np.array([round(found, 6) for _, found in own], np.float64)
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    straight = straightened(values, times) if spread >= FEATURES[name].least else np.zeros(len(values))
    scaled = values
    if FEATURES[name].own_scale and spread > 0:
        scaled = (values - values.mean()) / spread
    rough = 1 / np.array([turn.voiced_s for turn, _ in own], np.float64)
    return Line(times, values, scaled, straight, likeness(straight), rough)


def exchanges_of(name: FeatureName, turns: Sequence[VoicedTurn], first: str, second: str) -> Exchanges:
    """Neighbouring turns of the two that both have a value."""
    index: list[int] = []
    counts = {first: 0, second: 0}
    for turn in turns:
        index.append(counts[turn.party])
        counts[turn.party] += value_of(turn, name) is not None
    pairs: list[tuple[int, int, bool, float]] = []
    for k in range(len(turns) - 1):
        before, after = turns[k], turns[k + 1]
        if (
            before.party == after.party
            or value_of(before, name) is None
            or value_of(after, name) is None
            or after.start - before.end > MAX_GAP_S
        ):
            continue
        of_second = after.party == second
        place = (index[k], index[k + 1]) if of_second else (index[k + 1], index[k])
        pairs.append((*place, of_second, after.start))
    return Exchanges(
        first=np.array([pair[0] for pair in pairs], np.int64),
        second=np.array([pair[1] for pair in pairs], np.int64),
        of_second=np.array([pair[2] for pair in pairs], np.bool_),
        times=np.array([pair[3] for pair in pairs], np.float64),
    )
