"""Whether windows of several short calls decoded together take less than call by call; figures in one run.

    python -m benchmarks.short_calls                     # base and small, 4 calls of 50 s, three rounds
    python -m benchmarks.short_calls --size base --calls 8 --seconds 60

Weights are random and decodings held to 4 tokens a second of speech, as in `engine_speed`. One core, by
processor time, the engine alone: apart is each call for itself, together as a worker hears those of a group.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from itertools import accumulate
from pathlib import Path

from benchmarks.engine_speed import OFF, SIZES, Forced, make_call, random_weights
from speechqa.audio.decoder import PyAVDecoder
from speechqa.backends import faster_whisper as fast
from speechqa.backends.fast_convert import write_folder
from speechqa.backends.fast_models import folder_digest
from speechqa.backends.silero import SileroVad
from speechqa.core.source import CallSource, PartyFile
from speechqa.protocols import CallAudio, Recognition, Spoken


def measure(size: str, count: int, length_s: float, rounds: int) -> None:
    """Print what the engine takes for the calls apart and together."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "model.ct2").mkdir()
        write_folder(random_weights(work / "model.pt", size), work / "model.ct2")
        calls: list[CallAudio] = []
        for number in range(count):
            path = make_call(work / f"{number}.wav", length_s + number)
            calls.append(PyAVDecoder().open(CallSource(files=(PartyFile(path=str(path)),)))[1])
        speech = [SileroVad().detect(call) for call in calls]
        forced = Forced(speech[0])
        engine = fast.FasterWhisperTranscriber(
            work / "model.ct2",
            name="random",
            sha256=folder_digest(work / "model.ct2"),
            settings=fast.FasterWhisperSettings(beams=(1,), **OFF),
            threads=1,
        )
        engine._model = forced.ctranslate2(engine._loaded())
        fast.Listener = forced.listener()  # type: ignore[misc]

        given = [Spoken(call, said, "en") for call, said in zip(calls, speech, strict=True)]

        def took(*some: Spoken) -> float:
            forced.speech = tuple(timeline for one in some for timeline in one.speech)
            forced.first = [0, *accumulate(len(one.speech) for one in some)]
            begun = time.process_time()
            answers = engine.transcribe_several(some)
            assert all(isinstance(one, Recognition) for one in answers), answers
            return time.process_time() - begun

        took(given[0])
        found = [(sum(map(took, given)), took(*given)) for _ in range(rounds)]
        apart, together = (statistics.median(side) for side in zip(*found, strict=True))
        print(
            f"{size}: {count} calls of {length_s:.0f} s and on, batches of at most {engine._batch}: "
            f"{apart:.2f} s apart, {together:.2f} s together, {apart / together:.3f} times; "
            f"by rounds {', '.join(f'{one / other:.3f}' for one, other in found)}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", choices=SIZES, nargs="+", default=["base", "small"])
    parser.add_argument("--calls", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=50.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for size in given.size:
        measure(size, given.calls, given.seconds, given.rounds)


if __name__ == "__main__":
    main()
