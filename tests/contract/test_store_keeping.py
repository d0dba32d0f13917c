"""What every store keeps and gives back: documents, their versions, failures, the log of accesses."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from speechqa.core.analysis import FailedCall, ListenTo, Signal, Signals
from speechqa.core.codec import encode
from speechqa.core.finding import Tally, Verdict
from speechqa.errors import CallNotFound, DocumentRefused, StoreError, UsageError
from speechqa.protocols import CallFilter, Store
from speechqa.store import open_store
from tests.support.stores import HOSTILE, analyses, call, failure, failures, finding, ids, put

# Keeping and giving back


def test_the_contract_is_the_protocols(store):
    offered: Store = store
    for name in (n for n in vars(Store) if not n.startswith("_")):
        assert callable(getattr(offered, name)), name


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=analyses | failures)
def test_a_document_comes_back_byte_for_byte(document):
    with open_store("sqlite://") as store:
        store.put("identity", "fingerprint", document)
        assert encode(store.get(document.call_id)) == encode(document)
        (summary,) = store.find(CallFilter())
        assert summary.call_id == document.call_id
        assert summary.status == ("failed" if isinstance(document, FailedCall) else "done")
        assert [encode(d) for d in store.documents(CallFilter())] == [encode(document)]
        done = store.done("identity", "fingerprint")
        assert (done is None) == isinstance(document, FailedCall)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_and_found_in_every_column(store, text):
    document = call(
        call_id=text,
        path=f"/calls/{text}.wav".replace("\n", "\n"),
        agent_id=text,
        agent_name=text,
        team=text,
        customer_id=text,
        started_at=text,
        turns=[("agent", text), (text, text)],
        findings=(finding(text, Verdict.PASS, 5),),
        signals=Signals(complaint=Signal(value=True, reason=text), customer_type=(text,)),
        listen_to=(ListenTo(reason=text, weight=1),),
        run_id=text,
    )
    put(store, call("other", agent_id="other"), fingerprint=text)
    store.put(text, text, document)
    assert encode(store.get(text)) == encode(document)
    assert encode(store.get(document.path)) == encode(document)
    assert encode(store.done(text, text)) == encode(document)
    for query in (
        CallFilter(agent_id=text),
        CallFilter(customer_id=text),
        CallFilter(team=text),
        CallFilter(criterion=text, verdict="pass"),
        CallFilter(signal=f"customer_type:{text}"),
    ):
        (summary,) = store.find(query)
        assert (summary.call_id, summary.agent_name, summary.listen_to) == (text, text, text)
    assert store.agent(text).team == text
    store.log(text, call=text, actor=text, reason=text, details={text: text})
    (record,) = store.accesses(text)
    assert (record.event, record.actor, record.reason, record.details) == (text, text, text, {text: text})
    store.put(text, "again", failure(text, document.path, message=text))
    assert [s.error for s in store.failures()] == [f"UnreadableRecording: {text}"]


@pytest.mark.parametrize(
    "document",
    [
        call("bad\ud800"),
        call(path="/calls/\udcff.wav"),
        call(turns=[("agent", "\udfff")]),
        failure("x\ud800"),
    ],
)
def test_text_that_is_no_unicode_is_refused_and_nothing_is_kept(store, document):
    with pytest.raises(DocumentRefused) as caught:
        store.put("identity", "f", document)
    str(caught.value).encode()
    assert store.counts() == {"done": 0, "failed": 0}
    with pytest.raises(DocumentRefused):
        store.put("\ud800", "f", call())
    with pytest.raises(CallNotFound):
        store.get("\ud800")
    with pytest.raises(UsageError):
        store.find(CallFilter(agent_id="\ud800"))
    with pytest.raises(UsageError):
        store.log("view", actor="\ud800")


def test_numbers_no_database_holds_are_refused(store):
    huge = call(scores={"courtesy": Tally(earned=2**70, possible=2**70)})
    with pytest.raises(DocumentRefused):
        store.put("i", "f", huge)
    assert store.counts() == {"done": 0, "failed": 0}


def test_a_document_needs_an_id(store):
    with pytest.raises(DocumentRefused):
        store.put("", "f", call())
    with pytest.raises(DocumentRefused):
        store.put("i", "f", call(""))


def test_a_transcript_of_a_megabyte(store):
    long = call(turns=[("agent" if n % 2 else "customer", f"מילה number{n} " * 20) for n in range(3000)])
    assert len(encode(long)) > 1_000_000
    put(store, long)
    assert encode(store.get("c1")) == encode(long)
    assert ids(store.find(CallFilter(phrase="מילה number2999 מילה"))) == ["c1"]


# Versions, failures, identity


def test_a_new_analysis_supersedes_and_the_old_stays_readable(store):
    first, second = call(run_id="one"), call(run_id="two", agent_id="a1")
    put(store, first)
    put(store, second, fingerprint="f2")
    assert store.get("c1") == second
    assert store.get("c1", version=1) == first
    assert ids(store.find(CallFilter(agent_id="a1"))) == ["c1"]
    assert [(v.number, v.current, v.fingerprint, v.run_id) for v in store.history("c1")] == [
        (2, True, "f2", "two"),
        (1, False, "f1", "one"),
    ]
    assert store.done("digest of /calls/c1.wav", "f1") == first
    with pytest.raises(CallNotFound, match="version 3"):
        store.get("c1", version=3)


def test_an_older_analysis_can_be_made_current_again(store):
    first = call(findings=(finding("thanks", Verdict.PASS, 5),))
    put(store, first)
    put(store, call(findings=(finding("thanks", Verdict.FAIL),)), fingerprint="f2")
    assert store.make_current("digest of /calls/c1.wav", "f1")
    assert store.get("c1") == first
    assert ids(store.find(CallFilter(criterion="thanks", verdict="pass"))) == ["c1"]
    assert ids(store.find(CallFilter(criterion="thanks", verdict="fail"))) == []
    assert [v.current for v in store.history("c1")] == [False, True]
    assert not store.make_current("digest of /calls/c1.wav", "never")
    put(store, failure(), fingerprint="f3")
    assert store.make_current("digest of /calls/c1.wav", "f2")
    assert list(store.failures()) == []


def test_the_same_document_twice_is_kept_once(store):
    for _ in range(3):
        put(store, call())
        put(store, failure("c2"))
    assert len(store.history("c1")) == len(store.history("c2")) == 1


def test_a_failure_does_not_replace_a_success(store):
    good = call(agent_id="a1")
    put(store, good)
    put(store, failure(message="disk gone"), fingerprint="f2")
    assert store.get("c1") == good
    assert store.counts() == {"done": 1, "failed": 0}
    (summary,) = store.find(CallFilter(agent_id="a1"))
    assert (summary.status, summary.error) == ("done", "UnreadableRecording: disk gone")
    assert ids(store.failures()) == ["c1"]
    assert [(v.status, v.current) for v in store.history("c1")] == [("failed", False), ("done", True)]
    put(store, call(run_id="again"), fingerprint="f3")
    assert list(store.failures()) == []
    assert [s.error for s in store.find(CallFilter())] == [None]


def test_a_failure_is_current_until_the_call_is_done(store):
    put(store, failure(message="one"))
    put(store, failure(message="two"))
    assert store.get("c1").error.message == "two"
    assert store.done("digest of /calls/c1.wav", "f1") is None
    assert store.counts() == {"done": 0, "failed": 1}
    put(store, call())
    assert store.counts() == {"done": 1, "failed": 0}
    assert len(store.history("c1")) == 3


def test_a_file_that_was_incomplete_at_first_keeps_its_call(store):
    store.put("digest of nothing", "f", failure("a", "/calls/a.wav"))
    store.put("digest of nothing", "f", failure("b", "/calls/b.wav"))
    store.put("digest of a", "f", call("a", path="/calls/a.wav"))
    store.put("digest of b", "f", call("b", path="/calls/b.wav"))
    assert store.counts() == {"done": 2, "failed": 0}
    assert store.done("digest of a", "f").call_id == "a"
    assert store.done("digest of nothing", "f") is None


def test_a_file_that_was_incomplete_at_first_keeps_its_call_without_an_id_of_its_own(store):
    store.put("digest of nothing", "f", failure("digest of n", "/calls/a.wav"))
    store.put("digest of a", "f", call("digest of a", path="/calls/a.wav"))
    assert store.counts() == {"done": 1, "failed": 0}
    assert store.get("digest of n") == store.get("digest of a")


def test_a_row_that_named_a_wrong_file_is_mended(store):
    store.put("row", "", failure("c2", "typo.wav"))
    store.put("another row", "", failure("c2", "/calls/typo-too.wav", message="second"))
    assert store.get("c2").error.message == "second"
    store.put("digest", "f", call("c2", path="/calls/right.wav"))
    assert store.counts() == {"done": 1, "failed": 0}
    assert store.done("digest", "f") == store.get("c2")
    with pytest.raises(DocumentRefused):
        store.put("row", "", failure("c2", "/calls/elsewhere.wav"))


def test_a_bad_row_about_an_analysed_recording_is_mended(store):
    store.put("digest", "f", call("digest", path="/calls/x.wav", turns=[("agent", "hello")]))
    store.put("row", "", failure("c2", "x.wav"))
    store.put("digest", "g", call("c2", path="/calls/x.wav", turns=[("agent", "hello")]))
    assert ids(store.find(CallFilter())) == ["c2"]
    assert store.counts() == {"done": 1, "failed": 0}
    assert store.get("c2") == store.get("digest") == store.get("x.wav")
    assert [version.status for version in store.history("c2")] == ["done", "failed", "done"]
    assert ids(store.find(CallFilter(phrase="hello"))) == ["c2"]


def test_a_recording_that_vanished_fails_under_its_own_call(store):
    put(store, call())
    store.put("no digest, it is gone", "f", failure())
    assert store.get("c1") == call()
    assert ids(store.failures()) == ["c1"]


@pytest.mark.parametrize("second", [call(path="/b/c1.wav"), failure(path="/b/c1.wav"), call(path=None)])
def test_a_call_id_of_another_recording_is_refused(store, second):
    put(store, call(path="/a/c1.wav"))
    with pytest.raises(DocumentRefused) as caught:
        store.put("another digest", "f", second)
    assert "/a/c1.wav" in str(caught.value)
    assert (second.path or "without a path") in str(caught.value)
    assert "manifest" in (caught.value.hint or "")
    assert len(store.history("c1")) == 1


def test_a_replaced_recording_is_refused_too(store):
    put(store, call())
    with pytest.raises(DocumentRefused, match="already belongs"):
        store.put("other bytes at the same path", "f", call())


def test_a_recording_that_gets_another_id_answers_to_both(store):
    store.put("i", "f1", call("rec-0001", path="/calls/x.wav"))
    store.put("i", "f2", call("ticket-77", path="/calls/x.wav", agent_id="a1"))
    assert ids(store.find(CallFilter())) == ["ticket-77"]
    assert store.get("rec-0001") == store.get("ticket-77") == store.get("ticket")
    with pytest.raises(DocumentRefused):
        store.put("j", "f", call("rec-0001", path="/calls/y.wav"))
    store.log("view", call="rec-0001", actor="dana")
    assert len(list(store.accesses("ticket-77"))) == 1


# The log of accesses


def test_accesses_are_written_down_in_order(store):
    put(store, call())
    for n in range(3):
        store.log(
            "transcript viewed", call="c1", actor=f"dana{n}", reason="dispute 12", details={"n": str(n)}
        )
    store.log("calls listed", actor="dana")
    records = list(store.accesses())
    assert [r.number for r in records] == sorted(r.number for r in records)
    assert [r.actor for r in records] == ["dana0", "dana1", "dana2", "dana"]
    assert [r.details for r in store.accesses("c1")] == [{"n": "0"}, {"n": "1"}, {"n": "2"}]
    assert all(r.at.endswith("+00:00") for r in records)
    with pytest.raises(UsageError):
        store.log("", actor="dana")
    with pytest.raises(UsageError):
        store.log("viewed", actor="")


def test_a_closed_store_may_be_closed_again(store):
    store.close()
    store.close()


def test_errors_of_a_store_end_a_command_with_six():
    assert DocumentRefused("x").exit_code == StoreError("x").exit_code == 6
