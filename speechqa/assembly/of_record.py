"""Calls as they count: by the verdicts of record, the machine's beside them where a person said otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from speechqa.assembly.reviews import standings_of
from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Finding, Tally
from speechqa.core.review import Standing
from speechqa.protocols import CallSummary, Store
from speechqa.reports.review import record_lines
from speechqa.scoring import score


def scores_of_record(standings: Sequence[Standing]) -> Mapping[str, Tally]:
    """The points that count, by category."""
    return score(one.finding for one in standings)


def document_of_record(
    store: Store, document: CallAnalysis, standings: Sequence[Standing] | None = None
) -> CallAnalysis:
    """A call's document with the findings and scores that count; notices say where the machine's differ.

    It is for showing and adding up, never for keeping: what the machine found stays as it is in the store.
    Where nobody said anything it is the document itself.
    """
    stands = standings_of(store, document) if standings is None else standings
    if not any(one.differs or one.waits for one in stands):
        return document
    return replace(
        document,
        findings=tuple(one.finding for one in stands),
        scores=scores_of_record(stands),
        notices=(*record_lines(stands), *document.notices),
    )


def with_record(summary: CallSummary, document: CallAnalysis) -> CallSummary:
    """A call's summary by the machine, with what differs in its document of record beside it."""
    verdicts = {finding.criterion: finding.verdict.value for finding in document.findings}
    return replace(
        summary,
        record_scores={c: t for c, t in document.scores.items() if t != summary.scores.get(c, Tally())},
        record_verdicts={name: said for name, said in verdicts.items() if said != summary.verdicts.get(name)},
    )


def record_fields(standings: Sequence[Standing]) -> dict[str, Any] | None:
    """What people said of a call, for machines; None where nobody did and nothing waits for a person."""
    said = [one for one in standings if one.source != "machine" or one.critical == "confirmed" or one.waits]
    if not said:
        return None
    return {"scores": to_builtins(scores_of_record(standings)), "criteria": [_fields(one) for one in said]}


def _fields(one: Standing) -> dict[str, Any]:
    return {
        **_verdict(one.finding), "criterion": one.criterion, "category": one.category, "source": one.source,
        "by": one.by, "at": one.at, "comment": one.comment, "critical": one.critical,
        "confirmed_by": one.confirmed_by, "waits": one.waits, "machine": _verdict(one.machine),
    }  # fmt: skip


def _verdict(found: Finding) -> dict[str, Any]:
    return {"verdict": found.verdict.value, "earned": found.earned, "possible": found.possible}
