"""How an agent leads a call, never scored: CARP, chunking, feel-felt-found and humour.

CARP (Control, Acknowledge, Refocus, Problem-solve) is Robert Bacal's order for a call with an upset customer
("Perfect Phrases for Customer Service", 2005); feel-felt-found is an older rule of salespeople.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from speechqa.core.analysis import Carp, PartedSignal, Signal
from speechqa.core.finding import Evidence
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.detectors.asked import questions
from speechqa.criteria.detectors.grievance import grievances
from speechqa.criteria.lexicon import Span
from speechqa.criteria.phases import settles

CARP: Final = ("control", "acknowledge", "refocus", "problem_solve")
_PARTS: Final = {"feel": ("empathise",), "felt": ("felt_alike",), "found": ("found_after",)}
_NOTES: Final = {"feel": "how it feels", "felt": "others felt so", "found": "what they found"}
_QUOTES: Final = 3
_LONG_WORDS: Final = 45
"""Words in a row, told by one party, from which information is long: about twenty seconds of speech."""
_LISTENS_WORDS: Final = 6
_TELLS_WORDS: Final = 6
_PIECES: Final = 2
_FOUND_REACH: Final = 4
_HEATED: Final = ("anger", "insult", "sarcasm", "threat")
_UNFRIENDLY: Final = ("sarcasm", "insult", "indifference", "dismissal", "patronise", "blames")


def carp(text: CallText) -> Carp:
    """Which steps the agent kept towards a customer who complains, in which order, and how far apart."""
    upset = next(iter(grievances(text)), None) or text.first("customer", "anger", "distress")
    if upset is None:
        return Carp(value=False, reason="The customer does not complain")
    start = upset.line.position
    found = {step: hit for step in CARP if (hit := _step(text, step, start)) is not None}
    kept = sorted(found, key=lambda step: (found[step].line.position, CARP.index(step)))
    in_order = kept == [step for step in CARP if step in found]
    missing = [step for step in CARP if step not in found]
    reason = "All four steps are kept" if not missing else f"{len(kept)} of 4 steps are kept"
    if kept and not in_order:
        reason += ", in another order"
    return Carp(
        value=not missing and in_order,
        reason=reason,
        evidence=tuple(evidence(found[step].line, found[step].span, step) for step in kept),
        parts=tuple(kept),
        in_order=in_order,
        gaps_s=_gaps([upset.line, *(found[step].line for step in kept)]),
    )


def _step(text: CallText, step: str, start: int) -> Hit | None:
    if step == "control":
        return text.first("agent", "takes_control", "owns", start=start + 1)
    if step == "acknowledge":
        return text.first("agent", "empathise", "apologise", "grants", start=start + 1)
    if step == "refocus":
        return next(_refocusing(text, start), None)
    for line in text.of("agent", start + 1):
        if settles(text, line) and not line.has("dismissal"):
            spans = [line.hits[name][0] for name in ("outcome", "pending", "outcome_weak") if line.has(name)]
            return Hit(line, spans[0] if spans else _whole(line), "problem_solve")
    return None


def _refocusing(text: CallText, start: int) -> Iterator[Hit]:
    """Lines that lead back to the matter, or ask about it, once the customer has complained."""
    for line in text.of("agent", start + 1):
        if line.has("refocuses"):
            yield Hit(line, line.hits["refocuses"][0], "refocus")
        else:
            yield from (Hit(line, span, "refocus") for span in list(questions(text, line))[:1])


def _gaps(lines: Sequence[Line]) -> tuple[float | None, ...]:
    """Seconds from the complaint to the first step, and from each to the next; None where times lack."""
    starts = [line.source.start for line in lines]
    return tuple(
        None if one is None or two is None else round(max(0.0, two - one), 3) for one, two in pairwise(starts)
    )


def _whole(line: Line) -> Span:
    return Span(0, len(line.tokens) - 1)


def chunking(text: CallText) -> Signal:
    """Whether something long is told in pieces, with a look between them at whether it was understood."""
    unchecked: tuple[Evidence, ...] = ()
    for run in _told_at_length(text):
        last = run[-1].position
        checks = [
            Hit(line, line.hits["checks_understanding"][0], "check")
            for line in text.of("agent", run[0].position, last + 2)
            if line.has("checks_understanding")
        ]
        if checks and len(run) >= _PIECES:
            return Signal(
                value=True,
                reason=f"Told in {len(run)} pieces, with a look at whether it was understood",
                evidence=tuple(evidence(hit.line, hit.span) for hit in checks[:_QUOTES]),
            )
        unchecked = unchecked or (evidence(run[0]),)
    if unchecked:
        return Signal(value=False, reason="Told at length with no look at whether it was understood")
    return Signal(value=False, reason="Nothing is told at length")


def _told_at_length(text: CallText) -> Iterator[list[Line]]:
    """The agent's lines that tell something, with nothing but short replies between, where they are long."""
    run: list[Line] = []
    for line in text.lines:
        if line.role == "agent" and len(line.tokens) >= _TELLS_WORDS:
            run.append(line)
        elif line.role != "agent" and len(line.tokens) > _LISTENS_WORDS:
            if sum(len(one.tokens) for one in run) >= _LONG_WORDS:
                yield run
            run = []
    if sum(len(one.tokens) for one in run) >= _LONG_WORDS:
        yield run


def feel_felt_found(text: CallText) -> PartedSignal:
    """Which parts are said: how the customer feels, that others felt so, and what these found."""
    felt = text.first("agent", *_PARTS["felt"])
    if felt is None:
        return PartedSignal(value=False, reason="Nobody else's feeling is named")
    at = felt.line.position
    hits = {
        "feel": text.first("agent", *_PARTS["feel"], stop=at + 1),
        "felt": felt,
        "found": text.first("agent", *_PARTS["found"], start=at, stop=at + _FOUND_REACH),
    }
    kept = {part: hit for part, hit in hits.items() if hit is not None}
    return PartedSignal(
        value=len(kept) == len(hits),
        reason=f"{len(kept)} of 3 parts are said",
        evidence=tuple(evidence(hit.line, hit.span, _NOTES[part]) for part, hit in kept.items()),
        parts=tuple(kept),
    )


def humour(text: CallText) -> Signal:
    """Whether the agent jokes, or laughs along, in a friendly way: told by laughter and by saying so.

    Irony that nobody laughs at is not told from plain words.
    """
    found = {hit.line.position: hit for hit in _jokes(text)}
    if not found:
        return Signal(value=False, reason="No joke that is laughed at was found")
    hits = [found[position] for position in sorted(found)][:_QUOTES]
    return Signal(
        value=True,
        reason="The agent jokes or laughs along",
        evidence=tuple(evidence(hit.line, hit.span) for hit in hits),
    )


def _jokes(text: CallText) -> Iterator[Hit]:
    # What the agent says before anybody has answered is a greeting: who laughs at it has other reasons.
    first = next((line.position for line in text.of("customer")), 0)
    for line in text.of("agent", first):
        if line.has(*_UNFRIENDLY):
            continue
        name = next((one for one in ("jokes", "laughs") if line.has(one)), None)
        after = text.lines[line.position + 1 : line.position + 2]
        laughed = bool(after) and after[0].role == "customer" and after[0].has("laughs")
        if laughed and not after[0].has(*_HEATED):
            yield Hit(line, _whole(line), "joke")
        elif name is not None and not (after and after[0].has(*_HEATED)):
            yield Hit(line, line.hits[name][0], name)
