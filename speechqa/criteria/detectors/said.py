"""`said`: a criterion of the rubric's own, what is or is not said, by whom, where, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.rubric import Mention, Said
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.case import CLEARER, Case, Part
from speechqa.criteria.detectors.closing import missing
from speechqa.criteria.detectors.conduct import clean
from speechqa.criteria.detectors.promises import times_of

_OPENING_TURNS = 2
_LINES_TO_TIME = 2
_OTHER = {"agent": "customer", "customer": "agent"}
_WHERE = {
    "call": "",
    "opening": " in the opening",
    "before_solution": " before the solution",
    "after_solution": " from the solution on",
    "closing": " in the closing",
    "situation": " once that is told",
}


class _Stretch(NamedTuple):
    start: int
    stop: int | None


def said(case: Case) -> Finding:
    """Every part that applies is said as the rubric asks, or enough of them by its `pass_share`."""
    findings = [_one(case, asked) for asked in case.criterion.said]
    if not case.criterion.components:
        return findings[0]
    parts = [
        Part(asked.part, finding.verdict, finding.reason, finding.evidence)
        for asked, finding in zip(case.criterion.said, findings, strict=True)
    ]
    points = {part.id: part.points for part in case.criterion.components}
    got = sum(points[p.id] for p in parts if p.verdict is Verdict.PASS)
    lost = sum(points[p.id] for p in parts if p.verdict is Verdict.FAIL)
    unknown = next((f for f in findings if f.verdict is Verdict.NOT_ASSESSED), None)
    if unknown is not None:
        return case.not_assessed(unknown.reason, unknown.would_change)
    if not got + lost:
        return case.not_applicable("No part of it applies")
    confidence = min(f.confidence for f in findings if f.confidence is not None)
    proof = dict.fromkeys(e for part in parts for e in part.evidence)
    reason = f"{sum(p.verdict is Verdict.PASS for p in parts)} of {len(parts)} parts are met"
    would = "; ".join(f.would_change for f in findings if f.verdict is Verdict.FAIL)
    if got >= case.option("pass_share") * (got + lost):
        return case.passed(reason, proof, confidence, parts=parts, would_change=would)
    # What each part rests on was looked at when it was judged; the whole is their sum.
    return case.failed(reason, would, confidence, proof=proof or _anything(case), parts=parts)


def _anything(case: Case) -> tuple[Evidence, ...]:
    return tuple(evidence(line) for line in list(case.text.of("agent"))[-1:])


def _one(case: Case, asked: Said) -> Finding:
    what = " or ".join(name.replace("_", " ") for name in asked.lists)
    where = _WHERE[asked.window]
    stretch = _stretch(case, asked)
    found = None if stretch is None else next(_found(case, asked, stretch), None)
    if asked.absent:
        if found is not None:
            return case.failed(
                f"The {asked.speaker} says what is not to be said{where}: {what}",
                f"The same without {what}",
                0.75,
                proof=(*_told(case), evidence(found.line, found.span)),
            )
        if stretch is None and case.stops_open:
            return _stopped(case)
        return _none_found(case, asked, f"Nothing of {what} was found{where}")
    if found is not None:
        proof = dict.fromkeys((*_told(case), evidence(found.line, found.span)))
        time = _time(case, found) if asked.timed else None
        if time is not None:
            proof[evidence(time.line, time.span, "the time")] = None
        return case.passed(
            f"The {asked.speaker} says it{where}: {what}", proof, 0.8,
            start=stretch.start if stretch else 0, stop=stretch.stop if stretch else None,
        )  # fmt: skip
    return _lacking(case, asked, stretch, what, where)


def _lacking(case: Case, asked: Said, stretch: _Stretch | None, what: str, where: str) -> Finding:
    would = f"{what.capitalize()} by the {asked.speaker}{where}"
    if asked.window == "opening":
        if case.view.missing_start:
            return case.not_assessed(
                "The transcript starts after the call was answered", "The beginning of the recording"
            )
        if case.stops_open and len(_turns(case, asked, 0)) < (asked.turns or _OPENING_TURNS):
            return _stopped(case)
    elif asked.window == "before_solution" and case.phases.settled is not None:
        pass
    elif asked.window in ("after_solution", "closing"):
        start = stretch.start if stretch else 0
        return missing(case, f"say it{where}: {what}", would, start=start, who=asked.speaker)
    elif case.stops_open:
        return _stopped(case)
    start, stop = stretch or _Stretch(0, None)
    unsure = case.unheard_well(start, stop, role=asked.speaker)
    if unsure is not None:
        return case.not_assessed(f"It was not found, but {unsure}", CLEARER)
    return case.failed(
        f"The {asked.speaker} does not say it{where}: {what}",
        would,
        0.75,
        proof=_told(case),
        start=start,
        stop=stop,
        absent=start,
    )


def _told(case: Case) -> tuple[Evidence, ...]:
    """The words that tell the situation in which the criterion is due."""
    told = case.situation()
    return () if told is None else (evidence(told.line, told.span, "why it is due"),)


def _none_found(case: Case, asked: Said, reason: str) -> Finding:
    unsure = case.unheard_well(role=asked.speaker)
    if asked.speaker == "customer" and unsure is not None:
        return case.not_assessed(f"None was found, but {unsure}", CLEARER)
    return clean(case, reason)


def _stopped(case: Case) -> Finding:
    return case.not_assessed("The transcript stops before it could have come", "The rest of the call")


def _stretch(case: Case, asked: Said) -> _Stretch | None:
    """The lines in which it counts; None where the call has no such stretch."""
    phases = case.phases
    if asked.window == "opening":
        turns = _turns(case, asked, 0)[: asked.turns or _OPENING_TURNS]
        return _Stretch(0, turns[-1][-1] + 1) if turns else None
    if asked.window == "situation":
        told = case.situation()
        start = 0 if told is None else told.line.position
        turns = _turns(case, asked, start)[: asked.turns]
        return _Stretch(start, turns[-1][-1] + 1 if turns and asked.turns else None)
    if asked.window == "before_solution":
        start = phases.matters[0] if phases.matters else 0
        # Where the solution stands in the very line of the matter, that line is all there is before it.
        return _Stretch(start, None if phases.settled is None else max(phases.settled, start + 1))
    if asked.window == "after_solution":
        return None if phases.settled is None else _Stretch(phases.settled, None)
    if asked.window == "closing":
        if phases.zone is None:
            return None
        turns = _turns(case, asked, phases.zone)
        last = turns[-asked.turns :] if asked.turns else turns
        return _Stretch(last[0][0] if last else phases.zone, None)
    return _Stretch(0, None)


def _turns(case: Case, asked: Said, start: int) -> list[list[int]]:
    """Positions of the speaker's lines, those with nobody between them together."""
    turns: list[list[int]] = []
    for line in case.text.of(asked.speaker, start):
        if turns and turns[-1][-1] == line.position - 1:
            turns[-1].append(line.position)
        else:
            turns.append([line.position])
    return turns


def _found(case: Case, asked: Said, stretch: _Stretch) -> Iterator[Hit]:
    after = [_first(case, mention) for mention in asked.after]
    before = [hit for mention in asked.before if (hit := _first(case, mention)) is not None]
    earliest = min((hit for hit in after if hit is not None), key=_place, default=None)
    if asked.after and earliest is None:
        return
    latest = min(before, key=_place, default=None)
    for hit in case.text.hits(asked.speaker, asked.lists, stretch.start, stretch.stop):
        if asked.absent and hit.span in hit.line.likeness:
            # What fails somebody is told by phrases, not by what a model makes of a turn.
            continue
        if earliest is not None and _place(hit) <= _place(earliest):
            continue
        if latest is not None and _place(hit) >= _place(latest):
            continue
        if asked.timed and _time(case, hit) is None:
            continue
        if asked.answered and case.text.next_of(_OTHER[asked.speaker], hit.line.position) is None:
            continue
        yield hit


def _time(case: Case, hit: Hit) -> Hit | None:
    """The time beside a phrase: in its line, or in one of the speaker's next two."""
    following = case.text.of(hit.line.role, hit.line.position + 1)
    near = (hit.line, *islice(following, _LINES_TO_TIME))
    return next((Hit(line, span, "deadline") for line in near for span in times_of(line)), None)


def _first(case: Case, mention: Mention) -> Hit | None:
    return case.text.first(mention.speaker, mention.list)


def _place(hit: Hit) -> tuple[int, int]:
    return hit.line.position, hit.span.first
