"""The course of a call: where the matter is stated, where it is settled, where the parties take leave."""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.criteria.calltext import CallText, Hit, Line
from speechqa.criteria.leaving import EndedBy, leave
from speechqa.criteria.lexicon import Span

_THANKS_ONLY = 16
_STATEMENT_CONTENT = 3
_STATEMENT_WORDS = 5
_BLAME_REACH = 8
_QUESTION_REACH = 7
_OWN = frozenset({"i", "we", "אני", "אנחנו"})


@dataclass(frozen=True, slots=True)
class Phases:
    """Positions of lines.

    `matters` are the customer's statements of a request or problem; `settled` is the agent's first line after
    one that states an outcome, a later action or a refusal; `zone` is where leave-taking may begin; `reached`
    says that the parties took leave, `implied` that only the courtesies at the end tell so; `ended_by` who
    broke off where they did not.
    """

    matters: tuple[int, ...]
    settled: int | None
    zone: int | None
    reached: bool
    ended_by: EndedBy
    implied: bool = False


def course(text: CallText) -> Phases:
    """Find the phases of a call."""
    matters = _matters(text)
    start = matters[0] + 1 if matters else 0
    settled = next((line.position for line in text.of("agent", start) if settles(text, line)), None)
    end = leave(text, matters, settled)
    return Phases(matters, settled, end.zone, end.reached, end.ended_by, end.implied)


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
        if not stated and plain and line.content and _sentence(text, line):
            # "My drill has packed in": short, in words of no list, but what the call goes on about.
            return (line.position,)
    return stated


def _sentence(text: CallText, line: Line) -> bool:
    """Whether a line after the agent's first is long enough to be what somebody calls for."""
    return len(line.tokens) >= _STATEMENT_WORDS and any(text.of("agent", 0, line.position))


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
    happened = [text.happened(line.tokens[hit.span.first : hit.span.last + 1]) for hit in hits]
    if not any(happened):
        return hits
    told = text.told
    return [
        hit
        for hit, words in zip(hits, happened, strict=True)
        if not any(told.get(word, line.position) < line.position for word in words)
    ]


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
