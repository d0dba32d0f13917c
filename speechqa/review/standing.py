"""The verdict of record of each criterion of a call: a person's over the machine's, and both kept.

In order of weight:

1. A person's review that was not blind; the newest.
2. The resolution of a dispute; the newest.
3. Blind reviews, where there is nothing else and they agree. They are given to measure how far people agree,
   so one of them never overturns what somebody decided knowing all of it.
4. The machine's finding.

A resolution stands over a review where the dispute was opened after that review: then it is the review that
was contested, and a second person has decided. A review given after a resolution stands over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from speechqa.core.dispute import Dispute, Resolution
from speechqa.core.finding import Finding, Verdict
from speechqa.core.journal import JournalEntry
from speechqa.core.review import Confirmation, Critical, Review, Standing, Statement
from speechqa.scoring.disputes import resolution_counts

HUMAN = "human"
"""Name of the detector of criteria that only people judge."""

AWAITS_CONFIRMATION = "a person's confirmation of the critical failure"
AWAITS_VERDICT = "a person's verdict"


class _Given(msgspec.Struct, frozen=True):
    """A statement with what its points rest on; reviews before the entry `contests` are contested."""

    said: Statement
    earned: int | None = None
    possible: int | None = None
    contests: int = 0


def standing(
    findings: Iterable[Finding],
    entries: Iterable[JournalEntry],
    *,
    points: Mapping[str, int] | None = None,
) -> tuple[Standing, ...]:
    """Where each criterion of a call stands.

    Parameters
    ----------
    findings : iterable of Finding
        The machine's, of the call's current document.
    entries : iterable of JournalEntry
        The journal's entries about the call's recording, oldest first, of any kind; those whose body was
        erased say nothing.
    points : mapping of str to int, optional
        Points of the rubric by criterion, for criteria that the machine did not judge.

    Returns
    -------
    tuple of Standing
        In the order of `findings`. What was said of criteria the rubric no longer has is left out.
    """
    given, confirmed = _given(entries)
    return tuple(
        _one(
            finding,
            given.get(finding.criterion, []),
            confirmed.get(finding.criterion, []),
            (points or {}).get(finding.criterion),
        )
        for finding in findings
    )


def findings_of_record(
    findings: Iterable[Finding],
    entries: Iterable[JournalEntry],
    *,
    points: Mapping[str, int] | None = None,
) -> tuple[Finding, ...]:
    """The findings that count, in the order of `findings`: what scores are added up from."""
    return tuple(one.finding for one in standing(findings, entries, points=points))


def _given(
    entries: Iterable[JournalEntry],
) -> tuple[dict[str, list[_Given]], dict[str, list[JournalEntry]]]:
    """By criterion, what people said of it, and who confirmed that it failed."""
    given: dict[str, list[_Given]] = {}
    confirmed: dict[str, list[JournalEntry]] = {}
    disputes: dict[int, Dispute] = {}
    resolvers: dict[int, list[str]] = {}
    for entry in entries:
        if entry.body is None:
            continue
        if entry.kind == "review":
            review = msgspec.json.decode(entry.body, type=Review)
            said = _statement(entry, "review", review.verdict, review)
            given.setdefault(review.criterion, []).append(_Given(said, review.earned, review.possible))
        elif entry.kind == "dispute":
            disputes[entry.number] = msgspec.json.decode(entry.body, type=Dispute)
        elif entry.kind == "dispute_resolution":
            resolution = msgspec.json.decode(entry.body, type=Resolution)
            dispute = disputes.get(resolution.dispute)
            verdict = resolution.verdict or (dispute.verdict if dispute else None)
            earlier = resolvers.setdefault(resolution.dispute, [])
            if dispute is None or verdict is None or not resolution_counts(entry.actor, earlier):
                continue
            earlier.append(entry.actor)
            said = _statement(entry, "resolution", verdict, resolution)
            before = given.setdefault(dispute.criterion, [])
            held = _contested(before, resolution, verdict)
            before.append(
                _Given(said, held.earned, held.possible, resolution.dispute)
                if held is not None
                else _Given(said, contests=resolution.dispute)
            )
        elif entry.kind == "confirmation":
            confirmation = msgspec.json.decode(entry.body, type=Confirmation)
            confirmed.setdefault(confirmation.criterion, []).append(entry)
    return given, confirmed


def _contested(given: list[_Given], resolution: Resolution, verdict: Verdict) -> _Given | None:
    """What a person had said that an upheld dispute contested: its points stand with its verdict.

    None where it was the machine's, or the verdict was changed.
    """
    if resolution.verdict is not None:
        return None
    held, _ = _holding([one for one in given if one.said.number < resolution.dispute])
    return held if held is not None and held.said.verdict is verdict else None


def _statement(entry: JournalEntry, source: str, verdict: Verdict, body: Review | Resolution) -> Statement:
    return msgspec.convert(
        {
            "number": entry.number, "at": entry.at, "actor": entry.actor, "source": source,
            "verdict": verdict, "comment": body.comment,
            "blind": isinstance(body, Review) and body.blind,
            "run_id": body.run_id if isinstance(body, Review) else "",
        },
        Statement,
    )  # fmt: skip


def _one(
    machine: Finding, given: list[_Given], confirmed: list[JournalEntry], points: int | None
) -> Standing:
    holds, waits = _holding(given)
    finding = machine if holds is None else _of_record(machine, holds, points)
    said = holds.said if holds is not None else None
    critical: Critical = ""
    confirmed_by = ""
    if machine.critical and finding.verdict is Verdict.FAIL:
        # Who says so knowing what it is about has confirmed it; a contrary verdict undoes what was before it.
        by_person = said is not None and not said.blind
        contrary = (one.said.number for one in given if one.said.verdict is not Verdict.FAIL)
        since = max(contrary, default=0)
        again = next((entry.actor for entry in reversed(confirmed) if entry.number > since), "")
        confirmed_by = again or (said.actor if said is not None and by_person else "")
        critical = "confirmed" if confirmed_by else "waits"
        waits = waits or ("" if confirmed_by else AWAITS_CONFIRMATION)
    if not waits and said is None and machine.detector.partition("/")[0] == HUMAN:
        waits = AWAITS_VERDICT if machine.verdict is Verdict.NOT_ASSESSED else ""
    return Standing(
        criterion=machine.criterion,
        category=machine.category,
        finding=finding,
        machine=machine,
        source="machine" if said is None else said.source,
        by="" if said is None else said.actor,
        at="" if said is None else said.at,
        comment="" if said is None else said.comment,
        critical=critical,
        confirmed_by=confirmed_by,
        waits=waits,
        said=tuple(one.said for one in given),
    )


def _holding(given: list[_Given]) -> tuple[_Given | None, str]:
    """What a person said that counts, None for the machine's; and what a disagreement waits for."""
    sighted = [one for one in given if one.said.source == "review" and not one.said.blind]
    resolved = [one for one in given if one.said.source == "resolution"]
    review = sighted[-1] if sighted else None
    resolution = resolved[-1] if resolved else None
    if review is not None and resolution is not None:
        contested = review.said.number < resolution.contests
        return (resolution if contested else review), ""
    if review is not None or resolution is not None:
        return review or resolution, ""
    newest = {one.said.actor: one for one in given}
    verdicts = {one.said.verdict for one in newest.values()}
    if len(verdicts) > 1:
        counts = ", ".join(
            f"{sum(one.said.verdict is verdict for one in newest.values())} {verdict.value}"
            for verdict in sorted(verdicts)
        )
        return None, f"a review that settles it: blind ones say {counts}"
    return (given[-1] if given else None), ""


def _of_record(machine: Finding, holds: _Given, points: int | None) -> Finding:
    """The machine's finding with a person's verdict, and the points that it is worth.

    A person heard the call: where the machine had nothing to look at, the first turn stands for what was
    searched, which a verdict that counts must name.
    """
    verdict, possible = holds.said.verdict, machine.possible
    if possible is None:
        possible = points if points is not None else holds.possible
    if verdict is machine.verdict and holds.earned is None:
        earned = machine.earned
    elif not verdict.counts:
        earned = possible = None
    else:
        if possible is None:
            # Nobody knows what it is worth, so that it cannot count; the statement is kept all the same.
            return machine
        full = possible if verdict is Verdict.PASS else 0
        earned = holds.earned if holds.earned is not None and holds.possible == possible else full
    if not verdict.counts:
        earned = possible = None
    searched = machine.searched_turns
    if verdict.counts and not (machine.evidence or machine.searched or searched):
        searched = (0, 0)
    return msgspec.structs.replace(
        machine,
        verdict=verdict,
        earned=earned,
        possible=possible,
        reason=machine.reason if verdict is machine.verdict else holds.said.comment,
        confidence=machine.confidence if verdict is machine.verdict else None,
        components=machine.components if earned == machine.earned else (),
        detector=f"{holds.said.source} by a person",
        searched_turns=searched,
        would_change=machine.would_change if verdict is machine.verdict else "",
    )
