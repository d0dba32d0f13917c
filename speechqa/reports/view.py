"""What the pages show, worked out once: no template computes anything."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Evidence, Finding
from speechqa.core.plain import is_right_to_left, printable
from speechqa.core.value import Value
from speechqa.protocols import CallSummary
from speechqa.reports import arousal, turn_taking
from speechqa.reports.accommodation import accommodation_lines
from speechqa.reports.wording import (
    NAMED_CRITERIA,
    VERDICT_WORDS,
    by_when,
    call_name,
    clock,
    length,
    points,
    title,
)

_LANE_HEIGHT = 26
_WIDTH = 1000
_LABELS = 80  # units at the left that hold the names of the lanes


class QuoteView(Value, frozen=True, kw_only=True):
    """A quote with its place, ready to show."""

    when: str
    who: str
    text: str
    direction: str


class FindingView(Value, frozen=True, kw_only=True):
    """One criterion's verdict, ready to show."""

    title: str
    verdict: str
    verdict_words: str
    points: str
    reason: str
    would_change: str
    quotes: tuple[QuoteView, ...]
    parts: tuple[str, ...]


class TurnView(Value, frozen=True, kw_only=True):
    """One turn of the transcript, ready to show."""

    when: str
    who: str
    role: str
    text: str
    direction: str
    doubtful: bool


class Bar(Value, frozen=True, kw_only=True):
    """A rectangle of the picture: `x` and `width` in a thousandth of its width, `y` in pixels."""

    x: float
    y: int
    width: float
    height: int
    kind: str
    label: str


class VoiceView(Value, frozen=True, kw_only=True):
    """One thing said of a voice, with what was said before it, ready to show."""

    when: str
    who: str
    text: str
    quotes: tuple[QuoteView, ...]


class CallView(Value, frozen=True, kw_only=True):
    """A call page."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    draft: bool
    notices: tuple[str, ...]
    scores: tuple[tuple[str, str], ...]
    findings: Mapping[str, tuple[FindingView, ...]]
    signals: tuple[tuple[str, tuple[QuoteView, ...]], ...]
    promises: tuple[tuple[QuoteView, str], ...]
    listen_to: tuple[tuple[str, str], ...]
    measures: tuple[tuple[str, str], ...]
    voices: tuple[VoiceView, ...]
    voices_unit: str
    turns: tuple[TurnView, ...]
    rejected: tuple[tuple[str, str, str], ...]
    bars: tuple[Bar, ...]
    lanes: tuple[tuple[int, str], ...]
    picture_height: int


class RowView(Value, frozen=True, kw_only=True):
    """One line of the batch page."""

    call: str
    link: str
    agent: str
    length: str
    scores: tuple[str, str]
    verdicts: tuple[tuple[str, str], ...]
    interruptions: str
    listen_to: str
    failed: bool
    draft: bool


def page_name(call_id: str) -> str:
    """File name of a call's page; safe whatever the id holds, and never the same for two ids."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in call_id)[:60]
    return f"call-{safe}-{hashlib.sha256(call_id.encode('utf-8', 'backslashreplace')).hexdigest()[:8]}.html"


def row_view(summary: CallSummary) -> RowView:
    """The line of a call."""
    failed = summary.status == "failed"
    return RowView(
        call=printable(call_name(summary.call_id, summary.path)),
        link="" if failed else page_name(summary.call_id),
        agent=printable(summary.agent_name or summary.agent_id or ""),
        length="" if failed else length(summary.duration),
        scores=(
            points(summary.scores.get("courtesy")),
            points(summary.scores.get("professionalism")),
        ),
        verdicts=tuple(
            (verdict, VERDICT_WORDS.get(verdict, ""))
            for verdict in (summary.verdicts.get(name, "") for name in NAMED_CRITERIA)
        ),
        interruptions=""
        if failed
        else ("?" if summary.interruptions is None else str(summary.interruptions)),
        listen_to=printable(summary.error or "" if failed else summary.listen_to or ""),
        failed=failed,
        draft=summary.draft,
    )


def call_view(analysis: CallAnalysis) -> CallView:
    """All that a call page shows."""
    transcript = analysis.transcript
    bars, lanes, height = _picture(analysis)
    return CallView(
        heading=printable(analysis.call_id),
        facts=_facts(analysis),
        draft=transcript is not None and transcript.draft,
        notices=tuple(printable(n) for n in analysis.notices),
        scores=tuple((name.capitalize(), points(tally)) for name, tally in sorted(analysis.scores.items())),
        findings={
            category: tuple(_finding(f) for f in analysis.findings if f.category == category)
            for category in ("courtesy", "professionalism")
        },
        signals=tuple(
            (title(name), tuple(_quote(e) for e in signal.evidence))
            for name in ("complaint", "churn_risk", "public_or_legal_threat", "satisfaction_expressed")
            if (signal := getattr(analysis.signals, name)).value
        ),
        promises=tuple((_quote(p.what), by_when(p)) for p in analysis.signals.promises or ()),
        listen_to=tuple((clock(item.start), printable(item.reason)) for item in analysis.listen_to),
        measures=_measures(analysis),
        voices=_voices(analysis),
        voices_unit=f"{arousal.UNIT}. {arousal.NOT_BECAUSE}.",
        turns=tuple(
            TurnView(
                when=clock(turn.start),
                who=printable(turn.speaker if turn.speaker != "unknown" else turn.party or "unknown"),
                role=turn.speaker if turn.speaker in ("agent", "customer") else "unknown",
                text=printable(turn.text),
                direction="rtl" if is_right_to_left(turn.text) else "ltr",
                doubtful=turn.voiced is False,
            )
            for turn in (transcript.turns if transcript else ())
        ),
        rejected=tuple(
            (clock(r.start), printable(r.text), printable(r.reason))
            for r in (transcript.rejected if transcript else ())
        ),
        bars=bars,
        lanes=lanes,
        picture_height=height,
    )


def _facts(analysis: CallAnalysis) -> tuple[tuple[str, str], ...]:
    about, recording, transcript = analysis.metadata, analysis.recording, analysis.transcript
    facts: list[tuple[str, str]] = [
        ("Agent", about.agent_name or about.agent_id or ""),
        ("Team", about.team or ""),
        ("Customer", about.customer_id or ""),
        ("Started", about.started_at or ""),
    ]
    if recording is not None:
        facts.append(("Length", length(recording.duration)))
        facts.append(("Recording", f"{recording.path}, SHA-256 {recording.sha256}"))
        if recording.lost_seconds:
            facts.append(("Lost", f"{recording.lost_seconds:.1f} s of the recording could not be read"))
    if transcript is not None:
        sure = (
            ""
            if transcript.mean_confidence is None
            else f", mean confidence {transcript.mean_confidence:.2f}"
        )
        model = f" {transcript.model}" if transcript.model else ""
        facts.append(("Words by", f"{transcript.engine}{model}{sure}"))
        facts.append(("Language", transcript.language or "unknown"))
    for party, given in sorted(analysis.roles.items()):
        facts.append(
            (
                f"Party {party}",
                f"{given.role}, {given.confidence:.2f} ({given.source}) {given.reason}".strip(),
            )
        )
    provenance = analysis.provenance
    facts.append(("Rubric", f"{provenance.rubric}, digest {provenance.rubric_digest[:16]}"))
    facts.append(("Made by", f"speechqa {provenance.speechqa}, run {provenance.run_id}"))
    return tuple((name, printable(value)) for name, value in facts if value)


def _finding(finding: Finding) -> FindingView:
    return FindingView(
        title=title(finding.criterion).capitalize(),
        verdict=finding.verdict.value,
        verdict_words=VERDICT_WORDS[finding.verdict.value],
        points="" if finding.earned is None else f"{finding.earned}/{finding.possible}",
        reason=printable(finding.reason),
        would_change=printable(finding.would_change),
        quotes=tuple(_quote(e) for e in finding.evidence),
        parts=tuple(
            f"{title(p.id)}: {VERDICT_WORDS[p.verdict.value]}{'. ' + printable(p.reason) if p.reason else ''}"
            for p in finding.components
        ),
    )


def _quote(evidence: Evidence) -> QuoteView:
    return QuoteView(
        when=clock(evidence.start),
        who=printable(evidence.speaker),
        text=printable(evidence.quote),
        direction="rtl" if is_right_to_left(evidence.quote) else "ltr",
    )


def _measures(analysis: CallAnalysis) -> tuple[tuple[str, str], ...]:
    dialogue = analysis.dialogue
    if dialogue is None:
        return ()
    rows = [
        (f"{who}: {name}", value)
        for who in sorted(dialogue.talk_seconds)
        for name, value in turn_taking.party_measures(dialogue, who)
    ]
    rows += turn_taking.call_measures(dialogue)
    rows += [
        (f"{event.what} {event.who}".strip(), f"{turn_taking.event_times(event)} {event.why}".strip())
        for event in turn_taking.events(dialogue, all_overlaps=False)
    ]
    if analysis.accommodation is not None:
        rows += accommodation_lines(analysis.accommodation)
    rows += [(f"not assessed: {names}", reason) for names, reason in turn_taking.not_assessed(dialogue)]
    return tuple((printable(name), printable(value)) for name, value in rows)


def _voices(analysis: CallAnalysis) -> tuple[VoiceView, ...]:
    return tuple(
        VoiceView(
            when=clock(line.time),
            who=printable(who),
            text=printable(line.text),
            quotes=tuple(
                QuoteView(
                    when=clock(turn.start),
                    who=printable(turn.speaker) + arousal.acts_in_words(turn),
                    text=printable(turn.quote),
                    direction="rtl" if is_right_to_left(turn.quote) else "ltr",
                )
                for turn in line.before
            ),
        )
        for who, lines in arousal.voices(analysis)
        for line in lines
    )


def _picture(analysis: CallAnalysis) -> tuple[tuple[Bar, ...], tuple[tuple[int, str], ...], int]:
    """Who speaks when, one lane a party, with interruptions and raised arousal marked."""
    dialogue, recording = analysis.dialogue, analysis.recording
    if dialogue is None or not dialogue.speech:
        return (), (), 0
    ends = [s.end for timeline in dialogue.speech.values() for s in timeline]
    total = max([recording.duration if recording else 0.0, *ends]) or 1.0
    scale = (_WIDTH - _LABELS) / total
    bars: list[Bar] = []
    lanes: list[tuple[int, str]] = []
    lane_of: dict[str, int] = {}
    for index, (party, timeline) in enumerate(sorted(dialogue.speech.items())):
        top = index * (_LANE_HEIGHT + 8)
        role = analysis.roles[party].role if party in analysis.roles else "unknown"
        name = party if role == "unknown" else role
        lane_of[name] = lane_of[party] = top
        lanes.append((top, name))
        bars += [
            _bar(s.start, s.end, top, _LANE_HEIGHT, role, f"{name} {clock(s.start)}", scale) for s in timeline
        ]
    for overlap in dialogue.overlaps:
        if overlap.by_party not in lane_of:
            continue
        top = lane_of[overlap.by_party]
        label = f"{title(overlap.kind)} by {overlap.by} at {clock(overlap.start)}"
        kind = "interruption" if "interruption" in overlap.kind else "overlap"
        bars.append(_bar(overlap.start, overlap.end, top, _LANE_HEIGHT, kind, label, scale))
    for who, curve in sorted(analysis.stress.items()):
        for episode in curve.episodes if who in lane_of else ():
            label = f"raised arousal from {clock(episode.start)}: {'; '.join(episode.because)}"
            top = lane_of[who] + _LANE_HEIGHT
            bars.append(_bar(episode.start, episode.end, top, 4, "raised", label, scale))
    return tuple(bars), tuple(lanes), len(lanes) * (_LANE_HEIGHT + 8)


def _bar(start: float, end: float, y: int, height: int, kind: str, label: str, scale: float) -> Bar:
    return Bar(
        x=round(_LABELS + start * scale, 2),
        y=y,
        width=round(max(1.0, (end - start) * scale), 2),
        height=height,
        kind=kind,
        label=printable(label),
    )
