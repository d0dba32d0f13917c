"""`speechqa report`: pages with sound in a folder, made once, logged, and gone with their calls."""

import json
import shutil
import stat
from pathlib import Path

import pytest

from speechqa.files.unfinished import part_beside
from speechqa.store import open_store
from tests.cli.conftest import SAMPLES, hearing_once

pytestmark = pytest.mark.xdist_group("report command")  # which analyses calls once for all tests

BY = ("--by", "Dana", "--reason", "monthly talk")


@pytest.fixture(scope="module")
def made_once(tmp_path_factory, kept_heard):
    """Two Hebrew calls of two agents, analysed once for all these tests."""
    from speechqa.assembly import open_batch
    from speechqa.config import Settings

    folder = tmp_path_factory.mktemp("analysed")
    (folder / "calls").mkdir()
    for path in SAMPLES.glob("he-*"):
        shutil.copy(path, folder / "calls")
    store = f"sqlite:///{folder / 'store.db'}"
    opened = open_batch([str(folder / "calls")], settings=Settings(engine="none"), store_url=store)
    with hearing_once(kept_heard), opened as batch:
        assert [outcome.state for outcome in batch.outcomes()] == ["done", "done"]
    return folder


@pytest.fixture
def analysed(made_once, tmp_path):
    """A store of one's own; the recordings stay where they are."""
    shutil.copy(made_once / "store.db", tmp_path / "store.db")
    return f"sqlite:///{tmp_path / 'store.db'}"


def accesses(store, event="report"):
    with open_store(store) as opened:
        return [one for one in opened.accesses() if one.event == event]


def test_a_calls_page_has_its_tracks_beside_it_and_is_logged(run, analysed, tmp_path):
    out = tmp_path / "out"
    ran = run(
        "report", "he-cable", "he-cable.mp3", "--out", out, "--pictures", "svg", *BY, "--store", analysed
    )
    assert ran.code == 0, ran.err
    assert "1 made" in ran.err
    (page,) = out.glob("*.html")
    assert sorted(p.name.removeprefix(page.stem) for p in out.glob(f"{page.stem}*")) == [
        "-agent.webm", "-arousal.svg", "-both.webm", "-customer.webm", ".html",
    ]  # fmt: skip
    assert f"{page.stem}-both.webm" in page.read_text(encoding="utf-8")
    assert 'lang="he"' in page.read_text(encoding="utf-8")
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    (access,) = accesses(analysed)
    assert (access.call_id, access.actor, access.reason) == ("he-cable", "Dana", "monthly talk")
    assert access.details == {"folder": str(out.resolve())}


def test_sound_goes_into_the_page_or_nowhere(run, analysed, tmp_path):
    for choice, tracks in (("inside", 3), ("none", 0)):
        out = tmp_path / choice
        asked = ("--audio", choice, "--language", "en", "--out", out, "--store", analysed)
        assert run("report", "he-cable", *asked).code == 0
        (page,) = (path for path in out.iterdir() if path.suffix != ".jsonl")
        text = page.read_text(encoding="utf-8")
        assert text.count("data:audio/webm;base64,") == tracks
        assert 'lang="en"' in text


def test_an_agents_folder_holds_nothing_of_other_agents(run, analysed, tmp_path):
    out = tmp_path / "out"
    asked = ("report", "--agent", "a201", "--audio", "none", "--out", out, *BY, "--store", analysed)
    ran = run(*asked)
    assert ran.code == 0, ran.err
    assert "agent-a201" in ran.err
    assert sorted(path.name.rsplit("-", 1)[0] for path in out.glob("*.html")) == [
        "agent-a201",
        "call-he-cable",
    ]
    assert not any("oven" in path.read_text(encoding="utf-8") for path in out.iterdir())
    assert {(one.call_id, one.actor) for one in accesses(analysed)} == {("he-cable", "Dana")}
    assert "2 unchanged" in run(*asked).err
    run("purge", "he-cable", "--yes", *BY, "--store", analysed)
    assert [path.name for path in out.iterdir()] == ["speechqa-report.jsonl"]
    assert run("report", "--agent", "nobody", "--out", out, "--store", analysed).code == 4


def test_what_has_not_changed_is_not_made_again(run, analysed, tmp_path):
    asked = ("report", "--batch", "--out", tmp_path / "out", "--json", "--store", analysed)

    def states(*more):
        return {(one["kind"], one["of"]): one["state"] for one in run(*asked, *more).lines}

    assert set(states().values()) == {"made"}
    told = len(accesses(analysed))
    assert set(states().values()) == {"unchanged"}
    assert len(accesses(analysed)) == told
    assert {one.call_id for one in accesses(analysed)} == {"he-cable", "he-oven-complaint", None}
    run(
        "review", "record", "he-cable", "--criterion", "thanks", "--verdict", "fail",
        "--comment", "nobody was thanked", "--by", "Noa", "--store", analysed,
    )  # fmt: skip
    changed = states()
    assert changed["call", "he-cable"] == "made"
    assert changed["call", "he-oven-complaint"] == "unchanged"
    (tmp_path / "out" / "index.html").write_text("something else")
    assert states()["batch", ""] == "made"
    assert set(states("--force").values()) == {"made"}
    assert states("--language", "en")["call", "he-cable"] == "made"


def test_a_recording_that_was_cut_and_came_back_is_heard_again(run, analysed, tmp_path):
    out = tmp_path / "out"
    with open_store(analysed) as opened:
        recording = Path(opened.get("he-cable").recording.files[0].path)
    whole = recording.read_bytes()
    recording.write_bytes(whole[:-100])
    run("report", "he-cable", "--out", out, "--store", analysed)
    assert list(out.glob("*.webm")) == []
    recording.write_bytes(whole)
    run("report", "he-cable", "--out", out, "--store", analysed)
    assert len(list(out.glob("*.webm"))) == 3


def test_what_a_kill_left_half_made_is_swept_and_what_is_being_made_is_not(run, analysed, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    left, named = (out / name for name in (".speechqa-a1a1a1a1.part", "mine.part"))
    for path in (left, named):
        path.write_text("words")
    with part_beside(out / "page.html") as made:
        run("report", "he-cable", "--audio", "none", "--out", out, "--store", analysed)
        assert [left.exists(), made.path.exists(), named.exists()] == [False, True, True]


def test_tracks_that_are_no_longer_wanted_go(run, analysed, tmp_path):
    out = tmp_path / "out"
    run("report", "he-cable", "--out", out, "--store", analysed)
    assert len(list(out.glob("*.webm"))) == 3
    run("report", "he-cable", "--out", out, "--audio", "none", "--store", analysed)
    assert list(out.glob("*.webm")) == []


def test_a_call_an_agent_and_a_batch_are_handed_on_as_papers(run, analysed, tmp_path):
    out = tmp_path / "out"
    papers = ("--format", "pdf", "--out", out, *BY, "--store", analysed)
    for asked, words in (
        (("he-oven-complaint",), "על המסמך"),
        (("--agent", "a201"), "לערער"),
        (("--batch",), "כל השיחות"),
    ):
        ran = run("report", *asked, *papers, "--force", "--language", "he", "--json")
        assert ran.code == 0, ran.err
        assert words in _told(out, ran.lines[-1])
    assert {path.suffix for path in out.iterdir()} == {".pdf", ".jsonl"}
    assert {one.call_id for one in accesses(analysed)} >= {"he-oven-complaint", "he-cable"}


def _told(out, line):
    import pypdfium2

    (name,) = (Path(file).name for file in line["files"])
    paper = pypdfium2.PdfDocument(out / name)
    return "\n".join(page.get_textpage().get_text_range() for page in paper)


def test_filters_choose_the_calls_of_a_batch(run, analysed, tmp_path):
    asked = ("--batch", "--phrase", "אין דבר כזה שנאמר", "--out", tmp_path / "out", "--store", analysed)
    ran = run("report", *asked)
    assert ran.code == 2
    assert "No call answers" in ran.err
    assert not (tmp_path / "out").exists()
    lines = run("report", "--batch", "--call-language", "he", "--json", "--out", tmp_path / "out",
                "--store", analysed).lines  # fmt: skip
    assert len(lines) == 5


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("he-cable", "--batch"),
        ("he-cable", "--team", "north"),
        ("--team", "north"),
        ("--agent", "a7", "--phrase", "hello"),
        ("--saved", "mine"),
    ],
)
def test_what_says_nothing_or_two_things_is_refused(run, analysed, arguments, tmp_path):
    ran = run("report", *arguments, "--out", tmp_path / "out", "--store", analysed)
    assert ran.code == 2, ran.err
    assert not (tmp_path / "out").exists()


def test_a_call_that_is_not_there_is_found_before_any_work(run, analysed, tmp_path):
    assert run("report", "he-cable", "nobody", "--out", tmp_path / "out", "--store", analysed).code == 4
    assert not (tmp_path / "out").exists()


def test_a_page_that_fails_stops_no_other_and_is_named(run, analysed, tmp_path, monkeypatch):
    from speechqa.reports.view import call as view

    whole = view.timeline

    def failing(analysis, *rest):
        if analysis.call_id == "he-cable":
            raise RuntimeError("cannot draw")
        return whole(analysis, *rest)

    monkeypatch.setattr(view, "timeline", failing)
    out = tmp_path / "out"
    ran = run("report", "--batch", "--out", out, "--store", analysed)
    assert ran.code == 7
    assert "he-cable: RuntimeError: cannot draw" in ran.err
    assert len(list(out.glob("call-*.html"))) == 1
    assert (out / "index.html").exists()
    monkeypatch.undo()
    ran = run("report", "--batch", "--out", out, "--json", "--store", analysed)
    assert [one["of"] for one in ran.lines if one["state"] == "made"] == ["he-cable"]


def test_a_folder_that_cannot_be_written_is_told(run, analysed, tmp_path):
    (tmp_path / "file").write_text("in the way")
    ran = run("report", "he-cable", "--out", tmp_path / "file" / "out", "--store", analysed)
    assert ran.code == 7


def test_a_purge_takes_pages_tracks_pictures_and_the_account(run, analysed, tmp_path):
    out = tmp_path / "out"
    run("report", "--batch", "--pictures", "png", "--out", out, "--store", analysed)
    (out / "note.txt").write_text("somebody's own")
    plan = run("purge", "he-cable", "--json", "--store", analysed).lines[0]["calls"][0]
    kinds = sorted(file["kind"] for file in plan["files"])
    assert kinds == [*["index"] * 3, "page", "picture", "recording", *["sound"] * 3, "transcript"]
    assert run("purge", "he-cable", "--yes", *BY, "--store", analysed).code == 0
    left = {path.name for path in out.iterdir()}
    assert not any("he-cable" in name for name in left)
    assert "index.html" not in left
    assert {"note.txt", "speechqa-report.jsonl"} <= left
    assert not any("a201" in name for name in left)
    assert len([name for name in left if name.startswith("call-he-oven")]) == 5
    assert "he-cable" not in (out / "speechqa-report.jsonl").read_text()
    ran = run("report", "--batch", "--pictures", "png", "--out", out, "--json", "--store", analysed)
    states = {one["of"]: one["state"] for one in ran.lines}
    assert states == {"he-oven-complaint": "unchanged", "a202": "unchanged", "": "made"}


def test_an_account_leads_out_of_no_folder(run, analysed, tmp_path):
    out = tmp_path / "out"
    run("report", "--batch", "--out", out, "--store", analysed)
    other = tmp_path / "other.txt"
    other.write_text("keep")
    import hashlib

    digest = hashlib.sha256(b"keep").hexdigest()
    entry = {
        "kind": "batch",
        "of": "x",
        "basis": "",
        "files": {"../other.txt": digest},
        "calls": ["he-cable"],
    }
    with (out / "speechqa-report.jsonl").open("a") as file:
        file.write(json.dumps(entry) + "\n" + "{cut o")
    assert run("purge", "he-cable", "--yes", *BY, "--store", analysed).code == 0
    assert other.read_text() == "keep"


@pytest.mark.usefixtures("heard_once")
def test_audit_makes_pages_with_sound_and_papers_and_does_not_make_them_twice(
    run, store, tmp_path, hebrew_calls
):
    asked = ("audit", hebrew_calls, "--engine", "none", "--store", store, "--report", tmp_path / "report")
    ran = run(*asked)
    assert ran.code == 0, ran.err
    assert "5 made" in ran.err
    made = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "report").iterdir()}
    assert sorted(name.rsplit(".", 1)[-1] for name in made if name.startswith("call-")) == [
        "html", "html", "pdf", "pdf", *["webm"] * 6,
    ]  # fmt: skip
    assert {one.call_id for one in accesses(store)} == {None, "he-cable", "he-oven-complaint"}
    again = run(*asked)
    assert "0 made, 5 unchanged" in again.err
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "report").iterdir()} == made
