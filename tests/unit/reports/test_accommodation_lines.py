"""Speaking alike in words: a sentence for what is clear, none for what is not, a reason for the rest."""

from __future__ import annotations

from io import StringIO

from msgspec.structs import replace
from rich.console import Console

from speechqa.assembly import score_transcripts
from speechqa.config import Settings
from speechqa.core.accommodation import Accommodation, AccommodationFigure, AfterFalls, FeatureAccommodation
from speechqa.core.analysis import CallAnalysis
from speechqa.reports.accommodation import accommodation_lines
from speechqa.reports.terminal import scorecard
from speechqa.reports.view.call import call_page

UNCLEAR = AccommodationFigure(value=0.1, low=-0.3, high=0.5, n=21, p=0.6)


def clear(value: float) -> AccommodationFigure:
    return AccommodationFigure(value=value, low=value - 0.2, high=value + 0.2, n=21, p=0.001, clear=True)


def feature(**changed) -> FeatureAccommodation:
    given = {"proximity": UNCLEAR, "convergence": UNCLEAR, "synchrony": UNCLEAR, **changed}
    return FeatureAccommodation(unit="semitones", exchanges=21, **given)


def lines(**features: FeatureAccommodation) -> dict[str, str]:
    return dict(accommodation_lines(Accommodation(features=features)))


def test_what_is_not_clear_is_no_finding():
    assert lines(f0=feature()) == {"speaking alike, pitch": "no clear accommodation (21 exchanges)"}


def test_signs_are_told_apart():
    up = lines(f0=feature(proximity=clear(0.8), convergence=clear(0.5), synchrony=clear(0.5)))
    down = lines(f0=feature(proximity=clear(0.2), convergence=clear(-0.5), synchrony=clear(-0.5)))
    for text, words in (
        (up, ("closer to the one before", "come closer", "together")),
        (down, ("farther from the one before", "drift apart", "against each other")),
    ):
        assert all(word in text["speaking alike, pitch"] for word in words)
        assert "no part of any score" in text["speaking alike, pitch"]


def test_who_follows_whom_is_named():
    falls = AfterFalls(
        falls=8,
        fell_too=7,
        others=6,
        fell_otherwise=1,
        mean_change=-1.0,
        mean_change_otherwise=0.8,
        difference=clear(-1.6),
    )
    text = lines(f0=feature(follows={"customer": clear(0.7), "agent": UNCLEAR}, after_falls={"agent": falls}))
    assert "the customer's answer goes along with the agent's turn" in text["speaking alike, pitch"]
    assert "after the agent's falls the customer speaks 1.6 semitones lower" in text["speaking alike, pitch"]
    assert "in 7 of 8" in text["speaking alike, pitch"]
    assert "the agent's answer" not in text["speaking alike, pitch"]


def test_features_with_one_reason_share_a_line():
    none = AccommodationFigure(value=None, reason="9 exchanges, needs 10")
    short = feature(proximity=none, convergence=none, synchrony=none, reason="9 exchanges, needs 10")
    assert lines(f0=short, level=short) == {
        "speaking alike, pitch and level": "not assessed: 9 exchanges, needs 10"
    }
    assert list(accommodation_lines(Accommodation(reason="one channel"))) == [
        ("speaking alike", "not assessed: one channel")
    ]


def test_terminal_and_page_say_the_same(tmp_path):
    path = tmp_path / "call.json"
    path.write_text('{"id": "c", "turns": [{"speaker": "agent", "text": "hello", "start": 0, "end": 1}]}')
    (call,) = score_transcripts([str(path)], settings=Settings(engine="none"))
    assert isinstance(call, CallAnalysis)
    told = replace(call, accommodation=Accommodation(features={"f0": feature()}))
    console = Console(file=StringIO(), width=200)
    console.print(scorecard(told))
    printed = console.file.getvalue()
    assert "speaking alike, pitch: no clear accommodation (21 exchanges)" in printed
    assert ("speaking alike, pitch", "no clear accommodation (21 exchanges)") in call_page(told).measures
    assert not any("alike" in name for name, _ in call_page(call).measures)
