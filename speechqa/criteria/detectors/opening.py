"""`greeting`: how the agent answers."""

from __future__ import annotations

from speechqa.core.finding import Finding, Verdict
from speechqa.criteria.calltext import Line, evidence
from speechqa.criteria.case import Case, Part
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import content_keys, tokenize

_LATE_START_LINES = 2
_SHORT_OPENING = 14
_COURTESIES = ("greet", "thank", "goodbye", "hold_back", "wished_back")
# What a line goes on to after it has said who speaks.
_GOES_ON = (
    "offer",
    "question",
    "need_prompt",
    "hold",
    "apologise",
    "sorry_for_wait",
    "identity",
    "empathise",
)


def greeting(case: Case) -> Finding:
    """A greeting, and a name or a company, within the agent's first turns."""
    opening = _opening(case)
    if not opening:
        return case.not_assessed("The agent says nothing that is known as theirs", "A transcript with roles")
    stop = opening[-1].position + 1
    greet = next((line for line in opening if _greeted(line)), None)
    named = next(
        (
            line
            for line in opening
            if line.has("identify", "organisation") or _names(case, line) or _names_house(case, line)
        ),
        None,
    )
    if (greet is None or named is None) and (case.view.missing_start or _starts_late(case, opening)):
        return case.not_assessed(
            "The transcript starts after the call was answered",
            "The part of the recording in which it is answered",
        )
    parts = (
        Part(
            "greeting",
            Verdict.PASS if greet else Verdict.FAIL,
            "The agent greets" if greet else "No greeting",
            (evidence(greet, _greeted(greet)[0]),) if greet else (),
        ),
        Part(
            "identification",
            Verdict.PASS if named else Verdict.FAIL,
            "The agent gives a name or the company" if named else "No name and no company",
            (evidence(named),) if named else (),
        ),
    )
    proof = tuple(e for part in parts for e in part.evidence)
    if greet and named:
        return case.passed(
            "The agent greets and says who answers", dict.fromkeys(proof), 0.95, stop=stop, parts=parts
        )
    lacking = "says neither greeting nor name" if not (greet or named) else (
        "greets, but gives no name and no company" if greet else "says who answers, but does not greet"
    )  # fmt: skip
    return case.failed(
        f"The agent {lacking}",
        "A greeting with a name or the company within the agent's first turns",
        0.85,
        proof=proof or tuple(evidence(line) for line in opening[:2]),
        stop=stop,
        absent=0,
        parts=parts,
    )


def _greeted(line: Line) -> list[Span]:
    """Greetings of a line; thanks for holding, which answer the queue, are none."""
    waited = line.hits.get("hold_back", ())
    return [span for span in line.hits.get("greet", ()) if not any(span.overlaps(other) for other in waited)]


def _names_house(case: Case, line: Line) -> bool:
    """Whether the first line holds more than courtesies before it asks: the house, or a name, however put."""
    if any(case.text.of("agent", 0, line.position)) or any(case.text.of("customer", 0, line.position)):
        return False
    courtesies = [span for name in _COURTESIES for span in line.hits.get(name, ())]
    asked = [
        span.first
        for name in _GOES_ON
        for span in line.hits.get(name, ())
        if not any(span.overlaps(other) for other in courtesies)
    ]
    said = line.tokens[: min(asked, default=len(line.tokens))]
    left = [
        token
        for at, token in enumerate(said)
        if not case.text.lexicon.in_class(token, "nameless")
        and not token.number
        and not any(span.first <= at <= span.last for span in courtesies)
    ]
    return len(said) <= _SHORT_OPENING and bool(content_keys(left))


def _opening(case: Case) -> list[Line]:
    """The agent's first turns; what a transcriber cut in two is one turn until the other party speaks."""
    wanted, turns, last = int(case.option("agent_turns")), 0, None
    found: list[Line] = []
    for line in case.text.of("agent"):
        between = last is None or any(
            other.role != "agent" for other in case.text.lines[last.position + 1 : line.position]
        )
        turns += between
        if turns > wanted:
            break
        found.append(line)
        last = line
    return found


def _names(case: Case, line: Line) -> bool:
    heard = [token.text for token in line.tokens]
    for name in case.view.agent_names:
        words = [token.text for token in tokenize(name)]
        if words and any(heard[at : at + len(words)] == words for at in range(len(heard))):
            return True
    return False


def _starts_late(case: Case, opening: list[Line]) -> bool:
    """Whether the transcript begins in the middle: much is said before the agent's first word."""
    first = opening[0].position
    said = sum(len(line.tokens) for line in case.text.lines[:first])
    return first > _LATE_START_LINES and said > 40
