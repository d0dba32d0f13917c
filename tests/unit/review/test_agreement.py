"""Agreement of verdicts: against published figures, another implementation, and by its own laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from speechqa.core.finding import Verdict
from speechqa.review.advice import exact_mcnemar
from speechqa.review.agreement_values import Judged
from speechqa.review.coefficients import cohens_kappa, coincidences_of, krippendorffs_alpha
from speechqa.review.statistics import agreement

P, F, N, U = Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.NOT_ASSESSED


def judged(machine, *people, call=None, part="random", blind=()):
    return Judged(
        call_id=call or f"c{id(people):x}",
        criterion="thanks",
        part=part,
        machine=machine,
        people={f"r{nth}": verdict for nth, verdict in enumerate(people) if verdict is not None},
        blind=frozenset(blind),
    )


def calls(*rows, part="random"):
    return [judged(*row, call=f"c{nth:04d}", part=part) for nth, row in enumerate(rows)]


def only(found):
    (one,) = found
    return one


def test_alpha_is_that_of_krippendorffs_own_example():
    # Krippendorff (2011), section C: four observers, twelve units, missing data; alpha is 0.743.
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[row[u] for row in rows if row[u] is not None] for u in range(12)]
    counts = [np.array([float(unit.count(value)) for value in range(1, 6)]) for unit in units]
    alpha = krippendorffs_alpha(sum(coincidences_of(count) for count in counts))
    assert float(alpha) == pytest.approx(0.743, abs=0.0005)


verdicts = st.sampled_from((P, F, N))


@given(st.lists(st.tuples(verdicts, verdicts), min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_kappa_is_that_of_scikit_learn(pairs):
    order = [P, F, N]
    table = np.zeros((3, 3))
    for first, second in pairs:
        table[order.index(first), order.index(second)] += 1
    ours = float(cohens_kappa(table))
    if len({v for pair in pairs for v in pair}) == 1:
        assert np.isnan(ours)
        return
    theirs = cohen_kappa_score([a for a, _ in pairs], [b for _, b in pairs], labels=order)
    assert ours == pytest.approx(theirs, abs=1e-9)


@given(st.lists(st.tuples(verdicts, verdicts, verdicts), min_size=20, max_size=40))
@settings(max_examples=25, deadline=None)
def test_figures_lie_in_their_range_and_depend_on_no_order(rows):
    one = only(agreement(calls(*rows)))
    assert one.calls == len(rows)
    for side in (one.machine, one.people):
        for figure in (side.raw, side.kappa, side.alpha):
            if figure is not None and figure.low is not None:
                assert figure.low <= figure.high
    again = only(agreement(reversed(calls(*rows))))
    assert again == one


def test_too_few_calls_give_counts_and_no_figure():
    one = only(agreement(calls(*[(P, P)] * 10, *[(F, P)] * 9)))
    assert (one.machine.calls, one.machine.pairs, one.machine.agreed) == (19, 19, 10)
    assert one.machine.raw is one.machine.kappa is one.machine.alpha is one.prevalence is None
    assert one.machine.not_stated == "19 of the 20 calls that a figure needs"
    assert one.people.not_stated == "no call has a verdict of both sides"
    assert one.machine.confusion["fail"]["pass"] == 9


def test_one_verdict_throughout_leaves_agreement_but_no_kappa():
    one = only(agreement(calls(*[(P, P)] * 30)))
    assert one.machine.raw.value == 1.0
    assert one.machine.raw.low < 1.0, "thirty calls do not prove that all agree"
    assert one.machine.kappa is one.machine.alpha is None
    assert "one verdict" in one.machine.not_stated
    assert "nearly all" in one.advice


def test_not_assessed_is_missing_and_yet_shown():
    one = only(agreement(calls(*[(P, P)] * 15, *[(F, F)] * 10, *[(U, F)] * 8, *[(P, U)] * 3)))
    assert one.machine.calls == 25
    assert one.machine.raw.value == 1.0
    assert one.machine.confusion["not_assessed"]["fail"] == 8
    assert one.machine_verdicts["not_assessed"] == 8
    assert "leaves open 8" in one.advice


def test_parts_are_never_added_together():
    found = agreement([*calls(*[(P, P)] * 3), *calls(*[(F, P)] * 4, part="risk")])
    assert [(one.part, one.calls) for one in found] == [("random", 3), ("risk", 4)]


def test_a_lean_is_told_with_its_direction():
    one = only(agreement(calls(*[(P, P)] * 40, *[(F, F)] * 10, *[(F, P)] * 15, *[(P, F)] * 2)))
    assert "the machine fails what people pass (15 against 2 the other way round)" in one.advice
    assert exact_mcnemar(15, 2) < 0.05 < exact_mcnemar(5, 4)


def test_people_who_disagree_ask_for_another_wording_and_not_for_another_machine():
    rows = [(P, P, F), (P, F, P), (F, F, F), (P, P, P)] * 10
    one = only(agreement(calls(*rows)))
    assert one.people.alpha.high < 0.667
    assert "people read it differently" in one.advice
    assert "machine is not to be relied on" not in one.advice


def test_several_reviewers_with_calls_missing():
    rows = [(P, P, P, None), (F, None, F, F), (P, P, None, F), (N, N, N, N)] * 10
    one = only(agreement(calls(*rows)))
    assert one.reviewers == 3
    assert one.people.calls == 40
    assert one.people.pairs == 10 * (1 + 1 + 1 + 3)
    assert one.people.agreed == 10 * (1 + 1 + 0 + 3)
    assert one.people.kappa is not None
    assert one.people.kappa.low <= one.people.kappa.value <= one.people.kappa.high


def test_calls_nobody_judged_give_nothing():
    assert agreement(calls((P,), (F,))) == ()
