"""Words are guarded, masked, and given to the party whose channel they were heard on."""

from collections.abc import Sequence

import pytest

from speechqa.core.recording import Recording
from speechqa.core.segment import Segment, Timeline
from speechqa.core.transcript import RejectedText, Transcript, Turn, Word
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.words import adopt, recognise, wordless
from speechqa.protocols import EngineInfo, Recognition
from speechqa.transcripts.imported import ImportedTranscript


def sound(*speech: Timeline, separate: bool = True) -> Sound:
    recording = Recording(path="x.wav", sha256="0", duration=60.0, sample_rate=8000, channels=len(speech))
    return Sound(recording=recording, speech=speech, faint=speech, separate=separate)


def words(text: str, start: float, confidence: float | None = 0.9) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, start=start + 0.4 * i, end=start + 0.4 * i + 0.35, confidence=confidence)
        for i, word in enumerate(text.split())
    )


class Engine:
    def __init__(self, *channels: Sequence[Word], draft: bool = False, rejected=()) -> None:
        self.info = EngineInfo(name="e", model="m", model_digest="d", draft=draft, confidence_floor=0.6)
        self.answer = Recognition(language="en", channels=tuple(map(tuple, channels)), rejected=rejected)

    def transcribe(self, audio, speech, *, language):
        return self.answer


LONG = " ".join(["hello there how are you doing today my friend"] * 5)
BOTH = (Segment(0.0, 25.0),), (Segment(26.0, 50.0),)


def test_words_go_to_the_party_of_their_channel():
    found = recognise(sound(*BOTH), None, Engine(words(LONG, 1.0), words(LONG, 27.0)), language=None)
    assert [(turn.party, turn.channel) for turn in found.transcript.turns] == [("A", 0), ("B", 1)]
    assert found.timed_by_sound
    assert found.transcript.mean_confidence == pytest.approx(0.9)
    assert found.transcript.confident


def test_words_without_speech_on_their_channel_are_rejected_with_a_reason():
    found = recognise(sound(*BOTH), None, Engine(words(LONG, 1.0), words("thank you", 5.0)), language=None)
    assert "thank you" not in " ".join(turn.text for turn in found.transcript.turns if turn.party == "B")
    assert [(r.text, r.party) for r in found.transcript.rejected] == [("thank you", "B")]
    assert found.transcript.rejected[0].reason


def test_what_the_engine_itself_refused_is_kept_as_rejected():
    refused = RejectedText(text="so so so", reason="loops", start=2.0, end=3.0, channel=0)
    found = recognise(sound(*BOTH), None, Engine(words(LONG, 5.0), (), rejected=(refused,)), language=None)
    assert [(r.text, r.party) for r in found.transcript.rejected] == [("so so so", "A")]


def test_few_confident_words_are_not_enough():
    few = recognise(sound(*BOTH), None, Engine(words("yes no maybe", 1.0, 0.72), ()), language=None)
    many = recognise(sound(*BOTH), None, Engine(words(LONG, 1.0, 0.72), ()), language=None)
    assert not few.transcript.confident
    assert many.transcript.confident
    assert few.transcript.mean_confidence == many.transcript.mean_confidence


def test_no_words_are_no_confidence_rather_than_zero():
    found = recognise(sound(*BOTH), None, Engine((), ()), language=None)
    assert found.transcript.mean_confidence is None
    assert not found.transcript.confident


def test_mono_words_have_no_party():
    found = recognise(
        sound((Segment(0.0, 50.0),), separate=False), None, Engine(words(LONG, 1.0)), language=None
    )
    assert {(turn.party, turn.speaker) for turn in found.transcript.turns} == {(None, "unknown")}
    assert not found.timed_by_sound


def test_card_numbers_are_masked_in_turns_and_words():
    spoken = words("my card is 4111 1111 1111 1111 thanks", 1.0)
    found = recognise(sound(*BOTH), None, Engine(spoken, ()), language="en")
    turn = found.transcript.turns[0]
    assert "4111" not in turn.text + " ".join(word.text for word in turn.words)
    assert "[card]" in turn.text


def imported(*turns: Turn) -> ImportedTranscript:
    return ImportedTranscript(
        transcript=Transcript(language="en", engine="import:simple", turns=turns), format="simple"
    )


def turn(speaker: str, party: str | None, start: float, end: float, text: str = "some words here") -> Turn:
    return Turn(speaker=speaker, party=party, text=text, start=start, end=end)


ONE_AFTER_THE_OTHER = (
    (Segment(0.0, 5.0), Segment(12.0, 18.0), Segment(30.0, 33.0)),
    (Segment(6.0, 11.0), Segment(19.0, 29.0), Segment(34.0, 40.0)),
)


def test_an_imported_transcript_is_tied_to_the_channels_whatever_its_order():
    spoken = (
        turn("customer", "A", 6.0, 11.0),
        turn("agent", "B", 0.0, 5.0),
        turn("agent", "B", 12.0, 18.0),
        turn("customer", "A", 19.0, 29.0),
        turn("agent", "B", 30.0, 33.0),
    )
    found = adopt(imported(*spoken), sound(*ONE_AFTER_THE_OTHER), language=None)
    assert [(t.speaker, t.party, t.channel) for t in found.transcript.turns] == [
        ("customer", "B", 1),
        ("agent", "A", 0),
        ("agent", "A", 0),
        ("customer", "B", 1),
        ("agent", "A", 0),
    ]
    assert [t.text for t in found.transcript.turns] == [t.text for t in spoken], "one for one, in order"
    assert found.timed_by_sound


def test_turns_without_speaker_go_to_the_channel_that_speaks_under_them():
    spoken = (turn("unknown", None, 0.5, 4.5), turn("unknown", None, 6.5, 10.5))
    found = adopt(imported(*spoken), sound(*ONE_AFTER_THE_OTHER), language=None)
    assert [t.party for t in found.transcript.turns] == ["A", "B"]


def test_an_imported_turn_on_silence_stays_but_is_no_evidence():
    spoken = (
        turn("agent", "A", 0.0, 5.0),
        turn("customer", "B", 6.0, 11.0),
        turn("agent", "A", 12.0, 18.0),
        turn("customer", "B", 19.0, 29.0),
        turn("agent", "A", 50.0, 52.0, "thank you"),
    )
    found = adopt(imported(*spoken), sound(*ONE_AFTER_THE_OTHER), language=None)
    assert [t.voiced for t in found.transcript.turns] == [True, True, True, True, False]
    assert [r.text for r in found.transcript.rejected] == ["thank you"]


def test_without_sound_nothing_is_known_of_voice():
    found = adopt(imported(turn("agent", "A", 0.0, 5.0)), None, language=None)
    assert found.transcript.turns[0].voiced is None
    assert not found.timed_by_sound


def test_wordless_calls_keep_their_parties():
    found = wordless(sound(*BOTH), language="he")
    assert found.timed_by_sound
    assert found.transcript.engine == "none"
    assert found.transcript.turns == ()


def test_a_transcript_over_silence_is_not_judged():
    from speechqa.pipeline.judgement import text_usable

    spoken = (turn("agent", "A", 0.0, 5.0), turn("customer", "B", 6.0, 9.0))
    usable, reason = text_usable(adopt(imported(*spoken), sound((), ()), language=None).transcript)
    assert not usable
    assert "no speech is heard" in reason
