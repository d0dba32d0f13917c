"""Difficult calls of an agent and how they ended, counted by hand."""

import msgspec

from speechqa.core.analysis import Signal, Signals
from speechqa.core.finding import Verdict
from speechqa.core.stress import StressCurve
from speechqa.reports.agents import own_view
from speechqa.reports.difficult import DifficultCalls, difficult_calls
from speechqa.scoring import pool
from tests.support.stores import call, finding
from tests.unit.reports.test_endings import CALLS, shown

NO, YES = Signal(value=False), Signal(value=True)
CALM = Signals(complaint=NO, churn_risk=NO, public_or_legal_threat=NO, satisfaction_expressed=NO)


def of(number, *, settled=None, **signals):
    verdict = {True: Verdict.PASS, False: Verdict.FAIL, None: Verdict.NOT_ASSESSED}[settled]
    return call(
        f"c{number}",
        findings=(finding("expectation_summary", verdict, 5 if settled else 0),),
        signals=msgspec.structs.replace(CALM, **signals),
    )


def test_difficult_calls_are_counted_by_what_makes_them_so():
    calls = [
        of(1, complaint=YES, churn_risk=YES, settled=True),
        of(2, public_or_legal_threat=YES, settled=False),
        of(3, customer_type=("demanding",), settled=False, satisfaction_expressed=YES),
        of(4, complaint=YES),
        of(5, settled=True),
        of(6, complaint=Signal(value=None), settled=True),
    ]
    found = difficult_calls(calls, minimum_calls=3, complete=True)
    assert (found.calls, found.difficult, found.unknown) == (6, 4, 1)
    assert found.kinds == {"churn_risk": 1, "complaint": 2, "demanding": 1, "public_or_legal_threat": 1}
    # The customer of the third says to be satisfied; of the fourth nothing is known.
    assert (found.settled, found.not_settled, found.share) == (2, 1, 0.667)
    few = difficult_calls(calls, minimum_calls=4, complete=True)
    assert (few.share, few.withheld) == (None, "3 of the 4 assessed calls that a figure needs")


def test_without_a_complete_log_none_is_counted():
    found = difficult_calls([of(1, complaint=YES, settled=True)], minimum_calls=1, complete=False)
    assert found == DifficultCalls(withheld="it is not known that the log of calls is complete")


def test_calmer_and_settled_is_both_of_one_call():
    calmer = [one for one in CALLS if _ended(one) == "calmer"][:2]
    other = [one for one in CALLS if _ended(one) == "same"][:1]
    verdicts = [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    calls = [
        msgspec.structs.replace(
            one,
            signals=msgspec.structs.replace(CALM, complaint=YES),
            findings=(finding("expectation_summary", verdict, 5 if verdict is Verdict.PASS else 0),),
        )
        for one, verdict in zip([*calmer, *other], verdicts, strict=True)
    ]
    found = difficult_calls(calls, minimum_calls=1, complete=True)
    assert (found.voices.endings["calmer"], found.settled, found.calmer_and_settled) == (2, 2, 1)
    (one,) = pool(calls, minimum_calls=1)
    text = shown(own_view(one, found.voices, (), found))
    assert "3 of 3 calls: complaint 3" in text
    assert "settled: 2 of 3 assessed" in text
    assert "ended calmer: 2 of 3 heard; calmer and settled: 1" in text


def _ended(one):
    curve: StressCurve | None = one.stress.get("customer")
    return curve.summary.ended if curve is not None and curve.summary is not None else None
