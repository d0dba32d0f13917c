"""Whom to call back while it can still be mended: customers who are hurt and have not decided, first of all.

The order is that of what a call can still do. Stage two, where a customer has been hurt and makes no threat,
is almost the only one that can be mended; then stage three; then those who are settled but were promised
something that did not come. Who is mainly or wholly elsewhere is not on the list, nor is anybody who was
called since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from speechqa.core.customers import CallBack, ChurnStage, OpenPromise
from speechqa.scoring.churn import AGAINST, SETTLED, THAWING
from speechqa.scoring.contact_log import ContactFacts

_ORDER: Final = {THAWING: 0, AGAINST: 1, SETTLED: 2}


def call_back(
    customer_id: str,
    contacts: Sequence[ContactFacts],
    stage: ChurnStage,
    promises: Iterable[OpenPromise],
    *,
    since: str,
) -> CallBack | None:
    """Why a customer should be called, None where there is no reason to.

    Parameters
    ----------
    contacts : sequence of ContactFacts
        All calls of the customer, oldest first.
    since : str
        The first day in which something must have been said.
    """
    if stage.stage not in _ORDER:
        return None
    hurt = [one for one in contacts if one.negative or any(not news.done for news in one.news)]
    recent = [one for one in hurt if one.day is not None and one.day >= since]
    if not recent:
        return None
    after = contacts[contacts.index(recent[-1]) + 1 :]
    if any(one.side == "outbound" for one in after):
        return None
    waiting = tuple(
        one
        for one in promises
        if one.outcome == "broken" or (one.outcome == "open" and one.state == "past_due")
    )
    told = tuple(one for one in waiting if any(word.call_id == recent[-1].call_id for word in one.later))
    if stage.stage == SETTLED and not told:
        return None
    steps = stage.steps[-1:] if stage.stage != SETTLED else ()
    return CallBack(
        customer_id=customer_id,
        stage=stage.stage,
        steps=steps,
        promises=waiting,
        last_call=recent[-1].call_id,
        last_at=recent[-1].started_at,
        last_day=recent[-1].day or "",
    )


def in_order(found: Iterable[CallBack]) -> tuple[CallBack, ...]:
    """Stage two first, then three, then those settled; of equals the newest word first, then by id."""
    by_id = sorted(found, key=lambda one: one.customer_id)
    newest = sorted(by_id, key=lambda one: one.last_day, reverse=True)
    return tuple(sorted(newest, key=lambda one: _ORDER[one.stage]))
