"""A person's verdicts beside the machine's: kept, never over them; and where each criterion then stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from speechqa.assembly.periods import require_open
from speechqa.assembly.roles import stored_call
from speechqa.assembly.samples import given_reviews
from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Finding, Verdict
from speechqa.core.review import Confirmation, Review, Standing
from speechqa.core.value import Value
from speechqa.errors import UsageError
from speechqa.protocols import Store
from speechqa.review.of_document import points_of, standing_of
from speechqa.scoring.disputes import is_person

TELLING = frozenset(
    {
        "show", "audit", "scored", "review", "report", "pack", "calls exported", "agent", "agent own view",
        "customer", "roles", "roles tried", "roles corrected", "roles correction dropped", "rescored",
        "rescore tried", "rubric tried", "words corrected", "words correction dropped",
    }
)  # fmt: skip
"""Accesses after which somebody knows the verdicts of a call."""


class ReviewRow(NamedTuple):
    """A verdict as a person gives it; `where` is the place it stands in, for messages."""

    call: str
    criterion: str
    verdict: str
    comment: str
    blind: bool = False
    points: int | None = None
    where: str | None = None


class Recorded(Value, frozen=True, kw_only=True):
    """A verdict that was kept, or stood there already.

    `number` is its entry in the journal, None where it said nothing new; `machine` is the machine's verdict,
    None where the person judged blind and may go on to.
    """

    call_id: str
    criterion: str
    verdict: Verdict
    by: str
    blind: bool
    state: Literal["recorded", "same"]
    number: int | None = None
    machine: Verdict | None = None


def record_reviews(store: Store, rows: Sequence[ReviewRow], *, by: str) -> tuple[Recorded, ...]:
    """Keep a person's verdicts; all rows are checked before the first is kept.

    What the same person said before of the same criterion stays in the journal and no longer counts. A row
    that says the very same again is not kept twice, so that a file can be given again after a stop.

    Raises
    ------
    CallNotFound, RecordingError
        If a row's call is not there, or could not be analysed.
    UsageError
        If a row cannot be: no such criterion or verdict, no comment, points out of step, a call of the
        reviewer's own, one of a closed period, or a blind verdict by somebody who has seen the scorecard.
    """
    who = _named(by)
    documents: dict[str, CallAnalysis] = {}
    checked: list[tuple[CallAnalysis, str, Finding, Review]] = []
    for row in rows:
        if row.call not in documents:
            document = stored_call(store, row.call)
            _require_another(document, by)
            require_open(store, document, "A new review")
            # Of thousands of calls only what is judged may stay in memory.
            documents[row.call] = msgspec.structs.replace(
                document, transcript=None, dialogue=None, stress={}, accommodation=None
            )
        document = documents[row.call]
        finding = finding_of(document, row.criterion, where=row.where)
        identity = store.identity(document.call_id)
        if row.blind:
            _require_unseen(store, document, identity, row, who)
        review = _review(row, finding, document)
        checked.append((document, identity, finding, review))
    known = {identity: given_reviews(store, identity, who) for identity in {one[1] for one in checked}}
    return tuple(_kept(store, *one, known=known, by=who) for one in checked)


def _kept(
    store: Store,
    document: CallAnalysis,
    identity: str,
    finding: Finding,
    review: Review,
    *,
    known: dict[str, dict[str, Review]],
    by: str,
) -> Recorded:
    same = known[identity].get(review.criterion) == review
    number = None
    if not same:
        entry = store.note(
            "review", review, actor=by, identity=identity, call=document.call_id, while_open=True
        )
        number = entry.number
        known[identity][review.criterion] = review
    return Recorded(
        call_id=document.call_id,
        criterion=review.criterion,
        verdict=review.verdict,
        by=by,
        blind=review.blind,
        state="same" if same else "recorded",
        number=number,
        machine=None if review.blind else finding.verdict,
    )


def confirm_failure(store: Store, reference: str, criterion: str, *, by: str, comment: str = "") -> Standing:
    """Confirm that a critical criterion failed.

    Raises
    ------
    CallNotFound, RecordingError
        As `record_reviews`.
    UsageError
        If it is not critical, did not fail, was confirmed before, or is of a call of the person's own or of
        one in a closed period.
    """
    from speechqa.privacy.redaction import redact_text

    who = _named(by)
    document, found = record_of(store, reference)
    finding = finding_of(document, criterion)
    where = f"call {document.call_id}, {criterion}"
    now = next(one for one in found if one.criterion == criterion)
    if not finding.critical:
        critical = [f.criterion for f in document.findings if f.critical]
        raise UsageError(
            "This criterion is not critical: nothing waits for a confirmation",
            where=where,
            expected="one of " + ", ".join(critical) if critical else "a rubric with critical criteria",
            hint=f"Give a verdict of your own: speechqa review record {document.call_id} "
            f"--criterion {criterion} --verdict ...",
        )
    if now.finding.verdict is not Verdict.FAIL:
        raise UsageError(
            "There is no failure to confirm", where=where, found=f"{now.finding.verdict.value} of record"
        )
    if now.critical == "confirmed":
        raise UsageError("It was confirmed already", where=where, found=f"by {now.confirmed_by}")
    _require_another(document, by)
    require_open(store, document, "A confirmation")
    body = Confirmation(
        criterion=criterion, comment=redact_text(comment.strip()), run_id=document.provenance.run_id
    )
    identity = store.identity(document.call_id)
    store.note("confirmation", body, actor=who, identity=identity, call=document.call_id, while_open=True)
    _, after = record_of(store, document.call_id)
    return next(one for one in after if one.criterion == criterion)


def record_of(store: Store, reference: str) -> tuple[CallAnalysis, tuple[Standing, ...]]:
    """A call's document, and where each of its criteria stands.

    Raises
    ------
    CallNotFound, RecordingError
        If there is no such call, or it could not be analysed.
    """
    document = stored_call(store, reference)
    return document, standings_of(store, document)


def standings_of(store: Store, document: CallAnalysis) -> tuple[Standing, ...]:
    """Where each criterion of an analysed call stands."""
    return standing_of(document, store.notes(identity=store.identity(document.call_id)))


def finding_of(document: CallAnalysis, criterion: str, *, where: str | None = None) -> Finding:
    """What the machine found on a criterion of a call.

    Raises
    ------
    UsageError
        If the call was not judged on it.
    """
    for finding in document.findings:
        if finding.criterion == criterion:
            return finding
    known = ", ".join(finding.criterion for finding in document.findings)
    raise UsageError(
        "No such criterion in this call",
        where=_place(where, document),
        found=criterion,
        expected=f"one of {known}" if known else "a call that was judged",
    )


def _review(row: ReviewRow, finding: Finding, document: CallAnalysis) -> Review:
    from speechqa.privacy.redaction import redact_text

    where = _place(row.where, None) or f"call {row.call}, {row.criterion}"
    if row.verdict not in list(Verdict):
        raise UsageError(
            "This is no verdict", where=where, found=row.verdict, expected=", ".join(v.value for v in Verdict)
        )
    if not row.comment.strip():
        raise UsageError(
            "A verdict needs a comment",
            where=where,
            expected="what it rests on, in your own words",
            hint="Give it with --comment; the agent may contest the verdict and reads it then.",
        )
    verdict = Verdict(row.verdict)
    possible = finding.possible
    if possible is None and verdict.counts:
        possible = points_of(document).get(row.criterion)
    if row.points is not None:
        fits = possible is not None and verdict.counts and 0 <= row.points <= possible
        if not fits:
            raise UsageError(
                "Points do not fit the verdict",
                where=where,
                found=f"{row.points} with {verdict.value}",
                expected=f"0 to {possible}, with pass or fail" if possible is not None else "no points",
            )
    return Review(
        criterion=row.criterion,
        verdict=verdict,
        comment=redact_text(row.comment.strip()),
        blind=row.blind,
        run_id=document.provenance.run_id,
        earned=row.points,
        possible=possible if verdict.counts else None,
    )


def _require_unseen(store: Store, document: CallAnalysis, identity: str, row: ReviewRow, by: str) -> None:
    """Refuse a blind verdict by somebody who knows another."""
    seen = [a for a in store.accesses(document.call_id) if a.event in TELLING and is_person(a.actor, by)]
    before = given_reviews(store, identity, by).get(row.criterion)
    if not seen and (before is None or before.blind):
        return
    found = f"{by} judged it before, not blind"
    if seen:
        found = f"{by} saw it on {seen[0].at[:16]} ({seen[0].event})"
    raise UsageError(
        "A verdict is blind only before the scorecard was seen",
        where=_place(row.where, document),
        found=found,
        hint="Record it without --blind, or have somebody else judge the call.",
    )


def _require_another(document: CallAnalysis, by: str) -> None:
    known = document.metadata
    if is_person(by, known.agent_id, known.agent_name):
        raise UsageError(
            "Nobody reviews their own call",
            where=f"call {document.call_id}",
            found=by,
            expected="another person, named with --by",
            hint=f"Contest a verdict: speechqa dispute open {document.call_id}",
        )


def _named(by: str) -> str:
    from speechqa.privacy.redaction import redact_text

    if not by.strip():
        raise UsageError("Nobody is named", expected="who judges", hint="Give it with --by.")
    return redact_text(by.strip())


def _place(where: str | None, document: CallAnalysis | None) -> str | None:
    return where if where is not None else None if document is None else f"call {document.call_id}"
