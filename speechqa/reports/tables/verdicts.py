"""One row a call and criterion: the verdict, its points, its reason and what was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from speechqa.core.analysis import Document, FailedCall
from speechqa.core.review import Standing
from speechqa.reports.tables.columns import Cell, Column, cell_text, local_time

VERDICT_COLUMNS = (
    Column("call_id"),
    Column("started_at", "when"),
    Column("utc_offset"),
    Column("agent_id"),
    Column("agent_name"),
    Column("team"),
    Column("customer_id"),
    Column("language"),
    Column("criterion"),
    Column("category"),
    Column("verdict"),
    Column("earned", "whole"),
    Column("possible", "whole"),
    Column("decided_by"),
    Column("waits_for"),
    Column("machine_verdict"),
    Column("machine_earned", "whole"),
    Column("machine_possible", "whole"),
    Column("confidence", "number"),
    Column("critical", "yes"),
    Column("reason"),
    Column("speaker"),
    Column("quote"),
    Column("quote_at_s", "number"),
    Column("quotes", "whole"),
    Column("would_change"),
    Column("detector"),
    Column("rubric"),
)
"""Columns of a table of verdicts; `quote` is the first piece of evidence, `quotes` counts all."""


def verdict_rows(document: Document, standings: Sequence[Standing] = ()) -> Iterator[dict[str, Cell]]:
    """The rows of a call by the verdicts of record; none for one that could not be analysed.

    `standings` are where its criteria stand; without them the machine's verdicts are those of record.
    """
    if isinstance(document, FailedCall):
        return
    about = document.metadata
    local, offset = local_time(about.started_at)
    stands = {one.criterion: one for one in standings}
    for machine in document.findings:
        held = stands.get(machine.criterion)
        found = machine if held is None else held.finding
        quote = found.evidence[0] if found.evidence else None
        yield {
            "call_id": cell_text(document.call_id),
            "started_at": local,
            "utc_offset": offset,
            "agent_id": cell_text(about.agent_id),
            "agent_name": cell_text(about.agent_name),
            "team": cell_text(about.team),
            "customer_id": cell_text(about.customer_id),
            "language": cell_text(document.transcript.language) if document.transcript else None,
            "criterion": cell_text(found.criterion),
            "category": found.category,
            "verdict": found.verdict.value,
            "earned": found.earned,
            "possible": found.possible,
            "decided_by": "machine" if held is None else held.source,
            "waits_for": cell_text(held.waits) if held is not None and held.waits else None,
            "machine_verdict": machine.verdict.value,
            "machine_earned": machine.earned,
            "machine_possible": machine.possible,
            "confidence": found.confidence,
            "critical": found.critical,
            "reason": cell_text(found.reason),
            "speaker": cell_text(quote.speaker) if quote else None,
            "quote": cell_text(quote.quote) if quote else None,
            "quote_at_s": quote.start if quote else None,
            "quotes": len(found.evidence),
            "would_change": cell_text(found.would_change),
            "detector": cell_text(found.detector),
            "rubric": cell_text(document.provenance.rubric),
        }
