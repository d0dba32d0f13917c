"""`needs_clarification`: whether the agent sharpens what the customer needs before solving it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import Hit, Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.asked import (
    asks_back,
    asks_for_matter,
    by_shape,
    follows_question,
    objects,
    questions,
)
from speechqa.criteria.lexicon import Span
from speechqa.criteria.phases import achieved, later, states_matter

_SHARED = 2
_REPLY_WITHIN = 4
_DETAILS = 3
_DETAILED_WORDS = 14
_CHOICE_WORDS = 12
_ADDS = 2
_ENOUGH_LINES = 5
_SAYS_SOMETHING = 3
_CUSTOMER = frozenset({"you", "אתה", "את", "אתמ"})


class _Way(NamedTuple):
    """One way in which the need was sharpened."""

    line: Line
    span: Span | None
    reason: str
    confidence: float
    reply: Line


def needs_clarification(case: Case) -> Finding:
    """A question about the need, a restatement that is answered, or an explanation open to correction."""
    if not case.phases.matters:
        if case.text.words("customer") < 6:
            return case.not_assessed(
                "The customer says too little to tell what they need", "The customer's words"
            )
        return case.not_applicable("The customer states no request and no problem")
    first = _stated(case, case.phases.matters[0])
    if _known(case, first):
        return case.not_applicable(
            "The matter is known to the agent at once", start=first, stop=first + 1 + _REPLY_WITHIN
        )
    limit = _solved(case, first)
    ways = list(_ways(case, first, limit))
    if ways:
        return _sharpened(case, max(ways, key=lambda way: (way.confidence, -way.line.position)), first, limit)
    return _unasked(case, first, limit)


def _sharpened(case: Case, best: _Way, first: int, limit: int | None) -> Finding:
    used = _used(case, best)
    turned_away = None if used else _turned_away(case, best.reply.position)
    if turned_away is not None:
        return case.failed(
            "The agent asks, and then makes nothing of the answer but sends the customer away",
            "A solution that takes up the answer",
            0.6,
            proof=(evidence(best.line, best.span), evidence(turned_away.line, turned_away.span)),
            start=first,
        )
    return case.passed(
        best.reason,
        (evidence(best.line, best.span), evidence(best.reply, note="the customer's answer")),
        best.confidence if used else best.confidence - 0.1,
        start=first,
        stop=limit,
    )


def _unasked(case: Case, first: int, limit: int | None) -> Finding:
    """The verdict where nothing before the solution sharpens the need."""
    if _whole(case, first):
        return case.not_applicable(
            "The customer says at once all that is needed", start=first, stop=first + 1
        )
    said = sum(len(line.tokens) >= _SAYS_SOMETHING for line in case.text.of("agent", first + 1))
    if limit is None and case.stops_open and said < _ENOUGH_LINES:
        return case.not_assessed(
            "The transcript stops before the matter is settled; a question could still have come",
            "The rest of the call",
        )
    late = next(_ways(case, limit or first, None), None)
    if late is not None and _solved_after(case, late):
        return case.passed(
            "The agent asks about the need before what solves it in the end",
            (evidence(late.line, late.span), evidence(late.reply, note="the customer's answer")),
            0.55,
            start=first,
        )
    if late is not None:
        return case.failed(
            "The agent asks about the need only after offering a solution",
            "The same question before the solution",
            0.55,
            proof=(evidence(late.line, late.span),),
            start=first,
        )
    return case.failed(
        "The agent goes to a solution without asking about the need or giving it back to be confirmed",
        "A question about the need (not about identity), or a restatement that the customer can correct",
        0.7,
        proof=(evidence(case.text.lines[first], note="what the customer asks for"),),
        start=first,
        stop=None if limit is None else limit + 1,
        absent=first,
    )


def _solved_after(case: Case, way: _Way) -> bool:
    """Whether another solution follows what was asked late."""
    return way.span is not None and any(
        achieved(case.text, line) or _promised(line)
        for line in case.text.of("agent", way.reply.position + 1, case.phases.zone)
    )


def _solved(case: Case, first: int) -> int | None:
    """Line in which the matter is settled; a matter brought up later opens the window again."""
    solved = None
    for line in case.text.lines[first + 1 :]:
        if case.phases.zone is not None and line.position >= case.phases.zone:
            break
        if solved is not None and line.role == "customer" and states_matter(line):
            solved = None
        if solved is None and line.role == "agent" and (achieved(case.text, line) or _promised(line)):
            solved = line.position
    return solved if solved is not None else case.phases.zone


def _promised(line: Line) -> bool:
    return bool(later(line)) and not line.has("question")


def _ways(case: Case, first: int, limit: int | None) -> Iterator[_Way]:
    stop = None if limit is None else limit + 1
    stated: set[str] = set()
    read = first
    for line in case.text.of("agent", first + 1, stop):
        for other in case.text.of("customer", read, line.position):
            if states_matter(other) or other.position == first:
                stated |= {key for key in other.content if not key.isdigit()}
        read = line.position
        reply = case.text.next_of("customer", line.position, within=_REPLY_WITHIN)
        if reply is None or asks_back(reply) or asks_for_matter(case.text, line, first):
            continue
        settled = bool(achieved(case.text, line))
        asked = next(questions(case.text, line), None)
        if asked is not None and not (limit == line.position and settled):
            yield _Way(line, asked, "The agent asks about the need, and is answered", 0.88, reply)
        elif not (settled or later(line)) and (shape := by_shape(case.text, line, reply)):
            yield _Way(line, None, shape, 0.6, reply)
        elif _restates(line, stated) and _responds(reply):
            yield _Way(
                line, None, "The agent gives the need back and the customer responds to it", 0.75, reply
            )
        elif line.has("explain_choice") and _responds(reply) and not follows_question(case.text, line):
            span = line.hits["explain_choice"][0]
            yield _Way(
                line, span, "The agent says what was chosen and leaves room to correct it", 0.65, reply
            )


def _restates(line: Line, stated: Set[str]) -> bool:
    """Whether the line gives back content of the matter; a ritual opening alone gives nothing back."""
    shared = line.content & stated
    if (line.has("identity") and not line.has("restate")) or (
        line.has("small_talk") and len(line.tokens) <= _CHOICE_WORDS
    ):
        return False
    if line.has("restate", "reflect", "clarify"):
        return len(shared) >= _SHARED or (len(shared) >= 1 and len(line.tokens) <= _CHOICE_WORDS)
    return len(shared) >= _SHARED and len(shared) >= 0.6 * len(line.content)


def _responds(reply: Line) -> bool:
    return not objects(reply) and (reply.has("assent", "deny") or len(reply.content) >= _ADDS)


def _used(case: Case, way: _Way) -> bool:
    """Whether what came of it turns up again in what the agent says or does later."""
    answer = way.reply.content | way.line.content
    later_lines = case.text.of("agent", way.reply.position + 1)
    return any(
        (len(line.content & answer) >= 1 and not line.has("dismissal", "indifference", "insult", "blame"))
        or achieved(case.text, line)
        # Sending the customer elsewhere takes nothing up.
        or any(line.tokens[hit.span.first].text not in _CUSTOMER for hit in later(line))
        for line in later_lines
    )


def _turned_away(case: Case, position: int) -> Hit | None:
    return case.text.first("agent", "dismissal", "indifference", start=position + 1)


def _stated(case: Case, first: int) -> int:
    """Line of the matter; where the agent soon asks what it is about, what is said then."""
    for line in case.text.of("agent", first + 1, first + 1 + _REPLY_WITHIN):
        answer = case.text.next_of("customer", line.position)
        if line.has("asks_matter") and answer is not None and asks_for_matter(case.text, line, first):
            return answer.position
    return first


def _known(case: Case, first: int) -> bool:
    """Whether the agent's first answer is that the matter is known already."""
    answer = case.text.next_of("agent", first, within=_REPLY_WITHIN)
    return answer is not None and answer.has("known_matter") and not answer.has("question", "need_prompt")


def _whole(case: Case, first: int) -> bool:
    """Whether the first statement leaves nothing to ask: a question to be answered, or a request in full."""
    line = case.text.lines[first]
    if line.has("complaint", "fault"):
        return False
    if line.has("whole_request"):
        answer = case.text.next_of("agent", first)
        done_at_once = (
            answer is not None and bool(answer.content & line.content) and not answer.has("question")
        )
        return done_at_once or not any(other.has("problem") for other in case.text.of("customer", first + 1))
    if line.has("problem", "distress"):
        return False
    if line.has("information"):
        return True
    # "forty eight" is one detail.
    numbers = sum(
        token.number and not (at and line.tokens[at - 1].number) for at, token in enumerate(line.tokens)
    )
    details = numbers + len(line.hits.get("deadline", ()))
    return details >= _DETAILS and len(line.tokens) >= _DETAILED_WORDS
