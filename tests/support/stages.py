"""What tests of the stage cache share: a short call, an engine that says what was set, a cache in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import soundfile

from speechqa.assembly.engines import build_engines
from speechqa.audio.decoder import PyAVDecoder
from speechqa.config import Settings
from speechqa.core.source import CallSource, PartyFile
from speechqa.core.transcript import RejectedText, Word
from speechqa.pipeline.engines import Engines
from speechqa.protocols import EngineInfo, Recognition

SAMPLES = Path(__file__).parents[2] / "recordings"
CARD = "4111 1111 1111 1111"
INFO = EngineInfo(name="says", model="one", model_digest="d1", languages=("en", "he"))
SAID = ("good morning how may i help", f"hi my card is {CARD} please")


def short_call(path: Path, *, seconds: float = 16.0, mono: bool = False) -> Path:
    """The beginning of a sample call, on its two channels or on one."""
    samples, rate = soundfile.read(SAMPLES / "en-pizza.wav", dtype="float32")
    samples = samples[: round(seconds * rate)]
    soundfile.write(path, samples.mean(axis=1) if mono else samples, rate, subtype="PCM_16")
    return path


@dataclass
class CountingDecoder:
    """A decoder that counts what it opened."""

    opened: int = 0

    def open(self, source: CallSource):
        self.opened += 1
        return PyAVDecoder().open(source)


@dataclass
class Says:
    """An engine that hears the same on every call, spread over what is spoken on each channel."""

    info: EngineInfo = INFO
    lines: Sequence[str] = SAID
    heard: int = 0

    def transcribe(self, audio, speech, *, language):
        self.heard += 1
        assert all(len(audio.read(channel, 0.0, 0.1)) for channel in range(audio.channels))
        channels = []
        for timeline, line in zip(speech, [*self.lines, *self.lines], strict=False):
            words = line.split() if timeline else []
            begin = timeline[0].start if timeline else 0.0
            end = min(timeline[0].end, begin + 4.0) if timeline else 0.0
            edges = np.round(np.linspace(begin, end, len(words) + 1), 3).tolist()
            channels.append(
                tuple(
                    Word(text=word, start=edges[i], end=edges[i + 1], confidence=0.95)
                    for i, word in enumerate(words)
                )
            )
        refused = RejectedText(text=f"thanks {CARD}", reason="invented", start=0.0, end=0.5, channel=0)
        return Recognition(language=language or "en", channels=tuple(channels), rejected=(refused,))


@dataclass
class MemoryCache:
    """Keeps everything; `kept` has it by recording and key."""

    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)
    reads: int = 0

    def read(self, recording: str, key: str) -> bytes | None:
        self.reads += 1
        return self.kept.get((recording, key))

    def write(self, recording: str, key: str, payload: bytes) -> None:
        self.kept[recording, key] = payload


def engines_for(settings: Settings, decoder: CountingDecoder, says: Says | None) -> Engines:
    """The engines of settings, with this decoder and an engine that says what was set."""
    built = build_engines(settings)
    return replace(built, decoder=decoder, transcriber_for=lambda _language: says)


def source_of(path: Path, settings: Settings, **more: object) -> CallSource:
    """A recording as a batch finds it under settings."""
    return CallSource(
        files=(PartyFile(path=str(path)),),
        agent_channel=settings.agent_channel,
        raw_format=settings.raw_format,
        raw_channels=settings.raw_channels,
        **more,
    )
