"""`fair_disclosure`: price and what binds the customer are said before a sale or change is confirmed."""

from __future__ import annotations

from typing import NamedTuple

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.applying import does_not_apply, several_agents
from speechqa.criteria.lexicon import Span

_OFFER_REACH = 8
_CONFIRM_REACH = 5


class Sale(NamedTuple):
    """A sale, new or changed contract: what the customer agrees to, and where the agent confirms it.

    `confirmed` is the line by which price and conditions were due: the agent's word that it is done, else the
    customer's agreement.
    """

    agreed: Hit | None
    confirmed: Hit


def fair_disclosure(case: Case) -> Finding:
    """Price, and what binds the customer where anything does, are said aloud before it is confirmed."""
    sale = sale_of(case.text)
    if sale is None:
        return does_not_apply(case, "No sale", "Nothing is sold and no contract changed", "agent", "customer")
    several = several_agents(case)
    if several is not None:
        return several
    due = sale.confirmed.line.position
    price = _said(case.text, "price", 0, due)
    condition = _said(case.text, "condition", 0, due)
    late = None if condition is not None else _said(case.text, "condition", due)
    if late is not None:
        condition = _same_term(case.text, late.line, due)
        late = None if condition is not None else late
    evaded = _evaded(case.text, due)
    done = evidence(sale.confirmed.line, sale.confirmed.span, "confirmed")
    if price is None or late is not None or evaded is not None:
        after = late if price is not None else _said(case.text, "price", due)
        what = "condition" if price is not None else "price"
        if evaded is not None and price is not None and late is None:
            reason = "The customer asks what it costs or binds to and is not told before it is confirmed"
        elif after is not None:
            reason = f"A {what} is said only once it is confirmed"
        else:
            reason = "Something is sold or changed and no price is said before"
        shown = after or evaded
        return case.failed(
            reason,
            "Price, length and conditions said before the customer's agreement is taken",
            0.65,
            proof=(done, *((evidence(shown.line, shown.span),) if shown is not None else ())),
            stop=due + 1,
            absent=0,
        )
    notes = ((price, "price"), (condition, "condition"))
    return case.passed(
        "Price and conditions are said before it is confirmed"
        if condition is not None
        else "The price is said before it is confirmed; of conditions nothing is known",
        (*(evidence(hit.line, hit.span, note) for hit, note in notes if hit is not None), done),
        0.75 if condition is not None else 0.5,
        stop=due + 1,
        would_change="" if condition is not None else "A condition that was known and not said",
    )


def sale_of(text: CallText) -> Sale | None:
    """The first sale or change of a contract that is agreed; None without one."""
    for line in text.lines:
        if line.role == "customer" and line.has("agrees_sale") and _offered(text, line):
            agreed = Hit(line, line.hits["agrees_sale"][0], "agrees_sale")
            done = text.first(
                "agent", "sells", start=line.position + 1, stop=line.position + 1 + _CONFIRM_REACH
            )
            return Sale(agreed, done or agreed)
        if line.role == "agent" and line.has("sells") and not line.has("not_for_sale"):
            hit = Hit(line, line.hits["sells"][0], "sells")
            if _traded(text, line):
                return Sale(None, hit)
    return None


def _offered(text: CallText, line: Line) -> bool:
    """Whether what the customer agrees to is something with a price, or that is sold."""
    near = [
        one
        for one in text.lines[max(0, line.position - _OFFER_REACH) : line.position]
        if not one.has("not_for_sale")
    ]
    priced = any(one.role == "agent" and one.has("price", "condition") for one in near)
    asked = any(one.role == "customer" and one.has("asks_terms") for one in near)
    sold = text.first("agent", "sells", start=line.position + 1, stop=line.position + 1 + _CONFIRM_REACH)
    return priced or asked or (sold is not None and any(_has_ware(text, one) for one in (*near, line)))


def _traded(text: CallText, line: Line) -> bool:
    """Whether what is confirmed is bought: the customer asks its price at any time, or it was named."""
    if text.first("customer", "asks_terms") is not None:
        return True
    before = text.lines[max(0, line.position - _OFFER_REACH) : line.position + 1]
    priced = any(one.role == "agent" and one.has("price") and not one.has("not_for_sale") for one in before)
    return priced and any(_has_ware(text, one) for one in before)


def _has_ware(text: CallText, line: Line) -> bool:
    return any(text.lexicon.in_class(token, "ware") for token in line.tokens)


def _said(text: CallText, name: str, start: int, stop: int | None = None) -> Hit | None:
    """The agent's first word of it, in no line about what is given back or ended."""
    return next(
        (hit for hit in text.hits("agent", (name,), start, stop) if not hit.line.has("not_for_sale")), None
    )


def _same_term(text: CallText, late: Line, due: int) -> Hit | None:
    """Where the agent said the term of a later line before: "with us a year" - "for a year, as I said".

    Told by the number or the length that both name; a price is no term.
    """
    terms = {late.tokens[place].text for place in _terms(text, late)}
    for line in text.of("agent", 0, due):
        place = next((place for place in _terms(text, line) if line.tokens[place].text in terms), None)
        if place is not None and not line.has("not_for_sale"):
            return Hit(line, Span(place, place), "condition")
    return None


def _terms(text: CallText, line: Line) -> list[int]:
    """Where a line names a number or a length outside its prices."""
    prices = line.hits.get("price", ())
    return [
        place
        for place, token in enumerate(line.tokens)
        if (token.number or text.lexicon.in_class(token, "term"))
        and not any(span.first <= place <= span.last for span in prices)
    ]


def _evaded(text: CallText, due: int) -> Hit | None:
    """The customer's question about price or terms that stays without either until it is confirmed."""
    for hit in text.hits("customer", ("asks_terms",), 0, due):
        replies = list(text.of("agent", hit.line.position + 1, due))
        if replies and not any(line.has("price", "condition") for line in replies):
            return hit
    return None
