"""`gracious_exit`: a customer who cancels is let go with help, and with a friendly word."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding
from speechqa.criteria.calltext import CallText, Hit, evidence
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.lexicon import Span

_ATTEMPTS = 3
_OFFERS = ("offer_stay", "amends")
_TAKES = ("assent", "agrees_sale")
_DECLINES = ("deny", "cancels", "churn", "churn_weak", "mind_made_up")
_FRIENDLY = ("apologise", "empathise", "thank", "goodbye", "parting", "values_customer", "thank_raise")
_SLIGHTS = ("sends_to_rival", "insult", "sarcasm")
_DONE = ("lets_go", "outcome", "outcome_weak")


def cancels(text: CallText) -> list[Hit]:
    """Where the customer cancels a service or contract, one a line."""
    found: dict[int, Hit] = {}
    other = text.first("customer", "cancels_other")
    for hit in text.hits("customer", ("cancels",)):
        if other is not None and other.line.position <= hit.line.position:
            # "I want to cancel my appointment" - "yes cancel it".
            break
        if not stops_lost(text, hit):
            found.setdefault(hit.line.position, hit)
    return list(found.values())


def stops_lost(text: CallText, hit: Hit) -> bool:
    """Whether what is to be cancelled is a card or telephone that was lost or stolen: "yes, cancel it".

    A contract that the same words name is cancelled all the same.
    """
    lost = text.first("customer", "lost_thing", stop=hit.line.position + 1)
    if lost is None:
        return False
    said = hit.line.tokens[hit.span.first : hit.span.last + 1]
    return not any(
        text.lexicon.in_class(token, "held") and not text.lexicon.in_class(token, "stoppable")
        for token in said
    )


def gracious_exit(case: Case) -> Finding:
    """Done now, or told plainly how and when it ends; no wall of paper or guilt; a door left open."""
    text = case.text
    asked = cancels(text)
    if not asked:
        unsure = case.unheard_well(role="customer")
        if unsure is not None:
            return case.not_assessed(f"No cancellation was found, but {unsure}", CLEARER)
        return case.not_applicable("The customer cancels nothing")
    start = asked[0].line.position
    said = evidence(asked[0].line, asked[0].span, note="what the customer says")
    stays = text.first("customer", "stays_after_all", start=start) or _takes_offer(text, start)
    done = next((hit for hit in text.hits("agent", _DONE, start)), None)
    if stays is not None and (
        done is None or stays.line.position > done.line.position or done.name != "lets_go"
    ):
        return case.not_applicable("The customer stays after all", start=stays.line.position)
    return _hindered(case, said, start) or _helped(case, said, start, done)


def _takes_offer(text: CallText, start: int) -> Hit | None:
    """Where the customer takes what is offered to stay for, and nothing is cancelled after all."""
    if text.first("agent", "lets_go", start=start) is not None:
        return None
    for hit in text.hits("agent", _OFFERS, start):
        answer = text.next_of("customer", hit.line.position, within=2)
        if answer is None or not answer.has(*_TAKES) or answer.has(*_DECLINES, "takes_back"):
            continue
        if text.first("customer", "cancels", start=answer.position + 1) is None:
            return Hit(answer, Span(0, len(answer.tokens) - 1), "stays_after_all")
    return None


def _hindered(case: Case, said: Evidence, start: int) -> Finding | None:
    """Fails what keeps the customer from going, or slights them for it."""
    hindrances = (
        ("The way out is obstructed", case.text.first("agent", "obstructs", start=start), 0.75),
        ("The customer is let go with a slight", case.text.first("agent", *_SLIGHTS, start=start), 0.7),
        ("The agent presses on after the customer has refused twice", _pressed(case, start), 0.65),
    )
    for reason, hit, confidence in hindrances:
        if hit is not None:
            return _failed(case, reason, (said, evidence(hit.line, hit.span)), start, confidence)
    return None


def _helped(case: Case, said: Evidence, start: int, done: Hit | None) -> Finding:
    """Whether it is done or said how it ends, and with a friendly word."""
    text = case.text
    if done is None:
        if case.stops_open:
            return case.not_assessed(
                "The transcript stops before a closing; the cancellation could still have been done",
                "The rest of the call",
            )
        return _failed(case, "It is neither cancelled nor said how and when it ends", (said,), start, 0.6)
    kind = text.first("agent", "door_open", start=start) or text.first("agent", *_FRIENDLY, start=start)
    if kind is None:
        reason = "It is cancelled without a friendly word"
        return _failed(case, reason, (said, evidence(done.line)), start, 0.6)
    return case.passed(
        "The customer is let go with help and a friendly word",
        dict.fromkeys((said, evidence(done.line, done.span), evidence(kind.line, kind.span))),
        0.75,
        start=start,
    )


def _failed(case: Case, reason: str, proof: tuple[Evidence, ...], start: int, confidence: float) -> Finding:
    return case.failed(
        reason,
        "To cancel it in the call, say when it ends, and part with a good word",
        confidence,
        proof=proof,
        start=start,
        absent=start if len(proof) == 1 else None,
    )


def _pressed(case: Case, start: int) -> Hit | None:
    """The agent's third attempt to hold on, where the customer has refused the two before."""
    tried = 0
    offers = {hit.line.position: hit for hit in case.text.hits("agent", _OFFERS, start)}
    for hit in offers.values():
        answer = case.text.next_of("customer", hit.line.position, within=2)
        refused = answer is not None and answer.has(*_DECLINES)
        tried += 1
        if tried >= _ATTEMPTS:
            return hit
        if not refused:
            tried = min(tried, _ATTEMPTS - 2)
    return None
