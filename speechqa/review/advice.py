"""What the figures of a criterion ask to be changed: its wording, or what the machine looks for."""

from __future__ import annotations

import math

from speechqa.core.finding import Verdict
from speechqa.review.agreement_values import Agreement, CriterionAgreement

TENTATIVE = 0.667
"""Alpha under which not even tentative conclusions hold (Krippendorff, *Content Analysis*, 2004, p. 241)."""

_LEVEL = 0.05
_RARE = 0.05


def advice(figures: CriterionAgreement) -> str:
    """What to change in the rubric, in a sentence; empty where the figures give no reason.

    Only what the interval supports is said: alpha lies under the limit with all of its interval, and the
    machine errs in one direction where an exact test of McNemar (1947) says so at 5 %.
    """
    said = []
    among, machine = figures.people, figures.machine
    if _poor(among):
        said.append("people read it differently: say more clearly what meets it, or drop it")
    if _poor(machine) and not _poor(among):
        said.append("the machine is not to be relied on here: change its phrases or its options")
    lean = _lean(machine)
    if lean:
        said.append(lean)
    unheard = machine.confusion.get(Verdict.NOT_ASSESSED.value, {})
    missed = sum(unheard.get(verdict.value, 0) for verdict in (Verdict.PASS, Verdict.FAIL))
    shown = sum(sum(row.values()) for row in machine.confusion.values())
    if machine.calls and shown and missed > 0.2 * shown:
        said.append(f"the machine leaves open {missed} of {shown} that people judge")
    if not said and _one_sided(figures):
        said.append("nearly all get one verdict: alpha and kappa say little, look at the calls that do not")
    return "; ".join(said)


def _poor(agreement: Agreement) -> bool:
    alpha = agreement.alpha
    return alpha is not None and alpha.high is not None and alpha.high < TENTATIVE


def _lean(machine: Agreement) -> str:
    """In which direction the machine errs."""
    if machine.raw is None:
        return ""
    ways = (
        (Verdict.FAIL, Verdict.PASS, "fails what people pass", "passes what they fail"),
        (Verdict.NOT_APPLICABLE, Verdict.PASS, "leaves out what people pass", "passes what they leave out"),
        (Verdict.NOT_APPLICABLE, Verdict.FAIL, "leaves out what people fail", "fails what they leave out"),
    )
    for first, second, one_way, other_way in ways:
        there = machine.confusion[first.value][second.value]
        back = machine.confusion[second.value][first.value]
        if exact_mcnemar(there, back) < _LEVEL:
            many, few, words = (there, back, one_way) if there > back else (back, there, other_way)
            return f"the machine {words} ({many} against {few} the other way round)"
    return ""


def exact_mcnemar(there: int, back: int) -> float:
    """Two-sided p that pairs fall so unevenly if both ways are as likely.

    Examples
    --------
    >>> exact_mcnemar(9, 1), exact_mcnemar(0, 0)
    (0.021484375, 1.0)
    """
    n, most = there + back, max(there, back)
    tail: float = sum(math.comb(n, k) for k in range(most, n + 1)) / 2**n
    return min(1.0, 2 * tail)


def _one_sided(figures: CriterionAgreement) -> bool:
    """Whether fails are so rare, or so common, that chance explains nearly all agreement."""
    share = figures.prevalence
    return share is not None and min(share.value, 1 - share.value) < _RARE
