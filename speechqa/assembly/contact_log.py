"""A customer's calls as `scoring.contact_log` reads them, out of a store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.period import day_of
from speechqa.criteria.second_reading import MARK
from speechqa.protocols import CallFilter
from speechqa.scoring.contact_log import ContactFacts, Gap, MadePromise, own_gaps, quiet_spells

if TYPE_CHECKING:
    from speechqa.store.promised import Kept
    from speechqa.store.sql import SqlStore


def contacts_of(store: SqlStore, customer_id: str, *, until: str) -> tuple[ContactFacts, ...]:
    """What is known of each of a customer's calls up to a day, oldest first, those of no known day last."""
    query = CallFilter(customer_id=customer_id)
    kept = store.promised(query)
    found = [_facts(document, kept.get(document.call_id)) for document in store.documents(query)]
    dated = [one for one in found if one.day is not None and one.day <= until]
    return (*reversed(dated), *(one for one in found if one.day is None))


def quiet_days(store: SqlStore, *, until: str) -> tuple[str | None, tuple[Gap, ...]]:
    """The first day of the log, and its spells without a call of anybody up to a day."""
    days = store.days_with_calls(until)
    return (days[0] if days else None), quiet_spells(days, until)


def all_gaps(contacts: tuple[ContactFacts, ...], others: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Gaps of the whole log, and what is not known of the customer's own calls."""
    return (*others, *own_gaps(contacts))


def _facts(document: Document, kept: Kept | None) -> ContactFacts:
    metadata = document.metadata
    day = day_of(metadata.started_at)
    common: dict[str, Any] = {
        "call_id": document.call_id,
        "started_at": metadata.started_at,
        "day": None if day is None else day.isoformat(),
        "direction": metadata.direction,
    }
    if not isinstance(document, CallAnalysis):
        return ContactFacts(**common, unheard="it could not be analysed")
    signals = document.signals
    promised = signals.promises or ()
    rows: Mapping[int, Any] = {row.number: row for row in kept.promises} if kept else {}
    complains = signals.complaint.value is True
    content = signals.satisfaction_expressed
    # What the trained model alone takes for satisfaction brings nobody nearer.
    pleased = tuple(one for one in content.evidence if MARK not in one.note) if content.value else ()
    leaves = any(sign.stage > 1 for sign in signals.stage_signs or ())
    return ContactFacts(
        **common,
        unheard=_unheard(document),
        complains=complains,
        negative=complains or leaves or bool(signals.public_or_legal_threat.value),
        satisfied=pleased[:1],
        signs=signals.stage_signs or (),
        news=signals.promise_news or (),
        promises=tuple(
            MadePromise(
                who=promise.who,
                what=promise.what.quote,
                by_when=promise.when.quote if promise.when else None,
                due=rows[number].due if number in rows else None,
                start=promise.what.start,
                deed=promise.deed,
            )
            for number, promise in enumerate(promised)
        ),
    )


def _unheard(document: CallAnalysis) -> str:
    signals, transcript = document.signals, document.transcript
    if transcript is not None and transcript.draft:
        return "its words are those of a draft engine"
    if signals.promise_news is not None and signals.promises is not None:
        return ""
    if signals.complaint.value is None:
        return "what was said in it is not known"
    return "it was judged before this was looked for; `speechqa rescore` judges it again"
