"""Whole calls with the verdicts a careful supervisor gives, written down before they were ever judged.

`calls/expected.json` says on which half of them the phrases were revised (`dev`); the other (`held`) was read
only once that was done.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from speechqa.criteria import CallView, judge
from speechqa.transcripts import read
from tests.support.calls_as_text import RUBRIC

CALLS = Path(__file__).parent / "calls"
EXPECTED = json.loads((CALLS / "expected.json").read_text(encoding="utf-8"))


def pairs(half: str) -> list[tuple[str, str, str, str]]:
    """Call, criterion, expected and found verdict."""
    rows = []
    for name, entry in EXPECTED.items():
        if entry["half"] != half:
            continue
        imported = read(CALLS / f"{name}.json")
        found = judge(RUBRIC, CallView(transcript=imported.transcript, language=imported.language))
        verdicts = {finding.criterion: finding.verdict.value for finding in found}
        rows += [(name, c, wanted, verdicts[c]) for c, wanted in entry["verdicts"].items()]
    return rows


def kappa(rows: list[tuple[str, str, str, str]]) -> float:
    wanted, found = Counter(r[2] for r in rows), Counter(r[3] for r in rows)
    agreed = sum(r[2] == r[3] for r in rows) / len(rows)
    chance = sum(wanted[v] * found[v] for v in wanted) / len(rows) ** 2
    return (agreed - chance) / (1 - chance)


@pytest.mark.parametrize(("half", "raw", "floor"), [("dev", 0.95, 0.92), ("held", 0.95, 0.92)])
def test_agreement_with_a_supervisor(half: str, raw: float, floor: float) -> None:
    rows = pairs(half)
    apart = [row for row in rows if row[2] != row[3]]
    assert 1 - len(apart) / len(rows) >= raw, apart
    assert kappa(rows) >= floor


def test_every_call_has_its_verdicts() -> None:
    assert {path.stem for path in CALLS.glob("*.json")} - {"expected"} == set(EXPECTED)
