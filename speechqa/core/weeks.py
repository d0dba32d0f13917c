"""Weeks as people count them: from Monday as ISO 8601 has it, or from Sunday as in Israel."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

WeekStart = Literal["monday", "sunday"]


def week_of(day: str | None, start: WeekStart = "monday") -> str | None:
    """The week of a day as `2026-W47`; days before the year 1000 sort as text too.

    A week that begins on Sunday has the ISO number of the Monday in it.

    Examples
    --------
    >>> week_of("2026-11-22"), week_of("2026-11-23"), week_of(None)
    ('2026-W47', '2026-W48', None)
    >>> week_of("2026-11-22", "sunday"), week_of("2026-11-28", "sunday")
    ('2026-W48', '2026-W48')
    """
    if day is None:
        return None
    counted = date.fromisoformat(day)
    if start == "sunday" and counted < date.max:
        counted += timedelta(days=1)
    year, week, _ = counted.isocalendar()
    return f"{year:04d}-W{week:02d}"


def first_day(week: str, start: WeekStart = "monday") -> str:
    """The first day of a week.

    Examples
    --------
    >>> first_day("2026-W48"), first_day("2026-W48", "sunday")
    ('2026-11-23', '2026-11-22')
    >>> first_day("0001-W01", "sunday")
    '0001-01-01'
    """
    year, _, number = week.partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return (monday - timedelta(days=1) if start == "sunday" and monday > date.min else monday).isoformat()
