"""`empathy`, `apology`: what the agent says to a customer who complains or is distressed."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.case import Case, quoted


def empathy(case: Case) -> Finding:
    """Any acknowledgement of the customer's feeling or situation, and no label put on them."""
    occasion = occasion_of(case, "complaint", "distress", "fault")
    if occasion is None:
        return no_occasion(case, "The customer neither complains nor is distressed in words")
    start = occasion.line.position
    label = case.text.first("agent", "label", "sarcasm", start=start)
    if label is not None:
        return case.failed(
            "The agent tells the customer what they feel or not to feel it, or is sarcastic",
            "To acknowledge the situation instead of the customer's tone",
            0.8,
            proof=(evidence(label.line, label.span),),
            start=start,
        )
    found = case.text.first("agent", "empathise", start=start)
    if found is not None:
        return case.passed(
            "The agent acknowledges the customer's feeling or situation",
            (evidence(found.line, found.span),),
            0.88,
            start=start,
        )
    regret = regret_of(case, start)
    if regret is not None:
        return case.passed(
            "The agent regrets what happened to the customer",
            (evidence(regret.line, regret.span),),
            0.65,
            start=start,
        )
    return _absent(
        case,
        start,
        occasion,
        "The customer complains or is distressed and the agent does not acknowledge it",
        "An acknowledgement, such as that the situation is annoying or that the customer is right",
    )


def apology(case: Case) -> Finding:
    """Regret for what happened, where a fault of the organisation is alleged and not refuted."""
    alleged = occasion_of(case, "fault")
    occasion = alleged or occasion_of(case, "complaint")
    if occasion is None:
        return no_occasion(case, "No fault of the organisation is alleged")
    start = occasion.line.position
    regret = regret_of(case, start)
    if regret is not None:
        return case.passed(
            "The agent regrets what happened", (evidence(regret.line, regret.span),), 0.9, start=start
        )
    withdrawn = case.text.first("customer", "refuted", start=start)
    if withdrawn is not None:
        return case.not_applicable("The customer takes the allegation back", start=start)
    if alleged is None:
        return case.not_applicable(
            "The customer complains, but alleges no fault of the organisation", start=start
        )
    return _absent(
        case,
        start,
        occasion,
        "A fault of the organisation is alleged and the agent does not regret it",
        "Regret for what happened, with or without admitting fault",
    )


def no_occasion(case: Case, reason: str) -> Finding:
    """Not applicable, where the customer was heard well enough to say so."""
    if not any(case.text.of("customer")):
        return case.not_assessed("It is not known what the customer says", "Roles of the parties")
    unsure = case.unheard_well(role="customer")
    if unsure is not None:
        return case.not_assessed(f"No complaint was found, but {unsure}", "A transcript of higher confidence")
    return case.not_applicable(reason)


def occasion_of(case: Case, *names: str) -> Hit | None:
    """The customer's first phrase that is not about the company they want to come over from."""
    return next((hit for hit in case.text.hits("customer", names) if not hit.line.has("comes_over")), None)


def regret_of(case: Case, start: int) -> Hit | None:
    """The agent's first regret that is about more than a wait nobody complained of."""
    waited = case.text.first("customer", "mentions_wait") is not None
    for hit in case.text.hits("agent", ["apologise"], start):
        line = hit.line
        about_wait = any(hit.span.overlaps(span) for span in line.hits.get("sorry_for_wait", ()))
        if not line.has("sarcasm") and (waited or not about_wait):
            return hit
    return None


def _absent(case: Case, start: int, occasion: Hit, reason: str, would_change: str) -> Finding:
    """Not met, unless the transcript stops where it could still have come."""
    replies = list(case.text.of("agent", start))
    if not replies or case.stops_open:
        return case.not_assessed(
            "The transcript stops before the agent could answer it", "What the agent says after the complaint"
        )
    return case.failed(
        reason,
        would_change,
        0.78,
        proof=(
            evidence(occasion.line, occasion.span, note="what the customer says"),
            *quoted(replies, limit=1),
        ),
        start=start,
        absent=start,
    )
