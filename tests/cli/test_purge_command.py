"""`speechqa purge` and `hold`: what goes, what stays, and what is left to prove it."""

import hashlib
import json
import shutil
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from speechqa.assembly.customers import LogAsked
from speechqa.assembly.packs import PackRequest, make_pack
from speechqa.assembly.purging import PurgeRequest, plan_purge, purge
from speechqa.assembly.reporting import Report, ReportWanted, calls_with
from speechqa.core.custody import PurgeEntry, PurgeRecord, digest_of_name
from speechqa.errors import CallNotFound, StoreError
from speechqa.store import open_store
from tests.cli.conftest import SAMPLES
from tests.support.stores import call, failure, put

BY = ("--by", "Dana Levi", "--reason", "retention")


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")


@pytest.fixture
def full(store):
    with open_store(store) as opened:
        put(
            opened,
            call(
                "old",
                customer_id="k1",
                started_at=days_ago(400),
                turns=[("agent", "a cantaloupe for everybody here")],
            ),
            call(
                "new",
                customer_id="k1",
                started_at=days_ago(10),
                turns=[("agent", "a persimmon for everybody")],
            ),
            call("other", customer_id="k2", started_at=days_ago(500), turns=[("agent", "no fruit today")]),
            call("undated", turns=[("agent", "nobody knows when")]),
            failure("broken", customer_id="k2", started_at=days_ago(500)),
        )
    return store


def ids(run, store):
    return {line["call_id"] for line in run("calls", "--json", "--store", store).lines}


def bytes_of(tmp_path):
    return b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))


def test_a_dry_run_shows_what_would_go_and_changes_nothing(run, full, tmp_path):
    before = ids(run, full)
    ran = run("purge", "--older-than", 365, "--store", full)
    assert ran.code == 0
    assert "Nothing was removed" in ran.err
    assert "old" in ran.out and "other" in ran.out and "broken" in ran.out  # noqa: PT018
    assert "undated" not in ran.out
    plan = run("purge", "--older-than", 365, "--json", "--store", full).lines[0]
    assert {c["call_id"] for c in plan["calls"]} == {"old", "other", "broken"}
    assert ids(run, full) == before


def test_by_age_with_a_record_and_proof(run, full, tmp_path):
    assert b"cantaloupe" in bytes_of(tmp_path)
    assert run("purge", "--older-than", 365, "--yes", "--store", full).code == 2, "no reason"
    ran = run("purge", "--older-than", 365, "--yes", *BY, "--store", full)
    assert ran.code == 0, ran.err
    assert "none found" in ran.err
    assert ids(run, full) == {"new", "undated"}
    assert b"cantaloupe" not in bytes_of(tmp_path)
    assert b"persimmon" in bytes_of(tmp_path)
    with open_store(full) as opened:
        record, proof = opened.notes("purge")
        body = msgspec.json.decode(record.body, type=PurgeEntry)
        assert isinstance(body, PurgeRecord)
        assert {c.name for c in body.calls} == {digest_of_name(name) for name in ("old", "other", "broken")}
        assert (record.actor, body.reason, body.chosen) == ("Dana Levi", "retention", "older than 365 days")
        assert "cantaloupe" not in record.body + proof.body
        assert opened.broken() == ()
        assert list(opened.damage()) == []


def test_retention_from_the_environment(run, full, monkeypatch):
    assert run("purge", "--store", full).code == 2
    monkeypatch.setenv("SPEECHQA_RETENTION_DAYS", "450")
    assert {c["call_id"] for c in run("purge", "--json", "--store", full).lines[0]["calls"]} == {
        "other",
        "broken",
    }
    monkeypatch.setenv("SPEECHQA_RETENTION_DAYS", "a year")
    assert run("purge", "--store", full).code == 3


def test_by_customer_and_by_name(run, full):
    assert run("purge", "--customer", "k1", "--older-than", 100, "--yes", *BY, "--store", full).code == 0
    assert ids(run, full) == {"new", "other", "undated", "broken"}
    assert run("purge", "new", "undated", "new", "--yes", *BY, "--store", full).code == 0
    assert ids(run, full) == {"other", "broken"}
    assert run("purge", "new", "--store", full).code == 4
    assert run("purge", "other", "--customer", "k2", "--store", full).code == 2
    assert "No call is to go" in run("purge", "--customer", "nobody", "--yes", *BY, "--store", full).err


def test_a_held_call_stays_until_it_is_released(run, full):
    reason = ("--by", "Legal", "--reason", "claim 12/26")
    assert run("hold", "old", "--reason", "claim", "--store", full).code == 0
    assert run("hold", "--customer", "k2", *reason, "--store", full).code == 0
    listed = run("hold", "list", "--json", "--store", full).lines
    assert [(h["call_id"], h["customer_id"]) for h in listed] == [("old", None), (None, "k2")]
    assert "claim 12/26" in run("hold", "list", "--store", full).out
    named = run("purge", "old", "--yes", *BY, "--store", full)
    assert named.code == 1
    assert "legal hold" in named.err
    assert run("purge", "--older-than", 0, "--yes", *BY, "--store", full).code == 0
    assert ids(run, full) == {"old", "other", "broken"}
    number = listed[0]["number"]
    assert run("hold", "release", number, *reason, "--store", full).code == 0
    assert run("hold", "release", number, *reason, "--store", full).code in (2, 4)
    assert run("hold", "release", "--customer", "k2", *reason, "--store", full).code == 0
    assert run("purge", "--customer", "k2", "--yes", *BY, "--store", full).code == 0
    assert run("purge", "old", "--yes", *BY, "--store", full).code == 0
    assert ids(run, full) == set()
    with open_store(full) as opened:
        assert not any("k2" in (entry.body or "") for entry in opened.notes())
        assert list(opened.damage()) == []


def test_a_hold_is_released_by_its_call(run, full):
    reason = ("--by", "Legal", "--reason", "claim")
    run("hold", "place", "old", *reason, "--store", full)
    run("hold", "broken", *reason, "--store", full)
    assert run("hold", "release", "broken", *reason, "--store", full).code == 0
    assert run("hold", "release", "old", *reason, "--store", full).code == 0
    assert "no hold" in run("hold", "list", "--store", full).err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("hold", "nobody", "--reason", "r"), 4),
        (("hold", "old"), 2),
        (("hold", "old", "--reason", " "), 2),
        (("hold", "old", "--customer", "k1", "--reason", "r"), 2),
        (("hold", "--customer", "k9", "--reason", "r"), 2),
        (("hold", "release", "--reason", "r"), 2),
        (("hold", "release", "new", "--reason", "r"), 2),
    ],
)
def test_what_cannot_be_is_told(run, full, arguments, code):
    ran = run(*arguments, "--store", full)
    assert ran.code == code
    assert ran.err
    with open_store(full) as opened:
        assert list(opened.notes()) == []


@pytest.mark.usefixtures("heard_once")
def test_pages_clips_and_recordings_go_where_they_are_what_they_were(run, store, tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    for path in SAMPLES.glob("he-*"):
        shutil.copy(path, folder)
    report = tmp_path / "report"
    documents = run("audit", folder, "--store", store, "--report", report, "--json").lines
    first, second = documents
    clips = [tmp_path / f"{name}.wav" for name in "ab"]
    for clip in clips:
        run("clip", first["call_id"], "--from", 1, "--to", 3, "--output", clip, "--store", store)
    clips[1].write_bytes(b"somebody else's")
    source = next(path for path in folder.iterdir() if str(path) == first["path"])
    said = first["transcript"]["turns"][0]["text"]
    assert any(said in page.read_text() for page in report.glob("call-*.html"))
    plan = run("purge", first["call_id"], "--json", "--store", store).lines[0]["calls"][0]
    assert sorted(f["kind"] for f in plan["files"]) == [
        "clip", "index", "index", "index", "index", "page", "page", "recording", "sound", "sound", "sound",
        "transcript",
    ]  # fmt: skip
    ran = run("purge", first["call_id"], "--yes", *BY, "--store", store)
    assert ran.code == 0, ran.err
    assert "Left: recording" in ran.err
    assert f"Left: transcript {source.with_suffix('.json')}: it came from outside" in ran.err
    assert not clips[0].exists()
    assert clips[1].exists()
    assert len(list(report.glob("call-*.html"))) == 1
    assert source.exists()
    other = next(path for path in folder.iterdir() if str(path) == second["path"])
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    assert run("purge", second["call_id"], "--recordings", "--yes", *BY, "--store", store).code == 0
    assert not other.exists()
    with open_store(store) as opened:
        records = [json.loads(entry.body) for entry in opened.notes("purge")]
    assert [r.get("recordings") for r in records if r["action"] == "purged"] == [[], [digest]]


def test_pages_made_while_the_plan_was_read_go_too(run, full, tmp_path):
    report, archive = tmp_path / "report", tmp_path / "old.zip"
    with open_store(full) as opened:
        plan = plan_purge(opened, PurgeRequest(calls=("old",)))
    assert plan.files == ()
    assert run("report", "--customer", "k1", "--out", report, "--store", full).code == 0
    assert run("pack", "old", "--no-audio", "--output", archive, *BY, "--store", full).code == 0
    assert any("cantaloupe" in page.read_text() for page in report.glob("call-*.html"))
    with open_store(full) as opened:
        result = purge(opened, plan, by="Dana", reason="asked for")
    assert not any("cantaloupe" in page.read_text() for page in report.iterdir())
    assert not archive.exists()
    assert not list(report.glob("customer-*.html"))
    assert len(list(report.glob("call-*.html"))) == 1
    assert result.deleted == len(result.record.files) == 3


def test_a_picture_that_was_drawn_goes_with_its_call(run, full, tmp_path):
    pictures = [tmp_path / f"{name}.svg" for name in ("old", "mine", "new")]
    for picture, call_id in zip(pictures, ("old", "old", "new"), strict=True):
        assert run("show", call_id, "--picture", picture, "--store", full).code == 0
    pictures[1].write_text("somebody's own by now")
    assert run("accesses", "old", "--json", "--store", full).lines[-1]["details"]["output"] == str(
        pictures[1]
    )
    ran = run("purge", "old", "--yes", *BY, "--store", full)
    assert ran.code == 0, ran.err
    assert [picture.exists() for picture in pictures] == [False, True, True]


@pytest.mark.parametrize("what", ["report", "pack"])
def test_what_is_made_while_a_purge_commits_does_not_outlive_it(full, tmp_path, monkeypatch, what):
    """The log is written, the call goes, and then the file takes its name: the worst there is."""
    report, archive = tmp_path / "report", tmp_path / "old.zip"
    with open_store(full) as opened, open_store(full) as other:
        plan, written = plan_purge(other, PurgeRequest(calls=("old",))), opened.log

        def log(event, **told):
            written(event, **told)
            if event == what and told["call"] == "old":
                purge(other, plan, by="Dana", reason="asked for")

        monkeypatch.setattr(opened, "log", log)
        if what == "report":
            chosen = calls_with(opened, "k1")
            made = Report(opened, report, ReportWanted(by="Ruth", reason=""))
            states = {one.of: one for one in made.customer("k1", chosen, LogAsked(date(2026, 11, 3)))}
            assert {states["old"].state, states["k1"].state} == {"failed"}
            assert "purged while" in states["old"].error
            assert states["new"].state == "made"
        else:
            with pytest.raises(CallNotFound, match="purged while"):
                make_pack(opened, PackRequest(calls=("old", "new"), by="Ruth", sound="none"), archive)
    assert not archive.exists()
    assert b"cantaloupe" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_what_was_accounted_for_before_the_purge_committed_goes_too(run, full, tmp_path, monkeypatch):
    report = tmp_path / "report"
    with open_store(full) as opened:
        plan, forget = plan_purge(opened, PurgeRequest(calls=("old",))), opened.forget

        def forgets(*args, **options):
            assert run("report", "--customer", "k1", "--out", report, "--store", full).code == 0
            return forget(*args, **options)

        monkeypatch.setattr(opened, "forget", forgets)
        purge(opened, plan, by="Dana", reason="asked for")
    assert [path.name for path in report.glob("*.html")] == [path.name for path in report.glob("call-new*")]


@pytest.mark.usefixtures("heard_once")
def test_a_changed_recording_is_left(run, store, tmp_path):
    path = tmp_path / "en-bank-card.ogg"
    shutil.copy(SAMPLES / path.name, path)
    call_id = run("audit", path, "--engine", "none", "--store", store, "--json").lines[0]["call_id"]
    with path.open("ab") as file:
        file.write(b"more")
    ran = run("purge", call_id, "--recordings", "--yes", *BY, "--store", store)
    assert ran.code == 0
    assert "not those that were analysed" in ran.err
    assert path.exists()


def test_a_pack_goes_only_with_all_its_calls(run, full, tmp_path):
    asked = ("--no-audio", *BY, "--store", full)
    assert run("pack", "old", "new", "--output", tmp_path / "both.zip", *asked).code == 0
    assert run("pack", "old", "--output", tmp_path / "one.zip", *asked).code == 0
    run("hold", "new", "--reason", "claim", "--store", full)
    ran = run("purge", "old", "--yes", *BY, "--store", full)
    assert ran.code == 0, ran.err
    assert "Left: pack" in ran.err
    assert (tmp_path / "both.zip").exists()
    assert not (tmp_path / "one.zip").exists()


def test_exports_with_a_row_of_a_call_are_told_of_and_left(run, full, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("calls", "--customer", "k1", "--export", "mine.csv", "--store", full, *BY).code == 0
    assert run("calls", "--customer", "k2", "--export", "theirs.csv", "--store", full, *BY).code == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    shown = run("purge", "old", "--store", full)
    assert f"Left: table {tmp_path / 'mine.csv'}: an export with a row of it" in shown.err
    assert "theirs.csv" not in shown.err
    assert run("purge", "old", "--yes", "--store", full, *BY).code == 0
    assert (tmp_path / "mine.csv").is_file()


def test_a_store_that_cannot_be_written_anew_is_searched_and_proved_all_the_same(run, full, monkeypatch):
    def busy(_self):
        raise StoreError("Another process has been writing to the store")

    monkeypatch.setattr("speechqa.store.sqlite.SqliteDatabase.compact", busy)
    ran = run("purge", "old", "--yes", *BY, "--store", full)
    assert ran.code in (1, 6)
    assert "could not be written anew" in ran.err
    assert "old" not in ids(run, full)
    with open_store(full, create=False) as opened:
        assert opened.unsearched_purges() == ()
        assert len(list(opened.notes("purge"))) == 2


def test_a_purge_that_was_ended_before_its_search_is_told_of_and_made_good_by_the_next(
    run, full, monkeypatch
):
    def ended(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("speechqa.store.sqlite.SqliteDatabase.compact", ended)
        assert run("purge", "old", "--yes", *BY, "--store", full).code != 0
    ran = run("verify", "--store", full)
    assert ran.code == 0
    assert "Entry 1 of the journal: after that purge nobody looked" in ran.err
    assert run("purge", "other", "--yes", *BY, "--store", full).code == 0
    assert "nobody looked" not in run("verify", "--store", full).err


def test_what_is_left_is_told_where_the_search_cannot_be_written_down(run, full, monkeypatch):
    def busy(*_args, **_more):
        raise StoreError("Another process has been writing to the store")

    monkeypatch.setattr("speechqa.store.purging.journal.append", busy)
    ran = run("purge", "old", "--yes", *BY, "--store", full)
    assert (ran.code, "could not be written down" in ran.err) == (1, True)
    assert "1 calls removed" in ran.err
