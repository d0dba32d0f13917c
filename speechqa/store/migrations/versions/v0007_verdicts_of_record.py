"""Verdicts that people gave, for totals of what counts; and an index of critical failures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from speechqa.store.columns import Number, Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it is filled from the journal when the store is opened."""
    op.create_table(
        "record_verdicts",
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("criterion", Text, primary_key=True),
        sa.Column("category", Text, nullable=False),
        sa.Column("source", Text, nullable=False),
        sa.Column("verdict", Text, nullable=False),
        sa.Column("earned", Number),
        sa.Column("possible", Number),
        sa.Column("critical", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    failed = sa.text("critical = 1 AND verdict = 'fail'")
    op.create_index(
        "verdicts_critical",
        "verdicts",
        ["call", "criterion"],
        sqlite_where=failed,
        postgresql_where=sa.text("critical AND verdict = 'fail'"),
    )


def downgrade() -> None:
    """Drop it; the journal keeps what people said."""
    op.drop_index("verdicts_critical", "verdicts")
    op.drop_table("record_verdicts")
