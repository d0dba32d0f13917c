"""Tables that defend themselves: what a database refuses, whoever asks it to."""

from __future__ import annotations

from alembic import op

from speechqa.store.columns import POSTGRES

REFUSES = "speechqa_refuses"
"""The function of PostgreSQL that all guards there call."""


def make_refusal() -> None:
    """Make what guards call, where a database needs it."""
    if op.get_bind().dialect.name == POSTGRES:
        op.execute(
            f"CREATE FUNCTION {REFUSES}() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"
        )


def drop_refusal() -> None:
    """Drop it, after the tables."""
    if op.get_bind().dialect.name == POSTGRES:
        op.execute(f"DROP FUNCTION {REFUSES}()")


def guard(name: str, table: str, what: str, says: str, *, only_if: str = "") -> None:
    """Refuse what is done to a table.

    Parameters
    ----------
    what : str
        DELETE, UPDATE or UPDATE OF some columns.
    says : str
        What whoever tries is told.
    only_if : str
        A condition on OLD and NEW under which it is refused, ``{differs}`` standing for an inequality that
        knows nothing; always where it is empty.
    """
    if op.get_bind().dialect.name != POSTGRES:
        when = f"WHEN {only_if.format(differs='IS NOT')} " if only_if else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    when = f"WHEN ({only_if.format(differs='IS DISTINCT FROM')}) " if only_if else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
        f"FOR EACH ROW {when}EXECUTE FUNCTION {REFUSES}('{says}')"
    )
    if what == "DELETE":
        op.execute(
            f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {REFUSES}('{says}')"
        )
