"""`empathy`, `apology`: what the agent says to a customer who complains or is distressed."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.case import CLEARER, Case, quoted
from speechqa.criteria.detectors.grievance import about_others, grievances

_LAST_WORDS = 3
_ANSWERS = 2
_HEARD = frozenset({"hear", "לשמוע"})


def empathy(case: Case) -> Finding:
    """Any acknowledgement of the customer's feeling or situation, and no label put on them."""
    occasion = occasion_of(case, "complaint", "distress")
    if occasion is None:
        return no_occasion(case, "The customer neither complains nor is distressed in words")
    start = _told_from(case, occasion)
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
        0.78,
    )


def apology(case: Case) -> Finding:
    """Regret for what happened, where a fault of the organisation is alleged and not refuted."""
    alleged = occasion_of(case, "fault")
    occasion = alleged or occasion_of(case, "complaint")
    if occasion is None:
        answered = _answered(case.text)
        if answered is None:
            return no_occasion(case, "No fault of the organisation is alleged")
        return case.passed(
            "The agent regrets the trouble the customer tells of",
            (evidence(answered.line, answered.span),),
            0.6,
            start=answered.line.position,
        )
    start = _told_from(case, occasion)
    regret = regret_of(case, start)
    if regret is not None:
        return case.passed(
            "The agent regrets what happened", (evidence(regret.line, regret.span),), 0.9, start=start
        )
    withdrawn = case.text.first("customer", "refuted", start=start)
    if withdrawn is not None:
        return case.not_applicable("The customer takes the allegation back", start=start)
    # Who complains of a company nearly always holds it at fault, in whatever words.
    return _absent(
        case,
        start,
        occasion,
        "A fault of the organisation is alleged and the agent does not regret it"
        if alleged
        else "The customer complains of the organisation and the agent does not regret what happened",
        "Regret for what happened, with or without admitting fault",
        0.78 if alleged else 0.6,
    )


def no_occasion(case: Case, reason: str) -> Finding:
    """Not applicable, where the customer was heard well enough to say so."""
    if not any(case.text.of("customer")):
        return case.not_assessed("It is not known what the customer says", "Roles of the parties")
    unsure = case.unheard_well(role="customer")
    if unsure is not None:
        return case.not_assessed(f"No complaint was found, but {unsure}", CLEARER)
    return case.not_applicable(reason)


def occasion_of(case: Case, *names: str) -> Hit | None:
    """The customer's first phrase of the lists that is about us; where complaints count, dissent does too."""
    if "complaint" in names:
        return next(iter(grievances(case.text, *names)), None)
    hits = case.text.hits("customer", names)
    return next((hit for hit in hits if not about_others(case.text, hit.line)), None)


def regret_of(case: Case, start: int) -> Hit | None:
    """The agent's first regret that is about more than a wait nobody complained of."""
    waited = case.text.first("customer", "mentions_wait") is not None
    for hit in case.text.hits("agent", ["apologise"], start):
        line = hit.line
        about_wait = any(hit.span.overlaps(span) for span in line.hits.get("sorry_for_wait", ()))
        if not line.has("sarcasm") and (waited or not about_wait):
            return hit
    return None


def _told_from(case: Case, occasion: Hit) -> int:
    """From where the agent could answer it: the customer often tells the trouble before complaining of it."""
    told = case.text.first("customer", "problem", "distress", "fault", "protest", stop=occasion.line.position)
    return occasion.line.position if told is None else told.line.position


def _answered(text: CallText) -> Hit | None:
    """The agent's regret right behind a trouble the customer tells of, though nobody is blamed for it."""
    for hit in text.hits("agent", ["apologise"]):
        before = text.lines[max(0, hit.line.position - _ANSWERS) : hit.line.position]
        told = [line for line in before if line.role == "customer"]
        said = {token.text for token in hit.line.tokens[hit.span.first : hit.span.last + 1]}
        if said & _HEARD:
            # "Sorry to hear that" feels with the customer and owns nothing.
            continue
        waits = any(hit.span.overlaps(span) for span in hit.line.hits.get("sorry_for_wait", ()))
        if any(line.has("problem") and not about_others(text, line) for line in told) and not waits:
            return hit
    return None


def _absent(
    case: Case, start: int, occasion: Hit, reason: str, would_change: str, confidence: float
) -> Finding:
    """Not met, unless the transcript stops where it could still have come."""
    replies = list(case.text.of("agent", start))
    if not replies or (case.stops_open and not _broken_off(case.text)):
        return case.not_assessed(
            "The transcript stops before the agent could answer it", "What the agent says after the complaint"
        )
    return case.failed(
        reason,
        would_change,
        confidence,
        proof=(
            evidence(occasion.line, occasion.span, note="what the customer says"),
            *quoted(replies, limit=1),
        ),
        start=start,
        absent=start,
    )


def _broken_off(text: CallText) -> bool:
    """Whether the call ends with a customer who gives up, or an agent who says no more than "okay"."""
    last = text.lines[-1]
    if last.role == "customer":
        return last.has("complaint", "protest", "threat", "customer_ends", "anger") and _short(last)
    before = next((line for line in reversed(text.lines) if line.role == "customer"), None)
    return _short(last) and _listens(text, last) and before is not None and before.has("deny")


def _short(line: Line) -> bool:
    return len(line.tokens) <= _LAST_WORDS


def _listens(text: CallText, line: Line) -> bool:
    return all(text.lexicon.in_class(token, "listener") for token in line.tokens)
