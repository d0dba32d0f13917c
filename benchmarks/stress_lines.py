"""What a line does to the arousal curve: acted speech through codecs, loss, noise and gain.

    SPEECHQA_DATA=../shared/data python -m benchmarks.stress_lines [LINE ...]

For each line: how well anger and fear are told from calm speech, where the baseline came through the same
line ("same") and where it came through the plain one ("mixed"), which is harder. Baselines are of all of a
speaker's utterances, without labels. Hits and false alarms are given for the threshold of raised arousal and
for that of an episode, of one utterance and of four. Lines whose encoder is not on this machine are skipped,
saying so.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.acted import (
    AROUSED,
    CALM,
    NARROW,
    Line,
    Utterance,
    auc,
    joined,
    lines,
    mean_value,
    narrow,
    ravdess,
)
from speechqa.acoustics.baseline import baseline_from
from speechqa.acoustics.frames import Frames
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.stress import StressSettings
from speechqa.assembly.voice_stress import one_voice
from speechqa.backends.silero import SileroVad
from speechqa.backends.swift_f0 import SwiftF0
from speechqa.core.segment import Segment, Timeline
from speechqa.core.stress import StressBaseline
from tests.support.sound import ArrayAudio

PITCH, ACTIVITY = SwiftF0(), SileroVad()
SETTINGS = StressSettings()
UTTERANCE = StressSettings(min_voiced_s=0.5)
PLAIN = "plain, 8 kHz"
Voice = tuple[Frames, Timeline, float]


def voice_of(sound: np.ndarray, rate: int) -> Voice:
    """An utterance as `speechqa stress` takes a file of one voice."""
    audio = ArrayAudio(sound, rate)
    speech = one_voice(audio, 0, ACTIVITY.listen(audio).speech)
    return voiced_frames(audio, 0, speech, PITCH), speech, audio.duration


def in_a_row(voices: Sequence[Voice]) -> Voice:
    parts, speech, at = [], [], 0.0
    for frames, spoken, duration in voices:
        parts.append((at, frames))
        speech += [Segment(one.start + at, one.end + at) for one in spoken]
        at += duration
    return joined(parts), tuple(speech), at


def value(voice: Voice, baseline: StressBaseline, settings: StressSettings) -> float | None:
    frames, speech, _ = voice
    return mean_value(frames, speech, baseline, settings)


class Heard:
    """Every utterance through one line."""

    def __init__(self, line: Line, everyone: Sequence[Utterance]) -> None:
        self.voices: dict[str, list[tuple[str, Voice]]] = defaultdict(list)
        for said in everyone:
            self.voices[said.speaker].append((said.label, voice_of(*line(said, everyone))))
        self.baselines = {
            speaker: baseline_from(voice[0] for _, voice in said) for speaker, said in self.voices.items()
        }

    def values(self, baselines: Mapping[str, StressBaseline]) -> tuple[dict, dict, int, int]:
        one: dict[str, list[float]] = {"calm": [], "aroused": []}
        four: dict[str, list[float]] = {"calm": [], "aroused": []}
        known = asked = 0
        for speaker, said in self.voices.items():
            for name, labels in (("calm", CALM), ("aroused", AROUSED)):
                chosen = [voice for label, voice in said if label in labels]
                found = [value(voice, baselines[speaker], UTTERANCE) for voice in chosen]
                asked, known = asked + len(found), known + sum(one_ is not None for one_ in found)
                one[name] += [single for single in found if single is not None]
                for first in range(0, len(chosen) - 3, 4):
                    longer = value(in_a_row(chosen[first : first + 4]), baselines[speaker], SETTINGS)
                    four[name] += [] if longer is None else [longer]
        return one, four, known, asked


def shown(heard: Heard, baselines: Mapping[str, StressBaseline], plain: float | None) -> tuple[str, float]:
    one, four, known, asked = heard.values(baselines)
    area = auc(one["aroused"], one["calm"])
    change = "      " if plain is None else f"{area - plain:+.3f}"
    over = [
        " ".join(f"{np.mean(np.array(found[kind]) >= limit):4.0%}" for kind in ("aroused", "calm"))
        for found in (one, four)
        for limit in (SETTINGS.raised, SETTINGS.on)
    ]
    medians = f"{np.median(one['calm']):+.2f} {np.median(one['aroused']):+.2f}"
    text = (
        f"{area:.3f} {change} {auc(four['aroused'], four['calm']):.3f}  {known / asked:5.1%}  "
        f"{'  '.join(over)}  {medians}"
    )
    return text, area


def gain(everyone: Sequence[Utterance]) -> None:
    """The same sound 12 dB up and down: as samples in memory and as integers of 16 bits."""
    print("gain of +-12 dB: largest difference of a value; utterances with other speech, other frames")
    for label, speech_kept in (("in memory", False), ("as 16 bits", False), ("speech as it was", True)):
        differences, other_speech, other_frames = [0.0], 0, 0
        for said in everyone[::4]:
            plain = narrow(said.sound) * 0.4
            louder = [plain * 10 ** (decibels / 20) for decibels in (0.0, 12.0, -12.0)]
            if label == "as 16 bits":
                louder = [np.round(sound * 32767) / 32768 for sound in louder]
            voices = [voice_of(sound, NARROW) for sound in louder]
            if speech_kept:
                speech, lasts = voices[0][1:]
                frames = [voiced_frames(ArrayAudio(sound, NARROW), 0, speech, PITCH) for sound in louder]
                voices = [(one, speech, lasts) for one in frames]
            base = baseline_from([voices[0][0]])
            values = [value(voice, base, UTTERANCE) for voice in voices]
            numbers = [one for one in values if one is not None]
            if len(numbers) == len(voices):
                differences.append(float(np.ptp(numbers)))
            other_speech += any(voice[1] != voices[0][1] for voice in voices)
            other_frames += any(len(voice[0].times) != len(voices[0][0].times) for voice in voices)
        count = len(everyone[::4])
        print(
            f"  {label:18s} {max(differences):.4f}  {other_speech} and {other_frames} of {count}", flush=True
        )


def main() -> int:
    data = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
    if not (data / "emotion" / "ravdess").is_dir():
        print(f"skipped: no measuring data at {data}; set SPEECHQA_DATA", file=sys.stderr)
        return 0
    everyone = ravdess(data / "emotion" / "ravdess")
    wanted = sys.argv[1:]
    found = {name: line for name, line in lines().items() if not wanted or name in wanted or name == PLAIN}
    head = "AUC   diff   of 4   valued  raised, episode; of 4: raised, episode    medians calm, aroused"
    print(f"{'line, baseline':30s} {head}", flush=True)
    plain: Heard | None = None
    area = 0.0
    for name, line in found.items():
        if isinstance(line, str):
            print(f"{name:30s} skipped: {line}")
            continue
        heard = Heard(line, everyone)
        text, own = shown(heard, heard.baselines, area if plain else None)
        print(f"{name + ', same':30s} {text}", flush=True)
        if plain is None:
            plain, area = heard, own
            continue
        print(f"{name + ', mixed':30s} {shown(heard, plain.baselines, area)[0]}", flush=True)
    if not wanted:
        gain(everyone)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
