"""One call through all stages, from a source or from a transcript alone, to one document."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from msgspec.structs import asdict, replace

from speechqa.acoustics.frames import Frames
from speechqa.audio.parties import OneChannel, channel_roles
from speechqa.config import Settings
from speechqa.core.accommodation import Accommodation
from speechqa.core.analysis import CallAnalysis
from speechqa.core.correction import WordCorrection
from speechqa.core.dialogue import RoleAssignment
from speechqa.core.incidents import Incident
from speechqa.core.recording import Recording
from speechqa.core.source import CallMetadata, CallSource, Role, RoleCorrection, default_call_id
from speechqa.core.stress import StressCurve
from speechqa.dialogue.roles.assignment import assign_roles, corrected_roles
from speechqa.pipeline.accommodation import COMPARED, compared, why_not_compared
from speechqa.pipeline.arousal import arousal, measured_roles, voices_of
from speechqa.pipeline.engines import Engines
from speechqa.pipeline.judgement import Gathered, RunStamp, judged
from speechqa.pipeline.kept import heard_sound, recognised
from speechqa.pipeline.opening import LateAudio
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.stages import EACH_TIME, Stages, reading_of
from speechqa.pipeline.voices import no_surer_than_voices
from speechqa.pipeline.words import Words, adopt, masked_metadata, with_corrections, wordless
from speechqa.protocols import CallAudio, StageCache
from speechqa.transcripts.imported import ImportedTranscript
from speechqa.transcripts.reading import read


def analyze_call(
    source: CallSource,
    *,
    identity: str,
    engines: Engines,
    settings: Settings,
    stamp: RunStamp,
    input_digest: str | None = None,
    cache: StageCache | None = None,
    incidents: tuple[Incident, ...] | None = None,
) -> CallAnalysis:
    """Analyse one recorded call; `input_digest` is kept as in `Provenance`, `incidents` as in `Task`.

    With a cache, a stage that it has of the recording with that identity is not computed again, and a
    recording of which it has all is not even decoded. The document is the same. One whose bytes have another
    digest by now is refused: it would be kept as what it is not.

    Raises
    ------
    SpeechQAError
        If it cannot be analysed; which class says why.
    """
    stages = EACH_TIME if cache is None else Stages(cache, recording=identity, reading=reading_of(source))
    with closing(LateAudio(source, engines.decoder, identity)) as late:
        return _analysed(
            source, late, stages, identity, engines=engines, settings=settings, stamp=stamp,
            input_digest=input_digest, incidents=incidents,
        )  # fmt: skip


def _analysed(  # noqa: PLR0913 - all that it is made of
    source: CallSource,
    audio: LateAudio,
    stages: Stages,
    identity: str,
    *,
    engines: Engines,
    settings: Settings,
    stamp: RunStamp,
    input_digest: str | None,
    incidents: tuple[Incident, ...] | None,
) -> CallAnalysis:
    language = _language(settings, source)
    imported = read(source.transcript_path) if source.transcript_path else None
    transcriber = None if imported else engines.transcriber_for(language)
    sound = heard_sound(source, audio, stages, engines)
    recording = sound.recording
    heard: CallAudio = OneChannel(audio, sound.shared_channel) if sound.shared_channel else audio
    words = wordless(sound, language=language)
    if imported is not None:
        words = adopt(imported, sound, language=language)
    elif transcriber is not None:
        words = recognised(sound, heard, stages, transcriber, language)
    found = _roles(words, sound, source, settings)
    roles = _corrected(found, source.roles, words, sound)
    stress, accommodation = _of_voices(heard, sound, words, roles, engines, settings, stages)
    # Roles and voices rest on what the machine heard, as they do where a stored call is judged again.
    words, corrected_turns = with_corrections(words, source.words)
    gathered = Gathered(
        call_id=source.call_id or words.call_id or default_call_id(identity),
        path=recording.path,
        sound=sound,
        words=replace(words, notes=(*words.notes, *_no_such_channel(source, settings, recording))),
        roles=roles,
        uncorrected_roles=found if source.roles is not None else {},
        stress=stress,
        accommodation=accommodation,
        metadata=masked_metadata(_merged(source.metadata, words.metadata)),
        model_digest=transcriber.info.model_digest if transcriber else None,
        input_digest=input_digest,
        corrected_turns=corrected_turns,
        incidents=incidents,
    )
    return judged(
        gathered, rubric=engines.rubric, settings=settings, stamp=stamp, embedder=engines.embedder()
    )


def _of_voices(
    heard: CallAudio,
    sound: Sound,
    words: Words,
    roles: dict[str, RoleAssignment],
    engines: Engines,
    settings: Settings,
    stages: Stages,
) -> tuple[dict[str, StressCurve], Accommodation | None]:
    """What voices tell; the voices themselves, megabytes an hour, are gone before anything is judged."""
    stress: dict[str, StressCurve] = {}
    unlike = why_not_compared(sound, roles, tied=words.timed_by_sound)
    voices: dict[str, Frames] = {}
    if words.timed_by_sound:
        wanted = measured_roles(profile=settings.profile, agent_stress=settings.agent_stress)
        also = COMPARED if settings.accommodation and unlike is None else frozenset()
        voices = voices_of(heard, sound, roles, pitch=engines.pitch, wanted=wanted | also, stages=stages)
        model = engines.arousal_model()
        stress = arousal(voices, sound, roles, wanted=wanted, audio=heard, model=model, stages=stages)
    if not settings.accommodation:
        return stress, None
    return stress, compared(voices, sound, roles, words.transcript, tied=words.timed_by_sound)


def analyze_transcript(  # noqa: PLR0913 - what a batch of transcripts knows of a call
    imported: ImportedTranscript,
    *,
    path: str | None,
    call_id: str,
    engines: Engines,
    settings: Settings,
    stamp: RunStamp,
    roles: RoleCorrection | None = None,
    corrections: Sequence[WordCorrection] = (),
    input_digest: str | None = None,
    incidents: tuple[Incident, ...] | None = None,
) -> CallAnalysis:
    """Judge a call from its transcript alone.

    `path` is where that lies, `call_id` for one that has none, `roles` what a person said of who is who,
    `corrections` of what was said, `input_digest` as in `Provenance`.
    """
    words = adopt(imported, None, language=None if settings.language == "auto" else settings.language)
    found = _roles(words, None, None, settings)
    words, corrected_turns = with_corrections(words, corrections)
    gathered = Gathered(
        call_id=imported.call_id or call_id,
        path=path,
        words=words,
        roles=_corrected(found, roles, words, None),
        uncorrected_roles=found if roles is not None else {},
        metadata=masked_metadata(imported.metadata),
        input_digest=input_digest,
        corrected_turns=corrected_turns,
        incidents=incidents,
    )
    return judged(
        gathered, rubric=engines.rubric, settings=settings, stamp=stamp, embedder=engines.embedder()
    )


def _language(settings: Settings, source: CallSource) -> str | None:
    if settings.language != "auto":
        return settings.language
    return None if source.language in (None, "auto") else source.language


def _no_such_channel(source: CallSource, settings: Settings, recording: Recording) -> tuple[str, ...]:
    """Say that the agent's channel is none of the recording's, which else nobody would notice."""
    told = source.agent_channel if source.agent_channel is not None else settings.agent_channel
    if told is None or told < recording.channels or len(source.files) > 1:
        return ()
    found = f"the recording has {recording.channels}"
    return (f"The agent is said to be on channel {told}, counted from 0, but {found}: it was not followed",)


def _merged(manifest: CallMetadata, transcript: CallMetadata) -> CallMetadata:
    """What the manifest knows, completed by what the transcript knows."""
    known = {name: value for name, value in asdict(manifest).items() if value is not None and value != {}}
    return replace(transcript, **known)


def _roles(
    words: Words, sound: Sound | None, source: CallSource | None, settings: Settings
) -> dict[str, RoleAssignment]:
    # Letters are channels only where the words are tied to them; else they are the transcript's own order.
    tied = sound is not None and words.timed_by_sound
    told: dict[str, Role] = {}
    by_option: int | None = None
    if sound is not None and source is not None and tied and sound.separate:
        known = channel_roles(source, len(sound.parties))
        told = {p: role for p, role in zip(sound.parties, known, strict=True) if role != "unknown"}
        if len(source.files) == 1 and source.agent_channel == settings.agent_channel:
            told, by_option = {}, settings.agent_channel
    roles = assign_roles(
        words.transcript.turns,
        sound.by_party if sound is not None and tied else None,
        agent_channel=by_option,
        manifest_roles=told,
        floor=settings.role_floor,
        language=words.transcript.language,
    )
    if sound is None or not tied:
        return roles
    return no_surer_than_voices(roles, sound, floor=settings.role_floor)


def _corrected(
    found: dict[str, RoleAssignment], correction: RoleCorrection | None, words: Words, sound: Sound | None
) -> dict[str, RoleAssignment]:
    if correction is None:
        return found
    tied = sound is not None and words.timed_by_sound
    return corrected_roles(found, correction, sound.by_party if sound is not None and tied else None)
