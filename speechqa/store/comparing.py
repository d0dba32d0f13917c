"""Totals of record of one rubric by agent and criterion: what agents are compared by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from speechqa.core.finding import Tally
from speechqa.core.totals import CriterionTotals
from speechqa.store.database import Database
from speechqa.store.record_sums import ANSWERS, criterion_changes
from speechqa.store.schema import calls, week_criteria

_SUMMED = (*ANSWERS, "earned", "possible")


def criterion_totals(
    database: Database, rubric: str, rubric_digest: str, *, with_drafts: bool
) -> dict[str, Mapping[str, CriterionTotals]]:
    """Totals by agent and criterion over calls judged by that rubric; no call of an unknown agent.

    Those of the machine, which the store keeps, and what people's verdicts change in them.
    """
    table = week_criteria.c
    group = (table.agent_id, table.category, table.criterion)
    wanted = [table.rubric == rubric, table.rubric_digest == rubric_digest, table.agent_id != ""]
    about = [calls.c.rubric == rubric, calls.c.rubric_digest == rubric_digest, calls.c.agent_id != ""]
    if not with_drafts:
        wanted.append(table.draft.is_(False))
        about.append(calls.c.draft.is_(False))
    summed = [sa.func.sum(table[name]).label(name) for name in _SUMMED]
    kept = sa.select(*group, *summed).where(*wanted).group_by(*group).order_by(*group)
    changes = criterion_changes([calls.c.agent_id], about)
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0] * len(_SUMMED))
    with database.reading() as connection:
        for query in (kept, changes):
            for row in connection.execute(query):
                found = sums[row.agent_id, row.criterion, row.category]
                for place, name in enumerate(_SUMMED):
                    found[place] += row._mapping[name]
    totals: dict[str, dict[str, CriterionTotals]] = defaultdict(dict)
    for (agent_id, criterion, category), (*answers, earned, possible) in sums.items():
        totals[agent_id][criterion] = CriterionTotals(
            category=category,
            **dict(zip(ANSWERS, answers, strict=True)),
            points=Tally(earned=earned, possible=possible),
        )
    return dict(totals)
