"""`expectation_summary`: whether the customer leaves knowing what was done, what comes next and by when."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.criteria.calltext import Hit, Line, evidence
from speechqa.criteria.case import Case, Part
from speechqa.criteria.detectors.leaving import (
    breaks_off,
    ends_glad,
    left_open,
    refusal_of,
    sent_away,
    unfinished,
    wound_down,
)
from speechqa.criteria.detectors.outcome import (
    answer_of,
    asks_only,
    gladly_taken,
    outcome_of,
    owed,
    perhaps_outcome,
    recap_of,
    steps_of,
    told_of,
)

_REPLIES = 4
_NEAR = 2
_BEFORE = 6
_SURE = {"outcome": 0.75, "answer": 0.6, "recap": 0.6, "told": 0.5}
_HEARD = {
    "answer": "The customer's question is answered, and the answer taken",
    "recap": "What earlier lines had settled is said together, and the customer agrees",
    "told": "The customer takes what the agent states last about the matter",
}


def expectation_summary(case: Case) -> Finding:
    """The outcome; when something is pending, the next step and its time; the customer's assent."""
    if not case.phases.matters:
        if case.text.words("customer") < 6:
            return case.not_assessed(
                "The customer says too little to tell what they need", "The customer's words"
            )
        return case.not_applicable("The customer states no request and no problem")
    start = case.phases.matters[0] + 1
    outcome = outcome_of(case, start)
    steps = [hit for line in case.text.of("agent", start) for hit in steps_of(line)]
    recap = recap_of(case, start)
    if outcome is None:
        outcome = recap
    away = _sent_off(case, start, outcome, recap, steps)
    if away is not None:
        return _left(case, away, start)
    if case.stops_open and unfinished(case):
        return case.not_assessed(
            "The transcript stops while the matter is still dealt with", "The rest of the call"
        )
    if outcome is None and not steps:
        outcome = _answered(case)
    due = [step for step in steps if owed(step)]
    if outcome is None and steps:
        # What was agreed is the step itself, once it is stated.
        outcome, due = steps[-1], steps
    if outcome is None and wound_down(case) and not asks_only(case):
        outcome = told_of(case, start)
    if outcome is None:
        return _nothing(case, start)
    timed = [(step, when) for step in steps for when in _times(case, step)]
    next_step = timed[-1][0] if timed else (due[-1] if due else None)
    met = next_step is None or bool(timed)
    if not met and case.stops_open:
        return case.not_assessed(
            "The transcript stops before a closing; the time of the next step could still have come",
            "The rest of the call",
        )
    parts = (
        Part(
            "outcome", Verdict.PASS, "Says what was done or agreed", (evidence(outcome.line, outcome.span),)
        ),
        _step_part(next_step),
        _deadline_part(next_step, timed[-1][1] if timed else None),
        _assent_part(case, (next_step or outcome).line, outcome.line),
    )
    proof = tuple(dict.fromkeys(e for part in parts[:3] for e in part.evidence))
    if met:
        lacking = [part.id for part in parts if part.verdict is Verdict.FAIL]
        return case.passed(
            _HEARD.get(outcome.name, "The customer hears what was done or agreed")
            + (", what comes next and when" if next_step else ""),
            proof,
            _SURE.get(outcome.name, 0.65),
            start=start,
            parts=parts,
            would_change="The customer's assent, asked for" if lacking else "",
        )
    return case.failed(
        "Something is left to happen, and the customer does not hear by when",
        "A time for the next step",
        0.65,
        proof=proof,
        start=start,
        parts=parts,
        absent=None if next_step is None else next_step.line.position,
    )


def _sent_off(case: Case, start: int, outcome: Hit | None, recap: Hit | None, steps: list[Hit]) -> Hit | None:
    """What shows that the customer goes with the matter open: by their own words, or by how they are met."""
    said = [hit.line.position for hit in (outcome, *steps) if hit is not None and hit is not recap]
    given_up = left_open(case, max(said, default=-1), start)
    if given_up is not None or unfinished(case) or (outcome is not None and outcome is not recap):
        return given_up
    firm = [hit.line.position for hit in (recap, *steps) if hit and (hit is recap or _times(case, hit))]
    return sent_away(case, start, max(firm, default=-1))


def _answered(case: Case) -> Hit | None:
    """The answer to one who only asks, where they thank for it or are content; hearing it is no summary."""
    answer = answer_of(case)
    return answer if answer is not None and gladly_taken(case, answer) else None


def _left(case: Case, sign: Hit, start: int) -> Finding:
    proof = (evidence(sign.line, sign.span),)
    reason = (
        "The customer gives up, and the matter is left open"
        if sign.line.role == "customer"
        else "The customer says that it is not settled, and is sent away"
    )
    return case.failed(
        reason,
        "Another way or a promise, with a time",
        0.6,
        proof=proof,
        start=start,
        parts=_failed_parts("The matter is left open", proof),
    )


def _times(case: Case, step: Hit) -> list[Hit]:
    """Times in the line of the step, in the agent's lines right after it, or a little before it."""
    at = step.line.position
    settled = at if case.phases.settled is None else case.phases.settled
    near = [
        step.line,
        *case.text.of("agent", at + 1, at + 1 + _NEAR),
        *(line for line in case.text.of("agent", max(at - _BEFORE, settled), at) if not line.has("question")),
    ]
    return [
        Hit(line, span, name)
        for line in near
        if not line.has("penalty") and not (line is not step.line and line.has("goodbye", "request_more"))
        for name in ("deadline", "at_event")
        for span in line.hits.get(name, ())[:1]
    ]


def _step_part(step: Hit | None) -> Part:
    if step is None:
        return Part("next_step", Verdict.NOT_APPLICABLE, "Nothing is left to happen")
    return Part("next_step", Verdict.PASS, "Says what happens next", (evidence(step.line, step.span),))


def _deadline_part(step: Hit | None, when: Hit | None) -> Part:
    if step is None:
        return Part("deadline", Verdict.NOT_APPLICABLE, "Nothing is left to happen")
    if when is None:
        return Part("deadline", Verdict.FAIL, "No time is given for what happens next")
    return Part("deadline", Verdict.PASS, "Says by when", (evidence(when.line, when.span),))


def _assent_part(case: Case, step: Line, outcome: Line) -> Part:
    for after in (step, outcome):
        for position in range(after.position + 1, min(len(case.text.lines), after.position + 1 + _REPLIES)):
            reply = case.text.lines[position]
            if reply.role != "customer":
                continue
            if reply.has("complaint") or (reply.has("deny") and not reply.has("thank", "no_more", "assent")):
                continue
            if reply.has("assent", "thank", "no_more", "satisfied", "goodbye"):
                proof: tuple[Evidence, ...] = (evidence(reply),)
                return Part("assent", Verdict.PASS, "The customer agrees", proof)
    return Part("assent", Verdict.FAIL, "The customer's agreement is not heard")


def _nothing(case: Case, start: int) -> Finding:
    if case.stops_open and not wound_down(case):
        return case.not_assessed(
            "The transcript stops before a closing; what was agreed could still have come",
            "The rest of the call",
        )
    weak = case.text.first("agent", "outcome_weak", start=start)
    refused = refusal_of(case, start)
    if refused is None:
        if breaks_off(case):
            return case.not_applicable("The customer ends the call before it is settled", start=start)
        perhaps = perhaps_outcome(case, start)
        if perhaps is not None and weak is None and ends_glad(case):
            return case.not_assessed(
                f'Perhaps the outcome is stated in words that are not known: "{perhaps}"',
                "A person's judgement of those words",
            )
        if weak is None and asks_only(case) and (answer := answer_of(case)) is not None:
            return _only_answered(case, answer, start)
    proof = (
        (evidence(weak.line, weak.span),)
        if weak
        else (evidence(refused.line, refused.span),)
        if refused
        else ()
    )
    reason = "The agent does not say what was done or agreed"
    if weak:
        reason = "The agent says that it is done, but not what"
    elif refused:
        reason = "The matter is left open and nothing is promised"
    return case.failed(
        reason,
        "What was done or agreed, what happens next and by when, said once the matter is settled",
        0.65,
        proof=proof,
        start=start,
        parts=_failed_parts(reason, proof),
        absent=None if proof else start,
    )


def _only_answered(case: Case, answer: Hit, start: int) -> Finding:
    reason = "What was asked is answered, but not said again, and the customer does not say that it helps"
    proof = (evidence(answer.line),)
    return case.failed(
        reason,
        "The answer summed up, or the customer's word that it answers the question",
        0.5,
        proof=proof,
        start=start,
        parts=_failed_parts(reason, proof),
    )


def _failed_parts(reason: str, proof: tuple[Evidence, ...]) -> tuple[Part, ...]:
    return (
        Part("outcome", Verdict.FAIL, reason, proof),
        Part("next_step", Verdict.NOT_APPLICABLE, "Nothing is known to be left to happen"),
        Part("deadline", Verdict.NOT_APPLICABLE, "Nothing is known to be left to happen"),
        Part("assent", Verdict.FAIL, "There is nothing to agree to"),
    )
