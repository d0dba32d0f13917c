"""What judging a call again changes: verdicts, points and scores, with the findings before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from speechqa.core.finding import Category, Finding, Tally
from speechqa.core.value import Value

RejudgedState = Literal["rescored", "restored", "same", "tried", "closed", "failed"]


class Change(Value, frozen=True, kw_only=True):
    """One criterion that came out otherwise; None on the side where it was not judged at all.

    What was found stays in the findings: their reasons, evidence and points are those a person compares.
    """

    criterion: str
    category: Category
    before: Finding | None
    after: Finding | None

    @property
    def verdicts(self) -> tuple[str, str]:
        """The verdicts before and after, `absent` where the criterion was not judged."""
        old, new = self.before, self.after
        return (
            "absent" if old is None else old.verdict.value,
            "absent" if new is None else new.verdict.value,
        )


class Rejudged(Value, frozen=True, kw_only=True):
    """What became of one call that was judged again.

    Attributes
    ----------
    state : str
        `rescored`: kept as a new version; `restored`: a version kept before says the same and counts again;
        `same`: it was judged by this very rubric already; `tried`: nothing was kept; `closed`: its
        period is closed, so that nothing was kept; `failed`.
    rubric_before, rubric : str
        Name and version; `rubric_digest_before` and `rubric_digest` are those of all the rubric's files.
    error : str
        Why it failed, or which closed period it lies in.
    """

    call_id: str
    state: RejudgedState
    path: str | None = None
    agent_id: str | None = None
    rubric_before: str = ""
    rubric: str = ""
    rubric_digest_before: str = ""
    rubric_digest: str = ""
    scores_before: Mapping[str, Tally] = msgspec.field(default_factory=dict)
    scores: Mapping[str, Tally] = msgspec.field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    error: str = ""


class Movement(Value, frozen=True, kw_only=True):
    """How the scores of a category move over calls.

    Attributes
    ----------
    n : int
        Calls with points before and after; the tallies and the mean are over these.
    mean : float or None
        Mean change of a call's rate, -1 to 1; None without such calls.
    gained, lost : int
        Calls that have a score only after, only before.
    """

    category: str
    n: int
    mean: float | None
    before: Tally
    after: Tally
    gained: int = 0
    lost: int = 0


def changed(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Change, ...]:
    """Criteria whose verdict or points differ, as the findings after are ordered, those gone last."""
    old, new = {f.criterion: f for f in before}, {f.criterion: f for f in after}
    changes = []
    for criterion in dict.fromkeys([*new, *old]):
        was, now = old.get(criterion), new.get(criterion)
        if _counted(was) != _counted(now):
            finding = now or was
            assert finding is not None
            changes.append(Change(criterion=criterion, category=finding.category, before=was, after=now))
    return tuple(changes)


def _counted(finding: Finding | None) -> tuple[object, ...]:
    if finding is None:
        return ()
    parts = tuple((part.id, part.verdict, part.earned, part.possible) for part in finding.components)
    # What is critical matters where it can fail: without points it is not yet a change.
    critical = finding.critical and finding.verdict.counts
    return (finding.category, finding.verdict, finding.earned, finding.possible, critical, parts)


class Moved:
    """How one category moves over calls that come one by one, and are not held.

    Examples
    --------
    >>> call = Rejudged(call_id="c", state="tried", scores_before={"courtesy": Tally(earned=3, possible=5)},
    ...                 scores={"courtesy": Tally(earned=5, possible=5)})
    >>> courtesy = Moved("courtesy")
    >>> courtesy.add(call)
    >>> courtesy.movement.n, courtesy.movement.mean
    (1, 0.4)
    """

    def __init__(self, category: str) -> None:
        self._category = category
        self._before, self._after = Tally(), Tally()
        self._moves = 0.0
        self._n = self._gained = self._lost = 0

    def add(self, call: Rejudged) -> None:
        """Take a call in; one that failed changes nothing."""
        if call.state == "failed":
            return
        old, new = _tally(call.scores_before, self._category), _tally(call.scores, self._category)
        self._gained += not old.possible and bool(new.possible)
        self._lost += bool(old.possible) and not new.possible
        if old.possible and new.possible:
            self._n += 1
            self._moves += new.earned / new.possible - old.earned / old.possible
            self._before, self._after = self._before + old, self._after + new

    @property
    def movement(self) -> Movement:
        """How it moves over the calls so far."""
        return Movement(
            category=self._category,
            n=self._n,
            mean=round(self._moves / self._n, 4) if self._n else None,
            before=self._before,
            after=self._after,
            gained=self._gained,
            lost=self._lost,
        )


def _tally(scores: Mapping[str, Tally], category: str) -> Tally:
    return scores.get(category) or Tally()
