"""What is known of a customer's contacts, from the index of the calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from speechqa.core.analysis import Deed, StageSign
from speechqa.core.finding import Evidence, Tally
from speechqa.core.value import Value

Outcome = Literal["failed", "complaint_open", "satisfied", "agreed", "nothing_agreed", "unknown"]
"""How a call ended: the first of these that is known.

`failed`, it could not be analysed; `complaint_open`, a complaint and no word of satisfaction; `satisfied`, as
the customer says; `agreed`, `nothing_agreed`: whether the agent said what was done (`expectation_summary`).
"""

PromiseState = Literal["past_due", "due", "day_unknown"]


PromiseOutcome = Literal["kept", "broken", "open", "not_assessed"]
"""What came of a promise: `kept` and `broken` on somebody's word in a later call; `open` where none tells."""


class LaterWord(Value, frozen=True, kw_only=True):
    """What somebody says of a promise in a later call: that it was `done` or not."""

    call_id: str
    started_at: str | None = None
    done: bool
    said: Evidence


class OpenPromise(Value, frozen=True, kw_only=True):
    """Something promised in a call, and what later calls tell of it where the log of calls is complete.

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
    deed : str or None
        What it is of, where a phrase tells; without that no later word can be said to mean it.
    outcome, why : str
        What came of it, and what that rests on.
    later : tuple of LaterWord
        What was said of it since, oldest first.
    """

    call_id: str
    who: str
    what: str
    by_when: str | None = None
    due: str | None = None
    state: PromiseState
    start: float | None = None
    deed: Deed | None = None
    outcome: PromiseOutcome = "not_assessed"
    why: str = ""
    later: tuple[LaterWord, ...] = ()


class StageStep(Value, frozen=True, kw_only=True):
    """A call in which the customer came nearer to leaving, or back: stages `before` and `after`, and why."""

    call_id: str
    started_at: str | None = None
    before: int
    after: int
    why: str
    signs: tuple[StageSign, ...] = ()


class ChurnStage(Value, frozen=True, kw_only=True):
    """How near a customer is to leaving, over all their calls; of their relation to us, never of a person.

    Attributes
    ----------
    stage : int or None
        1 settled, 2 thawing, 3 against us, 4 mainly elsewhere, 5 settled elsewhere; None while `withheld`
        says why.
    steps : tuple of StageStep
        Every change of it, oldest first; 1 is where a customer's first known call finds them.
    """

    stage: int | None = None
    steps: tuple[StageStep, ...] = ()
    withheld: str = ""


class ContactChange(Value, frozen=True, kw_only=True):
    """Contacts that the customer began, in the newest days and in as many before.

    `positive`: satisfied, with nothing of the other kind; `negative`: a complaint, a threat, a sign of
    leaving, without satisfaction. Each is (before, now); None while `withheld` says why.
    """

    days: int
    begun: tuple[int, int] | None = None
    positive: tuple[int, int] | None = None
    negative: tuple[int, int] | None = None
    withheld: str = ""


class RepeatContacts(Value, frozen=True, kw_only=True):
    """Contacts that the customer began, `repeats` of them within `days` of the one before.

    `first` contacts opened something, and `resolved` of these no other followed within the days; those whose
    days the log does not cover are in `edge`. None while `withheld` says why.
    """

    days: int
    first: int | None = None
    resolved: int | None = None
    repeats: int | None = None
    edge: int = 0
    withheld: str = ""


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
    where it is known. Promises kept and broken are in none of the other three counts. `gaps` says what is
    missing of the log of calls, `gap_days` the first and last day of each, None where nobody can say which.
    `day` is the one as of which all is told, `complete_log` whether somebody says that no call is missing.
    """

    customer_id: str
    calls: tuple[Contact, ...]
    day: str = ""
    complete_log: bool = False
    first_at: str | None = None
    last_at: str | None = None
    agents: int = 0
    signals: Mapping[str, int] = {}
    last_signal: Mapping[str, str] = {}
    promises_past_due: int = 0
    promises_due: int = 0
    promises_day_unknown: int = 0
    promises_kept: int = 0
    promises_broken: int = 0
    churn: ChurnStage | None = None
    change: ContactChange | None = None
    repeat: RepeatContacts | None = None
    gaps: tuple[str, ...] = ()
    gap_days: tuple[tuple[str | None, str | None], ...] = ()


class CallBack(Value, frozen=True, kw_only=True):
    """A customer to call back.

    Attributes
    ----------
    steps : tuple of StageStep
        The step that led to the stage, with its quotes.
    promises : tuple of OpenPromise
        Those that were broken, or whose day has passed with nothing heard.
    last_call, last_at, last_day : str
        The newest call in which the customer was hurt.
    """

    customer_id: str
    stage: int
    steps: tuple[StageStep, ...] = ()
    promises: tuple[OpenPromise, ...] = ()
    last_call: str
    last_at: str | None = None
    last_day: str

    @property
    def quoted(self) -> frozenset[str]:
        """Ids of the calls of which words are quoted."""
        words = {word.call_id for made in self.promises for word in made.later}
        return frozenset({*words, *(s.call_id for s in self.steps), *(p.call_id for p in self.promises)})


class CallBacks(Value, frozen=True, kw_only=True):
    """Customers to call back on a day, stage two first.

    Attributes
    ----------
    more : int
        How many follow that are not listed.
    not_assessed : int
        Customers with a reason to look, whose calls are not all known.
    withheld : str
        Why there is no list at all; empty where there is one.
    """

    day: str
    within: int
    customers: tuple[CallBack, ...] = ()
    more: int = 0
    not_assessed: int = 0
    withheld: str = ""
