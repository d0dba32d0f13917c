"""Build the sample calls from their scripts.

    python recordings/make_recordings.py            # all calls
    python recordings/make_recordings.py en-parcel  # one call

Needs the programs flite, festival (voices kal_diphone and cmu_us_slt_arctic_hts), espeak-ng and sox, and the
packages PyAV, numpy and msgspec. Everything is seeded: the same programs make the same files.
"""

from __future__ import annotations

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import msgspec
import numpy as np
from voices import SAMPLE_RATE, Samples, sox, speak

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "scripts"
TIMES = SCRIPTS / "times.json"
LABEL = "synthetic speech, made by recordings/make_recordings.py; no real person or company"

CODECS = {
    "mulaw.wav": ("pcm_mulaw", "s16", "wav", 0),
    "alaw.wav": ("pcm_alaw", "s16", "wav", 0),
    "adpcm.wav": ("adpcm_ima_wav", "s16p", "wav", 0),
    "flac": ("flac", "s16", "flac", 0),
    "mp3": ("libmp3lame", "s16p", "mp3", 20_000),
    "m4a": ("aac", "fltp", "ipod", 24_000),
    "ogg": ("libopus", "s16", "ogg", 20_000),
}
"""How each kind of file is written: codec, sample format, container, bits a second a channel (0: fixed)."""


class Speaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party of a call: voice, channel in the file, and what the voice always does."""

    voice: str
    channel: int = 0
    rate: float = 1.0
    pitch_st: float = 0.0
    bright_db: float = 0.0
    gain_db: float = 0.0
    tract: float = 1.0


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one party says, or a sound on its channel.

    `gap` is seconds after the end of the turn before it, negative for an overlap. The other numbers add to
    the speaker's own (`rate` multiplies).
    """

    speaker: str
    text: str = ""
    gap: float = 0.5
    rate: float = 1.0
    pitch_st: float = 0.0
    bright_db: float = 0.0
    gain_db: float = 0.0
    sound: Literal["", "hold_music"] = ""
    seconds: float = 0.0


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One call as written; the words are the reference transcript."""

    id: str
    title: str
    language: Literal["en", "he"]
    file: Literal["mulaw.wav", "alaw.wav", "adpcm.wav", "flac", "mp3", "m4a", "ogg"]
    sample_rate: Literal[8000, 16000]
    channels: Literal[1, 2]
    seed: int
    speakers: dict[str, Speaker]
    turns: tuple[Turn, ...]
    agent_id: str
    customer_id: str
    started_at: str
    noise_dbfs: float = -66.0
    agent_leg_offset_s: float | None = None
    expected: dict[str, str] = {}
    notes: str = ""


class Placed(msgspec.Struct, frozen=True):
    """A turn on the call's clock, in seconds."""

    turn: Turn
    start: float
    end: float
    samples: Samples


def load(path: Path) -> Script:
    """Read a script; an error names the file and the place in it."""
    try:
        script = msgspec.toml.decode(path.read_bytes(), type=Script)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
    if script.id != path.stem:
        raise ValueError(f"{path.name}: id is {script.id!r}, expected {path.stem!r}")
    return script


def hold_music(seconds: float, seed: int) -> Samples:
    """Slow soft chords, made here so that nobody owns them."""
    rng = np.random.default_rng(seed)
    chords = ((220.0, 277.2, 329.6), (196.0, 246.9, 293.7), (174.6, 220.0, 261.6), (196.0, 233.1, 293.7))
    times = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    music = np.zeros_like(times)
    for index in range(int(seconds / 1.6) + 1):
        since = times - 1.6 * index
        envelope = np.where(since >= 0, np.minimum(since / 0.05, 1) * np.exp(-np.maximum(since, 0) / 0.9), 0)
        for hertz in chords[index % 4]:
            for partial, weight in ((1, 1.0), (2, 0.4), (3, 0.15)):
                phase = rng.uniform(0, 2 * np.pi)
                music += weight * envelope * np.sin(2 * np.pi * hertz * partial * times + phase)
    fade = np.minimum(1, np.minimum(times, seconds - times) / 0.3)
    return (music * fade / np.abs(music).max() * 0.12).astype(np.float32)


def place(script: Script) -> tuple[Placed, ...]:
    """Synthesise the turns and put them on the call's clock."""
    placed: list[Placed] = []
    clock = 0.0
    for index, turn in enumerate(script.turns):
        who = script.speakers[turn.speaker]
        if turn.sound:
            samples = hold_music(turn.seconds, script.seed + index)
        else:
            samples = speak(
                who.voice,
                turn.text,
                rate=who.rate * turn.rate,
                pitch_st=who.pitch_st + turn.pitch_st,
                gain_db=who.gain_db + turn.gain_db,
                bright_db=who.bright_db + turn.bright_db,
                tract=who.tract,
            )
        start = round(clock + turn.gap, 3)
        if start < 0:
            raise ValueError(f"{script.id}: turn {index + 1} would start before the call, at {start} s")
        clock = round(start + len(samples) / SAMPLE_RATE, 3)
        placed.append(Placed(turn=turn, start=start, end=clock, samples=samples))
    return tuple(placed)


def line_noise(length: int, level_dbfs: float, seed: int) -> Samples:
    """Faint hiss with the tilt of a line, so that no stretch of a file is digital silence."""
    white = np.random.default_rng(seed).standard_normal(length)
    smooth = np.convolve(white, np.hanning(9) / np.hanning(9).sum(), mode="same")
    return (smooth / smooth.std() * 10 ** (level_dbfs / 20)).astype(np.float32)


def mix(script: Script, placed: tuple[Placed, ...]) -> list[Samples]:
    """One track a channel, in the band and at the rate of the call; all turned down where one would clip."""
    length = int((max(p.end for p in placed) + 0.8) * SAMPLE_RATE)
    tracks = []
    for channel in range(script.channels):
        track = line_noise(length, script.noise_dbfs, script.seed * 10 + channel)
        for item in placed:
            if script.channels == 1 or script.speakers[item.turn.speaker].channel == channel:
                first = round(item.start * SAMPLE_RATE)
                track[first : first + len(item.samples)] += item.samples
        if script.sample_rate == 8000:
            track = sox(track, ["highpass", "300", "lowpass", "3400", "rate", "-h", "8000"])
        tracks.append(track)
    loudest = max(float(np.abs(track).max()) for track in tracks)
    return [track * np.float32(min(1.0, 0.9 / loudest)) for track in tracks]


def write(path: Path, tracks: list[Samples], script: Script) -> None:
    """Encode the tracks; the file's tags say that it is synthetic, where the container has tags."""
    codec, sample_format, container, bit_rate = CODECS[script.file]
    layout = "mono" if len(tracks) == 1 else "stereo"
    data = np.round(np.stack(tracks).T * 32767).astype(np.int16)
    with av.open(str(path), "w", format=container, options={"fflags": "+bitexact"}) as out:
        out.metadata.update({"title": script.title, "comment": LABEL, "genre": "synthetic"})
        stream: Any = out.add_stream(codec, rate=script.sample_rate, layout=layout)
        stream.codec_context.format = sample_format
        stream.codec_context.flags |= av.codec.context.Flags.bitexact.value
        if bit_rate:
            stream.bit_rate = bit_rate * len(tracks)
        frame = av.AudioFrame.from_ndarray(data.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = script.sample_rate
        frame.time_base = Fraction(1, script.sample_rate)
        frame.pts = 0
        stream.codec_context.open()
        resampler = av.AudioResampler(
            sample_format, layout, script.sample_rate, stream.codec_context.frame_size or None
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


def suffix(script: Script) -> str:
    """File name ending of a script's kind of file."""
    return "." + script.file.rpartition(".")[2]


def sidecar(script: Script, placed: tuple[Placed, ...]) -> dict[str, Any]:
    """The transcript that a Hebrew call brings along, in the simple form."""
    turns = [
        {"speaker": p.turn.speaker, "text": p.turn.text, "start": p.start, "end": p.end}
        for p in sorted(placed, key=lambda p: (p.start, p.end))
        if p.turn.text
    ]
    return {
        "id": script.id,
        "language": script.language,
        "agent_id": script.agent_id,
        "customer_id": script.customer_id,
        "started_at": script.started_at,
        "turns": turns,
    }


def make(script: Script) -> list[list[Any]]:
    """Write the files of one call; return its turn times."""
    placed = place(script)
    tracks = mix(script, placed)
    stem = HERE / script.id
    if script.agent_leg_offset_s is None:
        write(stem.with_suffix(suffix(script)), tracks, script)
    else:
        missing = round(script.agent_leg_offset_s * script.sample_rate)
        agent = script.speakers["agent"].channel
        write(HERE / f"{script.id}.agent{suffix(script)}", [tracks[agent][missing:]], script)
        write(HERE / f"{script.id}.customer{suffix(script)}", [tracks[1 - agent]], script)
    if script.language == "he":
        text = json.dumps(sidecar(script, placed), ensure_ascii=False, indent=1)
        stem.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    return [[p.turn.speaker, p.start, p.end, p.turn.sound or "speech"] for p in placed]


def main() -> int:
    """Build the calls named, or all of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("call", nargs="*", help="call ids; all when none is given")
    wanted = set(parser.parse_args().call)
    scripts = [load(path) for path in sorted(SCRIPTS.glob("*.toml"))]
    if unknown := wanted - {s.id for s in scripts}:
        print(f"no such call: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    times = json.loads(TIMES.read_text(encoding="utf-8")) if TIMES.exists() else {}
    for script in scripts:
        if wanted and script.id not in wanted:
            continue
        times[script.id] = make(script)
        print(f"{script.id}: {len(script.turns)} turns, {max(t[2] for t in times[script.id]):.1f} s")
    lines = [f"  {json.dumps(call)}: {json.dumps(times[call])}" for call in sorted(s.id for s in scripts)]
    TIMES.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
