"""Word error rate and confidence of a transcriber, on the sample calls and on real telephone calls.

    python benchmarks/recognition.py                        # pocketsphinx, recordings/
    python benchmarks/recognition.py --engine whisper:small # any engine
    python benchmarks/recognition.py --data ../shared/data  # and the HarperValley calls of the data folder

A call's confidence decides whether its words are judged on: it must lie over the engine's floor on samples
and under it on real telephone calls that the engine cannot follow.
"""

from __future__ import annotations

import argparse
import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import jiwer

from speechqa.audio.decoder import PyAVDecoder
from speechqa.backends.choice import choose_engine
from speechqa.backends.silero import SileroVad
from speechqa.core.segment import seconds
from speechqa.core.source import CallSource, PartyFile

ROOT = Path(__file__).resolve().parents[1]
_NO_SPEECH = re.compile(r"\[.*?\]|<.*?>")


def words(text: str) -> str:
    """Lower case, without punctuation and marks of noise."""
    plain = _NO_SPEECH.sub(" ", text.lower()).replace("’", "'")
    return " ".join(re.findall(r"[a-z']+", plain))


def samples(recordings: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Name, file and reference of each stereo English sample, a text a channel."""
    for script in sorted((recordings / "scripts").glob("en-*.toml")):
        call = tomllib.loads(script.read_text(encoding="utf-8"))
        channels = {name: about.get("channel") for name, about in call["speakers"].items()}
        found = [p for p in recordings.glob(f"{script.stem}.*") if p.suffix != ".json"]
        if call.get("channels") != 2 or len(found) != 1 or None in channels.values():
            continue
        texts = ["", ""]
        for turn in call["turns"]:
            texts[channels[turn["speaker"]]] += " " + turn.get("text", "")
        yield script.stem, found[0], [words(text) for text in texts]


def harper_valley(data: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Name, file and human text of each call, a text a channel."""
    for file in sorted((data / "calls" / "harpervalley").glob("*.flac")):
        sides = [file.with_name(f"{file.stem}.{side}.txt").read_text() for side in ("agent", "caller")]
        yield f"harpervalley {file.stem}", file, [words(side) for side in sides]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engine", default="pocketsphinx")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--recordings", type=Path, default=ROOT / "recordings")
    options = parser.parse_args()
    engine = choose_engine(options.engine, "en")
    if engine is None:
        parser.error("an engine that transcribes is needed")
    print(f"{engine.info.name}, {engine.info.model}; confidence floor {engine.info.confidence_floor}")
    print(f"{'call':34}{'Hz':>7}{'words':>7}{'WER %':>8}{'conf':>7}  {'x real time':>11}")
    calls = [("samples", call) for call in samples(options.recordings)]
    if options.data:
        calls += [("real", call) for call in harper_valley(options.data)]
    totals: dict[str, list[int]] = {}
    for group, (name, file, references) in calls:
        source = CallSource(files=(PartyFile(path=str(file)),))
        _, audio = PyAVDecoder().open(source)
        try:
            speech = SileroVad().detect(audio)
            begin = time.perf_counter()
            heard = engine.transcribe(audio, speech, language="en")
            took = time.perf_counter() - begin
            rate = audio.sample_rate
        finally:
            audio.close()
        wrong = of = 0
        for reference, channel in zip(references, heard.channels, strict=True):
            counts = jiwer.process_words(reference, words(" ".join(w.text for w in channel)))
            wrong += counts.substitutions + counts.deletions + counts.insertions
            of += counts.hits + counts.substitutions + counts.deletions
        confidence = [w.confidence for channel in heard.channels for w in channel if w.confidence is not None]
        mean = sum(confidence) / len(confidence) if confidence else float("nan")
        spoken = sum(seconds(timeline) for timeline in speech)
        print(
            f"{name:34}{rate:>7}{of:>7}{100 * wrong / of:>8.1f}{mean:>7.2f}  {took / spoken:>11.2f}",
            flush=True,
        )
        for key in (group, f"{group} {rate} Hz"):
            tally = totals.setdefault(key, [0, 0])
            tally[0] += wrong
            tally[1] += of
    for key, (wrong, of) in sorted(totals.items()):
        print(f"{key:48}{100 * wrong / of:>8.1f}")


if __name__ == "__main__":
    main()
