"""What calls are found and added up by: more columns, tags, promises, and sums by week that triggers keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("calls", "direction", sa.Text),
    ("calls", "rubric", sa.Text),
    ("calls", "rubric_digest", sa.Text),
    ("calls", "local_week", sa.Text),
    ("calls", "listen_weight", sa.Integer),
    ("calls", "silence", sa.Float),
    ("verdicts", "critical", sa.Boolean),
)
_GROUP = ("agent_id", "team", "week", "rubric", "rubric_digest")
_SUMS = {
    "week_criteria": {
        "passed": "{row}.verdict = 'pass'",
        "failed": "{row}.verdict = 'fail'",
        "not_applicable": "{row}.verdict = 'not_applicable'",
        "not_assessed": "{row}.verdict = 'not_assessed'",
        "earned": "coalesce({row}.earned, 0)",
        "possible": "coalesce({row}.possible, 0)",
    },
    "week_scores": {
        "calls": "{row}.possible > 0",
        "earned": "{row}.earned",
        "possible": "{row}.possible",
        "earned_earned": "{row}.earned * {row}.earned",
        "earned_possible": "{row}.earned * {row}.possible",
        "possible_possible": "{row}.possible * {row}.possible",
    },
}
_OWN = {"week_criteria": ("category", "criterion"), "week_scores": ("category",)}
_SOURCE = {"week_criteria": "verdicts", "week_scores": "scores"}


def upgrade() -> None:
    """Add it all and ask for the index to be built, which fills it."""
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind))
    op.create_index("calls_by_risk", "calls", [sa.text("listen_weight DESC"), "id"])
    op.create_index("calls_by_team", "calls", ["team", sa.text("started_moment DESC"), "call_id"])
    op.create_index(
        "calls_by_week",
        "calls",
        ["agent_id", "team", "local_week", "rubric", "rubric_digest", "draft", "status", "duration"],
    )
    op.create_table(
        "call_tags",
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("tag", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("call_tags_by_value", "call_tags", ["tag", "value", "call"])
    op.create_table(
        "promises",
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("by_when", sa.Text),
        sa.Column("due", sa.Text),
        sa.Column("start", sa.Float),
        sqlite_with_rowid=False,
    )
    op.create_index("promises_by_due", "promises", ["due", "who", "call"])
    for table, sums in _SUMS.items():
        keys = [*_GROUP, *_OWN[table]]
        op.create_table(
            table,
            *(sa.Column(name, sa.Text, primary_key=True) for name in keys),
            sa.Column("draft", sa.Boolean, primary_key=True),
            *(sa.Column(name, sa.Integer, nullable=False) for name in sums),
            sqlite_with_rowid=False,
        )
        if op.get_bind().dialect.name == "sqlite":
            _keep_sums(table, keys, sums)
    op.execute("DELETE FROM store_info WHERE key = 'index_version'")


def _keep_sums(table: str, keys: list[str], sums: dict[str, str]) -> None:
    """Have the database add and take away with every row of a call, whoever writes or removes it."""
    source = _SOURCE[table]

    def group(row: str) -> str:
        about = [f"coalesce({'local_week' if name == 'week' else name}, '')" for name in _GROUP]
        return ", ".join([*about, *(f"{row}.{name}" for name in _OWN[table]), "draft"])

    names = ", ".join([*keys, "draft"])
    added = ", ".join(f"{name} = {name} + excluded.{name}" for name in sums)
    taken = ", ".join(f"{name} = {name} - ({value.format(row='OLD')})" for name, value in sums.items())
    values = ", ".join(value.format(row="NEW") for value in sums.values())
    op.execute(
        f"CREATE TRIGGER {table}_added AFTER INSERT ON {source} BEGIN "  # noqa: S608 - names of our own
        f"INSERT INTO {table} ({names}, {', '.join(sums)}) "
        f"SELECT {group('NEW')}, {values} FROM calls WHERE id = NEW.call "
        f"ON CONFLICT ({names}) DO UPDATE SET {added}; END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_taken AFTER DELETE ON {source} BEGIN "  # noqa: S608 - names of our own
        f"UPDATE {table} SET {taken} "
        f"WHERE ({names}) = (SELECT {group('OLD')} FROM calls WHERE id = OLD.call); END"
    )


def downgrade() -> None:
    """Drop what can be made again from the documents."""
    if op.get_bind().dialect.name == "sqlite":
        for table in _SUMS:
            op.execute(f"DROP TRIGGER {table}_added")
            op.execute(f"DROP TRIGGER {table}_taken")
    for table in (*_SUMS, "promises", "call_tags"):
        op.drop_table(table)
    for index in ("calls_by_week", "calls_by_team", "calls_by_risk"):
        op.drop_index(index, "calls")
    for table, name, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
