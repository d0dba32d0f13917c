"""Shares and rates: each with the speech it needs, below which it is not assessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from speechqa.core.dialogue import NotAssessed, Overlap
from speechqa.core.transcript import Turn
from speechqa.dialogue.limits import Limits
from speechqa.dialogue.syllables import is_hebrew, syllables
from speechqa.dialogue.talk import Talk, pooled
from speechqa.dialogue.units import Span, Unit, clipped, to_ms

INTERRUPTIONS: Final = ("interruption", "failed_interruption")
_MARK: Final = re.compile(r"[\[<]")  # masked numbers and what the transcriber could not make out


def talk_share(seconds: Mapping[str, int], limits: Limits, missing: list[NotAssessed]) -> dict[str, float]:
    """Speech of each party in the speech of all; both parties' speech in overlaps counts for both."""
    total = sum(seconds.values())
    if total < max(1, to_ms(limits.min_speech_s)):
        reason = "nobody speaks" if not total else f"less than {limits.min_speech_s:g} s of speech in all"
        missing.append(NotAssessed(measure="talk_share", reason=reason))
        return {}
    return {name: round(ms / total, 4) for name, ms in seconds.items()}


def interruption_counts(overlaps: Sequence[Overlap], talk: Talk) -> tuple[dict[str, int], dict[str, float]]:
    """How often each party interrupted, successfully or not, and the seconds both spoke in that.

    Among parties of one role, as two agents of whom one takes over, nobody interrupts the other role.
    """
    counts = dict.fromkeys(talk.called, 0)
    lengths = dict.fromkeys(talk.called, 0)
    for overlap in overlaps:
        if overlap.kind in INTERRUPTIONS and overlap.by != overlap.of:
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


def syllables_per_second(
    talk: Talk, text: Sequence[Turn], language: str | None, limits: Limits, missing: list[NotAssessed]
) -> dict[str, float]:
    """Articulation rate: syllables of the words in a second of the speech that carries them.

    Speech is what was found in the sound, pauses left out, or the times of the words themselves. Talk in
    which something was masked or could not be made out is left out, and so is talk without words.
    """
    if language not in (None, "en", "he"):
        missing.append(
            NotAssessed(measure="syllables_per_second", reason=f"syllables are not counted in {language}")
        )
        return {}
    if talk.basis != "audio" and not all(_has_times(turn) for turn in text):
        reason = "times of turns hold pauses: it needs speech found in sound, or times of words"
        missing.append(NotAssessed(measure="syllables_per_second", reason=reason))
        return {}
    unknown = doubtful(text)
    rates: dict[str, float] = {}
    for name in talk.called:
        words: list[str] = []
        spoken = 0
        for party in sorted(party for party, other in talk.names.items() if other == name):
            for unit in talk.units[party]:
                if not unit.words or clipped(unknown.get(party, ()), unit.start, unit.end):
                    continue
                words += unit.words
                spoken += spoken_ms(talk, unit)
        hebrew = 2 * sum(map(is_hebrew, words)) > len(words)
        count = syllables(words, in_hebrew=hebrew)
        if spoken < max(1, to_ms(limits.min_speech_s)):
            reason = f"less than {limits.min_speech_s:g} s of speech whose words are all known"
        elif hebrew and len(words) < limits.min_hebrew_words:
            reason = f"fewer than {limits.min_hebrew_words} words: in Hebrew syllables are estimated"
        elif count is None:
            reason = "words in a script whose syllables are not counted"
        elif count * 1000 > limits.max_syllables_per_second * spoken:
            reason = "more words than the speech found can hold"
        else:
            rates[name] = round(count * 1000 / spoken, 2)
            continue
        missing.append(NotAssessed(measure=f"syllables_per_second.{name}", reason=reason))
    return rates


def _has_times(turn: Turn) -> bool:
    return not turn.text.strip() or (bool(turn.words) and all(w.start is not None for w in turn.words))


def doubtful(text: Sequence[Turn]) -> dict[str, tuple[Span, ...]]:
    """When each party says something that is masked, or marked as not made out."""
    found: dict[str, list[Span]] = {}
    for turn in text:
        if turn.party is not None and turn.segment is not None and _MARK.search(turn.text):
            found.setdefault(turn.party, []).append((to_ms(turn.segment.start), to_ms(turn.segment.end)))
    return {party: pooled([line]) for party, line in found.items()}


def spoken_ms(talk: Talk, unit: Unit) -> int:
    """Milliseconds of speech in a unit."""
    if talk.basis == "audio":
        return sum(end - start for start, end in clipped(talk.lines[unit.party], unit.start, unit.end))
    words = pooled([[(placed.start, placed.end) for placed in unit.said if placed.words]])
    return sum(end - start for start, end in words)
