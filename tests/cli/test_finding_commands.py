"""`calls`, `agents` and `customers` over a store of a few weeks, as a supervisor asks them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from speechqa.core.analysis import ListenTo, Promise, Signal, Signals
from speechqa.core.finding import Evidence, Verdict
from speechqa.store import open_store
from tests.support.stores import call, failure, finding, put

CARD = "4111 1111 1111 1111"


def one(number: int, agent: str, week: int, **more):
    """A call on the Monday of a week of 2026; agent a1 does better each week, a2 does not."""
    day = date.fromisocalendar(2026, week, 1)
    earned = min(10, week - 9) if agent == "a1" else 5
    own = (finding("apology", Verdict.PASS, 5),) if agent == "a1" else ()
    said = Evidence(speaker="agent", quote="i will call you back", start=12.0, end=14.0, turn=0)
    promises = (Promise(who="agent", what=said, when=Evidence(speaker="agent", quote="by tomorrow")),)
    return call(
        f"{agent}-{number:02d}",
        agent_id=agent,
        agent_name={"a1": "Dana", "a2": "נועה"}[agent],
        team={"a1": "north", "a2": "south"}[agent],
        customer_id=f"k{number}",
        started_at=f"{day}T09:{number:02d}:00+02:00",
        duration=100.0 + week,
        tags={"topic": "billing" if number % 2 else "parcel"},
        findings=(finding("thanks", Verdict.PASS if earned > 5 else Verdict.FAIL, earned, 10), *own),
        listen_to=(ListenTo(reason="A complaint", weight=50 + week, start=3.0),) if agent == "a2" else (),
        turns=[("agent", "i will call you back by tomorrow"), ("customer", "תבטלו את המנוי שלי")],
        signals=Signals(complaint=Signal(value=agent == "a2"), promises=promises if number == 1 else None),
        **more,
    )


@pytest.fixture
def weeks(store):
    with open_store(store) as opened:
        put(opened, *(one(n, agent, 10 + n // 2) for agent in ("a1", "a2") for n in range(16)))
        put(opened, failure("broken", agent_id="a2", customer_id="k1", started_at="2026-05-01"))
    return store


def ids(ran):
    assert ran.code == 0, ran.err
    return [line["call_id"] for line in ran.lines]


def test_a_supervisor_finds_calls_counts_and_orders_them(run, weeks):
    store = ("--store", weeks)
    assert run("calls", "--count", *store).out == "33\n"
    assert run("calls", "--team", "south", "--tag", "topic=billing", "--count", "--json", *store).lines == [
        {"count": 8}
    ]
    assert ids(run("calls", "--phrase", "לבטל", "--json", *store)) == []
    found = ids(run("calls", "--phrase", "מנוי שלי", "--phrase-by", "customer", "--json", *store))
    assert len(found) == 32
    assert run("calls", "--phrase", "מנוי", "--phrase-by", "agent", "--count", *store).out == "0\n"
    assert ids(run("calls", "--sort", "duration", "--limit", 2, "--json", *store)) == ["a1-15", "a2-15"]
    assert ids(run("calls", "--sort", "score", "--limit", 1, "--json", *store)) == ["a1-01"]
    assert ids(run("calls", "--promise-due", "2026-03-03", "--json", *store)) == ["a1-01", "a2-01"]
    assert ids(run("calls", "--failed", "--json", *store)) == ["broken"]
    assert run("calls", "--longer", 1000, *store).err == "No call answers to that.\n"


def test_what_to_listen_to_first_and_why(run, weeks):
    ran = run("calls", "--listen", "--limit", 2, "--store", weeks)
    head, first, second = ran.out.rstrip().split("\n")
    assert head.split() == ["weight", "call", "date", "agent", "from", "why"]
    assert first.split()[:2] == ["67", "a2-15"]
    assert "0:03.0  A complaint" in second
    assert len(ids(run("calls", "--listen", "--json", "--store", weeks))) == 16


def test_a_long_list_is_cut_and_says_so(run, store):
    with open_store(store) as opened:
        put(opened, *(call(f"c{n:03d}") for n in range(203)))
    ran = run("calls", "--store", store)
    assert "200 of 203 calls. --limit N shows more, --json all." in ran.err
    assert ran.out.count("\n") == 201
    assert len(run("calls", "--json", "--store", store).lines) == 203


def test_a_question_is_kept_asked_again_changed_and_dropped(run, weeks):
    store = ("--store", weeks)
    kept = ("--team", "south", "--tag", "topic=billing", "--sort", "risk")
    saved = run("calls", *kept, "--save", "south bills", "--by", "Dana", "--json", *store)
    assert "Saved: south bills" in saved.err
    asked = run("calls", "--saved", "south bills", "--json", *store)
    assert ids(asked) == ids(saved)
    assert run("calls", "--saved", "south bills", "--team", "north", "--count", *store).out == "8\n"
    run("calls", "--phrase", f"card {CARD}", "--save", "cards", *store)
    (cards, bills) = run("calls", "--list-saved", "--json", *store).lines
    assert bills == {
        "name": "south bills", "last_days": None,
        "query": {"team": "south", "tags": {"topic": "billing"}, "sort": "risk"},
    }  # fmt: skip
    assert CARD not in cards["query"]["phrase"]
    assert "sort risk; tags topic=billing; team south" in run("calls", "--list-saved", *store).out
    assert run("calls", "--forget", "cards", *store).code == 0
    assert len(run("calls", "--list-saved", "--json", *store).lines) == 1
    with open_store(weeks) as opened:
        entries = list(opened.notes("saved_filter"))
        assert entries[0].actor == "Dana"
        assert len(entries) == 3
        assert opened.broken() == ()


def test_the_last_days_are_counted_from_the_day_of_asking(run, store):
    today = date.today()
    with open_store(store) as opened:
        put(opened, *(call(f"d{n}", started_at=(today - timedelta(n)).isoformat()) for n in range(9)))
    assert run("calls", "--last", 3, "--save", "new", "--count", "--store", store).out == "3\n"
    assert run("calls", "--saved", "new", "--count", "--store", store).out == "3\n"
    far = ("--from", "2020-01-01")
    assert run("calls", "--saved", "new", *far, "--count", "--store", store).out == "9\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("calls", "--tag", "topic"),
        ("calls", "--tag", "a=1", "--tag", "a=2"),
        ("calls", "--last", "3", "--from", "2026-01-01"),
        ("calls", "--last", "999999999"),
        ("calls", "--saved", "nobody's"),
        ("calls", "--forget", "nobody's"),
        ("calls", "--save", "a\x1b[31m"),
        ("calls", "--save", " "),
        ("calls", "--signal", "anger", "--save", "x"),
        ("calls", "--by", "Dana"),
        ("calls", "--promise-due", "tomorrow"),
        ("agents", "--compare", "a1"),
        ("agents", "--compare", "a1", "--compare", "a1"),
        ("agents", "--compare", "a1", "--compare", "a2", "--weekly"),
        ("agents", "--about", "topic"),
        ("agents", "--weekly", "--complete-log"),
        ("agents", "--from", "march"),
    ],
)
def test_what_makes_no_sense_is_told_and_kept_nowhere(run, weeks, arguments):
    ran = run(*arguments, "--store", weeks)
    assert ran.code == 2
    assert ran.err.startswith("speechqa: ")
    assert "\x1b" not in ran.err
    with open_store(weeks) as opened:
        assert list(opened.notes("saved_filter")) == []


def test_agents_teams_and_weeks(run, weeks):
    store = ("--minimum-calls", 2, "--store", weeks)
    a1, a2 = run("agents", "--json", *store).lines
    assert (a1["n"], a1["tallies"]["courtesy"]["possible"], a1["handling_s"]) == (16, 240, 113.5)
    assert a1["criteria"][1]["lost_in"] == [f"a1-{n:02d}" for n in range(16)]
    assert a2["resolution"] is None
    assert "lost_in" in run("agents", "--json", "--brief", *store).lines[0]["criteria"][0]
    north, south = run("agents", "--by-team", "--json", *store).lines
    assert (north["team"], north["tallies"], south["n"]) == ("north", a1["tallies"], 16)
    rising, flat = run("agents", "--weekly", "--json", *store).lines
    assert len(rising["weeks"]) == 8
    assert rising["trends"]["courtesy"]["direction"] == "up"
    assert flat["trends"]["courtesy"]["direction"] == "none_shown"
    assert rising["trends"]["professionalism"]["direction"] == "too_few_weeks"
    text = run("agents", "--weekly", "--agent", "a1", *store).out
    assert "2026-W10" in text
    assert "courtesy: up" in text
    withheld = run("agents", "--weekly", "--minimum-calls", 3, "--store", weeks)
    assert "withheld" in withheld.out
    assert "too few weeks (0)" in withheld.out
    few = run("agents", "--from", "2026-03-02", "--to", "2026-03-08", "--json", *store).lines
    assert [line["n"] for line in few] == [2, 2]


def test_agents_are_compared_on_what_was_assessed_for_both(run, weeks):
    (found,) = run(
        "agents", "--compare", "a1", "--compare", "a2", "--minimum-calls", 2, "--json", "--store", weeks
    ).lines
    assert found["criteria"] == ["thanks"]
    assert found["left_out"] == ["apology"]
    assert [one["tallies"]["courtesy"]["possible"] for one in found["agents"]] == [160, 160]
    text = run("agents", "--compare", "a1", "--compare", "a2", "--minimum-calls", 2, "--store", weeks).out
    assert "Left out, for not each has enough calls assessed: apology" in text
    assert run("agents", "--compare", "a1", "--compare", "a9", "--store", weeks).code == 4


def test_first_contact_is_stated_only_for_a_complete_log(run, weeks):
    assert "first contact" not in run("agents", "--minimum-calls", 2, "--store", weeks).out
    ran = run("agents", "--complete-log", "--minimum-calls", 2, "--store", weeks)
    assert "first contact" in ran.out
    assert "no other call of the customer within 7 days" in ran.out
    (a1, a2) = run("agents", "--complete-log", "--minimum-calls", 2, "--json", "--store", weeks).lines
    # Both agents spoke to each customer on one day: the second call of the two is no first contact.
    assert a1["resolution"]["first"] + a2["resolution"]["first"] == 14 - 1 + 1


def test_a_customers_history(run, weeks):
    ran = run("customers", "k1", "--json", "--by", "Noa", "--store", weeks)
    (found,) = ran.lines
    assert [one["call_id"] for one in found["calls"]] == ["broken", "a1-01", "a2-01"]
    assert [one["outcome"] for one in found["calls"]] == ["failed", "unknown", "complaint_open"]
    assert (found["signals"], found["promises_past_due"]) == ({"complaint": 1}, 2)
    promise = found["calls"][1]["promises"][0]
    assert (promise["due"], promise["state"], promise["what"]) == (
        "2026-03-03",
        "past_due",
        "i will call you back",
    )
    text = run("customers", "k1", "--store", weeks).out
    assert "past due 2026-03-03  a1-01 0:12.0 agent: “" in text
    with open_store(weeks) as opened:
        seen = [(a.event, a.actor) for a in opened.accesses("a1-01")]
    assert seen[0] == ("customer", "Noa")
    assert len(seen) == 2
    assert run("customers", "k99", "--store", weeks).code == 4
    assert run("customers", "k2", "--store", weeks).code == 0


def test_promises_and_stages_are_told_only_for_a_complete_log(run, weeks):
    plain = run("customers", "k1", "--json", "--store", weeks).lines[0]
    assert plain["churn"]["withheld"] == "it is not known that the log of calls is complete"
    assert {one["outcome"] for call in plain["calls"] for one in call["promises"]} == {"not_assessed"}
    asked = ("customers", "k1", "--complete-log", "--day", "2026-03-05", "--store", weeks)
    whole = run(*asked, "--json").lines[0]
    # A call of theirs could not be analysed, and documents made by hand hold no signs.
    assert whole["churn"]["stage"] is None
    assert whole["gaps"]
    assert "How near to leaving: not assessed: the log of calls has a gap" in run(*asked).out
    listed = run("customers", "--call-back", "--complete-log", "--json", "--store", weeks).lines[0]
    assert listed["customers"] == []
    assert "Not assessed" in run("customers", "--call-back", "--store", weeks).out


@pytest.mark.parametrize(
    "asked",
    [
        ("customers",),
        ("customers", "k1", "--call-back"),
        ("customers", "k1", "--gap", "2026-03-01..2026-03-02"),
        ("customers", "k1", "--complete-log", "--gap", "2026-03-09..2026-03-02"),
        ("customers", "k1", "--complete-log", "--gap", "soon"),
        ("customers", "k1", "--day", "2026-13-01"),
    ],
)
def test_what_cannot_be_asked_of_customers(run, asked):
    assert run(*asked, "--store", "sqlite:///none.db").code == 2


def test_a_charter_counts_what_the_manifest_recorded(run, weeks):
    (told,) = run("charter", "--complete-log", "--json", "--store", weeks).lines
    assert told["withheld"]
    assert "not assessed" in run("charter", "--store", weeks).out


def test_help_has_examples(run):
    for command in ("calls", "agents", "customers", "charter"):
        ran = run(command, "--help")
        assert ran.code == 0
        assert f"speechqa {command} " in ran.out


def test_a_table_of_agents_ends_and_says_so(run, weeks, monkeypatch):
    monkeypatch.setattr("speechqa.cli.standings.LINES", 1)
    ran = run("agents", "--store", weeks)
    assert "Dana" in ran.out
    assert "נועה" not in ran.out
    assert "1 of 2" in ran.err
    assert len(run("agents", "--json", "--store", weeks).lines) == 2
