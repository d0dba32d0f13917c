"""`escalation_handled`: who asks for a manager gets one, or a time at which one rings."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.case import CLEARER, Case

_LINES_AFTER = 4
_TRY_ANSWER = 2


def requests(text: CallText) -> list[Hit]:
    """Where the customer asks for a manager or somebody above, one a line."""
    found: dict[int, Hit] = {}
    for hit in text.hits("customer", ("wants_manager",)):
        found.setdefault(hit.line.position, hit)
    return list(found.values())


def escalation_handled(case: Case) -> Finding:
    """The manager is fetched, speaks already, or rings at a time said; or the customer lets the agent try."""
    asked = requests(case.text)
    if not asked:
        unsure = case.unheard_well(role="customer")
        if unsure is not None:
            return case.not_assessed(f"No request for a manager was found, but {unsure}", CLEARER)
        return case.not_applicable("The customer asks for no manager")
    start = asked[0].line.position
    wish = evidence(asked[0].line, asked[0].span, note="what the customer says")
    met = answer_of_manager(case, start)
    if met:
        return case.passed(
            "The customer is given somebody above, or a time at which one calls",
            dict.fromkeys((wish, *(evidence(hit.line, hit.span) for hit in met))),
            0.8,
            start=start,
        )
    above = _above_already(case.text, start)
    if above is not None:
        return case.passed(
            "The customer already speaks with somebody above, who has said so",
            (wish, evidence(above.line, above.span)),
            0.6,
            start=above.line.position,
        )
    tried = _let_try(case, asked)
    if tried is not None:
        return case.passed(
            "The agent asks to try first, and the customer agrees", (wish, evidence(tried)), 0.65, start=start
        )
    if case.stops_open and case.text.next_of("agent", asked[-1].line.position) is None:
        return case.not_assessed(
            "The transcript stops before the request could be met", "The rest of the call"
        )
    answer = case.text.next_of("agent", asked[-1].line.position)
    return case.failed(
        "The customer asks for a manager, and neither one nor a time is given",
        "A manager on the line, or the time at which one calls",
        0.7,
        proof=(wish,) if answer is None else (wish, evidence(answer)),
        start=start,
        absent=start,
    )


def _above_already(text: CallText, start: int) -> Hit | None:
    """Where a manager has said that they are one before anybody asks, and handed nobody on since."""
    said = list(text.hits("agent", ("is_manager",), 0, start))
    if not said or text.first("agent", "connects", "transfers", start=said[-1].line.position + 1) is not None:
        return None
    return said[-1]


def answer_of_manager(case: Case, start: int) -> tuple[Hit, ...]:
    """Where a manager is fetched or put on, or is to ring and at what time; empty where neither is said."""
    text = case.text
    for hit in text.hits("agent", ("manager_met", "manager_rings", "connects"), start):
        if hit.name != "manager_rings":
            return (hit,)
        when = _time_of(text, hit.line)
        if when is not None:
            return hit, when
    return ()


def _time_of(text: CallText, line: Line) -> Hit | None:
    """The time that stands beside it: in the line, or in the agent's next ones."""
    stop = line.position + 1 + _LINES_AFTER
    near = [line, *text.of("agent", line.position + 1, stop)][: _TRY_ANSWER + 1]
    for one in near:
        name = next((name for name in ("deadline", "vow_when") if one.has(name)), None)
        if name is not None and not one.has("unsure_when"):
            return Hit(one, one.hits[name][0], name)
    return None


def _let_try(case: Case, asked: list[Hit]) -> Line | None:
    """The agent's bid to try first, where the customer agrees and does not ask for a manager again."""
    for hit in case.text.hits("agent", ("asks_to_try",), asked[0].line.position):
        answer = case.text.next_of("customer", hit.line.position, within=_TRY_ANSWER)
        again = any(one.line.position > hit.line.position for one in asked)
        if answer is not None and not again and not answer.has("deny", "protests"):
            return hit.line
    return None
