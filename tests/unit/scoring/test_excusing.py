"""What an incident of the organisation takes from an agent's score, and what it never does."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from speechqa.core.finding import Component, Evidence, Verdict
from speechqa.core.incidents import EXCUSES, Incident, digest_of, length_of, near
from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Turn
from speechqa.reports.language import language
from speechqa.scoring import score
from speechqa.scoring.excusing import NOTICES, TWICE, UNTIMED, WHOSE, excuse
from tests.support.stores import finding
from tests.support.told_sentences import sentences_of_findings, untold

SAID = Evidence(speaker="agent", quote="i can't see anything here", start=4.0, end=6.0, turn=2)
MISSED = replace(finding("solution_offered", Verdict.FAIL, 0), category="professionalism", evidence=(SAID,))
DOWN = Incident(
    id="down", kind="outage", start="2026-11-03T09:00:00+02:00", end="2026-11-03T11:00:00+02:00",
    what="No billing system", excuses=EXCUSES["outage"],
)  # fmt: skip
IN_TIME = CallMetadata(started_at="2026-11-03T10:00:00+02:00")


def verdict(call=IN_TIME, incidents=(DOWN,), found=MISSED, duration=60.0):
    return excuse([found], incidents, call, duration).findings[0].verdict


def test_what_an_outage_made_impossible_is_not_the_agents():
    found = excuse([MISSED], [DOWN], IN_TIME, 60.0)
    (changed,), (kept,) = found.findings, found.verdicts
    assert changed.verdict is Verdict.NOT_APPLICABLE
    assert changed.reason.startswith("excused:organisation")
    assert "No billing system" in changed.reason
    assert changed.evidence == MISSED.evidence
    assert (kept.incident, kept.would_be) == ("down", MISSED)
    assert score(found.findings)["professionalism"].possible == 0
    assert untold(sentences_of_findings(found.findings)) == []


@pytest.mark.parametrize("stays", [Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.NOT_ASSESSED])
def test_only_a_fail_is_excused(stays):
    counts = stays.counts
    other = replace(MISSED, verdict=stays, earned=5 if counts else None, possible=5 if counts else None)
    assert verdict(found=other) is stays


def test_courtesy_is_excused_by_nothing_whatever_the_incident_says():
    rude = replace(MISSED, category="courtesy")
    assert verdict(found=rude) is Verdict.FAIL
    other = replace(MISSED, criterion="greeting")
    assert verdict(found=other) is Verdict.FAIL


@pytest.mark.parametrize(
    ("started_at", "duration", "excused"),
    [
        ("2026-11-03T10:00:00+02:00", 60.0, True),
        ("2026-11-03T08:00:00Z", 60.0, True),
        ("2026-11-03T10:00", 60.0, True),  # without an offset, by the incident's own clock
        ("2026-11-03T08:59:30+02:00", 60.0, True),  # it began amid the call
        ("2026-11-03T08:58:00+02:00", 60.0, False),
        ("2026-11-03T11:00:00+02:00", 60.0, False),
        ("2026-11-03T10:00:00Z", 60.0, False),
        ("2026-11-04T10:00:00+02:00", 60.0, False),
        ("2026-11-03T10:00:00+02:00", None, True),
        ("9999-12-31T23:59:59+02:00", 60.0, False),
    ],
)
def test_only_a_call_in_its_time_is_excused(started_at, duration, excused):
    found = verdict(CallMetadata(started_at=started_at), duration=duration)
    assert (found is Verdict.NOT_APPLICABLE) == excused
    if excused:
        assert near([DOWN], started_at) == (DOWN,)


@pytest.mark.parametrize("started_at", [None, "", "2026-11-03", "some day"])
def test_a_call_without_a_time_is_not_excused_and_says_so(started_at):
    found = excuse([MISSED], [DOWN], CallMetadata(started_at=started_at), 60.0)
    assert found.findings == (MISSED,)
    assert found.notices == (UNTIMED,)
    assert near([DOWN], started_at) == ()
    assert excuse([MISSED], (), CallMetadata(), 60.0).notices == ()
    assert excuse([MISSED], None, CallMetadata(), 60.0).notices == ()


@pytest.mark.parametrize(
    ("queues", "teams", "call", "excused", "noticed"),
    [
        (("Billing",), (), {"tags": {"Queue": " billing"}}, True, False),
        (("billing",), (), {"tags": {"queue": "sales"}}, False, False),
        (("billing",), (), {}, False, True),
        ((), ("north",), {"team": "North"}, True, False),
        ((), ("north",), {"team": "south"}, False, False),
        (("billing",), ("north",), {"team": "north"}, True, False),
        (("billing",), ("north",), {"team": "south", "tags": {"queue": "sales"}}, False, False),
        (("billing",), ("north",), {"team": "south"}, False, True),
    ],
)
def test_whom_it_touched_is_asked_of_the_call(queues, teams, call, excused, noticed):
    incident = replace(DOWN, queues=queues, teams=teams)
    found = excuse([MISSED], [incident], CallMetadata(started_at=IN_TIME.started_at, **call), 60.0)
    assert (found.findings[0].verdict is Verdict.NOT_APPLICABLE) == excused
    assert (WHOSE in found.notices) == noticed


def test_of_two_the_first_excuses_and_parts_keep_their_words_without_points():
    part = Component(id="a", verdict=Verdict.FAIL, earned=0, possible=5, reason="r")
    found = excuse([replace(MISSED, components=(part,))], [DOWN, replace(DOWN, id="again")], IN_TIME, 60.0)
    assert [one.incident for one in found.verdicts] == ["down"]
    assert [(p.earned, p.possible, p.reason) for p in found.findings[0].components] == [(None, None, "r")]


def test_a_digest_says_which_incidents_and_nothing_where_there_are_none():
    assert digest_of(()) is None
    assert digest_of((DOWN,)) == digest_of((replace(DOWN),))
    assert digest_of((DOWN,)) != digest_of((replace(DOWN, what="Another"),))


@pytest.mark.parametrize(
    "fault", [{"start": "2026-11-03"}, {"end": "2026-11-03T08:00:00+02:00"}, {"end": "2026-11-03T12:00"}]
)
def test_an_incident_without_a_proper_time_cannot_be_made(fault):
    with pytest.raises(ValueError, match=r"no time|ends before"):
        replace(DOWN, **fault)


def test_what_is_noticed_is_told_in_hebrew():
    assert untold(NOTICES) == []
    assert "תקלה" in language("he").told(WHOSE)


@pytest.mark.parametrize(
    ("start", "end", "at", "excused", "said"),
    [
        # Clocks go back from 02:00 +03:00 to 01:00 +02:00: half past one comes twice.
        ("2026-10-25T00:30+03:00", "2026-10-25T01:15+02:00", "2026-10-25T01:40", True, True),
        ("2026-10-25T01:40+03:00", "2026-10-25T01:20+02:00", "2026-10-25T01:50", True, True),
        ("2026-10-25T01:40+03:00", "2026-10-25T01:20+02:00", "2026-10-25T01:10", True, True),
        ("2026-10-25T00:30+03:00", "2026-10-25T01:15+02:00", "2026-10-25T01:05", True, False),
        ("2026-10-25T00:30+03:00", "2026-10-25T01:15+02:00", "2026-10-25T03:00", False, False),
        ("2026-10-25T00:30+03:00", "2026-10-25T01:15+02:00", "2026-10-25T01:40+02:00", False, False),
    ],
)
def test_in_an_hour_that_comes_twice_either_reading_excuses_and_is_said(start, end, at, excused, said):
    incident = replace(DOWN, start=start, end=end)
    found = excuse([MISSED], [incident], CallMetadata(started_at=at), 60.0)
    assert (found.findings[0].verdict is Verdict.NOT_APPLICABLE) == excused
    assert (TWICE in found.notices) == said
    assert bool(near([incident], at)) >= excused


def test_without_a_recording_the_last_turn_tells_how_long_it_was():
    turns = (Turn(speaker="a", text="x", start=0.0, end=90.0), Turn(speaker="b", text="y"))
    assert (length_of(None, turns), length_of(12.0, turns), length_of(None, turns[1:])) == (90.0, 12.0, None)
