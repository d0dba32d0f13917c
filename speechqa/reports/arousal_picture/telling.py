"""What the arousal picture says in words: baselines, episodes and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from speechqa.core.dialogue import Dialogue
from speechqa.core.plain import printable
from speechqa.core.stress import StressCurve
from speechqa.reports.arousal_picture.scene import Line
from speechqa.reports.arousal_picture.words import Words, causes, figure, role_name
from speechqa.reports.charts.canvas import writable
from speechqa.reports.wording import length, signed

LISTED_EPISODES: Final = 8
"""Episodes told in words under the picture; the others are only drawn."""

LISTED_CHANGES: Final = 6
"""Rises and falls told in words; the others are only drawn."""
QUOTED: Final = 90
"""Characters quoted of a turn."""

_NAME_LIMIT: Final = 60


def outside(text: str, *, limit: int = _NAME_LIMIT) -> str:
    """Text from outside made fit for a picture: nothing that is obeyed, nothing endless."""
    return writable(printable(text, limit=limit))


def day(started_at: str) -> str:
    """Date and minute of a start; as it came where it is no ISO 8601."""
    try:
        return datetime.fromisoformat(started_at).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return outside(started_at)


def sentence(text: str) -> str:
    """A reason fit to stand within a sentence."""
    return printable(text, limit=400).rstrip(".")


def level(role: str, curve: StressCurve, words: Words) -> str:
    """Where a speaker's calm level was taken from, and what it rests on."""
    baseline = curve.baseline
    who = role_name(role, words)
    by = "" if curve.measured_by == "voice" else words.measured_by.format(model=outside(curve.measured_by))
    if baseline.source == "none":
        return words.no_baseline.format(who=who) + by
    pitch = baseline.features.get("f0_hz")
    said = words.level.format(
        who=who,
        source=words.sources[baseline.source],
        voiced=figure(f"{baseline.voiced_seconds:.1f}", words),
        pitch=words.sources["hertz"].format(f0=figure(f"{pitch:.0f}", words)) if pitch else "",
    )
    return said + by


def told(lines: Sequence[Line], words: Words) -> Iterator[str]:
    """The episodes by their numbers, or that there is none."""
    episodes = [(line.name, number, episode) for line in lines for number, episode in line.episodes]
    for name, number, episode in episodes[:LISTED_EPISODES]:
        because = causes((outside(text, limit=100) for text in episode.because), words)
        yield words.raised.format(
            number=number,
            who=name,
            start=figure(length(episode.start), words),
            end=figure(length(episode.end), words),
            peak=figure(length(episode.peak), words),
            value=figure(signed(episode.peak_value), words),
            because=f": {because}" if because else "",
        )
    if len(episodes) > LISTED_EPISODES:
        yield words.more.format(count=len(episodes) - LISTED_EPISODES)
    if not episodes and any(line.points for line in lines):
        yield words.no_episode


def changed(lines: Sequence[Line], words: Words) -> Iterator[str]:
    """The rises and falls by their letters, and the last that was said before each."""
    changes = [(line.name, letter, change) for line in lines for letter, change in line.changes]
    for name, letter, change in changes[:LISTED_CHANGES]:
        text = words.changed.format(
            letter=letter,
            direction=words.directions[change.kind],
            who=name,
            at=figure(length(change.at), words),
            start=figure(length(change.start), words),
            end=figure(length(change.end), words),
            before=figure(signed(change.from_value), words),
            after=figure(signed(change.to_value), words),
            low=words.low_change if change.confidence == "low" else "",
        )
        if change.before:
            last = change.before[-1]
            who, quote = role_name(outside(last.speaker), words), outside(last.quote, limit=QUOTED)
            text += words.said_before.format(who=who, when=figure(length(last.start), words), quote=quote)
        elif change.reason:
            text += words.nothing_before.format(reason=sentence(change.reason))
        yield text
    if len(changes) > LISTED_CHANGES:
        yield words.more.format(count=len(changes) - LISTED_CHANGES)
    if any(change.before for _, _, change in changes):
        yield words.not_because


def summed(role: str, curve: StressCurve, words: Words) -> str:
    """A speaker's whole call in a sentence or two, as far as the document has it."""
    summary, absolute = curve.summary, curve.absolute
    agitated = ""
    if absolute is not None and absolute.flagged:
        agitated = words.absolute.format(who=role_name(role, words), reason=sentence(absolute.reason)) + "."
    if summary is None:
        return agitated
    text = words.summed.format(
        who=role_name(role, words),
        peak=figure(signed(summary.peak), words),
        share=figure(f"{100 * summary.raised_share:.0f} %", words),
    )
    if summary.ended is not None and summary.first is not None and summary.last is not None:
        first, last = figure(signed(summary.first), words), figure(signed(summary.last), words)
        text += words.ended[summary.ended].format(first=first, last=last)
    return f"{text}. {agitated}".rstrip()


def interruptions(dialogue: Dialogue | None, words: Words) -> Iterator[str]:
    """How often each party interrupts, where that was measured."""
    if dialogue is None or not dialogue.interruptions:
        return
    counts = ", ".join(
        f"{role_name(who, words)} {count}" for who, count in sorted(dialogue.interruptions.items())
    )
    yield words.counts.format(counts=outside(counts))
