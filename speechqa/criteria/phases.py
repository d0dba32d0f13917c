"""The course of a call: where the matter is stated, where it is settled, where the parties take leave."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from speechqa.criteria.calltext import CallText, Hit, Line
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import Token

_THANKS_ONLY = 16
_SHORT_REPLY = 8
_STATEMENT_CONTENT = 3
_LEAVE_LINES = 8
_BLAME_REACH = 8
_QUESTION_REACH = 7
_THERE = frozenset({"there", "יש"})
_OR = frozenset({"or", "או"})
_OWN = frozenset({"i", "we", "אני", "אנחנו"})


@dataclass(frozen=True, slots=True)
class Phases:
    """Positions of lines.

    `matters` are the customer's statements of a request or problem; `settled` is the agent's first line after
    one that states an outcome, a later action or a refusal; `zone` is where leave-taking may begin; `reached`
    says that the parties took leave; `ended_by` who broke off where they did not.
    """

    matters: tuple[int, ...]
    settled: int | None
    zone: int | None
    reached: bool
    ended_by: Literal["agent", "customer", "open"]


def course(text: CallText) -> Phases:
    """Find the phases of a call."""
    matters = _matters(text)
    start = matters[0] + 1 if matters else 0
    settled = next((line.position for line in text.of("agent", start) if settles(text, line)), None)
    zone = _zone(text, matters, settled)
    reached = zone is not None and _takes_leave(text, zone)
    return Phases(matters, settled, zone, reached, "open" if reached else _broken_by(text))


def states_matter(line: Line) -> bool:
    """Whether a customer's line brings up something, rather than closing it."""
    if not line.has("request", "problem", "complaint", "fault", "distress"):
        return False
    if line.has("no_more") or (line.has("goodbye") and not line.has("greet")):
        # "Good morning" both greets and takes leave.
        return False
    return not (line.has("thank") and len(line.tokens) <= _THANKS_ONLY)


def _matters(text: CallText) -> tuple[int, ...]:
    stated = tuple(line.position for line in text.of("customer") if states_matter(line))
    # The first longer thing a customer says is the matter even where no phrase tells.
    for line in text.of("customer", 0, stated[0] if stated else None):
        plain = not line.has("greet", "identify", "thank", "goodbye", "no_more") or len(line.content) > 4
        if plain and len(line.content) >= _STATEMENT_CONTENT and any(text.of("agent", 0, line.position)):
            return (line.position, *stated)
    return stated


def settles(text: CallText, line: Line) -> bool:
    """Whether an agent's line states what was done, what will be, or that nothing will."""
    return bool(achieved(text, line)) or bool(later(line)) or line.has("dismissal", "outcome_weak")


def achieved(text: CallText, line: Line) -> list[Hit]:
    """What the line says was achieved or agreed; what the customer told as having happened is no outcome."""
    asked = line.hits.get("question", ())
    hits = [
        Hit(line, span, "outcome")
        for span in line.hits.get("outcome", ())
        if line.tokens[span.first].text in _OWN
        or not (blamed(line, span) or any(q.first <= span.first <= q.first + _QUESTION_REACH for q in asked))
    ]
    if not hits:
        return []
    told = {
        token for other in text.of("customer", 0, line.position) for token in _happened(text, other.tokens)
    }
    return [
        hit for hit in hits if not told & _happened(text, hit.line.tokens[hit.span.first : hit.span.last + 1])
    ]


def _happened(text: CallText, tokens: tuple[Token, ...]) -> set[str]:
    """Participles of what happened to somebody: "was cancelled", "בוטלה"."""
    lexicon = text.lexicon
    found = {token.text for token in tokens if lexicon.in_class(token, "done_passive")}
    for before, token in pairwise(tokens):
        if lexicon.in_class(token, "done") and lexicon.in_class(before, "happened"):
            found.add(token.text)
    return found


def later(line: Line) -> list[Hit]:
    """What the line says will happen after the call; threats and penalties are none."""
    if line.has("penalty"):
        return []
    return [Hit(line, span, "pending") for span in line.hits.get("pending", ()) if not blamed(line, span)]


def blamed(line: Line, span: Span) -> bool:
    """Whether the words are what the other party is told to have failed to do, not what will be done."""
    if line.tokens[span.first].text in _OWN and not any(span.overlaps(b) for b in line.hits.get("blame", ())):
        return False
    return any(
        span.overlaps(Span(blame.first, blame.last + _BLAME_REACH)) for blame in line.hits.get("blame", ())
    )


def _zone(text: CallText, matters: tuple[int, ...], settled: int | None) -> int | None:
    after = matters[-1] if matters else 1
    for line in text.lines[after:]:
        if line.role == "agent" and asks_for_more(text, line, settled):
            return line.position
        if line.position <= after:
            continue
        if line.role == "customer" and line.has("no_more"):
            return line.position
        if line.role in ("agent", "customer") and line.has("goodbye"):
            return line.position
        if settled is not None and line.position >= settled and _counted_thanks(line):
            return line.position
    return None


def asks_for_more(text: CallText, line: Line, settled: int | None) -> bool:
    """Whether the agent asks if more is needed; while the matter is explored it is a question about that."""
    if not line.has("request_more"):
        return False
    if line.position >= (len(text.lines) - 1) / 2 or (settled is not None and line.position >= settled):
        return True
    # "Is there anything else I can help you with" says it anywhere; "music, sports or anything else" nowhere.
    first = line.hits["request_more"][0].first
    before = line.tokens[first - 1].text if first else ""
    return line.has("offer") or before in _THERE or (len(line.tokens) <= _SHORT_REPLY and before not in _OR)


def _counted_thanks(line: Line) -> bool:
    if line.role == "customer":
        return line.has("thank")
    return line.role == "agent" and bool(counted_thanks(line))


def counted_thanks(line: Line) -> list[Hit]:
    """Thanks of a line but for those given for a number, for waiting, or that refuse."""
    not_counted = line.hits.get("thank_not_counted", ())
    return [
        Hit(line, span, "thank")
        for span in line.hits.get("thank", ())
        if not any(span.overlaps(other) for other in not_counted)
    ]


def _takes_leave(text: CallText, zone: int) -> bool:
    if any(line.has("goodbye") for line in text.lines[zone:]):
        return True
    for line in text.of("customer", zone):
        asked = line.position > 0 and any(
            before.has("request_more") for before in text.lines[max(0, line.position - 2) : line.position]
        )
        if line.has("no_more") or (asked and line.has("deny")):
            reply = text.next_of("agent", line.position)
            if reply is not None and (reply.has("thank") or len(reply.tokens) <= _SHORT_REPLY):
                return not reply.has("question", "hold")
    return False


def _broken_by(text: CallText) -> Literal["agent", "customer", "open"]:
    if not text.lines:
        return "open"
    for line in text.lines[-2:]:
        if line.role == "agent" and line.has("agent_ends"):
            return "agent"
        if line.role == "customer" and line.has("customer_ends"):
            return "customer"
    last = text.lines[-1]
    if last.role == "customer" and last.has("complaint", "threat", "sarcasm"):
        # Who is sent away and has the last word with a reproach has hung up.
        before = next((line for line in reversed(text.lines) if line.role == "agent"), None)
        if before is not None and before.has("dismissal", "insult", "indifference"):
            return "customer"
    if last.role == "agent" and last.has("dismissal", "insult", "indifference"):
        return "agent"
    return "open"
