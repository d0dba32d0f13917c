"""A verdict contested by the agent it is about, what came of it, and what an agent says of a call."""

from __future__ import annotations

from typing import Literal

from speechqa.core.finding import Verdict
from speechqa.core.value import Value

DisputeReason = Literal["not_me", "roles_wrong", "words_wrong", "system_down", "verdict_wrong"]
"""Why a verdict is contested: another agent spoke, agent and customer are exchanged, words were misheard, the
agent's systems were down, or the verdict itself is wrong."""

Outcome = Literal["upheld", "changed"]
"""What came of a dispute: the verdict stands, or another one holds from now on."""


class Dispute(Value, frozen=True, kw_only=True):
    """One verdict contested; the body of a journal entry of kind `dispute`, whose actor opened it.

    Attributes
    ----------
    criterion : str
        The criterion whose verdict is contested.
    reason : str
        One of `DisputeReason`.
    comment : str
        The agent's own words, masked.
    deadline : str
        Last day to resolve it, `YYYY-MM-DD`, UTC.
    verdict : Verdict or None
        The verdict that held when it was contested.
    agent_id : str or None
        The agent of the call.
    started_at : str or None
        When the call started, as its document says.
    run_id : str
        The run whose verdict it was; empty where not known.
    """

    criterion: str
    reason: DisputeReason
    comment: str
    deadline: str
    verdict: Verdict | None = None
    agent_id: str | None = None
    started_at: str | None = None
    run_id: str = ""


class Resolution(Value, frozen=True, kw_only=True):
    """How a dispute was resolved; the body of a journal entry of kind `dispute_resolution`.

    Attributes
    ----------
    dispute : int
        Number of the dispute's entry in the journal.
    outcome : str
        One of `Outcome`. A later resolution of the same dispute stands over the earlier; both are kept.
    verdict : Verdict or None
        The verdict that holds from now on where it was changed; None where it was upheld.
    comment : str
        Why, masked.
    second : bool
        Whether another reviewer than the first gave it, after a resolution before it.
    criterion : str
        The criterion, as in the dispute.
    """

    dispute: int
    outcome: Outcome
    verdict: Verdict | None = None
    comment: str
    second: bool = False
    criterion: str = ""


class Acknowledgement(Value, frozen=True, kw_only=True):
    """That an agent has seen a call's scorecard, or one verdict of it, and what they say to it."""

    criterion: str | None = None
    comment: str
