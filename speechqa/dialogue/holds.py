"""Waits: those an agent announced, and those that only the sound shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from speechqa.core.dialogue import Hold, Silence
from speechqa.dialogue.units import Unit, to_ms
from speechqa.dialogue.wording import announces_hold

TOLD_WAIT_MS: Final = 8000
"""Shorter waits after "one moment" are no holds."""
TOLD_SILENCE_MS: Final = 5000
"""The wait must hold a mutual silence of at least this; else it was talk."""
SILENT_HOLD_MS: Final = 20_000
"""An unannounced silence from this length is a hold."""


def find_holds(
    units: Mapping[str, Sequence[Unit]],
    names: Mapping[str, str],
    silences: Sequence[Silence],
    *,
    has_text: bool,
) -> tuple[tuple[Hold, ...], str | None]:
    """Holds in order of time, and why announced ones could not be looked for, or None.

    An announced hold begins where the announcing stretch of talk ends and lasts until the same party says
    more than a listener's token. Where no agent is known every party's announcement counts.
    """
    agents = [party for party, name in names.items() if name == "agent"] or list(units)
    told = [hold for party in agents for hold in _told(units[party], silences)] if has_text else []
    silent = [
        Hold(start=silence.start, end=silence.end, kind="silent")
        for silence in silences
        if to_ms(silence.end) - to_ms(silence.start) > SILENT_HOLD_MS
        and silence.after is not None
        and silence.before is not None
        and not any(hold.start < silence.end and silence.start < hold.end for hold in told)
    ]
    reason = None if has_text else "announced holds need text that can be relied on; silences are listed"
    return tuple(sorted((*told, *silent), key=lambda hold: (hold.start, hold.end))), reason


def _told(line: Sequence[Unit], silences: Sequence[Silence]) -> list[Hold]:
    speaking = [unit for unit in line if not unit.only_listens]
    found: list[Hold] = []
    for unit, following in pairwise(speaking):
        wait = following.start - unit.end
        if wait < TOLD_WAIT_MS or not announces_hold(unit.words):
            continue
        quiet = any(
            min(to_ms(s.end), following.start) - max(to_ms(s.start), unit.end) >= TOLD_SILENCE_MS
            for s in silences
        )
        if quiet:
            quote = " ".join(placed.raw for placed in unit.said)
            found.append(Hold(start=unit.end / 1000, end=following.start / 1000, kind="told", quote=quote))
    return found
