"""What people did about calls: reviews, disputes, closings; a list that only grows, each entry chained."""

from __future__ import annotations

from typing import Literal

from speechqa.core.value import Value

JournalKind = Literal[
    "sample",
    "review",
    "confirmation",
    "dispute",
    "dispute_resolution",
    "acknowledgement",
    "word_correction",
    "period_closed",
    "period_opened",
    "legal_hold",
    "purge",
    "saved_filter",
]
"""What an entry is about. Its body says the rest, as the values of that kind are written."""


class JournalEntry(Value, frozen=True, kw_only=True):
    """One thing that somebody did.

    Attributes
    ----------
    number : int
        Place in the journal, from 1, without gaps.
    at : str
        UTC in ISO 8601.
    actor : str
        Who did it.
    kind : str
        One of `JournalKind`.
    identity, call_id : str or None
        Digest of the recording, and the id the call then had, where it is about one.
    body : str or None
        JSON; None where it was erased with its call.
    chain : str
        SHA-256 over the entry and the chain before it; the body enters as its own digest, so that it can be
        erased and the chain still holds.
    """

    number: int
    at: str
    actor: str
    kind: JournalKind
    identity: str | None = None
    call_id: str | None = None
    body: str | None
    chain: str
