"""The decoder behind `protocols.Decoder`: all files of a call, on one clock and at one rate."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from speechqa.audio.decode import DecodedFile, decode_file, native_rate
from speechqa.audio.parties import (
    JoinedAudio,
    PlacedChannel,
    audible_channels,
    sane_offsets,
    wanted_offsets,
)
from speechqa.audio.resample import working_rate
from speechqa.core.recording import MediaFile, Recording
from speechqa.core.segment import Segment, Timeline, seconds, union
from speechqa.core.source import CallSource, PartyFile, combined_digest, printable_path
from speechqa.protocols import CallAudio


class PyAVDecoder:
    """Decodes with FFmpeg's libraries through PyAV, which brings them along; no program is called.

    Files are opened read-only and by this process, so FFmpeg never takes a name for an address, and nothing a
    file refers to is opened. Sound is kept as 16 bits at the working rate, in memory up to 16 MB and in a
    nameless temporary file beyond.
    """

    def open(self, source: CallSource) -> tuple[Recording, CallAudio]:
        """Decode all files of a call.

        A single file keeps its channels. Several files give one channel each, the agent's first, then the
        customer's; a party's file of several channels is averaged, unless these cancel each other. Leading
        silence puts each at its offset.

        Parameters
        ----------
        source : CallSource
            Offsets beyond a minute, or longer than the call, are not applied, and the recording's notes say
            so.

        Returns
        -------
        Recording
            Its `duration` includes a declared end that is lost.
        CallAudio
            Its `duration` ends where the sound does. The caller closes it.

        Raises
        ------
        RecordingNotFound, UnreadableRecording, EmptyRecording
            If a file of the call cannot be heard at all.
        """
        files = source.ordered_files
        rate = None
        if len(files) > 1:
            rate = max(working_rate(native_rate(file.path, source.raw_format)) for file in files)
        with ExitStack() as opened:
            decoded = []
            for file in files:
                one = decode_file(
                    file.path, raw_format=source.raw_format, raw_channels=source.raw_channels, rate=rate
                )
                opened.callback(one.audio.close)
                decoded.append(one)
            result = _joined(source, files, decoded) if len(files) > 1 else _single(source, decoded[0])
            opened.pop_all()
        return result


def _single(source: CallSource, decoded: DecodedFile) -> tuple[Recording, CallAudio]:
    file = source.files[0]
    audio = decoded.audio
    notes = list(decoded.notes)
    wanted = wanted_offsets(source, audio.channels, notes)
    offsets = sane_offsets(wanted, [decoded.duration] * audio.channels, notes)
    shifted: CallAudio = audio
    if any(offsets):
        shifted = JoinedAudio(
            [
                PlacedChannel(audio=audio, channels=(channel,), offset_s=offset)
                for channel, offset in enumerate(offsets)
            ]
        )
    # A stretch lost in the file is lost on each channel, wherever that channel now lies.
    lost = union(span for offset in sorted(set(offsets)) for span in _moved(decoded.lost, offset))
    recording = Recording(
        path=printable_path(file.path),
        sha256=decoded.sha256,
        duration=round(decoded.duration + max(offsets), 3),
        declared_duration=None if decoded.declared is None else round(decoded.declared, 3),
        sample_rate=decoded.sample_rate,
        channels=audio.channels,
        lost_seconds=round(float(seconds(decoded.lost)), 3),
        lost=lost,
        codec=decoded.codec,
        channel_offsets_s=tuple(offsets),
        files=(_media_file(file, decoded, 0.0),),
        notes=tuple(notes),
    )
    return recording, shifted


def _joined(
    source: CallSource, files: Sequence[PartyFile], decoded: Sequence[DecodedFile]
) -> tuple[Recording, CallAudio]:
    notes = [
        f"{_side(file, index)}: {note}"
        for index, (file, one) in enumerate(zip(files, decoded, strict=True))
        for note in one.notes
    ]
    wanted = [
        source.agent_offset_s
        if file.role == "agent" and source.agent_offset_s is not None and not file.offset_s
        else source.channel_offsets_s.get(index, file.offset_s)
        for index, file in enumerate(files)
    ]
    offsets = sane_offsets(wanted, [one.duration for one in decoded], notes)
    placed: list[PlacedChannel] = []
    channel_offsets: list[float] = []
    for index, (file, one, offset) in enumerate(zip(files, decoded, offsets, strict=True)):
        groups = [tuple(range(one.audio.channels))]
        if file.role is None:
            groups = [(channel,) for channel in range(one.audio.channels)]
        elif one.audio.channels > 1:
            groups = [audible_channels(one.audio)]
            notes.append(f"{_side(file, index)}: {_downmix_note(one.audio.channels, groups[0])}")
        placed += [PlacedChannel(audio=one.audio, channels=group, offset_s=offset) for group in groups]
        channel_offsets += [offset] * len(groups)
    pairs = list(zip(decoded, offsets, strict=True))
    lost = union(span for one, offset in pairs for span in _moved(one.lost, offset))
    declared = [one.declared + offset for one, offset in pairs if one.declared is not None]
    recording = Recording(
        path=printable_path(source.path),
        sha256=combined_digest(one.sha256 for one in decoded),
        duration=round(max(one.duration + offset for one, offset in pairs), 3),
        declared_duration=round(max(declared), 3) if len(declared) == len(pairs) else None,
        sample_rate=max(one.sample_rate for one in decoded),
        channels=len(placed),
        lost_seconds=round(float(seconds(lost)), 3),
        lost=lost,
        codec="+".join(dict.fromkeys(one.codec for one in decoded)),
        channel_offsets_s=tuple(channel_offsets),
        files=tuple(_media_file(file, one, offset) for file, (one, offset) in zip(files, pairs, strict=True)),
        notes=tuple(notes),
    )
    return recording, JoinedAudio(placed)


def _side(file: PartyFile, index: int) -> str:
    return f"File of the {file.role}" if file.role else f"File {index + 1}"


def _downmix_note(channels: int, taken: tuple[int, ...]) -> str:
    if len(taken) == channels:
        return f"its {channels} channels were averaged."
    return f"its {channels} channels cancel each other, so channel {taken[0]} alone was taken."


def _moved(lost: Timeline, offset: float) -> list[Segment]:
    return [Segment(round(span.start + offset, 3), round(span.end + offset, 3)) for span in lost]


def _media_file(file: PartyFile, decoded: DecodedFile, offset: float) -> MediaFile:
    return MediaFile(
        path=printable_path(file.path),
        sha256=decoded.sha256,
        codec=decoded.codec,
        offset_s=offset,
        duration=round(decoded.duration, 3),
    )
