"""What a call's page is about: the document, what people said, and how it is heard."""

from __future__ import annotations

from speechqa.assembly.disputes import disputes
from speechqa.assembly.periods import closed_period
from speechqa.assembly.reviews import standings_of
from speechqa.core.analysis import CallAnalysis
from speechqa.core.review import Standing
from speechqa.core.value import Value
from speechqa.protocols import Store
from speechqa.scoring.disputes import DisputeRecord


class CallFacts(Value, frozen=True, kw_only=True):
    """All that is known of a call but its sound.

    Attributes
    ----------
    standings : tuple of Standing
        Its verdicts of record.
    closed : str
        Name of the closed period it lies in; empty where there is none.
    """

    document: CallAnalysis
    standings: tuple[Standing, ...]
    disputes: tuple[DisputeRecord, ...]
    closed: str


def call_facts(store: Store, document: CallAnalysis) -> CallFacts:
    """Gather what is known of a stored call."""
    period = closed_period(store, document)
    return CallFacts(
        document=document,
        standings=standings_of(store, document),
        disputes=disputes(store, identity=store.identity(document.call_id)),
        closed=period.period.name if period is not None else "",
    )
