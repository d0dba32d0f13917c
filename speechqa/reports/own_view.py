"""An agent's own view as a person reads it in a terminal: what was lost, why, and what to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.finding import Category, Evidence
from speechqa.core.period import Period, day_of
from speechqa.core.plain import isolated, printable
from speechqa.core.value import Value
from speechqa.reports.disputes import acknowledgement_line, dispute_lines
from speechqa.reports.own_figures import course_words, criteria_lines, shift_lines
from speechqa.reports.wording import clock, interval, points, title
from speechqa.scoring import CATEGORIES, AgentScore
from speechqa.scoring.disputes import Acknowledged, DisputeRecord
from speechqa.scoring.examples import CriterionExamples, Example
from speechqa.scoring.peers import QUARTERS, PeerPlace
from speechqa.scoring.per_criterion import CriterionFigure
from speechqa.scoring.progress import Progress, WeekFigures
from speechqa.scoring.shift import Shift

SOURCE_WORDS: Final = {"review": "a reviewer's verdict", "resolution": "the outcome of a dispute"}
_HOW: Final = "By the verdicts of record, on criteria assessed for both sides, no names."


class LostPoints(Value, frozen=True, kw_only=True):
    """Points lost on one criterion of one call, and how they could have been earned.

    Attributes
    ----------
    source : str
        Whose verdict holds: `machine`, `review` or `resolution`.
    waits : str
        What the verdict waits for; empty where it is settled.
    clip : str
        The command that plays what it rests on; empty where its time is not known.
    dispute : int or None
        Number of its newest dispute, `dispute_state` its state.
    closed : str
        The closed period the call lies in; empty where it can still be contested.
    """

    call_id: str
    started_at: str | None
    criterion: str
    category: Category
    earned: int
    possible: int
    reason: str
    evidence: tuple[Evidence, ...] = ()
    would_change: str = ""
    source: str = "machine"
    waits: str = ""
    clip: str = ""
    dispute: int | None = None
    dispute_state: str = ""
    closed: str = ""


class RubricView(Value, frozen=True, kw_only=True):
    """An agent's calls under one rubric.

    Attributes
    ----------
    lost : tuple of LostPoints
        Of the newest call first; `more_calls` are older calls with lost points that are left out.
    criteria : tuple of CriterionFigure
        Each criterion over the calls, in the rubric's order.
    waiting, by_people : int
        Verdicts that wait for a person, and those that a person gave.
    """

    score: AgentScore
    lost: tuple[LostPoints, ...] = ()
    more_calls: int = 0
    examples: tuple[CriterionExamples, ...] = ()
    progress: Progress = Progress()
    peers: tuple[PeerPlace, ...] = ()
    criteria: tuple[CriterionFigure, ...] = ()
    shift: Shift = Shift()
    waiting: int = 0
    by_people: int = 0


class AgentView(Value, frozen=True, kw_only=True):
    """All that an agent sees of their own calls, a view a rubric.

    Attributes
    ----------
    days : tuple of str or None
        First and last day that was asked for.
    closed : tuple of Period
        Closed periods that calls of theirs lie in.
    """

    agent_id: str
    agent_name: str | None = None
    rubrics: tuple[RubricView, ...] = ()
    disputes: tuple[DisputeRecord, ...] = ()
    acknowledged: tuple[Acknowledged, ...] = ()
    days: tuple[str | None, str | None] = (None, None)
    minimum_calls: int = 1
    closed: tuple[Period, ...] = ()


def agent_view(view: AgentView) -> RenderableType:
    """The whole view, top down: figures, progress, peers, points lost, examples, disputes."""
    name = f" {view.agent_name}" if view.agent_name else ""
    parts: list[RenderableType] = [Text(printable(f"Your calls, {view.agent_id}{name}"), style="bold")]
    if not view.rubrics:
        parts.append(Text("  No call of yours was judged in that time."))
    for one in view.rubrics:
        parts.extend(_rubric(one))
    opened = [one for one in view.disputes if one.open]
    closed = [one for one in view.disputes if not one.open]
    for heading, found in (("Your open disputes", opened), ("Your disputes that were resolved", closed)):
        if found:
            parts += [Text(""), Text(heading, style="bold")]
            parts.extend(line for one in found for line in dispute_lines(one))
    if view.acknowledged:
        parts += [Text(""), Text("What you have acknowledged", style="bold")]
        parts.extend(acknowledgement_line(one) for one in view.acknowledged)
    return Group(*parts)


def _rubric(view: RubricView) -> Iterator[RenderableType]:
    score = view.score
    yield Text("")
    yield Text(printable(f"{score.n} calls, rubric {score.rubric}"), style="bold")
    if score.withheld:
        yield Text(f"  Figures are withheld: {score.withheld}.", style="yellow")
    if score.drafts_left_out:
        yield Text(f"  {score.drafts_left_out} calls with draft words left out.", style="yellow")
    if score.drafts:
        yield Text(
            f"  {score.drafts} of the calls rest on draft words: no basis for an audit.", style="yellow"
        )
    for category in CATEGORIES:
        if category in score.tallies:
            shown = points(score.tallies[category]) + interval(score.intervals.get(category))
            yield Text(f"  {category.capitalize()}: {shown}")
    yield from _progress(view.progress)
    yield from _peers(view.peers)
    yield from criteria_lines(view.criteria)
    yield from shift_lines(view.shift)
    yield Text("")
    yield Text("Points lost, newest call first", style="bold")
    if not view.lost:
        yield Text("  None.")
    for one in view.lost:
        yield from _lost(one)
    if view.more_calls:
        yield Text(f"  and {view.more_calls} older calls with points lost: --limit or --to shows them.")
    yield from _examples(view.examples)


def _progress(found: Progress) -> Iterator[RenderableType]:
    if not found.weeks:
        yield from _undated(found)
        return
    table = Table(box=None, pad_edge=True, header_style="bold")
    table.add_column("week", no_wrap=True)
    table.add_column("calls", justify="right")
    for category in CATEGORIES:
        table.add_column(category, no_wrap=True)
    for week in found.weeks:
        cells = [
            week.withheld if week.withheld and not i else "" if week.withheld else _week(week, category)
            for i, category in enumerate(CATEGORIES)
        ]
        table.add_row(week.week, str(week.calls), *(Text(cell) for cell in cells))
    yield Text("")
    yield Text("Week by week", style="bold")
    yield table
    yield from _undated(found)
    for trend in found.trends:
        yield Text(f"  {trend.category.capitalize()}: {course_words(trend)}")


def _undated(found: Progress) -> Iterator[Text]:
    if found.undated:
        yield Text(f"  Calls without a known day, which are in no week: {found.undated}.", style="dim")


def _week(week: WeekFigures, category: str) -> str:
    return points(week.tallies.get(category)) + interval(week.intervals.get(category))


def _peers(places: tuple[PeerPlace, ...]) -> Iterator[RenderableType]:
    if not places:
        return
    yield Text("")
    yield Text("Among other agents under this rubric", style="bold")
    for one in places:
        if one.quarter is None:
            yield Text(f"  {one.category.capitalize()}: no place is given, {one.withheld}")
        else:
            where = (
                f"the {QUARTERS[one.quarter]} of {one.peers + 1} agents, over {len(one.criteria)} criteria"
            )
            yield Text(f"  {one.category.capitalize()}: {where}")
    yield Text(f"  {_HOW}", style="dim")


def _lost(one: LostPoints) -> Iterator[Text]:
    day = _day(one.started_at)
    heading = f"  {one.call_id}{day}: {title(one.criterion)} {one.earned}/{one.possible}. "
    yield Text(printable(heading) + isolated(printable(one.reason)))
    yield from _quotes(one.evidence)
    if one.would_change:
        yield Text(f"      what would change it: {isolated(printable(one.would_change))}", style="dim")
    if one.clip:
        yield Text(f"      listen: {printable(one.clip)}", style="dim")
    if one.source in SOURCE_WORDS:
        yield Text(f"      {SOURCE_WORDS[one.source]}", style="dim")
    if one.waits:
        yield Text(f"      waits for {printable(one.waits)}", style="yellow")
    if one.dispute is not None:
        yield Text(f"      dispute {one.dispute}: {one.dispute_state}", style="yellow")
    elif one.closed:
        yield Text(f"      cannot be contested any more: {one.closed} is closed", style="dim")


def _examples(found: tuple[CriterionExamples, ...]) -> Iterator[Text]:
    shown = [one for one in found if one.weakest]
    if not shown:
        return
    yield Text("")
    yield Text("To learn from: your best and your weakest calls where points were lost", style="bold")
    for one in shown:
        yield Text(f"  {title(one.criterion)}")
        if not one.best:
            yield Text("    best: none of yours with words to quote earned all points yet", style="dim")
        for label, those in (("best", one.best), ("weakest", one.weakest)):
            for example in those:
                yield from _example(label, example)


def _example(label: str, example: Example) -> Iterator[Text]:
    finding = example.finding
    day = _day(example.started_at)
    heading = f"    {label}: {example.call_id}{day} {finding.earned}/{finding.possible}. "
    yield Text(printable(heading) + isolated(printable(finding.reason)))
    yield from _quotes(finding.evidence[:1])


def _day(started_at: str | None) -> str:
    day = day_of(started_at)
    return f" {day.isoformat()}" if day is not None else ""


def _quotes(evidence: tuple[Evidence, ...]) -> Iterator[Text]:
    for item in evidence:
        at = f"{clock(item.start)} " if item.start is not None else ""
        yield Text(f"      {at}{printable(item.speaker)}: “{isolated(printable(item.quote))}”")
