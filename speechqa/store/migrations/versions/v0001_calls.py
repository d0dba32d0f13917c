"""Calls, their documents, the index over the current ones, and the access log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from speechqa.store.columns import BESIDE_KEY, POSTGRES, Number, Text, index_columns
from speechqa.store.migrations.guards import drop_refusal, guard, make_refusal

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "store_info",
    "calls",
    "call_names",
    "call_paths",
    "documents",
    "summaries",
    "scores",
    "verdicts",
    "signals",
    "access_log",
)


def upgrade() -> None:
    """Make all tables; the access log and the documents defend themselves."""
    dialect = op.get_bind().dialect.name
    op.create_table(
        "store_info",
        sa.Column("key", Text, primary_key=True),
        sa.Column("value", Text, nullable=False),
    )
    op.create_table(
        "calls",
        sa.Column("id", Number, primary_key=True),
        sa.Column("call_id", Text, nullable=False),
        sa.Column("identity", Text),
        sa.Column("last_error", Text),
        sa.Column("path", Text),
        sa.Column("status", Text, nullable=False),
        sa.Column("agent_id", Text),
        sa.Column("agent_name", Text),
        sa.Column("team", Text),
        sa.Column("customer_id", Text),
        sa.Column("started_at", Text),
        sa.Column("started_moment", sa.Float),
        sa.Column("local_date", Text),
        sa.Column("local_hour", Number),
        sa.Column("duration", sa.Float),
        sa.Column("language", Text),
        sa.Column("draft", sa.Boolean, nullable=False),
        sa.Column("interruptions", Number),
        sa.UniqueConstraint("call_id"),
        sa.UniqueConstraint("identity"),
    )
    op.create_index(
        "calls_by_last_error",
        "calls",
        ["id"],
        sqlite_where=sa.text("last_error IS NOT NULL"),
        postgresql_where=sa.text("last_error IS NOT NULL"),
    )
    op.create_index(
        "calls_by_start", "calls", index_columns(dialect, "-started_moment", "call_id"), **BESIDE_KEY
    )
    op.create_index(
        "calls_by_agent",
        "calls",
        index_columns(dialect, "agent_id", "-started_moment", "call_id"),
        **BESIDE_KEY,
    )
    op.create_index(
        "calls_by_customer",
        "calls",
        index_columns(dialect, "customer_id", "-started_moment", "call_id"),
        **BESIDE_KEY,
    )
    op.create_index("calls_by_date", "calls", ["local_date"])
    op.create_index("calls_by_status", "calls", ["status"])
    op.create_table(
        "call_names",
        sa.Column("name", Text, primary_key=True),
        sa.Column("call", Number, sa.ForeignKey("calls.id"), nullable=False),
    )
    op.create_index("ix_call_names_call", "call_names", ["call"])
    op.create_table(
        "call_paths",
        sa.Column("path", Text, primary_key=True),
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("file_name", Text, nullable=False),
        sa.Column("stem", Text, nullable=False),
    )
    op.create_index("ix_call_paths_call", "call_paths", ["call"])
    op.create_index("ix_call_paths_file_name", "call_paths", ["file_name"])
    op.create_index("ix_call_paths_stem", "call_paths", ["stem"])
    op.create_table(
        "documents",
        sa.Column("id", Number, primary_key=True),
        sa.Column("call", Number, sa.ForeignKey("calls.id"), nullable=False),
        sa.Column("number", Number, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("fingerprint", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("run_id", Text),
        sa.Column("stored_at", Text, nullable=False),
        sa.Column("error", Text),
        sa.Column("digest", Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("call", "number"),
    )
    op.create_index(
        "documents_current",
        "documents",
        ["call"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_index("documents_by_input", "documents", ["call", "fingerprint"])
    op.create_table(
        "summaries",
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "scores",
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("category", Text, primary_key=True),
        sa.Column("agent_id", Text),
        sa.Column("draft", sa.Boolean, nullable=False),
        sa.Column("earned", Number, nullable=False),
        sa.Column("possible", Number, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "verdicts",
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("criterion", Text, primary_key=True),
        sa.Column("agent_id", Text),
        sa.Column("draft", sa.Boolean, nullable=False),
        sa.Column("category", Text, nullable=False),
        sa.Column("verdict", Text, nullable=False),
        sa.Column("earned", Number),
        sa.Column("possible", Number),
        sqlite_with_rowid=False,
    )
    op.create_index("scores_by_agent", "scores", ["agent_id", "draft", "category", "earned", "possible"])
    op.create_index(
        "verdicts_by_agent",
        "verdicts",
        ["agent_id", "draft", "criterion", "category", "verdict", "earned", "possible"],
    )
    op.create_index("verdicts_by_criterion", "verdicts", ["criterion", "verdict", "call"])
    op.create_table(
        "signals",
        sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("signal", Text, primary_key=True),
        sa.Column("value", sa.Boolean),
        sqlite_with_rowid=False,
    )
    op.create_index("signals_by_name", "signals", ["signal", "value", "call"])
    op.create_table(
        "access_log",
        sa.Column("id", Number, primary_key=True),
        sa.Column("at", Text, nullable=False),
        sa.Column("actor", Text, nullable=False),
        sa.Column("event", Text, nullable=False),
        sa.Column("call_id", Text),
        sa.Column("reason", Text, nullable=False),
        sa.Column("details", Text, nullable=False),
        sa.Column("chain", Text),
    )
    op.create_index("ix_access_log_call_id", "access_log", ["call_id"])
    if dialect == POSTGRES:
        # Documents are compressed already: the server need not try.
        op.execute("ALTER TABLE documents ALTER COLUMN body SET STORAGE EXTERNAL")
    make_refusal()
    guard("access_log_kept", "access_log", "DELETE", "the access log only grows")
    guard("access_log_unchanged", "access_log", "UPDATE", "the access log only grows")
    guard(
        "documents_unchanged",
        "documents",
        "UPDATE OF body, digest, fingerprint",
        "a kept document is never changed",
    )


def downgrade() -> None:
    """Drop all of it."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    drop_refusal()
