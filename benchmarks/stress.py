"""How well the arousal curve tells anger and fear from calm speech, through a simulated telephone.

Acted speech (RAVDESS, evaluate only): band-limited to 300-3400 Hz, 8 kHz, every utterance brought to one
level, mu-law. Baselines come from a speaker's utterances, calm and aroused, without their labels. Real
calls: how many episodes polite speech gets, and what the curve costs.

Usage: SPEECHQA_DATA=../shared/data python -m benchmarks.stress
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from scipy.signal import butter, sosfiltfilt

from benchmarks.acted import AROUSED, CALM, auc, mean_value
from speechqa.acoustics.baseline import baseline_from
from speechqa.acoustics.frames import Frames
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.stress import StressSettings, stress_curve
from speechqa.assembly.voice_stress import one_voice
from speechqa.audio.spool import ArrayAudio
from speechqa.backends.silero import SileroVad
from speechqa.backends.swift_f0 import SwiftF0
from speechqa.core.segment import Timeline

RATE = 8000
KINDS = {"calm": CALM, "aroused": AROUSED}
LIMITS = (StressSettings().raised, StressSettings().on)
PITCH, ACTIVITY = SwiftF0(), SileroVad()
BY_SEX = "a third aroused"
UTTERANCE = StressSettings(min_voiced_s=0.5)


class Utterance(NamedTuple):
    """What an actor said, with what feeling, and the voice in it."""

    label: str
    sound: np.ndarray
    speech: Timeline
    frames: Frames


def telephone(path: Path) -> np.ndarray:
    samples, rate = soundfile.read(path, always_2d=True)
    band = butter(6, [300, 3400], "band", fs=RATE, output="sos")
    narrow = sosfiltfilt(band, soxr.resample(samples.mean(axis=1), rate, RATE))
    even = np.clip(narrow / np.abs(narrow).max() * 0.5, -1, 1)
    packed = np.round(np.sign(even) * np.log1p(255 * np.abs(even)) / np.log(256) * 127) / 127
    return np.sign(packed) * np.expm1(np.abs(packed) * np.log(256)) / 255


def spoken(sound: np.ndarray):
    """An utterance and what of it is voice, as the command line takes it."""
    audio = ArrayAudio(sound, RATE)
    return audio, one_voice(audio, 0, ACTIVITY.detect(audio))


def baselines(said: list[Utterance]) -> dict[str, list[Utterance]]:
    """What a speaker's calm level may be taken from; labels choose the mixture, none is told to the code."""
    calm = [one for one in said if one.label in CALM]
    aroused = [one for one in said if one.label in AROUSED]
    order = np.random.default_rng(0).permutation(len(aroused))
    return {
        "calm alone": calm,
        "a third aroused": calm + [aroused[k] for k in order[: len(calm) // 2]],
        "all, half aroused": said,
    }


def acted(folder: Path) -> None:
    speakers: dict[str, list[Utterance]] = defaultdict(list)
    for path in sorted(folder.glob("*.flac")):
        parts = path.stem.split("-")
        sound = telephone(path)
        audio, speech = spoken(sound)
        speakers[parts[6]].append(Utterance(parts[2], sound, speech, voiced_frames(audio, 0, speech, PITCH)))
    print(f"RAVDESS through a telephone, {len(speakers)} speakers, unlabelled baselines")
    one: dict[str, dict[str, list[float | None]]] = defaultdict(lambda: {"calm": [], "aroused": []})
    four: dict[str, dict[str, list[float | None]]] = defaultdict(lambda: {"calm": [], "aroused": []})
    sexes: dict[str, dict[str, list[float | None]]] = defaultdict(lambda: {"calm": [], "aroused": []})
    for actor, said in speakers.items():
        joined = {
            kind: fours([one.sound for one in said if one.label in labels]) for kind, labels in KINDS.items()
        }
        for mixture, chosen in baselines(said).items():
            baseline = baseline_from(utterance.frames for utterance in chosen)
            for kind, labels in KINDS.items():
                each = [
                    mean_value(utterance.frames, utterance.speech, baseline, UTTERANCE)
                    for utterance in said
                    if utterance.label in labels
                ]
                one[mixture][kind] += each
                if mixture == BY_SEX:
                    # Odd actors are men.
                    sexes["men" if int(actor) % 2 else "women"][kind] += each
                four[mixture][kind] += [
                    mean_value(frames, speech, baseline, StressSettings()) for frames, speech in joined[kind]
                ]
    for name, table in (("one utterance", one), ("four utterances", four)):
        for mixture, values in table.items():
            report(f"{name}, baseline {mixture}", values["aroused"], values["calm"])
    for sex, values in sexes.items():
        report(f"one utterance, baseline {BY_SEX}, {sex}", values["aroused"], values["calm"])


def fours(sounds: list[np.ndarray]) -> list[tuple[Frames, Timeline]]:
    found = []
    for first in range(0, len(sounds) - 3, 4):
        audio, speech = spoken(np.concatenate(sounds[first : first + 4]))
        found.append((voiced_frames(audio, 0, speech, PITCH), speech))
    return found


def report(name: str, aroused: list[float | None], calm: list[float | None]) -> None:
    high, low = ([v for v in values if v is not None] for values in (aroused, calm))
    valued = (len(high) + len(low)) / (len(aroused) + len(calm))
    at = {limit: [np.mean(np.array(v) >= limit) for v in (high, low)] for limit in LIMITS}
    print(
        f"  {name}: AUC {auc(high, low):.3f} ({len(high)} aroused, {len(low)} calm, {valued:.1%} valued); "
        f"medians {np.median(high):+.2f} and {np.median(low):+.2f}; hits and false alarms "
        + ", ".join(f"at {limit:g} {hits:.0%} and {false:.1%}" for limit, (hits, false) in at.items())
    )


def calls(folder: Path) -> None:
    episodes = spent = heard = 0.0
    curves: list[float] = []
    print("real calls, polite speech: highest window of each party")
    for path in sorted([*folder.glob("harpervalley/*.flac"), *folder.glob("aws-lca/*.flac")]):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        audio = ArrayAudio(samples.T, rate)
        for channel, speech in enumerate(ACTIVITY.detect(audio)):
            begin = time.process_time()
            curve = stress_curve(voiced_frames(audio, channel, speech, PITCH), speech)
            spent += time.process_time() - begin
            heard += audio.duration
            episodes += len(curve.episodes)
            values = [window.value for window in curve.windows if window.value is not None]
            curves += values
            if values:
                print(f"  {path.stem} {channel}: {max(values):+.2f} of {len(values)}")
    print(f"in all {episodes:.0f} episodes, {len(curves)} windows with a value")
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
