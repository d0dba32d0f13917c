"""How fast the engines are against openai-whisper run plainly, as ratios in one run.

    python -m benchmarks.engine_speed                       # weights of the base size, one sample call
    python -m benchmarks.engine_speed --size tiny --calls en-parcel en-pizza

The weights are random, so what is heard means nothing: every decoding is made to go on for the same number of
tokens a second of speech, none for silence, and then gives words that were set before. openai-whisper's
`transcribe` hears each whole channel, without times of words; ours hear speech alone and give times of words.
The time to find speech is counted to ours. All run in turn in one process on as many threads; the best round
counts, for other programs only ever add. By the clock, and by processor time, which they disturb less.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.recognition import ROOT, samples
from speechqa.audio.decoder import PyAVDecoder
from speechqa.backends.fast_convert import write_folder
from speechqa.backends.fast_models import folder_digest
from speechqa.backends.faster_whisper import FasterWhisperSettings, FasterWhisperTranscriber
from speechqa.backends.model_files import file_digest
from speechqa.backends.packing import windows
from speechqa.backends.pieces import read_16k
from speechqa.backends.silero import SileroVad
from speechqa.backends.whisper import WhisperSettings, WhisperTranscriber, load_checkpoint
from speechqa.core.segment import Segment, Timeline, intersection, seconds
from speechqa.core.source import CallSource, PartyFile
from speechqa.protocols import CallAudio

SIZES = {"tiny": (384, 6, 4), "base": (512, 8, 6), "small": (768, 12, 12)}
TOKENS_A_SECOND = 4.0
"""About what English telephone speech takes."""
OFF: dict[str, Any] = {
    "logprob_threshold": None,
    "compression_ratio_threshold": None,
    "no_speech_threshold": None,
}


def random_weights(path: Path, size: str) -> Path:
    """Write a checkpoint of that size whose weights were drawn."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    width, heads, layers = SIZES[size]
    dims = ModelDimensions(80, 1500, width, heads, layers, 51865, 448, width, heads, layers)
    torch.manual_seed(0)
    model = Whisper(dims)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.02)
    torch.save({"dims": vars(dims), "model_state_dict": model.state_dict()}, path)
    return path


class Forced:
    """How many tokens each decoding has to go on for, in order; and what it then gives."""

    def __init__(self) -> None:
        from whisper.tokenizer import get_tokenizer

        self.tokenizer = get_tokenizer(True, num_languages=99, language="en", task="transcribe")
        self.words = self.tokenizer.encode(" one two three four five six seven eight nine ten")
        self.left: deque[int] = deque()
        self.made = 0

    def expect(self, spoken: Iterable[float]) -> None:
        """From now on, decodings of so many seconds of speech."""
        self.left = deque(round(TOKENS_A_SECOND * one) for one in spoken)
        self.made = 0

    def result(self, count: int) -> list[int]:
        """That many tokens, closed by a time sign, so that nothing of the window is heard twice."""
        self.made += count
        text = (self.words * (count // len(self.words) + 1))[:count]
        return [self.tokenizer.timestamp_begin, *text, self.tokenizer.timestamp_begin + 1400]

    def openai(self, model: Any) -> Any:
        """The model with its `decode` held to that."""
        import whisper

        def decode(mel: Any, options: Any) -> Any:
            count = self.left.popleft()
            options = replace(
                options,
                sample_len=max(1, count),
                without_timestamps=True,
                suppress_tokens=[-1, self.tokenizer.eot],
            )
            return replace(whisper.decode(model, mel, options), tokens=self.result(count))

        model.decode = decode
        return model

    def ctranslate2(self, model: Any) -> Any:
        """The model with its `generate` held to that; a batch goes on for as long as its longest needs."""
        forced = self

        class Held:
            def __getattr__(self, name: str) -> Any:
                return getattr(model, name)

            def generate(self, encoded: Any, prompts: list[list[int]], **options: Any) -> list[Any]:
                counts = [forced.left.popleft() for _ in prompts]
                options["max_length"] = 2 * max(8, *counts)
                options["suppress_tokens"] = [*options["suppress_tokens"], forced.tokenizer.eot]
                held = [[*prompt, forced.tokenizer.no_timestamps] for prompt in prompts]
                found = model.generate(encoded, held, **options)
                return [
                    SimpleNamespace(
                        sequences_ids=[forced.result(count)],
                        scores=one.scores,
                        no_speech_prob=one.no_speech_prob,
                    )
                    for one, count in zip(found, counts, strict=True)
                ]

        return Held()


def plainly(model: Any, audio: CallAudio, speech: Sequence[Timeline], forced: Forced) -> None:
    """openai-whisper's `transcribe` on each whole channel."""
    import whisper

    spans = [Segment(at, at + 30.0) for at in np.arange(0.0, audio.duration, 30.0)]
    forced.expect(seconds(intersection(timeline, (span,))) for timeline in speech for span in spans)
    for channel in range(audio.channels):
        sound = read_16k(audio, channel, Segment(0.0, audio.duration))
        whisper.transcribe(model, sound, language="en", temperature=0.0, fp16=False, **OFF)


def ours(engine: Any, audio: CallAudio, speech: Sequence[Timeline], forced: Forced) -> None:
    """One of our engines on the speech of all channels."""
    forced.expect(
        seconds(intersection(timeline, tuple(place.call for place in window.places)))
        for channel, timeline in enumerate(speech)
        for window in windows(audio, channel, timeline)
    )
    engine.transcribe(audio, speech, language="en")


def now() -> np.ndarray:
    """Seconds by the clock, and of all threads of this process on processors."""
    return np.array([time.perf_counter(), time.process_time()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="base")
    parser.add_argument("--calls", nargs="+", default=["en-parcel"])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    forced = Forced()
    with tempfile.TemporaryDirectory() as name:
        checkpoint = random_weights(Path(name) / "random.pt", options.size)
        folder = Path(name) / "random.ct2"
        folder.mkdir()
        write_folder(checkpoint, folder)
        slow = WhisperTranscriber(
            checkpoint,
            name="random",
            sha256=file_digest(checkpoint),
            settings=WhisperSettings(temperatures=(0.0,), hallucination_silence_s=None, **OFF),
            threads=options.threads,
        )
        fast = FasterWhisperTranscriber(
            folder,
            name="random",
            sha256=folder_digest(folder),
            settings=FasterWhisperSettings(beams=(1,), **OFF),
            threads=options.threads,
        )
        slow._model = forced.openai(slow._loaded())
        fast._model = forced.ctranslate2(fast._loaded())
        plain = forced.openai(load_checkpoint(checkpoint, threads=options.threads))
        runs: dict[str, Callable[..., None]] = {
            "openai-whisper, plainly": lambda *args: plainly(plain, *args),
            "ours, whisper": lambda *args: ours(slow, *args),
            "ours, faster-whisper": lambda *args: ours(fast, *args),
        }
        print(
            f"random weights of size {options.size}, {options.threads} threads; load {os.getloadavg()[0]:.1f}"
        )
        for call, file, _ in samples(ROOT / "recordings"):
            if call in options.calls:
                measure(call, file, runs, forced, options.rounds)


def measure(call: str, file: Path, runs: dict[str, Callable[..., None]], forced: Forced, rounds: int) -> None:
    """Run all in turn over a call and print their times as ratios."""
    _, audio = PyAVDecoder().open(CallSource(files=(PartyFile(path=str(file)),)))
    took: dict[str, list[np.ndarray]] = {name: [] for name in (*runs, "speech")}
    made: dict[str, int] = {}
    try:
        for _ in range(rounds):
            begin = now()
            speech = SileroVad().detect(audio)
            took["speech"].append(now() - begin)
            for name, run in runs.items():
                begin = now()
                run(audio, speech, forced)
                took[name].append(now() - begin)
                made[name] = forced.made
        spoken, length = sum(seconds(timeline) for timeline in speech), audio.duration
    finally:
        audio.close()
    best = {name: np.min(times, axis=0) for name, times in took.items()}
    print(f"{call}: {length:.0f} s on 2 channels, {spoken:.0f} s of speech")
    base = best["openai-whisper, plainly"]
    for name in runs:
        clock, cpu = base / (best[name] + (best["speech"] if name.startswith("ours") else 0.0))
        print(
            f"  {name:26}{made[name]:>5} tokens {clock:>6.2f} times as fast, by processor time {cpu:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
