"""`speechqa report --agent`: what is handed to an agent, from the command to the page."""

import re

from speechqa.reports.naming import agent_page_name, page_name
from speechqa.store import open_store
from tests.support.agent_calls import AGENT, OTHERS, agent_store


def test_an_agents_report_holds_their_calls_figures_and_pictures(run, tmp_path):
    store, out = agent_store(tmp_path), tmp_path / "out"
    asked = (
        "report",
        "--agent",
        AGENT,
        "--audio",
        "none",
        "--pictures",
        "svg",
        "--out",
        out,
        "--store",
        store,
    )
    ran = run(*asked, "--minimum-calls", 4, "--complete-log", "--by", "Dana", "--reason", "monthly talk")
    assert ran.code == 0, ran.err
    page = out / agent_page_name(AGENT)
    html = page.read_text("utf-8")
    assert sorted(file.name.removeprefix(page.stem) for file in out.glob(f"{page.stem}*")) == [
        "-criteria.svg", "-weeks.svg", ".html",
    ]  # fmt: skip
    linked = set(re.findall(r'href="(call-[^"#]+)', html))
    assert page_name(f"{AGENT}-22") in linked
    assert all((out / name).exists() for name in linked)
    assert "First quarter" in html
    for file in out.iterdir():
        text = file.read_text("utf-8")
        assert not any(other in text for other in OTHERS), file.name
    with open_store(store) as opened:
        seen = {one.call_id for one in opened.accesses() if one.event == "report"}
    assert seen == {f"{AGENT}-{number:02d}" for number in range(24)}


def test_without_enough_calls_it_says_so_and_shows_what_was_lost(run, tmp_path):
    store, out = agent_store(tmp_path, calls=4), tmp_path / "out"
    ran = run("report", "--agent", AGENT, "--audio", "none", "--out", out, "--store", store)
    assert ran.code == 0, ran.err
    html = (out / agent_page_name(AGENT)).read_text("utf-8")
    assert "calls that a figure needs" in html
    assert "words a2 1" in html
    assert "not known that the log of calls is complete" in html


def test_the_terminal_says_the_same_of_criteria_and_shift(run, tmp_path):
    store = agent_store(tmp_path)
    asked = ("agent", AGENT, "--own", "--by", AGENT, "--minimum-calls", 4, "--store", store)
    ran = run(*asked)
    assert "67% 16/24 (47 to 82 %)" in ran.out
    assert "not assessed: it is not known that the log of calls is complete" in ran.out
    told = run(*asked, "--complete-log")
    assert "first quarter, calls 1 to 1" in told.out
    view = run(*asked, "--complete-log", "--json").lines[0]["rubrics"][0]
    assert view["shift"]["shifts"] == 6
    assert view["criteria"][0]["peers"] == 9


def test_difficult_calls_stand_apart_and_only_for_a_complete_log(run, tmp_path):
    store = agent_store(tmp_path)
    told = run("agent", AGENT, "--complete-log", "--minimum-calls", 1, "--json", "--store", store).lines[0]
    assert told["difficult_calls"]["calls"] == told["n"]
    assert "not assessed: it is not known that the log" in run("agent", AGENT, "--store", store).out
