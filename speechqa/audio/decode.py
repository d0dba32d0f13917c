"""Decoding one media file into spooled samples, with an account of what it declared and what was lost."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from numpy.typing import NDArray

from speechqa.audio.declared import Header, OggEnd, declares_length, read_header, read_ogg_end
from speechqa.audio.frames import Damage, decoded_frames, fit_channels, frame_array
from speechqa.audio.limits import (
    LONGEST_S,
    check_channels,
    check_heard,
    check_length,
    check_rate,
    is_rate,
    nothing_heard,
)
from speechqa.audio.media import audio_stream, open_container, open_file
from speechqa.audio.raw import RAW_RATE_HZ, has_header, raw_blocks
from speechqa.audio.resample import Feed, working_rate
from speechqa.audio.spool import SpooledAudio
from speechqa.audio.timeline import Placer
from speechqa.core.accidents import accident
from speechqa.core.plain import printable
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.source import RawFormat
from speechqa.errors import UnreadableRecording

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_EXACT_TAIL_S = 0.02
_CODED_TAIL_S = 0.15
_TAIL_FRAMES = 2.5
_PRIMING_START_S = -0.5
_OPUS_CLOCK_HZ = 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedFile:
    """One file's sound and what is known of it.

    `duration` is in seconds on the file's clock, a lost end included; the audio itself ends where the sound
    does.
    """

    audio: SpooledAudio
    sha256: str
    codec: str
    sample_rate: int
    duration: float
    declared: float | None
    lost: Timeline
    notes: tuple[str, ...]


def native_rate(path: str, raw_format: RawFormat | None) -> int:
    """Samples a second in a file, without decoding it.

    Raises
    ------
    RecordingError
        As `decode_file`.
    """
    with open_file(path) as file:
        if _is_raw(file, raw_format):
            return RAW_RATE_HZ
        with open_container(file, path, read_header(file).corrected) as container:
            return int(audio_stream(container, path, []).rate or 0)


def decode_file(
    path: str, *, raw_format: RawFormat | None = None, raw_channels: int = 1, rate: int | None = None
) -> DecodedFile:
    """Decode a file.

    Parameters
    ----------
    raw_format : {'mulaw', 'alaw'}, optional
        Encoding of a headerless file; a file that has a header after all is read by it.
    rate : int, optional
        Working rate in Hz; by default 8,000 for the telephone band, else 16,000.

    Raises
    ------
    RecordingNotFound, UnreadableRecording, EmptyRecording
        If nothing of it can be heard.
    """
    with open_file(path) as file:
        try:
            digest = hashlib.file_digest(cast("io.BufferedReader", file), "sha256").hexdigest()
            if raw_format is not None and _is_raw(file, raw_format):
                return _decode_raw(file, path, digest, raw_format, raw_channels, rate)
            header = read_header(file)
            with open_container(file, path, header.corrected) as container:
                notes = list(header.notes)
                if raw_format is not None:
                    notes.append("The file has a header, so it was read by that and not as headerless G.711.")
                stream = audio_stream(container, path, notes)
                return _Decoding(file, path, digest, header, container, stream, notes).run(rate)
        except OSError as error:
            if (no_room := accident(error)) is not None:
                raise no_room from error
            raise UnreadableRecording(
                "The recording could not be read to its end",
                where=printable(path),
                found=printable(error.strerror or str(error)),
                hint="Check the disk",
            ) from error


def _is_raw(file: BinaryIO, raw_format: RawFormat | None) -> bool:
    file.seek(0)
    return raw_format is not None and not has_header(file.read(12))


def _decode_raw(
    file: BinaryIO, path: str, digest: str, raw_format: RawFormat, channels: int, rate: int | None
) -> DecodedFile:
    check_channels(channels, path)
    audio = SpooledAudio(channels, rate or working_rate(RAW_RATE_HZ))
    try:
        feed = Feed(audio, RAW_RATE_HZ)
        frames = 0
        file.seek(0)
        for block in raw_blocks(file, raw_format, channels):
            frames += block.shape[0]
            check_length(frames / RAW_RATE_HZ, path)
            feed.write(block)
        feed.finish()
        check_heard(frames / RAW_RATE_HZ, audio.frames, path, damaged=0)
    except BaseException:
        audio.close()
        raise
    return DecodedFile(
        audio=audio,
        sha256=digest,
        codec=f"pcm_{raw_format}",
        sample_rate=RAW_RATE_HZ,
        duration=frames / RAW_RATE_HZ,
        declared=None,
        lost=(),
        notes=("A headerless file, read as 8-bit G.711 at 8,000 Hz.",),
    )


class _Decoding:
    """One file on its way through demuxing, placing and resampling."""

    def __init__(
        self,
        file: BinaryIO,
        path: str,
        digest: str,
        header: Header,
        container: InputContainer,
        stream: AudioStream,
        notes: list[str],
    ) -> None:
        self._file, self._path, self._digest, self._header = file, path, digest, header
        self._container, self._stream, self._notes = container, stream, notes
        self._format = container.format.name
        self._codec = stream.codec_context.name
        self._exact = self._codec.startswith("pcm_")
        self._rate = check_rate(int(stream.rate or 0), path)
        self._time_base = float(stream.time_base or 0) or 1 / self._rate
        self._channels = 0
        self._longest_frame_s = 0.0

    def run(self, rate: int | None) -> DecodedFile:
        """Decode all of it."""
        position = self._file.tell()
        ogg = read_ogg_end(self._file) if self._format == "ogg" else OggEnd(cut=False)
        declared = self._declared(ogg)
        self._file.seek(position)
        origin, starts_at = self._origin()
        placer = Placer(
            self._rate, declared_s=None if declared is None else starts_at + declared, starts_at_s=starts_at
        )
        damage = Damage()
        audio: SpooledAudio | None = None
        feed: Feed | None = None
        feed_rate = self._rate
        changes = 0
        try:
            for frame in decoded_frames(self._container, self._stream, placer, damage):
                if not is_rate(frame.sample_rate):
                    damage.packets += 1
                    continue
                samples = frame_array(frame)
                if audio is None or feed is None:
                    self._channels = check_channels(samples.shape[1], self._path)
                    audio = SpooledAudio(self._channels, rate or working_rate(self._rate))
                    feed = Feed(audio, frame.sample_rate)
                    feed_rate = frame.sample_rate
                elif frame.sample_rate != feed_rate or samples.shape[1] != self._channels:
                    changes += 1
                    if frame.sample_rate != feed_rate:
                        feed.finish()
                        feed, feed_rate = Feed(audio, frame.sample_rate), frame.sample_rate
                self._write(placer, feed, feed_rate, frame, samples, origin)
            if audio is None or feed is None:
                raise nothing_heard(self._path, damaged=damage.packets)
            feed.finish()
            check_heard(placer.position / self._rate, audio.frames, self._path, damaged=damage.packets)
        except BaseException:
            if audio is not None:
                audio.close()
            raise
        self._account(damage, placer, changes, cut_ogg=ogg.cut)
        end = placer.position / self._rate
        lost, duration = self._with_lost_end(placer.lost, end, declared, starts_at)
        return DecodedFile(
            audio=audio,
            sha256=self._digest,
            codec=self._codec,
            sample_rate=self._rate,
            duration=duration,
            declared=declared,
            lost=lost,
            notes=tuple(self._notes),
        )

    def _write(
        self,
        placer: Placer,
        feed: Feed,
        feed_rate: int,
        frame: AudioFrame,
        samples: NDArray[Any],
        origin: float,
    ) -> None:
        scale = self._rate / feed_rate
        length = round(samples.shape[0] * scale)
        time = None if frame.pts is None else frame.pts * self._time_base - origin
        silence, dropped = placer.place(time, length)
        check_length(placer.position / self._rate, self._path)
        if silence:
            feed.write_silence(round(silence / scale))
        feed.write(fit_channels(samples, self._channels)[round(dropped / scale) :])
        self._longest_frame_s = max(self._longest_frame_s, samples.shape[0] / feed_rate)

    def _declared(self, ogg: OggEnd) -> float | None:
        if self._header.is_wav and self._exact:
            return self._header.pcm_seconds
        if not declares_length(self._file, self._format):
            return None
        stream, container = self._stream, self._container
        if ogg.granule is not None:
            # At least the page that was cut is missing. Opus counts at 48 kHz whatever its input was.
            seconds = ogg.granule / (_OPUS_CLOCK_HZ if self._codec == "opus" else self._rate)
        elif stream.duration is not None and stream.time_base is not None:
            seconds = float(stream.duration * stream.time_base)
        elif container.duration is not None:
            seconds = container.duration / 1e6
        else:
            return None
        if 0 < seconds <= LONGEST_S:
            return seconds
        self._notes.append("The length the header gives cannot be right and was left aside.")
        return None

    def _origin(self) -> tuple[float, float]:
        """Time zero of the file's clock, and when the stream starts after it, both in seconds."""
        if self._stream.start_time is None or self._stream.time_base is None:
            return 0.0, 0.0
        start = float(self._stream.start_time * self._stream.time_base)
        if _PRIMING_START_S < start < 0:
            return 0.0, 0.0
        earliest = start
        if self._container.start_time is not None:
            earliest = self._container.start_time / 1e6
        if earliest < start - 0.001:
            return max(0.0, earliest), start - max(0.0, earliest)
        return start, 0.0

    def _with_lost_end(
        self, lost: Timeline, end: float, declared: float | None, starts_at: float
    ) -> tuple[Timeline, float]:
        if declared is None:
            return lost, end
        tolerance = _EXACT_TAIL_S if self._exact else max(_CODED_TAIL_S, _TAIL_FRAMES * self._longest_frame_s)
        promised = starts_at + declared
        if promised - end <= tolerance:
            return lost, end
        self._notes.append(
            f"The file declares {promised:.3f} s but its sound ends at {end:.3f} s: it is cut off, or "
            "its header is wrong."
        )
        return union((*lost, Segment(round(end, 3), round(promised, 3)))), promised

    def _account(self, damage: Damage, placer: Placer, changes: int, *, cut_ogg: bool) -> None:
        if damage.packets:
            self._notes.append(f"{damage.packets} damaged packets of the file could not be decoded.")
        if placer.rewinds:
            self._notes.append(
                f"The clock inside the file was set {placer.rewinds} times; the sound was joined there."
            )
        if changes:
            self._notes.append("The sound changes its rate or its channels on the way.")
        if cut_ogg:
            self._notes.append("The file lacks its last page: it was cut off, and says nowhere by how much.")
