"""A stored call judged again without its sound: by another rubric, or with other roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from speechqa.config import Settings
from speechqa.core.accommodation import Accommodation
from speechqa.core.analysis import CallAnalysis
from speechqa.core.dialogue import ChannelDoubts, RoleAssignment, holders
from speechqa.core.incidents import Incident
from speechqa.core.profiles import EVERY_NOTICE
from speechqa.core.rubric import Rubric
from speechqa.core.segment import Timeline, union
from speechqa.core.source import Role
from speechqa.core.stress import StressCurve
from speechqa.core.transcript import Transcript
from speechqa.pipeline.accommodation import MISSING, carried
from speechqa.pipeline.arousal import SEVERAL, measured_roles
from speechqa.pipeline.judgement import Gathered, RunStamp, judged, judged_notices, word_notices
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.words import Words
from speechqa.protocols import Diarization, TextEmbedder
from speechqa.scoring.excusing import NOTICES, UNTIMED
from speechqa.version import __version__

STRESS_MISSING: Final = (
    "Not assessed: the roles were corrected without the recording at hand. The next audit with the recording "
    "computes it"
)
_WORDLESS: Final = Transcript(language=None, engine="none", confident=False)


def rejudged(  # noqa: PLR0913 - all that it is made of
    document: CallAnalysis,
    *,
    rubric: Rubric,
    settings: Settings,
    stamp: RunStamp,
    roles: Mapping[str, RoleAssignment] | None = None,
    stress: Mapping[str, StressCurve] | None = None,
    accommodation: Accommodation | None = None,
    embedder: TextEmbedder | None = None,
    incidents: tuple[Incident, ...] | None = None,
) -> CallAnalysis:
    """Measure, judge and score a call again from its document: nothing is decoded and nothing transcribed.

    With the rubric, settings and roles it was judged by before, everything comes out as it was, but for
    `run_id` and `created_at`.

    Parameters
    ----------
    document : CallAnalysis
        As it was stored.
    settings : Settings
        Those of the first analysis, but for the rubric's name: what was heard depends on the others.
    roles : mapping of str to RoleAssignment, optional
        Who is who now; as in the document where absent. Where a person corrected them, those of the document
        are kept as `uncorrected_roles`.
    stress : mapping of str to StressCurve, optional
        Curves of the roles that had none before, by role; without one such a role's curve is named as
        missing.
    accommodation : Accommodation, optional
        The comparison of agent and customer, where it was of nobody or of others before.
    embedder : TextEmbedder, optional
        The model that the settings name.
    incidents : tuple of Incident, optional
        Incidents of the organisation that hold now; those of the document where absent.

    Returns
    -------
    CallAnalysis
        `provenance.judged_with` names this version where another one heard the call.

    Notes
    -----
    A curve follows the party it was computed of. One whose party is no longer the customer is left out: the
    agent's arousal is shown to nobody unless the operator turned it on.
    """
    transcript = document.transcript or _WORDLESS
    given = document.roles if roles is None else roles
    gathered = Gathered(
        call_id=document.call_id,
        path=document.path,
        words=Words(
            transcript=transcript,
            timed_by_sound=_timed_by_sound(document),
            duration=document.duration,
            notes=_noticed(document, transcript, afresh=incidents is not None),
        ),
        roles=given,
        uncorrected_roles=_uncorrected(document, given),
        corrected_turns=document.corrected_turns,
        metadata=document.metadata,
        sound=sound_of(document),
        stress=_stress(document, given, settings, stress or {}),
        accommodation=carried(
            document.accommodation,
            document.roles,
            given,
            sound_of(document),
            tied=_timed_by_sound(document),
            computed=accommodation,
        ),
        model_digest=document.provenance.model_digest,
        input_digest=document.provenance.input_digest,
        incidents=document.incidents or None if incidents is None else incidents,
    )
    again = judged(gathered, rubric=rubric, settings=settings, stamp=stamp, embedder=embedder)
    before = document.provenance.speechqa
    return replace(
        again,
        provenance=replace(
            again.provenance, speechqa=before, judged_with=None if before == __version__ else __version__
        ),
    )


def missing_stress(document: CallAnalysis) -> frozenset[Role]:
    """Roles whose curve is missing for want of the recording: an audit with it computes them."""
    roles: tuple[Role, ...] = ("agent", "customer")
    return frozenset(r for r in roles if r in document.stress and document.stress[r].reason == STRESS_MISSING)


def missing_accommodation(document: CallAnalysis) -> bool:
    """Whether agent and customer were not compared for want of the recording: an audit with it does that."""
    return document.accommodation is not None and document.accommodation.reason == MISSING


def _uncorrected(document: CallAnalysis, given: Mapping[str, RoleAssignment]) -> Mapping[str, RoleAssignment]:
    if any(role.source == "corrected" for role in given.values()):
        return document.uncorrected_roles or document.roles
    return {}


def _timed_by_sound(document: CallAnalysis) -> bool:
    dialogue = document.dialogue
    # Where channels or voices hold no parties, the document has the speech of anyone under one letter.
    return dialogue is not None and dialogue.basis == "audio" and len(dialogue.speech) > 1


def sound_of(document: CallAnalysis) -> Sound | None:
    """What the sound of a stored call showed, as far as timing rests on it; None without a recording."""
    if document.recording is None:
        return None
    dialogue = document.dialogue
    speech: Mapping[str, Timeline] = {}
    if dialogue is not None and dialogue.basis == "audio":
        speech = dialogue.speech
    # Letters in the order of their channels or voices: A to Z, then AA.
    lines = tuple(speech[party] for party in sorted(speech, key=lambda party: (len(party), party)))
    diarizer = document.provenance.diarizer
    if dialogue is not None and dialogue.separation == "voice":
        one = (union(segment for line in lines for segment in line),)
        voices = Diarization(
            speakers=lines,
            overlapped=dialogue.overlapped,
            finds_overlap=dialogue.overlap_heard,
            confidence=dialogue.separation_confidence or 0.0,
        )
        return Sound(
            recording=document.recording,
            speech=one,
            faint=one,
            separate=False,
            voices=voices,
            diarizer=diarizer,
            shared_channel=dialogue.shared_channel or 0,
            waiting=dialogue.waiting,
        )
    separate = _timed_by_sound(document)
    return Sound(
        recording=document.recording,
        speech=lines,
        faint=lines,
        separate=separate,
        diarizer=diarizer,
        doubts=ChannelDoubts() if dialogue is None else dialogue.channel_doubts,
        waiting=None if dialogue is None else dialogue.waiting,
    )


def _noticed(document: CallAnalysis, transcript: Transcript, *, afresh: bool) -> tuple[str, ...]:
    """What was noticed of the sound and the words: the notices less those that judging adds.

    Where no incidents are given `afresh`, it stays that a call without a time could not be excused.
    """
    added = (
        *judged_notices(document.roles, transcript, call_id=document.call_id),
        *word_notices(document.corrected_turns),
        *(NOTICES if afresh else NOTICES - {UNTIMED}),
    )
    return tuple(n for n in document.notices if n not in added and n not in EVERY_NOTICE)


def _stress(
    document: CallAnalysis,
    given: Mapping[str, RoleAssignment],
    settings: Settings,
    computed: Mapping[str, StressCurve],
) -> dict[str, StressCurve]:
    """The curves by the roles of now, of those whose arousal the settings let be computed."""
    wanted = measured_roles(profile=settings.profile, agent_stress=settings.agent_stress)
    if not _timed_by_sound(document):
        return {}
    before, now = holders(document.roles), holders(given)
    of_party = {before[role]: curve for role, curve in document.stress.items() if role in before}
    curves: dict[str, StressCurve] = {}
    for party, role in sorted(given.items()):
        if role.role not in wanted:
            continue
        if now.get(role.role) != party:
            curves[role.role] = StressCurve(reason=SEVERAL)
            continue
        kept = of_party.get(party)
        if kept is None or kept.reason == STRESS_MISSING:
            kept = computed.get(role.role, StressCurve(reason=STRESS_MISSING))
        curves[role.role] = kept
    return curves
