"""Agreement with two judges on calls kept apart: what docs/accuracy.md says must not be lost unseen."""

from __future__ import annotations

import pytest

from benchmarks.agreement import CORE, PRACTICE, SIGNALS, judged
from benchmarks.overlap_labels import kappa

pytestmark = pytest.mark.xdist_group("agreement")  # which analyses calls once for all tests

SETS = ("bank", "hebrew", "lines")
LATER = ("practice_en", "practice_he", "leaving_en", "leaving_he")


@pytest.fixture(scope="module")
def rows():
    return [row for name in SETS for row in judged(name, by_rules=False) if row.agreed]


def test_the_five_that_matter_most_and_the_others_agree_with_judges(rows):
    scored = [row for row in rows if row.criterion not in SIGNALS]
    core = [(row.judges[0], row.machine) for row in scored if row.criterion in CORE]
    others = [(row.judges[0], row.machine) for row in scored if row.criterion not in CORE]
    assert len(core) > 500
    assert kappa(core) >= 0.74
    assert kappa(others) >= 0.80


@pytest.fixture(scope="module")
def later():
    return [row for name in LATER for row in judged(name, by_rules=False) if row.agreed]


def test_complaints_are_heard_as_judges_hear_them(rows, later):
    of = [(row.judges[0], row.machine) for row in (*rows, *later) if row.criterion == "complaint"]
    assert kappa(of) >= 0.60


def test_so_are_signs_of_leaving_and_amends(later):
    for name in ("churn_risk", "compensation_asked", "compensation_offered"):
        of = [(row.judges[0], row.machine) for row in later if row.criterion == name]
        assert kappa(of) >= 0.45, name


def test_service_practice_agrees_with_judges(later):
    of = [(row.judges[0], row.machine) for row in later if row.criterion in PRACTICE]
    assert len(of) > 1500
    assert kappa(of) >= 0.60
