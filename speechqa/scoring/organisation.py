"""What faults of the organisation did to calls: whom they touched, what they excused, what customers said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.finding import Evidence
from speechqa.core.incidents import Incident, lasting, moment, touches
from speechqa.core.value import Value

_BEFORE_S, _AFTER_S = 3.0, 5.0


class Clip(Value, frozen=True, kw_only=True):
    """A stretch of a call to hear, in seconds, and why: a criterion's id, or `complaint`."""

    call_id: str
    start: float
    end: float
    why: str


class CustomerWord(Value, frozen=True, kw_only=True):
    """What a customer says in complaint."""

    call_id: str
    said: Evidence


class Fault(Value, frozen=True, kw_only=True):
    """One incident and what it did.

    Attributes
    ----------
    calls : int
        Calls in its time that it touched; `unsure` those of which it is not known whether it did.
    excused : mapping of str to int
        How many verdicts of each criterion it made not applicable.
    complaining : int
        Calls it touched in which the customer complains.
    quotes : tuple of CustomerWord
        What customers said in them, at most so many as were asked for.
    clips : tuple of Clip
        What to hear, as many; where words have times.
    """

    incident: Incident
    calls: int
    unsure: int
    excused: Mapping[str, int]
    complaining: int
    quotes: tuple[CustomerWord, ...]
    clips: tuple[Clip, ...]


class KindTotal(Value, frozen=True, kw_only=True):
    """All incidents of a kind: how many, calls they touched (one touched by two counts once), verdicts."""

    incidents: int
    calls: int
    excused: int


class Organisation(Value, frozen=True, kw_only=True):
    """Faults of the organisation over calls, those that touched most calls first.

    Attributes
    ----------
    calls : int
        Analysed calls that were gone through; `untimed` those of them without a time, which no incident
        excuses.
    touched : int
        Calls that some incident touched.
    excused : int
        Verdicts in all that were taken from the scores of agents.
    """

    calls: int
    untimed: int
    touched: int
    excused: int
    faults: tuple[Fault, ...]
    by_kind: Mapping[str, KindTotal]


class _Tally:
    """One incident as it adds up."""

    def __init__(self, incident: Incident, most: int) -> None:
        self.incident, self._most = incident, most
        self.calls = self.unsure = self.complaining = 0
        self.excused: Counter[str] = Counter()
        self.quotes: list[CustomerWord] = []
        self.clips: list[Clip] = []

    def add(self, call: CallAnalysis) -> None:
        """Count a call that the incident touched."""
        self.calls += 1
        # What an agent could not do first: that is what the incident is heard by.
        for verdict in call.excused:
            if verdict.incident == self.incident.id:
                finding = verdict.would_be
                self.excused[finding.criterion] += 1
                self._hear(call, finding.evidence, finding.criterion)
        complaint = call.signals.complaint
        if complaint.value:
            self.complaining += 1
            words = [CustomerWord(call_id=call.call_id, said=one) for one in complaint.evidence]
            self.quotes += words[: max(0, self._most - len(self.quotes))]
            self._hear(call, complaint.evidence, "complaint")

    def _hear(self, call: CallAnalysis, evidence: Iterable[Evidence], why: str) -> None:
        for one in evidence:
            if one.start is None or one.end is None or len(self.clips) >= self._most:
                continue
            end = one.end + _AFTER_S if call.duration is None else min(call.duration, one.end + _AFTER_S)
            self.clips.append(
                Clip(call_id=call.call_id, start=max(0.0, round(one.start - _BEFORE_S, 1)),
                     end=round(max(end, one.end), 1), why=why)
            )  # fmt: skip
            return

    def fault(self) -> Fault:
        """What it came to."""
        return Fault(
            incident=self.incident,
            calls=self.calls,
            unsure=self.unsure,
            excused=dict(sorted(self.excused.items())),
            complaining=self.complaining,
            quotes=tuple(self.quotes),
            clips=tuple(self.clips),
        )


def organisation(documents: Iterable[Document], *, most: int = 5) -> Organisation:
    """Add up what incidents did to calls, each of which is read once and not held.

    Parameters
    ----------
    documents : iterable of Document
        Calls; those that could not be analysed are left out.
    most : int
        Quotes and clips of each incident.
    """
    tallies: dict[Incident, _Tally] = {}
    kinds: Counter[str] = Counter()
    calls = untimed = touched = 0
    for call in documents:
        if not isinstance(call, CallAnalysis):
            continue
        calls += 1
        untimed += moment(call.metadata.started_at) is None
        there = list(_there(call, tallies, most))
        for tally in there:
            tally.add(call)
        touched += bool(there)
        kinds.update({tally.incident.kind for tally in there})
    met = [tally.fault() for tally in tallies.values() if tally.calls or tally.unsure]
    by_kind: dict[str, KindTotal] = {
        kind: KindTotal(
            incidents=sum(fault.incident.kind == kind for fault in met),
            calls=kinds[kind],
            excused=sum(sum(f.excused.values()) for f in met if f.incident.kind == kind),
        )
        for kind in sorted({fault.incident.kind for fault in met})
    }
    return Organisation(
        calls=calls,
        untimed=untimed,
        touched=touched,
        excused=sum(total.excused for total in by_kind.values()),
        faults=tuple(sorted(met, key=lambda one: (-one.calls, one.incident.begins, one.incident.id))),
        by_kind=by_kind,
    )


def _there(call: CallAnalysis, tallies: dict[Incident, _Tally], most: int) -> Iterator[_Tally]:
    """The incidents that touched a call; those of which that is not known are counted apart."""
    for incident in lasting(call.incidents, call.metadata, call.duration):
        tally = tallies.setdefault(incident, _Tally(incident, most))
        touched = touches(incident, call.metadata)
        if touched:
            yield tally
        tally.unsure += touched is None
