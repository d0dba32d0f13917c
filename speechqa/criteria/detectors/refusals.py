"""`no_policy_hiding`: a refusal has its reason or another way beside it; the procedure is no reason."""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.core.finding import Finding
from speechqa.criteria.calltext import Hit, Line, evidence
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.detectors.reactions import after_it, taken_aback

_BEFORE, _AFTER = 2, 7
_WISH = 4
_OF_IT = frozenset({"it", "that", "this", "זה"})
_ASKER = frozenset({"i", "me", "we", "my", "us", "אני", "לי", "לנו", "אפשר"})
_STATES = frozenset({"is", "are", "would", "it", "that", "this", "no", "זה"})
_WHY = frozenset({"why", "למה", "מדוע"})
_TELLS = 3
"""Content words beyond the refusal from which a sentence gives a reason, or says what is possible."""


def no_policy_hiding(case: Case) -> Finding:
    """What the agent refuses or limits is explained, or another way is offered."""
    plain = [hit for hit in case.text.hits("agent", ("refuse",)) if not _informs(case, hit)]
    implied = list(_implied(case, {hit.line.position for hit in plain}))
    refusals = sorted((*plain, *implied), key=lambda hit: (hit.line.position, hit.span))
    if not refusals:
        unsure = case.unheard_well()
        if unsure is not None:
            return case.not_assessed(f"No refusal was found, but {unsure}", CLEARER)
        return case.not_applicable("The agent refuses nothing")
    bare = [hit for hit in plain if _explained(case, hit) is None]
    bare += [hit for hit in refusals if hit not in bare and _hides(case, hit)]
    if bare:
        return _failed(case, bare)
    first = refusals[0]
    why = _explained(case, first)
    return case.passed(
        "What is refused is explained, or another way offered",
        dict.fromkeys(evidence(hit.line, hit.span) for hit in (first, why) if hit is not None),
        0.75 if plain else 0.6,
        start=first.line.position,
    )


def _failed(case: Case, bare: list[Hit]) -> Finding:
    policy = next((hit for hit in bare if hit.line.has("policy", "no_reason")), None)
    worst = policy or bare[0]
    if case.stops_open and worst.line.position >= len(case.text.lines) - 2:
        return case.not_assessed(
            "The transcript stops at a refusal; its reason could still have come", "The rest of the call"
        )
    return case.failed(
        "The agent refuses with nothing but the policy for a reason"
        if policy
        else "The agent refuses, with neither a reason nor another way",
        "The reason for it, or what can be done instead",
        0.75 if policy else 0.6,
        proof=(evidence(worst.line, worst.span),),
        start=worst.line.position,
        absent=worst.line.position,
    )


def _informs(case: Case, hit: Hit) -> bool:
    """Whether the words answer a question about something ("are pets allowed?"), and refuse nothing."""
    if hit.line.tokens[hit.span.first].text not in _STATES:
        return False
    before = next(iter(case.text.of("customer", hit.line.position - 2, hit.line.position)), None)
    if before is None or not before.has("question", "information"):
        return False
    # "Can I have it sooner?" asks for something; to say that it is not possible refuses it.
    wants = any(token.text in _ASKER for token in before.tokens)
    return not (wants and hit.line.tokens[hit.span.first].text in _OF_IT)


def _implied(case: Case, known: set[int]) -> Iterator[Hit]:
    """Refusals told by what they answer: a wish of the customer's denied, or a limit the agent states."""
    for hit in case.text.hits("agent", ("declines", "limits")):
        line = hit.line
        if line.position in known or line.has("greet"):
            continue
        wished = any(
            before.has("asks_for")
            for before in case.text.of("customer", line.position - _WISH, line.position)
        )
        if hit.name == "limits" or wished:
            known.add(line.position)
            yield hit


def _hides(case: Case, refusal: Hit) -> bool:
    """Whether an implied refusal stands on the rules alone, or on nothing where the customer asks on."""
    line, reply = refusal.line, after_it(case, refusal.line)
    following = case.text.next_of("agent", line.position)
    evades = following is not None and following.has("no_reason") and not following.has("reason")
    if reply is not None and evades and any(token.text in _WHY for token in reply.tokens):
        # Asked for the reason, there is none: what is offered later does not give it.
        return True
    if _explained(case, refusal) is not None:
        return False
    if line.has("no_reason") or evades:
        return True
    return taken_aback(reply) and not _tells(line, refusal)


def _tells(line: Line, refusal: Hit) -> bool:
    rest = [t for i, t in enumerate(line.tokens) if not refusal.span.first <= i <= refusal.span.last]
    return len(rest) > 2 * _TELLS and len(line.content) >= _TELLS


def _explained(case: Case, refusal: Hit) -> Hit | None:
    """The reason for a refusal, or another way: in the agent's line or those around it."""
    position = refusal.line.position
    for line in case.text.of("agent", position - _BEFORE, position + _AFTER):
        if line.has("request_more", "goodbye", "greet"):
            continue
        near = line.position >= position
        names = ("reason", "alternative", *(("outcome", "offer", "promise") if near else ()))
        for name in names:
            for span in line.hits.get(name, ()):
                if not (
                    line is refusal.line and span.overlaps(refusal.span) and name in ("offer", "promise")
                ):
                    return Hit(line, span, name)
    return None
