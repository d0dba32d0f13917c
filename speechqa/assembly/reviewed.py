"""What people judged, gathered out of a store for the statistics of agreement."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from speechqa.assembly.samples import parts_of
from speechqa.core.analysis import CallAnalysis
from speechqa.core.dispute import Dispute, Resolution
from speechqa.core.finding import Verdict
from speechqa.core.journal import JournalEntry
from speechqa.core.review import Part, Review
from speechqa.errors import CallNotFound
from speechqa.protocols import Store
from speechqa.review.agreement_values import Judged


class Gathered(NamedTuple):
    """What was judged, and how many reviewed calls are no longer in the store."""

    judged: tuple[Judged, ...]
    gone: int


class _Rating(NamedTuple):
    entry: JournalEntry
    verdict: Verdict
    blind: bool
    contested: bool


def judged_calls(store: Store, *, criterion: str | None = None, blind_only: bool = False) -> Gathered:
    """Every criterion that people judged, beside what the machine now says of it.

    Of several verdicts by one person the newest blind one is taken, else the newest. Who resolved a dispute
    judged too; such verdicts stand apart, for agents choose what they contest. A call stands in the part of
    the last sample before its review that it was drawn in.

    Parameters
    ----------
    criterion : str, optional
        Only this one.
    blind_only : bool
        Only verdicts given without knowing any other.
    """
    ratings = _ratings(store, criterion, blind_only)
    drawn = parts_of(store)
    machine: dict[str, tuple[str, dict[str, Verdict]] | None] = {}
    groups: dict[tuple[str, str, Part], dict[str, _Rating]] = {}
    for (identity, named, actor), rating in ratings.items():
        part = _part(drawn.get(identity, []), rating)
        groups.setdefault((identity, named, part), {})[actor] = rating
        if identity not in machine:
            machine[identity] = _machine(store, rating.entry)
    judged = []
    for (identity, named, part), people in groups.items():
        found = machine[identity]
        if found is None:
            continue
        call_id, verdicts = found
        judged.append(
            Judged(
                call_id=call_id,
                criterion=named,
                part=part,
                machine=verdicts.get(named),
                people={actor: rating.verdict for actor, rating in sorted(people.items())},
                blind=frozenset(actor for actor, rating in people.items() if rating.blind),
            )
        )
    return Gathered(tuple(judged), sum(found is None for found in machine.values()))


def _ratings(store: Store, criterion: str | None, blind_only: bool) -> dict[tuple[str, str, str], _Rating]:
    """By identity, criterion and person."""
    found: dict[tuple[str, str, str], _Rating] = {}
    for entry in store.notes("review"):
        if entry.body is None or entry.identity is None:
            continue
        review = msgspec.json.decode(entry.body, type=Review)
        if criterion not in (None, review.criterion) or (blind_only and not review.blind):
            continue
        key = (entry.identity, review.criterion, _one_spelling(entry.actor))
        before = found.get(key)
        if before is None or review.blind or not before.blind:
            found[key] = _Rating(entry, review.verdict, review.blind, contested=False)
    if blind_only:
        return found
    disputes = {entry.number: entry for entry in store.notes("dispute")}
    for entry in store.notes("dispute_resolution"):
        if entry.body is None or entry.identity is None:
            continue
        resolution = msgspec.json.decode(entry.body, type=Resolution)
        opened = disputes.get(resolution.dispute)
        if opened is None or opened.body is None:
            continue
        dispute = msgspec.json.decode(opened.body, type=Dispute)
        verdict = resolution.verdict or dispute.verdict
        key = (entry.identity, dispute.criterion, _one_spelling(entry.actor))
        if verdict is None or criterion not in (None, dispute.criterion) or key in found:
            continue
        found[key] = _Rating(entry, verdict, blind=False, contested=True)
    return found


def _one_spelling(name: str) -> str:
    """A name as it is compared: one person is one rater, whatever the case and the blanks."""
    return " ".join(name.split()).casefold()


def _part(drawn: list[tuple[int, Part]], rating: _Rating) -> Part:
    if rating.contested:
        return "disputed"
    before = [part for number, part in drawn if number < rating.entry.number]
    return before[-1] if before else "chosen"


def _machine(store: Store, entry: JournalEntry) -> tuple[str, dict[str, Verdict]] | None:
    """The call's id and the machine's verdicts now; None where it is no longer in the store."""
    try:
        document = store.get(entry.call_id or "")
    except CallNotFound:
        return None
    if not isinstance(document, CallAnalysis):
        return None
    return document.call_id, {finding.criterion: finding.verdict for finding in document.findings}
