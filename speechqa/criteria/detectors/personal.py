"""`personal_treatment`: an identified customer is somebody, not a number."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.core.masks import is_masked
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.applying import does_not_apply, several_agents
from speechqa.criteria.lexicon import Span
from speechqa.criteria.naming import Names, called_by_name, customer_names

_BEHIND = 2
_ASKED_FOR = 2
_UNASKED = 5
_ENOUGH_LINES = 3


def personal_treatment(case: Case) -> Finding:
    """The agent uses the customer's name, or what is known of them or of earlier contacts."""
    names = customer_names(case.text)
    called = next(called_by_name(case.text, names), None)
    known = case.text.first("agent", "known_customer")
    who = identified(case.text, names)
    if called is None and known is None and who is None:
        return does_not_apply(case, "No identity", "It is not said who the customer is", "agent", "customer")
    if called is not None or known is not None:
        said = "by name" if called is not None else "as somebody who is known"
        notes = (("by name", called), ("known", known))
        return case.passed(
            f"The agent treats the customer {said}",
            tuple(evidence(hit.line, hit.span, note) for note, hit in notes if hit is not None),
            0.85 if called is not None else 0.7,
        )
    assert who is not None
    several = several_agents(case)
    if several is not None:
        return several
    if case.stops_open and sum(1 for _ in case.text.of("agent", who.line.position)) < _ENOUGH_LINES:
        return case.not_assessed(
            "The transcript stops before a closing; the customer could still have been called by name",
            "The rest of the call",
        )
    return case.failed(
        "The agent hears who the customer is and uses neither the name nor anything known of them",
        "The customer's name in what is said to them, or a word on what is known of earlier contacts",
        0.65,
        proof=(evidence(who.line, who.span, "who the customer is"),),
        start=who.line.position,
        absent=who.line.position,
    )


def identified(text: CallText, names: Names) -> Hit | None:
    """What says who the customer is: a name, or a number that was asked for or given."""
    account = text.first("customer", "gives_account")
    named = min(names.values(), default=None)
    if named is not None and (account is None or named <= account.line.position):
        line = text.lines[named]
        return Hit(line, Span(0, len(line.tokens) - 1), "name")
    if account is not None:
        return account
    for line in text.of("customer"):
        asked = any(one.has("identity") for one in text.of("agent", line.position - _BEHIND, line.position))
        if dictates(line, least=_ASKED_FOR if asked else _UNASKED):
            return Hit(line, Span(0, len(line.tokens) - 1), "number")
    return None


def dictates(line: Line, *, least: int) -> bool:
    """Whether a number of so many words, or one that was masked, is most of what the line says."""
    if is_masked(line.source.text):
        return True
    numbers = sum(token.number for token in line.tokens)
    return numbers >= least and any(
        all(token.number for token in line.tokens[first : first + least])
        for first in range(len(line.tokens) - least + 1)
    )
