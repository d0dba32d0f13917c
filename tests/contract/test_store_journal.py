"""What every store keeps of what people did."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from speechqa.errors import UsageError
from speechqa.store import journal, open_store
from speechqa.store.opening import database_of
from tests.support.stores import undefended


def fill(store, count: int = 5) -> None:
    for number in range(count):
        store.note("review", {"criterion": "thanks", "n": number}, actor="dana", identity=f"i{number % 2}")


def test_entries_come_back_in_order_with_who_and_what(store):
    first = store.note("dispute", {"reason": "לא אני"}, actor="avi", identity="i1", call="c1")
    fill(store)
    every = list(store.notes())
    assert every[0] == first
    assert [entry.number for entry in every] == [1, 2, 3, 4, 5, 6]
    assert (first.actor, first.kind, first.call_id) == ("avi", "dispute", "c1")
    assert [entry.kind for entry in store.notes("review")] == ["review"] * 5
    assert [entry.number for entry in store.notes(identity="i1")] == [1, 3, 5]
    assert store.broken() == ()


def test_an_entry_needs_somebody(store):
    with pytest.raises(UsageError, match="who does it"):
        store.note("review", {}, actor=" ")
    with pytest.raises(UsageError, match="no Unicode"):
        store.note("review", {}, actor="\ud800")
    assert list(store.notes()) == []


def test_more_entries_than_are_read_at_once(store, monkeypatch):
    monkeypatch.setattr(journal, "_AT_ONCE", 2)
    fill(store, 5)
    assert [entry.number for entry in store.notes()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE journal SET actor = 'eve' WHERE id = 3",
        """UPDATE journal SET body = '{"criterion":"thanks","n":9}' WHERE id = 2""",
        "DELETE FROM journal WHERE id = 2",
        "DELETE FROM journal WHERE id = 5",
        "DELETE FROM journal WHERE id = 1",
        "UPDATE journal SET id = CASE id WHEN 2 THEN -3 ELSE -2 END WHERE id IN (2, 3)",
    ],
)
def test_what_is_changed_dropped_or_moved_is_found(url, harm):
    database = database_of(url, create=True)
    with open_store(url) as store:
        fill(store)
    with database.writing() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql(harm)
    with database.writing() as connection:
        undefended(connection, "journal")
        connection.exec_driver_sql(harm)
        connection.exec_driver_sql("UPDATE journal SET id = -id WHERE id < 0")
    assert list(journal.broken(database))
    database.close()


def test_bodies_can_be_erased_and_the_chain_still_holds(url):
    with open_store(url) as store:
        fill(store)
        database = database_of(url, create=False)
        assert journal.erase(database, "i0") == 3
        assert [entry.body is None for entry in store.notes()] == [True, False, True, False, True]
        assert store.broken() == ()
        database.close()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE access_log SET reason = 'audit' WHERE id = 2",
        "DELETE FROM access_log WHERE id = 2",
        "DELETE FROM access_log WHERE id = 3",
        "DELETE FROM store_info WHERE key = 'access_log head'",
    ],
)
def test_the_log_of_accesses_is_chained_too(url, harm):
    with open_store(url) as store:
        for number in range(3):
            store.log("show", call=f"c{number}", actor="dana", reason="dispute")
        assert store.broken() == ()
        database = database_of(url, create=False)
        with database.writing() as connection:
            undefended(connection, "access_log")
            connection.exec_driver_sql(harm)
        assert store.broken()
        database.close()


def test_no_access_is_of_a_call_whose_name_is_no_unicode_text(store):
    store.log("show", call="night", actor="dana")
    assert list(store.accesses("\udcff")) == []
    assert [entry.call_id for entry in store.accesses("night")] == ["night"]
