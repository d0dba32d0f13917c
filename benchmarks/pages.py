"""How long pages take to open, how big they are, and how fast the table of calls answers.

    python -m benchmarks.pages

Two pages of invented calls are written and opened in the machine's chromium, each run in a window of its own:
a call of one hour with every word timed, and a batch of 2,000 calls. Opening is from the start of navigation
to the end of its load event, all scripts run; an answer is from the change of a filter until the lines stand
and are laid out. The middle of the runs and the longest of them are told.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.big_store import Maker
from speechqa.core.analysis import CallAnalysis, ListenTo
from speechqa.core.dialogue import Dialogue, Overlap, RoleAssignment
from speechqa.core.playback import Outline, Playback, Track
from speechqa.core.recording import Recording
from speechqa.core.segment import Segment
from speechqa.core.stress import StressCurve, StressWindow
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.reports.pages.batch import batch_html
from speechqa.reports.pages.call import call_html
from speechqa.reports.view.batch import batch_page
from speechqa.reports.view.batch_facts import BatchFacts
from speechqa.reports.view.call import call_page
from speechqa.scoring.batch import count_batch
from speechqa.store.projection import summary_of
from tests.support.browser import Opener, running, watched

HOUR = 3600.0
CALLS = 2_000
STEP_S = 0.1
FILTERS = {
    "search": ("#f-q", "agent 1"),
    "agent": ("#f-agent", "a017"),
    "verdict of a criterion": ("#f-verdict", "f"),
    "nothing found": ("#f-q", "nobody says this"),
}
SORTS = ("call", "agent", "courtesy", "listen")
ANSWER = """([selector, value]) => {
  const field = document.querySelector(selector);
  const began = performance.now();
  field.value = value;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  document.getElementById("rows").getBoundingClientRect();
  return performance.now() - began;
}"""
SORT = """(column) => {
  const button = document.querySelector(`th[data-sort=${column}] button`);
  const began = performance.now();
  button.click();
  document.getElementById("rows").getBoundingClientRect();
  return performance.now() - began;
}"""
OPENED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"


def hour_long(calls: Maker) -> CallAnalysis:
    """A call of one hour: short calls one after the other, each word with its time and how sure it is."""
    dice = random.Random(1)
    turns: list[Turn] = []
    number, now = 0, 0.0
    while now < HOUR - 30:
        one = calls.call(number)
        number += 1
        for turn in one.transcript.turns if one.transcript else ():
            words = turn.text.split()
            step = 0.36
            if now + step * len(words) + 1 > HOUR:
                break
            said = tuple(
                Word(
                    text=word,
                    start=round(now + step * place, 2),
                    end=round(now + step * (place + 1), 2),
                    confidence=round(dice.uniform(0.3, 1.0), 2),
                )
                for place, word in enumerate(words)
            )
            party = "A" if turn.speaker == "agent" else "B"
            turns.append(
                Turn(
                    speaker=turn.speaker, party=party, text=turn.text, words=said,
                    start=said[0].start, end=said[-1].end,
                )
            )  # fmt: skip
            now += step * len(words) + dice.uniform(0.2, 0.9)
    model = calls.call(0)
    speech = {
        party: tuple(Segment(t.start or 0.0, t.end or 0.0) for t in turns if t.party == party)
        for party in ("A", "B")
    }
    overlaps = tuple(
        Overlap(
            start=t.end - 0.5,
            end=t.end,
            kind="interruption",
            by="agent",
            of="customer",
            by_party="A",
            of_party="B",
        )
        for t in turns[5::20]
        if t.end is not None
    )
    windows = tuple(
        StressWindow(start=at, end=at + 5.0, value=dice.gauss(0, 1), confidence="ok")
        for at in range(0, int(HOUR) - 5, 5)
    )
    return CallAnalysis(
        call_id="one-hour",
        path="/calls/one-hour.wav",
        provenance=model.provenance,
        metadata=model.metadata,
        duration=HOUR,
        recording=Recording(
            path="/calls/one-hour.wav", sha256="0" * 64, duration=HOUR, sample_rate=8000, channels=2
        ),
        transcript=Transcript(language="en", engine="import", mean_confidence=0.8, turns=tuple(turns)),
        roles={
            "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
            "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
        },
        dialogue=Dialogue(
            basis="audio", speech=speech, overlaps=overlaps, interruptions={"agent": len(overlaps)}
        ),
        stress={"customer": StressCurve(windows=windows)},
        findings=model.findings,
        signals=model.signals,
        scores=model.scores,
        listen_to=(ListenTo(reason="The customer gives a sign of leaving", weight=85, start=60.0),),
    )


def call_file(folder: Path) -> Path:
    """The page of the long call, its sound beside it."""
    dice = random.Random(2)
    peaks = bytes(dice.randrange(256) for _ in range(int(HOUR / STEP_S)))
    heard = Playback(
        tracks=tuple(
            Track(heard=who, source=f"{who}.webm", media_type="audio/webm; codecs=opus")
            for who in ("both", "agent", "customer")
        ),
        outlines={party: Outline(step_s=STEP_S, peaks=peaks) for party in ("A", "B")},
    )
    path = folder / "call.html"
    path.write_text(call_html(call_page(hour_long(Maker()), playback=heard)), encoding="utf-8")
    return path


def batch_file(folder: Path) -> Path:
    """The page of 2,000 calls."""
    calls = Maker()
    counted = count_batch((summary_of(calls.call(number)) for number in range(CALLS)), minimum_calls=5)
    facts = BatchFacts(figures=counted.figures, held=counted.held, minimum_calls=5, with_drafts=False)
    path = folder / "batch.html"
    path.write_text(batch_html(batch_page(facts)), encoding="utf-8")
    return path


def opening(browser: Browser, path: Path, runs: int) -> list[float]:
    """Milliseconds until the page is loaded, each time in a window of its own."""
    found = []
    for _ in range(runs + 1):
        opener = Opener(browser)
        page = opener(path)
        found.append(float(page.evaluate(OPENED)))
        opener.close()
    return found[1:]  # the first one starts the browser's own parts


def answers(page: Page, runs: int) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds that filters and sorts take."""
    for name, given in FILTERS.items():
        found = []
        for _ in range(runs):
            found.append(float(page.evaluate(ANSWER, list(given))))
            page.evaluate(ANSWER, [given[0], ""])
        yield f"filter: {name}", found
    for column in SORTS:
        yield f"sort: {column}", [float(page.evaluate(SORT, column)) for _ in range(runs)]


def main() -> None:
    """Write, open and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    pages: dict[str, Callable[[Path], Path]] = {"call of one hour": call_file, "2,000 calls": batch_file}
    with tempfile.TemporaryDirectory() as folder, running() as browser:
        for name, make in pages.items():
            path = make(Path(folder))
            told(f"open: {name} ({path.stat().st_size / 1e6:.2f} MB)", opening(browser, path, runs))
        opener = Opener(browser)
        page = opener(path)
        for name, found in answers(page, runs):
            told(name, found)
        if watched(page).troubles:
            raise SystemExit(str(watched(page).troubles))
        opener.close()


def told(name: str, found: list[float]) -> None:
    """One line: the middle and the longest, in milliseconds."""
    print(f"{name}: {statistics.median(found):.0f} ms, at most {max(found):.0f}")


if __name__ == "__main__":
    main()
