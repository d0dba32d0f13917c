"""How calls are found in every store: by a reference, by a question, in what order."""

from __future__ import annotations

import pytest

from speechqa.core.analysis import ListenTo, Signal, Signals
from speechqa.core.dialogue import Dialogue
from speechqa.core.finding import Verdict
from speechqa.core.recording import MediaFile, Recording
from speechqa.errors import CallNotFound, UsageError
from speechqa.protocols import CallFilter
from tests.support.stores import call, failure, finding, ids, put

# References


def test_what_a_call_answers_to(store):
    legs = Recording(
        path="/r/agent.wav", sha256="", duration=1.0, sample_rate=8000, channels=2,
        files=(MediaFile(path="/r/agent.wav", sha256=""), MediaFile(path="/r/customer leg.wav", sha256="")),
    )  # fmt: skip
    document = call("4711-abcd", path="/r/agent.wav", recording=legs)
    store.put("i", "f", document)
    for reference in (
        "4711-abcd", "4711", "4711-", "/r/agent.wav", "/r/../r/agent.wav", "agent.wav", "r/agent.wav",
        "agent", "customer leg.wav", "customer leg",
    ):  # fmt: skip
        assert store.get(reference) == document, reference
    for reference in ("471", "", "gent.wav", "other/agent.wav", "4711%", "4711-abcde", "%", "____"):
        with pytest.raises(CallNotFound, match="No call answers"):
            store.get(reference)


def test_an_address_that_is_nowhere_is_told_without_its_credentials(store):
    for reference in ("s3://key:hunter2@box/a.wav", "s3://box/a.wav?sig=hunter2", "a::s3://k:hunter2@box/a"):
        with pytest.raises(CallNotFound, match="box/a") as caught:
            store.get(reference)
        assert "hunter2" not in str(caught.value)


def test_an_ambiguous_reference_lists_the_candidates(store):
    put(store, call("2026-a", path="/x/same.wav"), call("2026-b", path="/y/same.wav"))
    for reference in ("2026", "same.wav", "same"):
        with pytest.raises(CallNotFound) as caught:
            store.get(reference)
        assert "'2026-a' (/x/same.wav), '2026-b' (/y/same.wav)" in str(caught.value)
    assert store.get("x/same.wav").call_id == "2026-a"


def test_a_whole_id_wins_over_the_start_of_another(store):
    put(store, call("call-1"), call("call-10"))
    assert store.get("call-1").call_id == "call-1"


# Questions


def test_order_is_newest_first_then_by_id_and_undated_last(store):
    put(
        store,
        call("undated"),
        call("z-early", started_at="2026-01-01T09:00:00+02:00"),
        call("late", started_at="2026-01-01T08:00:00Z"),
        call("a-early", started_at="2026-01-01T07:00:00Z"),
        call("nonsense", started_at="last week"),
    )
    order = ["late", "a-early", "z-early", "nonsense", "undated"]
    assert ids(store.find(CallFilter())) == order
    assert ids(store.documents(CallFilter())) == order
    assert ids(store.find(CallFilter(limit=2))) == order[:2]
    assert ids(store.find(CallFilter(limit=2, offset=2))) == order[2:4]
    assert ids(store.find(CallFilter(offset=4))) == order[4:]
    assert ids(store.find(CallFilter(limit=0))) == []


def test_summary_says_what_the_document_says(store):
    document = call(
        agent_id="a1", agent_name="דנה", team="t", customer_id="k", started_at="2026-02-03T10:00", draft=True,
        recording=Recording(path="p", sha256="", duration=61.2, sample_rate=8000, channels=2),
        dialogue=Dialogue(basis="audio", interruptions={"agent": 2, "customer": 7}),
        findings=(
            finding("thanks", Verdict.PASS, 5),
            finding("apology", Verdict.NOT_ASSESSED),
            finding("summary", Verdict.FAIL, category="professionalism"),
        ),
        signals=Signals(complaint=Signal(value=True), customer_type=("angry",), promises=()),
        listen_to=(ListenTo(reason="small", weight=1), ListenTo(reason="big", weight=9, start=4.5)),
    )  # fmt: skip
    put(store, document)
    (summary,) = store.find(CallFilter())
    assert (summary.agent_id, summary.agent_name, summary.team, summary.customer_id) == (
        "a1",
        "דנה",
        "t",
        "k",
    )
    assert (summary.duration, summary.language, summary.draft, summary.engine) == (61.2, "en", True, "e")
    assert summary.scores == document.scores
    assert summary.verdicts == {"thanks": "pass", "apology": "not_assessed", "summary": "fail"}
    assert summary.signals["complaint"] is True
    assert (summary.signals["churn_risk"], summary.signals["promises"]) == (None, False)
    assert (summary.interruptions, summary.listen_to, summary.listen_at) == (2, "big", 4.5)
    assert (summary.customer_type, summary.rubric) == (("angry",), "service@1")


def test_what_is_not_known_stays_unknown(store):
    put(store, call(transcript=None), failure("c2"))
    done, failed = sorted(store.find(CallFilter()), key=lambda summary: summary.call_id)
    for summary in (done, failed):
        assert summary.interruptions is summary.duration is summary.language is summary.listen_to is None
        assert summary.scores == {}
    assert ids(store.find(CallFilter(score_below=1.0))) == []
    assert ids(store.find(CallFilter(interruptions_from=0))) == []
    assert ids(store.find(CallFilter(hour_from=0, hour_to=23))) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"agent_id": "a1"}, "dayonly night"),
        ({"customer_id": "k2"}, "dayonly morning"),
        ({"team": "t1"}, "night"),
        ({"language": "he"}, "dayonly"),
        ({"draft": True}, "morning"),
        ({"draft": False}, "dayonly night"),
        ({"status": "failed"}, "broken"),
        ({"status": "done"}, "dayonly morning night"),
        ({"date_from": "2026-03-02"}, "dayonly morning"),
        ({"date_to": "2026-03-01"}, "night"),
        ({"date_from": "2026-03-01", "date_to": "2026-03-02"}, "dayonly morning night"),
        ({"hour_from": 9, "hour_to": 9}, "morning"),
        ({"hour_from": 22, "hour_to": 5}, "night"),
        ({"hour_to": 9}, "morning"),
        ({"hour_from": 10}, "night"),
        ({"score_below": 0.5}, "morning night"),
        ({"score_below": 0.1}, ""),
        ({"score_above": 0.1}, "dayonly night"),
        ({"category": "professionalism"}, "dayonly"),
        ({"category": "courtesy", "score_above": 0.2, "score_below": 0.4}, "night"),
        ({"criterion": "thanks"}, "morning night"),
        ({"criterion": "thanks", "verdict": "fail"}, "night"),
        ({"criterion": "summary", "verdict": "not_assessed"}, "morning"),
        ({"verdict": "pass"}, "dayonly morning night"),
        ({"signal": "public_or_legal_threat"}, "night"),
        ({"signal": "customer_type:angry"}, "night"),
        ({"interruptions_from": 1}, "morning"),
        ({"phrase": "my LAWYER"}, "morning night"),
        ({"phrase": "call my lawyer"}, "night"),
        ({"phrase": "dont worry"}, "night"),
        ({"phrase": "שלומ לכמ"}, "night"),
        ({"phrase": "cafe"}, "morning"),
        ({"phrase": 'צה"ל'}, "dayonly"),
        ({"phrase": "lawyer", "phrase_by": "agent"}, ""),
        ({"phrase": "lawyer", "phrase_by": "customer"}, "morning night"),
        ({"phrase": "agent"}, ""),
        ({"phrase": "law*"}, ""),
        ({"phrase": "call OR worry"}, ""),
        ({"phrase": 'lawyer" OR "worry'}, ""),
        ({"phrase": "agent : worry"}, ""),
        ({"phrase": "NEAR(call lawyer)"}, ""),
        ({"agent_id": "a1", "criterion": "thanks", "phrase": "lawyer", "score_below": 0.9}, "night"),
    ],
)
def test_questions(day, query, expected):
    assert sorted(ids(day.find(CallFilter(**query)))) == expected.split()


@pytest.mark.parametrize(
    "query",
    [
        {"date_from": "yesterday"},
        {"date_to": "2026-02-30"},
        {"hour_from": 24},
        {"hour_to": -1},
        {"score_below": 80.0},
        {"score_above": float("nan")},
        {"verdict": "ok"},
        {"signal": "complaints"},
        {"status": "running"},
        {"phrase": "?! \ue000"},
        {"phrase": "hello", "phrase_by": "dana"},
        {"limit": -1},
        {"offset": -1},
    ],
)
def test_questions_that_make_no_sense_are_said_to(day, query):
    with pytest.raises(UsageError) as caught:
        day.find(CallFilter(**query))
    assert caught.value.expected


def test_a_list_may_be_read_while_the_store_is_written(store):
    put(store, *(call(f"c{n:04d}") for n in range(40)))
    seen = []
    for document in store.documents(CallFilter()):
        seen.append(document.call_id)
        put(store, call(document.call_id, run_id="two"), fingerprint="f2")
        put(store, call(f"new of {document.call_id}"))
    assert seen == [f"c{n:04d}" for n in range(40)]
    assert store.counts()["done"] == 80
