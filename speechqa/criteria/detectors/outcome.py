"""What came of the matter: what was done or agreed, what is to follow, what was answered."""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.criteria.calltext import Hit, Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.lexicon import Span
from speechqa.criteria.phases import achieved, blamed, later

_RECAP_CONTENT = 3
_RECAP_SOURCES = 2
_TOLD_CONTENT = 2
_NEAR = 2
_HOLD_WORDS = 8
_QUESTION_REACH = 9
_LAST_STATEMENTS = 3
_DOERS = frozenset({"i", "we", "you", "they", "אני", "אנחנו", "אתה", "את"})
_MUST = frozenset({"need", "have"})
_OWN_STEPS = frozenset(
    {"please", "just", "all", "what", "give", "drop", "תצטרך", "תצטרכו", "תצטרכי", "עליך", "תביא", "תבוא"}
)
_CONDITION_REACH = 8
_CONDITIONS = frozenset({"if", "once", "when", "unless", "אם", "כאשר", "במידה"})
GLAD = ("thank", "satisfied")
TAKEN = ("assent", "thank", "no_more", "satisfied")
REFUSALS = ("dismissal", "indifference", "insult", "refuse")
_NO_STATEMENT = (
    *REFUSALS, "question", "hold", "identity", "request_more", "penalty", "blame", "blames", "disowns",
    "argue", "excuse", "empathise", "apologise", "unsure", "wish", "patronise", "greet", "identify", "repeat",
)  # fmt: skip


def outcome_of(case: Case, start: int) -> Hit | None:
    """The statement of what was achieved or agreed; the last one, since a summary comes late."""
    found: Hit | None = None
    settled = False
    for line in case.text.of("agent", start):
        if rejected(case, line):
            continue
        hits = achieved(case.text, line)
        weak = line.hits.get("outcome_weak", ())
        if hits:
            found, settled = hits[-1], True
        elif weak and (_with_content(case, line) or _accepted(case, line)):
            found, settled = Hit(line, weak[0], "outcome_weak"), True
        elif line.has("summary_open") and settled and len(line.content) >= _RECAP_CONTENT:
            found = Hit(line, line.hits["summary_open"][0], "summary_open")
        settled = settled or bool(weak) or bool(later(line))
    return found


def rejected(case: Case, line: Line) -> bool:
    """Whether the customer's reply says at once that it is not so ("no no, I'm not all set")."""
    reply = case.text.next_of("customer", line.position, within=2)
    if reply is None or line.has("question", "request_more") or reply.has("no_more", *GLAD):
        return False
    denied = any(span.first == 0 for span in reply.hits.get("deny", ()))
    return denied and len(reply.tokens) > 1


def _with_content(case: Case, line: Line) -> bool:
    """Whether words that only say "done" stand beside what was done; a formula alone earns nothing."""
    if line.has("deadline"):
        return True
    return bool(case.text.said_before("customer", line.content, line.position))


def _accepted(case: Case, line: Line) -> bool:
    """Whether the line answers a customer who took up an offer: what was done is what was offered.

    Between the two the agent may say that it is under way ("doing it", "just a moment").
    """
    stated = case.phases.matters[0] + 1 if case.phases.matters else 0
    for reply in case.text.of("customer", max(stated, line.position - 3), line.position):
        if not reply.has("assent", "request"):
            continue
        for offer in case.text.of("agent", reply.position - 2, reply.position):
            proposed = offer.has("offer", "maybe_outcome") or (
                reply.has("assent") and not offer.has("question", "identity", "request_more", *REFUSALS)
            )
            if proposed and len(offer.content) >= _RECAP_CONTENT:
                return True
    return False


def recap_of(case: Case, start: int) -> Hit | None:
    """The agent's line that says again, towards the end, what several earlier lines had settled.

    What gathers content of lines further back, said by either party, sums up; what gives back only the line
    before it reads back, and what gives back only the customer's words tells their problem over again.
    """
    lines = case.text.lines
    for line in reversed(list(case.text.of("agent", max(start, len(lines) // 2)))):
        if line.has("hold", "penalty", "blame", *REFUSALS) or rejected(case, line):
            continue
        back = [other for other in lines[1 : line.position - 1] if other.content & line.content]
        own = [other for other in back if other.role == "agent" and other.position >= start]
        gathered = line.content & frozenset().union(*(other.content for other in back))
        words = {key for key in gathered if not key.isdigit()}
        if len(gathered) < _RECAP_CONTENT or not words or len(back) < _RECAP_SOURCES or not own:
            continue
        if _taken(case, line) and not _explored_after(case, line):
            return Hit(line, Span(0, len(line.tokens) - 1), "recap")
    return None


def _explored_after(case: Case, line: Line) -> bool:
    """Whether the agent still asks about the matter after the line, as one who has not settled it."""
    return any(
        other.has("question", "need_prompt") and not other.has("request_more", "ask_satisfied", "goodbye")
        for other in list(case.text.of("agent", line.position + 1))[:_NEAR]
    )


def _taken(case: Case, line: Line) -> bool:
    reply = case.text.next_of("customer", line.position, within=2)
    if reply is None:
        return False
    if reply.has("complaint", "gives_up", "threat", "sarcasm"):
        return False
    if reply.has(*TAKEN):
        return not reply.has("question")
    return bool(reply.content & line.content) and not reply.has("question", "deny")


def weakly_done(case: Case, start: int) -> Hit | None:
    """Words that say "done" and not what: something was done about it, though it is no summary."""
    return next(
        (
            hit
            for hit in case.text.hits("agent", ("outcome_weak",), start)
            if not rejected(case, hit.line) and not hit.line.has("question")
        ),
        None,
    )


def told_of(case: Case, start: int) -> Hit | None:
    """The last thing the agent states about it that is new, where the customer takes it."""
    statements = [line for line in case.text.of("agent", start) if _states(case, line)]
    for line in reversed(statements[-_LAST_STATEMENTS:]):
        if _taken(case, line) and not rejected(case, line):
            return Hit(line, Span(0, len(line.tokens) - 1), "told")
    return None


def _states(case: Case, line: Line) -> bool:
    if line.has(*_NO_STATEMENT) or line.tokens[0].text in _CONDITIONS or line.has("thank", "goodbye"):
        return False
    said = case.text.said_before("customer", line.content, line.position)
    new = {key for key in line.content - said if not key.isdigit()}
    return len(new) >= _TOLD_CONTENT


def answer_of(case: Case) -> Hit | None:
    """The answer that the customer takes, where nothing but information was asked: the outcome then."""
    if not asks_only(case):
        return None
    found = None
    for line in case.text.of("agent", case.phases.matters[0] + 1):
        if line.has("dismissal", "indifference", "question", "goodbye", "request_more", "blame"):
            continue
        if not _answers(case, line):
            continue
        told = len(line.content) >= _RECAP_CONTENT or any(token.number for token in line.tokens)
        reply = case.text.next_of("customer", line.position, within=2)
        taken = reply is not None and reply.has(*TAKEN) and not reply.has("question", "deny", "complaint")
        if told and taken and not (line.has("hold") and len(line.tokens) <= _HOLD_WORDS):
            found = Hit(line, Span(0, len(line.tokens) - 1), "answer")
    return found


def answered(case: Case, start: int) -> Hit | None:
    """The last fact the agent gives to one who only asks, taken or not: a number, or words of content."""
    if not asks_only(case):
        return None
    for line in reversed(list(case.text.of("agent", start))):
        told = len(line.content) >= _RECAP_CONTENT or any(token.number for token in line.tokens)
        if told and not line.has(*_NO_STATEMENT) and _answers(case, line):
            return Hit(line, Span(0, len(line.tokens) - 1), "answer")
    return None


def gladly_taken(case: Case, answer: Hit) -> bool:
    """Whether the customer thanks for an answer or is content with it, rather than only hearing it."""
    after = answer.line.position + 1
    reply = case.text.next_of("customer", answer.line.position, within=2)
    return reply is not None and (
        reply.has(*GLAD, "no_more") or any(line.has("satisfied") for line in case.text.of("customer", after))
    )


def _answers(case: Case, line: Line) -> bool:
    """Whether the line follows a question of the customer, or their reply to a question about it."""
    lines = case.text.lines
    near = range(line.position - 1, max(-1, line.position - 2 - _NEAR), -1)
    asked = next((lines[at] for at in near if lines[at].role == "customer"), None)
    if asked is None:
        return False
    before = lines[asked.position - 1] if asked.position else None
    return asked.has("information", "question") or (before is not None and before.has("question"))


def asks_only(case: Case) -> bool:
    """Whether the customer asks for information and has no problem."""
    stated = [case.text.lines[position] for position in case.phases.matters]
    return any(line.has("information") for line in stated) and not any(
        line.has("problem", "fault", "complaint", "distress") for line in stated
    )


def steps_of(line: Line) -> list[Hit]:
    """Later actions that are stated; within a question only those somebody is said to do."""
    asked = [range(q.first, q.first + _QUESTION_REACH) for q in line.hits.get("question", ())]
    return [
        hit
        for hit in later(line)
        if line.tokens[hit.span.first].text in _DOERS or not any(hit.span.first in reach for reach in asked)
    ]


def owed(step: Hit) -> bool:
    """Whether a step waits on somebody else: what customers do themselves, or only in case, needs no time."""
    tokens = [token.text for token in step.line.tokens]
    first = step.span.first
    said = tokens[first : step.span.last + 1]
    own = said[0] in _OWN_STEPS or (said[0] == "you" and bool(_MUST & set(said)))
    return not own and not _CONDITIONS & set(tokens[max(0, first - _CONDITION_REACH) : first])


def ways_of(case: Case, start: int) -> Iterator[Hit]:
    """Where or how the customer is told that it can be done, by themselves or elsewhere."""
    for line in case.text.of("agent", start):
        if not line.has("insult", "blames"):
            yield from (Hit(line, span, "points_to") for span in line.hits.get("points_to", ()))


def perhaps_outcome(case: Case, start: int) -> str | None:
    """Words of the agent that may well state an outcome, though no phrase says so."""
    for line in reversed(list(case.text.of("agent", start))):
        for span in line.hits.get("maybe_outcome", ()):
            if line.has("question", "hold", "identity", "penalty", "blame", "request_more") or blamed(
                line, span
            ):
                continue
            return evidence(line, span).quote
    return None
