"""Keyed digests of the numbers that were masked in a call, by which it is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from speechqa.store.columns import Number, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; no older document holds digests, so it begins empty."""
    op.create_table(
        "masked_numbers",
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("digest", Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("masked_numbers_by_digest", "masked_numbers", ["digest", "call"])


def downgrade() -> None:
    """Drop it; the documents keep their digests."""
    op.drop_table("masked_numbers")
