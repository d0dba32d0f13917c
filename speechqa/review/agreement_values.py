"""How far verdicts agree, as values: figures with their intervals, or why none is given."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from speechqa.core.finding import Verdict
from speechqa.core.review import Part
from speechqa.core.value import Value


class Judged(Value, frozen=True, kw_only=True):
    """One criterion of one call as the machine and as people judged it; None where the machine did not.

    `people` is by reviewer; `blind` names those of them who knew no other verdict.
    """

    call_id: str
    criterion: str
    part: Part
    machine: Verdict | None
    people: Mapping[str, Verdict]
    blind: frozenset[str] = frozenset()


class Estimate(Value, frozen=True, kw_only=True):
    """A figure with its 95 % interval; `low` and `high` are None where the calls give none.

    A rate lies in [0, 1], kappa and alpha in [-1, 1].
    """

    value: float
    low: float | None = None
    high: float | None = None


class Agreement(Value, frozen=True, kw_only=True):
    """How far two sides agree on one criterion.

    Attributes
    ----------
    calls, pairs : int
        Calls with a verdict of both sides, and pairs of verdicts in them; `not_assessed` is no verdict here.
    agreed : int
        Pairs that are the same.
    raw, kappa, alpha : Estimate or None
        Share of pairs that agree, Cohen's kappa and Krippendorff's alpha; None where it is not stated.
    not_stated : str
        Why figures are not stated; empty where all are.
    confusion : mapping
        Pairs by the verdict of the one side, then of the other, those with `not_assessed` too. Machine before
        people; among people both ways round, so that the table is symmetric.
    """

    calls: int = 0
    pairs: int = 0
    agreed: int = 0
    raw: Estimate | None = None
    kappa: Estimate | None = None
    alpha: Estimate | None = None
    not_stated: str = ""
    confusion: Mapping[str, Mapping[str, int]] = msgspec.field(default_factory=dict)


class CriterionAgreement(Value, frozen=True, kw_only=True):
    """One criterion over the reviewed calls of one part.

    Attributes
    ----------
    calls, ratings, blind, reviewers : int
        Calls that somebody judged, people's verdicts, those of them given blind, and how many people.
    machine_verdicts, people_verdicts : mapping of str to int
        How often each verdict was given.
    prevalence : Estimate or None
        Share of `fail` among people's verdicts that count; None where it is not stated.
    machine, people : Agreement
        The machine against people; people against each other.
    advice : str
        What to change; empty where the figures give no reason to.
    """

    part: Part
    criterion: str
    calls: int
    ratings: int
    blind: int
    reviewers: int
    machine_verdicts: Mapping[str, int]
    people_verdicts: Mapping[str, int]
    prevalence: Estimate | None
    machine: Agreement
    people: Agreement
    advice: str = ""
