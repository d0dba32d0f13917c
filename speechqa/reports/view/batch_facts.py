"""What a batch page is about, as it was gathered: figures over all calls, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.core.value import Value
from speechqa.protocols import CallSummary
from speechqa.scoring.batch_figures import BatchFigures
from speechqa.scoring.disputes import DisputeRecord


class PromiseDue(Value, frozen=True, kw_only=True):
    """A promise whose day is known.

    Attributes
    ----------
    who : str
        The role of the one who promised.
    what, by_when : str
        The words of the promise, and of its time.
    due : str
        The day, `YYYY-MM-DD`.
    """

    call_id: str
    who: str
    what: str
    by_when: str
    due: str
    past: bool
    start: float | None


class Waiting(Value, frozen=True, kw_only=True):
    """A critical failure that a person has to confirm."""

    call_id: str
    criterion: str


class Unassessed(Value, frozen=True, kw_only=True):
    """Why verdicts could not be given: how many, in how many calls, and the reason of one of them."""

    verdicts: int
    calls: int
    reason: str


class BatchFacts(Value, frozen=True, kw_only=True):
    """All that is known of a batch of calls.

    Attributes
    ----------
    figures : BatchFigures
        Over all calls.
    held : tuple of CallSummary
        The calls that are shown one by one, those to listen to first before the others.
    minimum_calls, with_drafts : int, bool
        As figures of agents were asked for.
    promises, promises_due, promises_past : tuple of PromiseDue, int, int
        Those due soonest, then those whose day has passed, newest first; and how many there are of each.
    waiting, waiting_count : tuple of Waiting, int
        Verdicts that wait for a person.
    disputes, disputes_count : tuple of DisputeRecord, int
        Open disputes, those to be resolved soonest first.
    unassessed, unassessed_calls : tuple of Unassessed, int
        The commonest reasons why verdicts could not be given, among so many calls that were looked into.
    hints : mapping of str to str
        What to do about failed calls, by id.
    """

    figures: BatchFigures
    held: tuple[CallSummary, ...]
    minimum_calls: int
    with_drafts: bool
    promises: tuple[PromiseDue, ...] = ()
    promises_due: int = 0
    promises_past: int = 0
    waiting: tuple[Waiting, ...] = ()
    waiting_count: int = 0
    disputes: tuple[DisputeRecord, ...] = ()
    disputes_count: int = 0
    unassessed: tuple[Unassessed, ...] = ()
    unassessed_calls: int = 0
    hints: Mapping[str, str] = {}

    @property
    def quoted(self) -> tuple[str, ...]:
        """Calls whose words are shown."""
        return tuple(dict.fromkeys(one.call_id for one in self.promises))
