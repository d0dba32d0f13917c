"""What a customer holds against the organisation: complaints in words, and dissent that amounts to one."""

from __future__ import annotations

from speechqa.criteria.calltext import CallText, Hit, Line

_WEAK = ("protest", "anger")
_SENT_OFF = (
    "refuse", "dismissal", "indifference", "policy", "disowns", "blames", "reproach", "argue", "sends_away",
)  # fmt: skip
_ENOUGH = 2
_REACH = 3


def grievances(text: CallText, *names: str) -> list[Hit]:
    """The customer's complaints in order of the call; without any, dissent said twice or against a refusal.

    Parameters
    ----------
    text : CallText
        The call.
    names : str
        The lists that count as complaining by themselves; complaint and fault when left out.
    """
    told = [
        hit
        for hit in text.hits("customer", names or ("complaint", "fault"))
        if not about_others(text, hit.line)
    ]
    return told or dissent(text)


def dissent(text: CallText) -> list[Hit]:
    """The customer's objections, one a line, where they are more than one or answer a refusal.

    One alone ("why not", "since when") may be mere surprise.
    """
    found: list[Hit] = []
    for hit in text.hits("customer", _WEAK):
        if not about_others(text, hit.line) and (not found or found[-1].line is not hit.line):
            found.append(hit)
    if len(found) >= _ENOUGH or any(_against_refusal(text, hit.line) for hit in found):
        return found
    return []


def about_others(text: CallText, line: Line) -> bool:
    """Whether the customer speaks of another company, in this line or in the ones just before it."""
    if line.has("comes_over", "of_others"):
        return True
    for before in reversed(text.lines[: line.position]):
        if before.role != "customer":
            return False
        if before.has("of_others"):
            return True
    return False


def _against_refusal(text: CallText, line: Line) -> bool:
    """Whether the customer has told of a problem and now objects to an agent who would not help."""
    refused = any(
        before.has(*_SENT_OFF) for before in text.of("agent", line.position - _REACH, line.position)
    )
    return refused and any(
        before.has("problem", "distress", "threat") for before in text.of("customer", 0, line.position + 1)
    )
