"""Two voices on one channel: real two-channel calls mixed down, whose parties are known from the channels.

    SPEECHQA_DATA=../shared/data python -m benchmarks.diarization [--words]

Reads `calls/harpervalley` (references: the corpus's turn times and text) and `calls/aws-lca` (reference: the
speech found on each channel). Diarization error is counted every 10 ms with 0.25 s around each border of the
reference left out and overlapping speech scored, under the best mapping of voices to parties. `--words` also
has pocketsphinx hear each channel, a few minutes, for words with a recogniser's times and a known speaker.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np
import soundfile

from speechqa.assembly import analyze
from speechqa.audio.spool import ArrayAudio
from speechqa.backends.resemblyzer import ResemblyzerEmbedder
from speechqa.backends.silero import SileroVad
from speechqa.backends.voice_diarizer import VoiceDiarizer
from speechqa.config import Settings
from speechqa.core.segment import Segment, Timeline, intersection, seconds, union
from speechqa.dialogue.channels.activity import suppress_crosstalk
from speechqa.dialogue.voices.attribution import voices_of_words
from speechqa.protocols import Diarization

STEP_S, COLLAR_S = 0.01, 0.25
ACTIVITY, DIARIZER = SileroVad(), VoiceDiarizer(ResemblyzerEmbedder())
ROLES = ("agent", "customer")


class Call:
    """One two-channel call and who speaks when in it."""

    def __init__(self, path: Path) -> None:
        samples, self.rate = soundfile.read(path, dtype="float32", always_2d=True)
        self.path, self.samples = path, samples.T
        audio = ArrayAudio(self.samples, self.rate)
        self.channels = suppress_crosstalk(audio, ACTIVITY.listen(audio).speech).speech
        turns = path.with_suffix(".rttm")
        self.truth = (
            tuple(_rttm(turns, who) for who in ("agent", "caller")) if turns.exists() else self.channels
        )
        self.mono, self.duration = self.samples.mean(axis=0), audio.duration

    def variants(self) -> Iterator[tuple[str, np.ndarray, tuple[Timeline, ...]]]:
        """The call as it is, and under conditions of the telephone."""
        yield "as it is", self.mono, self.truth
        for party, name in enumerate(ROLES):
            gains = np.ones((2, 1), np.float32)
            gains[party] = 10 ** (-10 / 20)
            yield f"the {name} 10 dB quieter", (self.samples * gains).mean(axis=0), self.truth
        loud = self.mono[np.abs(self.mono) > 0.01]
        hiss = np.random.default_rng(1).standard_normal(len(self.mono))
        hiss *= np.sqrt((loud**2).mean()) * 10 ** (-15 / 20)
        yield "noise at 15 dB", self.mono + hiss.astype(np.float32), self.truth
        packed = np.round(np.sign(self.mono) * np.log1p(255 * np.abs(self.mono)) / np.log(256) * 127) / 127
        yield "G.711", np.sign(packed) * np.expm1(np.abs(packed) * np.log(256)) / 255, self.truth
        yield "GSM 06.10", _gsm(self.mono, self.rate), self.truth
        length = 20.0
        for index in range(int(self.duration // length)):
            piece = Segment(index * length, (index + 1) * length)
            truth = tuple(_moved(intersection(line, (piece,)), -piece.start) for line in self.truth)
            sound = self.mono[round(piece.start * self.rate) : round(piece.end * self.rate)]
            if all(seconds(line) >= 1.0 for line in truth):
                yield "20 s of it", sound, truth
        for party in (0, 1):
            yield "one party alone", self.samples[party], (self.channels[party], ())


def main() -> None:
    data = Path(os.environ.get("SPEECHQA_DATA", "../shared/data")) / "calls"
    paths = sorted([*data.glob("harpervalley/*.flac"), *data.glob("aws-lca/*.flac")])
    if not paths:
        print(f"{data} has no calls: set SPEECHQA_DATA to the measuring data", file=sys.stderr)
        return
    calls = [Call(path) for path in paths]
    _errors(calls)
    _documents(calls)
    if "--words" in sys.argv[1:]:
        _recognised(calls)


def _errors(calls: list[Call]) -> None:
    found: dict[str, list[np.ndarray]] = {}
    sure: list[tuple[float, float, bool]] = []
    spent = heard = 0.0
    print("diarization, each call as it is")
    for call in calls:
        for name, sound, truth in call.variants():
            begin = time.process_time()
            audio = ArrayAudio(sound, call.rate)
            speech = ACTIVITY.listen(audio).speech[0]
            told = DIARIZER.diarize(audio, 0, speech)
            spent, heard = spent + time.process_time() - begin, heard + audio.duration
            counts = errors(truth, told.speakers, audio.duration)
            wrong = counts[2] / max(counts[3], STEP_S)
            sure.append(
                (told.confidence if len(told.speakers) > 1 else 0.0, wrong, name == "one party alone")
            )
            if name == "one party alone":
                continue
            group = "one party 10 dB quieter" if name.endswith("quieter") else name
            found.setdefault(group, []).append(counts)
            if name == "as it is":
                print(f"  {call.path.stem}: {_line(counts)}, confidence {told.confidence:.2f}")
    print("all calls")
    for name, counts in found.items():
        print(f"  {name} ({len(counts)}): {_line(np.sum(counts, axis=0))}")
    bridged = [
        errors(c.truth, _bridged(c), c.duration) for c in calls if c.path.with_suffix(".rttm").exists()
    ]
    named = [
        c for call, c in zip(calls, found["as it is"], strict=True) if call.path.with_suffix(".rttm").exists()
    ]
    print(f"  HarperValley: {_line(np.sum(named, axis=0))}")
    print(f"  HarperValley with a channel a party, the best that can be: {_line(np.sum(bridged, axis=0))}")
    _confidence(sure)
    print(f"cost with voice activity: {spent / heard:.4f} x real time\n")


def _confidence(sure: list[tuple[float, float, bool]]) -> None:
    print("confidence against the share of speech with the wrong voice; one party alone has no right split")
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        two = [wrong for value, wrong, alone in sure if low <= value < high and not alone]
        one = sum(low <= value < high for value, _, alone in sure if alone)
        good = np.mean([wrong <= 0.1 for wrong in two]) if two else 0.0
        mean = np.mean(two) if two else 0.0
        print(
            f"  {low:.1f} to {min(high, 1):.1f}: {len(two)} mixes, {mean:.3f} wrong on average, "
            f"{good:.0%} of them with at most a tenth wrong; {one} of one party alone"
        )


def _documents(calls: list[Call]) -> None:
    print("whole documents from one channel, human text without speakers where there is any")
    right = words = 0
    overlap = [0.0, 0.0]
    roles = {"right": 0, "unknown": 0, "wrong": 0}
    begin, heard = time.process_time(), 0.0
    for call in calls:
        reference = call.path.with_suffix(".json")
        with tempfile.TemporaryDirectory() as folder:
            mono = _write(Path(folder) / "mono.wav", call.mono, call.rate)
            sidecar = None
            if reference.exists():
                text = json.loads(reference.read_text())
                said = [{k: v for k, v in turn.items() if k != "speaker"} for turn in text["turns"]]
                sidecar = Path(folder) / "mono.json"
                sidecar.write_text(json.dumps({**text, "turns": said}), encoding="utf-8")
            document = analyze(mono, transcript=sidecar, settings=Settings(engine="none"))
        heard += call.duration
        assert document.dialogue is not None
        assert document.transcript is not None
        speech = [document.dialogue.speech.get(party, ()) for party in ("A", "B")]
        letters = ("A", "B") if _mapping(call.truth, speech, call.duration) == (0, 1) else ("B", "A")
        for letter, role in zip(letters, ROLES, strict=True):
            given = document.roles[letter].role if letter in document.roles else "unknown"
            roles["right" if given == role else "unknown" if given == "unknown" else "wrong"] += 1
        overlap[0] += seconds(intersection(*call.truth))
        overlap[1] += seconds(document.dialogue.overlapped)
        if sidecar is not None:
            pairs = zip(json.loads(reference.read_text())["turns"], document.transcript.turns, strict=True)
            for said_by, turn in pairs:
                count = len(said_by["text"].split())
                words += count
                right += count * (turn.party == dict(zip(ROLES, letters, strict=True))[said_by["speaker"]])
    spent = time.process_time() - begin
    print(f"  words with the right party: {right} of {words}, {100 * right / max(words, 1):.1f} %")
    print(f"  roles of parties: {roles}")
    print(f"  overlapping speech: {overlap[0]:.1f} s in the references, {overlap[1]:.1f} s marked")
    print(f"  cost of everything but transcription: {spent / heard:.4f} x real time")


def _recognised(calls: list[Call]) -> None:
    from speechqa.backends.pocketsphinx import PocketsphinxTranscriber

    print("words as pocketsphinx hears them on each channel, given to voices on the mix by their times alone")
    total, good = 0, 0
    for call in calls:
        heard = PocketsphinxTranscriber().transcribe(
            ArrayAudio(call.samples, call.rate), call.channels, language="en"
        )
        owner = [(word, party) for party, line in enumerate(heard.channels) for word in line]
        owner.sort(key=lambda pair: (pair[0].start or 0.0, pair[1]))
        told = _told(call)
        order = _mapping(call.truth, told.speakers, call.duration)
        given = voices_of_words([word for word, _ in owner], told.speakers)
        right = sum(order[party] == voice for (_, party), voice in zip(owner, given, strict=True))
        print(f"  {call.path.stem}: {right} of {len(owner)}, {100 * right / max(len(owner), 1):.1f} %")
        total, good = total + len(owner), good + right
    print(f"  all: {100 * good / max(total, 1):.1f} %")


def errors(truth: tuple[Timeline, ...], found: tuple[Timeline, ...], duration: float) -> np.ndarray:
    """Seconds missed, falsely heard, and given to the wrong voice, and seconds of speech scored."""
    frames = round(duration / STEP_S) + 1
    said = np.stack([_mask(line, frames) for line in truth])
    heard = np.stack([_mask(line, frames) for line in (*found, (), ())][: max(2, len(found))])
    counts = np.ones(frames, bool)
    for line in truth:
        for border in (edge for segment in line for edge in (segment.start, segment.end)):
            first = max(0, round((border - COLLAR_S) / STEP_S))
            counts[first : round((border + COLLAR_S) / STEP_S)] = False
    agreed = [
        sum(said[party] & heard[voice] for party, voice in enumerate(order))
        for order in permutations(range(len(heard)), len(said))
    ]
    right = max(agreed, key=lambda both: int(np.asarray(both)[counts].sum()))
    many, few = said.sum(axis=0), heard.sum(axis=0)
    parts = (np.maximum(0, many - few), np.maximum(0, few - many), np.minimum(many, few) - right, many)
    return np.array([part[counts].sum() * STEP_S for part in parts])


def _mapping(truth, speakers, duration: float) -> tuple[int, int]:
    frames = round(duration / STEP_S) + 1
    said = [_mask(line, frames) for line in truth]
    heard = [_mask(line, frames) for line in (*speakers, (), ())][:2]
    straight = sum((a & b).sum() for a, b in zip(said, heard, strict=True))
    crossed = sum((a & b).sum() for a, b in zip(said, reversed(heard), strict=True))
    return (0, 1) if straight >= crossed else (1, 0)


def _told(call: Call) -> Diarization:
    audio = ArrayAudio(call.mono, call.rate)
    return DIARIZER.diarize(audio, 0, ACTIVITY.listen(audio).speech[0])


def _bridged(call: Call) -> tuple[Timeline, ...]:
    return tuple(union(line, bridge_s=0.3) for line in call.channels)


def _line(counts: np.ndarray) -> str:
    missed, false, wrong, total = counts
    share = [value / total for value in (missed + false + wrong, missed, false, wrong)]
    return "error {:.3f} (missed {:.3f}, false {:.3f}, wrong voice {:.3f})".format(*share)


def _mask(line: Timeline, frames: int) -> np.ndarray:
    mask = np.zeros(frames, bool)
    for segment in line:
        mask[round(segment.start / STEP_S) : round(segment.end / STEP_S)] = True
    return mask


def _moved(line: Timeline, by: float) -> Timeline:
    return tuple(Segment(segment.start + by, segment.end + by) for segment in line)


def _rttm(path: Path, who: str) -> Timeline:
    rows = [line.split() for line in path.read_text().splitlines() if line.startswith("SPEAKER")]
    return union(Segment(float(r[3]), float(r[3]) + float(r[4])) for r in rows if r[7] == who)


def _write(path: Path, sound: np.ndarray, rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def _gsm(sound: np.ndarray, rate: int) -> np.ndarray:
    """The sound through full-rate GSM, where soundfile can."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gsm.wav"
        soundfile.write(path, sound, rate, subtype="GSM610")
        heard, _ = soundfile.read(path, dtype="float32")
    return np.pad(heard, (0, max(0, len(sound) - len(heard))))[: len(sound)]


if __name__ == "__main__":
    main()
