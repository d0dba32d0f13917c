"""`speechqa dispute` and `speechqa period`: verdicts contested, resolved by others, and months that stand."""

import json
from datetime import date, timedelta

import msgspec
import pytest

from speechqa.core.finding import Evidence, Verdict
from speechqa.store import open_store
from tests.support.stores import call, finding, put


@pytest.fixture
def filled(store):
    """Two calls of two agents in October, one in November, one undated."""
    with open_store(store) as opened:
        for call_id, agent, started in (
            ("oct", "a1", "2026-10-31T23:30:00-11:00"),
            ("other", "a2", "2026-10-02"),
            ("nov", "a1", "2026-11-01T00:10:00+14:00"),
            ("undated", "a1", None),
        ):
            quoted = Evidence(speaker="agent", quote="אין לי מושג", turn=1, start=61.0, end=64.0)
            put(
                opened,
                call(
                    call_id,
                    agent_id=agent,
                    agent_name="Dana Levi" if agent == "a1" else None,
                    started_at=started,
                    findings=(
                        finding("thanks", Verdict.FAIL, 0, 5, evidence=(quoted,)),
                        finding("greeting", Verdict.PASS, 5),
                        finding("summary", Verdict.NOT_ASSESSED, category="professionalism"),
                    ),
                ),
            )
    return store


def contest(run, store, call="oct", criterion="thanks", by="a1", comment="I did thank", *more):
    return run(
        "dispute", "open", call, "--criterion", criterion, "--reason", "words_wrong", "--comment", comment,
        "--by", by, "--json", *more, "--store", store,
    )  # fmt: skip


def resolve(run, store, number, outcome, by, *more, comment="I listened"):
    return run(
        "dispute", "resolve", number, "--outcome", outcome, "--comment", comment, "--by", by, "--json",
        *more, "--store", store,
    )  # fmt: skip


def close(run, store, name="2026-10", *more):
    return run("period", "close", name, "--by", "Omer", "--reason", "paid", *more, "--store", store)


def test_a_dispute_from_its_first_word_to_its_end(run, filled):
    ran = contest(run, filled)
    assert ran.code == 0, ran.err
    (opened,) = ran.lines
    assert opened["state"] == "open"
    assert opened["dispute"]["verdict"] == "fail"
    assert (opened["days_left"], opened["overdue"]) == (14, False)
    listed = run("dispute", "list", "--open", "--store", filled)
    assert "oct  thanks: open until" in listed.out
    assert "contested as fail by a1" in listed.out
    ran = resolve(run, filled, opened["number"], "changed", "Rina", "--verdict", "pass")
    assert ran.code == 0, ran.err
    assert (ran.lines[0]["state"], ran.lines[0]["verdict"]) == ("changed", "pass")
    second = resolve(run, filled, opened["number"], "upheld", "Omer")
    assert second.code == 0, second.err
    (line,) = run("dispute", "list", "--json", "--store", filled).lines
    assert [(r["by"], r["resolution"]["second"]) for r in line["resolutions"]] == [
        ("Rina", False),
        ("Omer", True),
    ]
    assert (line["state"], line["dispute"]["verdict"]) == ("upheld", "fail")
    assert "final" in resolve(run, filled, opened["number"], "upheld", "Gil").err
    shown = run("dispute", "list", "--store", filled).out
    assert "changed to pass by Rina, reviewer" in shown
    assert "upheld by Omer, second reviewer" in shown
    # The machine's verdict stays what it was.
    found = run("show", "oct", "--json", "--store", filled).lines[0]["findings"]
    assert next(f for f in found if f["criterion"] == "thanks")["verdict"] == "fail"
    with open_store(filled) as opened_store:
        assert opened_store.broken() == ()


def test_one_open_dispute_a_verdict_and_only_ones_own(run, filled):
    assert contest(run, filled).code == 0
    again = contest(run, filled)
    assert again.code == 2
    assert "contested already" in again.err
    assert contest(run, filled, criterion="summary").code == 0
    stranger = contest(run, filled, call="other")
    assert stranger.code == 2
    # Nor does a refusal say whose call it is, or on what it was judged.
    assert "a2" not in stranger.err
    assert contest(run, filled, call="other", criterion="politeness").err == stranger.err
    assert contest(run, filled, "nov", "thanks", " dana  levi").code == 0
    unknown = contest(run, filled, criterion="politeness")
    assert unknown.code == 2
    assert "thanks, greeting, summary" in unknown.err
    assert contest(run, filled, "missing").code == 4
    full = run(
        "dispute", "open", "oct", "--criterion", "greeting", "--reason", "verdict_wrong", "--comment", "c",
        "--by", "a1", "--store", filled,
    )  # fmt: skip
    assert (full.code, "found pass, 5 of 5" in full.err) == (2, True)
    assert "empty" in contest(run, filled, "undated", comment=" ").err


def test_nobody_resolves_their_own_and_the_second_reviewer_is_another(run, filled):
    number = contest(run, filled).lines[0]["number"]
    for by in ("a1", "Dana Levi", "DANA LEVI"):
        own = resolve(run, filled, number, "changed", by, "--verdict", "pass")
        assert own.code == 2
        assert "of their own" in own.err
    with open_store(filled) as opened:
        identity = opened.identity("oct")
        opened.note(
            "review",
            {"criterion": "thanks", "verdict": "fail", "comment": ""},
            actor="Rina",
            identity=identity,
            call="oct",
        )
        opened.note(
            "review",
            {"criterion": "greeting", "verdict": "pass", "comment": ""},
            actor="Omer",
            identity=identity,
            call="oct",
        )
    first = resolve(run, filled, number, "upheld", "rina")
    assert first.code == 2
    assert "somebody else than Rina" in first.err
    assert resolve(run, filled, number, "upheld", "Omer").lines[0]["resolutions"][0]["resolution"]["second"]
    # A verdict contested anew is not for those who judged it before either.
    number = contest(run, filled).lines[0]["number"]
    assert "somebody else than Omer, Rina" in resolve(run, filled, number, "upheld", "Omer").err


@pytest.mark.parametrize(
    ("outcome", "more", "said"),
    [
        ("changed", (), "needs to be said"),
        ("changed", ("--verdict", "fail"), "verdict that was contested"),
        ("upheld", ("--verdict", "pass"), "goes with --outcome changed"),
    ],
)
def test_outcome_and_verdict_fit(run, filled, outcome, more, said):
    number = contest(run, filled).lines[0]["number"]
    ran = resolve(run, filled, number, outcome, "Rina", *more)
    assert ran.code == 2
    assert said in ran.err
    missing = resolve(run, filled, 99, "upheld", "Rina")
    assert (missing.code, f"open: {number}" in missing.err) == (2, True)


def test_a_changed_verdict_is_the_one_contested_next(run, filled):
    number = contest(run, filled).lines[0]["number"]
    resolve(run, filled, number, "changed", "Rina", "--verdict", "not_applicable")
    assert contest(run, filled).lines[0]["dispute"]["verdict"] == "not_applicable"


def test_two_who_resolve_at_once_are_told(run, filled, monkeypatch):
    from speechqa.assembly import disputes

    number = contest(run, filled).lines[0]["number"]
    judged = disputes._reviewers
    entered = []

    def meanwhile(store, one):
        found = judged(store, one)
        if not entered:  # between the look and the word of the first, the same person and another resolve
            entered.append(1)
            for by in ("Rina", "Omer"):
                assert resolve(run, filled, number, "upheld", by).code == 0
        return found

    monkeypatch.setattr(disputes, "_reviewers", meanwhile)
    late = resolve(run, filled, number, "changed", "rina", "--verdict", "pass")
    assert late.code == 2
    assert "at the same moment" in late.err
    (line,) = run("dispute", "list", "--json", "--store", filled).lines
    assert line["state"] == "upheld"
    assert [one["resolution"]["second"] for one in line["resolutions"]] == [False, True]
    with open_store(filled) as opened:
        assert len(list(opened.notes("dispute_resolution"))) == 3  # what was said is kept all the same
        assert opened.broken() == ()


def test_a_verdict_that_changed_since_is_not_brought_back(run, filled):
    number = contest(run, filled).lines[0]["number"]
    with open_store(filled) as opened:
        judged = opened.get("oct")
        again = finding("thanks", Verdict.PASS, 5)
        put(opened, msgspec.structs.replace(judged, findings=(again, *judged.findings[1:])), fingerprint="f2")
    ran = resolve(run, filled, number, "upheld", "Rina")
    assert ran.code == 2
    assert "found pass now, fail when it was contested" in ran.err
    assert "--outcome changed --verdict pass" in ran.err
    assert close(run, filled, "2026-10", "--leave-disputes").code == 0
    # What holds already can be said in a closed period too.
    assert resolve(run, filled, number, "changed", "Rina", "--verdict", "not_applicable").code == 2
    assert resolve(run, filled, number, "changed", "Rina", "--verdict", "pass").code == 0


def test_a_call_without_an_agents_id_is_of_the_agent_it_names(run, filled):
    with open_store(filled) as opened:
        lost = finding("thanks", Verdict.FAIL, 0, 5)
        put(opened, call("named", agent_name="Dana Levi", findings=(lost,)))
    assert contest(run, filled, "named", by="Rina").code == 2
    assert contest(run, filled, "named", by="dana levi").code == 0


def test_deadlines(run, filled, monkeypatch):
    from speechqa.assembly import disputes

    assert contest(run, filled, "oct", "thanks", "a1", "c", "--days", "3").lines[0]["days_left"] == 3
    monkeypatch.setenv("SPEECHQA_DISPUTE_DAYS", "5")
    assert contest(run, filled, "nov").lines[0]["days_left"] == 5
    monkeypatch.setenv("SPEECHQA_DISPUTE_DAYS", "soon")
    assert contest(run, filled, "undated").code == 3
    later = disputes.today() + timedelta(days=4)
    monkeypatch.setattr(disputes, "today", lambda: later)
    overdue = run("dispute", "list", "--overdue", "--json", "--store", filled).lines
    assert [(line["call_id"], line["days_left"], line["overdue"]) for line in overdue] == [("oct", -1, True)]
    urgent = run("dispute", "list", "--json", "--store", filled).lines
    assert [line["call_id"] for line in urgent] == ["oct", "nov"]
    assert "OVERDUE" in run("dispute", "list", "--agent", "a1", "--store", filled).out
    assert "No dispute" in run("dispute", "list", "--agent", "a2", "--store", filled).err


def test_comments_are_masked_and_never_obeyed(run, filled):
    contest(run, filled, comment="card 4111 1111 1111 1111 \x1b[31m")
    ran = run("dispute", "list", "--store", filled)
    assert "4111" not in ran.out
    assert "\x1b[31m" not in ran.out
    with open_store(filled) as opened:
        assert all("4111" not in (entry.body or "") for entry in opened.notes())


def test_an_agent_acknowledges(run, filled):
    ran = run(
        "dispute", "acknowledge", "oct", "--comment", "next time", "--by", "a1", "--store", filled,
    )  # fmt: skip
    assert ran.code == 0
    assert "a1 has seen the scorecard of oct: “next time”" in ran.out
    ran = run("dispute", "acknowledge", "oct", "--comment", "x", "--by", "a2", "--store", filled)
    assert (ran.code, "acknowledged by the agent whose call it is" in ran.err) == (2, True)
    assert "next time" in run("dispute", "list", "--call", "oct", "--store", filled).out


def test_a_period_is_closed_and_opened(run, filled):
    assert "No period is closed" in run("period", "list", "--store", filled).err
    ran = close(run, filled)
    assert ran.code == 0
    assert "2026-10-01 to 2026-10-31" in ran.err
    assert "closed already" in close(run, filled).err
    refused = contest(run, filled)
    assert refused.code == 2
    assert "closed by Omer" in refused.err
    assert "speechqa period open 2026-10" in refused.err
    assert contest(run, filled, "nov").code == 0
    assert contest(run, filled, "undated").code == 0
    (line,) = run("period", "list", "--json", "--store", filled).lines
    assert (line["period"]["name"], line["period"]["reason"], line["by"]) == ("2026-10", "paid", "Omer")
    opening = ("period", "open", "2026-10", "--by", "Omer", "--reason", "late")
    assert run(*opening, "--store", filled).code == 0
    assert run(*opening, "--store", filled).code == 2
    assert contest(run, filled).code == 0
    log = run("period", "list", "--all", "--json", "--store", filled).lines
    assert [entry["what"] for entry in log] == ["period_closed", "period_opened"]


@pytest.mark.parametrize("name", ["2026-13", "october", "2026-W54", "0000", "२०२६"])
def test_what_is_no_period_is_said(run, filled, name):
    ran = close(run, filled, name)
    assert ran.code == 2
    assert "2026-W41" in ran.err


def test_open_disputes_keep_a_period_open_unless_they_are_left(run, filled):
    number = contest(run, filled).lines[0]["number"]
    ran = close(run, filled)
    assert ran.code == 2
    assert f"found 1: {number}" in ran.err
    assert close(run, filled, "2026-10", "--leave-disputes").code == 0
    assert resolve(run, filled, number, "changed", "Rina", "--verdict", "pass").code == 2
    assert resolve(run, filled, number, "upheld", "Rina").code == 0


@pytest.fixture
def scored(run, store, transcript):
    dated = json.loads(transcript.read_text()) | {"started_at": "2026-10-05T10:00:00"}
    later = dated | {"id": "desk", "started_at": "2026-11-05T10:00:00"}
    transcript.write_text(json.dumps(dated))
    second = transcript.with_name("second.json")
    second.write_text(json.dumps(later))
    assert run("score", transcript, second, "--no-pair", "--store", store).code == 0
    assert close(run, store).code == 0
    return store


def shown(run, store, call):
    return run("show", call, "--json", "--store", store).lines[0]


def test_rescoring_leaves_a_closed_period_as_it_is(run, scored, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('name = "mine"\nversion = 7\nextends = "service"\ndrop = ["farewell"]\n')
    before = shown(run, scored, "lamp")
    ran = run("rescore", "--rubric", mine, "--json", "--store", scored)
    assert ran.code == 0
    states = {line["call_id"]: line for line in ran.lines}
    assert {name: line["state"] for name, line in states.items()} == {"lamp": "closed", "desk": "rescored"}
    assert states["lamp"]["changes"]
    assert "period open" in ran.err
    assert shown(run, scored, "lamp") == before
    named = run("rescore", "lamp", "--rubric", mine, "--store", scored)
    assert named.code == 2
    assert "farewell" in named.out
    assert run("rescore", "lamp", "--rubric", mine, "--dry-run", "--store", scored).code == 0
    with open_store(scored) as opened:
        assert len(opened.history("lamp")) == 1


def test_scoring_over_a_closed_call_says_that_it_counts_as_it_did(run, scored, transcript, tmp_path):
    before = shown(run, scored, "lamp")
    assert "closed period" not in run("score", transcript, "--store", scored).err
    mine = tmp_path / "mine.toml"
    mine.write_text('name = "mine"\nversion = 7\nextends = "service"\ndrop = ["farewell"]\n')
    ran = run("score", transcript, "--rubric", mine, "--json", "--store", scored)
    assert ran.code == 0
    # It computes afresh, as always, and says what that is worth.
    assert ran.lines[0]["provenance"]["rubric"] == "mine@7"
    assert "1 calls lie in a closed period and count as they did" in ran.err
    assert shown(run, scored, "lamp") == before
    with open_store(scored) as opened:
        kept = opened.history("lamp")
    assert [version.run_id for version in kept if version.current] == [before["provenance"]["run_id"]]
    assert ran.lines[0]["provenance"]["run_id"] in {version.run_id for version in kept}


def test_corrected_roles_leave_a_closed_period_as_it_is(run, scored):
    before = shown(run, scored, "lamp")
    ran = run("roles", "lamp", "--swap", "--store", scored)
    assert ran.code == 2
    assert "before" in ran.out
    assert "speechqa period open 2026-10" in ran.err
    assert run("roles", "lamp", "--swap", "--dry-run", "--store", scored).code == 0
    assert shown(run, scored, "lamp") == before
    dry = run("roles", "desk", "--swap", "--dry-run", "--store", scored)
    assert (dry.code, "Nothing was kept" in dry.err) == (0, True)
    with open_store(scored) as opened:
        assert opened.role_corrections(opened.identity("lamp")) == ()
        assert opened.role_corrections(opened.identity("desk")) == ()
    opening = ("period", "open", "2026-10", "--by", "Omer", "--reason", "late")
    assert run(*opening, "--store", scored).code == 0
    assert run("roles", "lamp", "--swap", "--store", scored).code == 0
    assert close(run, scored).code == 0
    assert run("roles", "lamp", "--reset", "--store", scored).code == 2
    assert shown(run, scored, "lamp") != before


def test_a_running_period_is_closed_with_a_word(run, filled):
    now = date.today()
    ran = close(run, filled, f"{now:%Y-%m}")
    assert ran.code == 0
    assert "not over yet" in ran.err


@pytest.mark.usefixtures("heard_once")
def test_an_audit_leaves_a_closed_period_as_it_is(run, store, hebrew_calls, tmp_path):
    name = sorted(path.name for path in hebrew_calls.iterdir() if path.suffix == ".mp3")[0]
    for other in hebrew_calls.iterdir():
        if other.stem != name.removesuffix(".mp3"):
            other.unlink()
    manifest = hebrew_calls / "manifest.csv"
    manifest.write_text(f"file,call_id,started_at\n{name},c1,2026-10-05T10:00:00\n")
    audit = ("audit", hebrew_calls, "--engine", "none", "--store", store)
    assert run(*audit).code == 0
    before = shown(run, store, "c1")
    assert close(run, store).code == 0
    assert "closed period" not in run(*audit).err
    mine = tmp_path / "mine.toml"
    mine.write_text('name = "mine"\nversion = 7\nextends = "service"\ndrop = ["farewell"]\n')
    ran = run(*audit, "--rubric", mine)
    assert ran.code == 0, ran.err
    assert "1 calls lie in a closed period" in ran.err
    assert shown(run, store, "c1") == before
    # The second time it is done already, and still does not count.
    assert "1 calls lie in a closed period" in run(*audit, "--rubric", mine).err
    assert shown(run, store, "c1") == before
