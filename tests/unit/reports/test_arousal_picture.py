"""The arousal picture shows what was measured, nothing that was not, and whatever a name holds."""

import io
import os
import re
import subprocess
import sys
import warnings
from itertools import combinations
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from msgspec.structs import replace
from PIL import Image

from speechqa.acoustics.stress import _WORDS as CAUSES
from speechqa.core.analysis import CallAnalysis, Provenance
from speechqa.core.dialogue import CutOff, Dialogue, Hold, Overlap, RoleAssignment, Silence
from speechqa.core.plain import printable
from speechqa.core.recording import Recording
from speechqa.core.segment import Segment
from speechqa.core.source import CallMetadata
from speechqa.core.stress import (
    AbsoluteView,
    SpokenTurn,
    StressBaseline,
    StressChange,
    StressCurve,
    StressEpisode,
    StressSummary,
    StressThresholds,
    StressWindow,
)
from speechqa.core.transcript import Transcript, Turn
from speechqa.reports.arousal_picture import (
    call_picture,
    voice_picture,
)
from speechqa.reports.arousal_picture.drawing import drawn
from speechqa.reports.arousal_picture.staging import call_scene, voice_scene
from speechqa.reports.arousal_picture.styles import STYLES
from speechqa.reports.arousal_picture.words import ENGLISH, HEBREW, causes
from speechqa.reports.charts.canvas import SETTINGS

KINDS = ("backchannel", "terminal", "simultaneous_start", "interruption", "failed_interruption")
REASON = "4.1 s of speech, 1.2 s of it voiced, are too few to tell this speaker's calm level"
HOSTILE = (
    "<script>alert(1)</script>",
    "</title></desc><script>alert(1)</script>",
    "$x_{2}$ and $\\frac{1}{2}$ and $$",
    "-- > ]]> & &amp; \" '",
    "\u202eevil\u202c \u2067back",
    "\x1b[31mred\x07\x00",
    "\ufffe\uffff \U0001f600 漢字",
    "long-" * 400,
)


def window(start, value, confidence="ok", length=12.0):
    return StressWindow(
        start=start, end=start + length, value=value, confidence="none" if value is None else confidence
    )


def curve(*values, **more):
    windows = tuple(window(10.0 * i, value) for i, value in enumerate(values))
    baseline = StressBaseline(source="call", voiced_seconds=34.5, features={"f0_hz": 181.6})
    return StressCurve(windows=windows, baseline=baseline, **more)


def call(stress=None, *, name="c1", language="en", dialogue=None, **metadata):
    turns = (Turn(speaker="agent", text="hello", party="A", start=1.0, end=4.0),)
    return CallAnalysis(
        call_id=name,
        path=f"{name}.wav",
        provenance=Provenance(
            speechqa="0.1.0", rubric="service@1", rubric_digest="d", settings_digest="s", model_digest=None,
            profile="eu", run_id="r", created_at="2026-01-01",
        ),
        metadata=CallMetadata(**metadata),
        recording=Recording(path="c1.wav", sha256="0" * 64, duration=120.0, sample_rate=8000, channels=2),
        transcript=Transcript(language=language, engine="imported", turns=turns),
        roles={
            "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
            "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
        },
        dialogue=dialogue or talk(),
        stress={"customer": curve(0.1, 0.4, 1.9)} if stress is None else stress,
    )  # fmt: skip


def talk(*overlaps, **more):
    speech = {"A": (Segment(1.0, 20.0),), "B": (Segment(21.0, 60.0), Segment(70.0, 110.0))}
    return Dialogue(basis="audio", speech=speech, overlaps=overlaps, **more)


def overlap(kind, start, by="A"):
    other = "B" if by == "A" else "A"
    return Overlap(start=start, end=start + 1, kind=kind, by=by, of=other, by_party=by, of_party=other)


def busy(**more):
    """Everything at once: more than a page has room for."""
    because = tuple(text.format(4.1) for text in CAUSES.values())
    episodes = tuple(
        StressEpisode(start=9.0 * i, peak=9.0 * i + 4, end=9.0 * i + 7, peak_value=3.0 + i, because=because)
        for i in range(12)
    )
    before = (SpokenTurn(turn=1, speaker="agent", start=9.0, end=12.0, quote="that is the policy " * 9),)
    changes = tuple(
        StressChange(
            kind="rise" if i % 2 else "fall", at=12.0 * i + 5, start=12.0 * i, end=12.0 * i + 9,
            from_at=1.0, to_at=2.0, from_value=0.0 if i % 2 else 4.0,
            to_value=4.0 if i % 2 else 0.0, uncertainty=0.5, before=before,
        )
        for i in range(8)
    )  # fmt: skip
    summary = StressSummary(
        windows=9, peak=14.0, peak_at=99.0, mean=3.0, raised_share=0.3, first=0.1, last=4.0, change=3.9,
        uncertainty=0.4, ended="more aroused",
    )  # fmt: skip
    values = (0.1, -3.0, None, 4.2, 14.0, None, 2.0, 1.0, 0.2)
    windows = [window(12.0 * i, value, "low" if i % 3 else "ok") for i, value in enumerate(values)]
    full = replace(curve(), windows=tuple(windows), episodes=episodes, changes=changes, summary=summary)
    overlaps = [overlap(KINDS[i % 5], 1.1 * i, "AB"[i % 2]) for i in range(100)]
    cuts = (CutOff(time=44.0, by="agent", of="customer", by_party="A", of_party="B"),)
    silences = (Silence(start=60.0, end=64.0), Silence(start=64.0, end=70.0), Silence(start=110.0, end=118.0))
    dialogue = talk(
        *overlaps, cut_offs=cuts, silences=silences, dead_air=silences[1:2],
        holds=(Hold(start=109.0, end=119.0, kind="told"),), interruptions={"agent": 20, "customer": 21},
    )  # fmt: skip
    agents = curve(0.2, 0.3, 0.1, 1.2)
    return call({"customer": full, "agent": agents}, dialogue=dialogue, **more)


def figure_of(scene):
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matplotlib.rcParams.update(SETTINGS)
        figure = drawn(scene)
        FigureCanvasAgg(figure).draw()
    return figure


def words_in(figure):
    return [text for axes in figure.axes for text in axes.texts if text.get_text().strip()]


def svg_of(analysis, **more):
    text = call_picture(analysis, "svg", **more).decode()
    return text, ElementTree.fromstring(text)


def local(element):
    return element.tag.rpartition("}")[2]


def test_a_png_is_wide_enough_and_carries_its_words():
    picture = Image.open(io.BytesIO(call_picture(call(), "png")))
    assert picture.format == "PNG"
    assert picture.width == 1800
    assert picture.text["Title"] == "Call c1"
    assert "no part of any score" in picture.text["Description"]
    assert set(picture.text) == {"Title", "Description"}


def test_an_svg_has_a_title_a_description_and_nothing_that_runs_or_is_fetched():
    text, root = svg_of(busy())
    assert root.attrib["role"] == "img"
    assert [local(child) for child in root][:2] == ["title", "desc"]
    assert root[0].text == "Call c1"
    assert "arousal, not emotion" in root[1].text
    assert "customer's arousal raised 0:00 to 0:07, peak +3.0 at 0:04: pitch +4.1 semitones" in root[1].text
    assert {local(e) for e in root.iter()} & {"script", "image", "foreignObject", "a", "text"} == set()
    links = [v for e in root.iter() for k, v in e.attrib.items() if k.rpartition("}")[2] == "href"]
    assert all(link.startswith("#") for link in links)
    assert "<!DOCTYPE" not in text


@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_call_gives_the_same_bytes_whatever_a_user_has_set(form, tmp_path, monkeypatch):
    first = call_picture(busy(), form)
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "none", "axes.facecolor": "red"}):
        assert call_picture(busy(), form) == first
        assert matplotlib.rcParams["font.size"] == 30


def test_the_same_call_gives_the_same_bytes_in_another_process(tmp_path):
    code = (
        "import sys; from tests.unit.reports.test_arousal_picture import busy, call_picture\n"
        "sys.stdout.buffer.write(call_picture(busy(), 'svg'))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    assert made.stdout == call_picture(busy(), "svg")


def test_the_module_loads_no_matplotlib_until_it_draws():
    code = "import sys, speechqa.reports.arousal_picture; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_what_comes_from_outside_is_shown_and_not_obeyed(text, capfd):
    change = StressChange(
        kind="rise", at=5.0, start=4.0, end=6.0, from_at=1.0, to_at=2.0,
        from_value=0.0, to_value=3.0, uncertainty=0.1,
        before=(SpokenTurn(turn=0, speaker=text, start=1.0, end=2.0, quote=text),),
    )  # fmt: skip
    episode = StressEpisode(start=1.0, peak=2.0, end=3.0, peak_value=3.0, because=(text,))
    hostile = call(
        {"customer": curve(0.1, 3.2, episodes=(episode,), changes=(change,))},
        name=text, agent_name=text, started_at=text,
        dialogue=Dialogue(basis="audio", speech={text: (Segment(0.0, 5.0),)}),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg, root = svg_of(hostile)
        assert call_picture(hostile, "png")
    assert "script" not in {local(e) for e in root.iter()}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", svg)
    assert len(root[0].text) < 100
    shown = printable(text).translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})
    assert root[0].text.startswith(f"Call {shown[:50]}")
    assert capfd.readouterr() == ("", "")


def test_a_value_stands_at_the_middle_of_its_stretch_and_no_value_is_drawn_as_nought():
    windows = (window(0.0, 1.0), window(10.0, None), window(20.0, 2.0), window(30.0, 2.5, "low"))
    scene = call_scene(call({"customer": replace(curve(), windows=windows)}))
    (line,) = scene.lines
    assert [(p.time, p.value, p.sure, p.joined) for p in line.points] == [
        (6.0, 1.0, True, False), (26.0, 2.0, True, False), (36.0, 2.5, False, True),
    ]  # fmt: skip
    assert line.valueless == (Segment(12.0, 20.0),)
    curves = [c for c in figure_of(scene).axes[1].collections if isinstance(c, LineCollection)]
    drawn_lines = [line.tolist() for c in curves for line in c.get_segments() if c.get_linewidths()[0] < 2.1]
    assert [[26.0, 2.0], [36.0, 2.5]] in drawn_lines
    assert not any([6.0, 1.0] in line for line in drawn_lines)


def test_a_line_does_not_run_across_time_that_no_window_covers():
    windows = (window(0.0, 1.0), window(100.0, 1.0))
    (line,) = call_scene(call({"customer": replace(curve(), windows=windows)})).lines
    assert [point.joined for point in line.points] == [False, False]


@pytest.mark.parametrize("values", [(), (None, None)])
def test_a_curve_without_values_says_why_in_the_picture(values):
    scene = call_scene(call({"customer": curve(*values, reason=REASON)}))
    figure = figure_of(scene)
    assert REASON in " ".join(t.get_text().replace("\n", " ") for t in words_in(figure))
    assert REASON in scene.description
    assert "no episode of raised arousal" not in scene.description.lower()


def test_a_call_without_a_curve_or_turns_is_drawn_with_what_is_missing():
    nothing = replace(
        call({}, dialogue=Dialogue(basis="none")),
        recording=None,
        transcript=Transcript(language=None, engine="none"),
    )
    scene = call_scene(nothing)
    assert "no curve of the customer" in scene.description
    said = [text.get_text() for text in words_in(figure_of(scene))]
    assert ENGLISH.no_turns in said
    for axes in figure_of(scene).axes[1:]:
        assert not [label.get_text() for label in axes.get_xticklabels()], "no times are known"


def test_turns_of_a_transcript_stand_in_where_nobody_listened():
    scene = call_scene(call({}, dialogue=Dialogue(basis="none")))
    assert [(lane.name, lane.speech) for lane in scene.lanes] == [("agent", (Segment(1.0, 4.0),))]


def test_the_agents_curve_is_drawn_only_where_the_document_has_it():
    assert [line.role for line in call_scene(call()).lines] == ["customer"]
    both = call({"agent": curve(0.1, 0.2), "customer": curve(0.1, 0.2)})
    assert [line.role for line in call_scene(both).lines] == ["customer", "agent"]


def test_classes_of_overlap_differ_in_shape_and_not_by_colour_alone():
    shapes = {kind: (style["marker"], style["color"] == "white") for kind, style in STYLES.items()}
    assert set(KINDS) | {"cut_off"} == set(shapes)
    assert len(set(shapes.values())) == len(shapes)
    sizes = {kind: style["markersize"] for kind, style in STYLES.items()}
    assert sizes["interruption"] == max(sizes.values())


def test_marks_stand_with_the_party_that_comes_in():
    scene = call_scene(call(dialogue=talk(overlap("interruption", 30.0, "A"), overlap("terminal", 5.0, "B"))))
    agent, customer = scene.lanes
    assert [(mark.kind, mark.time) for mark in agent.marks] == [("interruption", 30.0)]
    assert [(mark.kind, mark.time) for mark in customer.marks] == [("terminal", 5.0)]


def test_a_silence_within_a_hold_is_the_hold():
    waits = call_scene(busy()).waits
    assert [(wait.kind, wait.start) for wait in waits] == [
        ("silence", 60.0),
        ("dead_air", 64.0),
        ("hold", 109.0),
    ]


def test_the_text_tells_baseline_episodes_rises_and_how_it_ended():
    scene = call_scene(busy())
    assert (
        scene.levels[0]
        == "Calm level of the customer: from this recording itself, 34.5 s voiced, pitch 182 Hz"
    )
    told = "\n".join(scene.told)
    assert "4 more are in the call's document." in told
    assert (
        "b  rise of the customer's arousal at 0:17 (0:12 to 0:21), +0.0 to +4.0; before it the agent at 0:09"
        in told
    )
    assert "ended more aroused than they began, +0.1 to +4.0." in told
    assert "Interruptions: agent 20, customer 21." in told


def test_what_a_curve_cannot_show_is_told():
    view = AbsoluteView(flagged=True, reason="pitch 290 Hz is high.", confidence="low")
    by_model = curve(0.1, 0.2, absolute=view, measured_by="model arousal.onnx 12ab")
    scene = call_scene(call({"customer": by_model}))
    assert "The customer is perhaps agitated from the first word" in scene.description
    assert "pitch 290 Hz is high." in scene.description
    assert scene.levels[0].endswith("measured by model arousal.onnx 12ab")
    assert ENGLISH.not_because in call_scene(busy()).told
    unsure = replace(by_model, absolute=replace(view, flagged=None, confidence="none"))
    assert "agitated" not in call_scene(call({"customer": unsure})).description


def test_thresholds_drawn_are_those_of_the_document():
    other = StressThresholds(raised=1.0, begins=4.0, ends=2.0)
    two = {"customer": curve(0.1, 0.2, thresholds=other), "agent": curve(0.1, thresholds=other)}
    assert call_scene(call(two)).thresholds == (4.0, 2.0)
    two["agent"] = curve(0.1, thresholds=replace(other, ends=1.0))
    assert call_scene(call(two)).thresholds is None
    unsaid = call_scene(call({"customer": curve(0.1)}))
    assert unsaid.thresholds is None
    figure_of(unsaid)


@pytest.mark.parametrize("language", ["en", "he"])
@pytest.mark.parametrize("analysis", [busy(), call(), call({"customer": curve(reason=REASON)})])
def test_no_words_are_cut_off_and_none_lie_on_others(analysis, language):
    figure = figure_of(call_scene(analysis, language=language))
    renderer = figure.canvas.get_renderer()
    around = [text.get_window_extent(renderer) for text in words_in(figure)]
    labels = [
        label for axes in figure.axes[1:] for label in (*axes.get_xticklabels(), *axes.get_yticklabels())
    ]
    labels = [label for label in labels if label.get_text()]
    boxes = around + [label.get_window_extent(renderer) for label in labels]
    page = figure.bbox
    assert all(page.x0 <= b.x0 and b.x1 <= page.x1 and page.y0 <= b.y0 and b.y1 <= page.y1 for b in boxes)
    written = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    gutter = [t.get_window_extent(renderer) for t in figure.axes[1].texts if t.get_position()[0] == 1.008]
    for boxes in (written, gutter):
        for one, other in combinations(boxes, 2):
            common = (
                min(one.x1, other.x1) - max(one.x0, other.x0),
                min(one.y1, other.y1) - max(one.y0, other.y0),
            )
            assert min(common) < 4, "letters may touch by a descender, never lie on each other"
    small = [t.get_fontsize() for t in (*words_in(figure), *labels)]
    assert min(small) >= 9, "a picture shrunk to 1200 pixels still has letters of 12 pixels"


def test_the_documents_language_decides():
    hebrew = call(language="he", name="שיחה-7")
    assert call_scene(hebrew).words is HEBREW
    assert call_scene(call(language="he-IL")).words is HEBREW
    assert call_scene(call(language="fr")).words is ENGLISH
    assert call_scene(hebrew, language="en").words is ENGLISH
    assert [lane.name for lane in call_scene(hebrew).lanes] == ["נציג", "לקוח"]
    _, root = svg_of(hebrew)
    assert root[0].text == "שיחה שיחה-7"


def test_every_cause_that_is_told_has_its_hebrew():
    for text in CAUSES.values():
        said = causes([text.format(4.1)], HEBREW)
        assert "baseline" not in said
        assert "4.1" in said or "+4" in said
    assert causes(["something new"], HEBREW) == "something new"


def test_one_speakers_recording_is_drawn_with_its_own_speech():
    scene = voice_scene(
        "a.wav", curve(0.2, 3.0), speech=(Segment(0.0, 9.0), Segment(9.0, 12.0)), duration=30.0
    )
    assert scene.heading == "Voice in a.wav"
    assert scene.end_s == 30.0
    assert scene.lanes[0].speech == (Segment(0.0, 12.0),)
    assert voice_picture("a.wav", curve(0.2), "png")[:4] == b"\x89PNG"
