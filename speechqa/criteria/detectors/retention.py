"""`retention_response`: who may leave is asked why, told that they matter, offered something real."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.case import CLEARER, Case

_ANSWERED = (
    "The sign of leaving is answered in two of three ways: why, that they matter, something to stay for"
)
_ONE = "The sign of leaving is answered in one way of three: why, that they matter, something to stay for"
_ENOUGH = 2
_REGRETS = ("apologise", "owns")
_OFFERS = ("offer_stay", "amends")
_MENDS = ("outcome", "alternative")
_LATER = ("vow", "vow_timed", "pending")
_ENDS = ("lets_go", "obstructs", "sends_to_rival", "request_more", "goodbye")


def retention_response(case: Case) -> Finding:
    """At least two of: asks why, says the customer matters, offers something real."""
    sign = sign_of_leaving(case)
    if sign is None:
        unsure = case.unheard_well(role="customer")
        if unsure is not None:
            return case.not_assessed(f"No sign of leaving was found, but {unsure}", CLEARER)
        return case.not_applicable("The customer gives no sign of leaving")
    start = sign.line.position
    said = evidence(sign.line, sign.span, note="what the customer says")
    away = case.text.first("agent", "sends_to_rival", start=start)
    if away is not None:
        return case.critically().failed(
            "The agent sends the customer off to the others",
            "To ask why, to say that the customer matters, and to offer something real",
            0.8,
            proof=(said, evidence(away.line, away.span)),
            start=start,
        )
    found = [one for one in (_why(case, start), _values(case, start), _offer(case, start)) if one is not None]
    if len(found) >= _ENOUGH:
        return case.passed(
            _ANSWERED,
            dict.fromkeys((said, *_proof(found))),
            0.75,
            start=start,
        )
    if case.stops_open and len(list(case.text.of("agent", start))) < _ENOUGH:
        return case.not_assessed(
            "The transcript stops before the agent could answer it", "What the agent says after the sign"
        )
    return case.failed(
        _ONE if found else "The sign of leaving goes by unanswered",
        "To ask why, to say that the customer matters, and to offer something real",
        0.65,
        proof=dict.fromkeys((said, *_proof(found))),
        start=start,
        absent=start,
    )


def sign_of_leaving(case: Case) -> Hit | None:
    """The customer's first sign of leaving: said outright, or hurt by which they are on the way."""
    return next(iter(case.leaves), None)


def _proof(found: list[Hit]) -> tuple[Evidence, ...]:
    return tuple(evidence(hit.line, hit.span) for hit in found)


def _why(case: Case, start: int) -> Hit | None:
    return case.text.first("agent", "ask_why", start=max(0, start - 1))


def _values(case: Case, start: int) -> Hit | None:
    return case.text.first("agent", "values_customer", start=start) or next(
        (hit for hit in case.text.hits("agent", _REGRETS, start) if not hit.line.has("sarcasm", "insult")),
        None,
    )


def _offer(case: Case, start: int) -> Hit | None:
    """Something real: a better price, amends, or the trouble put right now or by a time."""
    for line in case.text.of("agent", start):
        for name in _OFFERS:
            if line.has(name) and not line.has("obstructs"):
                return Hit(line, line.hits[name][0], name)
        if line.has(*_ENDS):
            continue
        for name in (*_MENDS, *(_LATER if line.has("deadline") else ())):
            if line.has(name):
                return Hit(line, line.hits[name][0], name)
    return None
