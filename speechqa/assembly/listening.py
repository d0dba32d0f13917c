"""A stored call's recording, opened again for somebody to listen to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from speechqa.assembly.rejudging import settings_of, source_of
from speechqa.assembly.roles import stored_call
from speechqa.assembly.saving import digest_so_far, require_not_purged, saved
from speechqa.core.analysis import CallAnalysis
from speechqa.core.dialogue import holders
from speechqa.core.plain import printable
from speechqa.core.segment import Segment, Timeline
from speechqa.core.value import Value
from speechqa.errors import RecordingError, RecordingNotFound, UnreadableRecording, UsageError
from speechqa.protocols import Store

if TYPE_CHECKING:
    from speechqa.audio.clips import SoundFormat
    from speechqa.protocols import CallAudio

Side = Literal["agent", "customer", "both"]


class Clip(Value, frozen=True, kw_only=True):
    """A piece of a recording that was written.

    `start` and `end` are seconds on the call's clock, `bleeped` the stretches of it that a tone covers;
    `draft` says that a draft engine heard the words, so that numbers may have been missed.
    """

    call_id: str
    output: str
    start: float
    end: float
    channels: tuple[int, ...]
    sample_rate: int
    bleeped: Timeline = ()
    original: bool = False
    draft: bool = False
    sha256: str


class ClipRequest(Value, frozen=True, kw_only=True):
    """Which piece of a call is wanted: seconds on the call's clock, whose channel, and whether as it is.

    An end after the call's is the call's; `original` leaves numbers to be heard.
    """

    start: float
    end: float
    side: Side = "both"
    original: bool = False


@contextmanager
def opened_recording(document: CallAnalysis) -> Iterator[CallAudio]:
    """The sound of a call, if its recording is there and unchanged.

    Raises
    ------
    RecordingNotFound, UnreadableRecording, RecordingError
        If there was none, it is gone, or its bytes are not the ones that were analysed.
    """
    from speechqa.audio.decoder import PyAVDecoder

    problems = recording_problems(document)
    if problems:
        what, missing = problems[0]
        kind = RecordingNotFound if missing else UnreadableRecording
        raise kind(
            what,
            where=f"call {document.call_id}",
            hint="Bring the recording back to where it was when it was analysed.",
        )
    source = source_of(document, settings_of(document))
    if source is None:
        raise RecordingError("The call was analysed without a recording", where=f"call {document.call_id}")
    _, audio = PyAVDecoder().open(source)
    with closing(audio):
        yield audio


def recording_problems(document: CallAnalysis) -> list[tuple[str, bool]]:
    """What is wrong with the files of a recording, and whether one is missing; nothing where all stand."""
    from speechqa.ingest.identity import file_digest

    problems = []
    for file in document.recording.files if document.recording is not None else ():
        path, found = printable(file.path), file_digest(file.path)
        if found is None:
            problems.append((f"The recording {path} is not there, or cannot be read", True))
        elif found != file.sha256:
            problems.append(
                (f"The recording {path} was changed: SHA-256 {found}, analysed as {file.sha256}", False)
            )
    return problems


def hidden_stretches(document: CallAnalysis) -> Timeline:
    """The stretches of a call that a copy of its sound must not hold.

    Raises
    ------
    RecordingError
        If nobody can say where they are: the call has no words, or a masked number no time.
    """
    from speechqa.privacy.bleeping import masked_sound

    hint = "To hear the recording as it is, give --original and a --reason."
    where = f"call {document.call_id}"
    transcript = document.transcript
    if transcript is None or not (transcript.turns or transcript.rejected):
        raise RecordingError(
            "The call has no transcript, so nobody knows where numbers are said in it", where=where, hint=hint
        )
    stretches, unplaced = masked_sound(transcript)
    if unplaced:
        raise RecordingError(
            "Masked numbers have no time, so they cannot be bleeped",
            where=where,
            found=f"{unplaced} without a time",
            hint=hint,
        )
    return stretches


def channels_of(document: CallAnalysis, side: Side, channels: int) -> tuple[int, ...]:
    """The channels of the recording on which that party is alone, or all.

    Raises
    ------
    UsageError
        If it is not known which channel is that party's, or the parties share one.
    """
    if side == "both":
        return tuple(range(channels))
    party = holders(document.roles).get(side)
    channel = None if party is None else channels_of_parties(document, channels).get(party)
    if channel is None:
        why = f"it is not known who the {side} is" if party is None else "the parties share a channel"
        raise UsageError(
            f"The {side} cannot be heard alone", where=f"call {document.call_id}", found=why,
            expected="--channel both",
        )  # fmt: skip
    return (channel,)


def channels_of_parties(document: CallAnalysis, channels: int) -> dict[str, int]:
    """The channel of each party, by its letter; nothing where parties share one."""
    dialogue = document.dialogue
    if dialogue is None or dialogue.separation != "channel" or len(document.roles) != channels:
        return {}
    turns = document.transcript.turns if document.transcript is not None else ()
    # Letters stand in the order of the channels: A to Z, then AA.
    letters = sorted(document.roles, key=lambda letter: (len(letter), letter))
    found = {}
    for place, party in enumerate(letters):
        told = {turn.channel for turn in turns if turn.party == party and turn.channel is not None}
        found[party] = told.pop() if len(told) == 1 else place
    return found


def write_stretch(
    file: BinaryIO,
    audio: CallAudio,
    stretch: Segment,
    *,
    channels: tuple[int, ...],
    bleeped: Timeline,
    form: SoundFormat,
) -> None:
    """Write a stretch of a call's sound into an open file."""
    from speechqa.audio.clips import clip_pieces, write_sound

    write_sound(
        file,
        clip_pieces(audio, channels, stretch, bleeped),
        sample_rate=audio.sample_rate,
        channels=len(channels),
        form=form,
    )


def save_clip(
    store: Store,
    reference: str,
    wanted: ClipRequest,
    target: Path,
    *,
    by: str,
    reason: str = "",
    force: bool = False,
) -> Clip:
    """Write a piece of a call's recording, with masked numbers bleeped, and log who took it.

    Parameters
    ----------
    target : Path
        A .wav or .flac file.
    by, reason : str
        Who takes it and why; a reason is needed where nothing is bleeped.

    Raises
    ------
    UsageError
        If the stretch holds nothing, the party has no channel, or the file is there already.
    CallNotFound, RecordingError, ReportError
        If there is no such call, its recording is gone or changed, or the file cannot be written.
    """
    from speechqa.privacy.redaction import redact_text

    if wanted.original and not reason.strip():
        raise UsageError("The sound as it is needs a reason", expected="--reason with --original")
    suffix = target.suffix.lower()
    if suffix not in (".wav", ".flac"):
        raise UsageError(
            "A clip is a WAV or FLAC file", found=printable(str(target)), expected=".wav or .flac"
        )
    document = stored_call(store, reference)
    with opened_recording(document) as audio:
        start, end = wanted.start, min(wanted.end, audio.duration)
        if not 0 <= start < end:
            raise UsageError(
                "There is nothing to hear between these times",
                where=f"call {document.call_id}",
                found=f"{start:g} to {end:g} s",
                expected=f"a stretch inside 0 to {audio.duration:.1f} s",
            )
        stretch = Segment(start, end)
        chosen = channels_of(document, wanted.side, audio.channels)
        hidden = () if wanted.original else hidden_stretches(document)
        inside = tuple(common for segment in hidden if (common := segment & stretch) is not None)
        with saved(target, force=force) as file:
            write_stretch(
                file,
                audio,
                stretch,
                channels=chosen,
                bleeped=inside,
                form="wav" if suffix == ".wav" else "flac",
            )
            digest = digest_so_far(file)
            # Nobody hears what a customer said without a trace of it: the log first, then the name.
            store.log(
                "clip",
                call=document.call_id,
                actor=redact_text(by),
                reason=redact_text(reason),
                details={
                    "from": f"{start:.3f}",
                    "to": f"{end:.3f}",
                    "channel": wanted.side,
                    "sound": "original" if wanted.original else f"{len(inside)} stretches bleeped",
                    "output": str(target.resolve()),
                    "sha256": digest,
                },
            )
        require_not_purged(store, (document.call_id,), (target,))
        return Clip(
            call_id=document.call_id,
            output=str(target),
            start=start,
            end=end,
            channels=chosen,
            sample_rate=audio.sample_rate,
            bleeped=inside,
            original=wanted.original,
            draft=document.transcript is not None and document.transcript.draft,
            sha256=digest,
        )
