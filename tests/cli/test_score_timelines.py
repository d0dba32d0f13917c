"""Calls scored from timelines: a file a party, no text, one side alone; how their turn-taking is shown."""

import json

import pytest


def side(path, speaker, turns):
    lines = [
        '"ooTextFile"',
        '"TextGrid"',
        "0",
        "90",
        "<exists>",
        "1",
        '"IntervalTier"',
        f'"{speaker}"',
        "0",
        "90",
    ]
    lines += [str(len(turns)), *(f'{start}\n{end}\n"{text}"' for start, end, text in turns)]
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def pair(tmp_path):
    agent = [
        (0.0, 4.0, "Good morning, this is Dana, how can I help?"),
        (20.0, 30.0, "I see, so you are charged twice, and I will look at it now, one moment please."),
        (70.0, 75.0, "Thank you for waiting, it is settled."),
    ]
    customer = [
        (
            4.5,
            19.0,
            "Hello, I was charged twice for the same thing and I called about it on Monday because the",
        ),
        (25.0, 25.5, "Mm-hmm."),
        (75.5, 80.0, "Great, thank you, goodbye."),
    ]
    return (
        side(tmp_path / "call1.agent.TextGrid", "Dana", agent),
        side(tmp_path / "call1.caller.TextGrid", "Caller", customer),
    )


def test_two_files_with_a_party_each_are_one_call(run, pair):
    ran = run("score", *pair, "--json")
    (document,) = ran.lines
    assert ran.code == 0
    assert document["call_id"] == "call1"
    assert document["path"] == str(pair[0])
    assert len(document["transcript"]["turns"]) == 6
    assert [document["roles"][p]["role"] for p in "AB"] == ["agent", "customer"]
    assert [o["kind"] for o in document["dialogue"]["overlaps"]] == ["backchannel"]
    assert [h["kind"] for h in document["dialogue"]["holds"]] == ["told"]
    assert document["dialogue"]["separation"] == "transcript"
    assert "one call" in ran.err
    assert any(pair[0].name in notice for notice in document["notices"])


def test_the_order_of_the_files_does_not_matter_and_the_identity_is_of_both(run, pair):
    first, second = (run("score", *paths, "--json").lines[0] for paths in (pair, pair[::-1]))
    assert first["dialogue"] == second["dialogue"]
    assert first["call_id"] == second["call_id"]


def test_files_can_be_kept_apart_and_a_lone_side_says_so(run, pair):
    ran = run("score", *pair, "--no-pair", "--json")
    assert len(ran.lines) == 2
    assert "one call" not in ran.err
    for document in ran.lines:
        assert any("other side is missing" in notice for notice in document["notices"])
        missing = {m["measure"] for m in document["dialogue"]["not_assessed"]}
        assert {"overlaps", "interruptions", "response_latency", "silences"} <= missing
        assert document["dialogue"]["interruptions"] == {}


def test_any_two_files_can_be_taken_together(run, pair, tmp_path):
    renamed = [
        path.rename(tmp_path / name) for path, name in zip(pair, ("dana.TextGrid", "x.TextGrid"), strict=True)
    ]
    assert len(run("score", *renamed, "--json").lines) == 2
    (document,) = run("score", *renamed, "--pair", "--json").lines
    assert len(document["transcript"]["turns"]) == 6
    assert run("score", renamed[0], "--pair").code == 2
    assert run("score", renamed[0], renamed[0], "--pair").code == 2


def test_turns_without_times_are_told_of_where_others_have_some(run, tmp_path):
    turns = [
        {"speaker": "agent", "text": "Good morning.", "start": 0.0, "end": 2.0},
        {"speaker": "customer", "text": "Hello, I was charged twice."},
        {"speaker": "agent", "text": "I will look at it.", "start": 6.0, "end": 8.0},
    ]
    path = tmp_path / "call.json"
    path.write_text(json.dumps({"id": "c1", "turns": turns}))
    (document,) = run("score", path, "--json").lines
    assert any("1 of 3 turns have no times" in notice for notice in document["notices"])


def test_numbered_files_are_calls_of_their_own(run, tmp_path):
    paths = [
        side(tmp_path / f"call_{i}.TextGrid", "Dana", [(5.0 * i, 5.0 * i + 3, "Hello.")]) for i in (1, 2)
    ]
    assert len(run("score", *paths, "--json").lines) == 2


def test_a_broken_side_leaves_the_other_to_be_scored(run, pair):
    pair[1].write_text("no TextGrid")
    ran = run("score", *pair, "--json")
    assert ran.code == 1
    assert sorted(line["status"] for line in ran.lines) == ["done", "failed"]


def test_a_folder_of_transcripts(run, pair, transcript, tmp_path):
    ran = run("score", tmp_path, "--json")
    assert {line["call_id"] for line in ran.lines} == {"lamp", "call1"}
    (tmp_path / "empty").mkdir()
    assert run("score", tmp_path / "empty").code == 2


def test_a_timeline_without_text_is_classed_by_timing(run, tmp_path):
    turns = [("agent", 0.0, 20.0), ("customer", 10.0, 10.6), ("customer", 14.0, 40.0), ("agent", 55.0, 60.0)]
    bare = tmp_path / "bare.json"
    bare.write_text(
        json.dumps({"turns": [{"speaker": s, "text": "", "start": a, "end": b} for s, a, b in turns]})
    )
    rttm = tmp_path / "bare.rttm"
    rttm.write_text("".join(f"SPEAKER c 1 {a} {b - a} <NA> <NA> {s} <NA> <NA>\n" for s, a, b in turns))
    documents = run("score", bare, rttm, "--json").lines
    for document in documents:
        found = document["dialogue"]
        assert [o["kind"] for o in found["overlaps"]] == ["backchannel", "interruption"]
        assert found["interruptions"] == {"agent": 0, "customer": 1}
        assert [(s["start"], s["end"]) for s in found["dead_air"]] == [(40.0, 55.0)]
        missing = {m["measure"] for m in found["not_assessed"]}
        assert {"cut_offs", "words_per_minute", "syllables_per_second", "dead_air"} <= missing
        assert {f["verdict"] for f in document["findings"]} <= {"not_assessed", "not_applicable"}
    assert documents[0]["dialogue"] == documents[1]["dialogue"]


def test_the_scorecard_shows_time_and_silence(run, pair):
    shown = run("score", *pair).out
    for words in (
        "answers after",
        "longest monologue",
        "parties told apart: as the transcript says",
        "hold, announced",
    ):
        assert words in shown
    assert "not assessed: queue wait" in shown


def test_every_event_of_turn_taking_with_its_rule(run, pair, store):
    assert run("score", *pair, "--store", store).code == 0
    shown = run("show", "call1", "--turn-taking", "--store", store).out
    assert "backchannel customer over agent" in shown
    assert "both speak 0.50 s" in shown
    assert "Mm-hmm." in shown
    assert "hold, announced" in shown
    (dialogue,) = run("show", "call1", "--turn-taking", "--json", "--store", store).lines
    assert [o["kind"] for o in dialogue["overlaps"]] == ["backchannel"]
    assert run("show", "call1", "--turn-taking", "--explain", "thanks", "--store", store).code == 2
