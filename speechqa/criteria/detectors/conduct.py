"""`no_indifference`, `no_insult`, `no_patronising`, `no_arguing`, `no_excuses`: what no agent says."""

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
    return clean(case, "Nothing insulting was found in what the agent says")


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
    return clean(case, "No sign of indifference was found in what the agent says")


def no_patronising(case: Case) -> Finding:
    """The agent does not talk down to the customer."""
    return _none_of(
        case,
        "patronise",
        "The agent talks down to the customer",
        "The explanation without a word on how easy it is or whom it is for",
        "Nothing that talks down to the customer was found",
    )


def no_arguing(case: Case) -> Finding:
    """The agent does not dispute with the customer who is right."""
    for hit in case.text.hits("agent", ["argue", "contradict"]):
        before = next(iter(case.text.of("customer", hit.line.position - 1, hit.line.position)), None)
        if hit.name == "contradict" and (before is None or before.has("question", "information")):
            # "No, you have not" answers a question.
            continue
        return case.failed(
            "The agent disputes what the customer says",
            "What the agent sees on their side, and what can be done, without who is right",
            0.75,
            proof=(evidence(hit.line, hit.span),),
        )
    return clean(case, "No dispute of the agent with the customer was found")


def no_excuses(case: Case) -> Finding:
    """No excuse by the agent; a reason that comes with regret or help is none."""
    for hit in case.text.hits("agent", ["excuse"]):
        near = case.text.of("agent", hit.line.position - 2, hit.line.position + 3)
        if not any(line.has("apologise", "outcome", "owns") for line in near):
            return case.failed(
                "The agent makes an excuse",
                "Regret, or what will be done, in place of the excuse",
                0.7,
                proof=(evidence(hit.line, hit.span),),
            )
    return clean(case, "No excuse was found in what the agent says")


def _none_of(case: Case, name: str, found: str, would_change: str, none: str) -> Finding:
    hit = case.text.first("agent", name)
    if hit is None:
        return clean(case, none)
    return case.failed(found, would_change, 0.75, proof=(evidence(hit.line, hit.span),))


def _bare_dismissal(case: Case) -> Hit | None:
    for hit in case.text.hits("agent", ["dismissal"]):
        near = list(case.text.of("agent", hit.line.position - 2, hit.line.position + 3))
        if not any(line.has(*_HELPFUL) for line in near):
            return hit
    return None


def clean(case: Case, reason: str) -> Finding:
    """A pass that rests on nothing having been found, where enough was heard for that."""
    if case.unheard or case.text.words("agent") < _ENOUGH_WORDS:
        return case.not_assessed(
            "Too little is known to be said by the agent to call it clean",
            "A transcript with roles for all speakers",
        )
    unsure = case.unheard_well()
    if unsure is not None:
        return case.not_assessed(f"None was found, but {unsure}", "A transcript of higher confidence")
    return case.passed(reason, (), 0.85 * case.heard())
