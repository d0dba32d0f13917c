"""Courtesies at the end of a call: what brings nothing new and wants nothing, thanks, wishes.

A run of short courtesies after which nobody owes anything is a closing even where nobody says goodbye; a last
line that asks, dictates or informs is a transcript that stops.
"""

from __future__ import annotations

from speechqa.criteria.calltext import CallText, Hit, Line

SHORT_REPLY = 8
LAST_LINES = 8
PARTING_LINES = 4
_LIGHT_TOKENS, _LIGHT_CONTENT = 10, 2
_CLOSING_TOKENS = 26
_AT_END = 10
_CLOSING_FOR_SURE = ("thank", "goodbye", "no_more", "request_more", "wished_back")
_CLOSING = (*_CLOSING_FOR_SURE, "parting", "satisfied", "thank_alike")
_OWED = ("hold", "request", "problem", "identity", "fault", "repeat")


def counted_thanks(line: Line) -> list[Hit]:
    """Thanks of a line but for those given for a number, for waiting, or that refuse.

    Thanks for bearing with it count where leave is taken in the same breath: they look back on the call.
    """
    not_counted = line.hits.get("thank_not_counted", ())
    whole_call = line.has("goodbye", "parting") and line.has("thank_borne")
    return [
        Hit(line, span, "thank")
        for span in line.hits.get("thank", ())
        if whole_call or not any(span.overlaps(other) for other in not_counted)
    ]


def thanks_alike(line: Line) -> list[Hit]:
    """Thanks in other words: gladness that the customer called or spoke up."""
    return [Hit(line, span, "thank_alike") for span in line.hits.get("thank_alike", ())]


def parts(text: CallText, line: Line) -> bool:
    """Whether the line wishes well or lets go at the very end, in words that mean a goodbye only there."""
    if line.position < len(text.lines) - PARTING_LINES or line.has("hold", "identity"):
        return False
    if any(span.last >= len(line.tokens) - _AT_END for span in line.hits.get("parting", ())):
        return True
    reply = text.lines[line.position + 1 : line.position + 2]
    # Who is answered "you too" or "amen" has wished something.
    wished = bool(reply) and reply[0].role != line.role and reply[0].has("wished_back")
    return (
        wished and not line.has("question", "outcome", "pending") and not any(t.number for t in line.tokens)
    )


def closing_courtesies(text: CallText, settled: int | None) -> int | None:
    """Where the courtesies begin on which the call ends; None where it does not end on such."""
    tail = len(text.lines)
    while tail > max(1, len(text.lines) - LAST_LINES) and light(text, text.lines[tail - 1]):
        tail -= 1
    lines = text.lines[tail:]
    if any(line.role == "agent" and _connects(line) for line in lines):
        return tail
    if settled is not None and any(parts(text, line) for line in lines):
        return tail
    if not lines or _owes(text, tail):
        return None
    thanked = False
    for line in lines:
        if line.role == "customer" and line.has("thank", "satisfied", "no_more"):
            thanked = True
        elif line.role == "agent" and (thanked or line.has("closer") or _thanks_for_call(text, line)):
            return tail
    return None


def light(text: CallText, line: Line) -> bool:
    """Whether a line brings nothing new and wants nothing: a courtesy, an acknowledgement."""
    if line.role not in ("agent", "customer"):
        return False
    if line.role == "agent" and _connects(line):
        return True
    if line.has("hold", "repeat", "identity"):
        return False
    listens = all(text.lexicon.in_class(token, "listener") for token in line.tokens)
    if listens or line.has("closer"):
        return True
    if parts(text, line):
        return True
    if asks(line) and not line.has("request_more"):
        return False
    closing = _CLOSING if not _answers(text, line) else _CLOSING_FOR_SURE
    if line.has(*closing) and not line.has("request", "problem"):
        return len(line.tokens) <= _CLOSING_TOKENS
    return (
        not _answers(text, line)
        and len(line.tokens) <= _LIGHT_TOKENS
        and len(line.content) <= _LIGHT_CONTENT
        and not any(token.number for token in line.tokens)
        and not line.has(*_OWED, "promise", "pending")
    )


def asks(line: Line) -> bool:
    """Whether the line asks something; "oh my god, okay" ends on a word that asks elsewhere."""
    last = len(line.tokens) - 1
    return any(span.first < last or span.first == 0 == last for span in line.hits.get("question", ()))


def _answers(text: CallText, line: Line) -> bool:
    """Whether the line stands right behind a question or a request: it brings what was wanted."""
    before = text.lines[line.position - 1] if line.position else None
    return before is not None and before.role != line.role and (asks(before) or before.has("request"))


def _connects(line: Line) -> bool:
    """Whether the last thing the line says is that the call goes on elsewhere."""
    return any(span.last >= len(line.tokens) - SHORT_REPLY for span in line.hits.get("connects", ()))


def _thanks_for_call(text: CallText, line: Line) -> bool:
    if not counted_thanks(line) or line.position == 0:
        return False
    before = text.lines[line.position - 1]
    if line.has("thank_call", "thank_specific"):
        return True
    agrees = before.has("assent", "thank", "goodbye", "satisfied")
    return before.role == "customer" and agrees and light(text, before)


def _owes(text: CallText, tail: int) -> bool:
    """Whether what was last said before the courtesies waits for something: an answer, a search."""
    if tail == 0:
        return True
    for line in text.lines[max(0, tail - 3) : tail]:
        if line.role == "agent" and line.has("hold") and not line.has("outcome", "pending", "deadline"):
            return True
    last = text.lines[tail - 1]
    if last.role == "customer":
        return asks(last) or last.has("request", "problem") or _dictates(text, last)
    return (
        last.role == "agent" and (asks(last) or last.has("identity")) and not last.has("outcome", "pending")
    )


def _dictates(text: CallText, line: Line) -> bool:
    before = text.lines[line.position - 1] if line.position else None
    return before is not None and before.role == "agent" and (asks(before) or before.has("identity"))
