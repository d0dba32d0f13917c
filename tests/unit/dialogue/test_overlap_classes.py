from __future__ import annotations

import pytest

from speechqa.core.dialogue import Overlap
from speechqa.core.segment import Segment
from speechqa.core.transcript import Turn
from speechqa.dialogue.measures import measure


def turn(party: str, start: float, end: float, text: str) -> Turn:
    return Turn(speaker="unknown", party=party, start=start, end=end, text=text)


def only(*turns: Turn) -> Overlap:
    (overlap,) = measure(turns, None, {}, None, words_available=True).overlaps
    return overlap


LONG = "I went to the shop on Monday and the man told me that the part would come within three days."


@pytest.mark.parametrize("token", ["Mm-hmm.", "yeah yeah, okay", "כן כן הבנתי אותך", "<UNIN/>", "thank you"])
def test_a_listeners_token_is_a_backchannel(token: str) -> None:
    overlap = only(turn("A", 0.0, 8.0, LONG), turn("B", 3.0, 3.8, token))
    assert (overlap.kind, overlap.by_party, overlap.of_party) == ("backchannel", "B", "A")
    assert (overlap.start, overlap.end) == (3.0, 3.8)


def test_an_early_answer_is_terminal() -> None:
    overlap = only(
        turn("A", 0.0, 4.0, "And which day would suit you best?"), turn("B", 3.6, 6.0, "Monday morning.")
    )
    assert overlap.kind == "terminal"


def test_a_trailing_end_is_no_interruption() -> None:
    overlap = only(
        turn("A", 0.0, 6.0, "It stopped working on Monday. So, um, you know"),
        turn("B", 4.9, 9.0, "Which light is on at the front of the box?"),
    )
    assert overlap.kind == "terminal"


def test_taking_the_floor_from_an_unfinished_turn_interrupts() -> None:
    overlap = only(
        turn("A", 0.0, 6.0, "I ordered it on Monday and then somebody called to say that the"),
        turn("B", 4.5, 9.0, "Your contract says delivery takes ten working days."),
    )
    assert overlap.kind == "interruption"
    assert overlap.rule
    assert overlap.numbers["left_seconds"] == 1.5


def test_hebrew_interruption() -> None:
    overlap = only(
        turn("A", 0.0, 6.0, "הזמנתי ביום שני ואחר כך התקשר אליי מישהו ואמר שהמשלוח של"),
        turn("B", 4.5, 9.0, "לפי ההסכם האספקה לוקחת עשרה ימי עסקים"),
    )
    assert overlap.kind == "interruption"


def test_content_that_does_not_get_the_floor_fails() -> None:
    overlap = only(turn("A", 0.0, 9.0, LONG), turn("B", 3.0, 5.0, "Which shop did you buy it from?"))
    assert overlap.kind == "failed_interruption"


def test_both_start_after_a_gap() -> None:
    overlap = only(
        turn("A", 0.0, 2.0, "Let me look at that for a while."),
        turn("A", 5.0, 8.0, "The invoice was sent on the fifth."),
        turn("B", 5.1, 7.0, "Did you find the second payment?"),
    )
    assert overlap.kind == "simultaneous_start"


def test_farewells_are_terminal() -> None:
    overlap = only(
        turn("A", 0.0, 3.0, "Thank you very much, have a good day, bye."), turn("B", 0.8, 2.0, "Bye bye now")
    )
    assert overlap.kind == "terminal"


def test_giving_back_words_is_listening() -> None:
    overlap = only(
        turn("A", 0.0, 8.0, "It was the twelfth of March when the van came and nobody rang the bell at all."),
        turn("B", 2.5, 3.4, "Twelfth of March."),
    )
    assert overlap.kind == "backchannel"


def test_sound_without_words_is_in_doubt_no_interruption() -> None:
    speech = {"A": (Segment(0.0, 8.0),), "B": (Segment(3.0, 3.9), Segment(7.0, 12.0))}
    dialogue = measure((), speech, {}, 12.0, words_available=False)
    assert [o.kind for o in dialogue.overlaps] == ["backchannel", "terminal"]
    assert all(o.confidence <= 0.85 and "words not known" in o.rule for o in dialogue.overlaps)
    assert dialogue.interruptions == {"A": 0, "B": 0}


def test_sound_without_words_long_takeover_interrupts() -> None:
    speech = {"A": (Segment(0.0, 8.0),), "B": (Segment(4.5, 12.0),)}
    (overlap,) = measure((), speech, {}, 12.0, words_available=False).overlaps
    assert overlap.kind == "interruption"
    assert overlap.confidence == 0.5


def test_sound_overrules_sloppy_turn_times() -> None:
    turns = (
        turn("A", 0.0, 5.0, "I called on Monday because the"),
        turn("B", 3.0, 9.0, "Your contract ended last year."),
    )
    speech = {"A": (Segment(0.0, 2.9),), "B": (Segment(3.4, 9.0),)}
    dialogue = measure(turns, speech, {}, 9.0, words_available=True)
    assert dialogue.basis == "audio"
    assert dialogue.overlaps == ()


def test_pause_bridged_for_the_turn_is_no_overlap() -> None:
    speech = {"A": (Segment(0.0, 2.0), Segment(2.25, 5.0)), "B": (Segment(2.02, 2.22),)}
    assert measure((), speech, {}, 5.0, words_available=False).overlaps == ()


QUESTION = "And when did it last work, was it before the weekend or after?"


def test_a_last_word_that_also_fills_time_still_ends_the_sentence() -> None:
    overlap = only(
        turn("A", 0.0, 4.0, "My neighbour has the same box as well."),
        turn("B", 3.0, 7.0, "Is it switched off at the wall at the moment?"),
    )
    assert overlap.kind == "terminal"


def test_a_sound_of_hesitation_after_an_open_word_leaves_it_open() -> None:
    overlap = only(
        turn("A", 0.0, 6.0, "I have not been at the shop this week but they gave me, uh, my uh."),
        turn("B", 5.2, 9.0, "Which shop are you calling about today?"),
    )
    assert overlap.kind == "interruption"


def test_leaving_the_floor_in_so_many_words_was_an_interruption() -> None:
    overlap = only(
        turn("A", 0.0, 4.0, "So what I suggest about the router is, go on."),
        turn("B", 2.6, 9.0, "It has been like that since the engineer came on Friday."),
    )
    assert overlap.kind == "interruption"


def test_an_acknowledgement_as_the_other_ends_is_an_exchange() -> None:
    overlap = only(
        turn("A", 0.0, 4.0, "The part should be with you on Thursday."),
        turn("B", 3.8, 4.9, "Okay."),
        turn("A", 5.4, 9.0, "Then the engineer will ring you to agree on a time."),
    )
    assert overlap.kind == "terminal"


def test_a_token_that_had_just_begun_is_in_nobodys_way() -> None:
    overlap = only(
        turn("A", 0.0, 4.0, "You can take the box to any of our shops."),
        turn("B", 4.4, 5.4, "Oh right."),
        turn("A", 4.7, 9.0, "They will give you a new one without any charge."),
    )
    assert (overlap.kind, overlap.by_party) == ("backchannel", "B")


def test_a_short_answer_is_no_listeners_token() -> None:
    overlap = only(
        turn("A", 0.0, 4.0, QUESTION),
        turn("B", 4.6, 5.5, "No, no."),
        turn("A", 5.0, 9.0, "Good, then I will send an engineer to look at the line."),
    )
    assert (overlap.kind, overlap.by_party) == ("terminal", "A")


def test_taking_care_of_something_is_no_farewell() -> None:
    overlap = only(
        turn(
            "A",
            0.0,
            9.0,
            "We will take care of everything, so do not worry, and somebody will be with you soon.",
        ),
        turn("B", 3.0, 4.0, "Okay, thank you."),
    )
    assert overlap.kind == "backchannel"


def test_entering_at_the_end_of_a_sentence_is_no_interruption_though_the_other_goes_on() -> None:
    overlap = only(
        turn("A", 0.0, 6.0, "I live with two friends in a flat near the station."),
        turn("B", 5.5, 7.5, "And do you share the line with them?"),
        turn("A", 6.05, 12.0, "It is the same line for the three of us and it fails for all of us."),
    )
    assert overlap.kind == "terminal"


def test_a_mark_inside_a_word_does_not_part_it() -> None:
    overlap = only(
        turn("A", 0.0, 8.0, LONG), turn("B", 3.0, 3.8, "O<UNSURE>K</UNSURE>, all <UNSURE>right</UNSURE>.")
    )
    assert overlap.kind == "backchannel"


def test_who_had_only_drawn_breath_to_speak_was_interrupted() -> None:
    overlap = only(
        turn("A", 0.0, 3.0, QUESTION),
        turn("B", 3.6, 5.0, "Um"),
        turn("A", 4.2, 8.0, "I mean the last time that you saw the green light."),
    )
    assert (overlap.kind, overlap.by_party) == ("interruption", "A")
