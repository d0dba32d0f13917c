"""What is known of a customer's contacts, from the index of the calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from speechqa.core.finding import Tally
from speechqa.core.value import Value

Outcome = Literal["failed", "complaint_open", "satisfied", "agreed", "nothing_agreed", "unknown"]
"""How a call ended: the first of these that is known.

`failed`, it could not be analysed; `complaint_open`, a complaint and no word of satisfaction; `satisfied`, as
the customer says; `agreed`, `nothing_agreed`: whether the agent said what was done (`expectation_summary`).
"""

PromiseState = Literal["past_due", "due", "day_unknown"]


class OpenPromise(Value, frozen=True, kw_only=True):
    """Something promised in a call; whether it was kept no recording can tell.

    Attributes
    ----------
    who, what, by_when : str
        Who promised, in which words, and the words that say by when, None where none do.
    due : str or None
        The last day that these words allow, where they name one.
    state : str
        `past_due` where that day is over, `due` where not, `day_unknown` where there is none.
    start : float or None
        When in the call, in seconds.
    """

    call_id: str
    who: str
    what: str
    by_when: str | None = None
    due: str | None = None
    state: PromiseState
    start: float | None = None


class Contact(Value, frozen=True, kw_only=True):
    """One call of a customer; `signals` are those that are true."""

    call_id: str
    path: str | None = None
    started_at: str | None = None
    duration: float | None = None
    direction: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    team: str | None = None
    outcome: Outcome
    signals: tuple[str, ...] = ()
    scores: Mapping[str, Tally] = {}
    draft: bool = False
    promises: tuple[OpenPromise, ...] = ()


class CustomerHistory(Value, frozen=True, kw_only=True):
    """All calls of a customer, newest first.

    `signals` counts the calls in which each is true, `last_signal` gives the start of the newest of these,
    where it is known.
    """

    customer_id: str
    calls: tuple[Contact, ...]
    first_at: str | None = None
    last_at: str | None = None
    agents: int = 0
    signals: Mapping[str, int] = {}
    last_signal: Mapping[str, str] = {}
    promises_past_due: int = 0
    promises_due: int = 0
    promises_day_unknown: int = 0
