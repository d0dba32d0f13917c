"""Which verdict is of record, and what it is worth."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.core.dispute import Dispute, Resolution
from speechqa.core.finding import Finding, Verdict
from speechqa.core.review import Confirmation, Review
from speechqa.review import findings_of_record, standing
from speechqa.store import open_store
from tests.support.stores import finding

P, F, N, U = Verdict


@pytest.fixture
def store():
    with open_store("sqlite://") as opened:
        yield opened


def review(store, verdict, by="dana", criterion="thanks", identity="i", **more):
    kept = Review(criterion=criterion, verdict=verdict, comment=f"{by} says", **more)
    return store.note("review", kept, actor=by, identity=identity).number


def dispute(store, verdict=F, identity="i"):
    said = Dispute(
        criterion="thanks", reason="verdict_wrong", comment="no", deadline="2026-12-01", verdict=verdict
    )
    return store.note("dispute", said, actor="agent", identity=identity).number


def resolve(store, number, verdict=None, by="boss", identity="i"):
    outcome = "upheld" if verdict is None else "changed"
    said = Resolution(dispute=number, outcome=outcome, verdict=verdict, comment="so")
    return store.note("dispute_resolution", said, actor=by, identity=identity).number


def one(store, machine, identity="i", **more):
    (found,) = standing((machine,), store.notes(identity=identity), **more)
    return found


FAILED = finding("thanks", F, 0, 10)


def test_without_people_the_machines_finding_is_of_record(store):
    found = one(store, FAILED)
    assert found.finding is found.machine is FAILED
    assert (found.source, found.differs, found.waits, found.said) == ("machine", False, "", ())


def test_a_review_is_of_record_with_its_points_and_the_machines_finding_stays(store):
    review(store, P)
    found = one(store, FAILED)
    assert (found.source, found.by, found.differs) == ("review", "dana", True)
    assert (found.finding.verdict, found.finding.earned, found.finding.possible) == (P, 10, 10)
    assert found.finding.reason == "dana says"
    assert found.machine == FAILED
    assert findings_of_record((FAILED,), store.notes(identity="i")) == (found.finding,)


def test_points_a_person_gives_count_while_the_criterion_carries_as_many(store):
    review(store, P, earned=7, possible=10)
    assert one(store, FAILED).finding.earned == 7
    assert one(store, finding("thanks", F, 0, 5)).finding.earned == 5


def test_a_review_that_agrees_keeps_the_machines_points_and_reason(store):
    review(store, P)
    graded = finding("thanks", P, 7, 10)
    found = one(store, graded)
    assert (found.finding.earned, found.finding.reason, found.differs) == (7, "because", False)


@pytest.mark.parametrize("verdict", [N, U])
def test_what_does_not_count_earns_nothing(store, verdict):
    review(store, verdict)
    found = one(store, FAILED).finding
    assert (found.verdict, found.earned, found.possible) == (verdict, None, None)


def test_the_newest_review_counts_and_a_review_over_a_dispute(store):
    number = dispute(store)
    review(store, P)
    resolve(store, number, N)
    assert one(store, FAILED).finding.verdict is P, "the review knew of the dispute"
    review(store, F, by="noa")
    found = one(store, FAILED)
    assert (found.finding.verdict, found.by) == (F, "noa")
    assert [said.source for said in found.said] == ["review", "resolution", "review"]


def test_a_dispute_of_a_review_that_is_resolved_stands_over_it(store):
    review(store, F)
    number = dispute(store)
    assert one(store, FAILED).by == "dana", "an open dispute changes nothing"
    resolve(store, number, P)
    found = one(store, FAILED)
    assert (found.source, found.by, found.finding.earned) == ("resolution", "boss", 10)


def test_a_second_resolution_stands_over_the_first_and_upheld_keeps_the_verdict(store):
    number = dispute(store)
    resolve(store, number)
    found = one(store, FAILED)
    assert (found.source, found.finding.verdict, found.finding.earned) == ("resolution", F, 0)
    resolve(store, number, P, by="second")
    assert (one(store, FAILED).by, one(store, FAILED).finding.verdict) == ("second", P)


def test_blind_reviews_overturn_no_decision_and_count_where_there_is_none(store):
    review(store, P, blind=True)
    assert one(store, FAILED).finding.verdict is P
    review(store, F, by="noa", blind=True)
    split = one(store, FAILED)
    assert (split.source, split.finding) == ("machine", FAILED)
    assert split.waits == "a review that settles it: blind ones say 1 fail, 1 pass"
    review(store, P, by="boss")
    review(store, F, by="late", blind=True)
    assert (one(store, FAILED).by, one(store, FAILED).waits) == ("boss", "")


def test_a_critical_failure_waits_and_a_contrary_verdict_undoes_a_confirmation(store):
    critical = finding("thanks", F, 0, 10, critical=True)
    assert (one(store, critical).critical, one(store, critical).waits[:9]) == ("waits", "a person'")
    store.note("confirmation", Confirmation(criterion="thanks"), actor="dana", identity="i")
    assert (one(store, critical).critical, one(store, critical).confirmed_by) == ("confirmed", "dana")
    review(store, P, by="boss")
    assert one(store, critical).critical == ""
    review(store, F, by="boss2", blind=True)
    review(store, F, by="boss3")
    assert (one(store, critical).critical, one(store, critical).confirmed_by) == ("confirmed", "boss3")


def test_a_blind_fail_confirms_nothing(store):
    critical = finding("thanks", P, 10, 10, critical=True)
    review(store, F, blind=True)
    found = one(store, critical)
    assert (found.finding.verdict, found.critical) == (F, "waits")


def test_a_criterion_for_people_waits_and_takes_its_points_from_the_rubric(store):
    human = Finding(
        criterion="thanks", category="courtesy", verdict=U, detector="human/4", reason="waits for a person"
    )
    assert one(store, human).waits == "a person's verdict"
    review(store, P)
    assert one(store, human).finding == human, "nobody knows what it is worth"
    found = one(store, human, points={"thanks": 4})
    assert (found.finding.earned, found.finding.possible, found.waits) == (4, 4, "")


def test_erased_entries_and_criteria_that_are_gone_say_nothing(store):
    review(store, P, criterion="dropped")
    erased = [entry.__class__(**{**_fields(entry), "body": None}) for entry in store.notes()]
    assert standing((FAILED,), erased)[0].said == ()
    assert one(store, FAILED).said == ()


def _fields(entry):
    return {name: getattr(entry, name) for name in entry.__struct_fields__}


verdicts = st.sampled_from(tuple(Verdict))
steps = st.lists(st.tuples(st.sampled_from("rbdu"), verdicts, st.sampled_from("xyz")), max_size=8)


@pytest.fixture(scope="module")
def calls():
    """A store, and ids of calls of which nobody has said anything."""
    with open_store("sqlite://") as opened:
        yield opened, map(str, count())


@settings(deadline=None)
@given(verdict=verdicts, critical=st.booleans(), said=steps)
def test_whatever_is_said_a_finding_of_record_is_sound_and_the_machines_stays(calls, verdict, critical, said):
    machine = finding("thanks", verdict, 3, 10, critical=critical)
    store, identities = calls
    of = {"identity": next(identities)}
    for what, given_verdict, who in said:
        if what in "rb":
            review(store, given_verdict, by=who, blind=what == "b", possible=10, **of)
        else:
            resolve(
                store, dispute(store, verdict, **of), given_verdict if what == "d" else None, by=who, **of
            )
    found = one(store, machine, points={"thanks": 10}, **of)
    assert found.machine == machine
    assert len(found.said) == len(said)
    assert found.finding.verdict.counts == (found.finding.possible is not None)
    assert found.finding.possible in (None, 10)
    if not said:
        assert found.finding == machine
    assert (found.critical != "") == (critical and found.finding.verdict is F)


def test_who_upholds_a_review_leaves_its_points_as_they_were_given(store):
    review(store, F, earned=4, possible=10)
    contested = dispute(store)
    resolve(store, contested)
    found = one(store, finding("thanks", P, 10, 10))
    assert (found.source, found.by) == ("resolution", "boss")
    assert (found.finding.verdict, found.finding.earned, found.finding.possible) == (F, 4, 10)


def test_a_resolution_that_came_in_beside_another_does_not_count(store):
    contested = dispute(store)
    resolve(store, contested, P, by="Dana")
    resolve(store, contested, N, by=" dana")
    assert one(store, FAILED).finding.verdict is P
    resolve(store, contested, by="omer")
    resolve(store, contested, P, by="gil")
    assert (one(store, FAILED).by, one(store, FAILED).finding.verdict) == ("omer", F)
