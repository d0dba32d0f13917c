"""Calls, their length and critical failures are added up as they come, so that no figure counts all calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from speechqa.store.columns import Number, Text
from speechqa.store.migrations.sums import GROUP, added_up, fill_sums, forget_sums, keep_sums

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CALLS = {
    "calls": "CASE WHEN status <> 'failed' THEN 1 ELSE 0 END",
    "timed_calls": "CASE WHEN status <> 'failed' AND duration IS NOT NULL THEN 1 ELSE 0 END",
    "milliseconds": "CASE WHEN status <> 'failed' AND duration IS NOT NULL "
    "THEN CAST(round(duration * 1000) AS BIGINT) ELSE 0 END",
}
_OWN = ("category", "criterion")
_BEFORE = {
    "passed": "CASE WHEN {row}.verdict = 'pass' THEN 1 ELSE 0 END",
    "failed": "CASE WHEN {row}.verdict = 'fail' THEN 1 ELSE 0 END",
    "not_applicable": "CASE WHEN {row}.verdict = 'not_applicable' THEN 1 ELSE 0 END",
    "not_assessed": "CASE WHEN {row}.verdict = 'not_assessed' THEN 1 ELSE 0 END",
    "earned": "coalesce({row}.earned, 0)",
    "possible": "coalesce({row}.possible, 0)",
}
_CRITICAL = {"critical": "CASE WHEN {row}.critical AND {row}.verdict = 'fail' THEN 1 ELSE 0 END"}


def upgrade() -> None:
    """Make the table and the column, and fill both from the calls that are there."""
    op.create_table(
        "week_calls",
        *(sa.Column(name, Text, primary_key=True) for name in GROUP),
        sa.Column("draft", sa.Boolean, primary_key=True),
        *(sa.Column(name, Number, nullable=False) for name in _CALLS),
        sqlite_with_rowid=False,
    )
    fill_sums("week_calls", "summaries", (), _CALLS)
    keep_sums("week_calls", "summaries", (), _CALLS)
    forget_sums("week_criteria", "verdicts")
    op.add_column("week_criteria", sa.Column("critical", Number, nullable=False, server_default="0"))
    same = " AND ".join(f"week_criteria.{name} = found.{name}" for name in (*GROUP, *_OWN, "draft"))
    op.execute(
        f"UPDATE week_criteria SET critical = found.critical "  # noqa: S608 - names of our own
        f"FROM ({added_up('verdicts', _OWN, _CRITICAL)}) found WHERE {same}"
    )
    keep_sums("week_criteria", "verdicts", _OWN, _BEFORE | _CRITICAL)
    some = sa.text("critical > 0")
    op.create_index(
        "week_criteria_critical",
        "week_criteria",
        ["agent_id", "team", "rubric", "rubric_digest", "draft", "critical"],
        sqlite_where=some,
        postgresql_where=some,
    )


def downgrade() -> None:
    """Drop both; the other sums are kept as before."""
    forget_sums("week_criteria", "verdicts")
    op.drop_index("week_criteria_critical", "week_criteria")
    op.execute("ALTER TABLE week_criteria DROP COLUMN critical")
    keep_sums("week_criteria", "verdicts", _OWN, _BEFORE)
    forget_sums("week_calls", "summaries")
    op.drop_table("week_calls")
