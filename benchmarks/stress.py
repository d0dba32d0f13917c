"""How well the arousal curve tells anger and fear from calm speech, through a simulated telephone.

Acted speech (RAVDESS, evaluate only): band-limited to 300-3400 Hz, 8 kHz, every utterance brought to one
level, mu-law. Baselines come from all of a speaker's utterances, without their labels. Real calls: how many
episodes polite speech gets, and what the curve costs.

Usage: SPEECHQA_DATA=../shared/data python -m benchmarks.stress
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.signal import butter, sosfiltfilt

from speechqa.acoustics.baseline import baseline_from
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.stress import StressSettings, stress_curve
from speechqa.backends.silero import SileroVad
from speechqa.backends.swift_f0 import SwiftF0
from speechqa.core.segment import Segment

RATE = 8000
CALM, AROUSED = {"01", "02"}, {"05", "06"}
PITCH, ACTIVITY = SwiftF0(), SileroVad()
UTTERANCE = StressSettings(min_voiced_s=0.5)


class ArrayAudio:
    """Sound in memory, a row a channel."""

    def __init__(self, samples, sample_rate: int) -> None:
        self.samples = np.atleast_2d(np.asarray(samples, np.float32))
        self.sample_rate, self.channels = sample_rate, len(self.samples)
        self.duration = round(self.samples.shape[1] / sample_rate, 3)

    def read(self, channel: int, start: float, end: float):
        rate = self.sample_rate
        return self.samples[channel, max(0, round(start * rate)) : max(0, round(end * rate))]

    def close(self) -> None:
        pass


def telephone(path: Path) -> np.ndarray:
    samples, rate = soundfile.read(path, always_2d=True)
    band = butter(6, [300, 3400], "band", fs=RATE, output="sos")
    narrow = sosfiltfilt(band, soxr.resample(samples.mean(axis=1), rate, RATE))
    even = np.clip(narrow / np.abs(narrow).max() * 0.5, -1, 1)
    packed = np.round(np.sign(even) * np.log1p(255 * np.abs(even)) / np.log(256) * 127) / 127
    return np.sign(packed) * np.expm1(np.abs(packed) * np.log(256)) / 255


def spoken(sound: np.ndarray):
    """An utterance as a call; where no speech is found in so short a clip, voicing alone decides."""
    audio = ArrayAudio(sound, RATE)
    return audio, ACTIVITY.detect(audio)[0] or (Segment(0.0, audio.duration),)


def value(sound: np.ndarray, baseline, settings: StressSettings) -> float | None:
    audio, speech = spoken(sound)
    curve = stress_curve(voiced_frames(audio, 0, speech, PITCH), speech, baseline=baseline, settings=settings)
    values = [window.value for window in curve.windows if window.value is not None]
    return float(np.mean(values)) if values else None


def auc(high: list[float], low: list[float]) -> float:
    above = np.subtract.outer(high, low)
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def acted(folder: Path) -> None:
    speakers: dict[str, list[tuple[str, np.ndarray]]] = defaultdict(list)
    for path in sorted(folder.glob("*.flac")):
        parts = path.stem.split("-")
        speakers[parts[6]].append((parts[2], telephone(path)))
    one: dict[str, list[float]] = {"calm": [], "aroused": []}
    four: dict[str, list[float]] = {"calm": [], "aroused": []}
    unknown = 0
    for said in speakers.values():
        baseline = baseline_from(
            voiced_frames(audio, 0, speech, PITCH) for audio, speech in (spoken(sound) for _, sound in said)
        )
        for name, labels in (("calm", CALM), ("aroused", AROUSED)):
            chosen = [sound for label, sound in said if label in labels]
            for sound in chosen:
                found = value(sound, baseline, UTTERANCE)
                if found is None:
                    unknown += 1
                else:
                    one[name].append(found)
            for first in range(0, len(chosen) - 3, 4):
                found = value(np.concatenate(chosen[first : first + 4]), baseline, StressSettings())
                if found is not None:
                    four[name].append(found)
    print(f"RAVDESS through a telephone, {len(speakers)} speakers, unlabelled baselines")
    for name, values in (("one utterance", one), ("four utterances", four)):
        calm, aroused = values["calm"], values["aroused"]
        over = [np.mean(np.array(values[kind]) >= StressSettings().on) for kind in ("aroused", "calm")]
        print(
            f"  {name}: AUC {auc(aroused, calm):.3f} ({len(aroused)} aroused, {len(calm)} calm); "
            f"medians {np.median(aroused):+.2f} and {np.median(calm):+.2f}; "
            f"over the episode threshold {over[0]:.0%} and {over[1]:.0%}"
        )
    print(f"  utterances without a value: {unknown}")


def calls(folder: Path) -> None:
    episodes = spent = heard = 0.0
    curves: list[float] = []
    for path in sorted([*folder.glob("harpervalley/*.flac"), *folder.glob("aws-lca/*.flac")]):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        audio = ArrayAudio(samples.T, rate)
        for channel, speech in enumerate(ACTIVITY.detect(audio)):
            begin = time.process_time()
            curve = stress_curve(voiced_frames(audio, channel, speech, PITCH), speech)
            spent += time.process_time() - begin
            heard += audio.duration
            episodes += len(curve.episodes)
            curves.extend(window.value for window in curve.windows if window.value is not None)
    print(f"real calls, polite speech: {episodes:.0f} episodes, {len(curves)} windows with a value")
    print("  5th, 50th, 95th percentile:", *(f"{q:+.2f}" for q in np.percentile(curves, [5, 50, 95])))
    print(f"  cost: {spent / heard:.4f} x real time a channel")


def main() -> int:
    data = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
    if not (data / "emotion" / "ravdess").is_dir():
        print(f"skipped: no measuring data at {data}; set SPEECHQA_DATA", file=sys.stderr)
        return 0
    acted(data / "emotion" / "ravdess")
    calls(data / "calls")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
