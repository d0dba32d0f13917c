"""What calls are found and added up by: more columns, tags, promises, and sums by week that triggers keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from speechqa.store.columns import BESIDE_KEY, Number, Text, index_columns
from speechqa.store.migrations.sums import GROUP, forget_sums, keep_sums

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("calls", "direction", Text),
    ("calls", "rubric", Text),
    ("calls", "rubric_digest", Text),
    ("calls", "local_week", Text),
    ("calls", "listen_weight", Number),
    ("calls", "silence", sa.Float),
    ("verdicts", "critical", sa.Boolean),
)
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
    dialect = op.get_bind().dialect.name
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind))
    op.create_index("calls_by_risk", "calls", index_columns(dialect, "-listen_weight", "id"))
    op.create_index(
        "calls_by_team", "calls", index_columns(dialect, "team", "-started_moment", "call_id"), **BESIDE_KEY
    )
    op.create_index(
        "calls_by_week",
        "calls",
        ["agent_id", "team", "local_week", "rubric", "rubric_digest", "draft", "status", "duration"],
    )
    op.create_table(
        "call_tags",
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("tag", Text, primary_key=True),
        sa.Column("value", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("call_tags_by_value", "call_tags", ["tag", "value", "call"])
    op.create_table(
        "promises",
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("number", Number, primary_key=True),
        sa.Column("who", Text, nullable=False),
        sa.Column("what", Text, nullable=False),
        sa.Column("by_when", Text),
        sa.Column("due", Text),
        sa.Column("start", sa.Float),
        sqlite_with_rowid=False,
    )
    op.create_index("promises_by_due", "promises", ["due", "who", "call"])
    for table, sums in _SUMS.items():
        keys = [*GROUP, *_OWN[table]]
        op.create_table(
            table,
            *(sa.Column(name, Text, primary_key=True) for name in keys),
            sa.Column("draft", sa.Boolean, primary_key=True),
            *(sa.Column(name, Number, nullable=False) for name in sums),
            sqlite_with_rowid=False,
        )
        keep_sums(table, _SOURCE[table], _OWN[table], sums)
    op.execute("DELETE FROM store_info WHERE key = 'index_version'")


def downgrade() -> None:
    """Drop what can be made again from the documents."""
    for table in _SUMS:
        forget_sums(table, _SOURCE[table])
    for table in (*_SUMS, "promises", "call_tags"):
        op.drop_table(table)
    for index in ("calls_by_week", "calls_by_team", "calls_by_risk"):
        op.drop_index(index, "calls")
    for table, name, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
