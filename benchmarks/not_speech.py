"""What is no speech: how much of it counts as speech, what is found of it, and what speech it costs.

    SPEECHQA_DATA=../shared/data SPEECHQA_NOT_SPEECH=~/sounds python -m benchmarks.not_speech

Line sounds are made by formula and placed, at three levels, into the agent's silence of the HarperValley
calls, through G.711 and AMR. The rest needs a folder of your own, named by SPEECHQA_NOT_SPEECH, with any of
`music/` (hold music without voices, a folder a set), `songs/`, `laughter/`, `coughs/`, `keyboard/`, `speech/`
(voices that must all stay, a folder a set). Linux distributions carry free music and effects,
for instance the
Debian packages asterisk-moh-opsound-wav, wesnoth-music, supertux-data, hedgewars-data, fillets-ng-data.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.line_sounds import CODECS, RATE, Sound, at_level, excerpt, level_of, made, mixed, noise
from speechqa.acoustics.waiting_sounds import NotSpeech, find_not_speech, without_tones
from speechqa.assembly import analyze
from speechqa.backends.silero import SileroVad
from speechqa.config import Settings
from speechqa.core.segment import Segment, Timeline, difference, intersection, seconds, union
from speechqa.dialogue.measures import measure
from speechqa.protocols import VoiceActivity
from tests.support.sound import ArrayAudio

SUFFIXES = {".wav", ".flac", ".ogg", ".oga", ".mp3", ".opus", ".m4a"}
LEAD_S, TAIL_S, HOLD_S = 20.0, 15.0, 30.0
VAD = SileroVad()
Calls = list[tuple[str, Sound]]


def main() -> None:
    data = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
    own = os.environ.get("SPEECHQA_NOT_SPEECH", "")
    calls = _calls(data)
    if not calls:
        print(f"{data} holds no calls: set SPEECHQA_DATA to the measuring data")
        return
    agents = [sound[0] for name, sound in calls if "harpervalley/" in name]
    _line_sounds(agents)
    _digits_under_talk(calls)
    _speech_lost(calls, data)
    _noise(calls)
    _sample_hold()
    if not own:
        print("music, songs, laughter, coughs, keyboards: set SPEECHQA_NOT_SPEECH to a folder of them")
        return
    folder = Path(own).expanduser()
    pieces = []
    for group in sorted(path for path in (folder / "music").glob("*") if path.is_dir()):
        pieces += _music(group, agents)
    _music(folder / "songs", agents)
    _talk_over_music(calls, pieces)
    for kind in ("laughter", "coughs", "keyboard"):
        _effects(folder / kind, agents)
    _voices(folder / "speech")


def _calls(data: Path) -> Calls:
    import soundfile

    found = []
    for path in sorted((data / "calls").glob("*/*")):
        if path.suffix in SUFFIXES and "legs" not in path.parent.name:
            samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
            found.append((f"{path.parent.name}/{path.stem}", _at_8k(samples.T, rate)))
    return found


def _at_8k(samples: Sound, rate: int) -> Sound:
    import soxr

    if rate == RATE:
        return samples
    return np.stack([soxr.resample(channel, rate, RATE) for channel in samples]).astype(np.float32)


def _listen(sound: Sound) -> tuple[VoiceActivity, NotSpeech]:
    audio = ArrayAudio(sound, RATE)
    heard = VAD.listen(audio)
    return heard, find_not_speech(audio, heard.speech)


def _placed(agent: Sound, sound: Sound) -> tuple[Sound, float, float]:
    """A sound in the longest silence of an agent's channel, and when it starts and ends."""
    spoken = VAD.listen(ArrayAudio(agent, RATE)).speech[0]
    gap = max(pairwise(spoken), key=lambda pair: pair[1].start - pair[0].end)
    at = round((gap[0].end + gap[1].start) / 2 * RATE)
    before = agent[max(0, at - round(LEAD_S * RATE)) : at]
    start = len(before) / RATE
    after = agent[at : at + round(TAIL_S * RATE)]
    return np.concatenate([before, sound, after]), start, start + len(sound) / RATE


def _line_sounds(agents: list[Sound]) -> None:
    print("line sounds in an agent's silence: seconds a minute taken for speech, before and after; found as")
    for name, sound in made(60.0, 9).items():
        before = after = 0.0
        found: dict[str, int] = {}
        runs = 0
        for agent in agents:
            for below in (0.0, 15.0, 30.0):
                for codec in ("G.711", "AMR 12.2"):
                    through = CODECS[codec](at_level(sound, level_of(agent) - below - 3.0))
                    call, start, end = _placed(agent, through)
                    heard, gone = _listen(call)
                    inside = (Segment(start + 0.2, end - 0.2),)
                    runs += 1
                    before += seconds(intersection(heard.speech[0], inside))
                    kept = without_tones(heard.speech[0], gone.tones[0])
                    after += seconds(intersection(kept, inside))
                    kinds = {s.kind for s in gone.waiting if s.start < end and s.end > start}
                    for kind in kinds:
                        found[kind] = found.get(kind, 0) + 1
        shown = ", ".join(f"{kind} {count} of {runs}" for kind, count in sorted(found.items()))
        print(f"  {name:24s} {before / runs:6.2f} {after / runs:6.2f}  {shown}")


def _digits_under_talk(calls: Calls) -> None:
    """A customer dials while the agent talks: what of it becomes an overlap or an interruption."""
    print("digits dialled on the customer's channel while the agent talks: overlaps, interruptions")
    counts = {"before": [0, 0], "after": [0, 0]}
    for name, sound in calls:
        if "harpervalley/" not in name:
            continue
        call = sound.copy()
        length = call.shape[1]
        dialled = at_level(made(length / RATE, 3)["digits"], level_of(call[0]))[:length]
        silent = np.ones(length, bool)
        for segment in VAD.listen(ArrayAudio(call, RATE)).speech[1]:
            silent[round(segment.start * RATE) : round(segment.end * RATE)] = False
        call[1] = np.where(
            silent, call[1] + CODECS["G.711"](np.pad(dialled, (0, length - len(dialled)))), call[1]
        )
        heard, gone = _listen(call)
        kept = tuple(map(without_tones, heard.speech, gone.tones))
        for label, speech in (("before", heard.speech), ("after", kept)):
            parties = dict(zip("AB", speech, strict=True))
            dialogue = measure([], parties, {}, length / RATE, words_available=False)
            counts[label][0] += len(dialogue.overlaps)
            counts[label][1] += sum("interruption" in overlap.kind for overlap in dialogue.overlaps)
    print(f"  before {counts['before']}, after {counts['after']}")


def _speech_lost(calls: Calls, data: Path) -> None:
    print("real speech: seconds of it, seconds lost to tones, seconds of waits found in it, by codec; cost")
    sets: dict[str, list[Sound]] = {}
    for name, sound in calls:
        sets.setdefault(name.split("/")[0], []).extend(sound)
    acted = sorted((data / "emotion" / "ravdess").glob("*.flac"))
    for actor in sorted({path.stem[-2:] for path in acted}):
        parts = [excerpt(path, 0, 10) for path in acted if path.stem.endswith(actor)]
        sets.setdefault("ravdess", []).append(np.concatenate(parts))
    for name, sounds in sets.items():
        print(f"  {name:14s}", _kept(sounds))


def _kept(sounds: list[Sound]) -> str:
    shown = []
    for codec in (None, "AMR 4.75"):
        spoken = lost = waits = taken = length = 0.0
        for sound in sounds:
            audio = ArrayAudio(sound if codec is None else CODECS[codec](sound), RATE)
            speech = VAD.listen(audio).speech
            begun = time.perf_counter()
            gone = find_not_speech(audio, speech)
            taken += time.perf_counter() - begun
            length += audio.duration
            spoken += seconds(speech[0])
            lost += seconds(speech[0]) - seconds(without_tones(speech[0], gone.tones[0]))
            waits += sum(sound.end - sound.start for sound in gone.waiting)
        figures = f"{spoken:.0f} s, lost {lost:.2f}, waits {waits:.1f}, {taken / length:.5f} x"
        shown.append(f"{codec or 'as it is'}: {figures}")
    return "; ".join(shown)


def _noise(calls: Calls) -> None:
    print(
        "noise over real calls: share of speech the detector loses, seconds a minute it invents, waits found"
    )
    rng = np.random.default_rng(1)
    for label, slope in (("white", 0.0), ("pink", 1.0)):
        for ratio in (20, 10, 5):
            lost = spoken = invented = length = waits = 0.0
            for name, sound in calls:
                if not name.startswith(("harpervalley/", "aws-lca/")):
                    continue
                for channel in sound:
                    reference = VAD.listen(ArrayAudio(channel, RATE)).speech[0]
                    noisy = mixed(channel, noise(len(channel) / RATE, slope, rng), ratio)
                    heard, gone = _listen(noisy)
                    lost += seconds(difference(reference, heard.speech[0]))
                    invented += seconds(difference(heard.speech[0], reference))
                    spoken += seconds(reference)
                    length += len(channel) / RATE
                    waits += sum(one.end - one.start for one in gone.waiting)
            print(
                f"  {label} {ratio:2d} dB: {lost / spoken:.3f}, {60 * invented / length:.2f}, {waits:.1f} s"
            )


def _sample_hold() -> None:
    analysis = analyze("recordings/en-insurance-hold.m4a", settings=Settings(engine="none"))
    times = json.loads(Path("recordings/scripts/times.json").read_text())["en-insurance-hold"]
    expected = [(start, end) for _, start, end, kind in times if kind == "hold_music"]
    assert analysis.dialogue is not None
    found = [(sound.start, sound.end, sound.kind) for sound in analysis.dialogue.waiting or ()]
    print(f"sample call with a hold: music at {expected}, found {found}, holds {analysis.dialogue.holds}")


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _music(folder: Path, agents: list[Sound]) -> list[Sound]:
    """Holds of 30 s in calls: what is taken for speech, what is found, and how near its edges are."""
    sounds = [excerpt(path, 15.0, HOLD_S) for path in _files(folder)]
    sounds = [sound for sound in sounds if len(sound) >= 0.9 * HOLD_S * RATE]
    if not sounds:
        return []
    print(f"{folder.name}: {len(sounds)} pieces in holds of {HOLD_S:.0f} s")
    for below in (6.0, 20.0):
        speech = faint = covered = outside = length = 0.0
        found = 0
        edges: list[tuple[float, float]] = []
        for index, sound in enumerate(sounds):
            agent = agents[index % len(agents)]
            codec = list(CODECS.values())[index % len(CODECS)]
            call, start, end = _placed(agent, codec(at_level(sound, level_of(agent) - below)))
            heard, gone = _listen(call)
            inside = (Segment(start + 0.2, end - 0.2),)
            speech += seconds(intersection(heard.speech[0], inside))
            faint += seconds(intersection(heard.faint[0], inside))
            music = union(Segment(s.start, s.end) for s in gone.waiting if s.kind == "music")
            within = seconds(intersection(music, (Segment(start, end),)))
            covered, outside, length = (
                covered + within,
                outside + seconds(music) - within,
                length + end - start,
            )
            if within > (end - start) / 2:
                found += 1
                edges.append((music[0].start - start, music[-1].end - end))
        error = np.median(np.abs(np.array(edges)), axis=0).round(2).tolist() if edges else None
        print(
            f"  {below:.0f} dB under the agent: {60 * speech / length:.2f} s a minute taken for speech, "
            f"{60 * faint / length:.2f} for faint speech; found {found} of {len(sounds)}, "
            f"covered {covered / length:.3f}, outside {outside / len(sounds):.2f} s a hold, "
            f"median error of start, end {error}"
        )
    return sounds


def _talk_over_music(calls: Calls, pieces: list[Sound]) -> None:
    if not pieces:
        return
    print("talk over music: share of speech the detector loses, seconds that are lost to tones after it")
    rng = np.random.default_rng(2)
    for ratio in (20, 10, 5):
        lost = spoken = removed = 0.0
        for name, sound in calls:
            if not name.startswith("harpervalley/"):
                continue
            for channel in sound:
                reference = VAD.listen(ArrayAudio(channel, RATE)).speech[0]
                bed = np.concatenate([pieces[i] for i in rng.integers(0, len(pieces), 3)])
                heard, gone = _listen(mixed(channel, bed, ratio))
                kept: Timeline = without_tones(heard.speech[0], gone.tones[0])
                lost += seconds(difference(reference, heard.speech[0]))
                removed += seconds(heard.speech[0]) - seconds(kept)
                spoken += seconds(reference)
        print(f"  {ratio} dB over the music: {lost / spoken:.3f}, {removed:.2f} s of {spoken:.0f}")


def _effects(folder: Path, agents: list[Sound]) -> None:
    total = taken = 0.0
    count = some = 0
    for index, path in enumerate(_files(folder)):
        agent = agents[index % len(agents)]
        sound = excerpt(path, 0.0, 10.0)
        if len(sound) < 0.05 * RATE:
            continue
        quiet = np.zeros(RATE // 2, np.float32)
        call, start, end = _placed(
            agent, np.concatenate([quiet, CODECS["G.711"](at_level(sound, -25)), quiet])
        )
        heard, _ = _listen(call)
        spoken = seconds(intersection(heard.speech[0], (Segment(start + 0.3, end - 0.3),)))
        count, some, total, taken = count + 1, some + (spoken > 0), total + len(sound) / RATE, taken + spoken
    if count:
        print(f"{folder.name}: {taken:.1f} of {total:.1f} s taken for speech, in {some} of {count} sounds")


def _voices(folder: Path) -> None:
    groups: dict[str, list[Sound]] = {}
    for path in _files(folder):
        groups.setdefault(path.parent.name, []).append(at_level(excerpt(path, 0.0, 20.0), -25))
    for name, sounds in groups.items():
        print(f"voices {name:14s}", _kept([np.concatenate(sounds)]))


if __name__ == "__main__":
    main()
