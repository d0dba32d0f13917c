"""Triggers that keep sums by agent, team, week and rubric, whoever writes or removes a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alembic import op

from speechqa.store.columns import POSTGRES

GROUP = ("agent_id", "team", "week", "rubric", "rubric_digest")
"""What every sum is kept by, beside its own keys and whether the words are a draft's."""

Sums = Mapping[str, str]


def keep_sums(table: str, source: str, own: Sequence[str], sums: Sums) -> None:
    """Have `table` hold sums over the rows of `source`.

    Parameters
    ----------
    source : str
        A table with rows of one call each, named in its column `call`.
    own : sequence of str
        Columns of `source` that the sums are kept by too.
    sums : mapping of str to str
        What is added for a row, by the column it is added to; `{row}` stands for the row, and columns of its
        call by their names.
    """
    if op.get_bind().dialect.name == POSTGRES:
        _by_statement(table, source, own, sums)
    else:
        _by_row(table, source, own, sums)


def forget_sums(table: str, source: str) -> None:
    """Stop keeping them; the table stays as it is."""
    for name in ("added", "taken"):
        if op.get_bind().dialect.name == POSTGRES:
            op.execute(f"DROP TRIGGER {table}_{name} ON {source}")
            op.execute(f"DROP FUNCTION speechqa_{table}_{name}()")
        else:
            op.execute(f"DROP TRIGGER {table}_{name}")


def fill_sums(table: str, source: str, own: Sequence[str], sums: Sums) -> None:
    """Add up what is there already, into a table that is empty."""
    names = ", ".join([*GROUP, *own, "draft", *sums])
    op.execute(f"INSERT INTO {table} ({names}) {added_up(source, own, sums)}")


def added_up(rows: str, own: Sequence[str], sums: Sums) -> str:
    """The question for the sums over rows, by group."""
    about = [f"coalesce(c.{'local_week' if name == 'week' else name}, '')" for name in GROUP]
    group = [*about, *(f"r.{name}" for name in own), "c.draft"]
    columns = [f"{column} AS {name}" for column, name in zip(group, [*GROUP, *own, "draft"], strict=True)]
    added = [f"sum({_number(value.format(row='r'))}) AS {name}" for name, value in sums.items()]
    return (
        f"SELECT {', '.join([*columns, *added])} FROM {rows} r JOIN calls c ON c.id = r.call "  # noqa: S608
        f"GROUP BY {', '.join(group)}"
    )


def _by_row(table: str, source: str, own: Sequence[str], sums: Sums) -> None:
    def group(row: str) -> str:
        about = [f"coalesce({'local_week' if name == 'week' else name}, '')" for name in GROUP]
        return ", ".join([*about, *(f"{row}.{name}" for name in own), "draft"])

    names = ", ".join([*GROUP, *own, "draft"])
    added = ", ".join(f"{name} = {name} + excluded.{name}" for name in sums)
    values = ", ".join(value.format(row="NEW") for value in sums.values())
    its_call = "FROM calls WHERE id = OLD.call"
    taken = ", ".join(
        f"{name} = {name} - (SELECT {value.format(row='OLD')} {its_call})" for name, value in sums.items()
    )
    op.execute(
        f"CREATE TRIGGER {table}_added AFTER INSERT ON {source} BEGIN "  # noqa: S608
        f"INSERT INTO {table} ({names}, {', '.join(sums)}) "
        f"SELECT {group('NEW')}, {values} FROM calls WHERE id = NEW.call "
        f"ON CONFLICT ({names}) DO UPDATE SET {added}; END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_taken AFTER DELETE ON {source} BEGIN "  # noqa: S608
        f"UPDATE {table} SET {taken} WHERE ({names}) = (SELECT {group('OLD')} {its_call}); END"
    )


def _by_statement(table: str, source: str, own: Sequence[str], sums: Sums) -> None:
    """Once for all rows that a statement adds or takes away."""
    names = [*GROUP, *own, "draft"]
    more = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    less = ", ".join(f"{name} = {table}.{name} - gone.{name}" for name in sums)
    same = " AND ".join(f"{table}.{name} = gone.{name}" for name in names)
    does = {
        "added": ("INSERT", "NEW", f"INSERT INTO {table} ({', '.join([*names, *sums])}) "
                  f"{added_up('new_rows', own, sums)} ON CONFLICT ({', '.join(names)}) DO UPDATE SET {more}"),
        "taken": ("DELETE", "OLD", f"UPDATE {table} SET {less} "  # noqa: S608
                  f"FROM ({added_up('old_rows', own, sums)}) gone WHERE {same}"),
    }  # fmt: skip
    for name, (event, which, statement) in does.items():
        op.execute(
            f"CREATE FUNCTION speechqa_{table}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {statement}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_{name} AFTER {event} ON {source} "
            f"REFERENCING {which} TABLE AS {which.lower()}_rows "
            f"FOR EACH STATEMENT EXECUTE FUNCTION speechqa_{table}_{name}()"
        )
    # A row is changed with every call of its week: room beside it keeps that cheap.
    op.execute(f"ALTER TABLE {table} SET (fillfactor = 70)")


def _number(value: str) -> str:
    """A value as a number where it is a condition, which is none in PostgreSQL."""
    condition = ("=" in value or ">" in value) and not value.startswith("CASE")
    return f"CASE WHEN {value} THEN 1 ELSE 0 END" if condition else value
