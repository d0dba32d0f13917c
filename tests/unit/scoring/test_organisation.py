"""What incidents did to calls and what the organisation is complained of for, added up call by call."""

from __future__ import annotations

from msgspec.structs import replace

from speechqa.core.analysis import Cause, ComplaintSubject, Signal, Signals
from speechqa.core.finding import Evidence, Verdict
from speechqa.core.incidents import EXCUSES, ExcusedVerdict, Incident
from speechqa.scoring.organisation import organisation
from tests.support.stores import call, failure, finding

DOWN = Incident(
    id="down", kind="outage", start="2026-11-03T09:00:00+02:00", end="2026-11-03T11:00:00+02:00",
    what="No billing system", excuses=EXCUSES["outage"],
)  # fmt: skip
IN_TIME, LATER = "2026-11-03T09:30:00+02:00", "2026-11-03T15:00:00+02:00"


def said(quote, start=10.0):
    return Evidence(speaker="customer", quote=quote, start=start, end=start + 2, turn=1)


def complaining(by="organisation", about=(), quote="nothing works"):
    return Signals(
        complaint=Signal(value=True, evidence=(said(quote),)),
        cause=Cause(by=by),
        complaint_subjects=tuple(ComplaintSubject(about=one, said=said(f"{one} {quote}")) for one in about),
    )


def quiet():
    return Signals(complaint=Signal(value=False))


def one(name, at=LATER, signals=None, **more):
    return call(name, started_at=at, signals=signals or quiet(), duration=60.0, **more)


def test_an_incident_has_its_calls_verdicts_quotes_and_places():
    missed = replace(
        finding("promise_with_deadline", Verdict.FAIL, 0), category="professionalism",
        evidence=(replace(said("no idea when", 1.0), speaker="agent"),),
    )  # fmt: skip
    excused = (ExcusedVerdict(incident="down", would_be=missed),)
    found = organisation(
        [
            one("a", IN_TIME, complaining(), incidents=(DOWN,), excused=excused),
            one("b", IN_TIME, incidents=(DOWN,)),
            one("c", LATER, incidents=(DOWN,)),
            one("d", None),
            failure("e"),
        ]
    )
    assert (found.calls, found.untimed, found.touched, found.excused) == (4, 1, 2, 1)
    (fault,) = found.faults
    assert (fault.calls, fault.complaining, fault.excused) == (2, 1, {"promise_with_deadline": 1})
    assert [(word.call_id, word.said.quote) for word in fault.quotes] == [("a", "nothing works")]
    assert [(clip.start, clip.end, clip.why) for clip in fault.clips] == [
        (0.0, 8.0, "promise_with_deadline"),
        (7.0, 17.0, "complaint"),
    ]


def test_a_complaint_of_how_an_agent_behaved_is_not_the_organisations():
    rude = one("a", IN_TIME, complaining("agent", ("staff",)), incidents=(DOWN,))
    found = organisation([rude])
    assert (found.faults[0].complaining, found.faults[0].quotes) == (0, ())
    assert (found.causes, found.blamed) == ({"agent": 1}, ())


def test_what_the_organisation_is_complained_of_for_is_told_with_quotes_incident_or_none():
    found = organisation(
        [
            one("a", signals=complaining(about=("billing", "waiting"))),
            one("b", signals=complaining(about=("billing", "billing", "staff"))),
            one("c", signals=complaining(about=())),
            one("d", signals=complaining("unknown")),
            one("e", signals=Signals()),
            one("f"),
        ],
        most=2,
    )
    assert found.causes == {"organisation": 3, "unknown": 1}
    assert found.unheard == 1
    assert [(part.about, part.calls) for part in found.blamed] == [
        ("billing", 2), ("unknown", 1), ("waiting", 1),
    ]  # fmt: skip
    assert [word.call_id for word in found.blamed[0].quotes] == ["a", "b"]
    assert len(found.blamed[0].clips) == 2
    assert found.faults == ()


def test_a_call_of_an_unknown_queue_is_counted_apart():
    asked = replace(DOWN, queues=("billing",))
    found = organisation([one("a", IN_TIME, incidents=(asked,))])
    assert (found.touched, found.faults[0].calls, found.faults[0].unsure) == (0, 0, 1)
