"""Commands over a store that an earlier version made: the first of them brings it to the present."""

import json

import pytest

from tests.support.golden import store_at

ABOUT = ("--by", "Dana", "--reason", "check")
PEOPLE = {
    ("hold", "list"): "call he-oven-complaint",
    ("period", "list"): "2026-02-01",
    ("dispute", "list"): "contested as pass by a202",
    ("calls", "--saved", "fines"): "en-library-mono",
    ("review", "agreement"): "thanks         1",
    ("roles", "en-library-mono"): "corrected by Dana",
}


@pytest.mark.parametrize("name", ["0001", "0005"])
def test_an_older_store_is_listed_shown_searched_verified_and_purged(run, tmp_path, name):
    store = ("--store", f"sqlite:///{store_at(name, tmp_path)}")
    listed = run("calls", "--json", *store)
    assert [line["call_id"] for line in listed.lines][:2] == ["he-oven-complaint", "en-library-mono"]
    assert json.loads(run("calls", "--phrase", "city library", "--json", *store).out)["agent_id"] == "a103"
    shown = run("show", "en-library-mono", *store)
    assert (shown.code, "Kevin Moss" in shown.out) == (0, True)
    assert run("transcript", "he-oven-complaint", "--format", "srt", *store).code == 0
    assert {line["agent_id"] for line in run("agents", "--json", *store).lines} >= {"a103", "a202"}
    assert len(run("accesses", "he-oven-complaint", "--json", *store).lines) >= 2
    if name == "0005":  # what people did about calls is there as they did it
        for command, words in PEOPLE.items():
            assert words in run(*command, *store).out, command
    looked = run("verify", *store)
    assert looked.code == 0, looked.out + looked.err
    held = run("purge", "he-oven-complaint", "--yes", *ABOUT, *store)
    gone = run("purge", "en-library-mono", "--yes", *ABOUT, *store)
    assert gone.code == 0, gone.err
    left = [line["call_id"] for line in run("calls", "--json", *store).lines]
    assert ("he-oven-complaint" in left) == (name == "0005"), held.out + held.err
    assert "en-library-mono" not in left
    assert run("verify", *store).code == 0
