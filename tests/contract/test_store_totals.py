"""Totals of agents are those of their documents, in every store."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.core.finding import Tally, Verdict
from speechqa.errors import CallNotFound
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from tests.support.stores import call, finding, put, put_a_day


def test_totals_of_agents_add_up(store):
    put_a_day(store)
    put(store, call("nobody", findings=(finding("thanks", Verdict.PASS, 5),)))
    a1, a2, nobody = store.agents(CallFilter())
    assert (a1.agent_id, a1.team, a1.failed, a1.audited.calls, a1.draft.calls) == ("a1", "t1", 0, 2, 0)
    assert a1.audited.scores == {
        "courtesy": Tally(earned=5, possible=15),
        "professionalism": Tally(earned=10, possible=10),
    }
    assert a1.audited.call_tallies["courtesy"] == (Tally(earned=5, possible=15),)
    assert (a1.audited.interruptions, a1.audited.interruption_calls) == (0, 1)
    assert a1.audited.criteria["thanks"].failed == 1
    assert a1.audited.criteria["thanks"].points == Tally(earned=0, possible=10)
    assert (a2.failed, a2.audited.calls, a2.draft.calls) == (1, 0, 1)
    assert a2.draft.criteria["summary"].not_assessed == 1
    assert a2.draft.criteria["summary"].points == Tally()
    assert (nobody.agent_id, nobody.audited.calls) == (None, 1)
    both = a1.audited + nobody.audited
    assert both.scores["courtesy"] == Tally(earned=10, possible=20)
    assert len(both.call_tallies["courtesy"]) == 2
    assert both.criteria["thanks"].passed == both.criteria["thanks"].failed == 1


def test_totals_of_a_part_of_the_calls(day):
    (a1,) = day.agents(CallFilter(date_to="2026-03-01"))
    assert a1.audited.calls == 1
    assert day.agent("a1", CallFilter(score_above=0.9)).audited.calls == 1
    assert [a.agent_id for a in day.agents(CallFilter(limit=1))] == ["a2"]
    with pytest.raises(CallNotFound, match="a9"):
        day.agent("a9")


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("a", "b", None)),
            st.booleans(),
            st.lists(st.tuples(st.sampled_from(string.ascii_lowercase[:4]), st.sampled_from(list(Verdict)))),
        ),
        max_size=12,
    )
)
def test_totals_are_those_of_the_documents(drawn):
    documents = [
        call(
            f"c{n:03d}",
            agent_id=agent,
            draft=draft,
            findings=tuple(finding(c, v, 2 if v is Verdict.PASS else 0) for c, v in dict(judged).items()),
        )
        for n, (agent, draft, judged) in enumerate(drawn)
    ]
    with open_store("sqlite://") as store:
        put(store, *documents)
        summaries = store.agents(CallFilter())
    assert {s.agent_id for s in summaries} == {agent for agent, _, _ in drawn}
    for summary in summaries:
        for draft, totals in ((False, summary.audited), (True, summary.draft)):
            own = [
                d for d in documents if (d.metadata.agent_id, d.transcript.draft) == (summary.agent_id, draft)
            ]
            assert totals.calls == len(own)
            found = [d.scores["courtesy"] for d in own if "courtesy" in d.scores]
            assert totals.scores.get("courtesy", Tally()) == sum(found, Tally())
            assert sorted(t.earned for t in totals.call_tallies.get("courtesy", ())) == sorted(
                t.earned for t in found
            )
            for name, criterion in totals.criteria.items():
                judged = [f.verdict for d in own for f in d.findings if f.criterion == name]
                assert criterion.passed == judged.count(Verdict.PASS)
                assert criterion.not_applicable == judged.count(Verdict.NOT_APPLICABLE)
