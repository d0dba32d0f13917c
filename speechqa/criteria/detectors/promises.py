"""`promise_with_deadline`: whether every promise of a later action has a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import Token, content_keys
from speechqa.criteria.phases import achieved

_LINES_AFTER = 6
_AGENT_LINES_AFTER = 2
_DONE_WITHIN = 12
_QUOTES = 4
_LINES_BEFORE = 16
_NEAR = 6
_NEAR_DOUBT = 3
_AT_ONCE = 2
_RECAPS = frozenset({"so", "that", "אז"})
_GRANT_WORDS = 8
_ANSWER_WORDS = 16
_GRANTS = frozenset({"yes", "will", "כנ", "בטח", "בהחלט", "יחזרו", "יתקשרו", "אחזור", "אתקשר"})
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
            return case.not_assessed(f"No promise was found, but {unsure}", CLEARER)
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
    said = [hit for line in text.of("agent") for hit in _vows(text, line)]
    found = []
    for number, hit in enumerate(said):
        following = said[number + 1] if number + 1 < len(said) else None
        if _done(text, hit):
            continue
        when = _time(text, hit, said[number - 1] if number else None, following)
        asked = any(span.first >= hit.span.first for span in hit.line.hits.get("question", ()))
        if hit.name == "vow_now" and (when is None or asked):
            # "I'll book it for Monday, is that right?" asks before doing it.
            continue
        if when is not None and _taken_back(text, when):
            when = None
        elif when is None:
            when = _told_before(text, hit)
        found.append(Promise(hit, when))
    return [_repeated(promise, found) for promise in found]


def _vows(text: CallText, line: Line) -> Iterator[Hit]:
    """Promises of a line; where two lists match the same words, the one that promises outright."""
    if line.has("penalty"):
        return
    last: Span | None = None
    names = (
        ("vow", "vow_now", "vow_timed") if times_of(line) and not line.has("not_ours") else ("vow", "vow_now")
    )
    asked = line.hits.get("question", ())
    both = [(span, number, name) for number, name in enumerate(names) for span in line.hits.get(name, ())]
    for span, _, name in sorted(both, key=lambda one: (one[0].first, one[1], -one[0].last)):
        if name == "vow_timed" and any(span.overlaps(question) for question in asked):
            continue
        if last is None or not span.overlaps(last):
            last = span
            yield Hit(line, span, name)
    if last is not None:
        return
    for found in (_granted(text, line), _answers_when(text, line), _recaps(text, line)):
        if found is not None:
            yield found
            return


def times_of(line: Line) -> tuple[Span, ...]:
    """The times of a line; "maybe half past one" is none."""
    unsure = [
        Span(max(0, span.first - _NEAR_DOUBT), span.last + _NEAR_DOUBT)
        for span in line.hits.get("unsure_when", ())
    ]
    return tuple(
        span
        for span in sorted({*line.hits.get("deadline", ()), *line.hits.get("vow_when", ())})
        if not any(span.overlaps(doubt) for doubt in unsure)
    )


def _granted(text: CallText, line: Line) -> Hit | None:
    """The words that grant what the customer asks to be done later ("will someone ring me": "they will")."""
    before = text.lines[line.position - 1] if line.position else None
    if before is None or before.role != "customer" or not before.has("asks_later"):
        return None
    if (
        len(line.tokens) > _GRANT_WORDS
        or line.has("refuse")
        or any(span.last > span.first for span in line.hits.get("question", ()))
    ):
        return None
    granted = [at for at, token in enumerate(line.tokens) if token.text in _GRANTS]
    return Hit(line, Span(granted[0], len(line.tokens) - 1), "vow") if granted else None


def _answers_when(text: CallText, line: Line) -> Hit | None:
    """The time with which the line answers when something will be done."""
    times = times_of(line)
    before = text.lines[line.position - 1] if line.position else None
    if not times or before is None or before.role != "customer" or len(line.tokens) > _ANSWER_WORDS:
        return None
    if line.has("question", "refuse", "not_ours") or not before.has("asks_when"):
        return None
    return Hit(line, times[0], "vow_timed")


def _recaps(text: CallText, line: Line) -> Hit | None:
    """The day in the agent's summing up of what the customer wants brought or sent."""
    times = times_of(line)
    if not times or line.tokens[0].text not in _RECAPS:
        return None
    wanted = any(other.has("wants_sent") for other in text.of("customer", 0, line.position))
    return Hit(line, times[0], "vow_timed") if wanted else None


def _taken_back(text: CallText, when: Hit) -> bool:
    """Whether the agent goes on to take the time back ("today" - "i mean if nothing else comes in")."""
    following = text.next_of("agent", when.line.position)
    return following is not None and any(
        span.first <= _AT_ONCE for span in following.hits.get("takes_back_when", ())
    )


def _told_before(text: CallText, hit: Hit) -> Hit | None:
    """The time the agent gave before, for word that follows the thing itself ("a text when he sets off")."""
    if not any(
        hit.span.overlaps(Span(max(0, s.first - _NEAR), s.last)) for s in hit.line.hits.get("vow_event", ())
    ):
        return None
    for line in reversed(list(text.of("agent", hit.line.position - _LINES_BEFORE, hit.line.position + 1))):
        times = [span for span in times_of(line) if line is not hit.line or span.last < hit.span.first]
        if times and not line.has("question"):
            return Hit(line, times[-1], "deadline")
    return None


def _time(text: CallText, hit: Hit, before: Hit | None, after: Hit | None) -> Hit | None:
    """The time that goes with a promise: behind it, before it, or in the agent's next lines."""
    line = hit.line
    times = times_of(line)
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
        if times_of(later):
            return Hit(later, times_of(later)[0], "deadline")
        if after is not None and after.line is later:
            return None
    return None


def _repeated(promise: Promise, every: list[Promise]) -> Promise:
    """The promise with the time it has where it is said again."""
    if promise.when is not None:
        return promise
    mine = promise.hit.content
    for other in every:
        if other.when is not None and other.hit.line is not promise.hit.line and mine & other.hit.content:
            return Promise(promise.hit, other.when)
    return promise


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
