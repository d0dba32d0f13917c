"""Faults of the organisation: given with `--incidents`, kept with the call, reported by `organisation`."""

from __future__ import annotations

import csv
import io
import json
import wave

import pytest

HEAD = "id,kind,from,to,what,queues,teams,excuses\n"
DOWN = "down,outage,2026-11-03T09:00+02:00,2026-11-03T11:00+02:00,The billing system did not answer,,,\n"
TURNS = [
    ("agent", "hello northwind energy this is dana"),
    ("customer", "hi my bill is wrong and this is ridiculous i want it corrected"),
    ("agent", "i can't see bills here"),
    ("customer", "so when will you correct it this is terrible service"),
    ("agent", "no idea we will get back to you"),
    ("customer", "okay bye"),
    ("agent", "bye"),
]


@pytest.fixture
def calls(tmp_path):
    """One call in the outage, one after it, one of which no time is known."""
    folder = tmp_path / "transcripts"
    folder.mkdir()
    for name, started_at in (
        ("during", "2026-11-03T09:30:00+02:00"),
        ("after", "2026-11-03T12:30:00+02:00"),
        ("never", None),
    ):
        turns = [
            {"speaker": who, "text": text, "start": 4.0 * n, "end": 4.0 * n + 3}
            for n, (who, text) in enumerate(TURNS)
        ]
        call = {"id": name, "language": "en", "agent_id": "a1", "turns": turns, "started_at": started_at}
        (folder / f"{name}.json").write_text(json.dumps({k: v for k, v in call.items() if v is not None}))
    return folder


@pytest.fixture
def incidents(tmp_path):
    path = tmp_path / "incidents.csv"
    path.write_text(HEAD + DOWN)
    return path


def documents(run, store):
    ran = run("calls", "--json", "--store", store)
    ids = [line["call_id"] for line in ran.lines]
    return {name: run("show", name, "--json", "--store", store).lines[0] for name in ids}


def failing(document):
    return {f["criterion"] for f in document["findings"] if f["verdict"] == "fail"}


def excused(document):
    return {one["would_be"]["criterion"] for one in document["excused"]}


def without_stamp(document):
    kept = {**document, "provenance": {**document["provenance"], "run_id": "", "created_at": ""}}
    kept.pop("review", None)
    return kept


def test_scores_leave_out_what_an_outage_caused(run, store, calls, incidents):
    plain = {d["call_id"]: d for d in run("score", calls, "--json").lines}
    ran = run("score", calls, "--incidents", incidents, "--json", "--store", store)
    assert ran.code == 0, ran.err
    found = {d["call_id"]: d for d in ran.lines}
    taken = excused(found["during"])
    assert "promise_with_deadline" in taken
    assert taken == failing(plain["during"]) & {
        "solution_offered", "promise_with_deadline", "hold_etiquette", "responsiveness"
    }  # fmt: skip
    assert failing(found["during"]) == failing(plain["during"]) - taken
    possible = [d["scores"]["professionalism"]["possible"] for d in (plain["during"], found["during"])]
    assert possible[1] == possible[0] - 5 * len(taken)
    assert found["during"]["scores"]["courtesy"] == plain["during"]["scores"]["courtesy"]
    assert found["during"]["provenance"]["incidents_digest"]
    reason = next(f["reason"] for f in found["during"]["findings"] if f["criterion"] in taken)
    assert reason.startswith("excused:organisation")
    assert without_stamp(found["after"]) == without_stamp(plain["after"])
    assert failing(found["never"]) == failing(plain["never"])
    assert any("not known at what time" in notice for notice in found["never"]["notices"])
    again = {d["call_id"]: d for d in run("score", calls, "--incidents", incidents, "--json").lines}
    assert without_stamp(again["during"]) == without_stamp(found["during"])


def test_an_incident_that_begins_amid_a_transcript_excuses_it(run, calls, incidents):
    call = json.loads((calls / "during.json").read_text())
    call["started_at"] = "2026-11-03T08:59:50+02:00"  # the last turn ends 27 s later
    (calls / "during.json").write_text(json.dumps(call))
    found = {d["call_id"]: d for d in run("score", calls, "--incidents", incidents, "--json").lines}
    assert "promise_with_deadline" in excused(found["during"])


def test_stored_calls_are_excused_keep_it_and_lose_it_by_rescoring(run, store, calls, incidents):
    assert run("score", calls, "--store", store).code == 0
    before = documents(run, store)
    ran = run("rescore", "--incidents", incidents, "--json", "--store", store)
    states = {line["call_id"]: line["state"] for line in ran.lines}
    assert states == {"during": "rescored", "after": "same", "never": "rescored"}
    given = documents(run, store)
    assert "promise_with_deadline" in excused(given["during"])
    # Judged again without a file, each call keeps what it was given, to the byte.
    assert run("rescore", "--force", "--store", store).code == 0
    kept = documents(run, store)
    assert {name: without_stamp(d) for name, d in kept.items()} == {
        name: without_stamp(d) for name, d in given.items()
    }
    assert run("rescore", "--incidents", "none", "--store", store).code == 0
    bare = documents(run, store)
    assert {name: without_stamp(d) for name, d in bare.items()} == {
        name: without_stamp(d) for name, d in before.items()
    }


def test_the_report_on_the_organisation(run, store, calls, incidents, tmp_path):
    run("score", calls, "--incidents", incidents, "--store", store)
    ran = run("organisation", "--json", "--store", store)
    assert ran.code == 0, ran.err
    (told,) = ran.lines
    assert (told["calls"], told["untimed"], told["touched"]) == (3, 1, 1)
    (fault,) = told["faults"]
    assert (fault["incident"]["id"], fault["calls"], fault["complaining"]) == ("down", 1, 1)
    assert fault["excused"]["promise_with_deadline"] == 1
    assert told["by_kind"] == {"outage": {"incidents": 1, "calls": 1, "excused": told["excused"]}}
    assert any("ridiculous" in word["said"]["quote"] for word in fault["quotes"])
    assert all(clip["call_id"] == "during" and clip["start"] < clip["end"] for clip in fault["clips"])
    out = run("organisation", "--store", store).out
    for said in ("down", "The billing system did not answer", "promise with deadline 1", "hear:"):
        assert said in out
    hebrew = run("organisation", "--language", "he", "--store", store).out
    assert "תקלה במערכת" in hebrew
    assert "הבטחה עם מועד" in hebrew
    assert run("organisation", "--from", "2026-12-01", "--json", "--store", store).lines[0]["faults"] == []
    assert "No call answers" in run("organisation", "--from", "2026-12-01", "--store", store).out
    table = tmp_path / "told.csv"
    assert run("organisation", "--table", table, "--store", store).code == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    assert {(row["part"], row["name"]) for row in rows} >= {("incident", "down")}
    assert any("ridiculous" in row["quote"] for row in rows if row["row"] == "quote")
    assert run("organisation", "--table", table, "--store", store).code == 2, "it is not written over"
    clips = run("organisation", "--clips", tmp_path / "clips", "--store", store)
    assert clips.code == 0
    assert "analysed without a recording" in clips.err
    assert "clips were not written" in clips.err
    from speechqa.store import open_store

    with open_store(store) as opened:
        assert {entry.event for entry in opened.accesses("during")} >= {"organisation"}


def test_numbers_in_an_incident_are_masked_and_a_team_is_still_the_same(run, store, calls, tmp_path):
    path = tmp_path / "incidents.csv"
    told = "Reported by 052-788-1234 card 4111 1111 1111 1111"
    path.write_text(HEAD + DOWN.replace("The billing system did not answer,,", f"{told},,line 052-788-1234"))
    during = calls / "during.json"
    during.write_text(json.dumps({**json.loads(during.read_text()), "team": "line 052-788-1234"}))
    assert run("score", calls, "--incidents", path, "--store", store).code == 0
    kept = documents(run, store)["during"]
    assert kept["incidents"][0]["what"] == "Reported by [phone] card [card]"
    assert kept["incidents"][0]["teams"] == [kept["metadata"]["team"]] == ["line [phone]"]
    assert excused(kept)


def test_a_person_s_verdict_stands_above_what_is_excused(run, store, calls, incidents):
    run("score", calls, "--incidents", incidents, "--store", store)
    said = ("--criterion", "promise_with_deadline", "--verdict", "fail", "--by", "Ruth", "--comment", "no")
    ran = run("review", "record", "during", *said, "--store", store)
    assert ran.code == 0, ran.err
    out = run("show", "during", "--store", store).out
    assert "Ruth" in out
    assert excused(documents(run, store)["during"]) >= {"promise_with_deadline"}


@pytest.mark.parametrize("command", [("score",), ("audit", "--engine", "none"), ("rescore",)])
def test_a_faulty_file_is_told_before_any_work(run, store, calls, incidents, command):
    run("score", calls, "--store", store)
    incidents.write_text(HEAD + DOWN.replace("outage", "fire"))
    named = () if command[0] == "rescore" else (calls,)
    ran = run(*command, *named, "--incidents", incidents, "--store", store)
    assert ran.code == 3
    for said in ("incidents.csv, line 2, column kind", "fire", "outage or queue"):
        assert said in ran.err
    assert ran.out == ""


def test_a_batch_tells_calls_done_with_incidents_from_those_done_without(run, store, calls, tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    rows = "file,started_at,call_id\n"
    for number, (name, day) in enumerate((("during", "03"), ("after", "05"))):
        with wave.open(str(folder / f"{name}.wav"), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", "none"))
            sound.writeframes(bytes((number + 1, 0)) * 8000)
        (folder / f"{name}.json").write_bytes((calls / "during.json").read_bytes())
        rows += f"{name}.wav,2026-11-{day}T09:30:00+02:00,{name}\n"
    (folder / "manifest.csv").write_text(rows)
    incidents = tmp_path / "incidents.csv"
    incidents.write_text(HEAD + DOWN)
    audit = ("audit", folder, "--engine", "none", "--no-cache", "--store", store)
    assert run(*audit).code == 0
    ran = run(*audit, "--incidents", incidents)
    assert ran.code == 0, ran.err
    assert "1 analysed, 1 done before" in ran.err
    assert "Everything is done already" in run(*audit, "--incidents", incidents).err
    stored = documents(run, store)
    assert [one["id"] for one in stored["during"]["incidents"]] == ["down"]
    assert stored["after"]["incidents"] == []


@pytest.mark.usefixtures("heard_once")
def test_what_to_hear_is_written_as_sound(run, store, hebrew_calls, tmp_path):
    for path in hebrew_calls.glob("he-cable*"):
        path.unlink()
    assert run("audit", hebrew_calls, "--engine", "none", "--store", store).code == 0
    folder = tmp_path / "clips"
    ran = run("organisation", "--json", "--clips", folder, "--store", store)
    assert ran.code == 0, ran.err
    told = ran.lines[0]["blamed"]
    assert sum(len(part["clips"]) for part in told) >= 1
    assert len(list(folder.glob("*.wav"))) >= 1
    assert all(path.read_bytes()[:4] == b"RIFF" for path in folder.glob("*.wav"))
    (kept, *_) = folder.glob("*.wav")
    kept.write_text("somebody's own")
    ran = run("organisation", "--json", "--clips", folder, "--store", store)
    assert (ran.code, kept.read_text()) == (0, "somebody's own")
    assert "is there already" in ran.err
    assert run("organisation", "--json", "--clips", folder, "--force", "--store", store).code == 0
    assert kept.read_bytes()[:4] == b"RIFF"
