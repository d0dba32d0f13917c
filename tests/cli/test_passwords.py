"""The password in a store's URL is nowhere: not printed, not kept, not in pages, however it was given."""

from __future__ import annotations

import pytest

from speechqa.store import open_store
from tests.support.opened import texts_in
from tests.support.stores import call, put

SECRET = "hunter2"
TOLD = "All users of this machine can read the password"


@pytest.fixture
def guarded(postgres_url) -> str:
    """The URL of a store on a server, with a password that the server does not ask for."""
    with open_store(postgres_url) as store:
        put(store, call("c1", agent_id="a1", turns=[("agent", "hello")]))
    return f"{postgres_url}&password={SECRET}"


def test_a_password_is_nowhere(run, guarded, tmp_path, monkeypatch, transcript):
    monkeypatch.chdir(tmp_path)
    copy = f"sqlite:///{tmp_path / 'copy.db'}"
    for url in (("--store", guarded), ()):
        given = "argument" if url else "environment"
        if not url:
            monkeypatch.setenv("SPEECHQA_STORE", guarded)
        for command in (
            ("score", transcript, "--json", *url),
            ("show", "c1", "--json", *url),
            ("report", "c1", "--out", given, *url),
            ("pack", "c1", "--output", f"{given}.zip", *url),
            ("calls", "--export", f"{given}.csv", *url),
            ("doctor", "--quick", "--json", *url),
            ("verify", "--json", *url),
            ("show", "absent", *url),
        )[0 if url else 3 :]:
            ran = run(*command)
            assert SECRET not in ran.out + ran.err, command
            asked = command[-1] if command[-2] == "--store" else ""
            assert (TOLD in ran.err) == bool(asked), command
    ran = run("store", "copy", guarded, copy, "--json")
    assert ran.code == 0, ran.err
    assert TOLD in ran.err
    assert SECRET not in ran.out + ran.err
    with open_store(guarded) as store:
        assert SECRET not in str([*store.accesses(), *store.notes()])
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or not any(SECRET in text for text in texts_in(path)), path.name


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://dana:{SECRET}@nowhere.invalid/calls",
        f"postgresql://dana@nowhere.invalid:x{SECRET}/calls?password={SECRET}",
        f"postgresql://dana:{SECRET}/calls",
        f"postgresql://nowhere.invalid/calls?pass%77ord={SECRET}&nothing=x",
        f"postgresql://dana:{SECRET}@[::1/calls",
        f"mysql://dana:{SECRET}@nowhere/calls",
        f"dana:{SECRET}@nowhere/calls",
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_its_password(run, url):
    ran = run("calls", "--store", url)
    assert ran.code == 6
    assert SECRET not in ran.out + ran.err
