"""Sums count the verdicts of record: what people said over the machine, and the machine's beside it."""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from speechqa.core.dispute import Dispute, Resolution
from speechqa.core.finding import Verdict
from speechqa.core.review import Confirmation, Review
from speechqa.protocols import CallFilter
from speechqa.review.of_document import standing_of
from speechqa.scoring import pool
from speechqa.store import journal, open_store
from speechqa.store.opening import database_of
from tests.contract.test_store_figures import ALL, made, plain, scored
from tests.support.stores import call, finding, put, undefended

WEEKS = ("agent", "week")


def judge(store, call_id, criterion, verdict, by="Dana", **more):
    review = Review(criterion=criterion, verdict=verdict, comment="heard it", possible=5, **more)
    store.note("review", review, actor=by, identity=store.identity(call_id), call=call_id)


def judged_by_people(store, dice, documents):
    for document in documents:
        for one in document.findings:
            if dice.random() < 0.3:
                verdict = dice.choice(list(Verdict))
                earned = dice.randrange(6) if verdict.counts and dice.random() < 0.5 else None
                judge(
                    store, document.call_id, one.criterion, verdict, blind=dice.random() < 0.3, earned=earned
                )
            if dice.random() < 0.1:
                dispute = Dispute(
                    criterion=one.criterion, reason="verdict_wrong", comment="no", deadline="2026-12-01"
                )
                identity = store.identity(document.call_id)
                opened = store.note("dispute", dispute, actor="a1", identity=identity)
                resolved = Resolution(
                    dispute=opened.number, outcome="upheld", verdict=Verdict.PASS, comment="right"
                )
                store.note("dispute_resolution", resolved, actor="Noa", identity=identity)
            if one.critical and one.verdict is Verdict.FAIL and dice.random() < 0.5:
                said = Confirmation(criterion=one.criterion)
                store.note("confirmation", said, actor="Dana", identity=store.identity(document.call_id))


def of_record(store, documents):
    """The documents with the findings that count; confirmed critical failures no longer flagged."""
    found = []
    for document in documents:
        stands = standing_of(document, store.notes(identity=store.identity(document.call_id)))
        findings = tuple(replace(one.finding, critical=one.critical == "waits") for one in stands)
        found.append(replace(document, findings=findings))
    return found


@pytest.fixture
def judged(store):
    dice = random.Random(11)
    documents = [made(n, dice) for n in range(60)]
    put(store, *documents)
    judged_by_people(store, dice, documents)
    return documents


@pytest.mark.parametrize("drafts", [False, True])
@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (ALL, lambda _: True),
        (CallFilter(date_to="2026-03-31"), lambda d: (d.metadata.started_at or "9") < "2026-04"),
    ],
)
def test_sums_are_those_of_the_findings_that_count(store, judged, drafts, query, kept):
    documents = [d for d in of_record(store, judged) if kept(d)]
    expected = pool(documents, minimum_calls=2, include_drafts=drafts)
    assert [plain(one) for one in scored(store, query, drafts=drafts)] == [plain(one) for one in expected]


def test_the_machines_sums_are_still_there(store, judged):
    alone = {one.agent_id: one for one in store.pooled(("agent",), machine=True)}
    for score in pool(judged, minimum_calls=2):
        for category, tally in score.tallies.items():
            found = alone[score.agent_id].scores[category]
            assert (found.earned, found.possible) == (tally.earned, tally.possible)
    changed = 0
    for one in store.pooled(("agent",)):
        for category, tally in one.machine.items():
            found = alone[one.agent_id].scores[category]
            assert (tally.earned, tally.possible) == (found.earned, found.possible)
            changed += 1
        assert one.by_people > 0
        assert alone[one.agent_id].by_people == 0
    assert changed


def test_peers_and_comparisons_count_them_too(store, judged):
    documents = of_record(store, judged)
    totals = store.criterion_totals("service@1", "r")
    (shown,) = (one for one in pool(documents, minimum_calls=2) if one.agent_id == "a1")
    for one in shown.criteria:
        assert totals["a1"][one.criterion].points == one.tally
        assert totals["a1"][one.criterion].passed == one.verdicts["pass"]
    (alone,) = (one for one in store.pooled(("agent",), only=("thanks",)) if one.agent_id == "a1")
    (thanks,) = (one for one in shown.criteria if one.criterion == "thanks")
    assert (alone.scores["courtesy"].earned, alone.scores["courtesy"].possible) == (
        thanks.tally.earned,
        thanks.tally.possible,
    )


def test_a_call_judged_again_keeps_what_people_said(store):
    first = call("c1", agent_id="a1", findings=(finding("thanks", Verdict.FAIL, 0, 5),))
    put(store, first)
    judge(store, "c1", "thanks", Verdict.PASS)
    again = replace(first, findings=(finding("thanks", Verdict.NOT_ASSESSED), finding("sorry", Verdict.FAIL)))
    store.put("digest of /calls/c1.wav", "f2", replace(again, scores={}))
    (one,) = store.pooled(("agent",), criteria=True)
    assert (one.criteria["thanks"].passed, one.criteria["thanks"].points.earned) == (1, 5)
    assert one.criteria["sorry"].failed == 1


def test_what_is_erased_from_the_journal_no_longer_counts(store):
    put(store, call("c1", agent_id="a1", findings=(finding("thanks", Verdict.FAIL, 0, 5),)))
    judge(store, "c1", "thanks", Verdict.PASS)
    journal.erase(store._database, store.identity("c1"))
    (one,) = store.pooled(("agent",))
    assert (one.scores["courtesy"].earned, one.by_people) == (0, 0)


def test_a_critical_failure_waits_until_it_is_confirmed_or_overruled(store):
    bad = (finding("insult", Verdict.FAIL, 0, 5, critical=True),)
    put(store, *(call(f"c{n}", agent_id="a1", findings=bad) for n in range(4)))
    counted = [store.pooled(())[0]]
    store.note("confirmation", Confirmation(criterion="insult"), actor="D", identity=store.identity("c0"))
    judge(store, "c1", "insult", Verdict.PASS)
    judge(store, "c2", "insult", Verdict.FAIL, blind=True)
    counted.append(store.pooled(())[0])
    assert [one.waiting for one in counted] == [4, 2]
    assert [one.scores["courtesy"].earned for one in counted] == [0, 5], "what waits counts as it stands"
    _, behind = store.calls_behind("a1", ALL, drafts=False)
    assert [row.call_id for row in behind if row.critical] == ["c2", "c3"]
    _, behind = store.calls_behind("a1", ALL, drafts=False, machine=True)
    assert len([row for row in behind if row.critical]) == 4


def test_weeks_from_sunday_have_the_number_of_their_monday(store):
    days = {"sat": "2026-11-21", "sun": "2026-11-22T09:00:00+02:00", "mon": "2026-11-23", "new": "2027-01-03"}
    good = (finding("thanks", Verdict.PASS, 5),)
    put(store, *(call(name, agent_id="a1", started_at=day, findings=good) for name, day in days.items()))
    put(store, call("undated", agent_id="a1", findings=good))
    iso = {one.week: one.calls for one in store.pooled(WEEKS)}
    sunday = store.pooled(WEEKS, sunday=True)
    assert iso == {"": 1, "2026-W47": 2, "2026-W48": 1, "2026-W53": 1}
    assert {one.week: one.calls for one in sunday} == {"": 1, "2026-W47": 1, "2026-W48": 2, "2027-W01": 1}
    assert [one.scores["courtesy"].earned for one in sunday] == [5, 5, 10, 5]


def test_an_older_store_and_a_damaged_entry(url):
    from speechqa.store.versions import migrate

    with open_store(url) as store:
        put(store, *(call(f"c{n}", agent_id="a1", findings=(finding("x", Verdict.FAIL),)) for n in range(2)))
        judge(store, "c0", "x", Verdict.PASS)
        judge(store, "c1", "x", Verdict.PASS)
    database = database_of(url, create=False)
    with database.writing() as connection:
        migrate(connection, "0006")
        undefended(connection, "journal")
        connection.exec_driver_sql("UPDATE journal SET body = '{' WHERE id = 2")
    database.close()
    with open_store(url) as store:
        (one,) = store.pooled(("agent",))
        assert (one.scores["courtesy"].earned, one.by_people) == (5, 1)
        assert store.broken()


def test_calls_are_found_and_ordered_by_what_is_of_record(store):
    bad = (finding("thanks", Verdict.FAIL, 0, 5), finding("hello", Verdict.PASS, 5, 5))
    put(store, *(call(f"c{n}", agent_id="a1", findings=bad) for n in range(3)))
    judge(store, "c1", "thanks", Verdict.PASS)
    judge(store, "c2", "hello", Verdict.FAIL)
    judge(store, "c0", "thanks", Verdict.FAIL)

    def found(**asked):
        return [one.call_id for one in store.find(CallFilter(**asked))]

    assert found(criterion="thanks", verdict="fail") == ["c0", "c2"]
    assert found(criterion="thanks", verdict="pass") == ["c1"]
    assert found(criterion="thanks") == ["c0", "c1", "c2"]
    assert found(criterion="hello", verdict="fail") == ["c2"]
    assert found(score_below=0.6) == ["c0", "c2"]
    assert found(score_above=0.9, category="courtesy") == ["c1"]
    assert found(sort="score") == ["c2", "c0", "c1"]
