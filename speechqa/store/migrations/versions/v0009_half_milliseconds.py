"""Lengths of calls are summed on PostgreSQL as in a file: half a millisecond counts upwards."""

from __future__ import annotations

from alembic import op

from speechqa.store.columns import POSTGRES
from speechqa.store.migrations.sums import fill_sums, forget_sums, keep_sums

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _calls(whole: str) -> dict[str, str]:
    timed = "CASE WHEN status <> 'failed' AND duration IS NOT NULL THEN"
    return {
        "calls": "CASE WHEN status <> 'failed' THEN 1 ELSE 0 END",
        "timed_calls": f"{timed} 1 ELSE 0 END",
        "milliseconds": f"{timed} CAST({whole} AS BIGINT) ELSE 0 END",
    }


def upgrade() -> None:
    """Sum lengths anew on PostgreSQL; the round() of a file always took halves upwards."""
    _sum("floor(duration * 1000 + 0.5)")


def downgrade() -> None:
    """Sum them as before."""
    _sum("round(duration * 1000)")


def _sum(whole: str) -> None:
    if op.get_bind().dialect.name != POSTGRES:
        return
    forget_sums("week_calls", "summaries")
    op.execute("DELETE FROM week_calls")
    fill_sums("week_calls", "summaries", (), _calls(whole))
    keep_sums("week_calls", "summaries", (), _calls(whole))
