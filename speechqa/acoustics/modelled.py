"""Vocal arousal by a model of the user's own, relative to the speaker's own calm level all the same.

The model hears pieces of the speaker's own talk below 4 kHz at one level. Its output is put on the
voiced frames of each piece, so that windows, floors and episodes are those of the curve measured by voice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import soxr
from numpy.typing import NDArray

from speechqa.acoustics.baseline import calm_weights
from speechqa.acoustics.curve import curve_over
from speechqa.acoustics.frames import SURE, Frames
from speechqa.acoustics.pitch import at_one_level
from speechqa.acoustics.windows import StressSettings
from speechqa.core.segment import Segment, Timeline, seconds
from speechqa.core.stress import StressBaseline, StressCurve, StressWindow
from speechqa.core.value import Value
from speechqa.protocols import ArousalModel, ArousalModelInfo, CallAudio, Samples

Floats = NDArray[np.float64]

FEATURE = "model"
"""Name of the model's share and of its calm level in documents."""

_BAND_RATE = 8000
_SHORTEST_S = 1.0  # of talk a piece needs to be judged
_FURTHEST_S = 30.0  # between two utterances of one piece


class ModelledVoice(Value, frozen=True, kw_only=True):
    """What a model says of one speaker's voice.

    Attributes
    ----------
    info : ArousalModelInfo
        What the model is.
    times, values : array, shape (n,)
        Middles of the voiced frames in seconds on the call's clock, and for each the model's output for the
        piece it lies in; frames of pieces that are too short are left out.
    pieces : array, shape (m,)
        The model's output for each piece.
    hop_s : float
        Seconds of sound each frame stands for.
    """

    info: ArousalModelInfo
    times: Floats
    values: Floats
    pieces: Floats
    hop_s: float


def modelled_voice(
    audio: CallAudio, channel: int, speech: Timeline, frames: Frames, model: ArousalModel
) -> ModelledVoice:
    """Ask the model about each piece of a speaker's talk.

    Raises
    ------
    ModelError
        If the model does not run, or gives no finite number.
    """
    voiced = frames.times[frames.weights >= SURE]
    times: list[Floats] = [np.zeros(0)]
    values: list[Floats] = [np.zeros(0)]
    pieces: list[float] = []
    for piece in _pieces(speech, model.info.piece_s):
        inside = np.zeros(len(voiced), np.bool_)
        for segment in piece:
            inside |= (voiced >= segment.start) & (voiced < segment.end)
        if not inside.any():
            continue
        sound = _sound(audio, channel, piece, model.info.sample_rate)
        if sound is None:
            continue
        found = float(model.arousal(sound))
        pieces.append(found)
        times.append(voiced[inside])
        values.append(np.full(int(inside.sum()), found))
    return ModelledVoice(
        info=model.info,
        times=np.concatenate(times),
        values=np.concatenate(values),
        pieces=np.array(pieces, np.float64),
        hop_s=frames.hop_s,
    )


def modelled_baseline(
    found: Iterable[ModelledVoice], source: Literal["call", "recordings"] = "recordings"
) -> StressBaseline:
    """The speaker's calm level on the model's scale, found as `baseline.calm_weights` says.

    Returns
    -------
    StressBaseline
        With the one feature `model`; with source `none` where no piece was judged.
    """
    voices = [voice for voice in found if len(voice.pieces)]
    if not voices:
        return StressBaseline(source="none")
    pieces = np.concatenate([voice.pieces for voice in voices])
    weights, spread = calm_weights(pieces / voices[0].info.calm_deviation)
    return StressBaseline(
        source=source,
        voiced_seconds=round(sum(len(voice.times) * voice.hop_s for voice in voices), 3),
        spread=round(spread, 3),
        features={FEATURE: round(float(weights @ pieces / weights.sum()), 6)},
    )


def modelled_curve(
    voice: ModelledVoice,
    speech: Timeline,
    *,
    baseline: StressBaseline | None = None,
    settings: StressSettings | None = None,
) -> StressCurve:
    """A speaker's arousal over a call as the model hears it.

    Parameters
    ----------
    voice : ModelledVoice
        What the model says of the speaker.
    speech : Timeline
        When the speaker talks.
    baseline : StressBaseline, optional
        Of the same model over earlier recordings (`modelled_baseline`); else of this call, which needs more
        than one window.
    settings : StressSettings, optional
        Windows, floors and thresholds.

    Returns
    -------
    StressCurve
        Values over the baseline in the model's own deviations within calm speech; None where too little was
        voiced.
    """
    return curve_over(speech, _ModelMeter(voice), baseline=baseline, settings=settings)


class _ModelMeter:
    """Arousal by what a model said of each piece of talk."""

    def __init__(self, voice: ModelledVoice) -> None:
        self._voice = voice
        self.measured_by = named(voice.info)

    def own_baseline(self) -> StressBaseline:
        return modelled_baseline([self._voice], "call")

    def unusable(self, baseline: StressBaseline) -> str | None:
        if FEATURE in baseline.features:
            return None
        return f"the recordings named as baseline hold no talk that {self._voice.info.name} was asked about"

    def voiced_s(self, stretch: Segment) -> float:
        return len(self._values(stretch)) * self._voice.hop_s

    def shares(self, stretch: Segment, baseline: StressBaseline) -> dict[str, float]:
        over = float(self._values(stretch).mean()) - baseline.features[FEATURE]
        return {FEATURE: over / self._voice.info.calm_deviation / baseline.spread}

    def because(self, top: StressWindow, baseline: StressBaseline) -> tuple[str, ...]:
        shift = (top.value or 0.0) * self._voice.info.calm_deviation * baseline.spread
        return (f"{self._voice.info.name} {shift:+.3g} over own baseline on its own scale",)

    def _values(self, stretch: Segment) -> Floats:
        first, last = np.searchsorted(self._voice.times, [stretch.start, stretch.end])
        values: Floats = self._voice.values[first:last]
        return values


def named(info: ArousalModelInfo) -> str:
    """What documents say a curve is measured by: the model's name and digest."""
    return f"{info.name}, sha256 {info.digest}"


def _pieces(speech: Timeline, piece_s: float) -> list[Timeline]:
    """Stretches of `piece_s` of the speaker's own talk; too short a rest joins the piece before it."""
    pieces: list[list[Segment]] = []
    going: list[Segment] = []
    for segment in speech:
        if going and segment.start - going[-1].end > _FURTHEST_S:
            pieces.append(going)
            going = []
        start = segment.start
        while seconds(going) + segment.end - start >= piece_s:
            cut = min(segment.end, start + max(0.0, piece_s - seconds(going)))
            pieces.append([*going, Segment(start, cut)])
            going, start = [], cut
        if segment.end > start:
            going.append(Segment(start, segment.end))
    if going:
        pieces.append(going)
    joined: list[list[Segment]] = []
    for piece in pieces:
        if seconds(piece) >= _SHORTEST_S:
            joined.append(piece)
        elif joined and piece[0].start - joined[-1][-1].end <= _FURTHEST_S:
            joined[-1].extend(piece)
    return [tuple(piece) for piece in joined]


def _sound(audio: CallAudio, channel: int, piece: Timeline, sample_rate: int) -> Samples | None:
    """A piece's talk below 4 kHz at one level and the model's rate; None where it is silent."""
    found = at_one_level(
        np.concatenate([audio.read(channel, segment.start, segment.end) for segment in piece])
    )
    if found is None:
        return None
    narrow = soxr.resample(found[0], audio.sample_rate, _BAND_RATE)
    return np.asarray(soxr.resample(narrow, _BAND_RATE, sample_rate), np.float32)
