"""Closed periods: closed and opened by a person, and asked before anything changes a call of one."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.journal import JournalEntry
from speechqa.core.period import ClosedPeriod, Period, closed_for, closed_now, day_of, period_of
from speechqa.errors import UsageError
from speechqa.protocols import Store


def period_log(store: Store) -> Iterator[tuple[JournalEntry, Period]]:
    """Every closing and opening, oldest first."""
    entries = [*store.notes("period_closed"), *store.notes("period_opened")]
    for entry in sorted(entries, key=lambda entry: entry.number):
        if entry.body is not None:
            yield entry, msgspec.json.decode(entry.body, type=Period)


def closed_periods(store: Store) -> tuple[ClosedPeriod, ...]:
    """The periods that are closed now, by their first day."""
    return closed_now([*store.notes("period_closed"), *store.notes("period_opened")])


def closed_period(store: Store, document: Document) -> ClosedPeriod | None:
    """The closed period a call lies in by its start, None where it lies in none or its start is not known."""
    return closed_for(document.metadata.started_at, closed_periods(store))


def standing_instead(store: Store, document: Document) -> CallAnalysis | None:
    """The analysis that stands of a call in a closed period, where another has come out now; else None."""
    if not isinstance(document, CallAnalysis) or closed_period(store, document) is None:
        return None
    current = store.get(document.call_id)
    if not isinstance(current, CallAnalysis) or current.provenance.run_id == document.provenance.run_id:
        return None
    return current


def standing_words(count: int) -> str:
    """That so many calls count as they did."""
    return (
        f"{count} calls lie in a closed period and count as they did: what came out now is kept beside it. "
        "`speechqa period list` shows what is closed."
    )


def require_open(store: Store, document: Document, what: str) -> None:
    """Refuse what would change a call whose period is closed.

    Parameters
    ----------
    what : str
        What was wanted, as the subject of a sentence: `A new review`.

    Raises
    ------
    UsageError
        If the call lies in a closed period; it says who closed it, and how it is opened.
    """
    closed = closed_period(store, document)
    if closed is not None:
        raise UsageError(
            f"{what} is refused: the call lies in a closed period",
            where=f"call {document.call_id}, started {document.metadata.started_at}",
            found=f"{closed.period.name}, closed by {closed.by} on {closed.at[:10]}{_why(closed.period)}",
            hint=f"Have it opened first: speechqa period open {closed.period.name} --by NAME --reason TEXT",
        )


def close_period(
    store: Store, name: str, *, by: str, reason: str, leave_disputes: bool = False
) -> ClosedPeriod:
    """Close a period: its calls stand as they are now.

    Parameters
    ----------
    leave_disputes : bool
        Close it although disputes of its calls are open: they can then only be upheld.

    Raises
    ------
    UsageError
        If the name is no period, it is closed already, no reason is given, or disputes of its calls are open.
    """
    period = _named(name, reason)
    if any(one.period.name == name for one in closed_periods(store)):
        raise UsageError(
            "This period is closed already", found=name, hint="See the closed ones: speechqa period list"
        )
    if not leave_disputes:
        _require_no_dispute(store, period)
    entry = store.note("period_closed", period, actor=by)
    if not leave_disputes:
        try:
            _require_no_dispute(store, period)
        except UsageError:
            # Opened after the look; from here on none can be, so that this one look more is enough.
            again = msgspec.structs.replace(period, reason="a dispute was opened at the same moment")
            store.note("period_opened", again, actor=by)
            raise
    return ClosedPeriod(period=period, by=entry.actor, at=entry.at, number=entry.number)


def open_period(store: Store, name: str, *, by: str, reason: str) -> Period:
    """Open a closed period: its calls can be changed again.

    Raises
    ------
    UsageError
        If it is not closed, or no reason is given.
    """
    period = _named(name, reason)
    closed = closed_periods(store)
    if all(one.period.name != name for one in closed):
        raise UsageError(
            "This period is not closed",
            found=name,
            expected=f"one of {', '.join(one.period.name for one in closed)}" if closed else None,
            hint="See what is closed: speechqa period list",
        )
    store.note("period_opened", period, actor=by)
    return period


def _require_no_dispute(store: Store, period: Period) -> None:
    from speechqa.assembly.disputes import disputes

    opened = []
    for one in disputes(store):
        day = day_of(one.dispute.started_at) if one.open else None
        if day is not None and period.first <= day.isoformat() <= period.last:
            opened.append(one.number)
    if opened:
        raise UsageError(
            "Disputes of calls of this period are open",
            where=f"period {period.name}",
            found=f"{len(opened)}: {', '.join(map(str, opened[:10]))}{' ...' if opened[10:] else ''}",
            hint="Resolve them first (speechqa dispute list --open), or close with --leave-disputes: "
            "they can then only be upheld.",
        )


def _named(name: str, reason: str) -> Period:
    from speechqa.privacy.redaction import redact_text

    if not reason.strip():
        raise UsageError("No reason is given", expected="why, in a few words", hint="Give it with --reason.")
    try:
        return period_of(name, redact_text(reason.strip()))
    except ValueError as error:
        raise UsageError(
            "This names no period",
            found=name,
            expected="a month as 2026-10, a week as 2026-W41 or a year as 2026",
        ) from error


def _why(period: Period) -> str:
    return f" ({period.reason})" if period.reason else ""
