"""One row a call: who, when, scores, verdicts, signals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from speechqa.core.finding import Tally
from speechqa.protocols import CallSummary
from speechqa.reports.tables.columns import Cell, Column, cell_text, local_time

CALL_COLUMNS = (
    Column("call_id"),
    Column("status"),
    Column("started_at", "when"),
    Column("utc_offset"),
    Column("started_as_given"),
    Column("duration_s", "number"),
    Column("agent_id"),
    Column("agent_name"),
    Column("team"),
    Column("customer_id"),
    Column("language"),
    Column("engine"),
    Column("draft", "yes"),
    Column("rubric"),
    Column("interruptions", "whole"),
    Column("customer_type"),
    Column("listen_to"),
    Column("listen_at_s", "number"),
    Column("error"),
    Column("path"),
)
"""Columns of every table of calls; scores, verdicts and signals follow them as calls have them."""

_SCORE, _VERDICT, _SIGNAL, _MACHINE = "score ", "verdict ", "signal ", "machine "


def call_row(summary: CallSummary) -> dict[str, Cell]:
    """The cells of a call; scores and verdicts are those of record."""
    local, offset = local_time(summary.started_at)
    row: dict[str, Cell] = {
        "call_id": cell_text(summary.call_id),
        "status": summary.status,
        "started_at": local,
        "utc_offset": offset,
        "started_as_given": cell_text(summary.started_at),
        "duration_s": summary.duration,
        "agent_id": cell_text(summary.agent_id),
        "agent_name": cell_text(summary.agent_name),
        "team": cell_text(summary.team),
        "customer_id": cell_text(summary.customer_id),
        "language": cell_text(summary.language),
        "engine": cell_text(summary.engine),
        "draft": summary.draft if summary.status == "done" else None,
        "rubric": cell_text(summary.rubric),
        "interruptions": summary.interruptions,
        "customer_type": cell_text(", ".join(summary.customer_type)),
        "listen_to": cell_text(summary.listen_to),
        "listen_at_s": summary.listen_at,
        "error": cell_text(summary.error),
        "path": cell_text(summary.path),
    }
    row |= _scores(_SCORE, summary.scores_of_record)
    row |= _verdicts(_VERDICT, summary.verdicts_of_record)
    # What the machine found stands beside it where a person decided otherwise.
    row |= _scores(
        _MACHINE + _SCORE, {name: summary.scores.get(name, Tally()) for name in summary.record_scores}
    )
    row |= _verdicts(_MACHINE + _VERDICT, {name: summary.verdicts[name] for name in summary.record_verdicts})
    row |= {_SIGNAL + (cell_text(name) or "?"): value for name, value in summary.signals.items()}
    return row


def _scores(prefix: str, scores: Mapping[str, Tally]) -> Iterator[tuple[str, Cell]]:
    for category, tally in scores.items():
        name = prefix + (cell_text(category) or "?")
        yield f"{name} earned", tally.earned
        yield f"{name} possible", tally.possible
        # Nothing that applied makes no rate, and no zero.
        yield f"{name} rate", tally.earned / tally.possible if tally.possible else None


def _verdicts(prefix: str, verdicts: Mapping[str, str]) -> Iterator[tuple[str, Cell]]:
    return ((prefix + (cell_text(name) or "?"), verdict) for name, verdict in verdicts.items())


def call_columns(seen: Iterable[str]) -> tuple[Column, ...]:
    """The columns of a table whose rows have cells of those names."""
    fixed = {column.name for column in CALL_COLUMNS}
    more = sorted(set(seen) - fixed)
    scores = sorted(
        {name.rsplit(" ", 1)[0] for name in more if name.removeprefix(_MACHINE).startswith(_SCORE)},
        key=lambda name: (name.startswith(_MACHINE), name),
    )
    return (
        *CALL_COLUMNS,
        *(
            column
            for name in scores
            for column in (
                Column(f"{name} earned", "whole"),
                Column(f"{name} possible", "whole"),
                Column(f"{name} rate", "number"),
            )
        ),
        *(Column(name) for name in more if name.startswith(_VERDICT)),
        *(Column(name) for name in more if name.startswith(_MACHINE + _VERDICT)),
        *(Column(name, "yes") for name in more if name.startswith(_SIGNAL)),
    )
