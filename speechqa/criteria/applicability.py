"""Whether one criterion can be judged in a call, and whether it applies there by the rubric's conditions."""

from __future__ import annotations

from collections.abc import Iterable

from speechqa.core.finding import Finding
from speechqa.core.rubric import Mention, Rubric
from speechqa.criteria.calltext import CallText, words_of
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.normalise import language_of
from speechqa.criteria.view import CallView

NEEDS_CUSTOMER = frozenset(
    {
        "active_listening",
        "answers_or_finds_out",
        "apology",
        "calming_language",
        "complaint_route",
        "empathy",
        "escalation_handled",
        "expectation_summary",
        "gracious_exit",
        "needs_clarification",
        "respectful_boundary",
        "retention_response",
        "solution_offered",
        "unusual_request_check",
    }
)


def spoken_language(view: CallView, text: CallText) -> str | None:
    """ISO 639-1 code of the call's language, as said from outside or else as its words tell."""
    said = view.language or view.transcript.language
    language = said or language_of(line.source.text for line in text.lines)
    return None if language is None else language.split("-")[0].lower()


def cannot_tell(case: Case, rubric: Rubric) -> tuple[str, str] | None:
    """Why the criterion cannot be judged where the text can be used, and what would make it possible."""
    criterion, text = case.criterion, case.text
    if not any(text.of("agent")):
        return "It is not known what the agent says", "Roles of the parties"
    whose = {mention.speaker for mention in criterion.mentions}
    whose.update(said.speaker for said in criterion.said)
    if (criterion.detector in NEEDS_CUSTOMER or "customer" in whose) and not any(text.of("customer")):
        return "It is not known what the customer says", "Roles of the parties"
    language = spoken_language(case.view, text)
    phrased = {phrases.name for phrases in rubric.phrases if phrases.language == language}
    lacking = sorted(criterion.named_lists - phrased)
    if lacking:
        # That nothing was found would say something of the rubric, not of the call.
        names = ", ".join(lacking)
        return f"The rubric has no phrases of {names} in the language {language}", f"Phrases of {names}"
    return None


def not_applying(case: Case) -> Finding | None:
    """Why a criterion does not apply by the conditions its rubric sets; None where it does."""
    for mention in case.criterion.unless:
        hit = case.text.first(mention.speaker, mention.list)
        if hit is not None:
            start = hit.line.position
            return case.not_applicable(
                f"The rubric leaves it out where the {mention.speaker} says so: "
                f'{mention.list.replace("_", " ")}, as in "{words_of(hit.line, hit.span).quote}"',
                start=start,
                stop=start + 1,
            )
    if case.criterion.situations and case.situation() is None:
        return _no_such_situation(case)
    wanted = case.criterion.when
    if not wanted or any(case.text.first(mention.speaker, mention.list) for mention in wanted):
        return None
    unsure = _perhaps_said(case, wanted)
    if unsure is not None:
        return unsure
    asked = " or ".join(f"the {m.speaker} says {m.list.replace('_', ' ')}" for m in wanted)
    return case.not_applicable(f"The rubric asks for it where {asked}; that was not found")


def _no_such_situation(case: Case) -> Finding:
    situations = case.criterion.situations
    unsure = _perhaps_said(case, (mention for one in situations for mention in one.when))
    if unsure is not None:
        return unsure
    names = " or ".join(one.id.replace("_", " ") for one in situations)
    return case.not_applicable(f"It is due in another situation: {names}; nothing of that was found")


def _perhaps_said(case: Case, wanted: Iterable[Mention]) -> Finding | None:
    """That it cannot be told whether a condition came up; None where its speakers were heard well."""
    for speaker in sorted({mention.speaker for mention in wanted}):
        unsure = case.unheard_well(role=speaker)
        if unsure is not None:
            return case.not_assessed(f"What it depends on was not found, but {unsure}", CLEARER)
    return None
