"""What a page says about the call itself: facts, measures, voices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from speechqa.core.analysis import CallAnalysis
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.reports import arousal, turn_taking
from speechqa.reports.accommodation import accommodation_lines
from speechqa.reports.language import Language
from speechqa.reports.view.quotes import QuoteView, quoted, who_said
from speechqa.reports.wording import clock, length


class VoiceView(Value, frozen=True, kw_only=True):
    """One thing said of a voice, with what was said before it, ready to show."""

    when: str
    start: float | None
    who: str
    text: str
    quotes: tuple[QuoteView, ...]


class EventView(Value, frozen=True, kw_only=True):
    """Something that happened between the parties, ready to show."""

    what: str
    when: str
    start: float
    end: float
    why: str


def facts(analysis: CallAnalysis, language: Language) -> tuple[tuple[str, str], ...]:
    """What the call was, and what made this document of it."""
    about, recording, transcript = analysis.metadata, analysis.recording, analysis.transcript
    found: list[tuple[str, str]] = [
        ("Agent", " ".join(part for part in (about.agent_id, about.agent_name) if part)),
        ("Team", about.team or ""),
        ("Customer", about.customer_id or ""),
        ("Started", about.started_at or ""),
        ("Length", "" if analysis.duration is None else length(analysis.duration)),
    ]
    if recording is not None:
        found += [("Recording", recording.path), ("SHA-256 of the recording", recording.sha256)]
        if recording.lost_seconds:
            lost = language.say(
                "{seconds} s of it could not be read", seconds=f"{recording.lost_seconds:.1f}"
            )
            found.append(("Lost", lost))
    if transcript is not None:
        found.append(("Words by", f"{transcript.engine} {transcript.model or ''}".strip()))
        if transcript.mean_confidence is not None:
            found.append(("Mean word confidence", f"{transcript.mean_confidence:.2f}"))
        found.append(("Language", transcript.language or language.say("unknown")))
    roles: list[tuple[str, str]] = []
    for party, given in sorted(analysis.roles.items()):
        why = language.told(printable(given.reason))
        told = f"{language.say(given.role)}, {given.confidence:.2f} ({language.say(given.source)}) {why}"
        roles.append((language.say("Party {name}", name=printable(party)), told.strip()))
    made = analysis.provenance
    made_by = [
        ("Rubric", made.rubric),
        ("SHA-256 of the rubric", made.rubric_digest),
        ("Profile", made.profile),
        ("Analysed", made.created_at),
    ]
    run = language.say(
        "speechqa {version}, run {run}", version=printable(made.speechqa), run=printable(made.run_id)
    )
    return (
        *_facts(found, language),
        *roles,
        *_facts(made_by, language),
        (language.say("Made by"), run),
    )


def _facts(found: Iterable[tuple[str, str]], language: Language) -> Iterator[tuple[str, str]]:
    for name, value in found:
        if value:
            yield language.say(name), printable(value)


def measures(analysis: CallAnalysis, language: Language) -> tuple[tuple[str, str], ...]:
    """What was measured of the conversation, each figure with its name, and what was not and why."""
    dialogue = analysis.dialogue
    if dialogue is None:
        return ()
    rows = [
        (f"{who_said(who, language)}: {language.say(name)}", language.told(printable(value)))
        for who in sorted(dialogue.talk_seconds)
        for name, value in turn_taking.party_measures(dialogue, who)
    ]
    rows += [
        (language.say(name), language.told(printable(value)))
        for name, value in turn_taking.call_measures(dialogue)
    ]
    if analysis.accommodation is not None:
        rows += [
            (language.told(printable(name)), language.told(printable(value)))
            for name, value in accommodation_lines(analysis.accommodation)
        ]
    rows += [
        (
            language.say("not assessed: {what}", what=language.told(printable(names))),
            language.told(printable(reason)),
        )
        for names, reason in turn_taking.not_assessed(dialogue)
    ]
    return tuple(rows)


def events(analysis: CallAnalysis, language: Language) -> tuple[EventView, ...]:
    """Interruptions, cut-offs, dead air and holds, by time."""
    if analysis.dialogue is None:
        return ()
    return tuple(
        EventView(
            what=language.told(f"{event.what} {printable(event.who)}".strip()),
            when=clock(event.start),
            start=event.start,
            end=event.end,
            why=language.told(printable(event.why)),
        )
        for event in turn_taking.events(analysis.dialogue, all_overlaps=False)
    )


def voices(analysis: CallAnalysis, language: Language) -> tuple[VoiceView, ...]:
    """What is said of voices, for those that were measured."""
    return tuple(
        VoiceView(
            when=clock(line.time),
            start=line.time,
            who=who_said(who, language),
            text=language.told(printable(line.text)),
            quotes=tuple(
                quoted(
                    turn.quote,
                    who=turn.speaker,
                    start=turn.start,
                    end=turn.end,
                    note=arousal.acts_in_words(turn).strip(" ()"),
                    language=language,
                )
                for turn in line.before
            ),
        )
        for who, lines in arousal.voices(analysis)
        for line in lines
    )
