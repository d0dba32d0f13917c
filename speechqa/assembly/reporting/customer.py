"""Which calls a customer's page is about."""

from __future__ import annotations

from functools import partial

from speechqa.assembly.reporting.listed import Listed, listed
from speechqa.protocols import CallFilter, Store


def calls_with(store: Store, customer_id: str) -> Listed:
    """All calls of a customer; none where nobody has that id."""
    return listed(partial(store.find, CallFilter(customer_id=customer_id)))
