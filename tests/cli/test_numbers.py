"""A call is found by a number that is nowhere kept."""

from __future__ import annotations

import json
import os
import stat

import pytest
from typer.testing import CliRunner

from speechqa.assembly import open_store
from speechqa.cli.app import app

NUMBER = "052-788-1234"
CALL = {
    "id": "c1",
    "language": "en",
    "turns": [
        {"speaker": "agent", "text": "thank you for calling, what number can we reach you at?"},
        {"speaker": "customer", "text": "zero five two, seven double eight"},
        {"speaker": "agent", "text": "mhm"},
        {"speaker": "customer", "text": "one two three four, and my mail is dana dot levi at gmail dot com"},
        {"speaker": "agent", "text": "and the code we sent you?"},
        {"speaker": "customer", "text": "four eight two nine one six"},
        {"speaker": "agent", "text": "thank you, that is 250 dollars on 12/05/2026, goodbye"},
    ],
}
OTHER = {"id": "c2", "language": "en", "turns": [{"speaker": "customer", "text": "my phone is 054-9998877"}]}


def run(*arguments: str, **more: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments), **more)
    error = result.exception
    return result.exit_code, result.stdout, f"{result.stderr} {error if error else ''}"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SPEECHQA_NUMBER_KEY", raising=False)
    monkeypatch.delenv("SPEECHQA_NUMBER_KEY_FILE", raising=False)
    monkeypatch.setenv("SPEECHQA_STORE", f"sqlite:///{tmp_path / 'calls.db'}")
    for call in (CALL, OTHER):
        (tmp_path / f"{call['id']}.json").write_text(json.dumps(call), encoding="utf-8")
    return tmp_path


def scored(place) -> list[dict]:
    files = [str(place / f"{name}.json") for name in ("c1", "c2")]
    code, out, _ = run("score", *files, "--store", os.environ["SPEECHQA_STORE"], "--json")
    assert code == 0
    return [json.loads(line) for line in out.splitlines()]


def test_a_caller_is_found_by_a_masked_number(place):
    assert scored(place)[0]["transcript"]["number_digests"] == []
    code, _, _ = run("number-key")
    assert code == 0
    key = place / "config" / "speechqa" / "number.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    document = scored(place)[0]
    assert document["transcript"]["number_digests"]
    for asked in (NUMBER, "+972 52 7881234", "zero five two seven double eight one two three four"):
        code, out, _ = run("calls", "--number", asked, "--json")
        assert (code, [json.loads(line)["call_id"] for line in out.splitlines()]) == (0, ["c1"])
    code, out, _ = run("calls", "--number", "-", "--json", input="dana.levi@gmail.com\n")
    assert json.loads(out.splitlines()[-1])["call_id"] == "c1"
    assert run("calls", "--number", "050-1112233", "--json")[1] == ""
    assert run("calls", "--number", "482916", "--json")[1] == ""


def test_neither_number_nor_key_is_written_anywhere(place):
    run("number-key")
    scored(place)
    run("calls", "--number", NUMBER)
    secret = (place / "config" / "speechqa" / "number.key").read_text().strip()
    held = b"".join(path.read_bytes() for path in place.glob("calls.db*"))
    for text in (
        "7881234",
        "788-1234",
        "double eight",
        "gmail dot",
        "dana",
        "482916",
        "nine one six",
        secret,
    ):
        assert text.encode() not in held
    _, out, _ = run("transcript", "c1")
    assert "[phone]" in out
    assert "[email]" in out
    assert "[code]" in out
    assert "250 dollars" in out


def test_an_export_logs_neither_number_nor_digest(place):
    run("number-key")
    digests = scored(place)[0]["transcript"]["number_digests"]
    code, _, _ = run("calls", "--number", NUMBER, "--export", str(place / "found.csv"), "--by", "dana")
    assert code == 0
    assert "c1" in (place / "found.csv").read_text(encoding="utf-8-sig")
    with open_store(os.environ["SPEECHQA_STORE"], create=False) as store:
        logged = "".join(str(entry) for entry in store.accesses())
    assert "one that was masked" in logged
    assert not any(digest in logged for digest in digests)


def test_phrase_search_does_not_find_the_number(place):
    scored(place)
    assert run("calls", "--phrase", "double eight", "--json")[1] == ""


def test_what_goes_wrong_is_said_without_the_number(place):
    scored(place)
    code, _, error = run("calls", "--number", NUMBER)
    assert code != 0
    assert "number-key" in error or "No key" in error
    run("number-key")
    for arguments in (("calls", "--number", "12"), ("calls", "--number", NUMBER, "--save", "mine")):
        code, _, error = run(*arguments)
        assert code != 0
        assert NUMBER not in error
    code, _, error = run("number-key")
    assert code != 0
    assert "already" in error


def test_a_key_that_others_may_read_is_refused(place):
    run("number-key", "--file", str(place / "open.key"))
    (place / "open.key").chmod(0o644)
    os.environ["SPEECHQA_NUMBER_KEY_FILE"] = str(place / "open.key")
    try:
        code, _, error = run("calls", "--number", NUMBER)
    finally:
        del os.environ["SPEECHQA_NUMBER_KEY_FILE"]
    assert code != 0
    assert "Others may read" in error


def test_redact_tries_a_text(place):
    assert (
        run("redact", input="call 052-7881234, it costs 90 dollars\n")[1]
        == "call [phone], it costs 90 dollars\n"
    )
    assert run("redact", str(place / "absent.txt"))[0] != 0
