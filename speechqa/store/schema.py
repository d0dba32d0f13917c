"""The tables of a store.

`calls`, `call_names`, `call_paths`, `documents` and `role_corrections` are the store; `summaries`, `scores`,
`verdicts`, `signals`, `call_tags`, `promises` and the full text are an index over the current documents, as
are the describing columns of `calls`; `record_verdicts` is one over what people said in the journal, a row a
criterion whose verdict of record is a person's or whose critical failure somebody confirmed. Agent and draft
are repeated beside points and verdicts, in an index that holds all that totals need. `week_scores` and
`week_criteria` are sums over the machine's verdicts, kept by triggers whoever writes or removes a call:
figures of 100,000 calls are then read and not added up.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

VERSION_TABLE = "speechqa_version"
"""Where the version of the tables is written; the name also tells a speechqa store from other databases."""

TEXT_TABLE = "call_text"
"""The full text, a virtual table that only SQLite knows."""

store_info = sa.Table(
    "store_info",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

calls = sa.Table(
    "calls",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("call_id", sa.Text, nullable=False, unique=True),
    sa.Column("identity", sa.Text, unique=True),
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
    sa.Column("direction", sa.Text),
    sa.Column("rubric", sa.Text),
    sa.Column("rubric_digest", sa.Text),
    sa.Column("local_week", sa.Text),
    sa.Column("listen_weight", sa.Integer),
    sa.Column("silence", sa.Float),
    sa.Index("calls_by_start", sa.desc("started_moment"), "call_id"),
    sa.Index("calls_by_agent", "agent_id", sa.desc("started_moment"), "call_id"),
    sa.Index("calls_by_customer", "customer_id", sa.desc("started_moment"), "call_id"),
    sa.Index("calls_by_date", "local_date"),
    sa.Index("calls_by_status", "status"),
    sa.Index("calls_by_risk", sa.desc("listen_weight"), "id"),
    sa.Index("calls_by_team", "team", sa.desc("started_moment"), "call_id"),
    sa.Index(
        "calls_by_week",
        *("agent_id", "team", "local_week", "rubric", "rubric_digest", "draft", "status", "duration"),
    ),
    sa.Index(
        "calls_by_last_error",
        "id",
        sqlite_where=sa.text("last_error IS NOT NULL"),
        postgresql_where=sa.text("last_error IS NOT NULL"),
    ),
)

call_names = sa.Table(
    "call_names",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), nullable=False, index=True),
)

call_paths = sa.Table(
    "call_paths",
    metadata,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True, index=True),
    sa.Column("file_name", sa.Text, nullable=False, index=True),
    sa.Column("stem", sa.Text, nullable=False, index=True),
)

documents = sa.Table(
    "documents",
    metadata,
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
    sa.Index("documents_by_input", "call", "fingerprint"),
    sa.Index(
        "documents_current",
        "call",
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    ),
)

summaries = sa.Table(
    "summaries",
    metadata,
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

scores = sa.Table(
    "scores",
    metadata,
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("category", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text),
    sa.Column("draft", sa.Boolean, nullable=False),
    sa.Column("earned", sa.Integer, nullable=False),
    sa.Column("possible", sa.Integer, nullable=False),
    sa.Index("scores_by_agent", "agent_id", "draft", "category", "earned", "possible"),
    sqlite_with_rowid=False,
)

verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("criterion", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text),
    sa.Column("draft", sa.Boolean, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("earned", sa.Integer),
    sa.Column("possible", sa.Integer),
    sa.Column("critical", sa.Boolean),
    sa.Index("verdicts_by_criterion", "criterion", "verdict", "call"),
    sa.Index(
        "verdicts_by_agent", "agent_id", "draft", "criterion", "category", "verdict", "earned", "possible"
    ),
    sa.Index(
        "verdicts_critical",
        *("call", "criterion"),
        sqlite_where=sa.text("critical = 1 AND verdict = 'fail'"),
    ),
    sqlite_with_rowid=False,
)

record_verdicts = sa.Table(
    "record_verdicts",
    metadata,
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("criterion", sa.Text, primary_key=True),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("earned", sa.Integer),
    sa.Column("possible", sa.Integer),
    sa.Column("critical", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

signals = sa.Table(
    "signals",
    metadata,
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("signal", sa.Text, primary_key=True),
    sa.Column("value", sa.Boolean),
    sa.Index("signals_by_name", "signal", "value", "call"),
    sqlite_with_rowid=False,
)

call_tags = sa.Table(
    "call_tags",
    metadata,
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("tag", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Index("call_tags_by_value", "tag", "value", "call"),
    sqlite_with_rowid=False,
)

promises = sa.Table(
    "promises",
    metadata,
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("by_when", sa.Text),
    sa.Column("due", sa.Text),
    sa.Column("start", sa.Float),
    sa.Index("promises_by_due", "due", "who", "call"),
    sqlite_with_rowid=False,
)

masked_numbers = sa.Table(
    "masked_numbers",
    metadata,
    sa.Column("call", sa.Integer, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Index("masked_numbers_by_digest", "digest", "call"),
    sqlite_with_rowid=False,
)


def _sums(table: str, own: tuple[str, ...], sums: tuple[str, ...]) -> sa.Table:
    """Sums by agent, team, week and rubric, empty where unknown; triggers keep them, nobody writes them."""
    keys = ("agent_id", "team", "week", "rubric", "rubric_digest", *own)
    return sa.Table(
        table,
        metadata,
        *(sa.Column(name, sa.Text, primary_key=True) for name in keys),
        sa.Column("draft", sa.Boolean, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in sums),
        sqlite_with_rowid=False,
    )


week_criteria = _sums(
    "week_criteria",
    ("category", "criterion"),
    ("passed", "failed", "not_applicable", "not_assessed", "earned", "possible"),
)

week_scores = _sums(
    "week_scores",
    ("category",),
    ("calls", "earned", "possible", "earned_earned", "earned_possible", "possible_possible"),
)

access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("call_id", sa.Text, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("chain", sa.Text),
)

role_corrections = sa.Table(
    "role_corrections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("identity", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("heard", sa.Text, nullable=False),
)

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("identity", sa.Text, index=True),
    sa.Column("call_id", sa.Text),
    sa.Column("body", sa.Text),
    sa.Column("body_digest", sa.Text, nullable=False),
    sa.Column("chain", sa.Text, nullable=False),
    sa.Index("journal_by_kind", "kind", "id"),
)

call_text = sa.table(
    TEXT_TABLE, sa.column("rowid"), sa.column("agent"), sa.column("customer"), sa.column("other")
)

INDEX_TABLES = (summaries, scores, verdicts, record_verdicts, signals, call_tags, promises, masked_numbers)
"""Tables with rows of one current document each, keyed by `call`."""
