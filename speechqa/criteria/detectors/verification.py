"""`identity_check`: who somebody is, is proved before what is on record of them is told."""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.core.finding import Finding
from speechqa.core.masks import is_masked
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.detectors.applying import does_not_apply
from speechqa.criteria.detectors.personal import identified
from speechqa.criteria.lexicon import Span
from speechqa.criteria.naming import customer_names

_ANSWER_REACH = 2
_ASKED_REACH = 3
_ENOUGH_NAMED = 2
_STATES = 4
_SHORT = 14
_SUM_WORDS = 3
_YES = frozenset({"yes", "כנ"})
_SOLD = ("sells", "transfers")
_NOT_OF_RECORD = ("does_not_know", "hold", "refuse", "transfers", "promise", "sells")


def identity_check(case: Case) -> Finding:
    """Something only the customer would know is asked or offered before anything personal is told.

    A check asked for and answered counts whoever of two agents made it, and so does a number that was masked
    in the transcript; a name alone does not.
    """
    proofs = list(proofs_of(case.text))
    proved = proofs[0] if proofs else None
    sure = next((one for one in proofs if one[0].name != "named_by"), None)
    told = next(disclosures(case.text, None if sure is None else _from(sure)), None)
    if told is None:
        return does_not_apply(
            case, "No disclosure", "Nothing personal is told that was not said by the customer", "agent"
        )
    if proved is not None and _from(proved) <= told.line.position:
        return case.passed(
            "Who the customer is was checked before anything personal is told",
            (
                *dict.fromkeys(evidence(hit.line, hit.span, "the check") for hit in proved),
                evidence(told.line, told.span, "what is told"),
            ),
            0.75,
            stop=told.line.position + 1,
        )
    if case.view.missing_start:
        return case.not_assessed(
            "The transcript starts after the call was answered", "The beginning of the recording"
        )
    return case.failed(
        "Something personal is told before it is checked who the customer is",
        "Something only the customer would know, asked before it is told",
        0.6,
        proof=(evidence(told.line, told.span, "what is told"),),
        stop=told.line.position + 1,
        absent=0,
    )


def _from(proof: tuple[Hit, ...]) -> int:
    """The line from which it is proved: that which says so, or the next after it was given."""
    return proof[-1].line.position + (proof[0].name != "verified")


def proofs_of(text: CallText) -> Iterator[tuple[Hit, ...]]:
    """What proves who the customer is, in order: one thing only they know, or a number with a second item."""
    named: list[Hit] = []
    for line in text.lines:
        if line.role == "agent" and line.has("verified"):
            yield (Hit(line, line.hits["verified"][0], "verified"),)
        given = _given(text, line)
        if given is None:
            continue
        strong = next(iter(line.hits.get("proof", ())), None)
        if strong is not None:
            yield (Hit(line, strong, "proof"), Hit(given, _whole(given), "given"))
        spans = line.hits.get("named_by", ())
        named += [Hit(line, span, "named_by") for span in spans]
        if _different(named) >= _ENOUGH_NAMED and any(_dictates(given, hit.line) for hit in named):
            yield (*named[-_ENOUGH_NAMED:], Hit(given, _whole(given), "given"))


def disclosures(text: CallText, after: int | None) -> Iterator[Hit]:
    """Where the agent tells what is on record; from line `after` on whatever states something counts."""
    who = identified(text, customer_names(text))
    told_of = [line for line in (None if who is None else who.line, _called(text)) if line is not None]
    known_from = min((line.position for line in told_of), default=len(text.lines))
    asked = any(line.has("identity", "asks_name") for line in text.of("agent", known_from - 1, known_from))
    answered = text.next_of("agent", known_from) if asked else None
    for line in text.of("agent", 1):
        asks = line.has("proof", "named_by") and _asks(line)
        if not _is_new(text, line) or (asks and not line.has("discloses")):
            continue
        if line.has("proof") and not line.has("discloses", "verified"):
            continue
        proved = after is not None and line.position >= after
        if proved and not line.has("hold") and len(line.content) >= _STATES:
            yield Hit(line, _whole(line), "told")
        elif not line.has(*(_SOLD if line.has("discloses") else _NOT_OF_RECORD)):
            known = line.position > known_from or proved
            told = _told_in(text, line, known=known, answers=line is answered)
            if told is not None:
                yield told


def _called(text: CallText) -> Line | None:
    """Where the customer says to be whom the agent has asked for by name, as where we call them."""
    for line in text.of("agent"):
        if line.has("asks_for_person"):
            answer = text.next_of("customer", line.position, within=_ANSWER_REACH)
            if answer is not None and answer.has("is_person", "assent") and not answer.has("deny"):
                return answer
    return None


def _told_in(text: CallText, line: Line, *, known: bool, answers: bool) -> Hit | None:
    """What a line tells of the record: in so many words, as read from it, or as the answer asked for."""
    own = _asked_own(text, line)
    if line.has("discloses") and (known or own):
        return Hit(line, line.hits["discloses"][0], "discloses")
    of_record = _is_of_record(text, line)
    if line.has("reads_record") and known and of_record:
        return Hit(line, line.hits["reads_record"][0], "reads_record")
    if _asks(line) or not _is_fact(text, line):
        return None
    return Hit(line, _whole(line), "answer") if (known and own) or (answers and of_record) else None


def _given(text: CallText, line: Line) -> Line | None:
    """The customer's line that gives what a line asks for, or offers it; None where it is not given."""
    if not line.has("proof", "named_by"):
        return None
    if line.role == "customer":
        return line if _has_number(line) else None
    if line.role != "agent" or not (_asks(line) or (line.has("proof") and len(line.tokens) <= _SHORT)):
        return None
    reply = text.next_of("customer", line.position, within=_ANSWER_REACH)
    if reply is None or reply.has("not_proved", "deny") or not reply.tokens:
        return None
    return reply if reply.content or _has_number(reply) else None


def _has_number(line: Line) -> bool:
    return is_masked(line.source.text) or any(token.number for token in line.tokens)


def _dictates(given: Line, asked: Line) -> bool:
    return _has_number(given) or asked.has("proof")


def _different(named: list[Hit]) -> int:
    """How many different things were given, told by their words."""
    return len({frozenset(hit.content) for hit in named})


def _whole(line: Line) -> Span:
    return Span(0, len(line.tokens) - 1)


def _asks(line: Line) -> bool:
    """Whether a line asks; one that begins with yes answers."""
    return line.has("question", "identity", "request") and line.tokens[0].text not in _YES


def _is_fact(text: CallText, line: Line) -> bool:
    """Whether a line states a number, a day or something that is kept on record."""
    return any(
        token.number or text.lexicon.in_class(token, "weekday") or text.lexicon.in_class(token, "record")
        for token in line.tokens
    )


def _is_of_record(text: CallText, line: Line) -> bool:
    """Whether a line names a sum, a day or something that is kept on record."""
    return sum(token.number for token in line.tokens) >= _SUM_WORDS or any(
        text.lexicon.in_class(token, name)
        for token in line.tokens
        for name in ("record", "weekday", "money", "coin", "big_sum")
    )


def _is_new(text: CallText, line: Line) -> bool:
    """Whether the line holds anything that the customer did not say before."""
    said = text.said_before("customer", line.content, line.position)
    return len(line.content - said) >= 1


def _asked_own(text: CallText, line: Line) -> bool:
    """Whether the customer asks in the lines before for what is on record of them."""
    return any(
        one.has("asks_own") for one in text.of("customer", line.position - _ASKED_REACH, line.position)
    )
