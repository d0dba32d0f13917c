"""Documents that a store is given in tests: built by hand, drawn by hypothesis, and hostile."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
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
from speechqa.core.dialogue import Dialogue, Overlap
from speechqa.core.finding import Evidence, Finding, Tally, Verdict
from speechqa.core.recording import Recording
from speechqa.core.segment import Segment
from speechqa.core.source import CallMetadata
from speechqa.core.stress import StressCurve, StressWindow
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.protocols import Store

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


def undefended(connection: sa.Connection, *tables: str) -> None:
    """Take away what defends tables from whoever writes into them past the store."""
    for name, table in TRIGGERS.items():
        if table in tables:
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")


TRIGGERS = {
    "journal_unchanged": "journal",
    "journal_kept": "journal",
    "access_log_unchanged": "access_log",
    "access_log_kept": "access_log",
}


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
