"""`answers_or_finds_out`: whether what the customer asks is answered, or found out."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding
from speechqa.criteria.calltext import evidence
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.detectors.questions import Answer, Fate, answer_to, questions

_AT_THE_END = 3
_QUOTES = 3
_WHY = {
    Fate.BARE: ("The agent does not know, and does not say that they will find out", 0.75),
    Fate.IGNORED: ("The customer has to ask again, and still gets no answer", 0.65),
    Fate.LEFT: ("The agent goes to find out, and does not come back to it", 0.55),
}


def answers_or_finds_out(case: Case) -> Finding:
    """Each question of the customer is answered, or the agent finds out or promises to."""
    answers = [answer_to(case, hit) for hit in questions(case.text)]
    if not answers:
        unsure = case.unheard_well(role="customer")
        if unsure is not None:
            return case.not_assessed(f"No question was found, but {unsure}", CLEARER)
        return case.not_applicable("The customer asks for no information")
    failed = next((answer for answer in answers if answer.fate in _WHY), None)
    if failed is not None:
        return _failed(case, failed)
    met = [answer for answer in answers if answer.fate in (Fate.ANSWERED, Fate.PROMISED)]
    if len(met) * 2 < len(answers) or not met:
        return case.not_assessed(
            f"Of {len(answers)} questions it cannot be told for {len(answers) - len(met)} whether they are "
            "answered",
            "The rest of the call" if case.stops_open else "A person's judgement of the answers",
        )
    proof: list[Evidence] = []
    for answer in met[:_QUOTES]:
        proof.append(evidence(answer.asked.line, answer.asked.span, note="the question"))
        if answer.line is not None:
            proof.append(evidence(answer.line, note="the answer"))
    first = answers[0].asked.line.position
    return case.passed(_met(answers, met), dict.fromkeys(proof), _sure(answers, met), start=first)


def _met(answers: list[Answer], met: list[Answer]) -> str:
    unknown = len(answers) - len(met)
    if unknown:
        return f"{len(met)} of {len(answers)} questions are answered; for the rest it cannot be told"
    if any(answer.fate is Fate.PROMISED for answer in met):
        return "What the customer asks is answered, or the agent says that they will find out"
    return "What the customer asks is answered" + (f", {len(met)} questions" if len(met) > 1 else "")


def _sure(answers: list[Answer], met: list[Answer]) -> float:
    return min(answer.confidence for answer in met) - (0.1 if len(met) < len(answers) else 0.0)


def _failed(case: Case, answer: Answer) -> Finding:
    asked = answer.asked.line.position
    at = asked if answer.line is None else answer.line.position
    late = at >= len(case.text.lines) - _AT_THE_END
    if case.stops_open and (late or answer.fate is Fate.LEFT):
        return case.not_assessed(
            "The transcript stops before the question could be answered", "The rest of the call"
        )
    reason, confidence = _WHY[answer.fate]
    proof = [evidence(answer.asked.line, answer.asked.span, note="the question")]
    if answer.line is not None:
        proof.append(evidence(answer.line, note="what the agent says"))
    return case.failed(
        reason,
        "The answer, or that the agent will find out and by when",
        confidence,
        proof=proof,
        start=asked,
        absent=asked,
    )
