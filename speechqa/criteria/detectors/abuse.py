"""`respectful_boundary`: who is insulted or threatened stays calm, and sets a limit where it goes on."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding
from speechqa.criteria.calltext import CallText, Hit, evidence
from speechqa.criteria.case import CLEARER, Case, quoted
from speechqa.criteria.detectors.escalation import answer_of_manager

_AGAIN = 2
_ANSWERS = 3
_WOULD = "A calm limit: that help goes on, and being spoken to like that does not"
_HARSH = ("hits_back", "insult")


def abuses(text: CallText) -> list[Hit]:
    """Insults of, obscenities at and threats against the person who answers, one a line."""
    found: dict[int, Hit] = {}
    for hit in text.hits("customer", ("abuse",)):
        found.setdefault(hit.line.position, hit)
    return list(found.values())


def respectful_boundary(case: Case) -> Finding:
    """A calm limit, or a manager; one slip may be let pass, but not by hitting back or hanging up."""
    found = abuses(case.text)
    if not found:
        unsure = case.unheard_well(role="customer")
        if unsure is not None:
            return case.not_assessed(f"No abuse was found, but {unsure}", CLEARER)
        return case.not_applicable("The customer neither insults nor threatens the person who answers")
    start = found[0].line.position
    provoked = evidence(found[0].line, found[0].span, note="what the customer says")
    limit = case.text.first("agent", "limit", start=start)
    wrong = _loses_temper(case, start, provoked, limit)
    if wrong is not None:
        return wrong
    if limit is not None:
        return case.passed(
            "The agent sets a calm limit", (provoked, evidence(limit.line, limit.span)), 0.85, start=start
        )
    above = answer_of_manager(case, start)
    if above:
        return case.passed(
            "The agent takes it to somebody above",
            dict.fromkeys((provoked, *(evidence(hit.line, hit.span) for hit in above))),
            0.75,
            start=start,
        )
    return _unlimited(case, found, provoked)


def _unlimited(case: Case, found: list[Hit], provoked: Evidence) -> Finding:
    """One slip may be let pass; what is said again asks for a limit."""
    start, last = found[0].line.position, found[-1].line.position
    if case.text.next_of("agent", last) is None and (case.stops_open or len(found) < _AGAIN):
        return case.not_assessed(
            "The transcript stops before the agent could answer it", "What the agent says after the abuse"
        )
    if len(found) < _AGAIN:
        return case.passed("One slip is calmly let pass", (provoked,), 0.6, start=start)
    return case.failed(
        f"The customer is abusive in {len(found)} turns, and the agent sets no limit",
        _WOULD,
        0.65,
        proof=tuple(evidence(hit.line, hit.span, note="what the customer says") for hit in found[:_ANSWERS]),
        start=start,
        absent=start,
    )


def _loses_temper(case: Case, start: int, provoked: Evidence, limit: Hit | None) -> Finding | None:
    """Fails an agent who insults in turn, or ends the call without a warning."""
    back = case.text.first("agent", *_HARSH, start=start)
    if back is not None:
        return case.failed(
            "The agent hits back",
            _WOULD,
            0.8,
            proof=(provoked, evidence(back.line, back.span)),
            start=start,
        )
    ended = _hangs_up(case, start, limit)
    if ended is None:
        return None
    return case.failed(
        "The agent ends the call without a warning",
        "A calm limit before the call is ended",
        0.7,
        proof=(provoked, *ended),
        start=start,
    )


def _hangs_up(case: Case, start: int, limit: Hit | None) -> tuple[Evidence, ...] | None:
    """The agent's last line, where they break off with no limit set before it."""
    last = next((line for line in reversed(case.text.lines) if line.role == "agent"), None)
    if last is None or last.position <= start:
        return None
    warned = limit is not None and limit.line.position < last.position
    breaks_off = last.has("agent_ends") or case.phases.ended_by == "agent"
    return None if warned or not breaks_off else quoted([last])
