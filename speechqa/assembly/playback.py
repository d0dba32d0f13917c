"""How a stored call is heard and seen in a page: its recording as tracks, beside the page or in it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from speechqa.assembly.listening import channels_of_parties, hidden_stretches, opened_recording
from speechqa.assembly.saving import saved
from speechqa.core.analysis import CallAnalysis
from speechqa.core.dialogue import holders
from speechqa.core.playback import Heard, Outline, Playback, Track
from speechqa.core.segment import Timeline
from speechqa.errors import RecordingError, RecordingNotFound, UnreadableRecording
from speechqa.reports.naming import file_stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from speechqa.protocols import CallAudio

_IN_MEMORY: Final = 16 * 2**20


def playback_of(document: CallAnalysis, folder: Path | None, *, inside: bool = False) -> Playback:
    """Tracks and outlines of a call, with masked numbers bleeped; all tracks are written or none.

    Parameters
    ----------
    folder : Path or None
        Where the page lies; tracks get names beside it. Without one, and not `inside`, no track is made.
    inside : bool
        Tracks go into the page itself, as addresses that hold the sound.

    Returns
    -------
    Playback
        Where the sound cannot or must not be heard, `missing` says why; where the recording can be read all
        the same, the outlines are there.

    Raises
    ------
    ReportError
        If a track cannot be written.
    """
    if document.recording is None:
        return Playback(missing="The call was analysed without a recording.")
    bleeped: Timeline = ()
    missing = "" if inside or folder is not None else "The page was made without the sound of the call."
    try:
        bleeped = hidden_stretches(document)
    except RecordingError as error:
        missing = missing or f"{error.what}."
    try:
        with opened_recording(document) as audio:
            parties = channels_of_parties(document, audio.channels)
            tracks, outlines = _made(
                audio,
                {} if missing else _weights(document, audio.channels, parties),
                bleeped,
                stem=file_stem("call", document.call_id),
                folder=None if inside else folder,
            )
    except RecordingNotFound:
        return Playback(missing="The recording is not where it was when the call was analysed.")
    except UnreadableRecording:
        return Playback(
            missing="The recording was changed since the call was analysed, or cannot be read any more."
        )
    except RecordingError as error:
        return Playback(missing=f"{error.what}.")
    return Playback(tracks=tracks, outlines=_by_party(outlines, parties), bleeped=bleeped, missing=missing)


def track_names(call_id: str) -> tuple[str, ...]:
    """Names of all files beside a call's page that may hold its sound."""
    heard: tuple[Heard, ...] = ("both", "agent", "customer")
    return tuple(_track_name(file_stem("call", call_id), one) for one in heard)


def _track_name(stem: str, heard: Heard) -> str:
    return f"{stem}-{heard}.webm"


def _weights(
    document: CallAnalysis, channels: int, parties: Mapping[str, int]
) -> dict[Heard, NDArray[np.float32]]:
    """What is heard in each track: agent left, customer right, and each alone where they have a channel."""
    from speechqa.audio.tracks import alone, together

    roles = holders(document.roles)
    agent, customer = (parties.get(roles.get(role) or "") for role in ("agent", "customer"))
    if agent is None or customer is None or agent == customer:
        return {"both": together(channels)}
    return {
        "both": together(channels, (agent,), (customer,)),
        "agent": alone(channels, (agent,)),
        "customer": alone(channels, (customer,)),
    }


def _made(
    audio: CallAudio,
    weights: Mapping[Heard, NDArray[np.float32]],
    bleeped: Timeline,
    *,
    stem: str,
    folder: Path | None,
) -> tuple[tuple[Track, ...], tuple[Outline, ...]]:
    """Write the tracks, into a folder or into their own addresses."""
    from speechqa.audio.tracks import TRACK_TYPE, TrackPlan, write_tracks

    with ExitStack() as opened:
        targets: dict[Heard, BinaryIO] = {}
        for heard in weights:
            if folder is None:
                file = opened.enter_context(SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="speechqa-"))
                targets[heard] = cast("BinaryIO", file)
            else:
                target = folder / _track_name(stem, heard)
                targets[heard] = opened.enter_context(saved(target, force=True, swept=True))
        plans = [TrackPlan(targets[heard], weights[heard]) for heard in weights]
        outlines = write_tracks(audio, plans, bleeped)
        tracks = tuple(
            Track(
                heard=heard,
                source=_address(targets[heard]) if folder is None else _track_name(stem, heard),
                media_type=TRACK_TYPE,
            )
            for heard in weights
        )
    return tracks, outlines


def _address(file: BinaryIO) -> str:
    file.seek(0)
    return "data:audio/webm;base64," + base64.b64encode(file.read()).decode()


def _by_party(outlines: tuple[Outline, ...], parties: Mapping[str, int]) -> dict[str, Outline]:
    from speechqa.audio.tracks import shared_outline

    if parties:
        return {party: outlines[channel] for party, channel in parties.items()}
    return {"": shared_outline(outlines)}
