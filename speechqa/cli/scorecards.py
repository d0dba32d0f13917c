"""A call on the terminal or as JSON, with what people said beside the machine, whatever command shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from speechqa.cli.console import show, write

if TYPE_CHECKING:
    from speechqa.core.analysis import CallAnalysis, Document
    from speechqa.core.review import Standing


def print_call(analysis: CallAnalysis, standings: Sequence[Standing]) -> None:
    """The scorecard, by the verdicts of record where a person said otherwise, and what was said."""
    from speechqa.assembly.of_record import scores_of_record
    from speechqa.reports.terminal import scorecard

    differs = any(one.differs for one in standings)
    show(scorecard(analysis, scores_of_record(standings) if differs else None))
    print_record(standings)


def print_record(standings: Sequence[Standing], criterion: str | None = None) -> None:
    """What people said beside the machine, where they did or have to."""
    from speechqa.reports.review import record_view

    record = record_view(standings, criterion)
    if record is not None:
        show(record)


def print_document(document: Document, standings: Sequence[Standing]) -> None:
    """A document as a line of JSON; what people said is its last field, where they did or have to."""
    from speechqa.assembly.of_record import record_fields
    from speechqa.core.codec import encode

    print_json(encode(document), record_fields(standings))


def print_json(line: bytes, record: object) -> None:
    """A line of JSON with a record as its last field, or as it is where there is none."""
    import msgspec

    if record is None:
        write(line.decode())
    else:
        write(f'{line.decode()[:-1]},"record":{msgspec.json.encode(record).decode()}}}')
