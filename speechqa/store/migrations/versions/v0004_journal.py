"""What people did about calls: reviews, disputes, closings, holds; a chained list that only grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The body of an entry goes with its call; the rest of it never changes and never goes.
_GUARDS = (
    "CREATE TRIGGER journal_unchanged BEFORE UPDATE ON journal "
    "WHEN NEW.body IS NOT NULL OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor "
    "OR NEW.kind <> OLD.kind OR NEW.identity IS NOT OLD.identity OR NEW.call_id IS NOT OLD.call_id "
    "OR NEW.body_digest <> OLD.body_digest OR NEW.chain <> OLD.chain "
    "BEGIN SELECT RAISE(ABORT, 'an entry of the journal is never changed'); END",
    "CREATE TRIGGER journal_kept BEFORE DELETE ON journal "
    "BEGIN SELECT RAISE(ABORT, 'an entry of the journal is never removed'); END",
)


def upgrade() -> None:
    """Make the table; on SQLite it defends itself."""
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("identity", sa.Text),
        sa.Column("call_id", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("body_digest", sa.Text, nullable=False),
        sa.Column("chain", sa.Text, nullable=False),
    )
    op.create_index("journal_by_kind", "journal", ["kind", "id"])
    op.create_index("ix_journal_identity", "journal", ["identity"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in _GUARDS:
            op.execute(statement)


def downgrade() -> None:
    """Drop the table, and with it what people did."""
    op.drop_table("journal")
