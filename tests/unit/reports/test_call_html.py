"""Pages show hostile text as text, and say what must be said."""

import base64
import hashlib
import html
import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from speechqa.core.analysis import CallAnalysis, ListenTo, Promise, Provenance, Signal, Signals
from speechqa.core.dialogue import Dialogue, Overlap, RoleAssignment
from speechqa.core.finding import Component, Evidence, Finding, Tally, Verdict
from speechqa.core.recording import Recording
from speechqa.core.review import Standing, Statement
from speechqa.core.segment import Segment
from speechqa.core.source import CallMetadata
from speechqa.core.stress import (
    AbsoluteView,
    SpokenTurn,
    StressChange,
    StressCurve,
    StressEpisode,
    StressSummary,
)
from speechqa.core.transcript import RejectedText, Transcript, Turn
from speechqa.protocols import CallSummary
from speechqa.reports.language import language
from speechqa.reports.naming import page_name
from speechqa.reports.pages.call import call_html
from speechqa.reports.pages.folder import PageFolder
from speechqa.reports.view.call import call_page
from speechqa.scoring import what_to_listen_to
from tests.support.batches import facts_of, written
from tests.support.stores import call

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eevil\u202c",
    "\x1b[31mred\x07",
    "</title></style><svg onload=alert(1)>",
    "a" * 10_000,
)


class Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        for name, value in attrs:
            assert name not in ("href", "src") or not (value or "").lower().startswith("javascript")

    def handle_data(self, data):
        self.text.append(data)


def read(page: str) -> Seen:
    seen = Seen()
    seen.feed(page)
    return seen


def analysis(text: str, *, draft: bool = False) -> CallAnalysis:
    evidence = Evidence(speaker=text, quote=text, start=1.0, end=2.0)
    return CallAnalysis(
        call_id=text,
        path=text,
        provenance=Provenance(
            speechqa="1",
            rubric=text,
            rubric_digest="d",
            settings_digest="s",
            model_digest=None,
            profile="eu",
            run_id="r",
            created_at="c",
        ),
        metadata=CallMetadata(agent_id=text, agent_name=text, team=text, customer_id=text, started_at=text),
        recording=Recording(path=text, sha256="0", duration=10.0, sample_rate=8000, channels=2),
        transcript=Transcript(
            language="he",
            engine="pocketsphinx" if draft else "whisper",
            draft=draft,
            turns=(Turn(speaker=text, text=text, party="A", start=1.0, end=2.0, voiced=False),),
            rejected=(RejectedText(text=text, reason=text),),
        ),
        roles={"A": RoleAssignment(role="agent", confidence=1.0, source="manifest", reason=text)},
        dialogue=Dialogue(
            basis="audio",
            speech={"A": (Segment(1.0, 2.0),), "B": (Segment(1.5, 3.0),)},
            overlaps=(
                Overlap(
                    start=1.5,
                    end=2.0,
                    kind="interruption",
                    by=text,
                    of="A",
                    by_party="B",
                    of_party="A",
                    rule=text,
                ),
            ),
        ),
        findings=(
            Finding(
                criterion="thanks",
                category="courtesy",
                verdict=Verdict.FAIL,
                detector="d",
                reason=text,
                earned=0,
                possible=10,
                evidence=(evidence,),
                would_change=text,
            ),
        ),
        signals=Signals(
            complaint=Signal(value=True, evidence=(evidence,)),
            promises=(Promise(who=text, what=evidence, when=evidence), Promise(who=text, what=evidence)),
        ),
        scores={"courtesy": Tally(earned=0, possible=10)},
        listen_to=(ListenTo(reason=text, weight=1, start=1.0),),
        notices=(text,),
        stress={text: voice(text)},
    )


def voice(text: str) -> StressCurve:
    spoken = SpokenTurn(turn=0, speaker=text, start=1.0, end=2.0, quote=text, acts=("hold",))
    change = StressChange(
        kind="rise",
        at=3.0,
        start=2.0,
        end=4.0,
        from_at=1.0,
        to_at=2.0,
        from_value=0.2,
        to_value=3.4,
        uncertainty=1.8,
        before=(spoken,),
    )
    return StressCurve(
        episodes=(StressEpisode(start=1.0, peak=2.0, end=3.0, peak_value=4.0, because=(text,)),),
        reason=text,
        changes=(change, replace(change, before=(), reason=text)),
        summary=StressSummary(windows=3, peak=3.4, peak_at=3.0, mean=1.0, raised_share=0.5, reason=text),
        absolute=AbsoluteView(flagged=True, reason=text, confidence="low"),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_on_a_call_page_is_text(text):
    page = call_html(call_page(analysis(text)))
    seen = read(page)
    plain = read(call_html(call_page(analysis("plain"))))
    assert seen.tags == plain.tags, "text from outside makes no element"
    assert seen.attributes == plain.attributes, "and no attribute"
    assert not any(c in page for c in "\x1b\x07\u202e\u202c")
    assert "49" not in "".join(seen.text).replace("{{ 7 * 7 }}", "")


def test_a_page_runs_our_script_and_style_alone():
    page = call_html(call_page(analysis("<script>x</script>")))
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page).group(1))
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy
    for tag, name in (("script", "script-src"), ("style", "style-src")):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inside]
        assert [f"'sha256-{digest}'" for digest in digests] == [directives[name]]


def test_a_draft_engine_is_named_on_the_page():
    said = "draft engine"
    assert said in call_html(call_page(analysis("x", draft=True), language=language("en")))
    assert said not in call_html(call_page(analysis("x"), language=language("en")))


def test_promises_are_told_with_their_time_or_that_none_was_said():
    page = call_html(call_page(analysis("by Thursday"), language=language("en")))
    text = " ".join(read(page).text)
    assert "Promises" in text
    assert "by when: “" in text
    assert "no time said" in text


def test_page_names_are_safe_and_never_shared():
    names = [page_name(text) for text in (*HOSTILE, "../../etc/passwd", "a/b", "a-b", "a b", "שיחה")]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").replace(".", "").replace("_", "").isalnum() for name in names)
    assert all(len(name) < 100 for name in names)


def test_the_index_lists_calls_and_failures(tmp_path):
    facts = facts_of(
        [
            CallSummary(call_id="call one", path="x", status="done", verdicts={"thanks": "fail"}),
            CallSummary(call_id="broken", path="y", status="failed", error="Broken: <b>no sound</b>"),
        ]
    )
    page = written(tmp_path, facts).read_text(encoding="utf-8")
    assert page_name("call one") in page
    assert "&lt;b&gt;no sound" in page
    assert "<b>no sound" not in page


def test_a_page_is_whole_or_absent(tmp_path):
    folder = PageFolder(tmp_path / "report")
    path = folder.write("one.html", "<p>\udc80</p>")
    assert path.read_bytes() == b"<p>\\udc80</p>"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["one.html"], "no half-written file is left"


def test_each_part_shows_what_was_said_for_it_once():
    said = [Evidence(speaker="agent", quote=f"words {n}", start=float(n), end=n + 0.5) for n in range(3)]
    parts = tuple(
        Component(id=name, verdict=Verdict.PASS, earned=2, possible=2, evidence=(said[n],))
        for n, name in enumerate(("outcome", "deadline"))
    )
    finding = Finding(
        criterion="expectation_summary", category="professionalism", verdict=Verdict.PASS, detector="d/1",
        reason="Said", earned=4, possible=4, evidence=tuple(said), components=parts,
    )  # fmt: skip
    page = call_html(call_page(call("c", findings=(finding,)), language=language("en")))
    before, _, of_parts = page.partition('<ul class="parts">')
    assert "words 2" in before, "what no part shows"
    for n in range(2):
        assert f"words {n}" not in before
        assert of_parts.count(f"words {n}<") == 1


def test_who_overturns_a_verdict_is_told_beside_what_the_machine_found():
    found = Finding(
        criterion="thanks", category="courtesy", verdict=Verdict.FAIL, detector="d/1", reason="No thanks",
        earned=0, possible=5, evidence=(Evidence(speaker="agent", quote="goodbye", start=1.0, end=2.0),),
    )  # fmt: skip
    said = Statement(
        number=1, at="2026-11-22T10:00:00Z", actor="Noa", source="review", verdict=Verdict.PASS,
        comment="at 0:16",
    )  # fmt: skip
    given = replace(found, verdict=Verdict.PASS, earned=5, reason="at 0:16", detector="review by a person")
    stands = Standing(
        criterion="thanks", category="courtesy", finding=given, machine=found, source="review", by="Noa",
        said=(said,),
    )  # fmt: skip
    document = call("c", findings=(found,), listen_to=what_to_listen_to(findings=(found,)))
    page = call_html(call_page(document, standings=(stands,), language=language("en")))
    text = " ".join("".join(read(page).text).split())
    assert "Listen to this first" not in text, "what a person overturned is no reason to listen"
    machine_alone = call_html(call_page(document, language=language("en")))
    assert "Listen to this first" in machine_alone
    places = [text.index(part) for part in ("pass by Noa", "By the machine: fail 0/5: No thanks", "goodbye")]
    assert places == sorted(places), "what a person said, and below it the machine's reason with its evidence"
    assert text.count("at 0:16") == 1
