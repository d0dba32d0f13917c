from __future__ import annotations

import pytest

from speechqa.core.segment import Segment
from speechqa.core.transcript import Turn, Word
from speechqa.dialogue.guard import CREDIT, LOOP, NO_SPEECH, SUSPECT, check_turns, guard_words


def said(text: str, start: float, step: float = 0.4) -> tuple[Word, ...]:
    return tuple(
        Word(text=w, start=round(start + i * step, 3), end=round(start + i * step + step * 0.8, 3))
        for i, w in enumerate(text.split())
    )


def test_words_on_silence_are_refused_together() -> None:
    words = said("where is my order", 1.0) + said("some other words", 20.0)
    guarded = guard_words([words, ()], [(Segment(0.9, 2.7),), (Segment(19.0, 22.0),)])
    assert [w.text for w in guarded.channels[0]] == ["where", "is", "my", "order"]
    (rejected,) = guarded.rejected
    assert (rejected.text, rejected.reason, rejected.channel) == ("some other words", NO_SPEECH, 0)
    assert (rejected.start, rejected.end) == (20.0, 21.12)


@pytest.mark.parametrize("text", ["Thank you.", "תודה רבה"])
def test_thanks_stay_with_speech_and_go_without(text: str) -> None:
    words = said(text, 10.0)
    real = guard_words([words], [(Segment(9.9, 10.8),)])
    assert real.channels == (words,)
    assert real.rejected == ()
    hardly = guard_words([words], [(Segment(10.3, 10.38),)])
    assert hardly.channels == ((),)
    assert [r.reason for r in hardly.rejected] == [SUSPECT]


@pytest.mark.parametrize("text", ["Thanks for watching!", "תודה שצפיתם", "Please subscribe to my channel."])
def test_credits_go_even_on_noise(text: str) -> None:
    guarded = guard_words([said(text, 5.0)], [(Segment(4.0, 9.0),)])
    assert guarded.channels == ((),)
    assert guarded.rejected[0].reason == CREDIT


def test_a_call_about_subtitles_stays() -> None:
    words = said("כתוביות לא מופיעות אצלי בטלוויזיה", 5.0)
    assert guard_words([words], [(Segment(4.9, 8.0),)]).channels == (words,)
    assert guard_words([words], [(Segment(5.0, 5.2),)]).channels == ((),)


def test_loops_keep_the_first_and_people_may_repeat() -> None:
    words = said("I will check it now " * 4, 0.0, 0.3)
    guarded = guard_words([words], [(Segment(0.0, 7.0),)])
    assert [w.text for w in guarded.channels[0]] == ["I", "will", "check", "it", "now"]
    assert guarded.rejected[0].reason == LOOP
    for fine in (
        "no no no no",
        "0 0 0 0 0 0 0 0 0 0",
        "zero zero one zero zero one zero zero one zero zero one",
        "bye bye bye",
        "yes yes yes yes yes",
    ):
        words = said(fine, 0.0)
        assert guard_words([words], [(Segment(0.0, 7.0),)]).channels == (words,)


def test_words_without_times_cannot_be_checked() -> None:
    words = (Word(text="thank"), Word(text="you"))
    assert guard_words([words], [()]).channels == (words,)
    assert guard_words([], []).channels == ()


def test_check_turns_keeps_turns_and_marks_them() -> None:
    turns = (
        Turn(speaker="agent", party="A", channel=0, start=1.0, end=2.0, text="hello  there"),
        Turn(speaker="customer", party="B", channel=1, start=3.0, end=4.0, text="thank you"),
        Turn(speaker="customer", party="B", channel=1, start=8.0, end=9.0, text=""),
        Turn(speaker="customer", party="B", channel=1, text="no times"),
        Turn(speaker="x", start=1.2, end=1.4, text="nobody knows who"),
    )
    for speech in (
        {"A": (Segment(2.4, 3.5),), "B": (Segment(0.0, 2.0),)},
        ((Segment(2.4, 3.5),), (Segment(0.0, 2.0),)),
    ):
        checked, rejected = check_turns(turns, speech)
        assert [t.voiced for t in checked] == [True, False, False, None, True]
        assert [t.text for t in checked] == [t.text for t in turns]
        assert [(r.text, r.party, r.reason) for r in rejected] == [("thank you", "B", NO_SPEECH)]
