"""A store made larger by copies of its calls, inside the database: a million calls in minutes.

    python -m benchmarks.big_store make --store sqlite:///big.db
    python -m benchmarks.store_copies --store sqlite:///big.db --times 10

Putting a million calls one by one takes hours. A copy has an id, a path, an agent, a team and a customer of
its own, by an ending; its words, verdicts and times are those of the call it was made of. So lists, totals
and searches meet as many rows as a million calls have. The document of a copy is that of the call it was
made of and tells its id: a copied store is for questions, not for `show` or `verify`.
"""

from __future__ import annotations

import argparse
import time

import sqlalchemy as sa

from speechqa.store import open_store, schema

AT_ONCE = 5_000
_KEY = "call"


def copied(table: sa.Table, number: int, keys: int, text: str, back: str) -> sa.TextClause:
    """The statement that copies the rows of calls between two keys.

    Parameters
    ----------
    number : int
        Which copy it is, from 1.
    keys : int
        How far the keys of the copies of each round lie apart.
    text, back : str
        How the database reads bytes as text and text as bytes.
    """
    key, end = number * keys, f".{number}"
    own = {
        "call": f"x.call + {key}",
        "call_id": f"x.call_id || '{end}'",
        "name": f"x.name || '{end}'",
        "identity": f"substr(x.identity, 1, 56) || '{end}'",
        "path": f"replace(x.path, '.wav', '{end}.wav')",
        "file_name": f"replace(x.file_name, '.wav', '{end}.wav')",
        "stem": f"x.stem || '{end}'",
        "agent_id": f"x.agent_id || '{end}'",
        "agent_name": f"x.agent_name || '{end}'",
        "team": f"x.team || '{end}'",
        "customer_id": f"x.customer_id || '{end}'",
    }
    joined, place = "", "x.call"
    if table.name in ("calls", "documents"):
        own["id"] = f"x.id + {key}"
    if table.name == "calls":
        place = "x.id"
    if table.name == "summaries":
        joined = "JOIN calls c ON c.id = x.call"
        told = text.format("x.body")
        for name in ("call_id", "path", "agent_id", "agent_name", "team", "customer_id"):
            fresh = own[name].replace("x.", "c.")
            told = f"""replace({told}, '"' || c.{name} || '"', '"' || {fresh} || '"')"""
        own["body"] = back.format(told)
    names = [column.name for column in table.columns]
    values = ", ".join(own.get(name, f'x."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    return sa.text(
        f"INSERT INTO {table.name} ({quoted}) SELECT {values} FROM {table.name} x {joined} "
        f"WHERE {place} > :after AND {place} <= :last"
    )


def grow(url: str, times: int) -> None:
    """Copy the calls of a store until it holds `times` as many."""
    with open_store(url) as store:
        before = store.counts()["done"]
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    lite = engine.dialect.name == "sqlite"
    text, back = (
        ("CAST({} AS TEXT)", "CAST({} AS BLOB)")
        if lite
        else ("convert_from({}, 'UTF8')", "convert_to({}, 'UTF8')")
    )
    tables = (schema.calls, schema.call_names, schema.call_paths, schema.documents, *schema.INDEX_TABLES)
    began = time.monotonic()
    with engine.connect() as connection:
        if lite:
            for pragma in ("synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.commit()
        keys = connection.scalar(sa.select(sa.func.max(schema.documents.c.id))) or 0
        for number in range(1, times):
            for after in range(0, keys, AT_ONCE):
                bounds = {"after": after, "last": min(keys, after + AT_ONCE)}
                for table in tables:
                    connection.execute(copied(table, number, keys, text, back), bounds)
                connection.execute(sa.text(searched(number * keys)), bounds)
                connection.commit()
            print(f"{before * (number + 1)} calls after {time.monotonic() - began:.0f} s", flush=True)
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def searched(key: int) -> str:
    """The statement that copies the searched text."""
    return (
        f"INSERT INTO call_text (rowid, agent, customer, other) SELECT rowid + {key}, agent, customer, other "
        "FROM call_text WHERE rowid > :after AND rowid <= :last"
    )


def main() -> None:
    """Grow a store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--store", default="sqlite:///big.db")
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    grow(given.store, given.times)


if __name__ == "__main__":
    main()
