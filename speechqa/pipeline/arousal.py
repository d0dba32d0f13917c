"""Whose voice is measured, whose vocal arousal is computed, and from which stretches of which channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from speechqa.acoustics.baseline import baseline_from
from speechqa.acoustics.frames import Frames
from speechqa.acoustics.modelled import ModelledVoice, modelled_voice
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.population import absolute_view
from speechqa.core.dialogue import RoleAssignment, holders
from speechqa.core.profiles import ProfileName, curves_of
from speechqa.core.segment import Timeline
from speechqa.core.source import Role
from speechqa.core.stress import StressCurve
from speechqa.errors import ModelError
from speechqa.pipeline.measured import curve_of
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.stages import EACH_TIME, MODELLED_VOICE, VOICE, Stages, digest_of
from speechqa.pipeline.voices import doubted
from speechqa.protocols import ArousalModel, CallAudio, PitchTracker

SEVERAL: Final = "several parties have this role: nobody knows whose voice is meant"


def measured_roles(*, profile: ProfileName, agent_stress: bool) -> frozenset[Role]:
    """Roles whose arousal is computed, as the profile says; the agent's only where the operator asks."""
    return curves_of(profile, agent_requested=agent_stress)


def voices_of(
    audio: CallAudio,
    sound: Sound,
    roles: Mapping[str, RoleAssignment],
    *,
    pitch: PitchTracker,
    wanted: frozenset[Role],
    stages: Stages = EACH_TIME,
) -> dict[str, Frames]:
    """The voice of every party with a wanted role, by party; where others talk too it is left out."""

    def voice(channel: int, speech: Timeline) -> Frames:
        given = (sound.shared_channel, channel, speech, pitch.name)
        return stages.once(VOICE, given, lambda: voiced_frames(audio, channel, speech, pitch))

    return {
        party: voice(sound.channel_of(party), speech)
        for party, speech in sound.alone.items()
        if party in roles and roles[party].role in wanted
    }


def arousal(
    voices: Mapping[str, Frames],
    sound: Sound,
    roles: Mapping[str, RoleAssignment],
    *,
    wanted: frozenset[Role],
    audio: CallAudio,
    model: ArousalModel | None = None,
    stages: Stages = EACH_TIME,
) -> dict[str, StressCurve]:
    """The curve of every party that alone has a wanted role, by role; of nobody unknown.

    With `model` it is the model's, asked about the same stretches of `audio`.
    """

    def curve(party: str, frames: Frames) -> StressCurve:
        speech, channel = sound.alone[party], sound.channel_of(party)

        def modelled(by: ArousalModel) -> ModelledVoice:
            given = (sound.shared_channel, channel, speech, digest_of(VOICE, frames), by.info)
            return stages.once(
                MODELLED_VOICE, given, lambda: modelled_voice(audio, channel, speech, frames, by)
            )

        try:
            return curve_of(frames if model is None else modelled(model), speech)
        except ModelError as error:  # nobody's scorecard waits for a curve
            return StressCurve(reason=f"the arousal model failed: {error}")

    alone = holders(roles)
    curves: dict[str, StressCurve] = {}
    for party, frames in voices.items():
        role = roles[party].role
        if role not in wanted:
            continue
        if alone.get(role) != party:
            curves[role] = StressCurve(reason=SEVERAL)
        else:
            curves[role] = _beside_others(doubted(curve(party, frames), sound), frames)
    return curves


def _beside_others(curve: StressCurve, frames: Frames) -> StressCurve:
    """The curve with the absolute view, which is of the voice in this call, whatever measures the curve."""
    of_voice = curve.measured_by == "voice" and curve.baseline.source == "call"
    calm = curve.baseline if of_voice else baseline_from([frames], "call")
    return replace(curve, absolute=absolute_view(calm))
