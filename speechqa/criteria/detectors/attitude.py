"""What a customer lets be heard of staying or leaving: complaints, signs of going, threats, satisfaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from speechqa.criteria.calltext import CallText, Hit, Line
from speechqa.criteria.detectors.grievance import about_others, grievances
from speechqa.criteria.detectors.letting_go import cancels, stops_lost
from speechqa.criteria.lexicon import Span
from speechqa.criteria.phases import course, settles

_CONDITION = frozenset({"if", "unless", "otherwise", "אם", "אחרת", "אמ"})
_SPOILS = ("complaint", "protest", "sarcasm", "anger", "threat", "churn")
_DELIGHTED_WORDS = 12
_TELLING = 4
_BARE = 2
"""Words up to which an answer ("no", "no thanks") tells nothing of leaving."""
_ON_THE_WAY = ("asks_exit_terms", "looks_elsewhere", "mind_made_up", "mainly_elsewhere", "settled_elsewhere")
_TELLS = ("abuse", "feels_taken_for_granted", "feels_let_down")
_WITH_REGRET = ("wants_manager", "problem", "fault", "protest", "distress")
_REGRETS = ("owns", "thank_raise", "values_customer", "excuse")


def complaints(text: CallText) -> list[Hit]:
    """Where the customer complains; without a word of it, where it shows in what else they say."""
    return grievances(text) or _implied(text)


def _implied(text: CallText) -> list[Hit]:
    """Signs that somebody is dissatisfied with us, though no phrase of complaint is heard.

    Abuse, disappointment or a wish to go elsewhere tell by themselves; a manager is asked for, and trouble
    told of, for other reasons too, so those count where the agent owns or excuses something behind it.
    """
    told = [hit for hit in text.hits("customer", _TELLS) if not about_others(text, hit.line)]
    told = told or [hit for hit in leaving(text) if hit.name != "agrees_to_go"]
    if told:
        return told
    return [hit for hit in text.hits("customer", _WITH_REGRET) if _regretted(text, hit.line)]


def _regretted(text: CallText, line: Line) -> bool:
    answer = text.next_of("agent", line.position, within=2)
    return answer is not None and answer.has(*_REGRETS) and not about_others(text, line)


def leaving(text: CallText, complained: Sequence[Hit] | None = None) -> list[Hit]:
    """Where the customer means to leave, or looks about: dissatisfied, or asking what it costs to go.

    "I want it cancelled" counts where the customer complains or holds it out as a condition; "that's what
    I'll do" where the agent has sent them off.
    """
    told = bool(grievances(text))
    complains = told if complained is None else bool(complained)
    if not complains and text.first("customer", "comes_over") is not None:
        # Who comes over to us leaves somebody else.
        return []
    ended = text.first("customer", "need_ends") is not None
    # Who ends what they no longer need goes in peace; who ends it and complains leaves.
    found = [hit for hit in text.hits("customer", ("churn",)) if not (ended or _only_ends(hit, complains))]
    for hit in text.hits("customer", ("churn_weak",)):
        condition = any(token.text in _CONDITION for token in hit.line.tokens[: hit.span.first])
        if (told or condition) and not stops_lost(text, hit):
            found.append(hit)
    if not ended:
        found += text.hits("customer", _ON_THE_WAY)
        found += cancels(text) if complains else ()
        found += _understood(text, {hit.line.position for hit in found}, complains)
    for hit in text.hits("agent", ("sends_away",)):
        answer = text.next_of("customer", hit.line.position)
        if answer is not None and answer.has("agrees_to_go"):
            found.append(Hit(answer, answer.hits["agrees_to_go"][0], "agrees_to_go"))
    return _ordered(found)


def _understood(text: CallText, known: set[int], complains: bool) -> Iterator[Hit]:
    """What the customer said right before the agent spoke of losing them: the agent has understood it so.

    A bare "no" says nothing of going, so what was said before it is shown; with nothing there, no sign is.
    Nor is regret at one who only ends a contract, and says nothing against it.
    """
    for hit in text.hits("agent", ("speaks_of_leaving",)):
        before = list(text.of("customer", hit.line.position - _TELLING, hit.line.position))
        telling = [line for line in before if len(line.tokens) > _BARE]
        peaceful = not complains and any(
            line.has("cancels") and not line.has("goes_elsewhere") for line in telling
        )
        if telling and not peaceful and not known & {line.position for line in before}:
            known.add(telling[-1].position)
            yield Hit(telling[-1], Span(0, len(telling[-1].tokens) - 1), "churn")


def _only_ends(hit: Hit, complains: bool) -> bool:
    """Whether a contract is ended with no word of dissatisfaction or of going elsewhere."""
    ends = any(hit.span.overlaps(span) for span in hit.line.hits.get("cancels", ()))
    return ends and not complains and not hit.line.has("goes_elsewhere")


def threats(text: CallText) -> list[Hit]:
    """Where the customer threatens with the public or the law."""
    return list(text.hits("customer", ("threat",)))


def satisfaction(text: CallText) -> list[Hit]:
    """Where the customer is satisfied: praise, a yes to being asked so, delight at what was achieved."""
    found = [hit for hit in text.hits("customer", ("satisfied",)) if not _spoiled(hit)]
    for line in text.of("agent"):
        answer = text.next_of("customer", line.position, within=2)
        if line.has("ask_satisfied", "ask_satisfied_answered") and answer is not None and _agrees(answer):
            found.append(Hit(answer, Span(0, len(answer.tokens) - 1), "assent"))
    settled = course(text).settled
    if settled is not None:
        found += [
            hit
            for hit in text.hits("customer", ("delight",), settled)
            if len(hit.line.tokens) <= _DELIGHTED_WORDS
            and not _spoiled(hit)
            and _answers_news(text, hit.line)
        ]
    return _ordered(found)


def _ordered(found: list[Hit]) -> list[Hit]:
    return sorted(found, key=lambda hit: (hit.line.position, hit.span, hit.name))


def _spoiled(hit: Hit) -> bool:
    """Whether the same breath says otherwise, so that the praise is bitter."""
    return hit.line.has(*_SPOILS)


def _agrees(line: Line) -> bool:
    return line.has("assent") and not line.has("deny", "question", *_SPOILS)


def _answers_news(text: CallText, line: Line) -> bool:
    """Whether the agent's line before settles or tells something, rather than asks for a detail."""
    before = text.lines[line.position - 1] if line.position else None
    if before is None or before.role != "agent" or line.has("question"):
        return False
    return settles(text, before) or (len(before.content) >= _TELLING and not before.has("question"))
