"""What to listen to first and why, and the questions that were kept, as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from speechqa.core.plain import printable
from speechqa.core.saved import SavedFilter
from speechqa.protocols import CallSummary
from speechqa.reports.wording import call_name, clock


def listening_table(summaries: Iterable[CallSummary]) -> Table:
    """One line a call in the order given: how heavy the reason weighs, of 100, from when, and why."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("weight", justify="right", no_wrap=True)
    table.add_column("call", max_width=28, overflow="fold")
    table.add_column("date", no_wrap=True)
    table.add_column("agent", max_width=20, overflow="fold")
    table.add_column("from", justify="right", no_wrap=True)
    table.add_column("why", ratio=1)
    for one in summaries:
        table.add_row(
            str(one.listen_weight),
            Text(printable(call_name(one.call_id, one.path), limit=28)),
            Text(printable((one.started_at or "")[:16].replace("T", " "))),
            Text(printable(one.agent_name or one.agent_id or "", limit=20)),
            clock(one.listen_at),
            Text(printable(one.listen_to or "", limit=160) + (" (draft words)" if one.draft else "")),
        )
    return table


def saved_table(kept: Iterable[SavedFilter]) -> Table:
    """One line a question that was kept, with its conditions."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("name", overflow="fold")
    table.add_column("calls", ratio=1)
    for one in kept:
        parts = [] if one.last_days is None else [f"last {one.last_days} days"]
        parts += [f"{name} {_value(value)}" for name, value in sorted((one.query or {}).items())]
        table.add_row(
            Text(printable(one.name, limit=60)), Text(printable("; ".join(parts) or "all", limit=400))
        )
    return table


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={each}" for name, each in value.items())
    return str(value)
