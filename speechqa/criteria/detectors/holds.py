"""`hold_etiquette`: how the agent lets a customer wait."""

from __future__ import annotations

from typing import NamedTuple

from speechqa.core.dialogue import Hold
from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.criteria.calltext import Line, evidence
from speechqa.criteria.case import Case, Part

_SLACK_S = 1.0
_LINES_BEFORE, _LINES_AFTER = 2, 2
_BACK_WITHIN = 8
_QUOTES = 3


class _Wait(NamedTuple):
    """One wait: the agent's lines before it, those after it, and whether turn-taking heard it announced."""

    before: tuple[Line, ...]
    after: tuple[Line, ...]
    told: bool


def hold_etiquette(case: Case) -> Finding:
    """Says so before a hold, why or how long, and thanks or apologises after it."""
    dialogue = case.view.dialogue
    timed = dialogue is not None and dialogue.basis != "none" and dialogue.channel_doubts.timing is None
    if dialogue is not None and timed and any(line.source.start is not None for line in case.text.lines):
        case = case.by_measure()
        waits = [wait for wait in (_timed(case, hold) for hold in dialogue.holds) if wait is not None]
        sure = 0.8
    elif timed and dialogue is not None and not dialogue.holds:
        case, waits, sure = case.by_measure(), [], 0.8
    else:
        waits, sure = _told_in_words(case), 0.6
        if not waits and _announced(case):
            return case.not_assessed(
                "A hold is announced, and there are no times to tell whether the customer had to wait",
                "The recording, or a transcript with times",
            )
        if not waits:
            return case.not_applicable(
                "No hold is announced or told of in words; without times silences cannot be seen"
            )
    if not waits:
        return case.not_applicable("Nobody is put on hold, and no silence is the agent's to end")
    parts = _parts(waits)
    lacking = [part for part in parts if part.verdict is Verdict.FAIL]
    proof = dict.fromkeys(e for part in parts for e in part.evidence)
    count = "The customer waits" + ("" if len(waits) == 1 else f" {len(waits)} times")
    if not lacking:
        return case.passed(f"{count}, is told why, and thanked for it", proof, sure, parts=parts)
    return case.failed(
        f"{count}: " + "; ".join(part.reason[0].lower() + part.reason[1:] for part in lacking),
        "Asking before a hold, with the reason or the time it takes, and thanks after it",
        sure - 0.1,
        proof=proof,
        parts=parts,
        absent=0,
    )


def _timed(case: Case, hold: Hold) -> _Wait | None:
    """The wait with its lines; None where it was the customer who owed the next words."""
    agent = list(case.text.of("agent"))
    before = [
        line for line in agent if _starts(line) is not None and (_starts(line) or 0.0) < hold.start + _SLACK_S
    ]
    told = {line.position for line in before}
    after = [
        line for line in agent if (_starts(line) or -1.0) >= hold.end - _SLACK_S and line.position not in told
    ]
    every = [line for line in case.text.lines if (_starts(line) or -1.0) >= hold.end - _SLACK_S]
    if hold.kind == "silent":
        if hold.end - hold.start < case.option("silence_s"):
            return None
        if not every or every[0].role != "agent":
            return None
    near = tuple(before[-_LINES_BEFORE:])
    return _Wait(near, tuple(after[:_LINES_AFTER]), hold.kind == "told")


def _starts(line: Line) -> float | None:
    return line.source.start


def _announced(case: Case) -> bool:
    """Whether the agent puts the customer on hold in so many words; "one moment" is no hold."""
    return any(line.has("hold_announced") for line in case.text.of("agent"))


def _told_in_words(case: Case) -> list[_Wait]:
    """Waits that the agent comes back from in words, where there are no times; not the one in the queue."""
    found: list[_Wait] = []
    for line in case.text.of("agent"):
        if not line.has("hold_back") or not any(case.text.of("customer", 0, line.position)):
            continue
        agent = case.text.of("agent", line.position - _BACK_WITHIN, line.position)
        asked = tuple(other for other in agent if other.has("hold"))[-_LINES_BEFORE:]
        zone = case.phases.zone
        if not asked and (line.has("thank_borne") or (zone is not None and line.position >= zone)):
            # Thanks for patience with nothing announced, or said in parting, look back on the whole call.
            continue
        found.append(_Wait(asked, (line,), told=bool(asked)))
    return found


def _parts(waits: list[_Wait]) -> tuple[Part, ...]:
    told, reasons, thanked = [], [], []
    for wait in waits:
        told.append(_first(wait.before, "hold"))
        reasons.append(_first(wait.before, "hold_reason"))
        thanked.append(_first(wait.after, "hold_back", "thank", "apologise", "sorry_for_wait"))
    said = [wait.told or found is not None for wait, found in zip(waits, told, strict=True)]
    comes_back = [bool(wait.after) for wait in waits]
    return (
        _part(
            "announced", all(said), told, "Says or asks before the hold", "Nothing is said before the hold"
        ),
        _part(
            "reason",
            all(found is not None for found in reasons),
            reasons,
            "Says why, or how long",
            "Neither why nor how long is said",
        ),
        _part(
            "thanks",
            all(found is not None for found, back in zip(thanked, comes_back, strict=True) if back),
            thanked,
            "Thanks or apologises after the hold",
            "No thanks and no regret after the hold",
        )
        if any(comes_back)
        else Part("thanks", Verdict.NOT_APPLICABLE, "The agent does not come back"),
    )


def _first(lines: tuple[Line, ...], *names: str) -> Evidence | None:
    for line in lines:
        for name in names:
            if line.has(name):
                return evidence(line, line.hits[name][0])
    return None


def _part(name: str, met: bool, found: list[Evidence | None], yes: str, no: str) -> Part:
    proof = tuple(e for e in found if e is not None)[:_QUOTES]
    return Part(name, Verdict.PASS if met else Verdict.FAIL, yes if met else no, proof)
