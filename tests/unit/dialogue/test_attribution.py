"""Words and turns go to the voice at their time, and to none where none is clear."""

from speechqa.core.segment import Segment
from speechqa.core.transcript import Turn, Word
from speechqa.dialogue.voices.attribution import voice_of_turn, voices_of_words

VOICES = ((Segment(0.0, 4.0), Segment(8.0, 12.0)), (Segment(4.5, 7.5),))


def word(start, end, text="word"):
    return Word(text=text, start=start, end=end)


def turn(start, end, words=()):
    return Turn(speaker="unknown", text="some words", start=start, end=end, words=tuple(words))


def test_a_word_belongs_to_the_voice_at_its_middle():
    words = [word(0.5, 0.9), word(3.9, 4.9), word(5.0, 5.4), word(8.1, 8.5)]
    assert voices_of_words(words, VOICES) == (0, 1, 1, 0)


def test_a_word_in_a_gap_goes_to_the_nearest_voice():
    assert voices_of_words([word(4.05, 4.15), word(7.85, 7.95), word(20.0, 20.5)], VOICES) == (0, 0, 0)


def test_a_word_without_times_belongs_to_nobody():
    assert voices_of_words([Word(text="word")], VOICES) == (None,)


def test_where_both_speak_the_one_with_more_of_the_word_has_it():
    both = (Segment(0.0, 4.0),), (Segment(2.9, 6.0),)
    assert voices_of_words([word(2.4, 3.6), word(3.0, 4.9)], both) == (0, 1)


def test_a_single_doubtful_word_goes_with_its_neighbours():
    voices = (Segment(0.0, 2.0), Segment(2.25, 4.0)), (Segment(2.0, 2.25),)
    stray = [word(1.0, 1.5), word(1.6, 1.95), word(1.98, 2.45), word(2.5, 2.9), word(3.0, 3.4)]
    assert voices_of_words(stray, voices) == (0, 0, 0, 0, 0)


def test_a_single_word_that_is_clearly_another_voice_stays():
    voices = (Segment(0.0, 2.0), Segment(2.5, 4.0)), (Segment(2.0, 2.5),)
    yes = [word(1.6, 1.95), word(2.05, 2.45, "yes"), word(2.5, 2.9)]
    assert voices_of_words(yes, voices) == (0, 1, 0)


def test_a_single_word_after_a_pause_stays():
    voices = (Segment(0.0, 2.0), Segment(3.0, 4.0)), (Segment(2.4, 2.6),)
    assert voices_of_words([word(1.6, 1.9), word(2.3, 2.7), word(3.1, 3.4)], voices) == (0, 1, 0)


def test_every_word_has_an_answer_and_order_of_voices_does_not_matter():
    words = [word(0.3 * i, 0.3 * i + 0.25) for i in range(40)]
    found = voices_of_words(words, VOICES)
    assert len(found) == len(words)
    assert voices_of_words(words, VOICES[::-1]) == tuple(1 - v for v in found if v is not None)


def test_a_turn_belongs_to_the_voice_that_has_most_of_it():
    assert voice_of_turn(turn(0.5, 4.4), VOICES) == 0
    assert voice_of_turn(turn(4.2, 8.2), VOICES) == 1


def test_a_turn_that_two_share_belongs_to_nobody():
    assert voice_of_turn(turn(2.0, 7.0), VOICES) is None


def test_words_times_decide_where_a_turn_has_them():
    said = [word(4.6, 5.2), word(5.3, 6.0), word(6.1, 7.0)]
    assert voice_of_turn(turn(2.0, 7.0, said), VOICES) == 1


def test_a_turn_in_silence_goes_to_a_near_voice_or_none():
    assert voice_of_turn(turn(12.1, 12.3), VOICES) == 0
    assert voice_of_turn(turn(30.0, 31.0), VOICES) is None
    assert voice_of_turn(Turn(speaker="unknown", text="no times"), VOICES) is None
