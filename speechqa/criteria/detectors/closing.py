"""`thanks`, `satisfaction_question`, `anything_else`, `farewell`: how the agent takes leave."""

from __future__ import annotations

from speechqa.core.finding import Finding, Verdict
from speechqa.criteria.calltext import Hit, Line, evidence
from speechqa.criteria.case import Case, Part
from speechqa.criteria.courtesies import counted_thanks, parts, thanks_alike
from speechqa.criteria.leaving import asks_for_more
from speechqa.criteria.phases import achieved

_BARE_THANKS = 6
_DISMISSED_LINES = 6
_LAST_LINES = 3
_ARRANGED_LINES = 2
_BARE_WISH = 3
_INFORMS = 2
_RETURNED = 2
_LEAVING = ("request_more", "ask_satisfied", "goodbye", "parting", "approval")


def thanks(case: Case) -> Finding:
    """The agent thanks in the closing, for more than a number or a wait."""
    zone = case.phases.zone
    if zone is None:
        return missing(case, "thank the customer", "A thank-you by the agent in the closing")
    found = [
        hit for line in case.text.of("agent", zone) for hit in _thanks(case, line) if not line.has("sarcasm")
    ]
    if not found:
        return missing(case, "thank the customer", "A thank-you by the agent in the closing", start=zone)
    dismissed = _dismissed(case, zone)
    if dismissed is not None:
        parts = (
            Part(
                "thanked", Verdict.FAIL, "Thanks after a dismissal earns nothing", (evidence(found[0].line),)
            ),
            Part("specific", Verdict.FAIL, "Thanks after a dismissal earns nothing"),
        )
        return case.failed(
            "The agent thanks, but only after sending the customer away",
            "Help, another way or a promise before the thanks",
            0.65,
            proof=(evidence(dismissed.line, dismissed.span), evidence(found[0].line, found[0].span)),
            start=zone,
            parts=parts,
        )
    specific = next((hit for hit in found if hit.line.has("thank_specific")), None)
    best = specific or found[0]
    parts = (
        Part("thanked", Verdict.PASS, "The agent thanks in the closing", (evidence(best.line, best.span),)),
        Part(
            "specific",
            Verdict.PASS if specific else Verdict.FAIL,
            "Says what the thanks are for" if specific else "A formula only",
        ),
    )
    return case.passed(
        "The agent thanks the customer in the closing",
        (evidence(best.line, best.span),),
        0.93 if case.phases.reached and found[0].name == "thank" else 0.8,
        start=zone,
        parts=parts,
        would_change="" if specific else "Thanks that say what for: patience, trust, raising the matter",
    )


def _thanks(case: Case, line: Line) -> list[Hit]:
    found = counted_thanks(line)
    before = case.text.lines[line.position - 1] if line.position else None
    if not found and before is not None and before.role == "customer" and before.has("thank"):
        # "No, thank you" in answer to thanks gives them back.
        found = [Hit(line, span, "thank") for span in line.hits.get("thank", ()) if span.first <= _RETURNED]
    return found if found and not _for_dictation(case, line) else thanks_alike(line)


def _for_dictation(case: Case, line: Line) -> bool:
    """Whether a bare "thank you" only takes note of a number or a name just dictated."""
    if line.has("goodbye", "request_more", "thank_specific") or line.position == 0:
        return False
    before = case.text.lines[line.position - 1]
    if before.role != "customer" or before.has("no_more", "thank", "goodbye"):
        return False
    first = line.hits["thank"][0].first
    if first >= 2 and all(token.number for token in line.tokens[first - 2 : first]):
        # The number is given back and thanked for.
        return True
    asked = line.position > 1 and case.text.lines[line.position - 2].has("identity")
    if len(line.tokens) > _BARE_THANKS and not (asked and first <= 1):
        return False
    return asked or sum(token.number for token in before.tokens) >= 2


def _dismissed(case: Case, zone: int) -> Hit | None:
    """The dismissal that the closing follows, where nothing helpful came after it."""
    start = max(0, zone - _DISMISSED_LINES)
    last = None
    for line in case.text.of("agent", start):
        for name in ("dismissal", "indifference", "insult"):
            for span in line.hits.get(name, ())[:1]:
                last = Hit(line, span, name)
        if last is not None and (
            _helps(case, line) or (line.has("outcome", "pending") and not line.has("penalty"))
        ):
            last = None
    return last


def _helps(case: Case, line: Line) -> bool:
    """Whether the line informs and the customer takes it gladly."""
    if len(line.content) < _INFORMS or line.has("dismissal", "indifference", "insult"):
        return False
    reply = case.text.next_of("customer", line.position, within=2)
    return (
        reply is not None
        and reply.has("thank", "satisfied", "no_more")
        and not reply.has("complaint", "sarcasm")
    )


def anything_else(case: Case) -> Finding:
    """The agent asks whether anything else is needed."""
    start = case.phases.matters[0] if case.phases.matters else 0
    asked = [
        line for line in case.text.of("agent", start) if asks_for_more(case.text, line, case.phases.settled)
    ]
    if asked:
        best = next((line for line in asked if line.has("request_more")), asked[0])
        if best.has("request_more"):
            proof, sure = [evidence(best, best.hits["request_more"][0])], 0.95
        else:
            # The question is told by its answer.
            answer = case.text.lines[best.position + 1]
            proof, sure = [evidence(best), evidence(answer, note="the customer's answer")], 0.75
        return case.passed("The agent asks whether anything else is needed", proof, sure, start=start)
    return missing(
        case, "ask whether anything else is needed", "A question whether there is anything else", start=start
    )


def satisfaction_question(case: Case) -> Finding:
    """The agent asks whether the customer is satisfied, or whether it solved the matter."""
    settled, matters = case.phases.settled, case.phases.matters
    start = settled if settled is not None else matters[0] + 1 if matters else 0
    for hit in case.text.hits("agent", ("ask_satisfied", "ask_satisfied_answered", "approval"), start):
        if _too_early(case, hit.line):
            continue
        answer = case.text.next_of("customer", hit.line.position, within=2)
        asked = hit.name == "ask_satisfied"
        if not asked and (answer is None or not answer.has("assent", "deny", "satisfied")):
            continue
        if hit.name == "approval" and not _of_the_outcome(case, hit.line):
            continue
        proof = [evidence(hit.line, hit.span)]
        if answer is not None:
            proof.append(evidence(answer, note="the customer's answer"))
        return case.passed(
            "The agent asks whether it solved the matter", proof, 0.85 if asked else 0.6, start=start
        )
    return missing(
        case,
        "ask whether the customer is satisfied",
        "A question whether the customer is satisfied or the matter solved, once there is an outcome",
        start=start,
    )


def _too_early(case: Case, line: Line) -> bool:
    """Whether the outcome is still to come: "are you happy with that" asks for a go-ahead there."""
    said = [
        other.position
        for other in case.text.of("agent")
        if achieved(case.text, other) or other.has("outcome_weak")
    ]
    if not said or line.position < said[0]:
        return bool(said)
    upcoming = case.text.next_of("agent", line.position)
    return upcoming is not None and not line.has("outcome") and bool(achieved(case.text, upcoming))


def _of_the_outcome(case: Case, line: Line) -> bool:
    """Whether "is that all right with you" is about what has been arranged, and only parting is left."""
    agent = list(case.text.of("agent", 0, line.position + 1))[-_ARRANGED_LINES:]
    if not any(other.has("outcome", "outcome_weak", "pending") for other in agent):
        return False
    after = case.text.of("agent", line.position + 1)
    return not any(
        other.has("identity", "outcome", "hold") or (other.has("question") and not other.has(*_LEAVING))
        for other in after
    )


def farewell(case: Case) -> Finding:
    """The agent takes leave."""
    zone = case.phases.zone
    if zone is not None:
        for line in case.text.of("agent", zone):
            if line.has("goodbye") and not _mocks(case, line):
                span = line.hits["goodbye"][0]
                return case.passed("The agent takes leave", (evidence(line, span),), 0.95, start=zone)
        wish = next((line for line in case.text.of("agent", zone) if parts(case.text, line)), None)
        if wish is not None and not _mocks(case, wish):
            return case.passed("The agent parts with a wish", (evidence(wish),), 0.8, start=zone)
    return missing(case, "say goodbye", "A goodbye by the agent at the end", start=zone or 0)


def _mocks(case: Case, line: Line) -> bool:
    """Whether "good luck" is all that answers a threat."""
    before = case.text.lines[line.position - 1] if line.position else None
    return (
        len(line.tokens) <= _BARE_WISH
        and line.has("parting")
        and before is not None
        and before.role == "customer"
        and before.has("threat", "complaint", "churn", "sarcasm")
    )


def missing(case: Case, what: str, would_change: str, *, start: int = 0, who: str = "agent") -> Finding:
    """The verdict on something a closing owes and that was not found."""
    last: Line | None = case.text.lines[-1] if case.text.lines else None
    said = [line.position for line in case.text.of(who, start)]
    due = said[-_LAST_LINES:][0] if said else start
    if case.phases.reached:
        if case.view.complete is False and (last is None or last.role != "agent"):
            return case.not_assessed(
                f"The recording is not complete; the {who} could still have come to {what}",
                "The rest of the recording",
            )
        if case.phases.implied and case.view.complete is False:
            return case.not_assessed(
                f"The recording is not complete; the {who} could still have come to {what}",
                "The rest of the recording",
            )
        return case.failed(
            f"The call ends on an exchange of courtesies and the {who} does not {what}"
            if case.phases.implied
            else f"The call closes and the {who} does not {what}",
            would_change,
            0.7 if case.phases.implied else 0.85,
            start=start,
            parts=_nothing(case),
            absent=due,
        )
    if case.phases.ended_by == "agent" and last is not None:
        return case.failed(
            f"The agent ends the call without a closing, and the {who} does not {what}",
            would_change,
            0.75,
            proof=(evidence(last),),
            start=start,
            parts=_nothing(case),
            absent=due,
        )
    if case.phases.ended_by == "customer":
        return case.not_applicable("The customer ends the call before a closing", start=start)
    return case.not_assessed(
        "The transcript stops before a closing", "The rest of the call, in which the parties take leave"
    )


def _nothing(case: Case) -> tuple[Part, ...]:
    return tuple(Part(part.id, Verdict.FAIL, "Not found") for part in case.criterion.components)
