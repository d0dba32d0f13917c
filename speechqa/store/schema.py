"""The tables of a store.

`calls`, `call_names`, `call_paths`, `documents` and `role_corrections` are the store; `summaries`, `scores`,
`verdicts`, `signals`, `call_tags`, `promises` and the full text are an index over the current documents, as
are the describing columns of `calls`; `record_verdicts` is one over what people said in the journal, a row a
criterion whose verdict of record is a person's or whose critical failure somebody confirmed. Agent and draft
are repeated beside points and verdicts, in an index that holds all that totals need. `week_calls`,
`week_scores` and `week_criteria` are sums over calls and the machine's verdicts, kept by triggers whoever
writes or removes a call: figures of a million calls are then read and not added up.
"""

from __future__ import annotations

import sqlalchemy as sa

from speechqa.store.columns import Number, Text, falling_index

metadata = sa.MetaData()

VERSION_TABLE = "speechqa_version"
"""Where the version of the tables is written; the name also tells a speechqa store from other databases."""

TEXT_TABLE = "call_text"
"""The full text: a virtual table of SQLite, a table with an index of words in PostgreSQL."""

store_info = sa.Table(
    "store_info",
    metadata,
    sa.Column("key", Text, primary_key=True),
    sa.Column("value", Text, nullable=False),
)

calls = sa.Table(
    "calls",
    metadata,
    sa.Column("id", Number, primary_key=True),
    sa.Column("call_id", Text, nullable=False, unique=True),
    sa.Column("identity", Text, unique=True),
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
    sa.Column("direction", Text),
    sa.Column("rubric", Text),
    sa.Column("rubric_digest", Text),
    sa.Column("local_week", Text),
    sa.Column("listen_weight", Number),
    sa.Column("silence", sa.Float),
    *falling_index("calls_by_start", "-started_moment", "call_id"),
    *falling_index("calls_by_agent", "agent_id", "-started_moment", "call_id"),
    *falling_index("calls_by_customer", "customer_id", "-started_moment", "call_id"),
    sa.Index("calls_by_date", "local_date"),
    sa.Index("calls_by_status", "status"),
    *falling_index("calls_by_risk", "-listen_weight", "id"),
    *falling_index("calls_by_team", "team", "-started_moment", "call_id"),
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
    sa.Column("name", Text, primary_key=True),
    sa.Column("call", Number, sa.ForeignKey("calls.id"), nullable=False, index=True),
)

call_paths = sa.Table(
    "call_paths",
    metadata,
    sa.Column("path", Text, primary_key=True),
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True, index=True),
    sa.Column("file_name", Text, nullable=False, index=True),
    sa.Column("stem", Text, nullable=False, index=True),
)

documents = sa.Table(
    "documents",
    metadata,
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
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

scores = sa.Table(
    "scores",
    metadata,
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("category", Text, primary_key=True),
    sa.Column("agent_id", Text),
    sa.Column("draft", sa.Boolean, nullable=False),
    sa.Column("earned", Number, nullable=False),
    sa.Column("possible", Number, nullable=False),
    sa.Index("scores_by_agent", "agent_id", "draft", "category", "earned", "possible"),
    sqlite_with_rowid=False,
)

verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("criterion", Text, primary_key=True),
    sa.Column("agent_id", Text),
    sa.Column("draft", sa.Boolean, nullable=False),
    sa.Column("category", Text, nullable=False),
    sa.Column("verdict", Text, nullable=False),
    sa.Column("earned", Number),
    sa.Column("possible", Number),
    sa.Column("critical", sa.Boolean),
    sa.Index("verdicts_by_criterion", "criterion", "verdict", "call"),
    sa.Index(
        "verdicts_by_agent", "agent_id", "draft", "criterion", "category", "verdict", "earned", "possible"
    ),
    sa.Index(
        "verdicts_critical",
        *("call", "criterion"),
        sqlite_where=sa.text("critical = 1 AND verdict = 'fail'"),
        postgresql_where=sa.text("critical AND verdict = 'fail'"),
    ),
    sqlite_with_rowid=False,
)

record_verdicts = sa.Table(
    "record_verdicts",
    metadata,
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("criterion", Text, primary_key=True),
    sa.Column("category", Text, nullable=False),
    sa.Column("source", Text, nullable=False),
    sa.Column("verdict", Text, nullable=False),
    sa.Column("earned", Number),
    sa.Column("possible", Number),
    sa.Column("critical", Text, nullable=False),
    sqlite_with_rowid=False,
)

signals = sa.Table(
    "signals",
    metadata,
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("signal", Text, primary_key=True),
    sa.Column("value", sa.Boolean),
    sa.Index("signals_by_name", "signal", "value", "call"),
    sqlite_with_rowid=False,
)

call_tags = sa.Table(
    "call_tags",
    metadata,
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("tag", Text, primary_key=True),
    sa.Column("value", Text, nullable=False),
    sa.Index("call_tags_by_value", "tag", "value", "call"),
    sqlite_with_rowid=False,
)

promises = sa.Table(
    "promises",
    metadata,
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("number", Number, primary_key=True),
    sa.Column("who", Text, nullable=False),
    sa.Column("what", Text, nullable=False),
    sa.Column("by_when", Text),
    sa.Column("due", Text),
    sa.Column("start", sa.Float),
    sa.Index("promises_by_due", "due", "who", "call"),
    sqlite_with_rowid=False,
)

masked_numbers = sa.Table(
    "masked_numbers",
    metadata,
    sa.Column("call", Number, sa.ForeignKey("calls.id"), primary_key=True),
    sa.Column("digest", Text, primary_key=True),
    sa.Index("masked_numbers_by_digest", "digest", "call"),
    sqlite_with_rowid=False,
)


def _sums(table: str, own: tuple[str, ...], sums: tuple[str, ...]) -> sa.Table:
    """Sums by agent, team, week and rubric, empty where unknown; triggers keep them, nobody writes them."""
    keys = ("agent_id", "team", "week", "rubric", "rubric_digest", *own)
    return sa.Table(
        table,
        metadata,
        *(sa.Column(name, Text, primary_key=True) for name in keys),
        sa.Column("draft", sa.Boolean, primary_key=True),
        *(sa.Column(name, Number, nullable=False) for name in sums),
        sqlite_with_rowid=False,
    )


week_criteria = _sums(
    "week_criteria",
    ("category", "criterion"),
    ("passed", "failed", "not_applicable", "not_assessed", "earned", "possible"),
)
week_criteria.append_column(sa.Column("critical", Number, nullable=False, server_default="0"))
sa.Index(
    "week_criteria_critical",
    *(week_criteria.c[name] for name in ("agent_id", "team", "rubric", "rubric_digest", "draft", "critical")),
    sqlite_where=sa.text("critical > 0"),
    postgresql_where=sa.text("critical > 0"),
)

week_calls = _sums("week_calls", (), ("calls", "timed_calls", "milliseconds"))

week_scores = _sums(
    "week_scores",
    ("category",),
    ("calls", "earned", "possible", "earned_earned", "earned_possible", "possible_possible"),
)

access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("id", Number, primary_key=True),
    sa.Column("at", Text, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("event", Text, nullable=False),
    sa.Column("call_id", Text, index=True),
    sa.Column("reason", Text, nullable=False),
    sa.Column("details", Text, nullable=False),
    sa.Column("chain", Text),
)

role_corrections = sa.Table(
    "role_corrections",
    metadata,
    sa.Column("id", Number, primary_key=True),
    sa.Column("identity", Text, nullable=False, index=True),
    sa.Column("at", Text, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("roles", Text, nullable=False),
    sa.Column("heard", Text, nullable=False),
)

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("id", Number, primary_key=True),
    sa.Column("at", Text, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("identity", Text, index=True),
    sa.Column("call_id", Text),
    sa.Column("body", Text),
    sa.Column("body_digest", Text, nullable=False),
    sa.Column("chain", Text, nullable=False),
    sa.Index("journal_by_kind", "kind", "id"),
)

call_text = sa.table(
    TEXT_TABLE,
    sa.column("rowid", Number),
    *(sa.column(speaker, Text) for speaker in ("agent", "customer", "other")),
)

INDEX_TABLES = (summaries, scores, verdicts, record_verdicts, signals, call_tags, promises, masked_numbers)
"""Tables with rows of one current document each, keyed by `call`."""
