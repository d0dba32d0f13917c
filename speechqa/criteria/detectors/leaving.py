"""How a call is left: with the matter open, with thanks, or amid a question as the transcript stops."""

from __future__ import annotations

from speechqa.criteria.calltext import Hit
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.outcome import GLAD, REFUSALS, TAKEN

_LAST_WORDS = 4
_LAST_LINES = 2
_SHORT = 3
_MET_SO = 2
_NEAR_END = 0.6
UNHELPFUL = (*REFUSALS, "unsure", "disowns", "argue", "blames", "patronise")


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


def sent_away(case: Case, start: int, rescued: int) -> Hit | None:
    """The agent's last refusal, blame or "I don't know", where that is how the customer is met to the end.

    It takes two such lines, the last in the second half of the call, and nobody content afterwards; or one
    near the end with no word of thanks after it. `rescued` is the last line that settled something after all.
    """
    lines = case.text.lines
    met = [
        hit
        for hit in case.text.hits("agent", UNHELPFUL, start)
        if not hit.line.has("offer", "thank", "goodbye", "wish")
    ]
    if not met or met[-1].line.position <= rescued:
        return None
    last = met[-1].line.position
    after = list(case.text.of("customer", last + 1))
    if len({hit.line.position for hit in met}) >= _MET_SO and last * 2 >= len(lines):
        content = any(line.has("satisfied") and not line.has("sarcasm", "complaint") for line in after)
        return None if content else met[-1]
    near = last >= _NEAR_END * len(lines) and not case.stops_open
    return met[-1] if near and not any(line.has(*GLAD) for line in after) else None


def breaks_off(case: Case) -> bool:
    """Whether the customer ends the call for reasons of their own, rather than over how it goes."""
    if case.phases.reached or case.phases.ended_by != "customer":
        return False
    last = list(case.text.of("customer"))[-_LAST_WORDS:]
    return not any(line.has("complaint", "gives_up", "threat", "sarcasm", "churn") for line in last)


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
    last = agent[-1]
    return asked or (last.has("question", "identity") and not last.has("request_more", "goodbye", "thank"))
