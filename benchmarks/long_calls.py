"""Long two-channel calls with their words, made of the project's own sample calls one after the other.

A long call repeats the stereo English samples until it is as long as asked for: the agent on channel 0, both
at 8 kHz. Its transcript has every turn of theirs, its words spread evenly over the turn. So a call of six
hours holds as much speech, and as many words, a minute as one of ten minutes.
"""

from __future__ import annotations

import json
import tomllib
import wave
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.audio.decoder import PyAVDecoder
from speechqa.audio.resample import to_int16
from speechqa.core.source import CallSource, PartyFile

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
RATE = 8_000
PAUSE_S = 1.0
"""Silence between one sample and the next."""


@cache
def _pieces() -> tuple[tuple[NDArray[np.int16], tuple[dict[str, Any], ...]], ...]:
    """Sound of each sample, shape ``(frames, 2)``, and its turns; times in seconds from its beginning."""
    import soxr

    times = json.loads((RECORDINGS / "scripts" / "times.json").read_text(encoding="utf-8"))
    found = []
    for script in sorted((RECORDINGS / "scripts").glob("en-*.toml")):
        call = tomllib.loads(script.read_text(encoding="utf-8"))
        channels = {name: about.get("channel") for name, about in call["speakers"].items()}
        files = sorted(RECORDINGS.glob(f"{script.stem}.*"))
        if call.get("channels") != 2 or len(files) != 1 or set(channels.values()) != {0, 1}:
            continue
        _, audio = PyAVDecoder().open(CallSource(files=(PartyFile(path=str(files[0])),)))
        sides = []
        for role in ("agent", "customer"):
            sound = audio.read(channels[role], 0.0, audio.duration)
            sides.append(
                sound if audio.sample_rate == RATE else soxr.resample(sound, audio.sample_rate, RATE)
            )
        audio.close()
        sound = to_int16(np.stack(sides, axis=1))
        pause = np.zeros((round(PAUSE_S * RATE), 2), np.int16)
        spoken = [row for row in times[script.stem] if row[3] == "speech"]
        texts = [turn for turn in call["turns"] if turn.get("text")]
        turns = tuple(
            {"speaker": who, "text": said["text"], "start": start, "end": end}
            for (who, start, end, _), said in zip(spoken, texts, strict=True)
        )
        found.append((np.concatenate((sound, pause)), turns))
    return tuple(found)


def _joined(seconds: float) -> Iterator[tuple[float, NDArray[np.int16], tuple[dict[str, Any], ...]]]:
    """Samples with the second they begin at, to the length asked for; the last is cut."""
    at = 0
    most = round(seconds * RATE)
    while at < most:
        for sound, turns in _pieces():
            if at >= most:
                return
            room = most - at
            kept = tuple(turn for turn in turns if turn["end"] * RATE <= room)
            yield at / RATE, sound[:room], kept
            at += len(sound[:room])


def write_transcript(path: Path, seconds: float, *, call_id: str) -> Path:
    """The words of a long call, each with its times, as JSON."""
    _write_turns(path, [(begin, said) for begin, _, said in _joined(seconds)], call_id=call_id)
    return path


def _write_turns(
    path: Path, spoken: Iterable[tuple[float, tuple[dict[str, Any], ...]]], *, call_id: str
) -> None:
    turns = []
    for begin, said in spoken:
        for turn in said:
            texts = turn["text"].split()
            edges = np.linspace(begin + turn["start"], begin + turn["end"], len(texts) + 1).round(3).tolist()
            words = [
                {"text": text, "start": edges[at], "end": edges[at + 1], "confidence": 0.95}
                for at, text in enumerate(texts)
            ]
            turns.append({**turn, "start": edges[0], "end": edges[-1], "words": words})
    document = {"id": call_id, "language": "en", "agent_id": "a1", "customer_id": "k1", "turns": turns}
    path.write_text(json.dumps(document), encoding="utf-8")


def write_call(path: Path, seconds: float, *, mono: bool = False) -> Path:
    """The sound of a long call: WAV, or by the name's extension Opus (.ogg) or MP3 (.mp3), in pieces."""
    blocks = (sound for _, sound, _ in _joined(seconds))
    if mono:
        blocks = ((sound.sum(axis=1, keepdims=True) // 2).astype(np.int16) for sound in blocks)
    if path.suffix == ".wav":
        _write_wav(path, blocks, channels=1 if mono else 2)
    else:
        _encode(path, blocks, "mono" if mono else "stereo")
    return path


def _write_wav(path: Path, blocks: Iterator[NDArray[np.int16]], *, channels: int) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(RATE)
        for block in blocks:
            out.writeframes(np.ascontiguousarray(block).tobytes())


def _encode(path: Path, blocks: Iterator[NDArray[np.int16]], layout: str) -> None:
    import av

    # Opus has no 8 kHz of its own inside FFmpeg; its encoder is given 48 kHz like any other writer's.
    codec, rate = {".ogg": ("libopus", 48_000), ".mp3": ("libmp3lame", RATE)}[path.suffix]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        stream.bit_rate = 32_000
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        for block in blocks:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), "s16", layout)
            frame.sample_rate = RATE
            for ready in resampler.resample(frame):
                container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
