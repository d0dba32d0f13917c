"""Legal holds: calls and customers of whom nothing may be purged until somebody says so."""

from __future__ import annotations

import msgspec

from speechqa.core.analysis import Document
from speechqa.core.custody import Hold, HoldEntry, HoldRelease, LegalHold, customer_identity
from speechqa.errors import CallNotFound, UsageError
from speechqa.protocols import CallFilter, Store


def holds(store: Store) -> tuple[Hold, ...]:
    """The holds that are in force, oldest first."""
    return standing(store)[0]


def standing(store: Store) -> tuple[tuple[Hold, ...], int]:
    """The holds in force, and the number of the last entry about any, 0 where there is none."""
    placed: dict[int, Hold] = {}
    last = 0
    for entry in store.notes("legal_hold"):
        last = entry.number
        # Erased with its call: there is nothing left that it could hold.
        body = None if entry.body is None else msgspec.json.decode(entry.body, type=HoldEntry)
        if isinstance(body, LegalHold):
            placed[entry.number] = Hold(
                number=entry.number, at=entry.at, by=entry.actor, reason=body.reason,
                identity=entry.identity, call_id=entry.call_id, customer_id=body.customer_id,
            )  # fmt: skip
        elif isinstance(body, HoldRelease):
            placed.pop(body.hold, None)
    return tuple(placed.values()), last


def place_hold(
    store: Store, reference: str | None, *, customer_id: str | None = None, by: str, reason: str
) -> Hold:
    """Forbid that a call, or any call of a customer, be purged: those that come later too.

    Raises
    ------
    UsageError
        If not exactly one of call and customer is named, the reason is missing, or no call is the customer's.
    CallNotFound
        If there is no such call.
    """
    from speechqa.privacy.redaction import redact_text

    if (reference is None) == (customer_id is None):
        raise UsageError("A hold is on a call or on a customer", expected="CALL or --customer ID")
    if not reason.strip():
        raise UsageError("A hold needs a reason", expected="--reason")
    identity: str | None
    if customer_id is not None:
        if not any(True for _ in store.find(CallFilter(customer_id=customer_id, limit=1))):
            raise UsageError(
                "No call is of that customer", found=customer_id,
                hint="Look for the id as it stands in the manifest: speechqa calls --customer ID",
            )  # fmt: skip
        identity, call = customer_identity(customer_id), None
    else:
        document = store.get(reference or "")
        identity, call = _identity(store, document), document.call_id
        store.log("legal hold", call=call, actor=by, reason=redact_text(reason))
    body = LegalHold(reason=redact_text(reason), customer_id=customer_id)
    entry = store.note("legal_hold", body, actor=redact_text(by), identity=identity, call=call)
    return Hold(
        number=entry.number, at=entry.at, by=entry.actor, reason=body.reason,
        identity=identity, call_id=call, customer_id=customer_id,
    )  # fmt: skip


def release_hold(
    store: Store,
    wanted: str | None,
    *,
    customer_id: str | None = None,
    by: str,
    reason: str,
) -> tuple[Hold, ...]:
    """End a hold by its number, or all holds on a call or a customer; what was released.

    Raises
    ------
    UsageError
        If nothing of the kind is held, not exactly one thing is named, or the reason is missing.
    CallNotFound
        If there is no such call.
    """
    from speechqa.privacy.redaction import redact_text

    if (wanted is None) == (customer_id is None):
        raise UsageError(
            "Which hold ends?",
            expected="a hold's number, CALL, or --customer ID",
            hint="See speechqa hold list.",
        )
    if not reason.strip():
        raise UsageError("Releasing a hold needs a reason", expected="--reason")
    chosen: list[Hold]
    if customer_id is not None:
        chosen = [hold for hold in holds(store) if hold.customer_id == customer_id]
    else:
        chosen = [hold for hold in holds(store) if str(hold.number) == wanted]
        if not chosen:
            document = store.get(wanted or "")
            chosen = [
                hold
                for hold in holding(store, document, _identity(store, document), holds(store))
                if hold.customer_id is None
            ]
    if not chosen:
        raise UsageError(
            "There is no such hold",
            found=customer_id or wanted,
            hint="See speechqa hold list for those in force.",
        )
    for hold in chosen:
        body = HoldRelease(hold=hold.number, reason=redact_text(reason))
        store.note("legal_hold", body, actor=redact_text(by), identity=hold.identity, call=hold.call_id)
    return tuple(chosen)


def holding(
    store: Store, document: Document, identity: str | None, among: tuple[Hold, ...]
) -> tuple[Hold, ...]:
    """The holds that forbid the purge of a call: on itself, or on any customer it was ever said to be of."""
    if not among:
        return ()
    customers = {document.metadata.customer_id} - {None}
    if any(hold.customer_id is not None for hold in among):
        # A later manifest may have named another customer; the hold was on the call of then.
        versions = store.history(document.call_id)
        kept = [store.get(document.call_id, version=version.number) for version in versions[1:]]
        customers |= {older.metadata.customer_id for older in kept} - {None}
    return tuple(
        hold
        for hold in among
        if (hold.customer_id is not None and hold.customer_id in customers)
        or (hold.identity is not None and hold.identity == identity)
        or (hold.call_id is not None and hold.call_id == document.call_id)
    )


def _identity(store: Store, document: Document) -> str | None:
    try:
        return store.identity(document.call_id)
    except CallNotFound:
        return None
