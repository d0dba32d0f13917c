"""How the customer takes what the agent says: what stands before it and what is said back."""

from __future__ import annotations

from speechqa.criteria.calltext import Line
from speechqa.criteria.case import Case

_AGGRIEVED = ("complaint", "fault", "anger", "distress", "threat", "churn", "protests")
_CONTESTS = ("deny", "complaint", "fault", "anger", "protests", "problem")
_ABACK = ("protests", "leaves_off", "anger", "sarcasm", "threat")
_WARM = ("apologise", "empathise", "owns")
_BUT = frozenset({"but", "no", "well", "אבל", "לא", "איכ"})
_REACH = 2


def aggrieved(case: Case) -> int | None:
    """Position of the customer's first line of complaint, distress or protest; None without one."""
    hit = case.text.first("customer", *_AGGRIEVED)
    return None if hit is None else hit.line.position


def before_it(case: Case, line: Line) -> Line | None:
    """The customer's line that the agent's answers, where it stands right before it."""
    return next(iter(reversed(list(case.text.of("customer", line.position - _REACH, line.position)))), None)


def after_it(case: Case, line: Line) -> Line | None:
    """The customer's line that answers the agent's."""
    return case.text.next_of("customer", line.position, within=_REACH)


def grieves(line: Line | None) -> bool:
    """Whether a customer's line complains, protests, or says that they will leave."""
    return line is not None and line.has(*_AGGRIEVED)


def contests(line: Line | None) -> bool:
    """Whether a customer's line says otherwise than what was said before it."""
    if line is None or (line.has("question", "information") and not line.has(*_CONTESTS)):
        return False
    return line.has(*_CONTESTS) or line.tokens[0].text in _BUT


def disagrees(line: Line | None) -> bool:
    """Whether a customer's line contests what was said, or states something with no word of assent."""
    if line is None or line.has("question"):
        return contests(line)
    return contests(line) or (bool(line.content) and not line.has("assent", "thank", "no_more", "request"))


def taken_aback(line: Line | None) -> bool:
    """Whether a customer's line protests against what was just said, or leaves off."""
    return line is not None and line.has(*_ABACK)


def warm(case: Case, start: int = 0, stop: int | None = None) -> bool:
    """Whether the agent regrets, acknowledges or takes on anything in a stretch."""
    return any(line.has(*_WARM) for line in case.text.of("agent", start, stop))
