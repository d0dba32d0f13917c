"""Time and memory of inputs that are made to be large: each measured alone, in a process of its own.

    python -m benchmarks.hostile_sizes                   # all of them
    python -m benchmarks.hostile_sizes turns silence     # some

`turns N` is a call of N turns of a word each, judged by the built-in rubric; `alike N` one of N turns that
say the same at the same time; `empty N` one whose turns last no time. `word N` is a call of one turn, a word
of N letters before an @. `silence H` is a recording of H hours on two channels in which nobody speaks.
`line N` is a list of calls whose one line has N bytes, `bomb H` a small recording of H hours. Seconds are
processor time, imports included; MB are the most that the process held.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

COMMAND = (sys.executable, "-c", "from speechqa.cli.app import main; main()")
WORDS = ["hello", "thanks", "sorry", "card", "monday", "please", "order", "yes", "no", "maybe"]


def _turns(folder: Path, count: int, *, apart: float, length: float) -> list[str]:
    turns = [
        {
            "speaker": ("agent", "customer")[n % 2],
            "text": WORDS[n % len(WORDS)],
            "start": round(n * apart, 3),
            "end": round(n * apart + length, 3),
        }
        for n in range(count)
    ]
    return _score(folder, turns)


def _score(folder: Path, turns: list[dict[str, object]]) -> list[str]:
    path = folder / "call.json"
    path.write_text(json.dumps({"language": "en", "turns": turns}), encoding="utf-8")
    return ["score", str(path), "--json"]


def turns(folder: Path, count: int) -> list[str]:
    return _turns(folder, count, apart=0.3, length=0.2)


def alike(folder: Path, count: int) -> list[str]:
    return _turns(folder, count, apart=0.0, length=5.0)


def empty(folder: Path, count: int) -> list[str]:
    return _turns(folder, count, apart=0.3, length=0.0)


def word(folder: Path, count: int) -> list[str]:
    return _score(folder, [{"speaker": "agent", "text": "a" * count + " @", "start": 0.0, "end": 5.0}])


def silence(folder: Path, hours: int) -> list[str]:
    import wave

    path = folder / "silence.wav"
    with path.open("wb") as file, wave.open(file, "wb") as made:
        made.setparams((2, 2, 8000, 0, "NONE", ""))
        minute = bytes(60 * 8000 * 4)
        for _ in range(60 * hours):
            made.writeframes(minute)
    return ["audit", str(path), "--engine", "none", "--store", f"sqlite:///{folder}/s.db"]


def line(folder: Path, count: int) -> list[str]:
    path = folder / "calls.csv"
    with path.open("wb") as file:
        file.write(b"file,x\n")
        for _ in range(count // 1_000_000):
            file.write(b"a" * 1_000_000)
    return ["audit", "--manifest", str(path), "--engine", "none", "--store", f"sqlite:///{folder}/s.db"]


def bomb(folder: Path, hours: int) -> list[str]:
    import av
    import numpy as np

    path = folder / "bomb.flac"
    with av.open(str(path), "w", format="flac") as made:
        stream = made.add_stream("flac", rate=8000, layout="mono")
        block = np.zeros((1, 8000 * 60), dtype=np.int16)
        for _ in range(hours * 60):
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate = 8000
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return ["audit", str(path), "--engine", "none", "--store", f"sqlite:///{folder}/s.db"]


CASES: dict[str, tuple[Callable[[Path, int], list[str]], tuple[int, ...]]] = {
    "turns": (turns, (10_000, 100_000)),
    "alike": (alike, (1_000, 10_000)),
    "empty": (empty, (10_000,)),
    "word": (word, (100_000, 1_000_000)),
    "line": (line, (100_000_000,)),
    "bomb": (bomb, (25,)),
    "silence": (silence, (1, 10)),
}


def measured(make: Callable[[Path, int], list[str]], size: int) -> tuple[float, int, int]:
    """Processor seconds, most MB, and the exit code of the command on an input of a size."""
    with tempfile.TemporaryDirectory(prefix="speechqa-") as made:
        command = make(Path(made), size)
        with subprocess.Popen(
            [*COMMAND, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=made,
            env={**os.environ, "SPEECHQA_CACHE": "off"},
        ) as process:  # fmt: skip
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, process.returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("inputs", nargs="*", choices=[*CASES, []], help="which; all of them if left out")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(f"{'input':<8} {'size':>12} {'cpu s':>8} {'MB':>6}  exit")
    for name in chosen.inputs or CASES:
        make, sizes = CASES[name]
        for size in sizes:
            seconds, most, code = measured(make, size)
            print(f"{name:<8} {size:>12,} {seconds:>8.1f} {most:>6}  {code}", flush=True)


if __name__ == "__main__":
    main()
