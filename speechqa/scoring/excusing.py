"""Verdicts that are not the agent's: what a fault of the organisation made impossible leaves the score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Component, Finding, Verdict
from speechqa.core.incidents import (
    EXCUSED,
    ExcusedVerdict,
    Incident,
    digest_of,
    lasting,
    moment,
    near,
    touches,
    unsure_when,
)
from speechqa.core.source import CallMetadata

UNTIMED: Final = (
    "Incidents of the organisation were given, and it is not known at what time this call was: it is excused "
    "from nothing"
)
WHOSE: Final = (
    "An incident of the organisation lay in the time of this call, and it is not known whether it touched "
    "the call's queue or team: it is excused from nothing by that"
)
TWICE: Final = (
    "The clock was changed amid an incident of the organisation, and this call's time does not say by which "
    "clock it is: it is excused because by one of the two the incident lay in its time"
)
NOTICES: Final = frozenset({UNTIMED, WHOSE, TWICE})
"""What may be said of a call to which incidents were given."""


class Excused(NamedTuple):
    """Findings, those excused not applicable; what these would have been; what a reader must know."""

    findings: tuple[Finding, ...]
    verdicts: tuple[ExcusedVerdict, ...] = ()
    notices: tuple[str, ...] = ()


def excuse(
    findings: Sequence[Finding],
    incidents: Iterable[Incident] | None,
    call: CallMetadata,
    duration_s: float | None,
) -> Excused:
    """Take out of a call's score what incidents in its time excuse.

    A pass stays a pass, and courtesy is never excused. The finding keeps its evidence.

    Parameters
    ----------
    incidents : iterable of Incident or None
        None where nobody named a file of them.
    duration_s : float or None
        Length of the call in seconds.
    """
    if incidents is None:
        return Excused(tuple(findings))
    listed = list(incidents)
    if listed and moment(call.started_at) is None:
        return Excused(tuple(findings), notices=(UNTIMED,))
    there = lasting(listed, call, duration_s)
    unsure = any(touches(one, call) is None for one in there)
    by_criterion = {
        name: one for one in reversed(there) if touches(one, call) for name in one.excuses
    }  # the first of several excuses
    changed, verdicts = list[Finding](), list[ExcusedVerdict]()
    for finding in findings:
        incident = by_criterion.get(finding.criterion)
        excusable = finding.verdict is Verdict.FAIL and finding.category == "professionalism"
        if incident is None or not excusable:
            changed.append(finding)
            continue
        verdicts.append(ExcusedVerdict(incident=incident.id, would_be=finding))
        changed.append(_without_points(finding, incident))
    by = {one.incident for one in verdicts}
    twice = unsure_when((one for one in there if one.id in by), call, duration_s)
    notices = tuple(notice for notice, is_so in ((WHOSE, unsure), (TWICE, twice)) if is_so)
    return Excused(tuple(changed), tuple(verdicts), notices)


def judged_with(document: CallAnalysis, incidents: tuple[Incident, ...]) -> bool:
    """Whether a call was judged with these very incidents, as far as they may touch it."""
    started = document.metadata.started_at
    if incidents and moment(started) is None:
        return UNTIMED in document.notices
    there = digest_of(near(incidents, started))
    return there == document.provenance.incidents_digest and UNTIMED not in document.notices


def _without_points(finding: Finding, incident: Incident) -> Finding:
    return replace(
        finding,
        verdict=Verdict.NOT_APPLICABLE,
        earned=None,
        possible=None,
        confidence=None,
        reason=f'{EXCUSED}, "{incident.what}" ({incident.id}); else it would fail: {finding.reason}',
        would_change="",
        components=tuple(_part(part) for part in finding.components),
    )


def _part(part: Component) -> Component:
    return replace(part, earned=None, possible=None)
