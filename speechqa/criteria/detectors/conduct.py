"""`no_indifference`, `no_insult`: what an agent must not say."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.case import Case

_HELPFUL = ("offer", "promise", "outcome", "pending", "apologise", "empathise")
_ENOUGH_WORDS = 8


def no_insult(case: Case) -> Finding:
    """No insult by the agent."""
    found = case.text.first("agent", "insult")
    if found is not None:
        return case.failed(
            "The agent insults the customer",
            "The same said without the insult",
            0.85,
            proof=(evidence(found.line, found.span),),
        )
    return _clean(case, "Nothing insulting was found in what the agent says")


def no_indifference(case: Case) -> Finding:
    """No indifference by the agent; a refusal is, where nothing helpful stands beside it."""
    found = case.text.first("agent", "indifference") or _bare_dismissal(case)
    if found is not None:
        return case.failed(
            "The agent shows that the matter is of no concern to them",
            "Interest in the matter, or another way where this one is closed",
            0.85 if found.name == "indifference" else 0.6,
            proof=(evidence(found.line, found.span),),
        )
    return _clean(case, "No sign of indifference was found in what the agent says")


def _bare_dismissal(case: Case) -> Hit | None:
    for hit in case.text.hits("agent", ["dismissal"]):
        near = list(case.text.of("agent", hit.line.position - 2, hit.line.position + 3))
        if not any(line.has(*_HELPFUL) for line in near):
            return hit
    return None


def _clean(case: Case, reason: str) -> Finding:
    if case.unheard or case.text.words("agent") < _ENOUGH_WORDS:
        return case.not_assessed(
            "Too little is known to be said by the agent to call it clean",
            "A transcript with roles for all speakers",
        )
    unsure = case.unheard_well()
    if unsure is not None:
        return case.not_assessed(f"None was found, but {unsure}", "A transcript of higher confidence")
    return case.passed(reason, (), 0.85 * case.heard())
