"""`speechqa roles`: who is who, corrected for good."""

import csv
import json
import shutil

import pytest

from speechqa.store import open_store
from tests.cli.conftest import SAMPLES


@pytest.fixture
def folder(tmp_path):
    """One sample call of two channels, without words."""
    calls = tmp_path / "calls"
    calls.mkdir()
    shutil.copy(SAMPLES / "en-bank-card.ogg", calls)
    return calls


def audit(run, folder, store, *more):
    return run("audit", folder, "--engine", "none", "--store", store, *more)


def roles_of(document):
    return {party: given["role"] for party, given in document["roles"].items()}


def unprofiled(notices):
    """Notices but for what a profile says of itself."""
    return [notice for notice in notices if not notice.startswith("Profile ")]


@pytest.fixture
def scored(run, store, transcript):
    assert run("score", transcript, "--store", store).code == 0
    return store


def test_roles_show_who_is_who_how_sure_and_why(run, scored):
    ran = run("roles", "lamp", "--store", scored)
    assert ran.code == 0
    lines = [" ".join(line.split()) for line in ran.out.split("\n")]
    assert "A agent 1.00 transcript the transcript names the speaker" in lines
    assert "B customer 1.00 transcript the transcript names the speaker" in lines
    with open_store(scored) as opened:
        assert [access.event for access in opened.accesses("lamp")] == ["roles"]


def test_a_swap_scores_again_and_both_documents_are_kept(run, scored):
    before = run("show", "lamp", "--json", "--store", scored).lines[0]
    ran = run("roles", "lamp", "--swap", "--by", "Dana", "--reason", "I know her voice", "--store", scored)
    assert ran.code == 0, ran.err
    assert "before" in ran.out
    after = run("show", "lamp", "--json", "--store", scored).lines[0]
    assert roles_of(after) == {"A": "customer", "B": "agent"}
    assert {given["source"] for given in after["roles"].values()} == {"corrected"}
    assert all("Dana" in g["reason"] and "I know her voice" in g["reason"] for g in after["roles"].values())
    mirror = {"agent": "customer", "customer": "agent"}
    assert [mirror[t["speaker"]] for t in before["transcript"]["turns"]] == [
        t["speaker"] for t in after["transcript"]["turns"]
    ]
    seconds = before["dialogue"]["talk_seconds"]
    assert after["dialogue"]["talk_seconds"] == {mirror[who]: s for who, s in seconds.items()}
    assert after["scores"] != before["scores"]
    with open_store(scored) as opened:
        versions = opened.history("lamp")
        assert [version.current for version in versions] == [True, False]
        assert json.loads(run("show", "lamp", "--json", "--store", scored).out)["roles"] == after["roles"]
        (entry,) = (a for a in opened.accesses("lamp") if a.event == "roles corrected")
        assert (entry.actor, entry.reason) == ("Dana", "I know her voice")
        assert entry.details == {"A": "customer", "B": "agent"}


def test_agents_totals_follow(run, scored):
    def points():
        return run("agents", "--minimum-calls", 1, "--json", "--store", scored).lines[0]["tallies"][
            "courtesy"
        ]

    before = points()
    run("roles", "lamp", "--swap", "--store", scored)
    assert points() != before
    run("roles", "lamp", "--reset", "--store", scored)
    assert points() == before


def test_scoring_the_transcript_again_keeps_the_correction(run, scored, transcript):
    run("roles", "lamp", "--swap", "--store", scored)
    again = run("score", transcript, "--json", "--store", scored).lines[0]
    assert roles_of(again) == {"A": "customer", "B": "agent"}
    assert roles_of(run("score", transcript, "--json").lines[0]) == {"A": "agent", "B": "customer"}


def test_a_correction_outlasts_every_audit_and_costs_none(run, store, folder):
    document = audit(run, folder, store, "--agent-channel", 0, "--json").lines[0]
    call = document["call_id"]
    assert roles_of(document) == {"A": "agent", "B": "customer"}
    swapped = run("roles", call, "--swap", "--json", "--store", store).lines[0]
    assert roles_of(swapped) == {"A": "customer", "B": "agent"}
    assert swapped["stress"]["customer"]["windows"], "the recording is there: the voice is measured"
    second = audit(run, folder, store, "--agent-channel", 0, "--json")
    assert "Everything is done already" in second.err
    assert second.lines == [swapped]
    other = audit(run, folder, store, "--agent-channel", 0, "--profile", "il", "--json").lines[0]
    assert roles_of(other) == roles_of(swapped), "another setting: analysed anew, corrected all the same"
    assert other["uncorrected_roles"]["A"]["role"] == "agent"
    apart = ("provenance", "notices")
    assert {k: v for k, v in other.items() if k not in apart} == {
        k: v for k, v in swapped.items() if k not in apart
    }
    assert unprofiled(other["notices"]) == unprofiled(swapped["notices"])


def test_what_lacks_the_recording_is_measured_by_the_next_audit(run, store, folder):
    call = audit(run, folder, store, "--agent-channel", 0, "--json").lines[0]["call_id"]
    ran = run("roles", call, "--swap", "--no-audio", "--json", "--store", store)
    assert ran.lines[0]["stress"]["customer"]["windows"] == []
    assert "next audit" in ran.err
    second = audit(run, folder, store, "--agent-channel", 0, "--json")
    assert "1 analysed" in second.err
    assert second.lines[0]["stress"]["customer"]["windows"]
    assert "Everything is done already" in audit(run, folder, store, "--agent-channel", 0).err


def test_a_changed_recording_is_not_listened_to(run, store, folder):
    call = audit(run, folder, store, "--agent-channel", 0, "--json").lines[0]["call_id"]
    shutil.copy(SAMPLES / "en-clinic.m4a", folder / "en-bank-card.ogg")
    ran = run("roles", call, "--swap", "--json", "--store", store)
    assert ran.code == 0
    assert ran.lines[0]["stress"]["customer"]["windows"] == []


def test_a_file_a_party_is_corrected_like_any_other(run, store, tmp_path):
    for path in SAMPLES.glob("en-hotel-legs.*"):
        shutil.copy(path, tmp_path)
    with (tmp_path / "manifest.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["call_id", "agent_file", "customer_file", "agent_offset_s"])
        writer.writerow(["legs", "en-hotel-legs.agent.m4a", "en-hotel-legs.customer.m4a", "1.62"])
    given = ("--manifest", tmp_path / "manifest.csv")
    assert audit(run, tmp_path, store, *given).code == 0
    swapped = run("roles", "legs", "--swap", "--json", "--store", store).lines[0]
    again = audit(run, tmp_path, store, *given, "--profile", "il", "--json").lines[0]
    for part in ("roles", "stress", "dialogue", "findings", "recording"):
        assert again[part] == swapped[part], part


def test_voices_on_one_channel_are_corrected_like_any_other(run, store, tmp_path):
    shutil.copy(SAMPLES / "en-library-mono.flac", tmp_path)
    document = audit(run, tmp_path, store, "--json").lines[0]
    if document["dialogue"]["separation"] != "voice":
        pytest.skip("no engine here tells voices apart")
    call = document["call_id"]
    told = ("--set", "A=customer,B=agent")
    corrected = run("roles", call, *told, "--json", "--store", store).lines[0]
    assert roles_of(corrected) == {"A": "customer", "B": "agent"}
    assert corrected["stress"]["customer"]["windows"]
    assert "Everything is done already" in audit(run, tmp_path, store).err
    again = audit(run, tmp_path, store, "--profile", "il", "--json").lines[0]
    for part in ("roles", "stress", "dialogue", "findings"):
        assert again[part] == corrected[part], part
    assert unprofiled(again["notices"]) == unprofiled(corrected["notices"])
    with open_store(store) as opened:
        (kept,) = opened.role_corrections(opened.identity(call))
    assert set(kept.heard) == {"A", "B"}


def test_reset_brings_back_what_was_found(run, store, folder):
    document = audit(run, folder, store, "--agent-channel", 0, "--json").lines[0]
    call = document["call_id"]
    run("roles", call, "--swap", "--store", store)
    assert run("roles", call, "--reset", "--json", "--store", store).lines == [document]
    assert "Everything is done already" in audit(run, folder, store, "--agent-channel", 0).err
    assert run("roles", call, "--reset", "--store", store).code == 2


def test_reset_of_a_call_that_was_only_ever_analysed_with_its_correction(run, store, folder):
    document = audit(run, folder, store, "--agent-channel", 0, "--json").lines[0]
    call = document["call_id"]
    run("roles", call, "--swap", "--store", store)
    audit(run, folder, store, "--agent-channel", 0, "--profile", "il")
    back = run("roles", call, "--reset", "--json", "--store", store).lines[0]
    assert back["roles"] == document["roles"]
    assert back["stress"] == document["stress"]
    assert back["provenance"]["profile"] == "il"
    assert "done already" in audit(run, folder, store, "--agent-channel", 0, "--profile", "il").err


def test_set_says_who_is_who(run, store, folder):
    call = audit(run, folder, store, "--json").lines[0]["call_id"]
    both = run("roles", call, "--set", "b=agent", "--json", "--store", store).lines[0]
    assert roles_of(both) == {"A": "customer", "B": "agent"}
    neither = run("roles", call, "--set", "A=unknown,B=unknown", "--json", "--store", store).lines[0]
    assert roles_of(neither) == {"A": "unknown", "B": "unknown"}
    assert run("roles", call, "--swap", "--store", store).code == 2


def test_one_party_unknown_says_nothing_of_the_other(run, scored):
    for told in (("A=unknown",), ("b=unknown",)):
        found = run("roles", "lamp", "--set", *told, "--dry-run", "--json", "--store", scored).lines[0]
        assert sorted(roles_of(found).values()) in (["customer", "unknown"], ["agent", "unknown"])
    agent = run("roles", "lamp", "--set", "B=unknown", "--json", "--store", scored).lines[0]
    assert roles_of(agent) == {"A": "agent", "B": "unknown"}
    # Undone, both are again who they were.
    back = run("roles", "lamp", "--reset", "--json", "--store", scored).lines[0]
    assert roles_of(back) == {"A": "agent", "B": "customer"}


def test_a_correction_that_was_cut_off_is_made_whole_by_saying_it_again(run, scored, monkeypatch):
    from speechqa.store.sql import SqlStore

    def killed(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(SqlStore, "put", killed)
        assert run("roles", "lamp", "--swap", "--by", "Dana", "--store", scored).code != 0
    assert run("roles", "lamp", "--swap", "--by", "Dana", "--store", scored).code == 0
    document = run("show", "lamp", "--json", "--store", scored).lines[0]
    assert roles_of(document) == {"A": "customer", "B": "agent"}
    assert run("verify", "--store", scored).code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nobody",), 4),
        (("lamp", "--swap", "--reset"), 2),
        (("lamp", "--set", "A=boss"), 2),
        (("lamp", "--set", "agent"), 2),
        (("lamp", "--set", "C=agent"), 2),
        (("lamp", "--set", "A=agent,A=customer"), 2),
        (("lamp", "--set", "A=agent,B=agent"), 2),
        (("lamp", "--by", "Dana"), 2),
        (("lamp", "--reset"), 2),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(run, scored, arguments, code):
    before = run("show", "lamp", "--json", "--store", scored).out
    ran = run("roles", *arguments, "--store", scored)
    assert ran.code == code
    assert ran.err
    assert run("show", "lamp", "--json", "--store", scored).out == before
    with open_store(scored) as opened:
        assert [a.event for a in opened.accesses()] == ["show", "show"]
        assert opened.role_corrections(opened.identity("lamp")) == ()


def test_parties_on_one_channel_that_are_not_told_apart_have_no_roles(run, store, tmp_path):
    turns = [{"text": "hello there"}, {"text": "hello to you"}]
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"id": "one", "language": "en", "turns": turns}))
    run("score", path, "--store", store)
    assert "cannot be told apart" in run("roles", "one", "--store", store).out
    assert run("roles", "one", "--swap", "--store", store).code == 2


def test_a_call_that_failed_has_no_roles(run, store, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    run("score", bad, "--store", store)
    assert run("roles", "bad", "--store", store).code == 4


def test_numbers_in_a_reason_are_masked_everywhere(run, scored, tmp_path):
    card = "4111 1111 1111 1111"
    run("roles", "lamp", "--swap", "--by", "Dana", "--reason", f"he said {card}", "--store", scored)
    shown = run("roles", "lamp", "--store", scored)
    assert "[card]" in shown.out
    for path in tmp_path.glob("store.db*"):
        assert b"4111" not in path.read_bytes()


def test_help_has_examples(run):
    ran = run("roles", "--help")
    assert ran.code == 0
    assert "speechqa roles good-call --swap" in " ".join(ran.out.split())
