"""`speechqa verify`: what was changed is found, and another version told from another result."""

import json
import zipfile

import pytest
import sqlalchemy as sa

from speechqa.store import open_store
from speechqa.store.sqlite import SqliteDatabase
from tests.cli.test_pack_command import BY, packed


def test_a_changed_recording_is_found(run, store, audited, tmp_path):
    call = audited["call_id"]
    assert run("verify", call, "--replay", "--store", store).code == 0
    path = tmp_path / "calls" / audited["path"].rsplit("/", 1)[1]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    ran = run("verify", call, "--store", store)
    assert ran.code == 1
    assert "was changed" in ran.out
    assert run("verify", "--recordings", "--store", store).code == 1
    assert run("pack", call, "--output", tmp_path / "x.zip", "--store", store).code == 4
    assert run("pack", call, "--output", tmp_path / "x.zip", "--no-audio", "--store", store).code == 0


def test_a_changed_verdict_is_found_by_replay(run, store, audited):
    import msgspec

    from speechqa.core.codec import decode, encode

    document = decode(json.dumps(audited))
    first = next(f for f in document.findings if f.verdict.counts and f.earned)
    other = msgspec.structs.replace(first, earned=0)
    forged = msgspec.structs.replace(
        document, findings=tuple(other if f is first else f for f in document.findings)
    )
    with open_store(store) as opened:
        opened.put(opened.identity(document.call_id), "forged", decode(encode(forged)))
    assert run("verify", "--store", store).code == 0, "well kept, though false"
    for asked in (("verify", document.call_id, "--replay"), ("verify", "--replay")):
        ran = run(*asked, "--store", store)
        assert ran.code == 1
        assert first.criterion in ran.out


def stored_as(store, call, change):
    """The call's document, changed and kept as its newest version."""
    import msgspec

    with open_store(store) as opened:
        document = opened.get(call)
        made = msgspec.structs.replace(document.provenance, **change.pop("provenance", {}))
        opened.put(
            opened.identity(call), "otherwise", msgspec.structs.replace(document, provenance=made, **change)
        )


def without_acts(store, call):
    import msgspec

    with open_store(store) as opened:
        transcript = opened.get(call).transcript
    turns = tuple(msgspec.structs.replace(turn, acts=()) for turn in transcript.turns)
    return {"transcript": msgspec.structs.replace(transcript, turns=turns)}


def other_verdict(store, call):
    import msgspec

    with open_store(store) as opened:
        findings = opened.get(call).findings
    first = next(finding for finding in findings if finding.verdict.counts and finding.earned)
    other = msgspec.structs.replace(first, earned=0)
    return {"findings": tuple(other if finding is first else finding for finding in findings)}


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({"judging_code": "0" * 64}, "code 000000000000, here is code"),
        ({"judging_code": None}, "code that is not told of, here is code"),
        ({"speechqa": "0.0.9"}, "judged by speechqa 0.0.9, here is"),
        ({"act_model": "speech-acts 0 sha256:00"}, "speech acts by speech-acts 0 sha256:00, here"),
    ],
)
def test_replay_tells_another_version_from_another_result(run, store, scored, tmp_path, made, told):
    stored_as(store, scored, {"provenance": made, **without_acts(store, scored)})
    ran = run("verify", scored, "--replay", "--store", store)
    assert ran.code == 0, ran.out
    assert "CHANGED" not in ran.out
    assert "all verdicts and points come out the same" in ran.err
    assert told in ran.err
    stored_as(store, scored, other_verdict(store, scored))
    target = packed(run, store, tmp_path, scored)
    for asked in (scored, target):
        ran = run("verify", asked, "--replay", "--store", store)
        assert ran.code == 1
        assert "CHANGED" not in ran.out
        assert "REPLAY" in ran.out
        assert told in ran.err
    (told_json,) = run("verify", scored, "--replay", "--json", "--store", store).lines
    assert (len(told_json["otherwise"]), told_json["problems"]) == (1, [])


def test_words_that_a_person_corrected_are_not_looked_for_in_the_recording(run, store, audited, tmp_path):
    import msgspec

    call = audited["call_id"]
    assert run("transcript", call, "--correct", 1, "--text", "שלום", *BY, "--store", store).code == 0
    with open_store(store) as opened:
        heard = msgspec.structs.replace(opened.get(call).transcript, engine="whisper")
    stored_as(store, call, {"transcript": heard})
    ran = run("verify", packed(run, store, tmp_path, call), "--replay", "--store", store)
    assert ran.code == 0, ran.out
    assert "not heard again: a person corrected its words" in ran.err


def test_other_acts_by_the_very_same_code_are_a_change(run, store, scored):
    stored_as(store, scored, without_acts(store, scored))
    ran = run("verify", scored, "--replay", "--store", store)
    assert ran.code == 1
    assert "CHANGED" in ran.out
    assert "speech acts of turn 1" in ran.out


def test_a_pack_made_anew_with_all_its_sums_is_no_longer_the_one_that_was_made(run, store, scored, tmp_path):
    """Somebody who knows the form forges text, sums and manifest together: the log alone can tell."""
    import hashlib
    from datetime import datetime

    from speechqa.reports.case_archive import sums_of, write_archive

    target = packed(run, store, tmp_path, scored)
    with zipfile.ZipFile(target) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in held if name.endswith("transcript.txt"))
    held[name] = b"nothing was promised\n"
    manifest = json.loads(held["manifest.json"])
    for file in manifest["files"]:
        file["sha256"], file["size"] = hashlib.sha256(held[file["path"]]).hexdigest(), len(held[file["path"]])
    held["manifest.json"] = json.dumps(manifest).encode()
    digests = {n: hashlib.sha256(body).hexdigest() for n, body in held.items() if n != "SHA256SUMS"}
    held["SHA256SUMS"] = sums_of(digests)
    with (tmp_path / "forged.zip").open("wb") as file:
        write_archive(file, held, datetime.fromisoformat(manifest["at"]))
    ran = run("verify", tmp_path / "forged.zip", "--store", store)
    assert "unchanged" in ran.out
    assert "in itself; compare its SHA-256" in ran.out
    assert "does not know this archive" in ran.err
    assert run("verify", tmp_path / "forged.zip", "--json", "--store", store).lines[0]["known"] is False
    ran = run("verify", target, "--store", store)
    assert ran.out.strip().endswith("case.zip"), "the true one is simply unchanged"
    target.rename(tmp_path / "case.bak")
    assert run("verify", tmp_path / "case.bak", "--json", "--store", store).lines[0]["known"] is True


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            "UPDATE documents SET body = CAST(substr(body, 1, 50) || X'00' || substr(body, 52) AS BLOB)",
            "document of",
        ),
        ("UPDATE documents SET digest = 'x'", "document of"),
        ("UPDATE verdicts SET verdict = 'pass', earned = possible", "index"),
        ("DELETE FROM scores", "index"),
        ("UPDATE access_log SET actor = 'eve' WHERE id = 1", "log of accesses"),
        ("UPDATE journal SET actor = 'eve' WHERE id = 1", "journal"),
        ("UPDATE journal SET body = NULL WHERE id = 1", "erased"),
    ],
)
def test_what_is_changed_in_a_store_is_found(run, store, scored, tmp_path, harm, said):
    run("show", scored, "--store", store)
    run("hold", scored, "--reason", "claim", "--store", store)
    assert run("verify", "--store", store).code == 0
    database = SqliteDatabase(tmp_path / "store.db")
    with database.writing() as connection:
        for name in connection.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql(harm)
    database.close()
    ran = run("verify", "--store", store)
    assert ran.code == 1
    assert said in ran.out
