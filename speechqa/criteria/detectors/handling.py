"""`ownership`: whether the agent takes the matter on, or passes it or the blame to somebody."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.conduct import clean
from speechqa.criteria.detectors.reactions import after_it, aggrieved, contests

_BLAMES = ("blames", "reproach", "insinuates")


def ownership(case: Case) -> Finding:
    """The agent takes the matter on, or says nothing either way; passes no blame to anybody."""
    passed_on = _passed_on(case) or _hinted(case)
    if passed_on is not None:
        whom = "the customer" if passed_on.name in _BLAMES else "somebody else, or away from themselves"
        return case.failed(
            f"The agent passes the blame or the matter to {whom}",
            "The same said without blame, with what the agent will do about it",
            0.75,
            proof=(evidence(passed_on.line, passed_on.span),),
        )
    taken = case.text.first("agent", "owns")
    if taken is not None:
        return case.passed("The agent takes the matter on", (evidence(taken.line, taken.span),), 0.85)
    return clean(case, "The agent blames nobody, and does not say whose matter it is")


def _passed_on(case: Case) -> Hit | None:
    """The first that passes it on; somebody else's mistake that the agent regrets or takes on is none."""
    for hit in case.text.hits("agent", ("disowns", "blames")):
        near = case.text.of("agent", hit.line.position - 1, hit.line.position + 2)
        if hit.name == "blames" or not any(line.has("owns", "apologise") for line in near):
            return hit
    return None


def _hinted(case: Case) -> Hit | None:
    """Blame of the customer who complains: said, or hinted at and hinted at again, or denied by them."""
    start = aggrieved(case)
    if start is None:
        return None
    said = [
        hit for hit in case.text.hits("agent", ("reproach",), start) if not hit.line.has("apologise", "owns")
    ]
    if said:
        return said[0]
    hints = list(case.text.hits("agent", ("insinuates",), start))
    lines = {hit.line.position for hit in hints}
    denied = any(contests(after_it(case, hit.line)) for hit in hints)
    return hints[0] if len(lines) > 1 and denied else None
