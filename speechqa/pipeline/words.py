"""From sound to words: an engine's or an imported transcript, guarded, masked and given to the parties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from speechqa.core.correction import CorrectedTurn, WordCorrection, corrected
from speechqa.core.segment import Timeline, intersection, seconds, union
from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.core.value import Value
from speechqa.criteria.normalise import language_of
from speechqa.dialogue.channels.assignment import match_channels
from speechqa.dialogue.guard import check_turns, guard_words
from speechqa.dialogue.turns import build_turns
from speechqa.dialogue.voices.attribution import voices_of_words
from speechqa.pipeline.sound import PARTY_LETTERS, Sound
from speechqa.pipeline.voices import on_voices
from speechqa.privacy.number_keys import number_key
from speechqa.privacy.redaction import redact, redact_text
from speechqa.protocols import CallAudio, Transcriber
from speechqa.transcripts.imported import ImportedTranscript

IMPORT_CONFIDENCE_FLOOR = 0.5
"""Mean word confidence under which an imported transcript is too doubtful to judge."""
DOUBT = 0.4
DOUBT_WORDS = 20
"""A recogniser's confidence counts as if so many more words of so little confidence had been heard: clips of
6 to 23 words of real telephone speech reached .62 to .72 with an engine that stays under .45 on calls."""
MATCH_FLOOR = 0.6
"""Confidence under which the parties of a transcript are not tied to the recording's channels."""
NOTED_OFFSET_S = 0.5
"""A transcript whose clock is further off than this is said to be."""
DOMINANT = 0.7
"""Share of the speech under an unattributed turn that one channel must have to be its speaker's."""


class Words(Value, frozen=True, kw_only=True):
    """What was said in a call.

    `timed_by_sound` says whether the parties are the recording's channels, or voices on its one channel, so
    that timing can rest on the sound.
    """

    transcript: Transcript
    timed_by_sound: bool
    call_id: str | None = None
    metadata: CallMetadata = CallMetadata()
    duration: float | None = None
    notes: tuple[str, ...] = ()


def wordless(sound: Sound, *, language: str | None) -> Words:
    """What is known without words: which channels or voices are parties."""
    transcript = Transcript(language=language, engine="none", confident=False)
    return Words(transcript=transcript, timed_by_sound=sound.separation != "none")


def recognise(sound: Sound, audio: CallAudio, engine: Transcriber, *, language: str | None) -> Words:
    """Have an engine transcribe the speech of a call, and refuse what the sound does not bear out."""
    info = engine.info
    recognition = engine.transcribe(audio, sound.speech, language=language)
    guarded = guard_words(recognition.channels, sound.faint)
    parties: tuple[str | None, ...] = sound.parties if sound.separate else (None,) * len(sound.speech)
    turns = tuple(replace(turn, voiced=True) for turn in _turns(guarded.channels, sound))
    heard = [word for channel in guarded.channels for word in channel]
    mean = mean_confidence(heard)
    refused = sorted(
        (*guarded.rejected, *recognition.rejected), key=lambda r: (r.start or 0.0, r.channel or 0)
    )
    transcript = Transcript(
        language=recognition.language,
        engine=info.name,
        model=info.model,
        draft=info.draft,
        mean_confidence=mean,
        confident=mean is not None and _cautious(mean, len(heard)) >= info.confidence_floor,
        turns=turns,
        rejected=tuple(replace(r, party=parties[r.channel]) if r.channel is not None else r for r in refused),
    )
    return Words(transcript=_finished(transcript, language), timed_by_sound=sound.separation != "none")


def _turns(channels: Sequence[Sequence[Word]], sound: Sound) -> tuple[Turn, ...]:
    """Turns of the words of each channel; on a shared one each word goes to its voice first."""
    if sound.voices is None:
        return build_turns(channels, sound.parties or (None,) * len(channels))
    (heard,) = channels
    said_by = voices_of_words(heard, sound.voices.speakers)
    whose: tuple[int | None, ...] = (*range(len(sound.parties)), *((None,) if None in said_by else ()))
    by_voice = [[w for w, v in zip(heard, said_by, strict=True) if v == voice] for voice in whose]
    names = [None if voice is None else sound.parties[voice] for voice in whose]
    return build_turns(by_voice, names, shared_channel=0)


def adopt(imported: ImportedTranscript, sound: Sound | None, *, language: str | None) -> Words:
    """Take over an imported transcript: its turns one for one, tied to the recording's channels."""
    transcript = imported.transcript
    notes = imported.notes
    timed_by_sound = False
    if sound is not None:
        transcript, more, timed_by_sound = _tied(transcript, sound)
        notes = (*notes, *more)
    mean = transcript.mean_confidence
    transcript = replace(
        transcript,
        language=imported.language or transcript.language,
        confident=mean is None or mean >= IMPORT_CONFIDENCE_FLOOR,
    )
    return Words(
        transcript=_finished(transcript, language),
        timed_by_sound=timed_by_sound,
        call_id=imported.call_id,
        metadata=imported.metadata,
        duration=imported.duration,
        notes=notes,
    )


def with_corrections(
    words: Words, corrections: Sequence[WordCorrection]
) -> tuple[Words, tuple[CorrectedTurn, ...]]:
    """Words with what people corrected in them, masked again: a corrected digit may complete a number."""
    if not corrections:
        return words, ()
    transcript, found = corrected(words.transcript, corrections)
    return replace(words, transcript=redact(transcript).transcript), found


def masked_metadata(metadata: CallMetadata) -> CallMetadata:
    """Metadata with card and ID numbers masked where people write freely: the agent's name, team and tags.

    Ids stay as they came: they tie calls, agents and customers together, and a mask would make them all one.
    """
    return replace(
        metadata,
        agent_name=_masked(metadata.agent_name),
        team=_masked(metadata.team),
        tags={redact_text(name): redact_text(value) for name, value in metadata.tags.items()},
    )


def mean_confidence(words: Iterable[Word]) -> float | None:
    """Mean confidence of words that have one, in [0, 1]; None where none has."""
    known = [w.confidence for w in words if w.confidence is not None]
    return round(sum(known) / len(known), 3) if known else None


def _masked(text: str | None) -> str | None:
    return None if text is None else redact_text(text)


def _cautious(mean: float, words: int) -> float:
    """A mean confidence drawn towards doubt while it rests on few words."""
    return (mean * words + DOUBT * DOUBT_WORDS) / (words + DOUBT_WORDS)


def _finished(transcript: Transcript, language: str | None) -> Transcript:
    """Settle the language and mask card and ID numbers, before anything else reads the text."""
    spoken = language or transcript.language or language_of(turn.text for turn in transcript.turns)
    return redact(replace(transcript, language=spoken), key=number_key()).transcript


def _tied(transcript: Transcript, sound: Sound) -> tuple[Transcript, tuple[str, ...], bool]:
    """Give each turn its channel and whether that channel has speech under it."""
    notes: list[str] = []
    turns = transcript.turns
    offset_s = 0.0
    tied = False
    if sound.separate and any(turn.party for turn in turns):
        match = match_channels(turns, sound.speech)
        if match.confidence >= MATCH_FLOOR:
            turns = tuple(_on_channel(turn, match.channel_of) for turn in turns)
            offset_s, tied = match.offset_s, True
            if abs(offset_s) > NOTED_OFFSET_S:
                notes.append(f"The transcript's clock is {-offset_s:+.1f} s off the recording's")
        else:
            notes.append(f"The transcript's parties could not be tied to channels: {match.reason}")
    elif sound.separate:
        turns = tuple(_by_speech(turn, sound.speech) for turn in turns)
        tied = all(turn.party for turn in turns if turn.text.strip())
    elif sound.voices is not None:
        placed = on_voices(turns, sound)
        turns, offset_s, tied = placed.turns, placed.offset_s, placed.tied
        notes.extend(placed.notes)
    shifted = tuple(_shifted(turn, offset_s) for turn in turns)
    anyone = union(segment for timeline in sound.faint for segment in timeline)
    against: Mapping[str, Timeline] | tuple[Timeline, ...] = sound.faint_by_party if tied else (anyone,)
    checked, rejected = check_turns(shifted, against)
    turns = tuple(replace(turn, voiced=seen.voiced) for turn, seen in zip(turns, checked, strict=True))
    known = {(r.start, r.text): r for r in transcript.rejected}
    known |= {(r.start, r.text): r for r in rejected}
    ordered = sorted(known.values(), key=lambda r: (r.start or 0.0, r.text))
    return replace(transcript, turns=turns, rejected=tuple(ordered)), tuple(notes), tied


def _on_channel(turn: Turn, channel_of: Mapping[str, int]) -> Turn:
    channel = channel_of.get(turn.party or turn.speaker)
    if channel is None:
        return turn
    return replace(turn, channel=channel, party=PARTY_LETTERS[channel])


def _by_speech(turn: Turn, speech: Sequence[Timeline]) -> Turn:
    """Give a turn that names no speaker to the channel that speaks under it, where one clearly does."""
    segment = turn.segment
    if segment is None or segment.duration <= 0:
        return turn
    under = [seconds(intersection(timeline, (segment,))) for timeline in speech]
    most = max(under)
    if most <= 0 or most < DOMINANT * sum(under):
        return turn
    channel = under.index(most)
    return replace(turn, channel=channel, party=PARTY_LETTERS[channel])


def _shifted(turn: Turn, offset_s: float) -> Turn:
    if turn.start is None or turn.end is None or not offset_s:
        return turn
    start = max(0.0, turn.start + offset_s)
    return replace(turn, start=start, end=max(start, turn.end + offset_s))
