"""What is kept and what goes: legal holds, and the record of a purge, as the journal holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from speechqa.core.journal import JournalEntry
from speechqa.core.value import Value


class LegalHold(Value, frozen=True, kw_only=True, tag_field="action", tag="placed"):
    """Somebody forbids that a call, or whatever a customer's calls are, be purged."""

    reason: str
    customer_id: str | None = None


class HoldRelease(Value, frozen=True, kw_only=True, tag_field="action", tag="released"):
    """The end of the hold that the journal's entry `hold` placed."""

    hold: int
    reason: str


HoldEntry = LegalHold | HoldRelease
"""The body of an entry of kind `legal_hold`."""


class Hold(Value, frozen=True, kw_only=True):
    """A hold that is in force: its `number` in the journal, who placed it when and why, and on what."""

    number: int
    at: str
    by: str
    reason: str
    identity: str | None = None
    call_id: str | None = None
    customer_id: str | None = None

    @property
    def on(self) -> str:
        """What is held, in words."""
        return f"customer {self.customer_id}" if self.customer_id is not None else f"call {self.call_id}"


class PurgedCall(Value, frozen=True, kw_only=True):
    """A call that was removed, by digests alone.

    Attributes
    ----------
    name : str
        SHA-256 of its call id: whoever knows the id can show that this is the call.
    identity : str or None
        Digest of its recording; None of a call that was never analysed.
    documents : tuple of str
        Digests of its documents, oldest first.
    """

    name: str
    identity: str | None
    documents: tuple[str, ...] = ()


class PurgeRecord(Value, frozen=True, kw_only=True, tag_field="action", tag="purged"):
    """What a purge removed: digests and counts, nothing of what was said.

    Attributes
    ----------
    reason, chosen : str
        Why, and how the calls were chosen, in words that name nobody.
    rows : mapping of str to int
        Rows removed, by table; `journal` counts bodies that were erased, whose entries stay.
    erased : tuple of str
        Identities, of recordings and of customers' holds, whose bodies in the journal were erased.
    files, recordings : tuple of str
        SHA-256 of the pages, clips and packs that were to be deleted with the calls, and of the recordings.
    """

    reason: str
    chosen: str
    calls: tuple[PurgedCall, ...]
    rows: Mapping[str, int]
    erased: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()


class PurgeProof(Value, frozen=True, kw_only=True, tag_field="action", tag="searched"):
    """What a search of the store's files found of the calls that entry `purge` removed.

    `looked_for` counts pieces of text and of documents, `found` those that were still there; `beyond` says
    what the search could not reach, empty where it reached everything.
    """

    purge: int
    looked_for: int
    found: int
    bytes_searched: int
    beyond: str = ""


PurgeEntry = PurgeRecord | PurgeProof
"""The body of an entry of kind `purge`."""


MakeRecord = Callable[[tuple[PurgedCall, ...], Mapping[str, int]], PurgeRecord]
"""From the calls removed and the rows by table to the record that the journal keeps."""


class Purged(NamedTuple):
    """What a purge wrote down: the record's entry, then what a search of the files found.

    `trouble` says what could not be done after the calls were removed, empty where all was.
    """

    entry: JournalEntry
    proof: PurgeProof
    trouble: str = ""


def digest_of_name(call_id: str) -> str:
    """SHA-256 of a call id, by which a purged call is known."""
    return hashlib.sha256(call_id.encode("utf-8", "backslashreplace")).hexdigest()


def customer_identity(customer_id: str) -> str:
    """The identity under which the journal keeps what is about a customer and no one call."""
    return hashlib.sha256(b"customer\0" + customer_id.encode("utf-8", "backslashreplace")).hexdigest()
