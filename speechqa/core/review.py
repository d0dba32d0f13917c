"""What people say of a call beside the machine: their verdicts, confirmations, and which calls were drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from speechqa.core.finding import Category, Finding, Verdict
from speechqa.core.value import Value, require

Part = Literal["random", "risk", "chosen", "disputed"]
"""How a call came to be listened to: drawn at random, picked for its risk, taken by hand, or contested by the
agent. Figures of one part say nothing of the others."""

Source = Literal["machine", "resolution", "review"]
"""Whose verdict is that of record."""

Critical = Literal["", "waits", "confirmed"]
"""A critical criterion that failed waits for a person, or somebody confirmed it; empty where none did."""


class Review(Value, frozen=True, kw_only=True):
    """A person's verdict on one criterion of a call; the body of a journal entry of kind `review`.

    Attributes
    ----------
    comment : str
        Why, in the reviewer's words, masked.
    blind : bool
        Whether it was given without knowing any other verdict.
    run_id : str
        The run of the document it was given beside.
    earned, possible : int or None
        Points the person gave of those the criterion carried then; without `earned` a pass earns all and a
        fail none.
    """

    criterion: str
    verdict: Verdict
    comment: str
    blind: bool = False
    run_id: str = ""
    earned: int | None = None
    possible: int | None = None

    def __post_init__(self) -> None:
        if self.earned is not None:
            inside = self.possible is not None and 0 <= self.earned <= self.possible
            require(self.verdict.counts and inside, f"points out of step, {self.earned} of {self.possible}")


class Confirmation(Value, frozen=True, kw_only=True):
    """A person confirms that a critical criterion failed; the body of an entry of kind `confirmation`."""

    criterion: str
    comment: str = ""
    run_id: str = ""


class Pick(Value, frozen=True, kw_only=True):
    """A call to listen to, and why it was picked.

    `stratum` is what it was drawn as one of; `why` is said to the reviewer unless that would tell a verdict.
    """

    call_id: str
    identity: str
    part: Part
    why: str
    stratum: tuple[str, ...] = ()


class Plan(Value, frozen=True, kw_only=True):
    """By what calls are to be drawn for review.

    Attributes
    ----------
    seed : int
        What the drawing begins from. The same seed, plan and calls give the same picks.
    size, risk : int
        Calls wanted at random and for their risk.
    strata : tuple of str
        By what the list is ordered before every n-th call is taken.
    filters : mapping of str to str
        The conditions on calls, as options of `speechqa review queue` name them.
    reviewer : str or None
        Whom the calls are for: what they reviewed, or took themselves, is left out.
    blind : bool
        Whether the reviewer is to judge without knowing any verdict.
    reviewed : bool
        Only calls that somebody else has reviewed: for second ratings.
    """

    seed: int
    size: int
    risk: int
    strata: tuple[str, ...]
    filters: Mapping[str, str] = msgspec.field(default_factory=dict)
    reviewer: str | None = None
    blind: bool = False
    reviewed: bool = False


class Sample(Value, frozen=True, kw_only=True):
    """Calls drawn for review, with the plan they were drawn by; the body of a journal entry of kind `sample`.

    Attributes
    ----------
    frame : int
        Calls that could have been drawn; `frame_digest` is the SHA-256 of their ids.
    left_out : int
        Calls the filters let through that the reviewer had reviewed, or had themselves taken.
    """

    plan: Plan
    frame: int
    frame_digest: str
    left_out: int = 0
    picks: tuple[Pick, ...] = ()


class Statement(Value, frozen=True, kw_only=True):
    """One thing a person said of a criterion, as the journal has it; `number` is its entry's."""

    number: int
    at: str
    actor: str
    source: Source
    verdict: Verdict
    comment: str
    blind: bool = False
    run_id: str = ""


class Standing(Value, frozen=True, kw_only=True):
    """Where one criterion of a call stands: the machine's finding, what people said, and what counts.

    Attributes
    ----------
    finding : Finding
        The finding of record, with the points of record. Evidence and searched span are the machine's.
    machine : Finding
        What the machine found; never changed.
    source : str
        Whose verdict `finding` has.
    by, at, comment : str
        Who gave it, when and why; empty where it is the machine's.
    critical : str
        Whether a critical failure of record waits for a person.
    waits : str
        What the criterion waits for; empty where it is settled.
    said : tuple of Statement
        All that people said, oldest first, also what does not count any more.
    """

    criterion: str
    category: Category
    finding: Finding
    machine: Finding
    source: Source = "machine"
    by: str = ""
    at: str = ""
    comment: str = ""
    critical: Critical = ""
    confirmed_by: str = ""
    waits: str = ""
    said: tuple[Statement, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the record says otherwise than the machine."""
        old, new = self.machine, self.finding
        return (old.verdict, old.earned, old.possible) != (new.verdict, new.earned, new.possible)
