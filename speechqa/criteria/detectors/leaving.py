"""How a call is left: with the matter open, with thanks, or amid a question as the transcript stops."""

from __future__ import annotations

from speechqa.criteria.calltext import Hit
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.outcome import GLAD, REFUSALS, TAKEN

_LAST_WORDS = 4
_LAST_LINES = 2
_SHORT = 3


def left_open(case: Case, settled: int, start: int) -> Hit | None:
    """What shows that the customer goes with the matter open, after what was last stated to settle it.

    Either the agent meets a customer who still has the problem with a dismissal, or the customer gives up
    in their last words and takes nothing afterwards; where nothing was stated and the call is over, a protest
    says as much.
    """
    lines = case.text.lines
    signs: tuple[str, ...] = ("gives_up", "sarcasm")
    if settled < 0 and not case.stops_open:
        signs = (*signs, "complaint", "threat")
    tried = next((line.position for line in case.text.of("agent", start)), len(lines))
    for line in reversed(list(case.text.of("customer", max(settled, tried) + 1))[-_LAST_WORDS:]):
        for name in signs:
            if line.has(name) and not line.has("satisfied"):
                return Hit(line, line.hits[name][0], name)
        if line.has(*GLAD):
            break
    still = next(
        (line for line in lines[settled + 1 :] if line.role == "customer" and line.has("problem", "fault")),
        None,
    )
    if settled < 0 or still is None:
        return None
    return next(
        (
            hit
            for hit in case.text.hits("agent", ("dismissal", "indifference", "insult"), still.position + 1)
            if not hit.line.has("thank", "goodbye")
        ),
        None,
    )


def refusal_of(case: Case, start: int) -> Hit | None:
    """The first refusal or dismissal by the agent; a wish that only sounds so stands beside leave-taking."""
    return next(
        (
            hit
            for hit in case.text.hits("agent", REFUSALS, start)
            if not hit.line.has("thank", "goodbye", "offer")
        ),
        None,
    )


def ends_glad(case: Case) -> bool:
    """Whether the customer's last words thank or are content, and none protests."""
    last = list(case.text.of("customer"))[-_LAST_WORDS:]
    return any(line.has(*GLAD) for line in last) and not any(
        line.has("complaint", "gives_up", "sarcasm", "threat") for line in last
    )


def wound_down(case: Case) -> bool:
    """Whether the parties take leave, or the call ends on two short lines or courtesies that ask nothing."""
    last = case.text.lines[-_LAST_LINES:]
    return case.phases.reached or (
        len({line.role for line in last}) > 1
        and all(
            (line.has(*TAKEN, "goodbye") or len(line.tokens) <= _SHORT)
            and not line.has("question", "information", "complaint", "hold")
            for line in last
        )
    )


def unfinished(case: Case) -> bool:
    """Whether a transcript stops amid a question, by the customer or by the agent about the matter."""
    customer = list(case.text.of("customer"))
    agent = list(case.text.of("agent"))
    if not customer or not agent or any(line.has(*GLAD) for line in customer[-_LAST_LINES:]):
        return False
    asked = customer[-1].has("question", "request", "information") and customer[-1] is case.text.lines[-1]
    return asked or any(
        line.has("question", "identity") and not line.has("request_more", "goodbye", "thank")
        for line in agent[-_LAST_LINES:]
    )
