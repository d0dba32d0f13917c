"""Results as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Component, Evidence, Finding, Tally, Verdict
from speechqa.core.plain import isolated, printable
from speechqa.protocols import CallSummary
from speechqa.reports import arousal, turn_taking
from speechqa.reports.accommodation import accommodation_lines
from speechqa.reports.review import counted
from speechqa.reports.wording import (
    NAMED_CRITERIA,
    SHOWN_SIGNALS,
    VERDICT_WORDS,
    by_when,
    call_name,
    clock,
    length,
    of_dissatisfaction,
    of_other_calls,
    of_the_way,
    points_of_record,
    title,
)

_STYLES = {"pass": "green", "fail": "bold red", "not_applicable": "dim", "not_assessed": "yellow"}
_EVENTS = {"interruption": "bold red", "failed interruption": "red", "dead air": "yellow"}
_MARKS = {"pass": "pass", "fail": "FAIL", "not_applicable": "n/a", "not_assessed": "?"}


WIDE = 118
"""Columns from which what to listen to fits beside the scores; under it, it is listed below them."""


class CallsTable:
    """One line a call: who, how long, scores, the three named criteria, interruptions, what to hear."""

    def __init__(self, summaries: Iterable[CallSummary]) -> None:
        self._summaries = tuple(summaries)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table as wide as the terminal allows; nothing is ever left out for want of room."""
        wide = options.max_width >= WIDE
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("call", no_wrap=wide, max_width=28 if wide else 18, overflow="fold")
        table.add_column("agent", no_wrap=wide, max_width=16 if wide else 10, overflow="fold")
        for heading in ("length", "courtesy", "profess."):
            table.add_column(heading, justify="right", no_wrap=wide)
        for heading in ("needs", "summary", "thanks"):
            table.add_column(heading, no_wrap=True)
        table.add_column("interr.", justify="right", no_wrap=True)
        if wide:
            table.add_column("listen to", ratio=1, min_width=20)
        for summary in self._summaries:
            cells = tuple(_cells(summary))
            table.add_row(*cells, _why(summary)) if wide else table.add_row(*cells)
        yield table
        if any(summary.record_scores or summary.record_verdicts for summary in self._summaries):
            yield Text("In brackets: the machine's, where a person decided otherwise.", style="dim")
        if not wide:
            for summary in self._summaries:
                why = _why(summary)
                if why.plain:
                    name = printable(call_name(summary.call_id, summary.path), limit=28)
                    yield Text.assemble(f"{name}: ", why)


def _cells(summary: CallSummary) -> Iterator[RenderableType]:
    yield Text(printable(call_name(summary.call_id, summary.path), limit=28))
    yield Text(printable(summary.agent_name or summary.agent_id or "", limit=16))
    yield length(summary.duration)
    if summary.status == "failed":
        yield from ("", "", "", "", "", "")
        return
    for category in ("courtesy", "professionalism"):
        yield points_of_record(summary, category)
    for criterion in NAMED_CRITERIA:
        found = _mark(summary.verdicts.get(criterion))
        told = summary.record_verdicts.get(criterion)
        yield found if told is None else Text.assemble(_mark(told), (f" ({found.plain})", "dim"))
    yield "?" if summary.interruptions is None else str(summary.interruptions)


def _why(summary: CallSummary) -> Text:
    """What to listen to, or why there is nothing."""
    if summary.status == "failed":
        return Text("failed: " + printable(summary.error or "", limit=160), style="red")
    parts = ("draft words" if summary.draft else "", printable(summary.listen_to or "", limit=120))
    return Text("; ".join(part for part in parts if part))


def _mark(verdict: str | None) -> Text:
    if verdict is None:
        return Text("")
    return Text(_MARKS.get(verdict, verdict), style=_STYLES.get(verdict, ""))


def scorecard(analysis: CallAnalysis, record: Mapping[str, Tally] | None = None) -> RenderableType:
    """The whole scorecard of a call with the evidence of every point.

    With `record`, the scores that count, the machine's stand beside them where they differ; the verdicts are
    the machine's.
    """
    parts: list[RenderableType] = [*_header(analysis), Text("")]
    for category in ("courtesy", "professionalism"):
        tally = analysis.scores.get(category)
        of_record = tally if record is None else record.get(category)
        parts.append(Text(f"{category.capitalize()}: {counted(of_record, tally)}", style="bold"))
        critical = [
            title(f.criterion)
            for f in analysis.findings
            if f.category == category and f.critical and f.verdict is Verdict.FAIL
        ]
        if critical:
            # Beside the arithmetic, which it does not touch.
            names = ", ".join(critical)
            parts.append(
                Text(
                    f"  Fails {category} on what is critical, once a person confirms it: {names}",
                    style="bold red",
                )
            )
        for finding in analysis.findings:
            if finding.category == category:
                parts.extend(_finding(finding))
        parts.append(Text(""))
    parts.extend(_signals(analysis))
    parts.extend(_dialogue(analysis))
    parts.extend(_voices(analysis))
    if analysis.listen_to:
        parts.append(Text("Listen to", style="bold"))
        parts.extend(
            Text(f"  {clock(item.start):>8}  {printable(item.reason)}") for item in analysis.listen_to
        )
    parts.extend(Text(f"Note: {printable(notice)}", style="yellow") for notice in analysis.notices)
    return Group(*parts)


def _header(analysis: CallAnalysis) -> Iterator[RenderableType]:
    recording, transcript, about = analysis.recording, analysis.transcript, analysis.metadata
    who = about.agent_name or about.agent_id or "unknown agent"
    facts = [length(recording.duration) if recording else "no recording", who]
    facts += [f"customer {about.customer_id}"] if about.customer_id else []
    facts += [about.started_at] if about.started_at else []
    yield Text(f"Call {printable(analysis.call_id)}", style="bold")
    yield Text("  " + printable(", ".join(facts)))
    if transcript is not None:
        engine = transcript.engine + (f" {transcript.model}" if transcript.model else "")
        sure = "" if transcript.mean_confidence is None else f", confidence {transcript.mean_confidence:.2f}"
        spoken = printable(transcript.language or "unknown")
        yield Text(f"  Words by {printable(engine)}{sure}, language {spoken}")
        if transcript.draft:
            yield Text(
                "  DRAFT ENGINE: these words are a first impression, no basis for an audit", "bold red"
            )
    roles = ", ".join(
        f"{printable(party)} is {'of unknown role' if given.role == 'unknown' else given.role} "
        f"({given.source}, {given.confidence:.2f})"
        for party, given in sorted(analysis.roles.items())
    )
    if roles:
        yield Text(f"  Roles: {roles}")
    provenance = analysis.provenance
    rubric = f"{provenance.rubric} ({provenance.rubric_digest[:12]}), profile {provenance.profile}"
    yield Text(f"  Rubric {printable(rubric)}")


def _finding(finding: Finding, *, full: bool = False) -> Iterator[RenderableType]:
    score = "" if finding.earned is None else f"{finding.earned}/{finding.possible}"
    line = Text("  ")
    line.append(f"{VERDICT_WORDS[finding.verdict.value]:<13}", style=_STYLES[finding.verdict.value])
    line.append(f"{title(finding.criterion):<22}{score:>6}  {printable(finding.reason)}")
    yield line
    yield from _quotes(finding.evidence, indent=17)
    for part in finding.components:
        yield from _component(part, full=full)
    if finding.would_change and (full or finding.verdict in (Verdict.FAIL, Verdict.NOT_ASSESSED)):
        yield Text(" " * 15 + f"what would change it: {printable(finding.would_change)}", style="dim")


def _component(part: Component, *, full: bool) -> Iterator[RenderableType]:
    score = "" if part.earned is None else f" {part.earned}/{part.possible}"
    reason = f": {printable(part.reason)}" if part.reason else ""
    yield Text(f"{'':15}- {title(part.id)} {VERDICT_WORDS[part.verdict.value]}{score}{reason}", style="dim")
    if full:
        yield from _quotes(part.evidence, indent=19)


def _quotes(evidence: tuple[Evidence, ...], *, indent: int) -> Iterator[RenderableType]:
    for item in evidence:
        when = f"{clock(item.start)} " if item.start is not None else ""
        note = f" ({printable(item.note)})" if item.note else ""
        yield Text(f"{'':{indent}}{when}{printable(item.speaker)}: “{isolated(printable(item.quote))}”{note}")


def _signals(analysis: CallAnalysis) -> Iterator[RenderableType]:
    signals = analysis.signals
    found = [(name, signal) for name in SHOWN_SIGNALS if (signal := getattr(signals, name)).value]
    across = (*of_dissatisfaction(signals), *of_other_calls(signals))
    way = tuple(of_the_way(signals))
    if not found and not signals.promises and not across and not way:
        return
    yield Text("Signals", style="bold")
    for name, signal in found:
        yield Text(f"  {title(name)}")
        yield from _quotes(signal.evidence, indent=4)
    for words, quotes in across:
        yield Text(f"  {words}")
        yield from _quotes(quotes, indent=4)
    for name, told, quotes in way:
        yield Text(f"  {title(name)}: {printable(told)}")
        yield from _quotes(quotes, indent=4)
    if signals.promises:
        yield Text("  Promises")
        for promise in signals.promises:
            yield from _quotes((promise.what,), indent=4)
            yield Text(f"      {by_when(promise)}", style="dim")
    yield Text("")


def _dialogue(analysis: CallAnalysis) -> Iterator[RenderableType]:
    dialogue = analysis.dialogue
    if dialogue is None:
        return
    yield Text("Conversation", style="bold")
    for who in sorted(dialogue.talk_seconds):
        parts = ", ".join(f"{name} {value}" for name, value in turn_taking.party_measures(dialogue, who))
        yield Text(f"  {printable(who)}: {printable(parts)}")
    for name, value in turn_taking.call_measures(dialogue):
        yield Text(f"  {name}: {printable(value)}")
    for event in turn_taking.events(dialogue, all_overlaps=False):
        yield Text(f"  {clock(event.start):>8}  {_event(event)}")
    if analysis.accommodation is not None:
        for name, value in accommodation_lines(analysis.accommodation):
            yield Text(f"  {name}: {printable(value)}")
    for names, reason in turn_taking.not_assessed(dialogue):
        yield Text(f"  not assessed: {printable(names)} ({printable(reason)})", style="yellow")
    yield Text("")


def _voices(analysis: CallAnalysis) -> Iterator[RenderableType]:
    found = arousal.voices(analysis)
    if not found:
        return
    yield Text("Voice", style="bold")
    yield Text(f"  {arousal.UNIT}. {arousal.NOT_BECAUSE}.", style="dim")
    for who, lines in found:
        for line in lines:
            when = f"{clock(line.time):>8}  " if line.time is not None else ""
            yield Text(f"  {when}{printable(who)}: {printable(line.text)}")
            for turn in line.before:
                said = f"{printable(turn.speaker)}{arousal.acts_in_words(turn)}"
                quote = isolated(printable(turn.quote))
                yield Text(f"{'':12}before: {clock(turn.start)} {said}: “{quote}”", style="dim")
    yield Text("")


def _event(event: turn_taking.Event) -> str:
    """An event in one line: how long, what, who, why."""
    lasted = f" of {event.end - event.start:.1f} s" if event.end > event.start else ""
    who = f" {event.who}" if event.who else ""
    return printable(f"{event.what}{lasted}{who}" + (f": {event.why}" if event.why else ""))


def conversation(analysis: CallAnalysis) -> RenderableType:
    """Every overlap, cut-off, silence and hold with the rule and the figures behind it, and what was said."""
    dialogue = analysis.dialogue
    parts: list[RenderableType] = [*_header(analysis), Text("")]
    if dialogue is None:
        return Group(*parts, Text("Turn-taking was not measured."))
    for name, value in turn_taking.call_measures(dialogue):
        parts.append(Text(f"{name}: {printable(value)}"))
    sayings = turn_taking.Sayings(analysis.transcript.turns if analysis.transcript else ())
    for event in turn_taking.events(dialogue):
        sure = "" if event.confidence is None else f" (confidence {event.confidence:.2f})"
        parts.append(Text(""))
        times = f"{turn_taking.event_times(event)}  {event.what}"
        parts.append(
            Text(printable(f"{times} {event.who}".rstrip() + sure), style=_EVENTS.get(event.what, ""))
        )
        if event.why:
            parts.append(Text(f"          {printable(event.why)}"))
        if event.numbers:
            parts.append(Text(f"          {turn_taking.figures(event.numbers)}", style="dim"))
        for said in sayings.around(event):
            line = f"{printable(said.who)}: “{isolated(printable(said.text, limit=200))}”"
            parts.append(Text(f"          {line}"))
    parts.append(Text(""))
    for names, reason in turn_taking.not_assessed(dialogue):
        parts.append(Text(f"not assessed: {printable(names)} ({printable(reason)})", style="yellow"))
    return Group(*parts)


def explanation(analysis: CallAnalysis, finding: Finding) -> RenderableType:
    """Everything behind one verdict."""
    parts: list[RenderableType] = [*_finding(finding, full=True)]
    searched = finding.searched
    if searched is not None:
        parts.append(Text(f"{'':15}searched {clock(searched.start)} to {clock(searched.end)}"))
    elif finding.searched_turns is not None:
        parts.append(
            Text(f"{'':15}searched turns {finding.searched_turns[0]} to {finding.searched_turns[1]}")
        )
    if finding.confidence is not None:
        parts.append(Text(f"{'':15}confidence {finding.confidence:.2f}"))
    parts.append(Text(f"{'':15}judged by {printable(finding.detector)}, rubric {analysis.provenance.rubric}"))
    return Group(*parts)
