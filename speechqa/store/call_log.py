"""What the log of calls shows as a whole: its days, and the customers of calls that have some signal."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from speechqa.store.schema import calls, signals


def days_with_calls(connection: sa.Connection, last: str) -> tuple[str, ...]:
    """Days with a call of anybody, by each call's own clock, up to the last, in order.

    One step through the index a day, however many calls a day has.
    """
    newest = sa.select(sa.func.max(calls.c.local_date)).where(calls.c.local_date <= last).scalar_subquery()
    days = sa.select(newest.label("day")).cte("days", recursive=True)
    before = (
        sa.select(sa.func.max(calls.c.local_date)).where(calls.c.local_date < days.c.day).scalar_subquery()
    )
    days = days.union_all(sa.select(before).where(days.c.day.is_not(None)))
    found = connection.scalars(sa.select(days.c.day).where(days.c.day.is_not(None))).all()
    return tuple(sorted(found))


def customers_with(
    connection: sa.Connection, names: Collection[str], first: str, last: str
) -> tuple[str, ...]:
    """Customers with a call of those days in which one of these signals is true, each once, by id."""
    wanted = (
        sa.select(calls.c.customer_id)
        .join(signals, signals.c.call == calls.c.id)
        .where(
            calls.c.local_date >= first,
            calls.c.local_date <= last,
            calls.c.customer_id.is_not(None),
            signals.c.signal.in_(names),
            signals.c.value == sa.true(),
        )
        .distinct()
        .order_by(calls.c.customer_id)
    )
    return tuple(connection.scalars(wanted))
