from __future__ import annotations

import re

import pytest

from speechqa.core.dialogue import CutOff
from speechqa.core.segment import Segment
from speechqa.core.transcript import Turn, Word
from speechqa.dialogue.measures import measure

GOES_ON = "Let me stop you there, the contract runs until May."


def turn(party: str, start: float, end: float, text: str) -> Turn:
    return Turn(speaker="unknown", party=party, start=start, end=end, text=text)


def cuts(*turns: Turn) -> tuple[CutOff, ...]:
    d = measure(turns, None, {}, None, words_available=True)
    assert not any(kind.startswith("cut") for kind in (o.kind for o in d.overlaps))
    assert set(d.interruptions.values()) <= {0}
    return d.cut_offs


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("I called you on Monday and they told me that I'm", GOES_ON),
        ("I called you on Monday because the", GOES_ON),
        ("what I wanted to ask is -", GOES_ON),
        ("what I wanted to ask you about the del—", GOES_ON),
        ("I would like to know what your.", GOES_ON),
        ("התקשרתי ביום שני ואמרו לי שהמשלוח של", "רגע, לפי ההסכם האספקה לוקחת עשרה ימים"),
        ("רציתי לשאול אתכם לגבי החיוב כי", "רגע, לפי ההסכם האספקה לוקחת עשרה ימים"),
    ],
)
def test_a_stop_in_mid_phrase_before_the_other_is_a_cut_off(said: str, then: str) -> None:
    (cut,) = cuts(turn("A", 0.0, 5.0, said), turn("B", 5.2, 9.0, then))
    assert (cut.by_party, cut.of_party, cut.time) == ("B", "A", 5.0)
    assert cut.quote in said
    assert cut.rule
    assert cut.numbers["gap_seconds"] == 0.2
    assert 0 < cut.confidence < 1


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("I called you on Monday about the bill.", GOES_ON),  # a whole sentence
        ("I called you on Monday and, um, so, um", GOES_ON),  # trails off
        ("I would like it, I don't know, you know", GOES_ON),
        ("I called you on Monday and then I just...", GOES_ON),
        ("Which one is it, the red one or the?", GOES_ON),  # a question that ends in an open word
        ("Is that the number that I should look for", GOES_ON),  # may well be whole
        ("that is what it's called, not that I know of", GOES_ON),
        ("I called you because the", "Mm-hmm."),  # only listens
        ("Can I have your", "postcode"),  # supplies a word
        ("I called <UNIN/> because the <UNIN/>", GOES_ON),  # the end was not made out
        ("because the", "yes I know"),
    ],
)
def test_other_endings_are_none(said: str, then: str) -> None:
    assert cuts(turn("A", 0.0, 5.0, said), turn("B", 5.2, 9.0, then)) == ()


def test_a_pause_an_overlap_or_going_on_makes_it_none() -> None:
    broken = "I called you on Monday because the"
    later = cuts(turn("A", 0.0, 5.0, broken), turn("B", 5.4, 9.0, GOES_ON))
    assert later == ()
    d = measure(
        (turn("A", 0.0, 5.0, broken), turn("B", 4.2, 9.0, GOES_ON)), None, {}, None, words_available=True
    )
    assert d.cut_offs == ()
    assert len(d.overlaps) == 1
    again = measure(
        (turn("A", 0.0, 5.0, broken), turn("B", 5.1, 9.0, GOES_ON), turn("A", 6.0, 9.5, "bill is wrong")),
        None,
        {},
        None,
        words_available=True,
    )
    assert again.cut_offs == ()


def test_where_every_turn_ends_with_a_mark_a_missing_one_tells() -> None:
    marked = [
        turn("AB"[i % 2], 10.0 * i, 10.0 * i + 4.0, "This is a whole sentence, as you see.")
        for i in range(12)
    ]
    last = (turn("A", 200.0, 204.0, "Could you please find"), turn("B", 204.1, 208.0, GOES_ON))
    assert [c.rule for c in cuts(*marked, *last)] == [
        "stops without the mark that ends nearly every other turn"
    ]
    bare = [turn(t.party or "", t.start or 0.0, t.end or 0.0, re.sub(r"[.,]", "", t.text)) for t in marked]
    assert cuts(*bare, *last) == ()


def test_in_sound_only_the_end_of_a_turn_counts_where_words_have_no_times() -> None:
    # "because the" falls at a pause by estimate alone; the turn goes on after it.
    text = "I called you on Monday because the bill that I got from you was wrong"
    turns = (turn("A", 0.0, 10.0, text), turn("B", 5.1, 7.0, GOES_ON))
    speech = {"A": (Segment(0.0, 4.9), Segment(7.5, 10.0)), "B": (Segment(5.1, 7.0),)}
    assert measure(turns, speech, {}, None, words_available=True).cut_offs == ()
    words = tuple(
        Word(text=word, start=0.6 * i, end=0.6 * i + 0.5) for i, word in enumerate(text.split()[:7])
    ) + tuple(
        Word(text=word, start=7.5 + 0.3 * i, end=7.7 + 0.3 * i) for i, word in enumerate(text.split()[7:])
    )
    timed = (Turn(speaker="unknown", party="A", start=0.0, end=10.0, text=text, words=words), turns[1])
    assert len(measure(timed, speech, {}, None, words_available=True).cut_offs) == 1


def test_voices_told_apart_by_sound_are_trusted_less() -> None:
    turns = (turn("A", 0.0, 5.0, "I called because the"), turn("B", 5.2, 9.0, GOES_ON))
    speech = {"A": (Segment(0.0, 5.0),), "B": (Segment(5.2, 9.0),)}
    by = {
        separation: measure(turns, speech, {}, None, words_available=True, separation=separation).cut_offs[0]
        for separation in ("channel", "voice")
    }
    assert by["voice"].confidence < by["channel"].confidence


def test_without_words_cut_offs_are_not_assessed() -> None:
    speech = {"A": (Segment(0.0, 5.0),), "B": (Segment(5.2, 9.0),)}
    d = measure((), speech, {}, None, words_available=False)
    assert "cut_offs" in {m.measure for m in d.not_assessed}
