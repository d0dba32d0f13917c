"""How a call ends: where leave-taking begins, whether it is taken, and who broke off where it is not.

What is said outright counts first; without it the courtesies at the end tell.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.courtesies import (
    LAST_LINES,
    PARTING_LINES,
    SHORT_REPLY,
    asks,
    closing_courtesies,
    counted_thanks,
    light,
    parts,
)

_GIVEN_UP = 6
_REPROACH_TOKENS = 14
_EXCLAMATION = 3
_THERE = frozenset({"there", "יש"})
_OR = frozenset({"or", "או"})
_REPROACH = ("complaint", "threat", "sarcasm", "anger", "customer_ends", "reproach")
_HELPS = (
    "outcome", "outcome_weak", "pending", "promise", "apologise", "offer", "question", "hold", "empathise",
)  # fmt: skip
_SENT_AWAY = ("dismissal", "insult", "indifference")

EndedBy = Literal["agent", "customer", "open"]


class Leave(NamedTuple):
    """Where leave-taking may begin, whether it is taken, if only by courtesies, and who breaks off."""

    zone: int | None
    reached: bool
    implied: bool
    ended_by: EndedBy


def leave(text: CallText, matters: tuple[int, ...], settled: int | None) -> Leave:
    """How the call ends."""
    zone = _zone(text, matters, settled)
    if _hangs_up(text):
        return Leave(zone, False, False, "customer")
    tail = closing_courtesies(text, settled)
    if zone is not None and _says_so(text, zone):
        # Thanks and wishes may stand before the first goodbye.
        return Leave(zone if tail is None else min(zone, tail), True, False, "open")
    broken = _broken_by(text)
    if broken == "open" and tail is not None:
        return Leave(tail if zone is None else min(zone, tail), True, True, "open")
    return Leave(zone, False, False, broken)


def _zone(text: CallText, matters: tuple[int, ...], settled: int | None) -> int | None:
    after = matters[-1] if matters else 1
    for line in text.lines[after:]:
        if line.role == "agent" and asks_for_more(text, line, settled):
            return line.position
        if line.position <= after:
            continue
        if line.role == "customer" and _wants_no_more(text, line):
            return line.position
        if line.role in ("agent", "customer") and line.has("goodbye"):
            return line.position
        if settled is not None and line.position >= settled and _counted_thanks(line):
            return line.position
    return None


def _wants_no_more(text: CallText, line: Line) -> bool:
    """Whether the customer says there is no more; "no, nothing" to a question on the matter answers it."""
    if not line.has("no_more"):
        return False
    before = text.lines[line.position - 1] if line.position else None
    if before is None or before.role != "agent" or not asks(before):
        return True
    return before.has("request_more", "leaves_open", "ask_satisfied", "ask_satisfied_answered", "approval")


def asks_for_more(text: CallText, line: Line, settled: int | None) -> bool:
    """Whether the agent asks if more is needed; while the matter is explored it is a question about that.

    The answer tells too: what "no that's everything" answers has asked for more, whatever its words.
    """
    late = line.position >= (len(text.lines) - 1) / 2 or (settled is not None and line.position >= settled)
    if late and _answered_by_no_more(text, line):
        return True
    if not line.has("request_more"):
        return False
    if late:
        return True
    # "Is there anything else I can help you with" says it anywhere; "music, sports or anything else" nowhere.
    first = line.hits["request_more"][0].first
    before = line.tokens[first - 1].text if first else ""
    return line.has("offer") or before in _THERE or (len(line.tokens) <= SHORT_REPLY and before not in _OR)


def _answered_by_no_more(text: CallText, line: Line) -> bool:
    """Whether the line leaves open what may be wanted, and the customer says at once that nothing is."""
    if line.has("ask_satisfied", "hold", "identity") or not line.has("leaves_open"):
        return False
    after = text.lines[line.position + 1 : line.position + 2]
    return bool(after) and after[0].role == "customer" and after[0].has("no_more")


def _counted_thanks(line: Line) -> bool:
    if line.role == "customer":
        return line.has("thank")
    return line.role == "agent" and bool(counted_thanks(line))


def _says_so(text: CallText, zone: int) -> bool:
    """Whether someone takes leave in words, or the customer says there is no more and the agent takes it."""
    last = text.lines[max(zone, len(text.lines) - LAST_LINES) :]
    if any(line.has("goodbye") or parts(text, line) for line in last):
        return True
    for line in text.of("customer", zone):
        asked = line.position > 0 and any(
            before.has("request_more") for before in text.lines[max(0, line.position - 2) : line.position]
        )
        if _wants_no_more(text, line) or (asked and line.has("deny")):
            reply = text.next_of("agent", line.position)
            if reply is not None and (reply.has("thank") or len(reply.tokens) <= SHORT_REPLY):
                return not reply.has("question", "hold")
    return False


def _hangs_up(text: CallText) -> bool:
    """Whether the customer has the last word and breaks off with it, rather than taking leave."""
    if not text.lines or text.lines[-1].role != "customer":
        return False
    last, near = text.lines[-1], text.lines[-PARTING_LINES:]
    if last.has("thank", "satisfied") and not last.has("sarcasm", "customer_ends"):
        return False
    if any(line.role == "agent" and line.has("goodbye", "parting") for line in near):
        return False
    if last.has("goodbye"):
        # "Bye" ends many a call in peace; with a reproach beside it, after another, it breaks off.
        return last.has(*_REPROACH) and any(line.has(*_SENT_AWAY, *_REPROACH) for line in near[:-1])
    return last.has("customer_ends") or _reproaches(text, last)


def _reproaches(text: CallText, last: Line) -> bool:
    """Whether the last word is a reproach to an agent who sends away, or offers nothing to stay for."""
    agent = next((line for line in reversed(text.lines) if line.role == "agent"), None)
    if agent is None or not last.has(*_REPROACH):
        return False
    if agent.has(*_SENT_AWAY):
        return True
    if agent.has(*_HELPS) or asks(last) or last.has("request", "problem"):
        return False
    near = text.lines[-PARTING_LINES:]
    leaves = any(line.role == "customer" and line.has("churn", "customer_ends") for line in near)
    return len(last.tokens) <= (_REPROACH_TOKENS if leaves else _EXCLAMATION)


def _broken_by(text: CallText) -> EndedBy:
    if not text.lines:
        return "open"
    for line in text.lines[-2:]:
        if line.role == "agent" and line.has("agent_ends"):
            return "agent"
        if line.role == "customer" and line.has("customer_ends") and not asks(text.lines[-1]):
            return "customer"
    last = text.lines[-1]
    if last.role != "agent":
        return "open"
    if last.has(*_SENT_AWAY) and not asks(last) and len(last.tokens) <= _REPROACH_TOKENS:
        return "agent"
    given_up = any(
        line.role == "customer" and line.has("customer_ends") for line in text.lines[-_GIVEN_UP:-1]
    )
    # The matter is given up and the agent lets it rest: nothing is said that would go on.
    return "agent" if given_up and light(text, last) else "open"
