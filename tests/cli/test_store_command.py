"""`speechqa store copy`, and that no command shows the password of a store."""

from __future__ import annotations

import pytest

from speechqa.store import open_store
from tests.support.stores import put_a_day


@pytest.fixture
def full(tmp_path):
    url = f"sqlite:///{tmp_path / 'full.db'}"
    with open_store(url) as store:
        put_a_day(store)
    return url


def test_a_store_goes_to_a_server_and_back(run, full, tmp_path, postgres_url):
    there = run("store", "copy", full, postgres_url, "--by", "Dana", "--reason", "move", "--json")
    assert there.code == 0
    assert there.lines[0]["rows"]["calls"] == 4
    assert "all compared" in there.err
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert run("store", "copy", postgres_url, back).code == 0
    for command in (["calls", "--json"], ["agents", "--json"], ["calls", "--phrase", "lawyer", "--json"]):
        told = [run(*command, "--store", url).out for url in (full, postgres_url, back)]
        assert told[0] == told[1] == told[2] != ""
    assert run("verify", "--store", postgres_url).code == 0
    accesses = run("accesses", "--json", "--store", back).lines
    assert [(one["event"], one["actor"], one["reason"]) for one in accesses[:1]] == [
        ("store copy", "Dana", "move")
    ]


def test_a_full_store_is_not_copied_into(run, full, postgres_url):
    assert run("store", "copy", full, postgres_url).code == 0
    again = run("store", "copy", full, postgres_url)
    assert again.code == 6
    assert "not empty" in again.err


def test_a_store_in_memory_is_no_place(run, full):
    assert run("store", "copy", full, "sqlite://").code == 2


@pytest.mark.parametrize(
    "command",
    [
        ["calls"],
        ["agents"],
        ["show", "c1"],
        ["verify"],
        ["doctor", "--quick"],
        ["purge", "--older-than", "9"],
        ["audit", "nothing.wav", "--engine", "none"],
        ["report", "--batch"],
        ["accesses"],
    ],
)
@pytest.mark.parametrize("how", ["--store", "SPEECHQA_STORE"])
def test_no_command_shows_the_password(run, monkeypatch, tmp_path, command, how):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nothing.wav").write_bytes(b"")
    url = "postgresql://dana:hunter2@127.0.0.1:1/calls"
    if how == "--store":
        ran = run(*command, how, url)
    else:
        monkeypatch.setenv(how, url)
        ran = run(*command)
    assert "hunter2" not in ran.out + ran.err
    assert ran.code in (1, 6)


def test_a_file_of_passwords_is_read_as_libpq_does(run, monkeypatch, tmp_path, postgres_url):
    """Trust needs no password; what `libpq` is told by variables and files reaches it."""
    monkeypatch.setenv("PGHOST", postgres_url.split("host=")[1])
    monkeypatch.setenv("PGUSER", "speechqa")
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    name = postgres_url.split("/")[3].split("?")[0]
    assert run("calls", "--count", "--store", f"postgresql:///{name}").out.strip() == "0"


def test_doctor_tells_a_store_that_is_not_there_yet_from_one_that_fails(run, postgres_server, tmp_path):
    def told(url):
        lines = run("doctor", "--quick", "--json", "--store", url).lines
        checks = lines[0] if isinstance(lines[0], list) else lines
        return next(one for one in checks if one["name"] == "store")

    with postgres_server.database(empty=True) as empty:
        assert "none yet" in told(empty)["found"]
    assert "none yet" in told(f"sqlite:///{tmp_path / 'none.db'}")["found"]
    assert told("postgresql://dana:hunter2@127.0.0.1:1/calls")["state"] == "broken"
