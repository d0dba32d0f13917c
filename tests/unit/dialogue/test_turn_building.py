from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from speechqa.core.transcript import Word
from speechqa.dialogue.turns import build_turns
from speechqa.dialogue.units import placed_words
from speechqa.dialogue.wording import breaks_off, is_listening, words_of


def words(*timed: tuple[str, float, float]) -> tuple[Word, ...]:
    return tuple(Word(text=t, start=a, end=b) for t, a, b in timed)


def test_a_pause_ends_a_turn() -> None:
    turns = build_turns([words(("one", 0.0, 0.4), ("two", 1.2, 1.5), ("three", 2.8, 3.0))], ["A"])
    assert [(t.text, t.start, t.end) for t in turns] == [("one two", 0.0, 1.5), ("three", 2.8, 3.0)]
    assert {t.speaker for t in turns} == {"unknown"}


def test_the_other_taking_the_floor_ends_a_turn_and_a_token_does_not() -> None:
    mine = words(("which", 0.0, 0.4), ("day", 0.5, 0.8), ("great", 1.6, 2.0))
    taking = build_turns([mine, words(("Monday", 0.9, 1.5))], ["A", "B"])
    assert [(t.party, t.text) for t in taking] == [("A", "which day"), ("B", "Monday"), ("A", "great")]
    token = build_turns([mine, words(("mhm", 0.9, 1.5))], ["A", "B"])
    assert [(t.party, t.text) for t in token] == [("A", "which day great"), ("B", "mhm")]


def test_words_without_times_make_one_turn() -> None:
    turns = build_turns([(Word(text="no"), Word(text="times")), words(("yes", 0.0, 0.3))], ["A", "B"])
    assert [(t.text, t.start) for t in turns] == [("yes", 0.0), ("no times", None)]


def test_mono_has_no_party() -> None:
    (turn,) = build_turns([words(("hello", 0.0, 0.4))], [None])
    assert (turn.party, turn.speaker, turn.channel) == (None, "unknown", 0)
    assert build_turns([()], ["A"]) == ()


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 800)), max_size=12), min_size=1, max_size=3
    )
)
def test_every_word_goes_into_one_turn(channels: list[list[tuple[int, int]]]) -> None:
    timed = [
        tuple(
            Word(text=f"{c}-{i}", start=a / 1000, end=(a + n) / 1000) for i, (a, n) in enumerate(sorted(line))
        )
        for c, line in enumerate(channels)
    ]
    turns = build_turns(timed, ["A", "B", "C"][: len(timed)])
    for c, line in enumerate(timed):
        said = [w for t in turns if t.channel == c for w in t.words]
        assert sorted(w.text for w in said) == sorted(w.text for w in line)
    assert [t.start for t in turns] == sorted(t.start or 0.0 for t in turns)


def test_wording_folds_hebrew_and_survives_hostile_text() -> None:
    assert words_of("שָׁלוֹם") == words_of("שלום")
    assert is_listening(words_of("אוקיי, הבנתי"))
    assert not is_listening(())
    assert not breaks_off(())
    assert words_of("\ud800 \x00 <" + "<" * 50_000) == ()


def test_marks_are_no_words_and_text_is_spread_over_the_turn() -> None:
    (turn,) = build_turns([words(("x", 0.0, 1.0))], ["A"])
    plain = type(turn)(speaker="unknown", party="A", text="so <UNIN/> [noise] yes", start=10.0, end=12.0)
    placed = placed_words([plain], {})["A"]
    assert [p.words for p in placed] == [("so",), (), ("yes",)]
    assert placed[0].start == 10_000
    assert placed[-1].end == 12_000
