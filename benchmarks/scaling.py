"""How much faster more workers are, and what a batch costs beside the work itself.

    python -m benchmarks.scaling                # everything but transcription, 1 to as many workers as cores
    python -m benchmarks.scaling --copies 8 --workers 1,2 --rounds 3

The calls are the sample recordings, each `--copies` times with another byte behind its end, so that all are
different recordings; words are imported where a transcript lies beside, else there are none. Every run is a
process of its own with a fresh store and cache and one thread an engine, so that workers alone differ.

`times` compares the clock with that of one worker: the figure that counts, on an idle machine. A busy one can
tell processor time: the workers', their start and loading among it, and the parent's from the first call to
the last (digests, handing out, keeping); `share` is the parent's part of both.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[1] / "recordings"
MEDIA = (".wav", ".ogg", ".m4a", ".mp3", ".flac")
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--workers", default=",".join(str(1 + n) for n in range(len(os.sched_getaffinity(0))))
    )
    parser.add_argument("--run", nargs=3, metavar=("FOLDER", "STORE", "WORKERS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        print(json.dumps(one_run(given.run[0], given.run[1], int(given.run[2]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        made = copies(Path(folder) / "calls", given.copies)
        print(f"{made} calls, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
        best: dict[int, dict[str, Any]] = {}
        for turn in range(given.rounds):
            for workers in map(int, given.workers.split(",")):
                store = Path(folder) / f"{turn}-{workers}.db"
                found = apart(Path(folder) / "calls", store, workers)
                if workers not in best or found["clock"] < best[workers]["clock"]:
                    best[workers] = found
    first = best[min(best)]
    print("workers  clock s  times  sound/clock  workers s  parent s  share  parent ms/call")
    for workers, found in sorted(best.items()):
        work, parent = found["workers"], found["parent"]
        print(
            f"{workers:7d} {found['clock']:8.1f} {first['clock'] / found['clock']:6.2f} "
            f"{found['sound'] / found['clock']:12.1f} {work:10.1f} {parent:9.2f} "
            f"{100 * parent / (work + parent):5.1f}% {1000 * parent / made:11.1f}"
        )


def copies(folder: Path, count: int) -> int:
    """The samples that are one file each, so many times, none the same bytes as another."""
    folder.mkdir()
    made = 0
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix not in MEDIA or path.stem.endswith((".agent", ".customer")):
            continue
        for number in range(count):
            target = folder / f"{path.stem}-{number}{path.suffix}"
            target.write_bytes(path.read_bytes() + bytes([number + 1]))
            words = path.with_suffix(".json")
            if words.exists():
                own = {**json.loads(words.read_text(encoding="utf-8")), "id": target.stem}
                target.with_suffix(".json").write_text(json.dumps(own), encoding="utf-8")
            made += 1
    return made


def apart(folder: Path, store: Path, workers: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scaling", "--run", str(folder), str(store), str(workers)]
    cache = str(store.with_suffix(".cache"))
    environment = {**os.environ, **dict.fromkeys(THREADS, "1"), "SPEECHQA_CACHE": cache}
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def one_run(folder: str, store: str, workers: int) -> dict[str, float]:
    """Clock, processor seconds of parent and workers, seconds of sound: from the first call to the last."""
    from speechqa.assembly import open_batch
    from speechqa.config import Settings

    url = f"sqlite:///{store}"
    with open_batch([folder], settings=Settings(engine="none"), store_url=url, workers=workers) as batch:
        begun, computed = time.monotonic(), time.process_time()
        for outcome in batch.outcomes():
            assert outcome.state == "done", outcome.document
        clock, parent = time.monotonic() - begun, time.process_time() - computed
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "clock": clock,
        "parent": parent,
        "workers": ended.ru_utime + ended.ru_stime,
        "sound": batch.sound,
    }


if __name__ == "__main__":
    main()
