"""A stored call judged again: by what it was analysed, and what its recording still has to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from speechqa.assembly.engines import build_engines, new_stamp
from speechqa.config import Settings
from speechqa.core.accommodation import Accommodation
from speechqa.core.analysis import CallAnalysis
from speechqa.core.dialogue import RoleAssignment
from speechqa.core.profiles import PROFILES, ProfileName
from speechqa.core.source import CallSource, PartyFile, Role, RoleCorrection
from speechqa.core.stress import StressCurve
from speechqa.errors import ModelError, RecordingError

if TYPE_CHECKING:
    from speechqa.pipeline.engines import Engines
    from speechqa.protocols import CallAudio


def settings_of(document: CallAnalysis) -> Settings:
    """The settings a call was analysed with; of a document that does not say, as far as it tells."""
    known = dict(document.provenance.settings)
    if PROFILES[msgspec.convert(document.provenance.profile, ProfileName)].agent_curve == "never":
        known.pop("agent_stress", None)  # turned on under an earlier version, which let it be
    if known:
        return msgspec.convert(known, Settings)
    provenance = document.provenance
    return msgspec.convert(
        {"rubric": provenance.rubric.split("@")[0], "profile": provenance.profile}, Settings
    )


def audit_fingerprint(document: CallAnalysis, correction: RoleCorrection | None) -> str:
    """The fingerprint that an audit of the same input with that correction looks for."""
    from speechqa.pipeline.batch import result_fingerprint

    return result_fingerprint(
        version=document.provenance.speechqa,
        settings=settings_of(document),
        rubric_digest=document.provenance.rubric_digest,
        input_digest=document.provenance.input_digest,
        roles=correction,
        words=[found.correction for found in document.corrected_turns],
        incidents=document.provenance.incidents_digest,
    )


def kept_fingerprint(document: CallAnalysis, correction: RoleCorrection | None) -> str:
    """The fingerprint a document that was judged again is kept under: the one an audit looks for.

    One that lacks a curve, or a comparison of voices, for want of the recording has its own, so that the
    next audit with the recording does not take it for done.
    """
    from speechqa.pipeline.batch import fingerprint
    from speechqa.pipeline.rejudge import missing_accommodation, missing_stress

    found = audit_fingerprint(document, correction)
    lacking = missing_stress(document) or missing_accommodation(document)
    return fingerprint(found, "without the recording") if lacking else found


def judged_again(
    document: CallAnalysis, roles: Mapping[str, RoleAssignment], *, with_audio: bool
) -> CallAnalysis:
    """A stored call judged again by its own rubric and settings, with other roles.

    Parameters
    ----------
    with_audio : bool
        Whether a voice that was not measured before is measured now, if the recording is still there,
        unchanged.

    Raises
    ------
    RubricError
        If the rubric cannot be read.
    """
    from speechqa.pipeline.rejudge import missing_accommodation, missing_stress, rejudged

    settings = settings_of(document)
    engines = build_engines(settings)

    def judge(stress: Mapping[str, StressCurve], accommodation: Accommodation | None = None) -> CallAnalysis:
        return rejudged(
            document,
            rubric=engines.rubric,
            settings=settings,
            stamp=stamp,
            roles=roles,
            stress=stress,
            accommodation=accommodation,
            embedder=engines.embedder(),
        )

    stamp = new_stamp()
    again = judge({})
    if with_audio and (missing_stress(again) or missing_accommodation(again)):
        return judge(*_heard_again(again, engines, settings))
    return again


def _heard_again(
    document: CallAnalysis, engines: Engines, settings: Settings
) -> tuple[dict[str, StressCurve], Accommodation | None]:
    """What a document lacks of its voices, from its recording; nothing where that is gone or changed."""
    from speechqa.audio.parties import OneChannel
    from speechqa.core.transcript import Transcript
    from speechqa.pipeline.accommodation import COMPARED, compared
    from speechqa.pipeline.arousal import arousal, voices_of
    from speechqa.pipeline.rejudge import missing_accommodation, missing_stress, sound_of

    source, sound = source_of(document, settings), sound_of(document)
    if source is None or sound is None:
        return {}, None
    try:
        model = engines.arousal_model()
        _, audio = engines.decoder.open(source)
    except (ModelError, RecordingError):
        return {}, None
    with closing(audio):
        heard: CallAudio = OneChannel(audio, sound.shared_channel) if sound.shared_channel else audio
        wanted, comparing = missing_stress(document), missing_accommodation(document)
        voices = voices_of(
            heard,
            sound,
            document.roles,
            pitch=engines.pitch,
            wanted=wanted | COMPARED if comparing else wanted,
        )
        curves = arousal(voices, sound, document.roles, wanted=wanted, audio=heard, model=model)
    words = document.transcript or Transcript(language=None, engine="none", confident=False)
    return curves, compared(voices, sound, document.roles, words) if comparing else None


def source_of(document: CallAnalysis, settings: Settings) -> CallSource | None:
    """The recording as it was opened, None where a file is gone or has changed."""
    from speechqa.ingest.identity import file_digest

    recording = document.recording
    if recording is None or not recording.files:
        return None
    if any(file_digest(file.path) != file.sha256 for file in recording.files):
        return None
    # A party's own file of several channels was averaged, which any role at all asks for again.
    averaged: Role | None = "unknown" if recording.channels == len(recording.files) > 1 else None
    offsets: Sequence[float] = recording.channel_offsets_s if len(recording.files) == 1 else ()
    return CallSource(
        files=tuple(
            PartyFile(path=file.path, role=averaged, offset_s=file.offset_s) for file in recording.files
        ),
        channel_offsets_s=dict(enumerate(offsets)),
        raw_format=settings.raw_format,
        raw_channels=settings.raw_channels,
    )
