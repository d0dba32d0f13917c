"""Customers who may leave, complain or go public, gathered from the signals of their calls."""

from __future__ import annotations

import heapq
from typing import Final

import msgspec

from speechqa.core.value import Value
from speechqa.protocols import CallSummary

RISKS: Final = ("public_or_legal_threat", "churn_risk", "complaint")
"""Signals of a risk, the gravest first. A complaint counts where no satisfaction was heard after it."""

_SHOWN: Final = 30


class CustomerAtRisk(Value, frozen=True, kw_only=True):
    """A customer with signals of a risk; a call whose customer is not known stands for itself.

    Attributes
    ----------
    calls : int
        Their calls with such a signal.
    signals : tuple of str
        What was found, the gravest first.
    call : CallSummary
        The newest of their calls with the gravest of the signals.
    """

    customer_id: str | None
    calls: int
    signals: tuple[str, ...]
    call: CallSummary


class _Customer(msgspec.Struct):
    calls: int
    signals: set[str]
    call: CallSummary
    order: tuple[int, str]


class CustomersAtRisk:
    """Gathers customers from calls that are given one after the other."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], _Customer] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, call: CallSummary) -> None:
        """Look at a call."""
        found = {name for name in RISKS if call.signals.get(name)}
        if call.signals.get("satisfaction_expressed"):
            found.discard("complaint")
        if not found:
            return
        key = ("customer", call.customer_id) if call.customer_id else ("call", call.call_id)
        order = (-min(map(RISKS.index, found)), call.started_at or "")
        known = self._known.get(key)
        if known is None:
            self._known[key] = _Customer(1, found, call, order)
            return
        known.calls += 1
        known.signals |= found
        if order > known.order:
            known.call, known.order = call, order

    def worst(self, most: int = _SHOWN) -> tuple[CustomerAtRisk, ...]:
        """The customers most at risk: by the gravest signal, then how many calls, then the newest."""
        # Twice a stable choice: the newest of equals first, then ids, so that the order is always the same.
        named = sorted(self._known)
        chosen = heapq.nlargest(
            most,
            named,
            key=lambda key: (
                self._known[key].order[0],
                self._known[key].calls,
                self._known[key].order[1],
            ),
        )
        return tuple(
            CustomerAtRisk(
                customer_id=one.call.customer_id,
                calls=one.calls,
                signals=tuple(name for name in RISKS if name in one.signals),
                call=one.call,
            )
            for one in (self._known[key] for key in chosen)
        )
