"""What every command does with a blank name, and with digests in what it complains of."""

from __future__ import annotations

import pytest

from speechqa.cli import app
from speechqa.errors import UsageError
from speechqa.store import open_store
from tests.support.stores import call, put


@pytest.fixture
def filled(store):
    with open_store(store) as opened:
        put(opened, call("c1", agent_id="a1", customer_id="k1", started_at="2026-10-05"))
    return store


@pytest.mark.parametrize(
    "command",
    [
        ("review", "record", "c1", "--criterion", "thanks", "--verdict", "fail", "--comment", "no"),
        ("review", "queue", "--size", "1"),
        ("dispute", "open", "c1", "--criterion", "thanks", "--reason", "not_me", "--comment", "no"),
        ("period", "close", "2026-10", "--reason", "paid"),
        ("hold", "c1", "--reason", "law"),
        ("purge", "c1", "--yes", "--reason", "age"),
        ("customers", "k1"),
        ("transcript", "c1"),
        ("agent", "a1", "--own"),
    ],
)
def test_a_blank_name_is_nobody_and_not_the_user(run, filled, command):
    ran = run(*command, "--by", " ", "--store", filled)
    assert ran.code == 2
    assert "Nobody is named; found a blank --by" in ran.err
    with open_store(filled) as opened:
        assert not [*opened.notes()]
        assert not [*opened.accesses()]
        assert opened.get("c1")


def test_a_digest_in_a_complaint_is_whole_and_a_card_is_not(capsys):
    digest = "268c31809c4111111111111111e01bf3925010ba98ff833dfa0d45495aabbcc0"
    assert len(digest) == 64
    app._complain(UsageError("changed", found=f"{digest} of 4111 1111 1111 1111"))
    assert f"found {digest} of [card]" in capsys.readouterr().err


def test_the_url_of_a_store_is_whole_and_an_address_is_not(capsys):
    url = "postgresql://dana@db.example:5433/calls"
    app._complain(
        UsageError("broke", where=url, found="dana@db.example", expected="postgresql://USER@HOST/D")
    )
    said = capsys.readouterr().err
    assert f"in {url}; found [email]; expected postgresql://USER@HOST/D" in said
    app._complain(UsageError("broke", found="postgresql://dana:hunter2@db.example/calls"))
    assert "hunter2@" not in capsys.readouterr().err


def test_a_time_limit_is_not_passed_over_on_a_cluster(run, store, tmp_path):
    ran = run("audit", tmp_path, "--executor", "ray", "--time-limit", 1, "--store", store)
    assert ran.code == 2
    assert "--time-limit with --executor ray" in ran.err
