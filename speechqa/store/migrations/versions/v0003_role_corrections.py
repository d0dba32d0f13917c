"""What people said of who is who in a call, kept beside what was found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A call that is purged takes its corrections along, so they may be removed, but never changed.
_GUARD = (
    "CREATE TRIGGER role_corrections_unchanged BEFORE UPDATE ON role_corrections "
    "BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END"
)


def upgrade() -> None:
    """Make the table; on SQLite it defends itself."""
    op.create_table(
        "role_corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("heard", sa.Text, nullable=False),
    )
    op.create_index("ix_role_corrections_identity", "role_corrections", ["identity"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_GUARD)


def downgrade() -> None:
    """Drop the table, and with it what people said."""
    op.drop_table("role_corrections")
