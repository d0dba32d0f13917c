"""`solution_offered`: whether the customer is given a step that can be carried out, or the answer."""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.leaving import breaks_off, ends_glad, left_open, refusal_of, wound_down
from speechqa.criteria.detectors.outcome import (
    answer_of,
    answered,
    asks_only,
    outcome_of,
    perhaps_outcome,
    recap_of,
    steps_of,
    told_of,
    ways_of,
    weakly_done,
)

_OFFER_CONTENT = 2
_FEW_WORDS = 6
_NO_STEP = ("dismissal", "indifference", "thank_raise", "thank_specific")
_NO_OFFER = ("greet", "request_more", "goodbye", "identity", "dismissal", "indifference", "penalty")


def solution_offered(case: Case) -> Finding:
    """A concrete step by somebody, or the full answer where information was asked."""
    if not case.phases.matters:
        if case.text.words("customer") < _FEW_WORDS:
            return case.not_assessed(
                "The customer says too little to tell what they need", "The customer's words"
            )
        return case.not_applicable("The customer states no request and no problem")
    start = case.phases.matters[0] + 1
    outcome = outcome_of(case, start)
    found = outcome or next(_steps(case, start), None) or weakly_done(case, start)
    if found is not None:
        return case.passed(
            "The agent does something about it, or says what will be done",
            (evidence(found.line, found.span),),
            0.8 if outcome else 0.75,
            start=start,
        )
    answer = answer_of(case)
    if answer is not None:
        return case.passed(
            "What was asked is answered, and the answer taken", (evidence(answer.line),), 0.6, start=start
        )
    way = next(ways_of(case, start), None) or recap_of(case, start)
    if way is not None:
        return case.passed(
            "The agent says how or where it can be done, or what is settled",
            (evidence(way.line, way.span),),
            0.6,
            start=start,
        )
    told = told_of(case, start) or answered(case, start)
    if told is not None and (ends_glad(case) or wound_down(case)) and left_open(case, -1, start) is None:
        return case.passed(
            "The agent says what was asked for, and the customer does not object",
            (evidence(told.line),),
            0.5,
            start=start,
        )
    return _nothing(case, start)


def _steps(case: Case, start: int) -> Iterator[Hit]:
    """What is to be done after the call, what is offered, and what the customer is told to do."""
    for line in case.text.of("agent", start):
        # "Thank you for raising this" does nothing about it.
        none = [span for name in _NO_STEP for span in line.hits.get(name, ())]
        for hit in (
            *steps_of(line),
            *(Hit(line, span, name) for name in ("instruct", "vow") for span in line.hits.get(name, ())),
        ):
            if not any(hit.span.overlaps(span) for span in none):
                yield hit
        if line.has("offer") and not line.has(*_NO_OFFER) and len(line.content) >= _OFFER_CONTENT:
            yield Hit(line, line.hits["offer"][0], "offer")


def _nothing(case: Case, start: int) -> Finding:
    given_up = left_open(case, -1, start)
    if case.stops_open and given_up is None and not wound_down(case):
        return case.not_assessed(
            "The transcript stops before a closing; a solution could still have come", "The rest of the call"
        )
    refused = refusal_of(case, start) or given_up
    if refused is None:
        if breaks_off(case):
            return case.not_applicable("The customer ends the call before it is settled", start=start)
        perhaps = perhaps_outcome(case, start)
        if perhaps is not None:
            return case.not_assessed(
                f'Perhaps the solution is stated in words that are not known: "{perhaps}"',
                "A person's judgement of those words",
            )
        if asks_only(case):
            return case.not_assessed(
                "Only information is asked for; whether the answer is full cannot be told from its words",
                "The customer's word that it answers the question",
            )
        content = case.text.first("customer", "thank", "satisfied", start=start)
        if content is not None and not any(
            line.has("complaint") for line in case.text.of("customer", content.line.position)
        ):
            return case.not_assessed(
                "No step is heard in known words, yet the customer thanks and does not object",
                "A person's judgement of what was done",
            )
    return case.failed(
        "The customer is sent away without a solution" if refused else "No step towards a solution is heard",
        "A step that can be carried out, with who does it",
        0.7 if refused else 0.6,
        proof=() if refused is None else (evidence(refused.line, refused.span),),
        start=start,
        absent=start,
    )
