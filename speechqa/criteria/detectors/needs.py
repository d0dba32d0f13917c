"""`needs_clarification`: whether the agent sharpens what the customer needs before solving it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.lexicon import Span
from speechqa.criteria.phases import achieved, later, states_matter

_QUESTION_REACH = 12
_SHARED = 2
_REPLY_WITHIN = 4
_DETAILS = 3
_DETAILED_WORDS = 14
_CHOICE_WORDS = 12
_CUSTOMER = frozenset({"you", "אתה", "את", "אתמ"})
_YES_NO = frozenset({"yes", "no", "כנ", "לא"})
_NOT_THE_NEED = (
    "identity",
    "small_talk",
    "request_more",
    "hold",
    "repeat",
    "dismissal",
    "indifference",
    "insult",
    "label",
)


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
    first = case.phases.matters[0]
    limit = _solved(case, first)
    ways = list(_ways(case, first, limit))
    if ways:
        best = max(ways, key=lambda way: (way.confidence, -way.line.position))
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
    statement = case.text.lines[first]
    if _whole(case, first):
        return case.not_applicable(
            "The customer says at once all that is needed", start=first, stop=first + 1
        )
    if limit is None and case.stops_open:
        return case.not_assessed(
            "The transcript stops before the matter is settled; a question could still have come",
            "The rest of the call",
        )
    late = next(_ways(case, limit or first, None), None)
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
        proof=(evidence(statement, note="what the customer asks for"),),
        start=first,
        stop=None if limit is None else limit + 1,
        absent=first,
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
    for line in case.text.of("agent", first + 1, stop):
        reply = case.text.next_of("customer", line.position, within=_REPLY_WITHIN)
        if reply is None:
            continue
        asked = next(_need_questions(case.text, line), None)
        if asked is not None and not (limit == line.position and achieved(case.text, line)):
            yield _Way(line, asked, "The agent asks about the need, and is answered", 0.88, reply)
        elif _asked_by_answer(line, reply) and not (achieved(case.text, line) or later(line)):
            yield _Way(line, None, "The agent asks about the need, as the answer tells", 0.6, reply)
        elif _offers_choice(line, reply):
            yield _Way(line, None, "The agent asks which it is to be, and is answered", 0.75, reply)
        elif _restates(case, line, first) and _responds(reply):
            yield _Way(
                line, None, "The agent gives the need back and the customer responds to it", 0.75, reply
            )
        elif line.has("explain_choice") and _responds(reply):
            span = line.hits["explain_choice"][0]
            yield _Way(
                line, span, "The agent says what was chosen and leaves room to correct it", 0.65, reply
            )


def _need_questions(text: CallText, line: Line) -> Iterator[Span]:
    """Questions of a line that are about neither identity nor anything but the matter."""
    spans: list[Span] = []
    for span in sorted(line.hits.get("question", ()) + line.hits.get("need_prompt", ())):
        if spans and span.overlaps(spans[-1]):
            spans[-1] = Span(spans[-1].first, max(spans[-1].last, span.last))
        else:
            spans.append(span)
    for number, span in enumerate(spans):
        following = spans[number + 1].first - 1 if number + 1 < len(spans) else len(line.tokens) - 1
        reach = Span(span.first, max(span.last, min(following, span.last + _QUESTION_REACH)))
        other = [s for name in _NOT_THE_NEED for s in line.hits.get(name, ())]
        if any(reach.overlaps(s) for s in other):
            continue
        if span.first == span.last or any(span.overlaps(s) for s in line.hits.get("blame", ())):
            # "right?", "okay?": asks for assent, not for the need.
            continue
        if _told(text, line, span):
            continue
        yield span


def _told(text: CallText, line: Line, span: Span) -> bool:
    """Whether the words of a question stand within a statement ("I only see what is on my screen")."""
    first = line.tokens[span.first]
    if span.first == 0 or not text.lexicon.in_class(first, "asking"):
        return False
    return any(
        text.lexicon.in_class(token, "embeds") for token in line.tokens[max(0, span.first - 2) : span.first]
    )


def _asked_by_answer(line: Line, reply: Line) -> bool:
    """Whether a short turn was a question, told by a yes or no that takes up its words."""
    if len(line.tokens) > _CHOICE_WORDS or line.has(*_NOT_THE_NEED, "blame", "empathise", "apologise"):
        return False
    return reply.tokens[0].text in _YES_NO and bool(line.content & reply.content)


def _offers_choice(line: Line, reply: Line) -> bool:
    """Whether a short turn puts two things side by side and the answer takes one ("checking or savings")."""
    words = [token.text for token in line.tokens]
    between = any(word in ("or", "או") for word in words[1:-1])
    return between and len(words) <= _CHOICE_WORDS and bool(line.content & reply.content)


def _restates(case: Case, line: Line, first: int) -> bool:
    """Whether the line gives back content of the matter; a ritual opening alone gives nothing back."""
    said: set[str] = set()
    for other in case.text.of("customer", first, line.position):
        if states_matter(other) or other.position == first:
            said |= {key for key in other.content if not key.isdigit()}
    shared = line.content & said
    if line.has("identity") and not line.has("restate"):
        return False
    if line.has("restate", "reflect", "clarify"):
        return len(shared) >= _SHARED or (len(shared) >= 1 and len(line.tokens) <= _CHOICE_WORDS)
    return len(shared) >= _SHARED and len(shared) >= 0.6 * len(line.content)


def _responds(reply: Line) -> bool:
    return reply.has("assent", "deny") or len(reply.content) >= 2


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
    return case.text.first("agent", "dismissal", "indifference", "insult", start=position + 1)


def _whole(case: Case, first: int) -> bool:
    """Whether the first statement leaves nothing to ask."""
    line = case.text.lines[first]
    if line.has("complaint", "fault"):
        return False
    if line.has("whole_request"):
        return True
    if line.has("problem"):
        return False
    # "forty eight" is one detail.
    numbers = sum(
        token.number and not (at and line.tokens[at - 1].number) for at, token in enumerate(line.tokens)
    )
    details = numbers + len(line.hits.get("deadline", ()))
    return details >= _DETAILS and len(line.tokens) >= _DETAILED_WORDS
