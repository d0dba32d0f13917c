"""`unusual_request_check`: what contradicts itself is named and confirmed, and nobody is judged for it."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding
from speechqa.criteria.calltext import Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.contradictions import Contradiction, contradictions
from speechqa.criteria.detectors.feeling import no_occasion
from speechqa.criteria.phases import achieved, settles

_SOON = 6
_AT_ONCE = 2
_YES_NO = frozenset({"yes", "no", "כנ", "לא"})
_OR = frozenset({"or", "או"})
_MOCKS = ("mocks", "insult", "sarcasm", "patronise")


def unusual_request_check(case: Case) -> Finding:
    """What contradicts itself is asked about or confirmed without judging."""
    found = next(iter(contradictions(case.text)), None)
    if found is None:
        return no_occasion(case, "No request that contradicts itself was found")
    start, proof = found.first.line.position, _said(found)
    after = list(case.text.of("agent", found.position + 1))
    for line in after[:_SOON]:
        mocked = next((line.hits[name][0] for name in _MOCKS if name in line.hits), None)
        if mocked is not None:
            return case.failed(
                "The agent mocks or judges a request that contradicts itself",
                "The same named as a question, without judging",
                0.7,
                proof=(*proof, evidence(line, mocked)),
                start=start,
            )
    for nth, line in enumerate(after):
        confidence = _named(case, found, line, at_once=nth < _AT_ONCE)
        if confidence:
            return case.passed(
                "The agent names what does not go together, and asks",
                (*proof, evidence(line)),
                confidence,
                start=start,
            )
    if _put_right(case, found):
        return case.not_applicable("The customer puts right what contradicted itself", start=start)
    return _unremarked(case, found, after)


def _said(found: Contradiction) -> tuple[Evidence, ...]:
    first = evidence(found.first.line, found.first.span, note="what the customer says")
    if found.first.line is found.second.line:
        return (first,)
    return first, evidence(found.second.line, found.second.span, note="what does not go with it")


def _sides(case: Case, found: Contradiction, line: Line) -> tuple[bool, bool]:
    """Which of the two sides a line names."""
    if found.reversal:
        values = found.first.name.split(".")[-2]
        words = {case.text.lexicon.member(token, values) for token in line.tokens} | line.content
        one, other = (any(set(value.split()) <= words for value in keys) for keys in found.keys)
        return one, other
    one, other = (
        line.has(hit.name) or bool(keys & line.content)
        for hit, keys in zip((found.first, found.second), found.keys, strict=True)
    )
    return one, other


def _named(case: Case, found: Contradiction, line: Line, *, at_once: bool) -> float:
    """How surely a line of the agent's names the contradiction; 0 where it does not."""
    one, other = _sides(case, found, line)
    doubts = line.has("doubts_it")
    if (
        one
        and other
        and (doubts or line.has("checks", "question") or _chooses(line) or _confirmed(case, line))
    ):
        return 0.75
    if other and (doubts or line.has("checks")) and not achieved(case.text, line):
        return 0.7
    return 0.6 if doubts and at_once and not achieved(case.text, line) else 0.0


def _chooses(line: Line) -> bool:
    return any(token.text in _OR for token in line.tokens[1:-1])


def _confirmed(case: Case, line: Line) -> bool:
    """Whether what was read back is answered with a yes or no, as a question is."""
    reply = next(iter(case.text.lines[line.position + 1 : line.position + 2]), None)
    asked = reply is not None and reply.role == "customer" and reply.tokens[0].text in _YES_NO
    return asked and not settles(case.text, line)


def _put_right(case: Case, found: Contradiction) -> bool:
    """Whether the customer corrects or explains it before the agent has said anything of it."""
    return any(line.has("self_corrects", "explains") for line in case.text.of("customer", found.position + 1))


def _unremarked(case: Case, found: Contradiction, after: list[Line]) -> Finding:
    if not after or (case.stops_open and not any(settles(case.text, line) for line in after)):
        return case.not_assessed(
            "The transcript stops where the agent could still have asked about it", "The rest of the call"
        )
    for line in after:
        if _sides(case, found, line)[1] and line.has("question", "clarify") and not settles(case.text, line):
            return case.not_assessed(
                f'Perhaps the agent asks about it: "{line.source.text.strip()[:80]}"',
                "A person's judgement of those words",
            )
    return case.failed(
        "A request that contradicts itself, or what the customer said, goes by unremarked",
        "A question that names what does not go together, such as whether both are meant",
        0.65,
        proof=(*_said(found), evidence(after[0], note="what the agent says to it")),
        start=found.first.line.position,
        absent=found.position,
    )
