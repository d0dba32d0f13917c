"""A thousand random changes, drops and reorderings of the rows of either log: every one is found."""

from __future__ import annotations

import random

import pytest

from speechqa.store import access, journal
from speechqa.store.sql import SqlStore
from speechqa.store.sqlite import SqliteDatabase

ROWS = 12
COLUMNS = {
    "journal": ("at", "actor", "kind", "identity", "call_id", "body", "body_digest", "chain"),
    "access_log": ("at", "actor", "event", "call_id", "reason", "details", "chain"),
}
BROKEN = {"journal": journal.broken, "access_log": access.broken}


@pytest.fixture
def database():
    """Both logs filled, undefended, a good copy of each beside it; in memory, for there are many tries."""
    opened = SqliteDatabase(None)
    store = SqlStore(opened)
    for number in range(ROWS):
        who, call = f"a{number % 3}", f"c{number}"
        store.note("review", {"n": number}, actor=who, identity=f"i{number}", call=call)
        store.log("show", call=call, actor=who, reason="why", details={"n": str(number)})
    with opened.writing() as connection:
        for log in COLUMNS:
            connection.exec_driver_sql(f"DROP TRIGGER {log}_unchanged")
            connection.exec_driver_sql(f"DROP TRIGGER {log}_kept")
            connection.exec_driver_sql(f"CREATE TABLE good_{log} AS SELECT * FROM {log}")
    yield opened
    opened.close()


def harmed(connection, log, chance):
    """One random harm to one log; what was done."""
    kind = chance.choice(("change", "change", "drop", "swap", "repeat", "swap ids"))
    row, other = chance.sample(range(1, ROWS + 1), 2)
    columns = ", ".join(COLUMNS[log])
    if kind == "change":
        column = chance.choice(COLUMNS[log])
        value = connection.exec_driver_sql(f"SELECT {column} FROM {log} WHERE id = ?", (row,)).scalar()
        place = chance.randrange(len(value))
        letter = chance.choice([c for c in "abcdef0123456789 xyz" if c != value[place]])
        new = value[:place] + letter + value[place + 1 :]
        connection.exec_driver_sql(f"UPDATE {log} SET {column} = ? WHERE id = ?", (new, row))
        return kind, column, row, place, letter
    if kind == "drop":
        connection.exec_driver_sql(f"DELETE FROM {log} WHERE id = ?", (row,))
        if chance.random() < 0.5:  # and close the gap
            connection.exec_driver_sql(f"UPDATE {log} SET id = -id WHERE id > ?", (row,))
            connection.exec_driver_sql(f"UPDATE {log} SET id = -id - 1 WHERE id < 0")
    elif kind == "repeat":
        connection.exec_driver_sql(
            f"INSERT INTO {log} (id, {columns}) SELECT {ROWS + 1}, {columns} FROM {log} WHERE id = ?", (row,)
        )
    elif kind == "swap ids":
        connection.exec_driver_sql(f"UPDATE {log} SET id = -id WHERE id IN (?, ?)", (row, other))
        connection.exec_driver_sql(f"UPDATE {log} SET id = ? WHERE id = ?", (other, -row))
        connection.exec_driver_sql(f"UPDATE {log} SET id = ? WHERE id = ?", (row, -other))
    else:  # everything but the chains changes places
        for to, source in ((row, other), (other, row)):
            sets = ", ".join(
                f"{c} = (SELECT {c} FROM good_{log} WHERE id = {source})"
                for c in COLUMNS[log]
                if c != "chain"
            )
            connection.exec_driver_sql(f"UPDATE {log} SET {sets} WHERE id = {to}")
    return kind, row, other


@pytest.mark.parametrize("log", sorted(COLUMNS))
def test_every_harm_to_a_log_is_found(database, log):
    chance = random.Random(7)
    columns = ", ".join(("id", *COLUMNS[log]))
    assert list(BROKEN[log](database)) == []
    missed = []
    for _ in range(1000):
        with database.writing() as connection:
            done = harmed(connection, log, chance)
        if not list(BROKEN[log](database)):
            missed.append(done)
        with database.writing() as connection:
            connection.exec_driver_sql(f"DELETE FROM {log}")
            connection.exec_driver_sql(f"INSERT INTO {log} ({columns}) SELECT {columns} FROM good_{log}")
    assert missed == []
    assert list(BROKEN[log](database)) == []
