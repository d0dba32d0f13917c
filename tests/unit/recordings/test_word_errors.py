"""The benchmark of word errors counts what it says."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

_SPEC = importlib.util.spec_from_file_location(
    "wer_benchmark", Path(__file__).parents[3] / "benchmarks" / "wer.py"
)
wer = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(wer)

WORDS = st.lists(st.sampled_from(["yes", "no", "the", "card", "twenty", "well"]), max_size=8).map(" ".join)


def test_counts_by_kind():
    counts = wer.word_error_counts("please send the new card", "please sent new card today")
    assert counts == (5, 1, 1, 1)
    assert counts.rate == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("$34", "thirty four dollars"),
        ("It costs 1,250.", "it costs one thousand two hundred fifty"),
        ("at 9 o'clock", "at nine o'clock"),
        ("3rd-floor", "three rd floor"),
        ("Uh, GOODBYE!", "good bye"),
        ("don’t", "don't"),
        ("429116", "four hundred twenty nine thousand one hundred sixteen"),
        ("4291160", "four two nine one one six zero"),
    ],
)
def test_one_spelling(written, spoken):
    assert wer.normalised(written) == spoken


def test_nothing_said_has_no_rate():
    counts = wer.word_error_counts("", "thank you")
    assert (counts.errors, counts.rate) == (2, None)
    assert wer.word_error_counts("thank you", "").rate == 1.0


@given(WORDS, WORDS)
def test_errors_are_bounded_and_none_for_the_same(said, heard):
    counts = wer.word_error_counts(said, heard)
    assert abs(len(said.split()) - len(heard.split())) <= counts.errors
    assert counts.errors <= max(len(said.split()), len(heard.split()))
    assert wer.word_error_counts(said, said).errors == 0


def test_counts_add():
    first, second = wer.word_error_counts("a b c", "a b"), wer.word_error_counts("d", "e")
    assert first.plus(second) == (4, 1, 1, 0)


SCRIPT = {
    "channels": 2,
    "turns": [
        {"speaker": "agent", "text": "good morning"},
        {"speaker": "customer", "text": "my card is lost"},
    ],
}


def test_parties_are_matched_whatever_they_are_called_and_in_any_order():
    turns = [
        {"speaker": "unknown", "party": "A", "text": "my card is lost"},
        {"speaker": "unknown", "party": "B", "text": "good morning"},
    ]
    found = wer.pairs(SCRIPT, turns)
    assert sum(wer.word_error_counts(*pair).errors for pair in found) == 0
    assert len(found) == 2


def test_without_parties_the_call_is_one_text():
    turns = [{"speaker": "unknown", "text": "good morning my card is lost"}]
    assert wer.pairs(SCRIPT, turns) == [("good morning my card is lost",) * 2]


def test_places_that_differ_are_named():
    assert wer.wrong_words("my card is lost", "my car is lost now") == ["card -> car", "(nothing) -> now"]
