"""Judges a call: every criterion of a rubric gets a verdict with evidence, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from speechqa.core.finding import Finding
from speechqa.core.rubric import Criterion, Rubric
from speechqa.criteria.applicability import cannot_tell, not_applying, spoken_language
from speechqa.criteria.calltext import CallText
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.detectors.abuse import respectful_boundary
from speechqa.criteria.detectors.answers import answers_or_finds_out
from speechqa.criteria.detectors.attitude import complaints, leaving
from speechqa.criteria.detectors.calming import calming_language
from speechqa.criteria.detectors.closing import anything_else, farewell, satisfaction_question, thanks
from speechqa.criteria.detectors.conduct import (
    no_arguing,
    no_excuses,
    no_indifference,
    no_insult,
    no_patronising,
)
from speechqa.criteria.detectors.escalation import escalation_handled
from speechqa.criteria.detectors.feeling import apology, empathy
from speechqa.criteria.detectors.floor import no_interruptions
from speechqa.criteria.detectors.grievance_route import complaint_route
from speechqa.criteria.detectors.handling import ownership
from speechqa.criteria.detectors.holds import hold_etiquette
from speechqa.criteria.detectors.human import human
from speechqa.criteria.detectors.letting_go import gracious_exit
from speechqa.criteria.detectors.limits import limit
from speechqa.criteria.detectors.listening import active_listening
from speechqa.criteria.detectors.needs import needs_clarification
from speechqa.criteria.detectors.opening import greeting
from speechqa.criteria.detectors.personal import personal_treatment
from speechqa.criteria.detectors.promises import promise_with_deadline
from speechqa.criteria.detectors.refusals import no_policy_hiding
from speechqa.criteria.detectors.retention import retention_response
from speechqa.criteria.detectors.said import said
from speechqa.criteria.detectors.sales import fair_disclosure
from speechqa.criteria.detectors.solution import solution_offered
from speechqa.criteria.detectors.summary import expectation_summary
from speechqa.criteria.detectors.timing import responsiveness
from speechqa.criteria.detectors.transfers import transfer_etiquette
from speechqa.criteria.detectors.unusual import unusual_request_check
from speechqa.criteria.detectors.verification import identity_check
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.phases import course
from speechqa.criteria.readers import readers_of
from speechqa.criteria.second_reading import second_reading_of
from speechqa.criteria.view import CallView
from speechqa.criteria.weighing import weighed
from speechqa.protocols import TextEmbedder

BY_TEXT: Mapping[str, Callable[[Case], Finding]] = {
    "active_listening": active_listening,
    "answers_or_finds_out": answers_or_finds_out,
    "anything_else": anything_else,
    "apology": apology,
    "calming_language": calming_language,
    "complaint_route": complaint_route,
    "empathy": empathy,
    "escalation_handled": escalation_handled,
    "expectation_summary": expectation_summary,
    "fair_disclosure": fair_disclosure,
    "farewell": farewell,
    "gracious_exit": gracious_exit,
    "greeting": greeting,
    "hold_etiquette": hold_etiquette,
    "identity_check": identity_check,
    "needs_clarification": needs_clarification,
    "no_arguing": no_arguing,
    "no_excuses": no_excuses,
    "no_indifference": no_indifference,
    "no_insult": no_insult,
    "no_patronising": no_patronising,
    "no_policy_hiding": no_policy_hiding,
    "ownership": ownership,
    "personal_treatment": personal_treatment,
    "promise_with_deadline": promise_with_deadline,
    "respectful_boundary": respectful_boundary,
    "retention_response": retention_response,
    "said": said,
    "satisfaction_question": satisfaction_question,
    "solution_offered": solution_offered,
    "thanks": thanks,
    "transfer_etiquette": transfer_etiquette,
    "unusual_request_check": unusual_request_check,
}
BY_TIMING: Mapping[str, Callable[[Criterion, CallView], Finding]] = {
    "human": human,
    "limit": limit,
    "no_interruptions": no_interruptions,
    "responsiveness": responsiveness,
}


def judge(rubric: Rubric, view: CallView, embedder: TextEmbedder | None = None) -> tuple[Finding, ...]:
    """Judge a call by a rubric.

    Parameters
    ----------
    rubric : Rubric
        As loaded; its order is the order of the findings.
    view : CallView
        The call. The same view and rubric give the same findings.
    embedder : TextEmbedder, optional
        Finds by meaning what phrases do not; without one phrases alone tell.

    Returns
    -------
    tuple of Finding
        One for every criterion of the rubric.
    """
    text = CallText(lexicon_of(rubric), view.transcript, readers_of(rubric, embedder))
    phases = course(text)
    blocked = unusable(rubric, view, text)
    second = second_reading_of(rubric, text)
    _, complained = weighed("complaint", complaints(text), second)
    _, leaves = weighed("churn_risk", leaving(text, complained), second)
    findings = []
    for criterion in rubric.criteria:
        case = Case(criterion, view, text, phases, complained, leaves)
        by_timing = BY_TIMING.get(criterion.detector)
        needs_text = by_timing is None or criterion.when or criterion.unless or criterion.situations
        reason = (blocked or cannot_tell(case, rubric)) if needs_text else None
        if reason is not None:
            findings.append(case.not_assessed(*reason))
        elif (excluded := not_applying(case)) is not None:
            findings.append(excluded)
        elif by_timing is not None:
            findings.append(by_timing(criterion, view))
        else:
            finding = BY_TEXT[criterion.detector](case)
            findings.append(finding if second is None else second.reread(case, finding))
    return tuple(findings)


def unusable(rubric: Rubric, view: CallView, text: CallText) -> tuple[str, str] | None:
    """Why the text of a call cannot be judged, and what would make it possible; None when it can."""
    if not view.text_usable:
        return (
            view.text_reason or "There is no text that may be relied on",
            CLEARER,
        )
    if not view.transcript.confident:
        return "The transcript's confidence is under the floor", CLEARER
    if not text.lines:
        return "Nothing is said", "A transcript of the call"
    language = spoken_language(view, text)
    if language is None:
        return "The language cannot be told", f"A language, one of {', '.join(rubric.languages)}"
    if language not in rubric.languages:
        return f"The rubric has no phrases in the language {language}", f"Phrases in {language}"
    return None
