"""Figures over a batch: counted line by line they are those of all calls at once."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from speechqa.core.finding import Tally, Verdict
from speechqa.scoring import pool
from speechqa.scoring.at_risk import CustomersAtRisk
from speechqa.scoring.batch import count_batch
from speechqa.store.projection import summary_of
from tests.support.batches import failed, line
from tests.support.stores import call, finding


def counted(lines, **more):
    return count_batch(lines, minimum_calls=more.pop("minimum_calls", 2), **more)


def test_calls_failures_drafts_and_length():
    lines = [line(0), line(1, draft=True), line(2, duration=None), failed(0), failed(1, "NotFound: gone")]
    figures = counted(lines).figures
    assert (figures.calls, figures.failed, figures.drafts) == (5, 2, 1)
    assert (figures.seconds, figures.timed_calls) == (60.0 + 61.0, 2)
    assert figures.failure_kinds == {"NotFound": 1, "UnreadableRecording": 1}
    assert [one.call_id for one in figures.failures] == ["x00000", "x00001"]
    assert (figures.first, figures.last) == ("2026-11-01", "2026-11-03")


def test_the_order_of_calls_does_not_matter():
    lines = [line(number) for number in range(300)] + [failed(number) for number in range(5)]
    mixed = random.Random(3).sample(lines, len(lines))
    assert counted(lines).held == counted(mixed).held
    one, other = counted(lines).figures, counted(mixed).figures
    assert (one.scores, one.criteria, one.signals, one.agents) == (
        other.scores, other.criteria, other.signals, other.agents,
    )  # fmt: skip
    assert one.at_risk == other.at_risk


def test_a_score_is_in_the_tenth_it_lies_in_and_no_score_is_in_none():
    rates = [(0, 10), (1, 10), (99, 100), (10, 10), (29, 100), (30, 100)]
    lines = [
        line(n, scores={"courtesy": Tally(earned=earned, possible=possible)})
        for n, (earned, possible) in enumerate(rates)
    ]
    lines.append(line(9, scores={"courtesy": Tally()}))
    spread = counted(lines).figures.scores["courtesy"]
    assert spread.audited == (1, 1, 1, 1, 0, 0, 0, 0, 0, 2)
    assert spread.without == 1
    assert (spread.sums.earned, spread.sums.possible, spread.sums.calls) == (169, 330, 6)
    assert counted(lines).figures.scores["professionalism"].without == 7


def test_draft_words_are_drawn_apart_and_count_only_where_asked():
    score = {"courtesy": Tally(earned=5, possible=10)}
    lines = [line(0, scores=score), line(1, scores=score, draft=True)]
    spread = counted(lines).figures.scores["courtesy"]
    assert (sum(spread.audited), sum(spread.drafts), spread.sums.calls) == (1, 1, 1)
    assert counted(lines, with_drafts=True).figures.scores["courtesy"].sums.calls == 2


def test_verdicts_of_record_count_and_unknown_is_not_failed():
    lines = [
        line(0, verdicts={"thanks": "fail"}, record_verdicts={"thanks": "pass"}),
        line(1, verdicts={"thanks": "not_assessed"}),
        line(2, verdicts={"thanks": "fail"}, draft=True),
        line(3, verdicts={}),
    ]
    thanks = counted(lines).figures.criteria["thanks"]
    assert (thanks.passed, thanks.failed, thanks.not_assessed, thanks.judged) == (1, 1, 1, 2)
    assert (thanks.draft_passed, thanks.draft_failed) == (0, 1)


def test_an_agents_figures_are_those_that_pooling_documents_gives():
    documents = [
        call(
            f"c{n}",
            agent_id="a1",
            agent_name="Dana",
            draft=n == 4,
            findings=(finding("thanks", Verdict.PASS, n), finding("greeting", Verdict.FAIL, 0, 3)),
        )
        for n in range(5)
    ]
    (wanted,) = pool(documents, minimum_calls=2)
    (found,) = counted(map(summary_of, documents)).figures.agents
    assert found.score.tallies == wanted.tallies
    assert found.score.intervals == wanted.intervals
    assert (found.score.n, found.score.drafts_left_out, found.score.agent_name) == (4, 1, "Dana")


def test_rubrics_are_never_added_up_and_few_calls_give_no_figure():
    lines = [line(n, agent_id="a1", rubric_digest=str(n % 2)) for n in range(5)]
    agents = counted(lines, minimum_calls=3).figures.agents
    assert [(one.score.rubric_digest, one.score.n, bool(one.score.withheld)) for one in agents] == [
        ("0", 3, False),
        ("1", 2, True),
    ]


def test_interruptions_that_could_not_be_heard_are_not_none():
    lines = [line(n, agent_id="a1", interruptions=heard) for n, heard in enumerate((None, 0, 3, None))]
    figures = counted(lines).figures
    assert (figures.interruptions, figures.interruption_calls, figures.interrupted_calls) == (3, 2, 1)
    assert (figures.agents[0].interruptions, figures.agents[0].interruption_calls) == (3, 2)


@pytest.mark.parametrize("most", [1, 7, 40])
def test_those_to_listen_to_first_are_held(most):
    lines = [line(number, listen_weight=number * 7 % 90) for number in range(40)] + [failed(0)]
    found = counted(lines, most=most)
    heaviest = sorted((one.listen_weight for one in lines), reverse=True)[:most]
    assert [one.listen_weight for one in found.held] == heaviest
    assert found.figures.calls == 41
    assert found.ids == {one.call_id for one in lines}


def test_customers_at_risk():
    at_risk = CustomersAtRisk()
    none = {"complaint": False, "churn_risk": None, "public_or_legal_threat": False}
    for one in (
        line(1, customer_id="calm", signals=none),
        line(2, customer_id="satisfied", signals={**none, "complaint": True, "satisfaction_expressed": True}),
        line(3, customer_id="twice", signals={**none, "complaint": True}),
        line(4, customer_id="twice", signals={**none, "churn_risk": True}),
        line(5, customer_id="once", signals={**none, "churn_risk": True}),
        line(6, customer_id=None, signals={**none, "public_or_legal_threat": True}),
        line(7, customer_id=None, signals={**none, "complaint": True}),
    ):
        at_risk.add(one)
    assert [(one.customer_id, one.calls, one.signals, one.call.call_id) for one in at_risk.worst()] == [
        (None, 1, ("public_or_legal_threat",), "c00006"),
        ("twice", 2, ("churn_risk", "complaint"), "c00004"),
        ("once", 1, ("churn_risk",), "c00005"),
        (None, 1, ("complaint",), "c00007"),
    ]
    assert len(at_risk) == 4
    assert len(at_risk.worst(2)) == 2


def test_a_rate_on_the_edge_of_a_bar_is_told_by_whole_numbers():
    for earned in range(101):
        spread = counted([line(0, scores={"courtesy": Tally(earned=earned, possible=100)})]).figures.scores
        assert spread["courtesy"].audited.index(1) == min(9, int(Fraction(earned, 10)))
