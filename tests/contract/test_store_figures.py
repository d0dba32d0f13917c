"""Sums by agent, team, week and rubric are those of the documents, whatever happens to the calls."""

from __future__ import annotations

import random

import pytest

from speechqa.core.finding import Verdict
from speechqa.protocols import CallFilter
from speechqa.scoring import pool
from speechqa.scoring.groups import agent_score
from speechqa.store import open_store
from speechqa.store.opening import database_of
from speechqa.store.schema import week_criteria, week_scores
from tests.support.stores import call, failure, finding, put

ALL = CallFilter()
NAMES = ("thanks", "farewell", "summary")


def made(number: int, dice: random.Random, run: str = "run-1"):
    agent = dice.choice(("a1", "a2", None))
    return call(
        f"c{number:03d}",
        run_id=run,
        agent_id=agent,
        agent_name=None if agent is None else f"Name {agent}",
        team=dice.choice(("north", "south", None)),
        started_at=dice.choice(("2026-03-01", "2026-03-09T10:00", "2026-04-01T22:00", None)),
        draft=dice.random() < 0.2,
        duration=dice.choice((None, 60.0, 90.5)),
        findings=tuple(
            finding(
                name,
                verdict := dice.choice(list(Verdict)),
                dice.randrange(5) if verdict is Verdict.FAIL else 5,
                category="professionalism" if name == "summary" else "courtesy",
                critical=name == "thanks",
            )
            for name in NAMES
        ),
    )


@pytest.fixture
def filled(store):
    dice = random.Random(7)
    documents = [made(n, dice) for n in range(60)]
    put(store, *documents, failure("broken", agent_id="a1"))
    return documents


def scored(store, query=ALL, *, drafts=False):
    names = store.agent_names([f"a{n}" for n in range(20)])
    found = []
    for one in store.pooled(("agent",), query, drafts=drafts, criteria=True):
        if one.agent_id:
            ids, points = store.calls_behind(one.agent_id, query, drafts=drafts)
            lost, critical = {}, {}
            for row in points:
                if row.earned < row.possible:
                    lost.setdefault(row.criterion, []).append(row.call_id)
                if row.critical:
                    critical.setdefault(row.criterion, []).append(row.call_id)
            found.append(
                agent_score(
                    one, minimum_calls=2, names=names, calls=[row.call_id for row in ids], lost_in=lost,
                    critical_in=critical,
                )
            )  # fmt: skip
    return found


def plain(score):
    """What scores from documents say too, criteria by name."""
    said = {
        name: getattr(score, name) for name in ("agent_id", "agent_name", "rubric", "n", "withheld", "calls")
    }
    said |= {name: getattr(score, name) for name in ("tallies", "intervals", "drafts", "drafts_left_out")}
    return {**said, "criteria": sorted(score.criteria, key=lambda one: one.criterion)}


@pytest.mark.parametrize("drafts", [False, True])
def test_figures_from_sums_are_those_from_documents(store, filled, drafts):
    expected = pool(filled, minimum_calls=2, include_drafts=drafts)
    assert [plain(one) for one in scored(store, drafts=drafts)] == [plain(one) for one in expected]


def test_a_query_beyond_agent_and_team_adds_up_the_calls_themselves(store, filled):
    for query, kept in (
        (CallFilter(team="north"), lambda d: d.metadata.team == "north"),
        (CallFilter(date_to="2026-03-31"), lambda d: (d.metadata.started_at or "9") < "2026-04"),
        (
            CallFilter(date_from="2026-01-01", team="south"),
            lambda d: d.metadata.started_at and d.metadata.team == "south",
        ),
    ):  # fmt: skip
        expected = pool([d for d in filled if kept(d)], minimum_calls=2)
        found = scored(store, query)
        assert [(s.n, s.tallies, s.intervals) for s in found] == [
            (s.n, s.tallies, s.intervals) for s in expected
        ]


def test_teams_and_weeks_add_up_to_the_agents(store, filled):
    for parts in (("team",), ("week",), ("team", "week"), ("agent", "week")):
        sums = store.pooled(parts, CallFilter(), criteria=True)
        assert sum(one.calls for one in sums) == sum(not d.transcript.draft for d in filled)
        for name in NAMES:
            passed = sum(one.criteria[name].passed for one in sums if name in one.criteria)
            own = [f for d in filled if not d.transcript.draft for f in d.findings if f.criterion == name]
            assert passed == sum(f.verdict is Verdict.PASS for f in own)
    weeks = {one.week for one in store.pooled(("week",), CallFilter())}
    assert weeks == {"", "2026-W09", "2026-W11", "2026-W14"}


def test_length_is_averaged_over_calls_of_known_length(store, filled):
    (total,) = store.pooled((), ALL, drafts=True)
    known = [d.duration for d in filled if d.duration is not None]
    assert (total.timed_calls, total.seconds) == (len(known), sum(known))


def test_half_a_millisecond_counts_upwards_in_every_database(store):
    put(store, *(call(f"c{n}", duration=n / 2000, agent_id=f"a{n}") for n in (1, 3, 5, 7)))
    query = CallFilter(sort="duration", shorter=60.0)
    for asked in (CallFilter(), query):
        lengths = {one.agent_id: one.seconds for one in store.pooled(("agent",), asked)}
        assert lengths == {"a1": 0.001, "a3": 0.002, "a5": 0.003, "a7": 0.004}
    assert not [*store.damage()]


def test_calls_that_are_judged_again_or_removed_leave_the_sums(store, filled):
    again = [made(n, random.Random(1000 + n), "run-2") for n in range(60)]
    put(store, *again, fingerprint="f2")
    assert [plain(one) for one in scored(store)] == [plain(one) for one in pool(again, minimum_calls=2)]
    with store._database.writing() as connection:
        for table in ("verdicts", "scores"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        for table in (week_scores, week_criteria):
            for row in connection.execute(table.select()):
                assert not any(value for value in row._mapping.values() if type(value) is int), row


def test_points_over_some_criteria_only(store, filled):
    (one,) = store.pooled((), CallFilter(), only=("thanks",))
    findings = [f for d in filled if not d.transcript.draft for f in d.findings if f.criterion == "thanks"]
    assert one.scores["courtesy"].earned == sum(f.earned or 0 for f in findings)
    assert set(one.scores) == {"courtesy"}


def contact(number, customer, day, agent="a1", **more):
    started = None if day is None else f"2026-03-{day:02d}T10:00"
    return call(f"k{number}", customer_id=customer, started_at=started, agent_id=agent, **more)


def test_first_contacts(store):
    put(
        store,
        contact(0, "edge", 1), contact(1, "edge", 31),  # the log's ends
        contact(2, "once", 10),
        contact(3, "twice", 10), contact(4, "twice", 12, "a2"),
        contact(5, "later", 10), contact(6, "later", 20),
        contact(7, None, 10), contact(8, "undated", None),
    )  # fmt: skip
    found = store.contacts(CallFilter(), days=7, part="agent")
    # once, both of later; twice came back, and its second call is no first one
    assert (found["a1"].first, found["a1"].resolved, found["a1"].edge, found["a1"].unknown) == (4, 3, 2, 2)
    assert found["a2"].first == 0
    (narrow,) = store.contacts(CallFilter(agent_id="a1"), days=7).values()
    assert narrow.resolved == 3, "calls that the query leaves out still follow"


def test_first_contacts_about_the_same_matter(store):
    put(store, contact(0, "edge", 1, tags={"topic": "x"}), contact(1, "edge", 31, tags={"topic": "x"}))
    put(store, contact(2, "k", 10, tags={"topic": "bill"}), contact(3, "k", 11, tags={"topic": "parcel"}))
    put(store, contact(4, "k", 12), contact(5, "k", 13, tags={"topic": "bill"}))
    (found,) = store.contacts(CallFilter(), days=7, about="topic").values()
    assert (found.first, found.resolved, found.unknown, found.edge) == (2, 1, 1, 2)


def test_a_store_of_an_older_version_gets_its_sums(url):
    from speechqa.store.versions import migrate

    dice = random.Random(3)
    documents = [made(n, dice) for n in range(20)]
    with open_store(url) as store:
        put(store, *documents)
    database = database_of(url, create=False)
    with database.writing() as connection:
        migrate(connection, "0004")
    database.close()
    with open_store(url) as store:
        assert [plain(one) for one in scored(store)] == [
            plain(one) for one in pool(documents, minimum_calls=2)
        ]
