"""Whether sounds that are no speech raise the arousal curve of a calm speaker.

    SPEECHQA_DATA=../shared/data python -m benchmarks.stress_not_speech

Sounds made by formula are laid into pauses of the HarperValley calls at the speaker's own level, the call is
written to a file, and its curve is made the way an audit makes it: voice activity, what is no speech,
cross-talk, pitch, curve. The one laugh that people marked in these calls is told too.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import lfilter

from benchmarks.line_sounds import RATE, at_level, band, g711, level_of, made, noise, tone
from speechqa.acoustics.baseline import baseline_from
from speechqa.acoustics.frames import Frames
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.stress import stress_curve
from speechqa.assembly.engines import build_engines
from speechqa.config import Settings
from speechqa.core.segment import Segment, Timeline, seconds
from speechqa.core.source import CallSource, PartyFile
from speechqa.core.stress import StressBaseline, StressCurve
from speechqa.pipeline.sound import hear

ENGINES = build_engines(Settings(engine="none"))
PLACES = 4
Made = Callable[[np.random.Generator], np.ndarray]


def _voiced(seconds: float, start_hz: float, end_hz: float, formants: tuple[float, ...]) -> np.ndarray:
    """Pulses of a falling or rising pitch through resonances of 120 Hz width."""
    hertz = np.linspace(start_hz, end_hz, round(seconds * RATE))
    phase = np.cumsum(hertz) / RATE
    pulses = np.diff(np.floor(phase), prepend=0.0) - np.gradient(phase)
    sound = lfilter([1.0], [1.0, -0.85], pulses)
    for formant in formants:
        radius = np.exp(-np.pi * 120 / RATE)
        sound = lfilter([1.0], [1.0, -2 * radius * np.cos(2 * np.pi * formant / RATE), radius**2], sound)
    sound *= np.hanning(len(sound)) ** 0.3
    return sound / (np.sqrt((sound**2).mean()) + 1e-9)


def _breath(seconds: float, low: float, high: float, rng: np.random.Generator) -> np.ndarray:
    sound = band(noise(seconds, 0.0, rng), low, high)
    return sound / (np.sqrt((sound**2).mean()) + 1e-9)


def laughter(mean_hz: float) -> Made:
    """Aspirated vowels, five a second; pitch: Bachorowski et al. 2001, doi:10.1121/1.1391244."""

    def make(rng: np.random.Generator) -> np.ndarray:
        parts = []
        for index in range(rng.integers(5, 9)):
            hertz = mean_hz * rng.uniform(0.85, 1.25) * (1 - 0.02 * index)
            parts += [
                0.4 * _breath(rng.uniform(0.05, 0.09), 400, 3000, rng),
                _voiced(rng.uniform(0.1, 0.15), hertz * 1.1, hertz * 0.85, (650, 1350, 2600)),
            ]
        return np.concatenate(parts)

    return make


def cough(rng: np.random.Generator) -> np.ndarray:
    parts = []
    for _ in range(rng.integers(2, 4)):
        burst = _breath(0.05, 300, 3400, rng) * 2
        tail = _breath(0.18, 300, 2500, rng) * np.linspace(1, 0.3, round(0.18 * RATE))
        parts += [burst, tail, 0.6 * _voiced(0.1, 280, 200, (600, 1300)), np.zeros(RATE // 8)]
    return np.concatenate(parts)


def sneeze(rng: np.random.Generator) -> np.ndarray:
    inhale = 0.2 * _breath(0.5, 500, 3000, rng) * np.linspace(0, 1, RATE // 2)
    return np.concatenate([inhale, _breath(0.25, 800, 3400, rng), _voiced(0.3, 420, 250, (700, 1200))])


def cry(_: np.random.Generator) -> np.ndarray:
    """A small child in the room."""
    return np.concatenate(
        [np.concatenate([_voiced(0.8, 430, 400, (1100, 2800)), np.zeros(RATE // 4)]) for _ in range(2)]
    )


def bark(_: np.random.Generator) -> np.ndarray:
    one = [np.concatenate([_voiced(0.12, 500, 350, (900, 1800)), np.zeros(RATE // 5)]) for _ in range(5)]
    return np.concatenate(one)


def music(_: np.random.Generator) -> np.ndarray:
    parts = []
    for root in (220.0, 174.6, 261.6, 196.0):
        chord = sum(tone([root * ratio * n], 0.75) / n for ratio in (1, 1.26, 1.5) for n in (1, 2, 3, 4))
        parts.append(chord)
    return np.concatenate(parts)


def melody(rng: np.random.Generator) -> np.ndarray:
    """One line in the range of a voice, a note every 0.3 s."""
    steps = rng.choice([0, 2, 4, 5, 7, 9, 12], 10)
    return np.concatenate(
        [_voiced(0.3, 262 * 2 ** (s / 12), 262 * 2 ** (s / 12), (500, 1500)) for s in steps]
    )


def of_line(name: str) -> Made:
    return lambda rng: made(3.0, int(rng.integers(1000)))[name]


SOUNDS: dict[str, Made] = {
    "laughter, woman": laughter(405.0),
    "laughter, man": laughter(272.0),
    "coughs": cough,
    "sneeze": sneeze,
    "a child cries": cry,
    "a dog barks": bark,
    "music, chords": music,
    "music, one voice": melody,
    "dialled digits": of_line("digits"),
    "ringing": of_line("ringing, USA"),
    "busy tone": of_line("busy, Europe"),
    "special tones": of_line("special information"),
    "keyboard": of_line("typing"),
    "breaths": of_line("breaths"),
}


def curves(
    call: np.ndarray, folder: Path, calm: list[StressBaseline | None]
) -> list[tuple[Timeline, StressCurve, Frames]]:
    """Speech, curve and voice of each channel, as an audit makes them."""
    path = folder / "call.wav"
    soundfile.write(path, call.T, RATE, subtype="PCM_16")
    recording, audio = ENGINES.decoder.open(CallSource(files=(PartyFile(path=str(path)),)))
    with closing(audio):
        sound = hear(recording, audio, ENGINES)
        found = []
        for (party, speech), base in zip(sound.alone.items(), calm, strict=False):
            frames = voiced_frames(audio, sound.channel_of(party), speech, ENGINES.pitch)
            curve = stress_curve(frames, speech, baseline=base)
            found.append((speech, curve, frames))
    return found


def laid(voice: np.ndarray, speech: Timeline, make: Made, seed: int) -> tuple[np.ndarray, list[Segment]]:
    """The voice with the sound in its longest pauses of the middle of the call, and where."""
    rng = np.random.default_rng(seed)
    lasts = len(voice) / RATE
    gaps = [(b.start - a.end, a.end) for a, b in itertools.pairwise(speech)]
    middle = [gap for gap in gaps if 0.2 * lasts < gap[1] < 0.8 * lasts] or gaps
    out, places = voice.copy(), []
    for length, start in sorted(middle, reverse=True)[:PLACES]:
        sound = at_level(make(rng), level_of(voice))[: round(max(0.0, length - 0.2) * RATE)]
        sound = g711(sound)
        first = round((start + 0.1) * RATE)
        out[first : first + len(sound)] += sound
        places.append(Segment(start + 0.1, start + 0.1 + len(sound) / RATE))
    return np.clip(out, -1, 1), sorted(places)


def highest(curve: StressCurve, places: list[Segment]) -> float:
    """The highest value of the windows that hold one of the places."""
    held = [
        window.value
        for window in curve.windows
        if window.value is not None and any(p.start < window.end and window.start < p.end for p in places)
    ]
    return max(held, default=float("nan"))


def report(calls: list[np.ndarray], folder: Path) -> None:
    """Each curve against the calm level of the untouched call, so that the sound alone changes it."""
    voices = [[frames for _, _, frames in curves(call, folder, [None, None])] for call in calls]
    calm = [[baseline_from([frames]) for frames in pair] for pair in voices]
    plain = [curves(call, folder, base) for call, base in zip(calls, calm, strict=True)]
    heard = [ENGINES.voice_activity.listen(_Array(call)).speech for call in calls]
    print("sound laid into pauses; seconds laid, of these taken for voice; rise of the windows that hold it,")
    print(f"median and most; episodes in {2 * len(calls)} voices before, after; what rises most")
    for name, make in SOUNDS.items():
        rises: list[float] = []
        causes: list[str] = []
        before, after, laid_s, voiced_s = 0, 0, 0.0, 0.0
        for index, channel in itertools.product(range(len(calls)), range(2)):
            changed = calls[index].copy()
            voice, places = laid(changed[channel], heard[index][channel], make, 10 * index + channel)
            changed[channel] = voice
            found = curves(changed, folder, calm[index])
            if len(found) != 2:
                print(f"  {name}: not two parties")
                continue
            old, new, frames = plain[index][channel][1], *found[channel][1:]
            rises.append(highest(new, places) - highest(old, places))
            before, after = before + len(old.episodes), after + len(new.episodes)
            causes += [episode.because[0] for episode in new.episodes if episode.because]
            laid_s += seconds(tuple(places))
            voiced_s += inside(frames, places)
        known = [rise for rise in rises if not np.isnan(rise)]
        print(
            f"{name:18s} {laid_s:6.1f} {voiced_s:5.1f}  {np.median(known):+.2f} {np.max(known):+.2f} "
            f"({len(known)})  {before} {after}  {causes[:2]}",
            flush=True,
        )


def inside(frames: Frames, places: list[Segment]) -> float:
    """Seconds of voice within the places."""
    held = sum(int(((p.start <= frames.times) & (frames.times < p.end)).sum()) for p in places)
    return held * frames.hop_s


class _Array:
    def __init__(self, call: np.ndarray) -> None:
        self.sample_rate, self.channels = RATE, len(call)
        self.duration = round(call.shape[1] / RATE, 3)
        self._call = call.astype(np.float32)

    def read(self, channel: int, start: float, end: float) -> np.ndarray:
        return self._call[channel, max(0, round(start * RATE)) : max(0, round(end * RATE))]

    def close(self) -> None:
        pass


def marked(paths: list[Path], folder: Path) -> None:
    """Laughs that people marked in these calls: the curve of windows that hold one, and of the others."""
    for path in paths:
        call = soundfile.read(path, dtype="float32", always_2d=True)[0].T
        segments = json.loads(path.with_suffix(".segments.json").read_text())
        for one in segments:
            if "[laughter]" not in one.get("human_transcript", ""):
                continue
            at = Segment(one["start_ms"] / 1000, (one["start_ms"] + one["duration_ms"]) / 1000)
            _, curve, frames = curves(call, folder, [None, None])[one["channel_index"] - 1]
            own = [
                w.value
                for w in curve.windows
                if w.start < at.end and at.start < w.end and w.value is not None
            ]
            voiced = inside(frames, [at])
            rest = [w.value for w in curve.windows if w.value is not None and w.value not in own]
            print(
                f"marked laugh, {at.duration:.1f} s, {voiced:.1f} s voiced: windows that hold it "
                f"{[round(v, 2) for v in own]}, highest other {max(rest, default=float('nan')):+.2f}"
            )


def main() -> int:
    data = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
    paths = sorted((data / "calls" / "harpervalley").glob("*.flac"))
    if not paths:
        print(f"skipped: no measuring data at {data}; set SPEECHQA_DATA", file=sys.stderr)
        return 0
    more = sorted((data / "calls" / "aws-lca").glob("*.flac"))
    calls = [soundfile.read(path, dtype="float32", always_2d=True)[0].T for path in [*paths, *more]]
    with tempfile.TemporaryDirectory() as folder:
        report(calls, Path(folder))
        marked(paths, Path(folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
