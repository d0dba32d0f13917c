"""Agents' scores as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.analysis import CallAnalysis
from speechqa.core.plain import isolated, printable
from speechqa.reports.difficult import DifficultCalls
from speechqa.reports.endings import CustomerEndings
from speechqa.reports.standings import note
from speechqa.reports.wording import clock, figure, interval, points, title
from speechqa.scoring import AgentScore

_CATEGORIES = ("courtesy", "professionalism")


def own_view(
    score: AgentScore,
    endings: CustomerEndings,
    behind: Iterable[CallAnalysis],
    difficult: DifficultCalls | None = None,
) -> RenderableType:
    """One agent's view: figures, criteria, and for each lost point the call, the reason, what would help.

    How difficult calls and customers' voices ended comes last, apart from all that is scored.
    """
    name = f" {score.agent_name}" if score.agent_name else ""
    parts: list[RenderableType] = [
        Text(printable(f"Agent {score.agent_id}{name}: {score.n} calls, rubric {score.rubric}"), style="bold")
    ]
    if note(score):
        parts.append(Text(f"  {note(score)}", style="yellow"))
    parts.extend(
        Text(f"  {c.capitalize()}: {figure(score.tallies, score.intervals, c)}") for c in _CATEGORIES
    )
    if score.criteria:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("criterion", "points", "pass", "fail", "n/a", "not assessed"):
            table.add_column(heading, justify="left" if heading == "criterion" else "right")
        for one in score.criteria:
            counts = one.verdicts
            table.add_row(
                title(one.criterion),
                points(one.tally),
                *(str(counts.get(v, 0)) for v in ("pass", "fail", "not_applicable", "not_assessed")),
            )
        parts += [Text(""), table, Text(""), Text("Points lost, call by call", style="bold")]
        parts.extend(_lost(behind))
    if difficult is not None:
        parts += [Text(""), *_difficult(difficult)]
    parts += [Text(""), *_endings(endings)]
    return Group(*parts)


def _difficult(found: DifficultCalls) -> Iterator[Text]:
    yield Text("Difficult calls, which are no score", style="bold")
    if found.calls:
        kinds = ", ".join(f"{title(name)} {count}" for name, count in found.kinds.items())
        yield Text(f"  {found.difficult} of {found.calls} calls{f': {kinds}' if kinds else ''}")
    if found.unknown:
        yield Text(f"  not assessed in {found.unknown}: what the customer says is not known", style="dim")
    if found.withheld:
        yield Text(f"  not assessed: {found.withheld}", style="yellow")
        return
    assessed = found.settled + found.not_settled
    yield Text(f"  settled: {found.settled} of {assessed} assessed{interval(found.interval)}")
    if found.voices is not None and found.calmer_and_settled is not None:
        calmer = found.voices.endings.get("calmer", 0)
        yield Text(
            f"  ended calmer: {calmer} of {found.voices.assessed} heard; calmer and settled: "
            f"{found.calmer_and_settled}"
        )


def _endings(found: CustomerEndings) -> Iterator[Text]:
    yield Text("How customers' voices end a call against how they begin it", style="bold")
    if found.withheld:
        yield Text(f"  {found.withheld}", style="yellow")
    for name, count in found.endings.items():
        yield Text(f"  {name}: {count} of {found.assessed} calls{interval(found.intervals.get(name))}")
    for reason, count in found.not_assessed.items():
        yield Text(f"  not assessed in {count}: {printable(reason)}", style="dim")
    yield Text(f"  {found.notice}.", style="dim")


def _lost(calls: Iterable[CallAnalysis]) -> Iterator[Text]:
    for call in calls:
        for finding in call.findings:
            if finding.earned is None or finding.earned == finding.possible:
                continue
            lost = f"{title(finding.criterion)} {finding.earned}/{finding.possible}"
            yield Text(f"  {printable(call.call_id)}: {lost}. {printable(finding.reason)}")
            for item in finding.evidence:
                quote = isolated(printable(item.quote))
                yield Text(f"      {clock(item.start)} {printable(item.speaker)}: “{quote}”")
            if finding.would_change:
                yield Text(f"      what would change it: {printable(finding.would_change)}", style="dim")
