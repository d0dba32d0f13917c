"""What faults of the organisation did to calls: whom they touched, what they excused, what customers said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.finding import Evidence
from speechqa.core.incidents import Incident, lasting, length_of, moment, touches
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
        Calls it touched in which the customer complains, and not of how an agent behaved.
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


class Blamed(Value, frozen=True, kw_only=True):
    """What customers complain of whose complaints the organisation gave cause for, incident or none.

    `about` is a subject of complaints, or `unknown`; a call may have several. `quotes` and `clips` as in
    `Fault`.
    """

    about: str
    calls: int
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
    causes : mapping of str to int
        Calls with a complaint by who gave cause for it: `organisation`, `agent`, `unknown`.
    unheard : int
        Calls of which it is not known whether the customer complains.
    blamed : tuple of Blamed
        What the organisation is complained of for, most calls first.
    """

    calls: int
    untimed: int
    touched: int
    excused: int
    faults: tuple[Fault, ...]
    by_kind: Mapping[str, KindTotal]
    causes: Mapping[str, int]
    unheard: int
    blamed: tuple[Blamed, ...]


class _Heard:
    """Words of customers and where to hear them, at most so many of each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.quotes: list[CustomerWord] = []
        self.clips: list[Clip] = []

    def quote(self, call: CallAnalysis, evidence: Iterable[Evidence], why: str) -> None:
        """Keep what a customer says, and the place of it."""
        words = [CustomerWord(call_id=call.call_id, said=one) for one in evidence]
        self.quotes += words[: max(0, self._most - len(self.quotes))]
        self.place(call, evidence, why)

    def place(self, call: CallAnalysis, evidence: Iterable[Evidence], why: str) -> None:
        """Keep the first of the places that has a time."""
        for one in evidence:
            if one.start is None or one.end is None or len(self.clips) >= self._most:
                continue
            end = one.end + _AFTER_S if call.duration is None else min(call.duration, one.end + _AFTER_S)
            self.clips.append(
                Clip(call_id=call.call_id, start=max(0.0, round(one.start - _BEFORE_S, 1)),
                     end=round(max(end, one.end), 1), why=why)
            )  # fmt: skip
            return


class _Tally(_Heard):
    """One incident as it adds up."""

    def __init__(self, incident: Incident, most: int) -> None:
        super().__init__(most)
        self.incident = incident
        self.calls = self.unsure = self.complaining = 0
        self.excused: Counter[str] = Counter()

    def add(self, call: CallAnalysis) -> None:
        """Count a call that the incident touched."""
        self.calls += 1
        # What an agent could not do first: that is what the incident is heard by.
        for verdict in call.excused:
            if verdict.incident == self.incident.id:
                finding = verdict.would_be
                self.excused[finding.criterion] += 1
                self.place(call, finding.evidence, finding.criterion)
        if call.signals.complaint.value and _cause(call) != "agent":
            self.complaining += 1
            self.quote(call, call.signals.complaint.evidence, "complaint")

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


class _Blame:
    """What the organisation is complained of for, as it adds up over calls."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.causes: Counter[str] = Counter()
        self.unheard = 0
        self._calls: Counter[str] = Counter()
        self._heard: dict[str, _Heard] = {}

    def add(self, call: CallAnalysis) -> None:
        """Count a call by who gave cause for its complaint, and by what that is about."""
        signals = call.signals
        self.unheard += signals.complaint.value is None
        if not signals.complaint.value:
            return
        cause = _cause(call)
        self.causes[cause] += 1
        if cause != "organisation":
            return
        about: dict[str, list[Evidence]] = {}
        for subject in signals.complaint_subjects or ():
            if subject.about != "staff":
                about.setdefault(subject.about, []).append(subject.said)
        for name, words in (about or {"unknown": list(signals.complaint.evidence)}).items():
            self._calls[name] += 1
            self._heard.setdefault(name, _Heard(self._most)).quote(call, words, "complaint")

    def blamed(self) -> tuple[Blamed, ...]:
        """What it came to, most calls first."""
        order = sorted(self._calls, key=lambda name: (-self._calls[name], name))
        return tuple(
            Blamed(
                about=name,
                calls=self._calls[name],
                quotes=tuple(self._heard[name].quotes),
                clips=tuple(self._heard[name].clips),
            )
            for name in order
        )


def _cause(call: CallAnalysis) -> str:
    cause = call.signals.cause
    return "unknown" if cause is None else cause.by


def organisation(documents: Iterable[Document], *, most: int = 5) -> Organisation:
    """Add up what incidents did to calls, each of which is read once and not held.

    Parameters
    ----------
    documents : iterable of Document
        Calls; those that could not be analysed are left out.
    most : int
        Quotes and clips of each incident, and of each thing complained of.
    """
    tallies: dict[Incident, _Tally] = {}
    kinds: Counter[str] = Counter()
    blame = _Blame(most)
    calls = untimed = touched = 0
    for call in documents:
        if not isinstance(call, CallAnalysis):
            continue
        calls += 1
        untimed += moment(call.metadata.started_at) is None
        blame.add(call)
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
        causes=dict(sorted(blame.causes.items())),
        unheard=blame.unheard,
        blamed=blame.blamed(),
    )


def _there(call: CallAnalysis, tallies: dict[Incident, _Tally], most: int) -> Iterator[_Tally]:
    """The incidents that touched a call; those of which that is not known are counted apart."""
    length = length_of(call.duration, call.transcript.turns if call.transcript else ())
    for incident in lasting(call.incidents, call.metadata, length):
        tally = tallies.setdefault(incident, _Tally(incident, most))
        touched = touches(incident, call.metadata)
        if touched:
            yield tally
        tally.unsure += touched is None
