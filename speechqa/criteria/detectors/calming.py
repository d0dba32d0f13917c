"""`calming_language`: anger is met with acknowledgement or help, and neither "but" nor blame undoes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import Hit, Line, evidence
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.detectors.feeling import no_occasion, occasion_of, regret_of
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import content_keys

_BUT_REACH = 10
_RETOLD_REACH = 10
_FEW_CONTENT = 3
_ACKNOWLEDGES = ("empathise", "grants", "apologise")
_HELPS = ("outcome", "offer", "promise", "pending", "vow", "vow_now", "alternative", "instruct", "owns")
_NO_HELP = ("greet", "request_more", "goodbye", "identity")
_OFFER_CONTENT = 2
_COLD = ("indifference", "dismissal", "insult")
_I = frozenset({"i", "אני"})
_HARSH = ("dismissal", "policy", "indifference", "argue", "disowns", "insult")


class _Slip(NamedTuple):
    """What the agent says that does not calm."""

    hit: Hit
    reason: str
    would_change: str
    confidence: float


def calming_language(case: Case) -> Finding:
    """No blame, no acknowledgement taken back; an acknowledgement, feel-felt-found, or calm help."""
    occasion = occasion_of(case, "complaint", "anger", "fault")
    if occasion is None:
        return no_occasion(case, "The customer neither complains nor is angry in words")
    start = occasion.line.position
    first = min((start, *case.phases.matters))
    slip = next(_slips(case, first), None)
    if slip is not None:
        return case.failed(
            slip.reason,
            slip.would_change,
            slip.confidence,
            proof=(evidence(slip.hit.line, slip.hit.span),),
            start=first,
        )
    unsure = case.unheard_well(start)
    if case.unheard or unsure is not None:
        return case.not_assessed(
            f"Nothing that heats the call was found, but {unsure or 'much is said by nobody in particular'}",
            f"{CLEARER}, with roles for all speakers",
        )
    heard = case.heard(start)
    found = case.text.first("agent", "empathise", "feel_felt_found", start=start) or regret_of(case, start)
    if found is not None:
        return case.passed(
            "The agent acknowledges it and takes nothing of that back",
            (evidence(found.line, found.span),),
            0.8 * heard,
            start=start,
        )
    helped = next(_helps(case, start), None)
    if helped is not None:
        return case.passed(
            "The agent helps calmly, without blame",
            (evidence(helped.line, helped.span),),
            0.65 * heard,
            start=start,
        )
    return _neither(case, occasion)


def _slips(case: Case, start: int) -> Iterator[_Slip]:
    for hit in case.text.hits("agent", ("blames", "reproach"), start):
        yield _Slip(
            hit,
            "The agent blames the customer",
            "What can be done now, without what the customer should have done",
            0.75,
        )
    for hit in case.text.hits("agent", ("label", "insult", "sarcasm"), start):
        yield _Slip(
            hit,
            "The agent labels, mocks or insults an angry customer",
            "To acknowledge the situation instead of the customer's tone",
            0.75,
        )
    for line in case.text.of("agent", start):
        for span in (*_taken_back(case, line), *line.hits.get("sorry_but", ())):
            yield _Slip(
                Hit(line, span, "takes_back"),
                'The agent acknowledges it and takes that back with "but"',
                'The same without the "but", or followed by what will be done',
                0.7,
            )


def _taken_back(case: Case, line: Line) -> Iterator[Span]:
    """Acknowledgements up to the "but" that takes them back, in one line."""
    granted = sorted(span for name in _ACKNOWLEDGES for span in line.hits.get(name, ()))
    for but in line.hits.get("takes_back", ()):
        before = [g for g in granted if g.first < but.first and but.first - g.last <= _BUT_REACH]
        if before and not _helps_between(line, before[-1], but) and not _brings_help(case, line, but):
            yield Span(before[-1].first, but.last)


def _helps(case: Case, start: int) -> Iterator[Hit]:
    """What the agent does or offers, but for general offers, as in a closing, and what is said coldly."""
    for hit in case.text.hits("agent", _HELPS, start):
        general = hit.line.has(*_NO_HELP) or len(hit.line.content) < _OFFER_CONTENT
        if not hit.line.has(*_COLD) and (hit.name != "offer" or not general):
            yield hit


def _helps_between(line: Line, granted: Span, but: Span) -> bool:
    """Whether help, or another clause of the agent's, stands between the two: then "but" belongs to that."""
    words = line.tokens[granted.last + 1 : but.first]
    return any(token.text in _I for token in words) or any(
        granted.last < span.first and span.last < but.first for span in _spans(line, _HELPS)
    )


def _brings_help(case: Case, line: Line, but: Span) -> bool:
    """Whether what follows is help, or what the customer told."""
    if but.last == len(line.tokens) - 1:
        following = next(iter(case.text.lines[line.position + 1 : line.position + 2]), None)
        # Who is interrupted after "but" has taken nothing back yet.
        return following is None or following.role != line.role or following.has(*_HELPS)
    if any(span.first > but.first for span in _spans(line, _HARSH)):
        return False
    return any(span.first > but.first for span in _spans(line, _HELPS)) or _retells(case, line, but)


def _retells(case: Case, line: Line, but: Span) -> bool:
    """Whether the words after "but" give back what the customer told as having happened."""
    if not any(span.first == but.first for span in line.hits.get("retold", ())):
        return False
    after = content_keys(line.tokens[but.last + 1 : but.last + 1 + _RETOLD_REACH])
    if case.text.said_before("customer", after, line.position):
        return True
    reply = next(iter(case.text.lines[line.position + 1 : line.position + 2]), None)
    return reply is not None and reply.role == "customer" and reply.has("assent") and not reply.has("deny")


def _spans(line: Line, names: Iterable[str]) -> Iterator[Span]:
    return (span for name in names for span in line.hits.get(name, ()))


def _neither(case: Case, occasion: Hit) -> Finding:
    """Neither acknowledged nor helped, as far as known words tell."""
    start = occasion.line.position
    replies = list(case.text.of("agent", start))
    if not replies or case.stops_open:
        return case.not_assessed(
            "The transcript stops before the agent could answer it", "What the agent says after the complaint"
        )
    harsh = case.text.first("agent", *_HARSH, "refuse", start=start)
    if harsh is None and any(len(line.content) >= _FEW_CONTENT for line in replies):
        return case.not_assessed(
            "The agent answers in words that are neither known to calm nor to heat",
            "A person's judgement of what the agent says to the complaint",
        )
    return case.failed(
        "The agent answers a complaint with neither acknowledgement nor help",
        "An acknowledgement, or calm help",
        0.65,
        proof=(
            evidence(occasion.line, occasion.span, note="what the customer says"),
            *(() if harsh is None else (evidence(harsh.line, harsh.span),)),
        ),
        start=start,
        absent=start,
    )
