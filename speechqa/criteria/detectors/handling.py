"""`ownership`, `no_policy_hiding`: whether the agent takes it on, and explains what cannot be done."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.conduct import clean

_BEFORE, _AFTER = 2, 5
_OF_IT = frozenset({"it", "that", "this", "זה"})
_ASKER = frozenset({"i", "me", "we", "my", "us", "אני", "לי", "לנו", "אפשר"})
_STATES = frozenset({"is", "are", "would", "it", "that", "this", "no", "זה"})


def ownership(case: Case) -> Finding:
    """The agent takes the matter on, or says nothing either way; passes no blame to anybody."""
    passed_on = case.text.first("agent", "disowns", "blames")
    if passed_on is not None:
        whom = "the customer" if passed_on.name == "blames" else "somebody else, or away from themselves"
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


def no_policy_hiding(case: Case) -> Finding:
    """A refusal comes with its reason or another way; that it is the procedure is no reason."""
    refusals = [hit for hit in case.text.hits("agent", ("refuse",)) if not _informs(case, hit)]
    if not refusals:
        unsure = case.unheard_well()
        if unsure is not None:
            return case.not_assessed(
                f"No refusal was found, but {unsure}", "A transcript of higher confidence"
            )
        return case.not_applicable("The agent refuses nothing")
    bare = [hit for hit in refusals if not _explained(case, hit)]
    if bare:
        policy = next((hit for hit in bare if hit.line.has("policy")), None)
        worst = policy or bare[0]
        if case.stops_open and worst.line.position >= len(case.text.lines) - 2:
            return case.not_assessed(
                "The transcript stops at a refusal; its reason could still have come", "The rest of the call"
            )
        return case.failed(
            "The agent refuses with nothing but the policy for a reason"
            if policy
            else "The agent refuses, with neither a reason nor another way",
            "The reason for it, or what can be done instead",
            0.75 if policy else 0.6,
            proof=(evidence(worst.line, worst.span),),
            start=worst.line.position,
            absent=worst.line.position,
        )
    first = refusals[0]
    why = _explained(case, first)
    return case.passed(
        "What is refused is explained, or another way offered",
        dict.fromkeys(evidence(hit.line, hit.span) for hit in (first, why) if hit is not None),
        0.75,
        start=first.line.position,
    )


def _informs(case: Case, hit: Hit) -> bool:
    """Whether the words answer a question about something ("are pets allowed?"), and refuse nothing."""
    if hit.line.tokens[hit.span.first].text not in _STATES:
        return False
    before = next(iter(case.text.of("customer", hit.line.position - 2, hit.line.position)), None)
    if before is None or not before.has("question", "information"):
        return False
    # "Can I have it sooner?" asks for something; to say that it is not possible refuses it.
    wants = any(token.text in _ASKER for token in before.tokens)
    return not (wants and hit.line.tokens[hit.span.first].text in _OF_IT)


def _explained(case: Case, refusal: Hit) -> Hit | None:
    """The reason for a refusal, or another way: in the agent's line or those around it."""
    position = refusal.line.position
    for line in case.text.of("agent", position - _BEFORE, position + _AFTER):
        if line.has("request_more", "goodbye", "greet"):
            continue
        near = line.position >= position
        names = ("reason", "alternative", *(("outcome", "offer", "promise") if near else ()))
        for name in names:
            for span in line.hits.get(name, ()):
                if not (
                    line is refusal.line and span.overlaps(refusal.span) and name in ("offer", "promise")
                ):
                    return Hit(line, span, name)
    return None
