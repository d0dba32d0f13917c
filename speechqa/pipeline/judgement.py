"""From what was gathered of a call to its document: measured, judged, scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import asdict, replace

from speechqa.config import Settings
from speechqa.core.accommodation import Accommodation
from speechqa.core.analysis import CallAnalysis, Provenance
from speechqa.core.correction import CorrectedTurn
from speechqa.core.dialogue import RoleAssignment
from speechqa.core.incidents import Incident, digest_of, length_of, near
from speechqa.core.profiles import COMPARED_NOTICE, PAPER_NOTICE, notices_of
from speechqa.core.recording import Recording
from speechqa.core.rubric import Rubric
from speechqa.core.segment import Timeline
from speechqa.core.source import CallMetadata
from speechqa.core.stress import StressCurve
from speechqa.core.transcript import Transcript
from speechqa.core.value import Value
from speechqa.criteria import (
    CallView,
    annotate,
    find_signals,
    judge,
    shipped_act_model,
    shipped_turn_model,
    shipped_verdict_model,
)
from speechqa.dialogue.measures import NO_DOUBTS, measure
from speechqa.dialogue.roles.assignment import role_notices, with_roles
from speechqa.pipeline.causes import with_causes
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.words import Words
from speechqa.protocols import TextEmbedder
from speechqa.scoring import score, what_to_listen_to
from speechqa.scoring.excusing import excuse
from speechqa.version import __version__, judging_code

INCOMPLETE_LOST_S = 1.0
"""A recording that lost more than this at its end is judged as one that stops before its closing."""
EDGE_S = 0.5
"""A lost stretch this near to the beginning or end of a recording is a lost beginning or end."""


class RunStamp(Value, frozen=True, kw_only=True):
    """What alone differs between two runs on the same input."""

    run_id: str
    created_at: str


class Gathered(Value, frozen=True, kw_only=True):
    """What is known of a call before it is judged; `sound` is None for a transcript alone.

    `uncorrected_roles` are the roles as they were found, where `roles` are what a person made of them, and
    `corrected_turns` what the machine heard where `words` are what a person made of it. `incidents` is None
    where nobody named a file of them.
    """

    call_id: str
    path: str | None
    words: Words
    roles: Mapping[str, RoleAssignment]
    metadata: CallMetadata
    sound: Sound | None = None
    stress: Mapping[str, StressCurve] = msgspec.field(default_factory=dict)
    accommodation: Accommodation | None = None
    model_digest: str | None = None
    uncorrected_roles: Mapping[str, RoleAssignment] = msgspec.field(default_factory=dict)
    input_digest: str | None = None
    corrected_turns: tuple[CorrectedTurn, ...] = ()
    incidents: tuple[Incident, ...] | None = None


def judged(
    gathered: Gathered,
    *,
    rubric: Rubric,
    settings: Settings,
    stamp: RunStamp,
    embedder: TextEmbedder | None = None,
) -> CallAnalysis:
    """The document of a call: timing measured, criteria judged, points added up."""
    sound, words, roles = gathered.sound, gathered.words, gathered.roles
    metadata = gathered.metadata
    recording = sound.recording if sound else None
    voices = sound.voices if sound else None
    duration = recording.duration if recording else words.duration
    usable, why_not = text_usable(words.transcript)
    turns = with_roles(words.transcript.turns, roles)
    act_model = shipped_act_model()
    transcript = annotate(replace(words.transcript, turns=turns), rubric, act_model)
    dialogue = measure(
        turns,
        _speech(words, sound),
        roles,
        duration,
        words_available=usable,
        separation=sound.separation if sound else "transcript",
        separation_confidence=voices.confidence if voices else None,
        overlapped=voices.overlapped if voices else (),
        overlap_heard=voices is None or voices.finds_overlap,
        waiting=sound.waiting if sound else None,
        queue_wait_s=metadata.queue_wait_s,
        language=transcript.language,
        doubts=sound.doubts if sound else NO_DOUBTS,
    )
    if sound and voices:
        dialogue = replace(dialogue, shared_channel=sound.shared_channel)
    view = CallView(
        transcript=transcript,
        roles=roles,
        dialogue=dialogue,
        duration=duration,
        language=transcript.language,
        text_usable=usable,
        text_reason=why_not,
        complete=None if sound is None else not _ends_early(sound),
        missing_start=recording is not None and _lost(recording, at_end=False),
        agent_names=tuple(name for name in (metadata.agent_name,) if name),
    )
    # Arousal is put beside what was said; nothing that judges or counts points is given it.
    stress = with_causes(gathered.stress, transcript, roles, sound.alone if sound else {})
    incidents = None if gathered.incidents is None else near(gathered.incidents, metadata.started_at)
    lasted = length_of(duration, turns)
    excused = excuse(judge(rubric, view, embedder), gathered.incidents, metadata, lasted)
    findings = excused.findings
    signals = find_signals(view, rubric, embedder)
    return CallAnalysis(
        call_id=gathered.call_id,
        path=gathered.path,
        provenance=Provenance(
            speechqa=__version__,
            rubric=rubric.reference,
            rubric_digest=rubric.digest,
            settings_digest=settings.digest(),
            model_digest=gathered.model_digest,
            profile=settings.profile,
            run_id=stamp.run_id,
            created_at=stamp.created_at,
            settings=asdict(settings),
            input_digest=gathered.input_digest,
            diarizer=sound.diarizer if sound else None,
            act_model=act_model.name,
            turn_model=shipped_turn_model().name if rubric.turn_model else None,
            verdict_model=shipped_verdict_model().name if rubric.turn_model else None,
            embeddings=embedder.name if embedder is not None else None,
            judging_code=judging_code(),
            incidents_digest=digest_of(incidents or ()),
        ),
        metadata=metadata,
        recording=recording,
        transcript=transcript,
        roles=roles,
        uncorrected_roles=gathered.uncorrected_roles,
        corrected_turns=gathered.corrected_turns,
        duration=duration,
        dialogue=dialogue,
        stress=stress,
        accommodation=gathered.accommodation,
        findings=findings,
        signals=signals,
        scores=score(findings),
        listen_to=what_to_listen_to(
            findings=findings,
            signals=signals,
            dialogue=dialogue,
            stress=stress,
            transcript=transcript,
            recording=recording,
            roles=roles,
        ),
        notices=(
            *(sound.notes if sound else ()),
            *words.notes,
            *excused.notices,
            *judged_notices(roles, transcript, call_id=gathered.call_id),
            *word_notices(gathered.corrected_turns),
            *((COMPARED_NOTICE,) if gathered.accommodation and gathered.accommodation.features else ()),
            *(notices_of(settings.profile, agent_requested=settings.agent_stress) if sound else ()),
            *((PAPER_NOTICE,) if settings.profile == "il" and signals.form_demanded_to_cancel.value else ()),
        ),
        incidents=incidents or (),
        excused=excused.verdicts,
    )


def _speech(words: Words, sound: Sound | None) -> dict[str, Timeline] | None:
    """Speech that timing rests on; None lets it rest on the turns' own times."""
    if sound is None:
        return None
    if words.timed_by_sound:
        return sound.by_party
    return None if any(turn.party for turn in words.transcript.turns) else {"A": sound.anyone}


def _ends_early(sound: Sound) -> bool:
    """Whether the end of the call is missing, be it of one party alone."""
    return sound.doubts.both_heard_until is not None or _lost(sound.recording, at_end=True)


def _lost(recording: Recording, *, at_end: bool) -> bool:
    """Whether the end, or the beginning, of the call is missing from the recording."""
    long = (lost for lost in recording.lost if lost.duration > INCOMPLETE_LOST_S)
    if at_end:
        return any(lost.end >= recording.duration - EDGE_S for lost in long)
    return any(lost.start <= EDGE_S for lost in long)


def text_usable(transcript: Transcript) -> tuple[bool, str]:
    """Whether what was said may be judged, and if not, why."""
    if transcript.engine == "none":
        return False, "no words were transcribed: the engine is none"
    if not any(turn.text.strip() for turn in transcript.turns):
        return False, "no words were found in the recording"
    if all(turn.voiced is False for turn in transcript.turns if turn.text.strip()):
        return False, "no speech is heard anywhere in the recording where the transcript has words"
    if not transcript.confident:
        sure = transcript.mean_confidence
        count = sum(len(turn.words) for turn in transcript.turns)
        figure = (
            f"mean word confidence is {sure:.2f} over {count} words" if sure is not None else "none is known"
        )
        return False, f"the words are too doubtful to judge: {figure}, by {transcript.engine}"
    return True, ""


def word_notices(found: Sequence[CorrectedTurn]) -> tuple[str, ...]:
    """What a reader should know of corrected words."""
    lost = sum(turn.turn is None for turn in found)
    if not lost:
        return ()
    which = "A correction" if lost == 1 else f"{lost} corrections"
    return (f"{which} of words by a person fit no turn of this transcript and changed nothing",)


def judged_notices(
    roles: Mapping[str, RoleAssignment], transcript: Transcript, *, call_id: str
) -> tuple[str, ...]:
    """What a reader should know of how a call was judged."""
    notices = list(role_notices(roles, call_id))
    if transcript.draft:
        notices.append(f"The words come from {transcript.engine}, a draft engine: no basis for an audit")
    return tuple(notices)
