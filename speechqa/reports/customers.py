"""A customer's history as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.customers import CustomerHistory, OpenPromise
from speechqa.core.plain import isolated, printable
from speechqa.reports.wording import call_name, clock, length, title

_STATES = {"past_due": "past due", "due": "due", "day_unknown": "no day known"}
_STYLES = {"past_due": "bold red", "due": "yellow", "day_unknown": "dim"}


def history_view(found: CustomerHistory) -> RenderableType:
    """Every call with what came of it, then what was promised and is not known to be kept."""
    span = f", {found.first_at[:10]} to {found.last_at[:10]}" if found.first_at and found.last_at else ""
    heading = f"Customer {found.customer_id}: {_count(len(found.calls), 'call')}{span}"
    with_agents = f", {_count(found.agents, 'agent')}" if found.agents else ""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("date", "call", "agent", "length", "outcome"):
        table.add_column(name, justify="right" if name == "length" else "left", overflow="fold")
    table.add_column("signals", ratio=1)
    for one in found.calls:
        table.add_row(
            Text(printable((one.started_at or "not known")[:16].replace("T", " "))),
            Text(printable(call_name(one.call_id, one.path), limit=28)),
            Text(printable(one.agent_name or one.agent_id or "", limit=20)),
            length(one.duration),
            Text(title(one.outcome), style="red" if one.outcome in ("complaint_open", "failed") else ""),
            Text(", ".join(map(title, one.signals)) + (" (draft words)" if one.draft else "")),
        )
    parts: list[RenderableType] = [Text(printable(heading + with_agents), style="bold"), table]
    for name, calls in sorted(found.signals.items()):
        last = found.last_signal.get(name)
        when = f", last on {printable(last[:10])}" if last else ""
        parts.append(Text(f"{title(name).capitalize()}: in {calls} of {len(found.calls)} calls{when}"))
    return Group(*parts, *_promised(found))


def _promised(found: CustomerHistory) -> Iterator[Text]:
    promises = [promise for one in found.calls for promise in one.promises]
    if not promises:
        return
    yield Text("Promised, and not known to be kept", style="bold")
    order = {"past_due": 0, "due": 1, "day_unknown": 2}
    for one in sorted(promises, key=lambda each: (order[each.state], each.due or "")):
        yield _line(one)


def _line(one: OpenPromise) -> Text:
    when = f" {one.due}" if one.due else ""
    line = Text("  ")
    line.append(f"{_STATES[one.state]}{when}", style=_STYLES[one.state])
    quote = isolated(printable(one.what, limit=200))
    line.append(f"  {printable(one.call_id, limit=28)} {clock(one.start)} {printable(one.who)}: “{quote}”")
    return line


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
