"""What a service charter is held to: how soon callers were answered, and how often they were passed on.

Counted over calls that customers began and of which the log gives the wait. Nothing is held that grows with
the number of calls: waits are counted by whole seconds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

from speechqa.core.profiles import ProfileName
from speechqa.core.value import Value
from speechqa.protocols import CallSummary
from speechqa.scoring.contact_log import NOT_SAID, side_of
from speechqa.scoring.intervals import Interval, wilson_interval

SIX_MINUTES_S: Final = 360.0
"""Seconds after which the `il` profile counts a wait for a person as too long."""


class Charter(Value, frozen=True, kw_only=True):
    """How callers were answered; figures are None while `withheld` says why.

    Attributes
    ----------
    calls : int
        Calls that customers began.
    answered : int
        Of these, calls of which the log gives the wait; `wait_unknown` are the others.
    median_s, p90_s, longest_s : float or None
        Seconds that half, nine of ten and all of these waited at most, in whole seconds.
    within_s, within, share, interval : float, int and float, Interval or None
        Calls answered within so many seconds, their share of those with a known wait and its 95 % interval
        (Wilson).
    over_six_minutes : int or None
        Calls that waited longer, where the profile is `il`.
    transfers_known, transferred, transferred_again : int or None
        Calls of which the log gives the transfers, those with one or more and those with two or more.
    direction_unknown : int
        Calls left out, for the log does not say who began them.
    """

    calls: int = 0
    answered: int | None = None
    wait_unknown: int | None = None
    median_s: float | None = None
    p90_s: float | None = None
    longest_s: float | None = None
    within_s: float
    within: int | None = None
    share: float | None = None
    interval: Interval | None = None
    over_six_minutes: int | None = None
    transfers_known: int | None = None
    transferred: int | None = None
    transferred_again: int | None = None
    direction_unknown: int = 0
    withheld: str = ""


def charter(
    calls: Iterable[CallSummary],
    *,
    within_s: float,
    profile: ProfileName,
    minimum_calls: int,
    complete: bool,
) -> Charter:
    """Count how callers were answered, in one pass; waits are withheld under `minimum_calls` known ones.

    Parameters
    ----------
    calls : iterable of CallSummary
        Those that failed too: nobody need hear a call to know how long it waited.
    within_s : float
        Seconds that the charter promises.
    complete : bool
        Whether somebody says that the log of calls is complete.
    """
    if not complete:
        return Charter(within_s=within_s, withheld=NOT_SAID)
    waits: Counter[int] = Counter()
    begun = unknown = within = over = undirected = known = passed_on = again = 0
    for call in calls:
        side = side_of(call.direction)
        undirected += side is None
        if side != "inbound":
            continue
        begun += 1
        if call.transfers is not None:
            known += 1
            passed_on += call.transfers > 0
            again += call.transfers > 1
        wait = call.queue_wait_s
        if wait is None or not 0 <= wait < math.inf:
            unknown += 1
            continue
        waits[math.ceil(wait)] += 1
        within += wait <= within_s
        over += wait > SIX_MINUTES_S
    answered = waits.total()
    few = answered < max(1, minimum_calls)
    why = f"the wait is known of {answered} of the {minimum_calls} calls that a figure needs"
    return Charter(
        calls=begun,
        answered=answered,
        wait_unknown=unknown,
        within_s=within_s,
        transfers_known=known,
        transferred=passed_on if known else None,
        transferred_again=again if known else None,
        direction_unknown=undirected,
        withheld=why if few else "",
        median_s=None if few else _quantile(waits, 0.5),
        p90_s=None if few else _quantile(waits, 0.9),
        longest_s=None if few else float(max(waits)),
        within=None if few else within,
        share=None if few else round(within / answered, 3),
        interval=None if few else wilson_interval(within, answered),
        over_six_minutes=over if profile == "il" and not few else None,
    )


def _quantile(waits: Counter[int], share: float) -> float:
    """The least whole second within which that share of the calls was answered."""
    due = math.ceil(share * waits.total())
    seen = 0
    for second in sorted(waits):
        seen += waits[second]
        if seen >= due:
            return float(second)
    return float(max(waits))
