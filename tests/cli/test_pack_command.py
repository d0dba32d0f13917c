"""`speechqa pack` and `verify`: an archive that anybody can check, and every changed byte found."""

import json
import random
import stat
import subprocess
import zipfile

import pytest

from speechqa.store import open_store

AT = "2026-01-05T10:00:00+00:00"
BY = ("--by", "Dana Levi", "--reason", "claim 12/26")


def packed(run, store, tmp_path, *calls, name="case.zip", more=()):
    target = tmp_path / name
    ran = run("pack", *calls, "--output", target, *BY, "--store", store, *more)
    assert ran.code == 0, ran.err
    return target


def test_a_pack_is_checked_with_standard_tools(run, store, audited, tmp_path):
    call = audited["call_id"]
    run("show", call, "--store", store)
    target = packed(run, store, tmp_path, call)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    folder = tmp_path / "out"
    with zipfile.ZipFile(target) as archive:
        archive.extractall(folder)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    own = {name.split("/", 2)[2] for name in files if name.startswith("calls/")}
    assert own == {
        "audio.flac", "transcript.txt", "transcript.json", "transcript.vtt", "scorecard.html",
        "document.json", "provenance.json", "journal.jsonl", "access_log.jsonl",
    }  # fmt: skip
    assert files - {name for name in files if name.startswith("calls/")} == {
        "README.txt", "SHA256SUMS", "manifest.json", "timeline.txt", "timeline.html",
    }  # fmt: skip
    assert len(checked.stdout.splitlines()) == len(files) - 1
    place = folder / json.loads((folder / "manifest.json").read_text())["calls"][0]["folder"]
    assert json.loads((place / "document.json").read_text())["call_id"] == call
    import av

    with av.open(str(place / "audio.flac")) as sound:
        assert (
            abs(sum(f.samples for f in sound.decode(audio=0)) / sound.streams[0].rate - audited["duration"])
            < 0.1
        )
    assert "sha256sum -c SHA256SUMS" in (folder / "README.txt").read_text()
    with open_store(store) as opened:
        (entry,) = (a for a in opened.accesses(call) if a.event == "pack")
    assert (entry.actor, entry.reason) == ("Dana Levi", "claim 12/26")


def test_the_same_time_gives_the_same_bytes(run, store, audited, scored, tmp_path):
    calls = (audited["call_id"], scored)
    one = packed(run, store, tmp_path, *calls, name="one.zip", more=("--at", AT))
    other = packed(run, store, tmp_path, *reversed(calls), name="two.zip", more=("--at", AT))
    assert one.read_bytes() == other.read_bytes()


def test_verify_replays_and_knows_its_own(run, store, audited, tmp_path):
    target = packed(run, store, tmp_path, audited["call_id"])
    ran = run("verify", target, "--replay", "--store", store)
    assert ran.code == 0, ran.out + ran.err
    assert "knows this very archive" in ran.err
    assert run("verify", target, "--store", f"sqlite:///{tmp_path / 'none.db'}").code == 0
    assert not (tmp_path / "none.db").exists()


def test_a_case_of_several_calls_tells_what_was_agreed(run, store, audited, scored, tmp_path):
    target = packed(run, store, tmp_path, audited["call_id"], scored)
    with zipfile.ZipFile(target) as archive:
        text = archive.read("timeline.txt").decode()
        page = archive.read("timeline.html").decode()
        manifest = json.loads(archive.read("manifest.json"))
    assert "by thursday" in text
    assert "by thursday" in page
    assert "4111" not in text + page
    assert [call["audio"] for call in manifest["calls"]].count("none") == 1
    assert any("judged from a transcript" in remark for c in manifest["calls"] for remark in c["remarks"])


def test_the_scorecard_of_a_pack_says_who_decided(run, store, scored, tmp_path):
    given = ("--criterion", "thanks", "--verdict", "fail", "--by", "Omer Katz", "--comment", "said coldly")
    ran = run("review", "record", scored, *given, "--store", store)
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(packed(run, store, tmp_path, scored)) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("scorecard.html"))
        page = archive.read(name).decode()
    for told in ("Omer Katz", "said coldly", "By the machine"):
        assert told in page


def test_any_changed_byte_of_a_pack_is_found(run, store, scored, tmp_path):
    from speechqa.reports.case_archive import check_archive

    target = packed(run, store, tmp_path, scored)
    good = target.read_bytes()
    assert check_archive(target).problems == ()
    chance = random.Random(20261122)
    spoilt = tmp_path / "spoilt.zip"
    missed = []
    for _ in range(1000):
        place, new = chance.randrange(len(good)), chance.randrange(1, 256)
        spoilt.write_bytes(good[:place] + bytes([good[place] ^ new]) + good[place + 1 :])
        if not check_archive(spoilt).problems:
            missed.append((place, new))
    assert missed == []
    for other in (good[:-1], good + b"\0", b"\0" + good, good[: len(good) // 2], b""):
        spoilt.write_bytes(other)
        assert check_archive(spoilt).problems
    spoilt.write_bytes(good[:5000] + b"x" + good[5001:])
    ran = run("verify", spoilt, "--store", store)
    assert ran.code == 1
    assert "CHANGED" in ran.out


def rewritten(source, target, change):
    """The archive with its files changed by a function, written as anybody would."""
    with zipfile.ZipFile(source) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in change(entries):
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: [*files, ("../evil.txt", b"x")], "outside"),
        (lambda files: [*files, ("/etc/passwd", b"x")], "outside"),
        (lambda files: [*files, ("a\\b", b"x")], "outside"),
        (lambda files: [*files, ("C:/x", b"x")], "outside"),
        (lambda files: [*files, ("readme.TXT", b"x")], "twice"),
        (lambda files: [*files, ("more.txt", b"x")], "was added"),
        (lambda files: files[:-1], "is missing"),
        (lambda files: [f for f in files if f[0] != "SHA256SUMS"], "SHA256SUMS cannot be read"),
        (lambda files: [f for f in files if f[0] != "manifest.json"], "manifest.json"),
        (lambda files: files[::-1], "outside of its files"),
        (lambda files: files, "outside of its files"),
    ],
)
def test_hostile_and_changed_archives_are_refused(run, store, scored, tmp_path, change, said):
    target = packed(run, store, tmp_path, scored)
    rewritten(target, tmp_path / "evil.zip", change)
    ran = run("verify", tmp_path / "evil.zip", "--store", store)
    assert ran.code == 1
    assert said in ran.out
    assert not (tmp_path.parent / "evil.txt").exists()


def test_bombs_and_links_are_refused_unread(run, store, tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SHA256SUMS", b"\0" * 50_000_000)
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    ran = run("verify", bomb, "--store", store)
    assert ran.code == 1
    assert "longer than the archive" in ran.out
    assert "compressed" in ran.out
    assert "is a link" in ran.out
    assert run("verify", tmp_path / "none.zip", "--store", store).code == 2


def test_a_file_swapped_with_its_sum_is_found_by_the_manifest(run, store, scored, tmp_path):
    import hashlib

    target = packed(run, store, tmp_path, scored)

    def swap(files):
        held = dict(files)
        name = next(n for n in held if n.endswith("transcript.txt"))
        old = hashlib.sha256(held[name]).hexdigest().encode()
        held[name] = b"nothing was promised\n"
        held["SHA256SUMS"] = held["SHA256SUMS"].replace(old, hashlib.sha256(held[name]).hexdigest().encode())
        return list(held.items())

    rewritten(target, tmp_path / "evil.zip", swap)
    ran = run("verify", tmp_path / "evil.zip", "--store", store)
    assert ran.code == 1
    assert "manifest.json tells of" in ran.out


def test_the_original_goes_in_with_a_reason_alone(run, store, audited, tmp_path):
    import hashlib

    asked = ("pack", audited["call_id"], "--output", tmp_path / "o.zip", "--original", "--store", store)
    assert run(*asked).code == 2
    assert run(*asked, "--reason", "court order").code == 0
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        (name,) = (n for n in archive.namelist() if "/recording/" in n)
        digest = hashlib.sha256(archive.read(name)).hexdigest()
    assert digest == audited["recording"]["sha256"]
    assert run("verify", tmp_path / "o.zip", "--store", store).code == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--at", "tomorrow"), 2),
        (("--at", "2999-01-01"), 2),
        (("--original", "--no-audio", "--reason", "r"), 2),
        (("--output", "case.tar"), 2),
        (("--output", "no/such/folder/case.zip"), 7),
        (("--by", "Dana \udcff"), 2),
        (("--reason", "\udcff"), 2),
    ],
)
def test_what_cannot_be_packed_is_told(run, store, scored, tmp_path, monkeypatch, more, code):
    monkeypatch.chdir(tmp_path)
    assert run("pack", scored, "--output", "case.zip", *more, "--store", store).code == code
    assert not (tmp_path / "case.zip").exists()
