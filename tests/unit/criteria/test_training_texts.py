"""What the models of the second reading learn from can be read, and its marks are known."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import marked_lines as lines
from benchmarks.marked_calls import marked_calls
from benchmarks.marked_lines import marked_lines
from speechqa.criteria.shipped_model import ShippedModel
from speechqa.criteria.signal_readings import SIGNALS, whole
from speechqa.criteria.turn_features import DIGEST
from speechqa.criteria.turn_reader import FILE, ReaderCard


def test_every_mark_of_an_exchange_is_learnt_for_the_party_that_speaks() -> None:
    card = ShippedModel(FILE, ReaderCard, what="model of turn meanings", features=DIGEST).card
    known = {"agent": set(card.agent), "customer": set(card.customer)}
    for told in marked_lines():
        speaker = told.transcript.turns[told.turn].speaker
        assert told.marks <= known[speaker], (told.author, told.transcript.turns[told.turn].text)


def test_an_author_s_exchanges_hold_the_marks_and_what_sounds_near_them() -> None:
    by_author: Counter[tuple[str, bool]] = Counter((one.author, bool(one.marks)) for one in marked_lines())
    for author in {name for name, _ in by_author}:
        carried, near = by_author[author, True], by_author[author, False]
        assert 0.35 < carried / (carried + near) < 0.65, author


def test_nobody_wrote_both_exchanges_and_calls() -> None:
    assert not {one.author for one in marked_lines()} & {one.author for one in marked_calls()}


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ("c: i might go\tleaving\nc: bye\t-", "one turn must be in question, 2 are"),
        ("c: i might go", "one turn must be in question, 0 are"),
        ("c: i might go\tgoing", "not looked for"),
    ],
)
def test_an_exchange_that_is_none_is_refused(tmp_path, monkeypatch, block, why) -> None:
    (tmp_path / "en_x.txt").write_text(f"language: en\nmarks: leaving\n\n{block}\n")
    monkeypatch.setattr(lines, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=why):
        list(marked_lines())


def test_no_criterion_is_shown_what_a_whole_call_sounds_like() -> None:
    """A verdict stands on the turns that it is about: who was curt loses no point for a summary."""
    from speechqa.criteria.readings import READINGS

    impressions = {mark for name in SIGNALS for mark in whole(name).values()}
    assert not impressions & {mark for reading in READINGS.values() for mark in reading.marks}
    assert not impressions & {mark for reading in SIGNALS.values() for mark in reading.occasion}
