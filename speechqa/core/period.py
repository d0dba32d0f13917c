"""Months and weeks whose figures stand: what was paid or decided by them does not change under anybody."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from speechqa.core.journal import JournalEntry
from speechqa.core.value import Value

_FORMS = (
    (re.compile(r"(\d{4})-(\d{2})"), "month"),
    (re.compile(r"(\d{4})-W(\d{2})"), "week"),
    (re.compile(r"(\d{4})"), "year"),
)


class Period(Value, frozen=True, kw_only=True):
    """A stretch of days; the body of journal entries of kinds `period_closed` and `period_opened`.

    Attributes
    ----------
    name : str
        A month `2026-10`, an ISO week `2026-W41` or a year `2026`.
    first, last : str
        Its first and last day, `YYYY-MM-DD`, both in it, by the clock of each call.
    reason : str
        Why it was closed, or opened.
    """

    name: str
    first: str
    last: str
    reason: str = ""


class ClosedPeriod(Value, frozen=True, kw_only=True):
    """A period that is closed, by whom and when (UTC in ISO 8601); `number` is its entry in the journal."""

    period: Period
    by: str
    at: str
    number: int


def period_of(name: str, reason: str = "") -> Period:
    """The days a name stands for.

    Raises
    ------
    ValueError
        If it names no month, ISO week or year.

    Examples
    --------
    >>> period_of("2026-02").last, period_of("2026-W01").first
    ('2026-02-28', '2025-12-29')
    """
    for form, kind in _FORMS:
        found = form.fullmatch(name)
        if found is None or not name.isascii():
            continue
        year, *rest = (int(piece) for piece in found.groups())
        if kind == "month":
            first = date(year, rest[0], 1)
            last = date(year, rest[0], calendar.monthrange(year, rest[0])[1])
        elif kind == "week":
            first, last = date.fromisocalendar(year, rest[0], 1), date.fromisocalendar(year, rest[0], 7)
        else:
            first, last = date(year, 1, 1), date(year, 12, 31)
        return Period(name=name, first=first.isoformat(), last=last.isoformat(), reason=reason)
    raise ValueError(f"{name!r} is no month, week or year")


def day_of(started_at: str | None) -> date | None:
    """The day a call started, by its own clock; None where that is not known.

    Examples
    --------
    >>> day_of("2026-10-31T23:30:00+02:00").isoformat()
    '2026-10-31'
    >>> day_of("tomorrow") is None
    True
    """
    if not started_at:
        return None
    try:
        return datetime.fromisoformat(started_at.strip()).date()
    except ValueError:
        return None


def closed_now(entries: Iterable[JournalEntry]) -> tuple[ClosedPeriod, ...]:
    """The periods that closings and openings, in any order, leave closed; by their first day."""
    closed: dict[str, ClosedPeriod] = {}
    for entry in sorted(entries, key=lambda entry: entry.number):
        if entry.body is None:
            continue
        period = msgspec.json.decode(entry.body, type=Period)
        if entry.kind == "period_closed":
            found = ClosedPeriod(period=period, by=entry.actor, at=entry.at, number=entry.number)
            closed.setdefault(period.name, found)
        elif entry.kind == "period_opened":
            closed.pop(period.name, None)
    return tuple(sorted(closed.values(), key=lambda one: (one.period.first, one.period.last)))


def closed_for(started_at: str | None, closed: Iterable[ClosedPeriod]) -> ClosedPeriod | None:
    """The closed period a call lies in; a call whose start is not known lies in none."""
    day = day_of(started_at)
    if day is None:
        return None
    return next((c for c in closed if c.period.first <= day.isoformat() <= c.period.last), None)
