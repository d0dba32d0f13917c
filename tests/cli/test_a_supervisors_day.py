"""A supervisor's day at the command line: which calls, why, what people say of them, and what then counts."""

from __future__ import annotations

import csv
import json
import zipfile

import pytest

from tests.cli.test_an_agents_day import GOOD, WEAK

RUBRIC = """
name = "floor"
version = 1
extends = "service"

[[criterion]]
id = "no_insult"
category = "courtesy"
points = 5
critical = true

[[criterion]]
id = "warmth"
category = "courtesy"
points = 4
detector = "human"
"""
RUDE = (*WEAK[:2], "you are an idiot and you are stupid", *WEAK[3:])
OVEN = (
    "שלום, שירות לקוחות, מדברת דנה, במה אפשר לעזור?",
    "התנור שקניתי לא עובד, אני אפנה לעורך דין",
    "אני מצטערת לשמוע, באיזה דגם מדובר?",
    "הדגם הלבן",
    "הזמנתי לך תנור חדש והוא יגיע עד יום חמישי, זה בסדר?",
    "כן, תודה",
)
LEAST = ("--minimum-calls", 2)


def spoken(call_id, turns, agent, team, day, language="en"):
    return {
        "id": call_id, "language": language, "agent_id": agent, "agent_name": f"Name of {agent}",
        "team": team, "customer_id": f"00{agent[1:]}7", "started_at": f"{day}T10:00:00",
        "turns": [
            {"speaker": ("agent", "customer")[n % 2], "text": text, "start": 6.0 * n, "end": 6.0 * n + 5.5}
            for n, text in enumerate(turns)
        ],
    }  # fmt: skip


@pytest.fixture
def say(run, store, tmp_path):
    """A command over a store of twelve calls of three agents that does what it is asked."""
    texts = tmp_path / "texts"
    texts.mkdir()
    (tmp_path / "floor.toml").write_text(RUBRIC)
    calls = [
        *(spoken(f"good{n}", GOOD, "a1", "north", f"2026-11-0{n}") for n in (2, 3, 4, 8)),
        *(spoken(f"weak{n}", WEAK, "a2", "south", f"2026-11-0{n}") for n in (2, 3, 4, 8)),
        spoken("rude", RUDE, "a2", "south", "2026-11-09"),
        spoken("oven", OVEN, "a3", "צפון", "2026-11-09", "he"),
        *(spoken(f"mixed{n}", (GOOD, WEAK)[n % 2], "a3", "צפון", f"2026-11-0{n}") for n in (4, 5)),
    ]
    for one in calls:
        (texts / f"{one['id']}.json").write_text(json.dumps(one))
    scored = run("score", texts, "--no-pair", "--rubric", tmp_path / "floor.toml", "--store", store)
    assert scored.code == 0, scored.err

    def command(*words, code=0):
        ran = run(*words, "--store", store)
        assert ran.code == code, (words, ran.err)
        return ran

    return command


def found(ran):
    return [line["call_id"] for line in ran.lines]


def figures(say, *more):
    return {one["agent_id"]: one for one in say("agents", *LEAST, *more, "--json").lines}


def points(one, category="courtesy"):
    tally = one["tallies"][category]
    return tally["earned"], tally["possible"]


def test_the_day(say, tmp_path):
    what_to_listen_to(say)
    a_fair_sample(say)
    why_the_machine_says_so_and_what_a_person_says(say)
    what_waits_for_a_person(say)
    how_far_all_agree(say)
    teams_weeks_and_customers(say)
    into_a_spreadsheet(say, tmp_path)
    the_month_is_paid(say, tmp_path)


def what_to_listen_to(say):
    """The heaviest reason first; any call by what is known of it; a question kept under a name."""
    ran = say("calls", "--listen", "--limit", 3)
    assert ran.out.index("rude") < ran.out.index("oven"), "an insult weighs more than a threat"
    assert "insulted" in ran.out
    assert found(say("calls", "--phrase", "עורך דין", "--json")) == ["oven"]
    assert found(say("calls", "--phrase", "תנור", "--json")) == ["oven"], "said with the article too"
    ask = ("calls", "--team", "south", "--criterion", "thanks", "--verdict", "fail", "--from", "2026-11-04")
    kept = found(say(*ask, "--save", "south thanks", "--json"))
    assert kept == ["rude", "weak8", "weak4"]
    assert found(say("calls", "--saved", "south thanks", "--json")) == kept
    assert "south thanks" in say("calls", "--list-saved").out
    assert say("calls", "--count").out.split()[0] == "12"
    assert "first day (--from) cannot be read" in say("agents", "--from", "yesterday", code=2).err


def a_fair_sample(say):
    """The same seed draws the same; what risk picks stands apart; the plan is kept with who drew it."""
    draw = ("review", "queue", "--size", 4, "--risk", 2, "--seed", 7, "--by", "dana", "--json")
    (plan,) = say(*draw).lines
    assert plan["picks"] == say(*draw).lines[0]["picks"]
    parts = [pick["part"] for pick in plan["picks"]]
    assert (plan["frame"], parts.count("random"), parts.count("risk")) == (12, 4, 2)
    assert len({pick["call_id"] for pick in plan["picks"]}) == 6
    shown = say("review", "queue", "--plan", plan["plan"]).out
    assert "by dana" in shown
    assert "drawn from 12 calls with seed 7" in shown


def why_the_machine_says_so_and_what_a_person_says(say):
    """The words behind a verdict; a person's beside it, never over it; both in every total."""
    why = say("show", "rude", "--explain", "no_insult").out
    assert "0:12.0 agent: “you are an idiot" in why
    assert "judged by no_insult" in why
    lost = say("show", "weak2", "--explain", "thanks").out
    assert "what would change it" in lost
    before = figures(say)
    earned, possible = points(before["a2"])
    given = ("review", "record", "weak2", "--criterion", "thanks", "--verdict", "pass", "--by", "omer")
    assert "A verdict needs a comment" in say(*given, "--comment", " ", code=2).err
    assert "the machine: fail" in say(*given, "--comment", "thanks her at 0:30").err
    after = figures(say)
    gain = points(after["a2"])[0] - earned
    assert gain > 0
    assert points(after["a2"]) == (earned + gain, possible)
    assert (after["a2"]["by_people"], after["a2"]["machine"]["courtesy"]["earned"]) == (1, earned)
    assert points(figures(say, "--machine")["a2"]) == (earned, possible)
    assert after["a1"] == before["a1"]
    thanks = next(one for one in after["a2"]["criteria"] if one["criterion"] == "thanks")
    assert "weak2" not in thanks["lost_in"]
    assert "1 verdict by people (by the machine courtesy" in " ".join(say("agents", *LEAST).out.split())
    (beside,) = (c for c in say("review", "show", "weak2", "--json").lines if c["criterion"] == "thanks")
    assert (beside["finding"]["verdict"], beside["machine"]["verdict"]) == ("pass", "fail")
    assert "Nobody reviews their own call" in say(*given[:-1], "a2", "--comment", "me", code=2).err


def what_waits_for_a_person(say):
    """A critical failure counts and waits until confirmed; a criterion for people counts once judged."""
    south = figures(say)["a2"]
    assert south["waiting"] == 1
    insult = next(one for one in south["criteria"] if one["criterion"] == "no_insult")
    assert insult["critical_in"] == ["rude"]
    assert "1 critical failure to be confirmed" in " ".join(say("agents", *LEAST, "--by-team").out.split())
    say("review", "confirm", "rude", "--criterion", "no_insult", "--by", "omer", "--comment", "at 0:12")
    confirmed = figures(say)["a2"]
    assert (confirmed["waiting"], points(confirmed)) == (0, points(south)), "it is no longer a question"
    warm = ("review", "record", "good2", "--criterion", "warmth", "--verdict", "pass", "--by", "omer")
    earned, possible = points(figures(say)["a1"])
    say(*warm, "--points", 3, "--comment", "friendly all along")
    assert points(figures(say)["a1"]) == (earned + 3, possible + 4)


@pytest.mark.parametrize(("said", "code", "week"), [("Sunday", 0, "2026-W46"), ("friday", 3, "")])
def test_the_day_weeks_begin_on_is_set_for_all(run, store, tmp_path, monkeypatch, said, code, week):
    path = tmp_path / "sunday.json"
    path.write_text(json.dumps(spoken("good8", GOOD, "a1", "north", "2026-11-08")))
    assert run("score", path, "--store", store).code == 0
    monkeypatch.setenv("SPEECHQA_WEEK_START", said)
    ran = run("agents", "--weekly", "--minimum-calls", 1, "--store", store)
    assert (ran.code, week in ran.out, "monday or sunday" in ran.err) == (code, True, code == 3)
    own = run("agent", "a1", "--own", "--by", "a1", "--minimum-calls", 1, "--store", store)
    assert (own.code, week in own.out) == (code, True)


def how_far_all_agree(say):
    """A second rating without knowing the first; too few for a figure is said, and no figure shown."""
    say(
        "review", "record", "weak2", "--criterion", "thanks", "--verdict", "fail", "--by", "noa", "--blind",
        "--comment", "no thanks heard",
    )  # fmt: skip
    assert figures(say)["a2"]["by_people"] == 1, "a blind rating overturns nobody"
    assert "too few calls" in say("review", "agreement").out
    agreed = say("review", "agreement", "--criterion", "thanks", "--json").lines
    assert sum(one["blind"] for one in agreed) == 1
    assert {one["people"]["pairs"] - one["people"]["agreed"] for one in agreed} == {1}, "omer and noa differ"
    assert {one["machine"]["kappa"] for one in agreed} == {None}
    assert all("of the 20 calls" in one["machine"]["not_stated"] for one in agreed)


def teams_weeks_and_customers(say):
    """Points are added; agents are compared on what was assessed for both; weeks from Sunday where said."""
    both = figures(say)
    (compared,) = say("agents", *LEAST, "--compare", "a1", "--compare", "a2", "--json").lines
    assert "warmth" in compared["left_out"], "nobody judged it for a2"
    own = {one["criterion"]: one["tally"] for one in both["a2"]["criteria"]}
    for name in compared["criteria"]:
        assert compared["points"]["a2"][name] == own[name]
    teams = {one["team"]: one for one in say("agents", *LEAST, "--by-team", "--json").lines}
    assert set(teams) == {"north", "south", "צפון"}
    assert points(teams["south"]) == points(both["a2"])
    for start, weeks in (
        ((), ["2026-W45", "2026-W46"]),
        (("--week-start", "sunday"), ["2026-W45", "2026-W46"]),
    ):
        (line,) = say("agents", "--weekly", *LEAST, "--agent", "a1", *start, "--json").lines
        assert [week["week"] for week in line["weeks"]] == (weeks if start else weeks[:1])
        assert sum(week["n"] for week in line["weeks"]) == 4
    history = say("customers", "0027").out
    assert all(call in history for call in ("weak2", "weak8", "rude"))


def into_a_spreadsheet(say, tmp_path):
    """Hebrew and leading zeros as they are, nothing that runs, and the export is in the log."""
    pytest.importorskip("xlsxwriter")
    say("calls", "--export", tmp_path / "calls.csv", "--by", "dana", "--reason", "monthly table")
    with (tmp_path / "calls.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["call_id"]: row for row in csv.DictReader(file)}
    assert (rows["oven"]["team"], rows["oven"]["customer_id"]) == ("צפון", "'0037")
    say("calls", "--export", tmp_path / "calls.xlsx", "--by", "dana", "--reason", "monthly table")
    with zipfile.ZipFile(tmp_path / "calls.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert "is not written over" in say("calls", "--export", tmp_path / "calls.csv", code=2).err


def the_month_is_paid(say, tmp_path):
    """A closed period takes no verdict, and judging again changes none of its figures."""
    say("period", "close", "2026-11", "--by", "dana", "--reason", "paid")
    before = figures(say)
    refused = say(
        "review", "record", "weak3", "--criterion", "thanks", "--verdict", "pass", "--by", "omer",
        "--comment", "too late", code=2,
    )  # fmt: skip
    assert "closed period" in refused.err
    say("rescore", "--rubric", "service")
    assert figures(say) == before
