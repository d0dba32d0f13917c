"""Whether the same calls give the same documents, byte for byte, however they are run on this machine.

    python -m benchmarks.determinism                  # all engines, all ways: some 15 minutes of a core
    python -m benchmarks.determinism --engines none
    python -m benchmarks.determinism --machines       # with the instructions of other processors

Each run is an audit as a user starts it: a process, a store, a home of its own. Compared is the stored
document less `run_id` and `created_at`. The models of `whisper` and `faster-whisper` have random weights. The
command ends with 1 where any document differs.

With --machines the question is another: how far apart two machines may be. A small library (`cpuid_mask.c`,
which needs a C compiler and a processor that lets Linux have `cpuid` trap) has every library find a processor
with fewer instructions: without AVX-512 and AMX, and without AVX at all. `--site FOLDER` tries packages of
other versions, from `pip install --target FOLDER`. What moves, and how far, is counted.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.determinism.calls import ENGINES, calls_for, random_models
from benchmarks.determinism.running import Failed, Way, documents
from benchmarks.determinism.ways import REFERENCE, ways_for


def engine_name(engine: str, work: Path) -> str:
    """An engine as the command takes it."""
    return {
        "whisper": f"whisper:{work / 'random.pt'}",
        "faster-whisper": f"faster-whisper:{work / 'random.ct2'}",
    }.get(engine, engine)


def unequal(reference: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Ids of calls whose documents are not the same bytes, or are there on one side alone."""
    return sorted(name for name in reference.keys() | other.keys() if reference.get(name) != other.get(name))


def compared(engine: str, work: Path, calls: Path, ways: tuple[Way, ...]) -> dict[str, list[str]]:
    """What differs from the reference, by the name of the way."""
    spec, found = engine_name(engine, work), {}
    reference = documents(REFERENCE, work, calls, engine=spec)
    for way in ways:
        try:
            found[way.name] = unequal(reference, documents(way, work, calls, engine=spec))
            state = "same" if not found[way.name] else f"OTHER: {', '.join(found[way.name])}"
        except Failed as error:
            found[way.name] = sorted(reference)
            state = f"FAILED: {error}"
        print(f"{engine:15}{way.name:42}{state}", flush=True)
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--engines", default=",".join(ENGINES), help="of these, with commas")
    asked.add_argument("--ways", default="", help="only those whose names hold one of these, with commas")
    asked.add_argument("--seconds", type=float, default=15.0, help="how much of a call recognisers hear")
    asked.add_argument("--machines", action="store_true", help="how far other processors move documents")
    asked.add_argument(
        "--site", type=Path, action="append", default=[], help="with --machines: other versions of packages"
    )
    asked.add_argument("--engine", default="pocketsphinx", help="with --machines: none measures sound alone")
    asked.add_argument("--calls", default="", help="with --machines: only these, with commas")
    asked.add_argument("--json", type=Path, help="write what was found there too")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if wanted.machines:
            from benchmarks.determinism.machines import machines

            found = machines(work, wanted.site, set(wanted.calls.split(",")) - {""}, wanted.engine)
            bad = 0
        else:
            engines, parts = wanted.engines.split(","), wanted.ways.split(",")
            if {"whisper", "faster-whisper"} & set(engines):
                random_models(work)
            found = {}
            for engine in engines:
                calls = work / "calls" / engine
                calls.mkdir(parents=True)
                calls_for(engine, calls, seconds=wanted.seconds)
                ways = tuple(way for way in ways_for(engine) if any(part in way.name for part in parts))
                found[engine] = compared(engine, work, calls, ways)
            bad = sum(bool(calls) for one in found.values() for calls in one.values())
            runs = sum(len(one) for one in found.values())
            print(f"{runs} runs compared, {bad} with another document")
    if wanted.json:
        wanted.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
