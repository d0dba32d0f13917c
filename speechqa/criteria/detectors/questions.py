"""Questions of the customer for information, and what becomes of each in the lines behind it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from speechqa.criteria.acts import is_backchannel
from speechqa.criteria.calltext import CallText, Hit, Line
from speechqa.criteria.case import Case
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import Token, content_keys

_REACH = 14
_QUESTION_REACH = 9
_CONTENT = 2
_LEAD = 3
_NEW_WORDS = 2
_FULL = 6
_SHORT = 8
_DOUBT = 0.15
_YES_NO = frozenset(
    {
        "yes",
        "no",
        "sure",
        "absolutely",
        "certainly",
        "definitely",
        "not",
        "כנ",
        "לא",
        "בטח",
        "בוודאי",
        "אינ",
        "יש",
    }
)
_SADLY = frozenset({"afraid", "unfortunately", "לצערי", "לצערנו"})
_ONE = frozenset({"one", "אחד", "אחת"})
_NO_ANSWER = ("request_more", "goodbye", "repeat", "greet")
_SENT_AWAY = ("dismissal", "indifference", "insult")


class Fate(Enum):
    """What becomes of a question: `LEFT` is one that the agent went to find out and never came back to."""

    ANSWERED = "answered"
    PROMISED = "promised"
    BARE = "bare"
    IGNORED = "ignored"
    LEFT = "left"
    UNKNOWN = "unknown"


class Answer(NamedTuple):
    """A question of the customer, what became of it, the line that tells, and how sure an answer is one."""

    asked: Hit
    fate: Fate
    line: Line | None
    confidence: float = 0.0


def questions(text: CallText) -> Iterator[Hit]:
    """The customer's questions for information, one a line; one that is asked again counts once."""
    seen: list[frozenset[str]] = []
    for line in text.of("customer"):
        hit = question_of(line) or _not_known(text, line)
        if hit is None:
            continue
        about = _about(hit)
        if any(about & other for other in seen[-2:]):
            continue
        seen.append(about)
        yield hit


def question_of(line: Line) -> Hit | None:
    """The question for information that a line asks, None without one."""
    for name in ("asks_info", "asks_whether"):
        if line.has(name):
            return Hit(line, min(line.hits[name]), name)
    return None


def _not_known(text: CallText, line: Line) -> Hit | None:
    """A short line that shows as a question only by the agent's not knowing the answer."""
    lines = text.lines
    reply = lines[line.position + 1] if line.position + 1 < len(lines) else None
    before = lines[line.position - 1] if line.position else None
    if reply is None or reply.role != "agent" or not reply.has("does_not_know"):
        return None
    replies = before is not None and before.role == "agent" and before.has("question") and line.position > 1
    if replies or max(len(line.tokens), len(reply.tokens)) > _SHORT or len(line.content) < _CONTENT:
        return None
    return Hit(line, Span(0, len(line.tokens) - 1), "asks_whether")


def _about(hit: Hit) -> frozenset[str]:
    """Content words of a question and of what follows it."""
    return content_keys(hit.line.tokens[hit.span.first : hit.span.last + 1 + _QUESTION_REACH])


def answer_to(case: Case, asked: Hit) -> Answer:
    """What becomes of a question in the lines behind it."""
    about = _about(asked)
    again = passed_on = False
    heard: dict[Fate, Line] = {}
    start = asked.line.position + 1
    for line in case.text.lines[start : start + _REACH]:
        if line.role == "customer":
            if _asks_again(line, about):
                again = True
            elif question_of(line) is not None:
                passed_on = True
        elif line.role == "agent" and (line.has("does_not_know") or not line.has(*_NO_ANSWER)):
            heard[Fate.UNKNOWN] = line
            fate, sure = _reply(case, asked, line, strict=again or Fate.BARE in heard)
            if fate in (Fate.ANSWERED, Fate.PROMISED):
                return Answer(asked, fate, line, sure - (_DOUBT if again or passed_on else 0.0))
            if fate is Fate.LEFT:
                heard.pop(Fate.BARE, None)
            again = again or fate is Fate.IGNORED
            if fate is not Fate.BARE or not passed_on:
                heard.setdefault(fate, line)
    last = heard.get(Fate.UNKNOWN)
    if Fate.BARE in heard:
        return Answer(asked, Fate.BARE, heard[Fate.BARE])
    if again and last is not None:
        return Answer(asked, Fate.IGNORED, last)
    if Fate.LEFT in heard and case.phases.reached:
        return Answer(asked, Fate.LEFT, heard[Fate.LEFT])
    return Answer(asked, Fate.UNKNOWN, last)


def _reply(case: Case, asked: Hit, line: Line, *, strict: bool) -> tuple[Fate, float]:
    """What a line of the agent does for a question, and how sure that is.

    Once the agent did not know, or the customer asked again, only what fits the question is an answer.
    """
    about = _about(asked)
    fits = _fits(case.text, line, asked, about)
    if _looks(line):
        if _promises(line):
            return Fate.PROMISED, 0.75
        # "Yes, let me check" answers nothing yet.
        if not line.has("does_not_know") and len(line.content) >= _FULL:
            return Fate.ANSWERED, 0.6 if fits else 0.4
        return Fate.LEFT, 0.0
    if fits:
        return Fate.ANSWERED, fits
    if line.has("does_not_know", *_SENT_AWAY):
        return Fate.BARE, 0.0
    if strict or not _tells(case, line):
        return Fate.UNKNOWN, 0.0
    return (Fate.IGNORED, 0.0) if _refused_answer(case.text, line, about) else (Fate.ANSWERED, 0.5)


def _asks_again(line: Line, about: frozenset[str]) -> bool:
    """Whether the customer comes back to the question, in saying so or in asking just the same.

    Who thanks, agrees or brings in another number or matter asks something new.
    """
    if line.has("asks_again"):
        return True
    again = question_of(line)
    if again is None or (line.has("thank", "satisfied") and not line.has("thank_not_counted", "deny")):
        return False
    words = _about(again)
    return (
        len(words & about) * 2 >= max(1, len(about))
        and len(words - about) <= _NEW_WORDS
        and not any(word.isdigit() for word in words - about)
    )


def _refused_answer(text: CallText, line: Line, about: frozenset[str]) -> bool:
    """Whether the customer's next words ask the same again, or say no and ask."""
    reply = text.next_of("customer", line.position, within=2)
    if reply is None:
        return False
    return _asks_again(reply, about) or (reply.has("deny") and question_of(reply) is not None)


def _fits(text: CallText, line: Line, asked: Hit, about: frozenset[str]) -> float:
    """How sure it is that a line answers just this, by yes or no, a number, or its words; 0 if not at all.

    What the customer rejects, or after which they say that they asked something, is none.
    """
    told = line.tokens[: _asks_from(line)]
    if asked.name == "asks_whether" and _says_yes_or_no(line, told):
        return 0.8
    if len(told) < len(line.tokens) and len(told) < _LEAD:
        return 0.0
    reply = text.next_of("customer", line.position, within=2)
    if (
        reply is not None
        and reply.has("deny", "complaint", "asks_again")
        and not reply.has("assent", "thank")
    ):
        return 0.0
    said = content_keys(told)
    amount = any(
        text.lexicon.in_class(token, "amount")
        for token in asked.line.tokens[asked.span.first : asked.span.last + 1]
    )
    if amount and (any(token.number and token.text not in _ONE for token in told) or line.has("deadline")):
        return 0.8
    if said & about and len(said) >= _CONTENT:
        return 0.75
    return 0.0


def _says_yes_or_no(line: Line, told: tuple[Token, ...]) -> bool:
    if not told or line.has("does_not_know", *_SENT_AWAY):
        return False
    if line.has("hold_back"):
        # "Thanks for waiting, yes it left."
        return any(token.text in _YES_NO for token in told[1:_FULL])
    return told[0].text in _YES_NO or any(token.text in _SADLY for token in told[:_LEAD])


def _tells(case: Case, line: Line) -> bool:
    """Whether the line states something, rather than asks or only listens."""
    told = line.tokens[: _asks_from(line)]
    if is_backchannel(case.text, line):
        return False
    if len(told) < len(line.tokens) and len(told) < _LEAD:
        return False
    said = content_keys(told)
    return len(said) >= (1 if len(told) == len(line.tokens) else _CONTENT)


def _asks_from(line: Line) -> int:
    """The token from which a line of the agent asks or offers something itself."""
    spans = [
        span.first
        for name in ("question", "need_prompt", "identity", "offer", "small_talk")
        for span in line.hits.get(name, ())
    ]
    return min(spans, default=len(line.tokens))


def _looks(line: Line) -> bool:
    """Whether the agent goes to find out, or says that they will."""
    if line.has("hold_back"):
        return False
    if line.has("finds_out") or (line.has("hold") and len(line.tokens) <= _SHORT):
        return True
    return line.has("does_not_know") and line.has("vow", "pending")


def _promises(line: Line) -> bool:
    """Whether what is to be found out is promised for later."""
    return line.has("vow", "pending", "promises_answer")
