"""How fast single stretches of talk are spoken: syllables a second of the speech that carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from speechqa.core.segment import Timeline
from speechqa.core.transcript import Turn
from speechqa.dialogue.limits import DEFAULT_LIMITS
from speechqa.dialogue.rates import doubtful, spoken_ms
from speechqa.dialogue.syllables import is_hebrew, syllables
from speechqa.dialogue.talk import gather
from speechqa.dialogue.units import clipped, to_ms, usable

MIN_SYLLABLES: Final = 5
"""A stretch with fewer says more of its one word than of how fast it is spoken."""
MIN_HEBREW_SYLLABLES: Final = 10
"""The same in Hebrew, where they are estimated."""


def turn_rates(
    turns: Sequence[Turn],
    speech: Mapping[str, Timeline],
    stretches: Sequence[tuple[str, float, float]],
    *,
    language: str | None,
) -> tuple[float | None, ...]:
    """Articulation rate of stretches of a call, pauses left out.

    Parameters
    ----------
    turns : sequence of Turn
        The transcript, its words to be relied on. Words without times are spread over the speech under their
        turn.
    speech : mapping of str to Timeline
        Speech of each party as found in the sound.
    stretches : sequence of (str, float, float)
        Party, start and end in seconds.
    language : str or None
        ISO 639-1; syllables are counted in English and Hebrew.

    Returns
    -------
    tuple of float or None
        Syllables a second for each stretch; None with too few syllables, with words that are masked or could
        not be made out, or with more than anyone can say in the speech found.
    """
    if language not in (None, "en", "he"):
        return (None,) * len(stretches)
    text = usable(turns)
    talk = gather(turns, text, speech, {}, None)
    if talk is None or talk.basis != "audio":
        return (None,) * len(stretches)
    unknown = doubtful(text)
    found: list[float | None] = []
    for party, start, end in stretches:
        first, last = to_ms(start), to_ms(end)
        units = [
            unit
            for unit in talk.units.get(party, ())
            if unit.words and first <= unit.start and unit.end <= last
        ]
        words = [word for unit in units for word in unit.words]
        hebrew = 2 * sum(map(is_hebrew, words)) > len(words)
        count = syllables(words, in_hebrew=hebrew)
        spoken = sum(spoken_ms(talk, unit) for unit in units)
        if (
            count is None
            or count < (MIN_HEBREW_SYLLABLES if hebrew else MIN_SYLLABLES)
            or any(clipped(unknown.get(party, ()), unit.start, unit.end) for unit in units)
            or count * 1000 > DEFAULT_LIMITS.max_syllables_per_second * spoken
        ):
            found.append(None)
        else:
            found.append(round(count * 1000 / spoken, 3))
    return tuple(found)
