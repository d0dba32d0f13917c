"""How fast our fast engine is against openai-whisper and faster-whisper run plainly, as ratios in one run.

    python -m benchmarks.engine_speed                     # base and small, a call of 6 minutes
    python -m benchmarks.engine_speed --size tiny --minutes 2 --json
    python -m benchmarks.engine_speed --with-command      # also openai-whisper as its command searches

The call is made of the project's own recordings, a channel a party, with silences between, so that each
channel is speech for about two fifths. The weights are random, so what is heard means nothing: each decoding
is made to go on for 4 tokens a second of speech, none for silence, and then gives words that were set before.

Each runs in a process of its own, on all cores: openai-whisper's `transcribe` and faster-whisper's on each
whole channel, without times of words; ours as `speechqa audit` does it: speech is found, its windows are
heard, and words have their times. What is counted begins when the model is loaded. All decode greedily.

faster-whisper is no part of the project. Where it is not importable it is skipped, and that is said:

    pip install --no-deps --target /tmp/fwsite faster-whisper     # taken from there, or name it: --site
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.recognition import ROOT, samples
from speechqa.audio.decoder import PyAVDecoder
from speechqa.backends import faster_whisper as fast
from speechqa.backends.fast_convert import write_folder
from speechqa.backends.fast_models import folder_digest
from speechqa.backends.fast_windows import Heard, Listener, Piece
from speechqa.backends.pieces import read_16k
from speechqa.backends.silero import SileroVad
from speechqa.backends.whisper import load_checkpoint
from speechqa.core.machine import cores
from speechqa.core.segment import Segment, Timeline, intersection, seconds
from speechqa.core.source import CallSource, PartyFile
from speechqa.protocols import CallAudio

SIZES = {"tiny": (384, 6, 4), "base": (512, 8, 6), "small": (768, 12, 12)}
TOKENS_A_SECOND = 4.0
"""About what English telephone speech takes."""
RATE = 8000
CORES = cores()
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


def make_call(path: Path, length_s: float, share: float = 0.4) -> Path:
    """Write a call of two channels: stretches of the samples, party by party, with silences between."""
    parts = [part for _, file, _ in samples(ROOT / "recordings") for part in utterances(file)]
    channels: list[list[np.ndarray]] = [[], []]
    spoken, at, turn = [0, 0], 0, 0
    total = round(length_s * RATE)
    while at < total:
        channel, sound = turn % 2, parts[turn % len(parts)]
        channels[channel].append(np.concatenate([np.zeros(at - sum(map(len, channels[channel]))), sound]))
        spoken[channel] += sound.size
        at += sound.size
        # Both parties together are to speak for twice the share: what is left of the time is silence.
        at += max(0, round(sum(spoken) / (2 * share)) - at)
        turn += 1
    flat = [np.concatenate(one)[:total] for one in channels]
    both = np.stack([np.pad(one, (0, total - one.size)) for one in flat], axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(both, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def utterances(file: Path) -> Iterator[np.ndarray]:
    """What is said in a sample, stretch by stretch, in order of time."""
    import soxr

    _, audio = PyAVDecoder().open(CallSource(files=(PartyFile(path=str(file)),)))
    speech = SileroVad().detect(audio)
    found = sorted((one, channel) for channel, timeline in enumerate(speech) for one in timeline)
    for one, channel in found:
        yield soxr.resample(read_16k(audio, channel, one), 16_000, RATE)
    audio.close()


class Forced:
    """Holds decoders to a number of tokens: a window goes on for as many as its speech has."""

    def __init__(self, speech: Sequence[Timeline]) -> None:
        from whisper.tokenizer import get_tokenizer

        self.speech = speech
        self.first = [0]
        self.tokenizer = get_tokenizer(True, num_languages=99, language="en", task="transcribe")
        self.words = self.tokenizer.encode(" one two three four five six seven eight nine ten")
        self.made = 0
        self._left: deque[int] = deque()
        self._here = threading.local()
        self._adding = threading.Lock()

    def channel(self, channel: int, duration: float) -> None:
        """From now on, decodings of the whole channel, 30 s after 30 s."""
        spans = (Segment(at, at + 30.0) for at in np.arange(0.0, duration, 30.0))
        self._left = deque(self.tokens(channel, (span,)) for span in spans)

    def tokens(self, channel: int, spans: Timeline) -> int:
        """How many there are to be for these spans of a channel."""
        return round(TOKENS_A_SECOND * seconds(intersection(self.speech[channel], spans)))

    def result(self, count: int) -> list[int]:
        """That many tokens, closed by a time sign, so that nothing of the window is heard twice."""
        with self._adding:
            self.made += count
        text = (self.words * (count // len(self.words) + 1))[:count]
        return [self.tokenizer.timestamp_begin, *text, self.tokenizer.timestamp_begin + 1400]

    def openai(self, model: Any) -> Any:
        """openai-whisper's model with its `decode` held to that."""
        import whisper

        def decode(mel: Any, options: Any) -> Any:
            count = self._left.popleft()
            suppress = [-1, self.tokenizer.eot]
            options = replace(
                options, sample_len=max(1, count), without_timestamps=True, suppress_tokens=suppress
            )
            return replace(whisper.decode(model, mel, options), tokens=self.result(count))

        model.decode = decode
        return model

    def listener(self) -> type[Listener]:
        """Ours, which says what windows are decoded next in this thread."""
        forced = self

        class Told(Listener):
            def _decode(self, tokenizer: Any, pieces: list[Piece]) -> Iterator[tuple[Heard, int]]:
                forced._here.counts = [
                    forced.tokens(
                        forced.first[one.place[0]] + one.place[1],
                        tuple(place.call for place in one.window.places),
                    )
                    for one in pieces
                ]
                return super()._decode(tokenizer, pieces)

        return Told

    def ctranslate2(self, model: Any) -> Any:
        """CTranslate2's model with its `generate` held to that; a batch goes on for its longest."""
        forced = self

        class Held:
            def __getattr__(self, name: str) -> Any:
                return getattr(model, name)

            def generate(self, encoded: Any, prompts: list[list[int]], **options: Any) -> list[Any]:
                told = getattr(forced._here, "counts", None)
                counts = told if told is not None else [forced._left.popleft() for _ in prompts]
                options["max_length"] = 2 * max(1, *counts, 1)
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


Hearing = Callable[[CallAudio], None]


def openai(work: Path, forced: Forced, *, beam: int | None) -> Hearing:
    """openai-whisper's `transcribe` on each whole channel."""
    import whisper

    model = forced.openai(load_checkpoint(work / "model.pt", threads=CORES))

    def hear(audio: CallAudio) -> None:
        for channel in range(audio.channels):
            forced.channel(channel, audio.duration)
            sound = read_16k(audio, channel, Segment(0.0, audio.duration))
            whisper.transcribe(
                model, sound, language="en", temperature=0.0, fp16=False, beam_size=beam, **OFF
            )

    return hear


def plain_faster_whisper(work: Path, forced: Forced) -> Hearing:
    """faster-whisper's `transcribe` on each whole channel, int8 as ours."""
    if importlib.util.find_spec("huggingface_hub") is None:
        sys.modules["huggingface_hub"] = ModuleType("huggingface_hub")  # it only downloads by it
    from faster_whisper import WhisperModel

    model = WhisperModel(str(work / "model.ct2"), device="cpu", compute_type="int8", cpu_threads=CORES)
    model.model = forced.ctranslate2(model.model)
    off = {"log_prob_threshold": None, "compression_ratio_threshold": None, "no_speech_threshold": None}

    def hear(audio: CallAudio) -> None:
        for channel in range(audio.channels):
            forced.channel(channel, audio.duration)
            sound = read_16k(audio, channel, Segment(0.0, audio.duration))
            found, _ = model.transcribe(sound, language="en", beam_size=1, temperature=0.0, **off)
            deque(found, maxlen=0)

    return hear


def ours(work: Path, forced: Forced) -> Hearing:
    """Speech found, and our fast engine on the speech of all channels."""
    folder = work / "model.ct2"
    settings = fast.FasterWhisperSettings(beams=(1,), **OFF)
    engine = fast.FasterWhisperTranscriber(
        folder, name="random", sha256=folder_digest(folder), settings=settings, threads=CORES
    )
    engine._model = forced.ctranslate2(engine._loaded())
    fast.Listener = forced.listener()  # type: ignore[misc]

    activity = SileroVad(threads=CORES)

    def hear(audio: CallAudio) -> None:
        engine.transcribe(audio, activity.detect(audio), language="en")

    return hear


RUNS: dict[str, tuple[str, Callable[[Path, Forced], Hearing]]] = {
    "openai": ("openai-whisper, `transcribe`", lambda *given: openai(*given, beam=None)),
    "faster": ("faster-whisper, plainly", plain_faster_whisper),
    "ours": ("ours, as `speechqa audit`", ours),
    "command": ("openai-whisper, as its command", lambda *given: openai(*given, beam=5)),
}


def run_one(name: str, work: Path) -> None:
    """Hear the call in this process, and print what it took once the model was loaded."""
    _, audio = PyAVDecoder().open(CallSource(files=(PartyFile(path=str(work / "call.wav")),)))
    forced = Forced(SileroVad().detect(audio))
    hear = RUNS[name][1](work, forced)
    clock, cpu = time.perf_counter(), time.process_time()
    hear(audio)
    took = {"clock_s": time.perf_counter() - clock, "cpu_s": time.process_time() - cpu}
    spoken = [seconds(timeline) for timeline in forced.speech]
    print(json.dumps({**took, "tokens": forced.made, "length_s": audio.duration, "speech_s": spoken}))
    audio.close()


def measure(size: str, names: list[str], minutes: float, site: str) -> dict[str, Any]:
    """Run each in a process of its own over one call."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        make_call(work / "call.wav", 60.0 * minutes)
        checkpoint = random_weights(work / "model.pt", size)
        (work / "model.ct2").mkdir()
        write_folder(checkpoint, work / "model.ct2")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), site])}
        found: dict[str, Any] = {}
        for name in names:
            command = [sys.executable, "-m", "benchmarks.engine_speed", "--run", name, "--work", folder]
            done = subprocess.run(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
            )
            found[name] = {**json.loads(done.stdout.splitlines()[-1]), "load": os.getloadavg()[0]}
    return {"size": size, "cores": CORES, "runs": found}


def show(measured: dict[str, Any]) -> None:
    """Print the ratios against ours."""
    runs = measured["runs"]
    call = runs["ours"]
    shares = " and ".join(f"{one / call['length_s']:.0%}" for one in call["speech_s"])
    print(f"{measured['size']}: {call['length_s']:.0f} s on 2 channels, speech {shares}, {CORES} cores")
    for name, run in runs.items():
        clock, cpu = (run[unit] / call[unit] for unit in ("clock_s", "cpu_s"))
        print(
            f"  {RUNS[name][0]:32}{run['tokens']:>6} tokens {run['clock_s']:>8.1f} s, of processors "
            f"{run['cpu_s']:.1f} s; ours is {clock:.2f} times as fast, by processor time {cpu:.2f}; "
            f"load {run['load']:.1f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", choices=SIZES, nargs="+", default=["base", "small"])
    parser.add_argument("--minutes", type=float, default=6.0)
    parser.add_argument("--with-command", action="store_true")
    parser.add_argument("--site", default="/tmp/fwsite", help="folder that faster-whisper was installed into")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_one(options.run, options.work)
        return
    names = ["openai", "faster", "ours", *(["command"] if options.with_command else [])]
    if not (Path(options.site) / "faster_whisper").is_dir() and not importlib.util.find_spec(
        "faster_whisper"
    ):
        names.remove("faster")
        told = f"pip install --no-deps --target {options.site} faster-whisper"
        print(f"faster-whisper is not here and is skipped: {told}", file=sys.stderr)
    for size in options.size:
        measured = measure(size, names, options.minutes, options.site)
        if options.json:
            print(json.dumps(measured), flush=True)
        else:
            show(measured)


if __name__ == "__main__":
    main()
