"""Disputes as they stand: each with what was said of it since, from the entries of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal

import msgspec

from speechqa.core.dispute import Acknowledgement, Dispute, Resolution
from speechqa.core.finding import Verdict
from speechqa.core.journal import JournalEntry
from speechqa.core.value import Value

MOST_RESOLUTIONS: Final = 2
"""A dispute is resolved, and looked at once more by somebody else; that is final."""

DisputeState = Literal["open", "upheld", "changed"]


class Resolved(Value, frozen=True, kw_only=True):
    """A resolution with who gave it and when; `number` is its entry in the journal."""

    number: int
    at: str
    by: str
    resolution: Resolution


class DisputeRecord(Value, frozen=True, kw_only=True):
    """A dispute with all that came of it.

    Attributes
    ----------
    number : int
        Its entry in the journal, by which it is resolved.
    at, by : str
        When it was opened (UTC in ISO 8601), and who opened it.
    state : str
        `open`, or the outcome of the last resolution.
    resolutions : tuple of Resolved
        Oldest first; the last one holds, all are kept.
    days_left : int or None
        Days until the deadline, negative once it has passed; None once resolved.
    """

    number: int
    at: str
    by: str
    call_id: str
    identity: str
    dispute: Dispute
    state: DisputeState = "open"
    resolutions: tuple[Resolved, ...] = ()
    days_left: int | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has resolved it yet."""
        return self.state == "open"

    @property
    def overdue(self) -> bool:
        """Whether it is open and its deadline has passed."""
        return self.days_left is not None and self.days_left < 0

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that came of it: the one it was changed to, or the contested one."""
        if self.resolutions and self.resolutions[-1].resolution.outcome == "changed":
            return self.resolutions[-1].resolution.verdict
        return self.dispute.verdict


class Acknowledged(Value, frozen=True, kw_only=True):
    """That somebody has seen a call's scorecard, or one verdict of it, and their words to it."""

    number: int
    at: str
    by: str
    call_id: str
    acknowledgement: Acknowledgement


def standing_disputes(
    disputes: Iterable[JournalEntry], resolutions: Iterable[JournalEntry], *, today: date
) -> tuple[DisputeRecord, ...]:
    """Disputes with their resolutions, oldest first.

    Where two were opened of one verdict at the same moment, the earlier entry holds and the later one is left
    out: a verdict has one open dispute. So is a resolution that came in beside another and would be the
    third, or the second by one person. Entries that were erased with their call are left out too.
    """
    found: dict[int, DisputeRecord] = {}
    newest: dict[tuple[str, str], int] = {}
    for entry in sorted([*disputes, *resolutions], key=lambda entry: entry.number):
        if entry.body is None:
            continue
        if entry.kind == "dispute":
            new = DisputeRecord(
                number=entry.number,
                at=entry.at,
                by=entry.actor,
                call_id=entry.call_id or "",
                identity=entry.identity or "",
                dispute=msgspec.json.decode(entry.body, type=Dispute),
            )
            before = found.get(newest.get(_about(new), 0))
            if before is None or not before.open:
                found[entry.number] = new
                newest[_about(new)] = entry.number
        elif entry.kind == "dispute_resolution":
            resolution = msgspec.json.decode(entry.body, type=Resolution)
            of = found.get(resolution.dispute)
            if of is not None and resolution_counts(entry.actor, [one.by for one in of.resolutions]):
                resolution = msgspec.structs.replace(
                    resolution, second=resolution.second or bool(of.resolutions)
                )
                given = Resolved(number=entry.number, at=entry.at, by=entry.actor, resolution=resolution)
                found[of.number] = msgspec.structs.replace(
                    of, state=resolution.outcome, resolutions=(*of.resolutions, given)
                )
    return tuple(
        msgspec.structs.replace(one, days_left=(date.fromisoformat(one.dispute.deadline) - today).days)
        if one.open
        else one
        for one in found.values()
    )


def _about(one: DisputeRecord) -> tuple[str, str]:
    return one.identity, one.dispute.criterion


def resolution_counts(by: str, earlier: Sequence[str]) -> bool:
    """Whether a resolution by somebody counts after those by `earlier`: it is the first, or another's second.

    Examples
    --------
    >>> resolution_counts("Dana", ["Omer"]), resolution_counts("Dana", ["dana"])
    (True, False)
    """
    return len(earlier) < MOST_RESOLUTIONS and not is_person(by, *earlier)


def is_person(name: str, *others: str | None) -> bool:
    """Whether a name is one of others, whatever its case and the blanks around it.

    Examples
    --------
    >>> is_person("Dana Levi", "a7", " dana  levi"), is_person("dana", None)
    (True, False)
    """
    return _plain(name) in {_plain(other) for other in others if other}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
