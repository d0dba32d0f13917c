"""The full text of what was said; the index is built anew, so that calls of version 1 are found too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from speechqa.store.columns import POSTGRES, Number, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


_SPEAKERS = ("agent", "customer", "other")


def upgrade() -> None:
    """Make the text table and ask for the index to be built."""
    if op.get_bind().dialect.name == POSTGRES:
        # Words alone are indexed: positions of a text search vector end at 16383, and long calls do not.
        op.create_table(
            "call_text",
            sa.Column("rowid", Number, sa.ForeignKey("calls.id"), primary_key=True, autoincrement=False),
            *(sa.Column(name, Text, nullable=False) for name in _SPEAKERS),
        )
        words = ", ".join(f"string_to_array({name}, ' ')" for name in _SPEAKERS)
        op.execute(f"CREATE INDEX call_text_words ON call_text USING gin ({words})")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE call_text USING fts5("
            'agent, customer, other, tokenize = "unicode61 remove_diacritics 2")'
        )
    op.execute("DELETE FROM store_info WHERE key = 'index_version'")


def downgrade() -> None:
    """Drop the text; it can be made again from the documents."""
    op.execute("DROP TABLE call_text")
