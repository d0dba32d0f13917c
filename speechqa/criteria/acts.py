"""Speech acts of every turn, named after the service-call scheme of Leech & Weisser (SPAAC, 2003) and DAMSL.

Most are phrases. A question is also told by its order of words, an echo by what the other party just said, a
listener's token by having nothing else. The confidence says by which of these an act was found.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from speechqa.core.rubric import Rubric
from speechqa.core.transcript import Act, ActName, Transcript
from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.lexicon import lexicon_of

_BY_PHRASE: dict[ActName, float] = {
    "greet": 0.95, "identify": 0.9, "thank": 0.97, "apologise": 0.9, "goodbye": 0.95, "hold": 0.9,
    "offer": 0.85, "promise": 0.8, "question": 0.8, "clarify": 0.7, "empathise": 0.85, "request_more": 0.95,
}  # fmt: skip
_BY_ECHO = 0.6
_BY_SHAPE = 0.7
_OPENING_LINES = 8
_SHORT_ECHO = 12
_ECHO_SHARE = 0.5
_LISTENER_TOKENS = 4


def annotate(transcript: Transcript, rubric: Rubric) -> Transcript:
    """The transcript with the acts of every turn set, in a fixed order; nothing else changes."""
    text = CallText(lexicon_of(rubric), transcript)
    acts = {line.turn: acts_of(text, line) for line in text.lines}
    turns = tuple(
        msgspec.structs.replace(turn, acts=acts.get(index, ())) for index, turn in enumerate(transcript.turns)
    )
    return msgspec.structs.replace(transcript, turns=turns)


def acts_of(text: CallText, line: Line) -> tuple[Act, ...]:
    """Acts of one line."""
    if is_backchannel(text, line):
        found: dict[ActName, float] = {"backchannel": 0.9}
        return _acts(found)
    found = {act: confidence for act, confidence in _BY_PHRASE.items() if line.has(act)}
    if "greet" in found and line.position >= _OPENING_LINES and line.hits["greet"][0].first > 0:
        # "hello" within a later sentence is talk about one, or a check of the line.
        del found["greet"]
    if "identify" in found and not _opening_half(text, line):
        found["identify"] = 0.5
        if line.has("thank", "goodbye"):
            # "thank you for calling ..." of a closing names nobody new.
            del found["identify"]
    if line.role == "customer":
        # A customer's "anything else?" asks for alternatives.
        found.pop("request_more", None)
    if line.has("repeat"):
        found["clarify"] = 0.85
    elif echoes(text, line):
        found["clarify"] = max(found.get("clarify", 0.0), _BY_ECHO)
    elif "clarify" in found and not _confirms(text, line):
        del found["clarify"]
    if reflects(text, line):
        found["reflect"] = _BY_SHAPE
    return _acts(found)


def _acts(found: dict[ActName, float]) -> tuple[Act, ...]:
    return tuple(Act(act=act, confidence=confidence) for act, confidence in sorted(found.items()))


def is_backchannel(text: CallText, line: Line) -> bool:
    """Whether a turn is nothing but a listener's tokens."""
    return len(line.tokens) <= _LISTENER_TOKENS and all(
        text.lexicon.in_class(token, "listener") for token in line.tokens
    )


def _opening_half(text: CallText, line: Line) -> bool:
    return line.position <= max(_OPENING_LINES, len(text.lines) // 2)


def previous_of_other(text: CallText, line: Line, *, lines: int = 3) -> Line | None:
    """The other party's latest line, among the few before this one."""
    for position in range(line.position - 1, max(-1, line.position - 1 - lines), -1):
        if text.lines[position].role != line.role:
            return text.lines[position]
    return None


def echoes(text: CallText, line: Line) -> bool:
    """Whether a short turn gives back what the other party just said, numbers included."""
    other = previous_of_other(text, line)
    if other is None or not line.content or len(line.tokens) > _SHORT_ECHO:
        return False
    shared = line.content & other.content
    share = 1.0 if line.has("question", "request", "greet", "goodbye", "request_more") else _ECHO_SHARE
    return bool(shared) and len(shared) >= share * len(line.content)


def _confirms(text: CallText, line: Line) -> bool:
    """Whether what sounds like a confirmation has something to confirm."""
    said: set[str] = set()
    for other in _others(text, line):
        said |= other.content
    return bool(line.content & said)


def reflects(text: CallText, line: Line) -> bool:
    """Whether the turn gives back, in a sentence of its own, content of what the other party said before."""
    if not line.has("reflect"):
        return False
    said: set[str] = set()
    for other in _others(text, line):
        said |= other.content
    return len(line.content & said) >= 1


def _others(text: CallText, line: Line) -> Iterable[Line]:
    return (
        other for other in text.lines[max(0, line.position - 8) : line.position] if other.role != line.role
    )
