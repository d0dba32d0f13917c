"""What is known of each of a customer's calls, in order, and where the log of calls has gaps.

What a customer was promised, and how near they are to leaving, can be told only from all of their calls: one
that is missing may have kept a promise, or mended what was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from speechqa.core.analysis import Deed, PromiseNews, StageSign
from speechqa.core.finding import Evidence
from speechqa.core.value import Value

NOT_SAID: Final = "it is not known that the log of calls is complete"
QUIET_DAYS: Final = 7
"""Days in a row without a call of anybody that count as a gap, for few centres close for a week."""

_DAY: Final = timedelta(days=1)
_DAY_ALONE: Final = len("2026-11-22")


def side_of(direction: str | None) -> str | None:
    """Who began a call, from the words of a log: `inbound`, `outbound`, None for any other.

    Examples
    --------
    >>> side_of("Incoming"), side_of("out"), side_of("transfer")
    ('inbound', 'outbound', None)
    """
    named = (direction or "").strip().lower()
    if named in ("outbound", "out", "outgoing"):
        return "outbound"
    return "inbound" if named in ("inbound", "in", "incoming") else None


class MadePromise(Value, frozen=True, kw_only=True):
    """A promise as it was made; `due` is the last day its words allow."""

    who: str
    what: str
    by_when: str | None = None
    due: str | None = None
    start: float | None = None
    deed: Deed | None = None


class ContactFacts(Value, frozen=True, kw_only=True):
    """What one call says of the customer's other calls.

    Attributes
    ----------
    day : str or None
        By the call's own clock, `YYYY-MM-DD`.
    direction : str or None
        As the log gives it.
    unheard : str
        Why what the customer says in it is not known; empty where it is.
    satisfied : tuple of Evidence
        What shows that they are satisfied; empty where they are not.
    negative : bool
        Whether there is a complaint, a threat or a sign of leaving.
    """

    call_id: str
    started_at: str | None = None
    day: str | None = None
    direction: str | None = None
    unheard: str = ""
    complains: bool = False
    negative: bool = False
    satisfied: tuple[Evidence, ...] = ()
    signs: tuple[StageSign, ...] = ()
    news: tuple[PromiseNews, ...] = ()
    promises: tuple[MadePromise, ...] = ()

    @property
    def side(self) -> str | None:
        """Who began it: `inbound`, the customer, or `outbound`, we; None where the log does not say."""
        return side_of(self.direction)

    @property
    def begun(self) -> bool:
        """Whether the customer began it, as far as is known."""
        return self.side != "outbound"


class Gap(Value, frozen=True, kw_only=True):
    """Days, both counted in, of which not all calls are known; None where it cannot be said which days."""

    first: str | None = None
    last: str | None = None
    why: str

    def touches(self, first: str, last: str) -> bool:
        """Whether any of its days lies in a span of days."""
        return (self.first or first) <= last and (self.last or last) >= first


def quiet_spells(days: Sequence[str], until: str) -> tuple[Gap, ...]:
    """Spells of a week or more in which nobody at all called, from the first known day to the last asked.

    Parameters
    ----------
    days : sequence of str
        Days with calls of anybody, each once, in order.
    until : str
        The last day that is asked about.

    Examples
    --------
    >>> [(one.first, one.last) for one in quiet_spells(["2026-01-01", "2026-01-10"], "2026-01-12")]
    [('2026-01-02', '2026-01-09')]
    """
    found = []
    known = [date.fromisoformat(day) for day in days if day <= until]
    ends = [*known[1:], date.fromisoformat(until) + _DAY] if known else []
    for before, after in zip(known, ends, strict=True):
        missing = (after - before).days - 1
        if missing >= QUIET_DAYS:
            first, last = (before + _DAY).isoformat(), (after - _DAY).isoformat()
            found.append(Gap(first=first, last=last, why=f"no call of anybody from {first} to {last}"))
    return tuple(found)


def own_gaps(contacts: Iterable[ContactFacts]) -> tuple[Gap, ...]:
    """What is not known of the customer's own calls: the words, the day, or which of a day came first."""
    found = []
    timed: dict[str, bool] = {}
    for one in contacts:
        if one.day is None:
            found.append(Gap(why=f"the day of call {one.call_id} is not known"))
            continue
        if one.unheard:
            found.append(Gap(first=one.day, last=one.day, why=f"call {one.call_id}: {one.unheard}"))
        exact = len((one.started_at or "").strip()) > _DAY_ALONE
        if one.day in timed and not (exact and timed[one.day]):
            found.append(
                Gap(first=one.day, last=one.day, why=f"which call of {one.day} came first is not known")
            )
        timed[one.day] = exact and timed.get(one.day, True)
    return tuple(found)


def missing_in(gaps: Iterable[Gap], first: str, last: str) -> str:
    """Why the calls from one day to another are not all known; empty where they are."""
    return next((f"the log of calls has a gap: {gap.why}" for gap in gaps if gap.touches(first, last)), "")
