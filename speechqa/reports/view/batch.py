"""The batch page: a line a call."""

from __future__ import annotations

from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.protocols import CallSummary
from speechqa.reports.naming import page_name
from speechqa.reports.wording import NAMED_CRITERIA, VERDICT_WORDS, call_name, length, points_of_record


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


def row_view(summary: CallSummary) -> RowView:
    """The line of a call."""
    failed = summary.status == "failed"
    return RowView(
        call=printable(call_name(summary.call_id, summary.path)),
        link="" if failed else page_name(summary.call_id),
        agent=printable(summary.agent_name or summary.agent_id or ""),
        length="" if failed else length(summary.duration),
        scores=(
            points_of_record(summary, "courtesy"),
            points_of_record(summary, "professionalism"),
        ),
        verdicts=tuple(
            (verdict, VERDICT_WORDS.get(verdict, ""))
            for verdict in (summary.verdicts_of_record.get(name, "") for name in NAMED_CRITERIA)
        ),
        interruptions=""
        if failed
        else ("?" if summary.interruptions is None else str(summary.interruptions)),
        listen_to=printable(summary.error or "" if failed else summary.listen_to or ""),
        failed=failed,
        draft=summary.draft,
    )
