"""Disputes and closed periods as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.finding import Verdict
from speechqa.core.journal import JournalEntry
from speechqa.core.period import ClosedPeriod, Period
from speechqa.core.plain import isolated, printable
from speechqa.reports.wording import VERDICT_WORDS, title
from speechqa.scoring.disputes import Acknowledged, DisputeRecord

REASON_WORDS = {
    "not_me": "not me",
    "roles_wrong": "agent and customer exchanged",
    "words_wrong": "words misheard",
    "system_down": "systems were down",
    "verdict_wrong": "verdict wrong",
}


def disputes_view(disputes: Sequence[DisputeRecord]) -> RenderableType:
    """Each dispute: what is contested, why, until when, and what every reviewer said."""
    parts: list[RenderableType] = []
    for one in disputes:
        if parts:
            parts.append(Text(""))
        parts.extend(dispute_lines(one))
    return Group(*parts)


def dispute_lines(one: DisputeRecord) -> Iterator[Text]:
    """One dispute in a few lines: heading, the agent's words, each resolution."""
    said = one.dispute
    style = "red" if one.overdue else "bold"
    heading = f"{one.number}  {one.call_id}  {title(said.criterion)}: {_state(one)}"
    yield Text(printable(heading), style=style)
    yield Text(
        printable(
            f"  contested as {verdict_word(said.verdict)} by {one.by} on {one.at[:10]}: "
            f"{REASON_WORDS[said.reason]}"
        )
    )
    yield Text(f"    “{isolated(printable(said.comment))}”")
    for given in one.resolutions:
        held = given.resolution
        what = "upheld" if held.verdict is None else f"changed to {verdict_word(held.verdict)}"
        who = "second reviewer" if held.second else "reviewer"
        yield Text(printable(f"  {what} by {given.by}, {who}, on {given.at[:10]}"))
        yield Text(f"    “{isolated(printable(held.comment))}”")


def acknowledgement_line(one: Acknowledged) -> Text:
    """One acknowledgement: who saw what, when, and their words."""
    what = "the scorecard" if one.acknowledgement.criterion is None else title(one.acknowledgement.criterion)
    said = isolated(printable(one.acknowledgement.comment))
    return Text(f"{printable(f'{one.at[:10]} {one.by} has seen {what} of {one.call_id}')}: “{said}”")


def periods_table(closed: Iterable[ClosedPeriod]) -> Table:
    """The closed periods: their days, who closed them, when and why."""
    table = _table("period", "first day", "last day", "closed by", "on", "why")
    for one in closed:
        days = (one.period.name, one.period.first, one.period.last)
        table.add_row(*days, Text(printable(one.by)), one.at[:10], Text(_why(one.period)))
    return table


def period_log_table(log: Iterable[tuple[JournalEntry, Period]]) -> Table:
    """Every closing and opening, oldest first."""
    table = _table("period", "what", "by", "on", "why")
    for entry, period in log:
        what = "closed" if entry.kind == "period_closed" else "opened"
        table.add_row(period.name, what, Text(printable(entry.actor)), entry.at[:10], Text(_why(period)))
    return table


def verdict_word(verdict: Verdict | None) -> str:
    """A verdict in words; a dash where none is known."""
    return "–" if verdict is None else VERDICT_WORDS[verdict.value]


def _state(one: DisputeRecord) -> str:
    if not one.open:
        return one.state if one.state == "upheld" else f"changed to {verdict_word(one.verdict)}"
    left = one.days_left or 0
    if left < 0:
        return f"OVERDUE since {one.dispute.deadline}"
    return f"open until {one.dispute.deadline} ({'today' if left == 0 else f'{left} days left'})"


def _why(period: Period) -> str:
    return isolated(printable(period.reason))


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings[:-1]:
        table.add_column(heading, no_wrap=True)
    table.add_column(headings[-1], ratio=1)
    return table
