"""What people said of who is who in a call, kept beside what was found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from speechqa.store.columns import Number, Text
from speechqa.store.migrations.guards import guard

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it defends itself."""
    op.create_table(
        "role_corrections",
        sa.Column("id", Number, primary_key=True),
        sa.Column("identity", Text, nullable=False),
        sa.Column("at", Text, nullable=False),
        sa.Column("actor", Text, nullable=False),
        sa.Column("reason", Text, nullable=False),
        sa.Column("roles", Text, nullable=False),
        sa.Column("heard", Text, nullable=False),
    )
    op.create_index("ix_role_corrections_identity", "role_corrections", ["identity"])
    # A call that is purged takes its corrections along, so they may be removed, but never changed.
    guard("role_corrections_unchanged", "role_corrections", "UPDATE", "a correction is never changed")


def downgrade() -> None:
    """Drop the table, and with it what people said."""
    op.drop_table("role_corrections")
