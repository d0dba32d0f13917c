"""What the cache of stages saves, and how many stored calls a second another rubric is judged by.

    python -m benchmarks.cache                       # both
    python -m benchmarks.cache --calls 500 --only rescore
    python -m benchmarks.cache --only stages

Stages: the sample calls that bring their words, and the others with engine none, are analysed three times in
one process: without a cache, with an empty one and with a full one; what differs is the cache alone. Engines
are loaded before. Rescoring: a store of invented calls is judged by another rubric, by one process and by
two; processor time is that of all processes, so that other programs on the machine matter less.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.big_store import Maker
from speechqa.assembly import build_engines, new_stamp, open_store
from speechqa.assembly.rubrics import chosen_calls, rescored
from speechqa.cache.folder import FolderCache
from speechqa.config import Settings
from speechqa.core.codec import encode
from speechqa.core.source import CallSource, PartyFile
from speechqa.ingest.identity import identity
from speechqa.pipeline.analyze import analyze_call
from speechqa.protocols import CallFilter

ROOT = Path(__file__).parents[1]
SETTINGS = Settings(engine="none")
RUBRIC = 'name = "mine"\nversion = 7\nextends = "service"\ndrop = ["farewell"]\n'


def spent() -> float:
    """Seconds of processors, of this process and of those it started and that have ended."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, both))


def stages() -> dict[str, Any]:
    """Analyse the sample calls without, with an empty and with a full cache."""
    engines, stamp = build_engines(SETTINGS, 1), new_stamp()
    sources = [
        CallSource(files=(PartyFile(path=str(path)),), transcript_path=_words(path))
        for path in sorted((ROOT / "recordings").glob("*.*"))
        if path.suffix in (".m4a", ".mp3", ".ogg", ".wav", ".flac") and path.stem.count(".") == 0
    ]

    def run(cache: FolderCache | None) -> tuple[float, list[bytes]]:
        began = spent()
        found = [
            analyze_call(
                source, identity=identity(source) or "", engines=engines, settings=SETTINGS, stamp=stamp,
                cache=cache,
            )
            for source in sources
        ]  # fmt: skip
        return spent() - began, [encode(document) for document in found]

    analyze_call(
        sources[0], identity="", engines=engines, settings=SETTINGS, stamp=stamp
    )  # loads what is used
    with tempfile.TemporaryDirectory() as name:
        cache = FolderCache(Path(name), 10**9)
        off, documents = run(None)
        cold, again = run(cache)
        warm, once_more = run(cache)
        figures = cache.figures()
    if not documents == again == once_more:
        raise SystemExit("documents differ")
    return {
        "calls": len(sources),
        "off_s": round(off, 2),
        "cold_s": round(cold, 2),
        "warm_s": round(warm, 2),
        "cold_over_off": round(cold / off, 3),
        "off_over_warm": round(off / warm, 1),
        "bytes_a_call": figures.size // len(sources),
    }


def _words(path: Path) -> str | None:
    words = path.with_suffix(".json")
    return str(words) if words.exists() else None


def rescoring(count: int) -> list[dict[str, Any]]:
    """Judge so many invented calls by another rubric, by one process and by two."""
    maker, told = Maker(), []
    with tempfile.TemporaryDirectory() as name:
        rubric = Path(name) / "mine.toml"
        rubric.write_text(RUBRIC)
        for workers in (1, 2):
            with open_store(f"sqlite:///{name}/{workers}.db") as store:
                for number in range(count):
                    document = maker.call(number)
                    store.put(hashlib.sha256(document.call_id.encode()).hexdigest(), "big", document)
                calls = chosen_calls(store, (), CallFilter())
                began, clock = spent(), time.monotonic()
                results = rescored(store, calls, rubric=str(rubric), by="benchmark", workers=workers)
                states = {result.state for result in results}
                used, took = spent() - began, time.monotonic() - clock
                again = spent()
                resumed = {
                    r.state for r in rescored(store, calls, rubric=str(rubric), by="b", workers=workers)
                }
                resuming = spent() - again
            if (states, resumed) != ({"rescored"}, {"same"}):
                raise SystemExit(f"{states} {resumed}")
            told.append(
                {
                    "workers": workers,
                    "calls": count,
                    "processor_s": round(used, 1),
                    "clock_s": round(took, 1),
                    "calls_a_processor_second": round(count / used, 1),
                    "minutes_of_two_processors_for_10000": round(10_000 * used / count / 2 / 60, 1),
                    "resuming_calls_a_processor_second": round(count / resuming, 1),
                }
            )
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--only", choices=("stages", "rescore"))
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if given.only != "rescore":
        print(json.dumps(stages(), indent=1), flush=True)
    if given.only != "stages":
        for line in rescoring(given.calls):
            print(json.dumps(line, indent=1), flush=True)


if __name__ == "__main__":
    main()
