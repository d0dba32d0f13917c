"""Totals of one rubric by agent and criterion, from sums the store keeps: what agents are compared by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from speechqa.core.finding import Tally
from speechqa.core.totals import CriterionTotals
from speechqa.store.database import Database
from speechqa.store.schema import week_criteria

_SUMMED = ("passed", "failed", "not_applicable", "not_assessed", "earned", "possible")


def criterion_totals(
    database: Database, rubric: str, rubric_digest: str, *, with_drafts: bool
) -> dict[str, Mapping[str, CriterionTotals]]:
    """Totals by agent and criterion over calls judged by that rubric; no call of an unknown agent."""
    table = week_criteria.c
    group = (table.agent_id, table.category, table.criterion)
    wanted = [table.rubric == rubric, table.rubric_digest == rubric_digest, table.agent_id != ""]
    if not with_drafts:
        wanted.append(table.draft.is_(False))
    summed = [sa.func.sum(table[name]).label(name) for name in _SUMMED]
    query = sa.select(*group, *summed).where(*wanted).group_by(*group).order_by(*group)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    found: dict[str, dict[str, CriterionTotals]] = defaultdict(dict)
    for row in rows:
        found[row.agent_id][row.criterion] = CriterionTotals(
            category=row.category,
            passed=row.passed,
            failed=row.failed,
            not_applicable=row.not_applicable,
            not_assessed=row.not_assessed,
            points=Tally(earned=row.earned, possible=row.possible),
        )
    return dict(found)
