"""Every sentence of a call's document that a page tells, and what of it is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from speechqa.core.analysis import CallAnalysis
from speechqa.core.dialogue import Dialogue
from speechqa.core.finding import Evidence, Finding
from speechqa.core.stress import StressCurve
from speechqa.reports import arousal, turn_taking
from speechqa.reports.accommodation import accommodation_lines
from speechqa.reports.language import language
from speechqa.reports.wording import SHOWN_SIGNALS as SIGNALS

_ISOLATED = re.compile("\u2066[^\u2066-\u2069]*\u2069|\u2068[^\u2066-\u2069]*\u2069")
_LEFT = re.compile("\u2066[^\u2069]*[a-z] [a-z][^\u2069]*\u2069")
_COMMANDS = re.compile("\u2066speechqa [^\u2069]*\u2069")
_LATIN = re.compile(r"[A-Za-z]")


def untold(sentences: Iterable[str]) -> list[str]:
    """Those that the Hebrew catalogue does not know, in part or whole; what was quoted may be English."""
    hebrew = language("he")
    left = set()
    for sentence in sentences:
        told = hebrew.told(sentence)
        unknown = told == f"\u2066{sentence}\u2069" and bool(_LATIN.search(sentence))
        if unknown or _LEFT.search(_COMMANDS.sub("", told)) or _LATIN.search(_ISOLATED.sub("", told)):
            left.add(sentence)
    return sorted(left)


def sentences_of(analysis: CallAnalysis) -> Iterator[str]:
    """What the judge, the measures and the recording say in a document, none of it empty."""
    return (sentence for sentence in _sentences(analysis) if sentence)


def sentences_of_findings(findings: Iterable[Finding]) -> Iterator[str]:
    """Reasons, what would change them, and notes beside quotes."""
    for finding in findings:
        yield finding.reason
        yield finding.would_change
        yield from _notes(finding.evidence)
        for part in finding.components:
            yield part.reason
            yield from _notes(part.evidence)


def _sentences(analysis: CallAnalysis) -> Iterator[str]:
    yield from sentences_of_findings(analysis.findings)
    for name in (*SIGNALS, "carp", "chunking", "feel_felt_found", "humour"):
        yield getattr(analysis.signals, name).reason
    yield from (item.reason for item in analysis.listen_to)
    yield from analysis.notices
    if analysis.recording is not None:
        yield from analysis.recording.notes
    for given in analysis.roles.values():
        yield given.reason
        yield given.doubt
    if analysis.dialogue is not None:
        yield from _of_dialogue(analysis.dialogue)
    for _, lines in arousal.voices(analysis):
        yield from (line.text for line in lines)
    for curve in analysis.stress.values():
        yield from _of_curve(curve)
    if analysis.accommodation is not None:
        for pair in accommodation_lines(analysis.accommodation):
            yield from pair


def _notes(evidence: Iterable[Evidence]) -> Iterator[str]:
    return (one.note for one in evidence)


def _of_dialogue(dialogue: Dialogue) -> Iterator[str]:
    yield from (overlap.rule for overlap in dialogue.overlaps)
    for who in dialogue.talk_seconds:
        for pair in turn_taking.party_measures(dialogue, who):
            yield from pair
    for pair in (*turn_taking.call_measures(dialogue), *turn_taking.not_assessed(dialogue)):
        yield from pair
    for event in turn_taking.events(dialogue):
        yield f"{event.what} {event.who}".strip()
        yield event.why
        yield turn_taking.figures(event.numbers)


def _of_curve(curve: StressCurve) -> Iterator[str]:
    yield curve.reason or ""
    yield from ("; ".join(episode.because) for episode in curve.episodes)
    yield from (change.reason or "" for change in curve.changes)
    if curve.absolute is not None:
        yield curve.absolute.reason
