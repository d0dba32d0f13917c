"""`complaint_route`: room to vent, questions, a practical solution, thanks for raising it."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.criteria.calltext import Hit, Line, evidence
from speechqa.criteria.case import Case, Part
from speechqa.criteria.detectors.feeling import no_occasion
from speechqa.criteria.detectors.floor import overlap_evidence, taken_by_agent
from speechqa.criteria.detectors.solution import solution_offered
from speechqa.criteria.lexicon import Span

_ACKNOWLEDGES = ("apologise", "empathise", "feeling_back", "owns", "sorry_for_wait", "thank_raise")
_NO_QUESTION = (
    "identity", "request_more", "ask_satisfied", "goodbye", "greet", "patronise", "challenges", "blames",
)  # fmt: skip
_QUESTIONS = ("question", "need_prompt")
_EMPTY = 2
"""Words of content up to which what offers or bids to hold asks about nothing."""
_ANSWERS = 3
"""Lines of the agent behind a complaint from which what it is owed was due."""
_CONFIDENCE = 0.7


def complaint_route(case: Case) -> Finding:
    """At least two thirds of those parts that apply."""
    occasion = next(iter(case.complained), None)
    if occasion is None:
        return no_occasion(case, "The customer does not complain")
    told = case.text.first("customer", "problem", "distress", "fault", "protest", stop=occasion.line.position)
    start = occasion.line.position if told is None else told.line.position
    parts = [_vent(case, start), _questions(case, start), _solution(case), _thanks(case, start)]
    applying = [part for part in parts if part.verdict.counts]
    met = [part for part in applying if part.verdict is Verdict.PASS]
    unknown = [part for part in parts if part.verdict is Verdict.NOT_ASSESSED]
    needed = case.option("pass_share")
    whole = len(applying) + len(unknown)
    proof = tuple(dict.fromkeys(one for part in parts for one in part.evidence))
    reason = f"{len(met)} of {len(applying)} parts of the complaint's way are met"
    would = "; ".join(_WOULD[part.id] for part in applying if part.verdict is Verdict.FAIL)
    if len(met) >= needed * whole - 1e-9:
        return case.passed(reason, proof, _CONFIDENCE, start=start, parts=parts, would_change=would)
    if unknown and len(met) + len(unknown) >= needed * whole - 1e-9:
        return case.not_assessed(unknown[0].reason, "The rest of the call")
    if case.stops_open and _too_early(case, start):
        return case.not_assessed(
            "The transcript stops before a closing; what a complaint is owed could still have come",
            "The rest of the call",
        )
    return case.failed(
        reason,
        would,
        _CONFIDENCE,
        proof=(evidence(occasion.line, occasion.span, note="what the customer says"), *proof),
        start=start,
        parts=parts,
        absent=start,
    )


_WOULD = {
    "vent": "An acknowledgement before identity is asked for, without cutting the customer off",
    "questions": "A question about what the customer complains of",
    "solution": "A step that can be carried out, with who does it",
    "thanks": "Thanks for raising the matter",
}


def _too_early(case: Case, start: int) -> bool:
    """Whether the agent has hardly answered when the transcript stops, or it is known to be cut."""
    return case.view.complete is False or len(list(case.text.of("agent", start))) < _ANSWERS


def _vent(case: Case, start: int) -> Part:
    """Whether the customer may tell it: not cut off, nor asked who they are, before it is acknowledged."""
    acknowledged = case.text.first("agent", *_ACKNOWLEDGES, start=start)
    cut_short = case.text.first("customer", "not_let_finish", start=start)
    if cut_short is not None:
        return Part(
            "vent",
            Verdict.FAIL,
            "The customer is not let finish",
            (evidence(cut_short.line, cut_short.span),),
        )
    taken = _interrupted(case, start, acknowledged)
    if taken is not None:
        return Part("vent", Verdict.FAIL, "The agent takes the floor before acknowledging", (taken,))
    asked = case.text.first("agent", "identity", start=start)
    if asked is not None and (acknowledged is None or _place(asked) < _place(acknowledged)):
        return Part(
            "vent",
            Verdict.FAIL,
            "Identity is asked for before anything is acknowledged",
            (evidence(asked.line, asked.span),),
        )
    if acknowledged is not None:
        return Part(
            "vent",
            Verdict.PASS,
            "The agent acknowledges it first",
            (evidence(acknowledged.line, acknowledged.span),),
        )
    return Part("vent", Verdict.PASS, "The customer is let tell it")


def _interrupted(case: Case, start: int, acknowledged: Hit | None) -> Evidence | None:
    """The agent's first measured interruption before they acknowledge, once the customer has begun."""
    began = case.text.lines[start].source.start
    until = None if acknowledged is None else acknowledged.line.source.start
    if began is None or (acknowledged is not None and until is None):
        return None
    for overlap in taken_by_agent(case.view):
        if overlap.start >= began and (until is None or overlap.start < until):
            return overlap_evidence(case.view, overlap)
    return None


def _place(hit: Hit) -> tuple[int, int]:
    return hit.line.position, hit.span.first


def _questions(case: Case, start: int) -> Part:
    """Whether the agent asks about the complaint: not who the customer is, nor whether there is more."""
    for line in case.text.of("agent", start):
        asked = _asks_about(case, line)
        if asked is not None:
            return Part("questions", Verdict.PASS, "The agent asks about it", (evidence(line, asked),))
    return Part("questions", Verdict.FAIL, "No question about the complaint was found")


def _asks_about(case: Case, line: Line) -> Span | None:
    """The question about the complaint that a line asks and the customer answers, None without one."""
    found = [span for name in _QUESTIONS for span in line.hits.get(name, ())]
    if not found or line.has(*_NO_QUESTION):
        return None
    if line.has("hold", "offer") and len(line.content) <= _EMPTY:
        return None
    return found[0] if case.text.next_of("customer", line.position, within=2) is not None else None


def _solution(case: Case) -> Part:
    heard = case.text.first("customer", "only_heard")
    if heard is not None:
        said = (evidence(heard.line, heard.span),)
        return Part("solution", Verdict.NOT_APPLICABLE, "The customer only wants to be heard", said)
    found = solution_offered(case)
    if found.verdict is Verdict.NOT_APPLICABLE:
        return Part("solution", Verdict.FAIL, "No step towards a solution is heard")
    return Part("solution", found.verdict, found.reason, found.evidence)


def _thanks(case: Case, start: int) -> Part:
    for hit in case.text.hits("agent", ("thank_raise", "thank_specific"), start):
        if not hit.line.has("sarcasm"):
            said = (evidence(hit.line, hit.span),)
            return Part("thanks", Verdict.PASS, "The customer is thanked for raising it", said)
    return Part("thanks", Verdict.FAIL, "Nobody thanks the customer for raising it")
