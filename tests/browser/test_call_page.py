"""The call page as its readers use it: heard, sought in, followed, searched, by mouse and by keys."""

from __future__ import annotations

import re

import numpy as np
import pypdfium2 as pdfium
import pytest
import soundfile
from msgspec.structs import replace

from speechqa.core.dialogue import Dialogue, Overlap, RoleAssignment
from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.playback import Outline, Playback, Track
from speechqa.core.segment import Segment
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.reports.language import language
from speechqa.reports.pages.call import call_html
from speechqa.reports.view.call import call_page
from tests.support.browser import assert_clean, violations
from tests.support.stores import call

SECONDS = 40
TURNS = (
    ("agent", "good morning how can I help", 1.0, 4.0),
    ("customer", "my card was swallowed by the machine", 5.0, 9.0),
    ("agent", "a new card will come by Tuesday", 10.0, 14.0),
    ("customer", "thank you שלום לך", 20.0, 23.0),
    ("agent", "thank you goodbye", 30.0, 33.0),
)


def _turn(speaker, text, start, end):
    parts = text.split()
    step = (end - start) / len(parts)
    words = tuple(
        Word(
            text=part, start=round(start + i * step, 2), end=round(start + (i + 1) * step, 2), confidence=0.9
        )
        for i, part in enumerate(parts)
    )
    party = "A" if speaker == "agent" else "B"
    return Turn(speaker=speaker, party=party, text=text, start=start, end=end, words=words)


def document():
    """A call of 40 s with five turns, an interruption and two findings."""
    turns = tuple(_turn(*turn) for turn in TURNS)
    evidence = {
        "thanks": Evidence(speaker="agent", quote="thank you goodbye", start=30.0, end=33.0),
        "needs_clarification": Evidence(speaker="customer", quote=TURNS[1][1], start=5.0, end=9.0),
    }
    findings = tuple(
        Finding(
            criterion=name, category="courtesy", verdict=verdict, detector="d/1", reason="It was said",
            earned=earned, possible=5, evidence=(evidence[name],),
        )
        for name, verdict, earned in (("needs_clarification", Verdict.FAIL, 0), ("thanks", Verdict.PASS, 5))
    )  # fmt: skip
    speech = {
        party: tuple(Segment(t.start, t.end) for t in turns if t.party == party) for party in ("A", "B")
    }
    overlap = Overlap(
        start=9.0, end=9.4, kind="interruption", by="agent", of="customer", by_party="A", of_party="B"
    )
    return call(
        "c1",
        duration=float(SECONDS),
        transcript=Transcript(language="en", engine="e", turns=turns),
        roles={
            "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
            "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
        },
        dialogue=Dialogue(basis="audio", speech=speech, overlaps=(overlap,), interruptions={"agent": 1}),
        findings=findings,
    )


@pytest.fixture(scope="module")
def sounds(tmp_path_factory):
    """A folder with a track for both parties and each alone."""
    folder = tmp_path_factory.mktemp("sounds")
    noise = np.random.default_rng(1).normal(0, 0.05, 8000 * SECONDS)
    for name in ("both", "agent", "customer"):
        soundfile.write(folder / f"{name}.wav", noise, 8000)
    return folder


def _page(opened, folder, *, heard=("both", "agent", "customer"), code="en", **window):
    tracks = tuple(Track(heard=name, source=f"{name}.wav", media_type="audio/wav") for name in heard)
    outline = Outline(step_s=0.1, peaks=bytes(range(200)) + bytes(200))
    playback = Playback(tracks=tracks, outlines={"A": outline, "B": outline} if tracks else {})
    path = folder / f"page-{len(heard)}-{code}.html"
    path.write_text(call_html(call_page(document(), playback=playback, language=language(code))), "utf-8")
    return opened(path, **window)


def _at(page):
    return page.evaluate("() => document.getElementById('sound').currentTime")


def _ready(page):
    page.wait_for_function("() => document.getElementById('sound').readyState >= 1")
    return page


def _slowly(page):
    """A sixteenth as fast, so that hardly any sound goes by until it is asked where it plays."""
    page.evaluate("() => { document.getElementById('sound').playbackRate = 0.0625; }")
    return page


def test_it_plays_pauses_and_says_so(opened, sounds):
    page = _ready(_page(opened, sounds))
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.getElementById('sound').currentTime > 0.2")
    page.get_by_role("button", name="Pause", exact=True).click()
    assert page.evaluate("() => document.getElementById('sound').paused")
    assert re.match(r"0:\d\d / 0:40", page.locator("#time").inner_text())
    assert_clean(page)


def test_a_click_on_a_turn_a_quote_a_word_or_the_picture_is_heard_from_there(opened, sounds):
    page = _slowly(_ready(_page(opened, sounds)))
    page.locator("#turn-4 .hear").click()
    assert 20.0 <= _at(page) < 21.0
    page.locator("#needs_clarification .hear").first.click()
    assert 5.0 <= _at(page) < 6.0
    page.locator("#turn-3 .said", has_text="Tuesday").click()
    assert 13.0 <= _at(page) < 14.5
    page.locator(".sign.interruption[data-t]").click()
    assert 9.0 <= _at(page) < 10.0
    page.keyboard.press(" ")
    box = page.locator("#track").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.625, box["y"] + box["height"] - 5)
    assert abs(_at(page) - 25.0) < 0.3
    assert_clean(page)


def test_a_mark_opens_its_finding(opened, sounds):
    page = _ready(_page(opened, sounds))
    page.locator(".mark.fail").first.click()
    assert page.url.endswith("#needs_clarification")
    assert page.evaluate("() => document.querySelector(':target').id") == "needs_clarification"


def test_the_transcript_follows_the_sound(opened, sounds):
    page = _ready(_page(opened, sounds))
    page.evaluate("() => { document.getElementById('sound').currentTime = 11.9; }")
    page.wait_for_function("() => document.querySelector('#turn-3.now')")
    assert page.locator("li.now").count() == 1
    assert page.locator("#turn-3").get_attribute("aria-current") == "true"
    assert page.locator(".said.now").inner_text() == "will"
    left = page.evaluate("() => document.getElementById('playhead').style.left")
    assert float(left.rstrip("%")) == pytest.approx(100 * 11.9 / SECONDS, abs=0.5)


def test_one_party_alone_is_heard_from_the_same_place(opened, sounds):
    page = _ready(_page(opened, sounds))
    page.locator("#turn-3 .hear").click()
    page.get_by_role("radio", name="customer").check()
    page.wait_for_function("() => document.getElementById('sound').currentTime >= 10")
    assert page.evaluate("() => document.getElementById('sound').src").endswith("customer.wav")
    assert _at(page) < 12.0
    assert not page.evaluate("() => document.getElementById('sound').paused")


def test_a_click_while_another_track_loads_counts(opened, sounds):
    page = _ready(_page(opened, sounds))
    page.locator("#turn-2 .hear").click()
    page.evaluate(
        "() => { document.querySelector('input[value=agent]').click();"
        " document.querySelector('#turn-4 .hear').click(); }"
    )
    page.wait_for_function("() => document.getElementById('sound').currentTime >= 20")
    assert _at(page) < 22.0
    assert page.locator("#turn-4.now").count() == 1
    assert not page.evaluate("() => document.getElementById('sound').paused")


def test_on_paper_nothing_is_folded_away_and_it_is_dark_ink_on_white(opened, sounds):
    page = _page(opened, sounds, dark=True)
    assert not page.get_by_text("agent over customer").first.is_visible()
    paper = pdfium.PdfDocument(page.pdf(format="A4"))
    told = "\n".join(one.get_textpage().get_text_range() for one in paper)
    assert "agent over customer" in told
    assert paper[0].render(scale=0.2).to_numpy()[0, 0].min() > 250
    assert not page.locator("details").first.evaluate("box => box.open")


def test_on_one_channel_the_others_turns_are_leapt_over(opened, sounds):
    page = _ready(_page(opened, sounds, heard=("both",)))
    page.get_by_role("radio", name="customer").check()
    page.keyboard.press("Escape")
    page.locator("#turn-3 .hear").click()
    page.wait_for_function("() => document.getElementById('sound').currentTime >= 20")
    assert _at(page) < 22.0


def test_keys(opened, sounds):
    page = _slowly(_ready(_page(opened, sounds)))
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    assert _at(page) == pytest.approx(5.0, abs=0.1)
    page.keyboard.press("j")
    assert _at(page) == pytest.approx(10.0, abs=0.4)
    page.keyboard.press("n")
    assert _at(page) == pytest.approx(30.0, abs=0.4)
    page.keyboard.press("p")
    assert _at(page) == pytest.approx(5.0, abs=0.4)
    page.keyboard.press(" ")
    assert page.evaluate("() => document.getElementById('sound').paused")
    page.keyboard.press("2")
    assert page.get_by_role("radio", name="agent").is_checked()
    page.keyboard.press("+")
    width = page.evaluate("() => document.getElementById('track').clientWidth")
    assert width == pytest.approx(
        2 * page.evaluate("() => document.getElementById('scroller').clientWidth"), abs=2
    )
    page.keyboard.press("0")
    page.keyboard.press("f")
    assert not page.locator("#follow").is_checked()
    page.keyboard.press("/")
    page.keyboard.type("f")
    assert page.locator("#find").input_value() == "f"
    assert not page.locator("#follow").is_checked(), "what is typed is no key"
    assert_clean(page)


def test_words_are_found(opened, sounds):
    page = _page(opened, sounds)
    page.locator("#find").fill("THANK")
    assert page.locator("li.hit").count() == 2
    assert page.locator("#found").inner_text() == "1 of 2"
    page.keyboard.press("Enter")
    assert page.locator("li.here").get_attribute("id") == "turn-5"
    page.locator("#find").fill("nobody said this")
    assert page.locator("#found").inner_text() == "not found"
    page.locator("#find").fill("שלום")
    assert page.locator("li.hit").get_attribute("id") == "turn-4"


def test_a_link_leads_to_its_second(opened, sounds):
    page = _page(opened, sounds)
    page.goto(page.url.split("#")[0] + "#t=20.5")
    page.reload()
    _ready(page)
    assert page.locator("#turn-4.now").count() == 1
    assert _at(page) == pytest.approx(20.5, abs=0.1)


def test_without_sound_it_says_why_and_still_leads_to_words(opened, sounds, tmp_path):
    page_values = call_page(document(), playback=Playback(missing="The recording is no longer there"))
    path = tmp_path / "silent.html"
    path.write_text(call_html(page_values), "utf-8")
    page = opened(path)
    assert page.get_by_text("The recording is no longer there").is_visible()
    assert page.locator("#play").count() == 0
    assert not page.locator("#follow").is_visible(), "there is nothing to follow"
    page.locator("#thanks .hear").first.click()
    assert page.locator("#turn-5.now").count() == 1
    assert_clean(page)


def test_no_stack_of_accents_stands_in_another_verdict(opened, tmp_path):
    def shown(text, name):
        known = document()
        said = tuple(replace(one, quote=text) for one in known.findings[1].evidence)
        changed = replace(known, findings=(known.findings[0], replace(known.findings[1], evidence=said)))
        path = tmp_path / name
        path.write_text(call_html(call_page(changed)), "utf-8")
        return opened(path).locator("#needs_clarification").screenshot()

    assert shown("e" + "\u0301" * 500, "tall.html") == shown("e", "plain.html")


def test_a_file_of_sound_that_is_gone_is_told(opened, sounds, tmp_path):
    page = _page(opened, tmp_path)
    page.wait_for_function("() => document.getElementById('trouble').textContent")
    assert "must lie beside this page" in page.locator("#trouble").inner_text()


@pytest.mark.parametrize("width", [390, 900, 1440])
def test_a_hebrew_page_runs_right_to_left_and_time_left_to_right(opened, sounds, width, pictured):
    page = _ready(_page(opened, sounds, code="he", width=width))
    assert page.evaluate("() => getComputedStyle(document.body).direction") == "rtl"
    first, second = (page.locator(f".axis text >> nth={place}").bounding_box()["x"] for place in (0, 1))
    assert first < second
    english = page.locator("#turn-1 p")
    assert english.evaluate("element => getComputedStyle(element).direction") == "ltr"
    when, text = page.locator("#turn-1 .hear").bounding_box(), english.bounding_box()
    if width > 640:
        assert when["x"] > text["x"], "times stand at the right"
    assert violations(page) == []
    assert_clean(page)
    pictured(page, f"call-he-{width}")
