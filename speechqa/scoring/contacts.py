"""First-contact resolution: how many first calls of customers no other call of theirs followed.

A call opens a matter where its customer did not call in the days before, and it settled it where they did not
call in the days after. What a call was about is known by a column of the manifest where one is named; without
one any other call of the customer counts. It says something only where the log of calls is complete, which
nobody but its owner can know.
"""

from __future__ import annotations

import msgspec

from speechqa.core.figures import Contacts
from speechqa.core.value import Value
from speechqa.scoring.intervals import Interval, wilson_interval


class Resolution(Value, frozen=True, kw_only=True):
    """First contacts that no other call of the customer followed.

    `first` contacts, `resolved` of them; `rate` and its 95 % interval (Wilson, by contacts) are None while
    there are fewer than the minimum. `unknown` calls have no known customer or start, `edge` calls lie so
    near to an end of the log that what came before or after is not known; both are left out.
    """

    days: int
    first: int
    resolved: int
    unknown: int
    edge: int
    rate: float | None = None
    interval: Interval | None = None


def resolution(found: Contacts, *, days: int, minimum: int) -> Resolution:
    """The share of first contacts that were the last, withheld below the minimum."""
    enough = found.first >= max(1, minimum)
    return Resolution(
        days=days,
        **msgspec.structs.asdict(found),
        rate=round(found.resolved / found.first, 3) if enough else None,
        interval=wilson_interval(found.resolved, found.first) if enough else None,
    )
