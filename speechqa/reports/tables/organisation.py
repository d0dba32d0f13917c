"""The report on the organisation as a table: a row a quote, and a row a place to hear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from speechqa.reports.tables.columns import Column, Row, cell_text
from speechqa.scoring.organisation import Blamed, Fault, Organisation

ORGANISATION_COLUMNS: Final = (
    Column("part"), Column("name"), Column("kind"), Column("what"), Column("from"), Column("to"),
    Column("calls", "whole"), Column("row"), Column("call_id"), Column("start_s", "number"),
    Column("end_s", "number"), Column("why"), Column("quote"),
)  # fmt: skip


def organisation_rows(found: Organisation) -> Iterator[Row]:
    """Incidents first, then what is complained of; each with its quotes and places, or a row of its own."""
    for fault in found.faults:
        incident = fault.incident
        told: Row = {
            "part": "incident",
            "name": cell_text(incident.id),
            "kind": incident.kind,
            "what": cell_text(incident.what),
            "from": incident.start,
            "to": incident.end,
            "calls": fault.calls,
        }
        yield from _rows(told, fault)
    for blamed in found.blamed:
        yield from _rows({"part": "complaint", "name": blamed.about, "calls": blamed.calls}, blamed)


def _rows(told: Row, found: Fault | Blamed) -> Iterator[Row]:
    for word in found.quotes:
        said = word.said
        yield {
            **told, "row": "quote", "call_id": cell_text(word.call_id), "start_s": said.start,
            "end_s": said.end, "quote": cell_text(said.quote),
        }  # fmt: skip
    for clip in found.clips:
        yield {
            **told, "row": "hear", "call_id": cell_text(clip.call_id), "start_s": clip.start,
            "end_s": clip.end, "why": clip.why,
        }  # fmt: skip
    if not found.quotes and not found.clips:
        yield {**told, "row": "calls"}
