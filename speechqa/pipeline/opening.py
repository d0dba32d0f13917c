"""A recording that is decoded when its sound is first needed, and not at all where nobody needs it."""

from __future__ import annotations

from msgspec.structs import replace

from speechqa.core.recording import Recording
from speechqa.core.source import CallSource, printable_path
from speechqa.errors import RecordingChanged
from speechqa.protocols import CallAudio, Decoder, Samples


class LateAudio:
    """The sound of a call as `protocols.CallAudio`, decoded on first use.

    Parameters
    ----------
    identity : str
        The digest that its bytes must have; empty takes any.

    Raises
    ------
    RecordingChanged
        On first use, where they have another.
    """

    def __init__(self, source: CallSource, decoder: Decoder, identity: str) -> None:
        self._source, self._decoder, self._identity = source, decoder, identity
        self._opened: tuple[Recording, CallAudio] | None = None
        self._told: Recording | None = None

    @property
    def recording(self) -> Recording:
        """What was recorded; decodes it."""
        return self._open()[0]

    def is_of(self, recording: Recording) -> None:
        """Take over what is known of the recording already, so that asking for it decodes nothing."""
        self._told = recording

    @property
    def sample_rate(self) -> int:
        """Working rate in samples a second."""
        return self._open()[1].sample_rate

    @property
    def channels(self) -> int:
        """How many channels."""
        return self._open()[1].channels if self._told is None else self._told.channels

    @property
    def duration(self) -> float:
        """Seconds of the longest channel."""
        return self._open()[1].duration

    def read(self, channel: int, start: float, end: float) -> Samples:
        """Samples of one channel between two times in seconds."""
        return self._open()[1].read(channel, start, end)

    def close(self) -> None:
        """Give back the sound, where it was decoded."""
        if self._opened is not None:
            self._opened[1].close()

    def _open(self) -> tuple[Recording, CallAudio]:
        if self._opened is None:
            recording, audio = self._opened = self._decoder.open(self._source)
            if self._identity and recording.sha256 != self._identity:
                audio.close()
                raise RecordingChanged(
                    "The recording changed while it was waiting to be analysed",
                    where=printable_path(self._source.path),
                    found=f"SHA-256 {recording.sha256[:12]}",
                    expected=f"{self._identity[:12]}, as when it was found",
                    hint="It may be being written still: run the same command again once it is whole",
                )
        return self._opened


def lying_at(recording: Recording, source: CallSource) -> Recording:
    """A recording with the paths of now: the same bytes may have lain elsewhere before."""
    files = tuple(
        replace(file, path=printable_path(given.path))
        for file, given in zip(recording.files, source.ordered_files, strict=True)
    )
    return replace(recording, path=printable_path(source.path), files=files)


def lying_nowhere(recording: Recording) -> Recording:
    """A recording without its paths, which may name people."""
    files = tuple(replace(file, path="") for file in recording.files)
    return replace(recording, path="", files=files)
