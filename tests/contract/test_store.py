"""What every store has to keep to, whatever lies under it."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from speechqa.core.analysis import (
    CallAnalysis,
    Document,
    FailedCall,
    Failure,
    ListenTo,
    Provenance,
    Signal,
    Signals,
)
from speechqa.core.codec import encode
from speechqa.core.dialogue import Dialogue, Overlap
from speechqa.core.finding import Evidence, Finding, Tally, Verdict
from speechqa.core.recording import MediaFile, Recording
from speechqa.core.segment import Segment
from speechqa.core.source import CallMetadata
from speechqa.core.stress import StressCurve, StressWindow
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.errors import CallNotFound, DocumentRefused, StoreError, UsageError
from speechqa.protocols import CallFilter, Store
from speechqa.store import open_store

HOSTILE = (
    "O'Brien; DROP TABLE calls; --",
    'a "quoted" phrase',
    "nul\0inside",
    "שלום \u202e הפוך",
    "😀👩‍👩‍👧",
    "100%_of\\it",
    "line\nbreak\ttab",
    "NULL",
    "' OR 1=1",
    "\ue000",
    "é" * 500,
)


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path):
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'calls.db'}"
    with open_store(url) as opened:
        yield opened


def finding(criterion: str, verdict: Verdict, earned: int = 0, possible: int = 5, **more: Any) -> Finding:
    points = {"earned": earned, "possible": possible} if verdict.counts else {}
    return Finding(
        criterion=criterion,
        category=more.pop("category", "courtesy"),
        verdict=verdict,
        detector="d@1",
        reason="because",
        searched_turns=(0, 1),
        **points,
        **more,
    )


def call(call_id: str = "c1", **more: Any) -> CallAnalysis:
    run_id = more.pop("run_id", "run-1")
    turns = more.pop("turns", ())
    draft = more.pop("draft", False)
    metadata = {name: more.pop(name) for name in CallMetadata.__struct_fields__ if name in more}
    findings = more.get("findings", ())
    more.setdefault(
        "scores",
        {
            category: Tally.of(f for f in findings if f.category == category)
            for category in {f.category for f in findings}
        },
    )
    more.setdefault(
        "transcript",
        Transcript(
            language="en",
            engine="e",
            draft=draft,
            turns=tuple(Turn(speaker=speaker, text=text) for speaker, text in turns),
        ),
    )
    return CallAnalysis(
        call_id=call_id,
        path=more.pop("path", f"/calls/{call_id}.wav"),
        metadata=CallMetadata(**metadata),
        provenance=Provenance(
            speechqa="0.1.0",
            rubric="service@1",
            rubric_digest="r",
            settings_digest="s",
            model_digest=None,
            profile="eu",
            run_id=run_id,
            created_at="2026-01-01T00:00:00Z",
        ),
        **more,
    )


def failure(
    call_id: str = "c1", path: str | None = None, message: str = "broken", **metadata: Any
) -> FailedCall:
    return FailedCall(
        call_id=call_id,
        path=path or f"/calls/{call_id}.wav",
        error=Failure(type="UnreadableRecording", message=message),
        metadata=CallMetadata(**metadata),
    )


def put(store: Store, *documents: Document, fingerprint: str = "f1") -> None:
    for document in documents:
        store.put(f"digest of {document.path}", fingerprint, document)


def ids(found: Any) -> list[str]:
    return [item.call_id for item in found]


# Keeping and giving back


def test_the_contract_is_the_protocols(store):
    offered: Store = store
    for name in (n for n in vars(Store) if not n.startswith("_")):
        assert callable(getattr(offered, name)), name


times = st.floats(0, 1e5, allow_nan=False)
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
names = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
maybe = st.none() | words


@st.composite
def spans(draw):
    start = draw(times)
    return {"start": start, "end": start + draw(st.floats(0, 50))}


turns = st.builds(
    lambda span, **rest: Turn(**span, **rest),
    spans(),
    speaker=st.sampled_from(("agent", "customer", "unknown", "Dana")),
    text=words,
    words=st.lists(
        st.builds(
            lambda span, **rest: Word(**span, **rest),
            spans(),
            text=words,
            confidence=st.none() | st.floats(0, 1),
        ),
        max_size=3,
    ).map(tuple),
    voiced=st.none() | st.booleans(),
)
tallies = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(
    lambda pair: Tally(earned=min(pair), possible=max(pair))
)
findings = st.builds(
    lambda verdict, criterion, quote, span: finding(
        criterion, verdict, 3, evidence=(Evidence(speaker="agent", quote=quote, **span),)
    ),
    st.sampled_from(list(Verdict)),
    names,
    words,
    spans(),
)
windows = spans().map(lambda span: StressWindow(**span, value=0.25, confidence="ok", voiced_seconds=3.0))
analyses = st.builds(
    call,
    names,
    path=maybe,
    agent_id=maybe,
    agent_name=maybe,
    team=maybe,
    customer_id=maybe,
    started_at=maybe | st.datetimes().map(str),
    tags=st.dictionaries(words, words, max_size=2),
    recording=st.none()
    | st.builds(
        Recording,
        path=words,
        sha256=words,
        duration=times,
        sample_rate=st.just(8000),
        channels=st.integers(1, 8),
        lost=spans().map(lambda span: (Segment(span["start"], span["end"]),)),
    ),
    transcript=st.none()
    | st.builds(Transcript, language=maybe, engine=names, turns=st.lists(turns, max_size=4).map(tuple)),
    dialogue=st.none()
    | st.builds(
        Dialogue,
        basis=st.sampled_from(("audio", "turns", "none")),
        interruptions=st.dictionaries(st.sampled_from(("agent", "A")), st.integers(0, 9)),
        overlaps=spans().map(
            lambda span: (
                Overlap(
                    **span, kind="interruption", by="agent", of="customer", by_party="A", of_party="B",
                    numbers={"over_ms": 1.5},
                ),
            )
        ),
    ),
    stress=st.dictionaries(
        words, st.lists(windows, max_size=3).map(lambda found: StressCurve(windows=tuple(found))), max_size=1
    ),
    findings=st.lists(findings, max_size=4).map(tuple),
    scores=st.dictionaries(st.sampled_from(("courtesy", "professionalism")), tallies),
    signals=st.builds(
        Signals,
        complaint=st.builds(Signal, value=st.none() | st.booleans()),
        customer_type=st.lists(words, max_size=2).map(tuple),
    ),
    listen_to=st.lists(st.builds(ListenTo, reason=words, weight=st.integers(0, 9)), max_size=2).map(tuple),
)  # fmt: skip
failures = st.builds(failure, names, path=names, message=words, agent_id=maybe, started_at=maybe)


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
        signals=Signals(complaint=Signal(value=True), customer_type=("angry",)),
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
    assert summary.signals["churn_risk"] is None
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


@pytest.fixture(scope="module", params=["file", "memory"])
def day(request, tmp_path_factory):
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path_factory.mktemp('day') / 'c.db'}"
    with open_store(url) as opened:
        put_a_day(opened)
        yield opened


def put_a_day(store: Store) -> None:
    """Three calls that differ in everything that can be asked for, and a failure."""
    put(
        store,
        call(
            "night", agent_id="a1", customer_id="k1", team="t1", started_at="2026-03-01T23:30:00+02:00",
            dialogue=Dialogue(basis="audio", interruptions={"agent": 0}),
            findings=(finding("thanks", Verdict.FAIL, 0, 10), finding("farewell", Verdict.PASS, 5)),
            turns=[("agent", "Don't worry, שָׁלוֹם לכם"), ("customer", "I will call my lawyer")],
            signals=Signals(public_or_legal_threat=Signal(value=True), customer_type=("angry",)),
        ),
        call(
            "morning", agent_id="a2", customer_id="k2", draft=True, started_at="2026-03-02T09:00:00-05:00",
            dialogue=Dialogue(basis="audio", interruptions={"agent": 3}),
            findings=(
                finding("thanks", Verdict.PASS, 3, 30),
                finding("summary", Verdict.NOT_ASSESSED, category="professionalism"),
            ),
            turns=[("agent", "Call"), ("customer", "my lawyer? No, the Café")],
            signals=Signals(public_or_legal_threat=Signal(value=False)),
        ),
        call(
            "dayonly", agent_id="a1", customer_id="k2", started_at="2026-03-02",
            findings=(finding("summary", Verdict.PASS, 10, 10, category="professionalism"),),
            transcript=Transcript(language="he", engine="e", turns=(Turn(speaker="Dana", text="צה״ל ועוד"),)),
        ),
        failure("broken", agent_id="a2"),
    )  # fmt: skip


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


# Totals


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
