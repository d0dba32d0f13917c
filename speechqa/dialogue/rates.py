"""Shares and rates: each with the speech it needs, below which it is not assessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from speechqa.core.dialogue import NotAssessed, Overlap
from speechqa.dialogue.limits import Limits
from speechqa.dialogue.talk import Talk, pooled
from speechqa.dialogue.units import Span, to_ms

INTERRUPTIONS: Final = ("interruption", "failed_interruption")


def talk_share(seconds: Mapping[str, int], limits: Limits, missing: list[NotAssessed]) -> dict[str, float]:
    """Speech of each party in the speech of all; both parties' speech in overlaps counts for both."""
    total = sum(seconds.values())
    if total < max(1, to_ms(limits.min_speech_s)):
        reason = "nobody speaks" if not total else f"less than {limits.min_speech_s:g} s of speech in all"
        missing.append(NotAssessed(measure="talk_share", reason=reason))
        return {}
    return {name: round(ms / total, 4) for name, ms in seconds.items()}


def interruption_counts(overlaps: Sequence[Overlap], talk: Talk) -> tuple[dict[str, int], dict[str, float]]:
    """How often each party interrupted, successfully or not, and the seconds both spoke in that."""
    counts = dict.fromkeys(talk.called, 0)
    lengths = dict.fromkeys(talk.called, 0)
    for overlap in overlaps:
        if overlap.kind in INTERRUPTIONS:
            counts[overlap.by] += 1
            lengths[overlap.by] += to_ms(overlap.numbers["overlap_seconds"])
    return counts, {name: ms / 1000 for name, ms in lengths.items()}


def interruptions_per_10min(
    counts: Mapping[str, int],
    spoken: Mapping[str, Sequence[Span]],
    limits: Limits,
    missing: list[NotAssessed],
) -> dict[str, float | None]:
    """Interruptions of each party in ten minutes of the others' speech."""
    rates: dict[str, float | None] = {}
    for name, count in counts.items():
        others = sum(
            end - start for start, end in pooled(line for key, line in spoken.items() if key != name)
        )
        if others < max(1, to_ms(limits.min_other_speech_s)):
            rates[name] = None
            reason = f"the other party speaks for less than {limits.min_other_speech_s:g} s"
            missing.append(NotAssessed(measure=f"interruptions_per_10min.{name}", reason=reason))
        else:
            rates[name] = round(count * 600_000 / others, 2)
    return rates


def words_per_minute(
    talk: Talk, seconds: Mapping[str, int], limits: Limits, missing: list[NotAssessed]
) -> dict[str, float]:
    """Words of each party in a minute of its speech."""
    rates: dict[str, float] = {}
    for name, ms in seconds.items():
        count = sum(
            len(unit.words)
            for party, line in talk.units.items()
            if talk.names[party] == name
            for unit in line
        )
        if ms < max(1, to_ms(limits.min_speech_s)) or not count:
            reason = f"less than {limits.min_speech_s:g} s of speech with words"
            missing.append(NotAssessed(measure=f"words_per_minute.{name}", reason=reason))
        else:
            rates[name] = round(count * 60_000 / ms, 1)
    return rates
