"""A whole call as tracks that browsers play, and the outline of its sound, in one pass over the samples.

Tracks are Opus in WebM. Of what Chromium, Firefox and Safari all play it is the one that is right for speech
at a few kilobits and keeps time: WebM has an index of its places (cues) and says how many samples the encoder
put before the sound, so that a browser seeks to the sample in a plain file. MP3 says neither, but for
extensions that players heed or not, and at 8 kHz its encoder alone puts 138 ms before the sound; Ogg has no
index, and Safari reads Opus in it only since 2025.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from speechqa.audio.clips import clip_pieces
from speechqa.audio.resample import to_int16
from speechqa.core.playback import Outline
from speechqa.core.segment import Segment, Timeline

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

    from speechqa.protocols import CallAudio

TRACK_TYPE: Final = "audio/webm; codecs=opus"

_BITS_PER_SECOND: Final = 24_000
_CROSSFEED: Final = 0.5
_OUTLINE_STEPS_S: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_MOST_STEPS: Final = 36_000
_FULL_SCALE: Final = 32768.0


class TrackPlan(NamedTuple):
    """A track to be written: where, and how loud each channel of the call is in each of its one or two."""

    target: BinaryIO
    weights: NDArray[np.float32]


def alone(channels: int, heard: Sequence[int]) -> NDArray[np.float32]:
    """Weights of a track in which only these channels of the call are heard."""
    weights = np.zeros((1, channels), dtype=np.float32)
    weights[0, list(heard)] = 1.0 / len(heard)
    return weights


def together(channels: int, left: Sequence[int] = (), right: Sequence[int] = ()) -> NDArray[np.float32]:
    """Weights of a track in which everything is heard, some on the left and some on the right.

    Each side also hears the other at half its level (6 dB less). That is enough for the ears to put the
    parties in two places, and who has one ear piece on still follows both; parted wholly, one of the two
    would be lost. What is on neither side is in the middle. Without sides, channels take turns.
    """
    if channels == 1:
        return np.ones((1, 1), dtype=np.float32)
    if not left or not right:
        left, right = range(0, channels, 2), range(1, channels, 2)
    weights = np.full((2, channels), (1.0 + _CROSSFEED) / 2, dtype=np.float32)
    for ear, (near, far) in enumerate(((left, right), (right, left))):
        weights[ear, list(near)] = 1.0 / len(near)
        weights[ear, list(far)] = _CROSSFEED / len(far)
    return weights


def write_tracks(audio: CallAudio, plans: Iterable[TrackPlan], bleeped: Timeline) -> tuple[Outline, ...]:
    """Write tracks of a call, and give the outline of each of its channels; memory does not grow with it.

    Parameters
    ----------
    plans : iterable of TrackPlan
        None where only the outlines are wanted. Targets can seek.
    bleeped : Timeline
        Seconds in which a tone of 1 kHz stands on every track, and nothing in the outlines.

    Notes
    -----
    Equal sound gives equal bytes with the same version of FFmpeg.
    """
    rate = audio.sample_rate
    step = round(outline_step(audio.duration) * rate)
    chosen = list(plans)
    peaks: list[NDArray[np.uint8]] = []
    with _writers(chosen, rate) as writers:
        whole = Segment(0.0, audio.duration)
        for piece in clip_pieces(audio, range(audio.channels), whole, bleeped):
            peaks.append(_peaks(piece, step))
            if writers:
                samples = piece.astype(np.float32) / np.float32(_FULL_SCALE)
                for plan, writer in zip(chosen, writers, strict=True):
                    writer.write(to_int16(np.dot(samples, plan.weights.T).astype(np.float32)))
    found = np.concatenate(peaks) if peaks else np.zeros((0, audio.channels), dtype=np.uint8)
    for segment in bleeped:
        found[int(segment.start * rate) // step : -(-int(np.ceil(segment.end * rate)) // step)] = 0
    return tuple(Outline(step_s=step / rate, peaks=found[:, c].tobytes()) for c in range(audio.channels))


def outline_step(duration: float) -> float:
    """Seconds a step of an outline: fine for a short call, and never more steps than a page can bear.

    Examples
    --------
    >>> outline_step(61.2), outline_step(3600), outline_step(1e6)
    (0.02, 0.1, 1.0)
    """
    fitting = (step for step in _OUTLINE_STEPS_S if duration / step <= _MOST_STEPS)
    return next(fitting, _OUTLINE_STEPS_S[-1])


def shared_outline(outlines: Sequence[Outline]) -> Outline:
    """The outline of several channels as one, where no party has a channel of its own."""
    if len(outlines) == 1:
        return outlines[0]
    loudest = np.max([np.frombuffer(one.peaks, dtype=np.uint8) for one in outlines], axis=0)
    return Outline(step_s=outlines[0].step_s, peaks=loudest.tobytes())


def _peaks(piece: NDArray[np.int16], step: int) -> NDArray[np.uint8]:
    """The loudest sample of each step; all pieces but the last hold whole steps."""
    missing = -len(piece) % step
    # As 32 bits, for the absolute value of the lowest sample is no 16-bit number.
    loud = np.abs(np.pad(piece, ((0, missing), (0, 0))).astype(np.int32))
    highest = loud.reshape(-1, step, piece.shape[1]).max(axis=1)
    # Upwards, so that only digital silence is drawn as none.
    scaled: NDArray[np.uint8] = np.ceil(highest * (255.0 / _FULL_SCALE)).astype(np.uint8)
    return scaled


class _TrackWriter:
    """One track on its way into a file."""

    def __init__(self, container: OutputContainer, rate: int, channels: int) -> None:
        self._container, self._rate = container, rate
        self._layout = "stereo" if channels == 2 else "mono"
        # Frames of 60 ms: a third of the usual packets, whose headers would else weigh as much as pauses do.
        # The encoder's simplest search takes a third of the time of its fullest, and telephone sound has no
        # use for more. Tuned to speech it keeps the sides apart, which it does not at this rate for music.
        options = {"application": "voip", "vbr": "on", "frame_duration": "60", "compression_level": "1"}
        stream = cast("Any", container.add_stream("libopus", rate=rate, options=options))
        stream.layout, stream.format, stream.bit_rate = self._layout, "s16", _BITS_PER_SECOND
        self._stream = cast("AudioStream", stream)
        self._position = 0

    def write(self, samples: NDArray[np.int16]) -> None:
        """Samples of shape (frames, channels)."""
        import av

        packed = np.ascontiguousarray(samples).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=self._layout)
        frame.sample_rate, frame.pts, frame.time_base = self._rate, self._position, Fraction(1, self._rate)
        self._position += len(samples)
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._container.mux(self._stream.encode(None))


@contextmanager
def _writers(plans: Sequence[TrackPlan], rate: int) -> Iterator[list[_TrackWriter]]:
    from contextlib import ExitStack

    import av

    with ExitStack() as opened:
        writers = []
        for plan in plans:
            # Without a date and a random number in it, the same call is the same file.
            options = {"fflags": "+bitexact"}
            container = opened.enter_context(av.open(plan.target, "w", format="webm", options=options))
            writers.append(_TrackWriter(container, rate, plan.weights.shape[0]))
        yield writers
        for writer in writers:
            writer.finish()
