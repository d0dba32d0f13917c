"""What code and packages each stage's result depends on: another state of them is another stage.

A digest over these files stands for the version of a stage, so that no release can forget to raise one. What
a stage imports must be listed here; a test goes through the imports.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal

StageName = Literal["sound", "words", "voice", "modelled_voice"]

_DECODED: Final = (
    "audio", "places", "protocols/engines.py", "core/accidents.py", "core/dialogue.py", "core/plain.py",
    "core/recording.py", "core/segment.py", "core/source.py", "core/transcript.py", "core/value.py",
    "core/correction.py", "pipeline/stages.py", "pipeline/opening.py", "pipeline/kept.py", "errors.py",
)  # fmt: skip
_ON_CHANNELS: Final = (
    "dialogue/channels", "transcripts/imported.py", "pipeline/sound.py", "pipeline/engines.py",
    "acoustics/music.py", "acoustics/partials.py", "acoustics/signals.py", "acoustics/tones.py",
    "acoustics/waiting_sounds.py",
)  # fmt: skip
_OF_A_VOICE: Final = (
    "acoustics/frames.py", "acoustics/laughter.py", "acoustics/pitch.py", "acoustics/spectrum.py",
)  # fmt: skip

CODE: Final[dict[StageName, tuple[str, ...]]] = {
    "sound": (
        *_DECODED, *_ON_CHANNELS, "dialogue/voices", "backends/silero.py", "backends/silero_network.py",
        "backends/onnx_format.py", "backends/resemblyzer.py", "backends/voice_diarizer.py",
    ),
    "words": (
        *_DECODED, *_ON_CHANNELS, "dialogue/voices/attribution.py", "dialogue/guard.py",
        "dialogue/inventions.py", "dialogue/listener_tokens.py", "dialogue/turns.py", "dialogue/wording.py",
        "core/machine.py", "core/masks.py", "core/stress.py", "privacy", "criteria/english.py",
        "criteria/hebrew.py", "criteria/normalise.py", "criteria/spoken_english.py",
        "criteria/spoken_hebrew.py", "criteria/word_tables.py", "pipeline/words.py", "pipeline/voices.py",
        "backends/band.py", "backends/fast_alignment.py", "backends/fast_decoding.py",
        "backends/fast_encoder.py",
        "backends/fast_file.py", "backends/fast_loading.py", "backends/fast_models.py",
        "backends/fast_windows.py", "backends/faster_whisper.py", "backends/manifest.py",
        "backends/model_files.py", "backends/packing.py", "backends/pieces.py", "backends/pocketsphinx.py",
        "backends/whisper.py", "backends/whisper_languages.py",
    ),
    "voice": (*_DECODED, *_OF_A_VOICE, "backends/swift_f0.py"),
    "modelled_voice": (
        *_DECODED, *_OF_A_VOICE, "acoustics/modelled.py", "acoustics/baseline.py", "acoustics/curve.py",
        "acoustics/talk_clock.py", "acoustics/windows.py", "core/stress.py", "backends/onnx_arousal.py",
        "backends/arousal_card.py", "backends/model_card.py", "backends/onnx_files.py",
        "backends/onnx_session.py",
    ),
}  # fmt: skip
"""Files and folders of this package, by stage."""

PACKAGES: Final[dict[StageName, tuple[str, ...]]] = {
    "sound": ("av", "numpy", "onnxruntime", "resemblyzer", "silero-vad", "soxr", "torch"),
    "words": (
        "av", "ctranslate2", "numpy", "onnxruntime", "openai-whisper", "phonenumbers", "pocketsphinx",
        "python-stdnum", "soxr", "torch",
    ),
    "voice": ("av", "numpy", "onnxruntime", "soxr", "swift-f0"),
    "modelled_voice": ("av", "numpy", "onnxruntime", "soxr"),
}  # fmt: skip
"""Packages of others, by stage."""


@cache
def stage_version(stage: StageName) -> str | None:
    """SHA-256 over all that a stage's result depends on but its input; None where the code is no files.

    The kind of processor is in it, and whether there is a graphics card: last digits may differ between two.
    """
    digest = hashlib.sha256(f"{stage} {_processor()} {_graphics()}\0".encode())
    home = Path(__file__).parent.parent
    for path in _files(home, CODE[stage]):
        try:
            content = path.read_bytes()
        except OSError:
            return None
        digest.update(f"{path.relative_to(home).as_posix()}\0".encode())
        digest.update(hashlib.sha256(content).digest())
    for package in PACKAGES[stage]:
        digest.update(f"{package} {_installed(package)}\0".encode())
    return digest.hexdigest()


def _files(home: Path, listed: Sequence[str]) -> list[Path]:
    found = [
        path for name in listed for path in ([home / name] if "." in name else (home / name).rglob("*.py"))
    ]
    return sorted(set(found))


def _processor() -> str:
    """The kind of processor, with what it can do where the system tells: engines choose by that."""
    told = ("model name", "flags", "features")
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as file:
            first = file.read(1 << 16).partition("\n\n")[0]
    except OSError:
        first = ""
    lines = [line for line in first.splitlines() if line.casefold().startswith(told)]
    return "\n".join([platform.machine(), platform.processor(), *lines])


def _graphics() -> str:
    """Whether engines find a graphics card here, without loading one of them to ask it."""
    devices = ("/dev/nvidia0", "/dev/nvidiactl", "/dev/dxg", "/dev/kfd")
    return f"{any(map(os.path.exists, devices))} {os.environ.get('CUDA_VISIBLE_DEVICES', '')}"


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
