"""`transfer_etiquette`: a customer who is handed on hears why and to whom, and need not tell it again."""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import CallText, Hit, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.applying import does_not_apply

_BEFORE, _AFTER = 4, 3
_AGAIN_AFTER = 8
_NO = frozenset({"no", "not", "never", "none", "nothing", "nope", "you", "לא", "ממש", "חלילה", "שומ"})
"""How an answer begins that spares the customer what they fear: "not a word of it", "you won't"."""


def transfer_etiquette(case: Case) -> Finding:
    """Why and to whom is said around the transfer, and the customer is not left to tell it all again."""
    moves = list(transfers(case.text))
    if not moves:
        return does_not_apply(case, "No transfer", "The customer is not transferred")
    first = moves[0]
    whom, why, told = (_around(case, moves, f"transfer_{part}") for part in ("whom", "why", "told"))
    wish = _wish(case.text, first)
    again = None if told is not None else _again(case, moves)
    if again is not None:
        return case.failed(
            "The customer has to tell it again after the transfer",
            "The details passed on to whoever takes the call over",
            0.65,
            proof=(evidence(first.line, first.span, "the transfer"), evidence(again.line, again.span)),
            start=first.line.position,
        )
    if wish is not None:
        return case.passed(
            "The customer is put through as they asked",
            (evidence(wish.line, wish.span, "what the customer asks for"), evidence(first.line, first.span)),
            0.7,
            start=wish.line.position,
            would_change="Being put through to somebody else than was asked for",
        )
    if whom is None or (why is None and told is None):
        lacking = "why" if whom is not None else "to whom" if why is not None else "why or to whom"
        return case.failed(
            f"The customer is transferred and is not told {lacking}",
            "The reason for the transfer, and who takes it over, said before it",
            0.65,
            proof=(evidence(first.line, first.span, "the transfer"),),
            start=max(0, first.line.position - _BEFORE),
            absent=first.line.position,
        )
    named = (("to whom", whom), ("why", why), ("passed on", told))
    return case.passed(
        "The customer hears why and to whom they are transferred"
        if why is not None
        else "The customer hears to whom they are transferred, and that it is passed on",
        dict.fromkeys(evidence(hit.line, hit.span, note) for note, hit in named if hit is not None),
        0.75 if why is not None else 0.55,
        start=max(0, first.line.position - _BEFORE),
        would_change="" if told is not None else "The customer having to tell it all again",
    )


def transfers(text: CallText) -> Iterator[Hit]:
    """Where the agent puts the customer through, or says so; one that the customer declines is none."""
    opening = next(text.of("agent"), None)
    for hit in text.hits("agent", ("transfers",)):
        if hit.line is opening:
            continue  # "you're through to the claims line"
        if hit.line.has("transfer_offered"):
            reply = text.next_of("customer", hit.line.position, within=2)
            if reply is None or _declines(reply.tokens[0].text if reply.tokens else ""):
                continue
        yield hit


def _wish(text: CallText, move: Hit) -> Hit | None:
    """The customer's own request to be put through, or for a manager: who asks knows why, and to whom."""
    at = move.line.position
    return text.first("customer", "asks_transfer", "wants_manager", start=at - _BEFORE, stop=at)


def _declines(first: str) -> bool:
    return first in ("no", "not", "nah", "לא")


def _around(case: Case, moves: list[Hit], name: str) -> Hit | None:
    """The phrase of a list in the lines around a transfer, of the same agent."""
    for move in moves:
        party = move.line.source.party
        at = move.line.position
        for hit in case.text.hits("agent", (name,), at - _BEFORE, at + _AFTER + 1):
            # Whoever answers names their own house, not where somebody is sent.
            if hit.line.source.party == party and not (hit.line is not move.line and hit.line.has("greet")):
                return hit
    return None


def _again(case: Case, moves: list[Hit]) -> Hit | None:
    """What shows that the customer must tell it again: the agent says so, or the customer does afterwards."""
    first = moves[0].line.position
    said = case.text.first("agent", "transfer_untold", start=first - 1, stop=first + _AFTER + 1)
    if said is not None:
        return said
    for hit in case.text.hits("customer", ("story_again",), first + 1, first + 1 + _AGAIN_AFTER):
        reply = case.text.next_of("agent", hit.line.position, within=1)
        if reply is None or reply.tokens[0].text not in _NO:
            return hit
    return None
