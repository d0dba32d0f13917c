"""A server that goes in the middle of a run: said in words, nothing half kept, and on with it later."""

from __future__ import annotations

import pytest

from speechqa.errors import StoreError
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from tests.support.stores import call, put


def cut_off(server) -> None:
    """End every connection there is, as a server does that is stopped."""
    server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
               "AND backend_type = 'client backend'")  # fmt: skip


def test_a_server_that_was_away_between_two_calls_is_asked_anew(postgres_server, postgres_url):
    with open_store(postgres_url) as store:
        put(store, call("c0"))
        cut_off(postgres_server)
        put(store, call("c1"))
        assert {one.call_id for one in store.find(CallFilter())} == {"c0", "c1"}
        assert [*store.damage()] == []


def test_a_transaction_that_is_cut_off_leaves_nothing(postgres_server, postgres_url, monkeypatch):
    from speechqa.store import writing

    index = writing.index

    def cut(connection, key, rows):
        cut_off(postgres_server)
        index(connection, key, rows)

    with open_store(postgres_url) as store:
        put(store, call("c0"))
        with monkeypatch.context() as patched:
            patched.setattr(writing, "index", cut)
            with pytest.raises(StoreError) as caught:
                put(store, call("half"))
        assert caught.value.exit_code == 6
        assert "run the command again" in str(caught.value.hint)
        assert [one.call_id for one in store.find(CallFilter())] == ["c0"]
        put(store, call("half"))
        assert len(store.history("half")) == 1
