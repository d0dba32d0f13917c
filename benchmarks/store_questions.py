"""What a PostgreSQL server says that questions to a store took it.

    python -m benchmarks.store_questions --store postgresql://USER@HOST/big --plans phrase

Each question runs three times with EXPLAIN ANALYZE, planning and running counted, after once without; the
least is told. `--plans PART` shows the plans of the questions whose name has that part.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from speechqa.errors import SpeechQAError
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from speechqa.store.figures import contacts
from speechqa.store.pooling import Summed, pooled
from speechqa.store.queries import counted, matching

Question = Callable[[sa.Connection], int]


def listed(**query: Any) -> Question:
    """The newest 50 of a query."""
    return lambda connection: len(connection.execute(matching(CallFilter(limit=50, **query))).all())


def how_many(**query: Any) -> Question:
    """How many calls answer a query."""
    return lambda connection: connection.scalar(counted(CallFilter(**query))) or 0


def sums(*by: Any, criteria: bool = False, **query: Any) -> Question:
    """Figures of the calls of a query."""
    return lambda connection: len(pooled(connection, by, CallFilter(**query), Summed(criteria=criteria)))


QUESTIONS: dict[str, Question] = {
    "newest": listed(),
    "agent": listed(agent_id="a017"),
    "customer": listed(customer_id="k00042"),
    "a week, 9 to 10": listed(date_from="2026-09-01", date_to="2026-09-07", hour_from=9, hour_to=10),
    "team that failed thanks": listed(team="team 3", criterion="thanks", verdict="fail"),
    "tag, direction, language": listed(tags={"topic": "billing"}, direction="outbound", language="he"),
    "long and silent": listed(longer=120.0, silence_from=20.0, interruptions_from=2),
    "threat, worth listening": listed(signal="public_or_legal_threat", listen=True),
    "by risk": listed(sort="risk"),
    "by lowest score": listed(category="courtesy", score_below=0.5, sort="score"),
    "by length": listed(sort="duration"),
    "promise due": listed(promise_due="2026-10-01"),
    "phrase lawyer": listed(phrase="lawyer", phrase_by="customer"),
    "phrase cancel my contract": listed(phrase="cancel my contract"),
    "phrase of one agent": listed(agent_id="a017", phrase="my lawyer"),
    "phrase חשבון": listed(phrase="חשבון"),
    "phrase לבטל את מנוי": listed(phrase="לבטל את מנוי"),
    "phrase nobody said": listed(phrase="zebra crossing"),
    "count of all": how_many(),
    "count of phrase thank you for": how_many(phrase="thank you for"),
    "count of phrase הגיע עד יום חמישי": how_many(phrase="הגיע עד יום חמישי"),
    "count of failed thanks": how_many(criterion="thanks", verdict="fail"),
    "sums": sums(),
    "sums by agent": sums("agent"),
    "sums by agent with criteria": sums("agent", criteria=True),
    "sums by team": sums("team"),
    "sums by week": sums("week"),
    "sums of one agent by week with criteria": sums("agent", "week", criteria=True, agent_id="a017"),
    "sums of a month by agent": sums("agent", date_from="2026-09-01", date_to="2026-09-30"),
    "first contacts by agent": lambda c: len(contacts(c, CallFilter(), days=7, about=None, part="agent")),
}


def asked(connection: sa.Connection, question: Question) -> tuple[int, list[tuple[str, Any]]]:
    """How many rows came, and the statements that brought them."""
    seen: list[tuple[str, Any]] = []

    def note(_1: Any, _2: Any, statement: str, values: Any, _3: Any, _4: Any) -> None:
        seen.append((statement, values))

    sa.event.listen(connection, "before_cursor_execute", note)
    rows = question(connection)
    sa.event.remove(connection, "before_cursor_execute", note)
    return rows, seen


def explained(connection: sa.Connection, statement: str, values: Any) -> tuple[float, list[str]]:
    """Milliseconds that a statement took the server, and its plan."""
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {statement}", values)
    lines = list(plan.scalars())
    took = (line.split(": ")[1].split()[0] for line in lines if line.startswith(("Planning", "Execution")))
    return sum(map(float, took)), lines


def main() -> None:
    """Ask a store everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--store", required=True)
    parser.add_argument("--plans", metavar="PART")
    given = parser.parse_args()
    try:
        opened = open_store(given.store, create=False)
    except SpeechQAError as error:
        parser.error(error.message)
    with opened as store:
        print("| question | ms | rows |\n|---|---|---|")
        for name, question in QUESTIONS.items():
            with store.database.reading() as connection:
                rows, statements = asked(connection, question)
                runs = [[explained(connection, *one) for one in statements] for _ in range(3)]
            took = min(sum(ms for ms, _ in run) for run in runs)
            print(f"| {name} | {took:.1f} | {rows} |", flush=True)
            if given.plans and given.plans in name:
                print("\n".join(line for _, lines in runs[-1] for line in lines))


if __name__ == "__main__":
    main()
