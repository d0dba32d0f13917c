"""What judging a call again changes: verdicts, points and scores, with the findings before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from speechqa.core.finding import Category, Finding, Tally
from speechqa.core.value import Value
from speechqa.scoring.scorecard import CATEGORIES

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


def movements(calls: Iterable[Rejudged]) -> tuple[Movement, ...]:
    """How the scores move, a category each; calls that failed are left out.

    Examples
    --------
    >>> call = Rejudged(call_id="c", state="tried", scores_before={"courtesy": Tally(earned=3, possible=5)},
    ...                 scores={"courtesy": Tally(earned=5, possible=5)})
    >>> courtesy = movements([call])[0]
    >>> courtesy.n, courtesy.mean
    (1, 0.4)
    """
    told = [call for call in calls if call.state != "failed"]
    found = []
    for category in CATEGORIES:
        pairs = [(_tally(c.scores_before, category), _tally(c.scores, category)) for c in told]
        both = [(old, new) for old, new in pairs if old.possible and new.possible]
        moves = [new.earned / new.possible - old.earned / old.possible for old, new in both]
        found.append(
            Movement(
                category=category,
                n=len(both),
                mean=round(sum(moves) / len(moves), 4) if moves else None,
                before=sum((old for old, _ in both), Tally()),
                after=sum((new for _, new in both), Tally()),
                gained=sum(not old.possible and bool(new.possible) for old, new in pairs),
                lost=sum(bool(old.possible) and not new.possible for old, new in pairs),
            )
        )
    return tuple(found)


def _tally(scores: Mapping[str, Tally], category: str) -> Tally:
    return scores.get(category) or Tally()
