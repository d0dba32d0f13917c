"""The page over many calls."""

from __future__ import annotations

from collections.abc import Iterable

from speechqa.protocols import CallSummary
from speechqa.reports.language import language
from speechqa.reports.pages.environment import rendered
from speechqa.reports.view.batch import RowView, row_view


def batch_html(summaries: Iterable[CallSummary]) -> str:
    """The page over calls, in the order given."""
    rows: list[RowView] = [row_view(summary) for summary in summaries]
    return rendered(
        "index.html.j2",
        language("en"),
        styles=("call.css",),
        rows=rows,
        failed=sum(row.failed for row in rows),
        drafts=sum(row.draft for row in rows),
    )
