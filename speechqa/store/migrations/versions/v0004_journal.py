"""What people did about calls: reviews, disputes, closings, holds; a chained list that only grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from speechqa.store.columns import Number, Text
from speechqa.store.migrations.guards import guard

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The body of an entry goes with its call; the rest of it never changes and never goes.
_CHANGED = (
    "NEW.body IS NOT NULL OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor "
    "OR NEW.kind <> OLD.kind OR NEW.identity {differs} OLD.identity OR NEW.call_id {differs} OLD.call_id "
    "OR NEW.body_digest <> OLD.body_digest OR NEW.chain <> OLD.chain"
)


def upgrade() -> None:
    """Make the table; it defends itself."""
    op.create_table(
        "journal",
        sa.Column("id", Number, primary_key=True),
        sa.Column("at", Text, nullable=False),
        sa.Column("actor", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("identity", Text),
        sa.Column("call_id", Text),
        sa.Column("body", Text),
        sa.Column("body_digest", Text, nullable=False),
        sa.Column("chain", Text, nullable=False),
    )
    op.create_index("journal_by_kind", "journal", ["kind", "id"])
    op.create_index("ix_journal_identity", "journal", ["identity"])
    changed, removed = (f"an entry of the journal is never {what}" for what in ("changed", "removed"))
    guard("journal_unchanged", "journal", "UPDATE", changed, only_if=_CHANGED)
    guard("journal_kept", "journal", "DELETE", removed)


def downgrade() -> None:
    """Drop the table, and with it what people did."""
    op.drop_table("journal")
