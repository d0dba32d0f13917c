"""Calls, their documents, the index over the current ones, and the access log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

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

_GUARDS = {
    "access_log_kept": (
        "CREATE TRIGGER access_log_kept BEFORE DELETE ON access_log "
        "BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END"
    ),
    "access_log_unchanged": (
        "CREATE TRIGGER access_log_unchanged BEFORE UPDATE ON access_log "
        "BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END"
    ),
    "documents_unchanged": (
        "CREATE TRIGGER documents_unchanged BEFORE UPDATE OF body, digest, fingerprint ON documents "
        "BEGIN SELECT RAISE(ABORT, 'a kept document is never changed'); END"
    ),
}


def upgrade() -> None:
    """Make all tables; on SQLite the access log and the documents defend themselves."""
    op.create_table(
        "store_info",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("identity", sa.Text),
        sa.Column("last_error", sa.Text),
        sa.Column("path", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("agent_id", sa.Text),
        sa.Column("agent_name", sa.Text),
        sa.Column("team", sa.Text),
        sa.Column("customer_id", sa.Text),
        sa.Column("started_at", sa.Text),
        sa.Column("started_moment", sa.Float),
        sa.Column("local_date", sa.Text),
        sa.Column("local_hour", sa.Integer),
        sa.Column("duration", sa.Float),
        sa.Column("language", sa.Text),
        sa.Column("draft", sa.Boolean, nullable=False),
        sa.Column("interruptions", sa.Integer),
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
    op.create_index("calls_by_start", "calls", [sa.text("started_moment DESC"), "call_id"])
    op.create_index("calls_by_agent", "calls", ["agent_id", sa.text("started_moment DESC"), "call_id"])
    op.create_index("calls_by_customer", "calls", ["customer_id", sa.text("started_moment DESC"), "call_id"])
    op.create_index("calls_by_date", "calls", ["local_date"])
    op.create_index("calls_by_status", "calls", ["status"])
    op.create_table(
        "call_names",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), nullable=False),
    )
    op.create_index("ix_call_names_call", "call_names", ["call"])
    op.create_table(
        "call_paths",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("stem", sa.Text, nullable=False),
    )
    op.create_index("ix_call_paths_call", "call_paths", ["call"])
    op.create_index("ix_call_paths_file_name", "call_paths", ["file_name"])
    op.create_index("ix_call_paths_stem", "call_paths", ["stem"])
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("stored_at", sa.Text, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("digest", sa.Text, nullable=False),
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
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "scores",
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("category", sa.Text, primary_key=True),
        sa.Column("agent_id", sa.Text),
        sa.Column("draft", sa.Boolean, nullable=False),
        sa.Column("earned", sa.Integer, nullable=False),
        sa.Column("possible", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "verdicts",
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("criterion", sa.Text, primary_key=True),
        sa.Column("agent_id", sa.Text),
        sa.Column("draft", sa.Boolean, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("earned", sa.Integer),
        sa.Column("possible", sa.Integer),
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
        sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
        sa.Column("signal", sa.Text, primary_key=True),
        sa.Column("value", sa.Boolean),
        sqlite_with_rowid=False,
    )
    op.create_index("signals_by_name", "signals", ["signal", "value", "call"])
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("chain", sa.Text),
    )
    op.create_index("ix_access_log_call_id", "access_log", ["call_id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in _GUARDS.values():
            op.execute(statement)


def downgrade() -> None:
    """Drop all of it."""
    for table in reversed(_TABLES):
        op.drop_table(table)
