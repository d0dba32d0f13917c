"""`expectation_summary`: whether the customer leaves knowing what was done, what comes next and by when."""

from __future__ import annotations

from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.criteria.calltext import Hit, Line, evidence
from speechqa.criteria.case import Case, Part
from speechqa.criteria.lexicon import Span
from speechqa.criteria.phases import achieved, blamed, later

_RECAP_CONTENT = 3
_REPLIES = 4
_NEAR = 2
_HOLD_WORDS = 8
_SURE = {"outcome": 0.75, "answer": 0.6}
_TAKEN = ("assent", "thank", "no_more", "satisfied")
_QUESTION_REACH = 9
_DOERS = frozenset({"i", "we", "you", "they", "אני", "אנחנו", "אתה", "את"})


def expectation_summary(case: Case) -> Finding:
    """The outcome; when something is pending, the next step and its time; the customer's assent."""
    if not case.phases.matters:
        if case.text.words("customer") < 6:
            return case.not_assessed(
                "The customer says too little to tell what they need", "The customer's words"
            )
        return case.not_applicable("The customer states no request and no problem")
    start = case.phases.matters[0] + 1
    outcome = outcome_of(case, start)
    steps = [hit for line in case.text.of("agent", start) for hit in steps_of(line)]
    reopened = _reopened(case, max((hit.line.position for hit in (outcome, *steps) if hit), default=-1))
    if reopened is not None:
        return case.failed(
            "The customer says that it is not settled, and is sent away",
            "Another way or a promise, with a time",
            0.6,
            proof=(evidence(reopened.line, reopened.span),),
            start=start,
            parts=_failed_parts("The matter is left open", (evidence(reopened.line, reopened.span),)),
        )
    if outcome is None and not steps:
        outcome = answer_of(case)
    if outcome is None and steps:
        # What was agreed is the step itself, once it is stated.
        outcome = steps[-1]
    if outcome is None:
        return _nothing(case, start)
    timed = [(step, when) for step in steps for when in _times(case, step)]
    next_step = timed[-1][0] if timed else (steps[-1] if steps else None)
    met = next_step is None or bool(timed)
    if not met and case.stops_open:
        return case.not_assessed(
            "The transcript stops before a closing; the time of the next step could still have come",
            "The rest of the call",
        )
    parts = (
        Part(
            "outcome", Verdict.PASS, "Says what was done or agreed", (evidence(outcome.line, outcome.span),)
        ),
        _step_part(next_step),
        _deadline_part(next_step, timed[-1][1] if timed else None),
        _assent_part(case, (next_step or outcome).line, outcome.line),
    )
    proof = tuple(dict.fromkeys(e for part in parts[:3] for e in part.evidence))
    if met:
        lacking = [part.id for part in parts if part.verdict is Verdict.FAIL]
        return case.passed(
            (
                "The customer's question is answered, and the answer taken"
                if outcome.name == "answer"
                else "The customer hears what was done or agreed"
            )
            + (", what comes next and when" if next_step else ""),
            proof,
            _SURE.get(outcome.name, 0.65),
            start=start,
            parts=parts,
            would_change="The customer's assent, asked for" if lacking else "",
        )
    return case.failed(
        "Something is left to happen, and the customer does not hear by when",
        "A time for the next step",
        0.65,
        proof=proof,
        start=start,
        parts=parts,
        absent=None if next_step is None else next_step.line.position,
    )


def outcome_of(case: Case, start: int) -> Hit | None:
    """The statement of what was achieved or agreed; the last one, since a summary comes late."""
    found: Hit | None = None
    settled = False
    for line in case.text.of("agent", start):
        hits = achieved(case.text, line)
        weak = line.hits.get("outcome_weak", ())
        if hits:
            found, settled = hits[-1], True
        elif weak and (_with_content(case, line) or _accepted(case, line)):
            found, settled = Hit(line, weak[0], "outcome_weak"), True
        elif line.has("summary_open") and settled and len(line.content) >= _RECAP_CONTENT:
            found = Hit(line, line.hits["summary_open"][0], "summary_open")
        settled = settled or bool(weak) or bool(later(line))
    return found


def _with_content(case: Case, line: Line) -> bool:
    """Whether words that only say "done" stand beside what was done; a formula alone earns nothing."""
    if line.has("deadline"):
        return True
    said: set[str] = set()
    for other in case.text.of("customer", 0, line.position):
        said |= other.content
    return bool(line.content & said)


def _accepted(case: Case, line: Line) -> bool:
    """Whether the line answers a customer who took up an offer: what was done is what was offered."""
    reply = next(iter(case.text.of("customer", line.position - 1, line.position)), None)
    if reply is None or not reply.has("assent", "request"):
        return False
    offers = case.text.of("agent", reply.position - 2, reply.position)
    return any(
        offer.has("offer", "maybe_outcome") and len(offer.content) >= _RECAP_CONTENT for offer in offers
    )


def _reopened(case: Case, settled: int) -> Hit | None:
    """The dismissal with which the agent meets a customer who still has the problem after the outcome."""
    if settled < 0:
        return None
    still = next(
        (line for line in case.text.of("customer", settled + 1) if line.has("problem", "fault", "complaint")),
        None,
    )
    if still is None:
        return None
    return case.text.first("agent", "dismissal", "indifference", "insult", start=still.position + 1)


def answer_of(case: Case) -> Hit | None:
    """The answer that the customer takes, where nothing but information was asked: the outcome then."""
    if not asks_only(case):
        return None
    found = None
    for line in case.text.of("agent", case.phases.matters[0] + 1):
        if line.has("dismissal", "indifference", "question", "goodbye", "request_more", "blame"):
            continue
        if not _answers(case, line):
            continue
        told = len(line.content) >= _RECAP_CONTENT or any(token.number for token in line.tokens)
        reply = case.text.next_of("customer", line.position, within=2)
        taken = reply is not None and reply.has(*_TAKEN) and not reply.has("question", "deny", "complaint")
        if told and taken and not (line.has("hold") and len(line.tokens) <= _HOLD_WORDS):
            found = Hit(line, Span(0, len(line.tokens) - 1), "answer")
    return found


def _answers(case: Case, line: Line) -> bool:
    """Whether the line follows a question of the customer, or their reply to a question about it."""
    lines = case.text.lines
    near = range(line.position - 1, max(-1, line.position - 2 - _NEAR), -1)
    asked = next((lines[at] for at in near if lines[at].role == "customer"), None)
    if asked is None:
        return False
    before = lines[asked.position - 1] if asked.position else None
    return asked.has("information", "question") or (before is not None and before.has("question"))


def asks_only(case: Case) -> bool:
    """Whether the customer asks for information and has no problem."""
    stated = [case.text.lines[position] for position in case.phases.matters]
    return any(line.has("information") for line in stated) and not any(
        line.has("problem", "fault", "complaint", "distress") for line in stated
    )


def steps_of(line: Line) -> list[Hit]:
    """Later actions that are stated; within a question only those somebody is said to do."""
    asked = [range(q.first, q.first + _QUESTION_REACH) for q in line.hits.get("question", ())]
    return [
        hit
        for hit in later(line)
        if line.tokens[hit.span.first].text in _DOERS or not any(hit.span.first in reach for reach in asked)
    ]


def _times(case: Case, step: Hit) -> list[Hit]:
    """Times in the line of the step, or in the agent's lines right after it."""
    near = [step.line, *case.text.of("agent", step.line.position + 1, step.line.position + 1 + _NEAR)]
    return [
        Hit(line, span, "deadline")
        for line in near
        if not line.has("penalty") and not (line is not step.line and line.has("goodbye", "request_more"))
        for span in line.hits.get("deadline", ())[:1]
    ]


def _step_part(step: Hit | None) -> Part:
    if step is None:
        return Part("next_step", Verdict.NOT_APPLICABLE, "Nothing is left to happen")
    return Part("next_step", Verdict.PASS, "Says what happens next", (evidence(step.line, step.span),))


def _deadline_part(step: Hit | None, when: Hit | None) -> Part:
    if step is None:
        return Part("deadline", Verdict.NOT_APPLICABLE, "Nothing is left to happen")
    if when is None:
        return Part("deadline", Verdict.FAIL, "No time is given for what happens next")
    return Part("deadline", Verdict.PASS, "Says by when", (evidence(when.line, when.span),))


def _assent_part(case: Case, step: Line, outcome: Line) -> Part:
    for after in (step, outcome):
        for position in range(after.position + 1, min(len(case.text.lines), after.position + 1 + _REPLIES)):
            reply = case.text.lines[position]
            if reply.role != "customer":
                continue
            if reply.has("complaint") or (reply.has("deny") and not reply.has("thank", "no_more", "assent")):
                continue
            if reply.has("assent", "thank", "no_more", "satisfied", "goodbye"):
                proof: tuple[Evidence, ...] = (evidence(reply),)
                return Part("assent", Verdict.PASS, "The customer agrees", proof)
    return Part("assent", Verdict.FAIL, "The customer's agreement is not heard")


def _nothing(case: Case, start: int) -> Finding:
    if case.stops_open:
        return case.not_assessed(
            "The transcript stops before a closing; what was agreed could still have come",
            "The rest of the call",
        )
    weak = case.text.first("agent", "outcome_weak", start=start)
    refused = case.text.first("agent", "dismissal", "indifference", start=start)
    if refused is None:
        if not case.phases.reached and case.phases.ended_by == "customer":
            return case.not_applicable("The customer ends the call before it is settled", start=start)
        perhaps = perhaps_outcome(case, start)
        if perhaps is not None and weak is None:
            return case.not_assessed(
                f'Perhaps the outcome is stated in words that are not known: "{perhaps}"',
                "A person's judgement of those words",
            )
        if asks_only(case):
            return case.not_assessed(
                "Only information is asked for; whether the answer is full cannot be told from its words",
                "The customer's word that it answers the question",
            )
    proof = (
        (evidence(weak.line, weak.span),)
        if weak
        else (evidence(refused.line, refused.span),)
        if refused
        else ()
    )
    reason = "The agent does not say what was done or agreed"
    if weak:
        reason = "The agent says that it is done, but not what"
    elif refused:
        reason = "The matter is left open and nothing is promised"
    return case.failed(
        reason,
        "What was done or agreed, what happens next and by when, said once the matter is settled",
        0.65,
        proof=proof,
        start=start,
        parts=_failed_parts(reason, proof),
        absent=None if proof else start,
    )


def _failed_parts(reason: str, proof: tuple[Evidence, ...]) -> tuple[Part, ...]:
    return (
        Part("outcome", Verdict.FAIL, reason, proof),
        Part("next_step", Verdict.NOT_APPLICABLE, "Nothing is known to be left to happen"),
        Part("deadline", Verdict.NOT_APPLICABLE, "Nothing is known to be left to happen"),
        Part("assent", Verdict.FAIL, "There is nothing to agree to"),
    )


def perhaps_outcome(case: Case, start: int) -> str | None:
    """Words of the agent that may well state an outcome, though no phrase says so."""
    for line in reversed(list(case.text.of("agent", start))):
        for span in line.hits.get("maybe_outcome", ()):
            if line.has("question", "hold", "identity", "penalty", "blame", "request_more") or blamed(
                line, span
            ):
                continue
            return evidence(line, span).quote
    return None
