"""`promise_with_deadline`: whether every promise of a later action has a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import Token, content_keys
from speechqa.criteria.phases import achieved

_LINES_AFTER = 6
_AGENT_LINES_AFTER = 2
_DONE_WITHIN = 12
_QUOTES = 4
# English verbs whose stems do not show that "send" and "sent" are one; what is said, as what was done.
_DONE_FORMS = {
    "sent": "send", "resent": "resend", "told": "tell", "spoke": "speak", "spoken": "speak", "paid": "pay",
    "rang": "ring", "made": "make", "gave": "give", "given": "give", "wrote": "write", "got": "get",
}  # fmt: skip
_HEBREW_VERB = re.compile("^[אנ]?(.+)$")
_HEBREW_PAST = re.compile("^ה?(.+?)(?:תי|נו)$")


class Promise(NamedTuple):
    """What is promised, and the words that say by when; None where none do."""

    hit: Hit
    when: Hit | None


def promise_with_deadline(case: Case) -> Finding:
    """Every promise of a later action has a time; what is done within the call is no promise."""
    made = promises(case.text)
    if not made:
        unsure = case.unheard_well()
        if unsure is not None:
            return case.not_assessed(
                f"No promise was found, but {unsure}", "A transcript of higher confidence"
            )
        return case.not_applicable("The agent promises nothing that is left to be done")
    first = made[0].hit.line.position
    open_ended = [promise for promise in made if promise.when is None]
    if not open_ended:
        proof = [
            e
            for promise in made[:_QUOTES]
            for e in (
                evidence(promise.hit.line, promise.hit.span),
                *((evidence(promise.when.line, promise.when.span, "the time"),) if promise.when else ()),
            )
        ]
        count = "The promise has" if len(made) == 1 else f"All {len(made)} promises have"
        return case.passed(f"{count} a time", dict.fromkeys(proof), 0.8, start=first)
    if case.stops_open:
        return case.not_assessed(
            "The transcript stops before a closing; the time of a promise could still have come",
            "The rest of the call",
        )
    count = "A promise has" if len(made) == 1 else f"{len(open_ended)} of {len(made)} promises have"
    return case.failed(
        f"{count} no time",
        "A day, a date, an hour or a number of days for each promise",
        0.7,
        proof=dict.fromkeys(evidence(p.hit.line, p.hit.span, "no time") for p in open_ended[:_QUOTES]),
        start=first,
        absent=open_ended[0].hit.line.position,
    )


def promises(text: CallText) -> list[Promise]:
    """What the agent says will be done after the call, in order, without what is done within it."""
    said = [hit for line in text.of("agent") for hit in _vows(line)]
    found = []
    for number, hit in enumerate(said):
        following = said[number + 1] if number + 1 < len(said) else None
        if _done(text, hit):
            continue
        when = _time(text, hit, said[number - 1] if number else None, following)
        if hit.name == "vow_now" and (when is None or hit.line.has("question")):
            # "I'll book it for Monday, is that right?" asks before doing it.
            continue
        found.append(Promise(hit, when))
    return [_repeated(promise, found) for promise in found]


def _vows(line: Line) -> Iterator[Hit]:
    """Promises of a line; where two lists match the same words, the one that promises outright."""
    if line.has("penalty"):
        return
    last: Span | None = None
    both = [(span, name) for name in ("vow", "vow_now") for span in line.hits.get(name, ())]
    for span, name in sorted(both):
        if last is None or not span.overlaps(last):
            last = span
            yield Hit(line, span, name)


def _time(text: CallText, hit: Hit, before: Hit | None, after: Hit | None) -> Hit | None:
    """The time that goes with a promise: behind it, before it, or in the agent's next lines."""
    line = hit.line
    times = sorted(line.hits.get("deadline", ()))
    same_event = any(hit.span.overlaps(span) for span in line.hits.get("vow_same", ()))
    for span in times:
        if span.last >= hit.span.first:
            return Hit(line, span, "deadline")
        between = before is not None and before.line is line and before.span.first < span.first
        if not between or same_event:
            return Hit(line, span, "deadline")
    stop = line.position + 1 + _LINES_AFTER
    for later in list(text.of("agent", line.position + 1, stop))[:_AGENT_LINES_AFTER]:
        if later.has("goodbye", "request_more", "penalty"):
            return None
        if later.has("deadline"):
            return Hit(later, sorted(later.hits["deadline"])[0], "deadline")
        if after is not None and after.line is later:
            return None
    return None


def _repeated(promise: Promise, every: list[Promise]) -> Promise:
    """The promise with the time it has where it is said again."""
    if promise.when is not None:
        return promise
    mine = _words(promise.hit)
    for other in every:
        if other.when is not None and other.hit.line is not promise.hit.line and mine & _words(other.hit):
            return Promise(promise.hit, other.when)
    return promise


def _words(hit: Hit) -> frozenset[str]:
    return content_keys(hit.line.tokens[hit.span.first : hit.span.last + 1])


def _done(text: CallText, hit: Hit) -> bool:
    """Whether the agent says soon after that it is done."""
    wanted = _stems(hit.line.tokens[hit.span.first : hit.span.last + 1])
    stop = hit.line.position + 1 + _DONE_WITHIN
    for line in text.of("agent", hit.line.position, stop):
        after = [h for h in achieved(text, line) if line is not hit.line or h.span.first > hit.span.last]
        if any(wanted & _stems(line.tokens[h.span.first : h.span.last + 1]) for h in after):
            return True
        if line is not hit.line and hit.name == "vow_now" and line.has("outcome_weak"):
            return True
    return False


def _stems(tokens: tuple[Token, ...]) -> set[str]:
    found = set()
    for token in tokens:
        word = _DONE_FORMS.get(token.text, token.text)
        if word[0] >= "א":
            past = _HEBREW_PAST.match(word)
            future = _HEBREW_VERB.match(word)
            root = past.group(1) if past else future.group(1) if future else word
            root = re.sub("[וי]", "", root)
            if len(root) >= 3:
                found.add(root)
        else:
            found |= content_keys((Token(word, 0, 0),))
    return found
