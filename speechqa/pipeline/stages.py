"""Stages of a call that are dear and whose results are small: each is computed once and kept.

A result is found again by a digest of everything it depends on: the stage and the state of its code, the
recording's bytes and how they are read, and what the stage was given. Words are kept as documents have them,
with numbers masked: what is unmasked never leaves the stage.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from speechqa.acoustics.frames import FEATURES, Frames, SpooledFrames, VoicedFrames, pieces
from speechqa.acoustics.modelled import ModelledVoice
from speechqa.core.dialogue import ChannelDoubts
from speechqa.core.recording import Recording
from speechqa.core.source import CallSource
from speechqa.core.value import Value, require
from speechqa.pipeline.opening import lying_nowhere
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.stage_code import StageName, stage_version
from speechqa.pipeline.words import Words
from speechqa.protocols import ArousalModelInfo, StageCache

T = TypeVar("T")
Floats = NDArray[np.float64]

_ENCODER: Final = msgspec.msgpack.Encoder(order="sorted")


class Stage(Value, Generic[T], frozen=True, kw_only=True):
    """A stage by name, and its result to bytes and back; `unpack` raises for what is none of its own."""

    name: StageName
    pack: Callable[[T], bytes]
    unpack: Callable[[bytes], T]


class Stages:
    """The stages of one call; without a cache each is computed whenever it is asked for.

    Parameters
    ----------
    recording : str
        SHA-256 of the call's recording.
    reading : tuple
        How its bytes become sound, as `reading_of` gives it.
    """

    def __init__(
        self, cache: StageCache | None = None, *, recording: str = "", reading: tuple[object, ...] = ()
    ) -> None:
        self._cache, self._recording, self._reading = cache, recording, reading

    def once(
        self,
        stage: Stage[T],
        given: tuple[object, ...],
        compute: Callable[[], T],
        *,
        worth_keeping: Callable[[T], bool] | None = None,
    ) -> T:
        """The result of a stage: as it was kept, or computed and kept.

        Parameters
        ----------
        given : tuple
            All that the stage is given beside the sound.
        worth_keeping : callable, optional
            False for a result that another run of the same need not give; all are worth it without.
        """
        cache = self._cache
        at = None if cache is None else stage_version(stage.name)
        if cache is None or at is None:
            return compute()
        key = _digest((stage.name, at, self._recording, self._reading, given))
        kept = cache.read(self._recording, key)
        if kept is not None:
            try:
                return stage.unpack(kept)
            except (ValueError, msgspec.MsgspecError, RecursionError):
                pass  # none of ours: it is computed, and replaced
        result = compute()
        if worth_keeping is None or worth_keeping(result):
            cache.write(self._recording, key, stage.pack(result))
        return result


EACH_TIME: Final = Stages()
"""Stages of which nothing is kept."""


def reading_of(source: CallSource) -> tuple[object, ...]:
    """All of a source that decoding its files depends on, beside their bytes."""
    # Containers without a mark of their own are told by the name's ending. Names may be no Unicode.
    files = tuple(
        (file.role, file.offset_s, _ending(file.path).encode("utf-8", "backslashreplace"))
        for file in source.ordered_files
    )
    raw = None if source.raw_format is None else (source.raw_format, source.raw_channels)
    agent = (source.agent_channel, source.agent_offset_s) if source.agent_offset_s is not None else None
    return files, sorted(source.channel_offsets_s.items()), raw, agent


def for_words(sound: Sound) -> Sound:
    """What of a call's sound its words depend on: nothing else is shown to the recogniser."""
    nothing = Recording(path="", sha256="", duration=0.0, sample_rate=1, channels=1)
    return replace(sound, recording=nothing, notes=(), diarizer=None, doubts=ChannelDoubts(), waiting=None)


def digest_of(stage: Stage[T], result: T) -> str:
    """SHA-256 of a stage's result, for a stage that is given it."""
    return hashlib.sha256(stage.pack(result)).hexdigest()


def _digest(parts: tuple[object, ...]) -> str:
    return hashlib.sha256(_ENCODER.encode(parts)).hexdigest()


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122 - a str in, a str out


def _packed_sound(sound: Sound) -> bytes:
    return _ENCODER.encode(replace(sound, recording=lying_nowhere(sound.recording)))


class _Piece(Value, frozen=True, kw_only=True):
    # Views of the entry, not copies: a voice of hours is many megabytes.
    times: memoryview
    values: memoryview
    weights: memoryview
    level_db: memoryview


class _Frames(Value, frozen=True, kw_only=True):
    pieces: list[_Piece]
    hop_s: float


class _Modelled(Value, frozen=True, kw_only=True):
    info: ArousalModelInfo
    times: bytes
    values: bytes
    pieces: bytes
    hop_s: float


def _packed_frames(voice: Frames) -> bytes:
    return _ENCODER.encode(
        _Frames(
            pieces=[
                _Piece(
                    times=memoryview(_bytes(some.times)),
                    values=memoryview(_bytes(some.values)),
                    weights=memoryview(_bytes(some.weights)),
                    level_db=memoryview(_bytes(some.level_db)),
                )
                for some in pieces(voice)
            ],
            hop_s=voice.hop_s,
        )
    )


def _frames(data: bytes) -> Frames:
    found = msgspec.msgpack.decode(data, type=_Frames)
    voice = SpooledFrames(found.hop_s)
    for piece in found.pieces:
        times, values = _array(piece.times), _array(piece.values)
        require(values.size == times.size * len(FEATURES), "a row of features for each frame")
        weights, level_db = _array(piece.weights), _array(piece.level_db)
        require(weights.size == level_db.size == times.size, "a weight and a level for each frame")
        voice.add(
            VoicedFrames(
                times=times,
                values=values.reshape(times.size, len(FEATURES)),
                weights=weights,
                level_db=level_db,
                hop_s=found.hop_s,
            )
        )
    return voice


def _packed_modelled(voice: ModelledVoice) -> bytes:
    return _ENCODER.encode(
        _Modelled(
            info=voice.info,
            times=_bytes(voice.times),
            values=_bytes(voice.values),
            pieces=_bytes(voice.pieces),
            hop_s=voice.hop_s,
        )
    )


def _modelled(data: bytes) -> ModelledVoice:
    found = msgspec.msgpack.decode(data, type=_Modelled)
    times, values = _array(found.times), _array(found.values)
    require(times.size == values.size, "a value for each frame")
    pieces = _array(found.pieces)
    return ModelledVoice(info=found.info, times=times, values=values, pieces=pieces, hop_s=found.hop_s)


def _bytes(array: Floats) -> bytes:
    return np.ascontiguousarray(array, "<f8").tobytes()


def _array(data: bytes | memoryview) -> Floats:
    return np.frombuffer(data, "<f8").astype(np.float64)  # a copy: of the machine's own order, and aligned


SOUND: Final[Stage[Sound]] = Stage(
    name="sound", pack=_packed_sound, unpack=msgspec.msgpack.Decoder(Sound).decode
)
"""What the sound shows: what was recorded, who speaks when, what else is heard."""

WORDS: Final[Stage[Words]] = Stage(
    name="words", pack=_ENCODER.encode, unpack=msgspec.msgpack.Decoder(Words).decode
)
"""What an engine heard, numbers masked."""

VOICE: Final[Stage[Frames]] = Stage(name="voice", pack=_packed_frames, unpack=_frames)
"""Pitch and spectrum of a voice."""

MODELLED_VOICE: Final[Stage[ModelledVoice]] = Stage(
    name="modelled_voice", pack=_packed_modelled, unpack=_modelled
)
"""What a model of the user's own says of a voice."""
