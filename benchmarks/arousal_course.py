"""Where a voice rises and falls, how a call ended, who is agitated from the first word: how often right.

Acted speech (RAVDESS, evaluate only) is stitched to one side of a call through a simulated telephone: turns
of two utterances with 3 s between them, in which another party speaks made-up turns. Calm, then angry and
fearful, then calm; the other orders; and calm throughout, in which nothing must be found. Real calls, taken
for polite, should give few changes or none. The absolute view: each actor wholly aroused, and wholly calm;
and what calm telephone voices measure, from calls that may be trained on.

Usage: SPEECHQA_DATA=../shared/data python -m benchmarks.arousal_course
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.signal import butter, sosfiltfilt

from benchmarks.acted import joined
from speechqa.acoustics.baseline import baseline_from
from speechqa.acoustics.course import with_course
from speechqa.acoustics.frames import Frames
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.population import SPECTRUM, absolute_view
from speechqa.acoustics.stress import stress_curve
from speechqa.audio.spool import ArrayAudio
from speechqa.backends.silero import SileroVad
from speechqa.backends.swift_f0 import SwiftF0
from speechqa.core.dialogue import RoleAssignment
from speechqa.core.segment import Segment, Timeline
from speechqa.core.stress import StressCurve
from speechqa.core.transcript import Transcript, Turn
from speechqa.pipeline.causes import with_causes

RATE, REST_S, A_TURN = 8000, 3.0, 2
CALM, AROUSED = ("01", "02"), ("05", "06")
TIMES = 10
PITCH, ACTIVITY = SwiftF0(), SileroVad()
ROLES = {
    "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
    "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
}
ORDERS = {
    "calm throughout": ("ccc", (), "same"),
    "calm, aroused, calm": ("cac", ("rise", "fall"), "same"),
    "calm, aroused for about 12 s, calm": ("cbc", ("rise", "fall"), "same"),
    "calm, then aroused": ("ca", ("rise",), "more aroused"),
    "aroused, then calm": ("ac", ("fall",), "calmer"),
}
Utterance = tuple[float, Timeline, Frames]


def telephone(path: Path) -> np.ndarray:
    samples, rate = soundfile.read(path, always_2d=True)
    band = butter(6, [300, 3400], "band", fs=RATE, output="sos")
    narrow = sosfiltfilt(band, soxr.resample(samples.mean(axis=1), rate, RATE))
    even = np.clip(narrow / np.abs(narrow).max() * 0.5, -1, 1)
    packed = np.round(np.sign(even) * np.log1p(255 * np.abs(even)) / np.log(256) * 127) / 127
    return np.sign(packed) * np.expm1(np.abs(packed) * np.log(256)) / 255


def acted(folder: Path) -> dict[str, dict[str, list[Utterance]]]:
    found: dict[str, dict[str, list[Utterance]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(folder.glob("*.flac")):
        parts = path.stem.split("-")
        audio = ArrayAudio(np.atleast_2d(telephone(path)).astype(np.float32), RATE)
        speech = ACTIVITY.detect(audio)[0] or (Segment(0.0, audio.duration),)
        frames = voiced_frames(audio, 0, speech, PITCH)
        if len(frames.times):
            found[parts[6]][parts[2]].append((audio.duration, speech, frames))
    return found


def stitched(
    said: dict[str, list[Utterance]], order: str, rng: np.random.Generator
) -> tuple[Frames, Timeline, list[float], tuple[Turn, ...]]:
    """One side of a call: its voice and speech, when it changes, and the turns of both."""
    pools = {
        "c": [u for label in CALM for u in said[label]],
        "a": [u for label in AROUSED for u in said[label]],
    }
    pools["b"] = pools["a"]
    parts = []
    for kind in order:
        drawn = [pools[kind][i] for i in rng.permutation(len(pools[kind]))]
        drawn += drawn[:6] if kind == "c" and len(order) == 2 else []
        parts.append(drawn[:8] if kind == "b" else drawn)
    marks, speech, turns = [], [], []
    frames: list[tuple[float, Frames]] = []
    clock, count = 0.0, 0
    for part_index, part in enumerate(parts):
        for index, (duration, spoken, voice) in enumerate(part):
            if count % A_TURN == 0 or index == 0:
                turns.append(_turn("agent", "A", clock + 0.2, clock + REST_S - 0.2))
                clock, count = clock + REST_S, 0
                turns.append(_turn("customer", "B", clock, clock))
                if index == 0 and part_index:
                    marks.append(clock)
            speech += [Segment(round(s.start + clock, 3), round(s.end + clock, 3)) for s in spoken]
            frames.append((clock, voice))
            clock, count = clock + duration, count + 1
            turns[-1] = _turn("customer", "B", turns[-1].start or 0.0, clock)
    return joined(frames), tuple(speech), marks, tuple(turns)


def _turn(speaker: str, party: str, start: float, end: float) -> Turn:
    return Turn(speaker=speaker, party=party, text="words", start=round(start, 3), end=round(end, 3))


def changes(speakers: dict[str, dict[str, list[Utterance]]]) -> None:
    print(f"Stitched acted calls, {len(speakers)} speakers, {TIMES} calls each and order")
    for name, (order, kinds, ended) in ORDERS.items():
        rng = np.random.default_rng(7)
        right = ends = trends = calls = placed = within = led = told = 0
        for said in speakers.values():
            for _ in range(TIMES):
                frames, speech, marks, turns = stitched(said, order, rng)
                transcript = Transcript(language="en", engine="made up", turns=turns)
                curve = with_causes(
                    {"customer": stress_curve(frames, speech)}, transcript, ROLES, {"B": speech}
                )["customer"]
                calls += 1
                right += tuple(change.kind for change in curve.changes) == kinds
                summary = curve.summary
                ends += summary is not None and summary.ended == ended
                trend = summary.trend if summary else None
                trends += trend is not None and (trend.low > 0 or trend.high < 0)
                for change, mark in zip(curve.changes, marks, strict=False):
                    trigger = max(
                        i for i, t in enumerate(turns) if t.party == "A" and (t.start or 0.0) < mark
                    )
                    placed += 1
                    within += change.start - REST_S <= mark <= change.end
                    led += trigger in [turn.turn for turn in change.before]
                    told += len(change.before)
        share = (
            f", place covered {within / placed:.0%}, turn before it told {led / placed:.0%}" if placed else ""
        )
        many = f" ({told / placed:.1f} turns told)" if placed else ""
        print(
            f"  {name}: changes right {right}/{calls}, ended right {ends}/{calls}, "
            f"clear trend {trends}{share}{many}"
        )


def real(folder: Path) -> None:
    print("Real calls, polite speech")
    apart: list[float] = []
    population: list[dict[str, float]] = []
    for path in sorted([*folder.glob("harpervalley/*.flac"), *folder.glob("aws-lca/*.flac")]):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        for channel, (frames, speech) in enumerate(_voices(samples, rate)):
            curve = with_course(stress_curve(frames, speech), speech)
            print(f"  {path.stem} channel {channel}: {_course(curve)}")
            values = [w.value for w in curve.windows if w.value is not None]
            apart += [b - a for a, b in zip(values, values[3:], strict=False)]
            population += _measured(frames)
    for path in (folder / "speechmatics").glob("10-*.wav"):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        population += [one for frames, _ in _voices(samples, rate) for one in _measured(frames)]
    print(f"  noise of windows without common talk: {np.std(apart) / 2**0.5:.2f} deviations")
    _population(population)


def _voices(samples: np.ndarray, rate: int) -> list[tuple[Frames, Timeline]]:
    audio = ArrayAudio(np.ascontiguousarray(samples.T), rate)
    return [
        (voiced_frames(audio, channel, speech, PITCH), speech)
        for channel, speech in enumerate(ACTIVITY.detect(audio))
    ]


def _measured(frames: Frames) -> list[dict[str, float]]:
    calm = baseline_from([frames], "call")
    return [dict(calm.features)] if calm.voiced_seconds >= 3 else []


def _course(curve: StressCurve) -> str:
    if curve.summary is None:
        return curve.reason or "no value"
    told = "; ".join(
        f"{c.kind} {c.from_value:+.1f} to {c.to_value:+.1f} at {c.at:.0f} s" for c in curve.changes
    )
    return f"{curve.summary.windows} windows, ended {curve.summary.ended}, {told or 'no change'}"


def _population(voices: Sequence[dict[str, float]]) -> None:
    print(f"  calm level of {len(voices)} voices with 3 s and more")
    semitones = np.array([12 * np.log2(v["f0_hz"]) for v in voices])
    for name, chosen in (
        ("under 165 Hz", semitones < 12 * np.log2(165)),
        ("over", semitones >= 12 * np.log2(165)),
    ):
        pitch = semitones[chosen]
        print(
            f"    pitch {name}: n {len(pitch)}, {2 ** (pitch.mean() / 12):.1f} Hz, "
            f"{pitch.std(ddof=1):.2f} semitones"
        )
    for name in SPECTRUM:
        values = np.array([voice[name] for voice in voices])
        print(f"    {name}: mean {values.mean():.3f}, deviation {values.std(ddof=1):.3f}")


def absolute(speakers: dict[str, dict[str, list[Utterance]]]) -> None:
    print("Absolute view of acted speech, an actor's utterances of one kind as a call")
    for name, labels in (("calm", CALM), ("aroused", AROUSED), ("happy", ("03",)), ("sad", ("04",))):
        views = [
            absolute_view(baseline_from([f for label in labels for _, _, f in said[label]], "call"))
            for said in speakers.values()
        ]
        flagged = sum(view.flagged is True for view in views)
        unknown = sum(view.flagged is None for view in views)
        print(f"  {name}: {flagged} of {len(views)} flagged, {unknown} with too little voice")


def main() -> int:
    data = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
    if not (data / "emotion" / "ravdess").is_dir():
        print(f"skipped: no measuring data at {data}; set SPEECHQA_DATA", file=sys.stderr)
        return 0
    speakers = acted(data / "emotion" / "ravdess")
    changes(speakers)
    absolute(speakers)
    real(data / "calls")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
