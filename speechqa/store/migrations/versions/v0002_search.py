"""The full text of what was said; the index is built anew, so that calls of version 1 are found too."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the text table and ask for the index to be built."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE call_text USING fts5("
            'agent, customer, other, tokenize = "unicode61 remove_diacritics 2")'
        )
    op.execute("DELETE FROM store_info WHERE key = 'index_version'")


def downgrade() -> None:
    """Drop the text; it can be made again from the documents."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE call_text")
