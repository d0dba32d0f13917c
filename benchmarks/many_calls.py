"""Memory and processor time of a batch against how many names its folder holds.

    python -m benchmarks.many_calls names FOLDER 1000000    # what is found, nothing read
    python -m benchmarks.many_calls make FOLDER 100000      # recordings, and a store where all are done
    python -m benchmarks.many_calls again FOLDER            # audit them again: everything is done already

FOLDER is made where it is absent: small files, 50,000 to a folder, for `names` one file under many names. The
documents of `make` are empty, for nothing of them is read again. Each measure is a process of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from speechqa.executors import memory

A_FOLDER = 50_000
AT_ONCE = 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("names", "make", "again"))
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("count", type=int, nargs="?", metavar="COUNT")
    args = parser.parse_args()
    if args.what == "again":
        again(args.folder)
    elif args.count is None:
        parser.error(f"{args.what} needs to know how many")
    else:
        {"names": names, "make": make}[args.what](args.folder, args.count)


def names(folder: Path, count: int) -> None:
    if not folder.exists():
        for place, number in places(folder, count):
            first = place.parent / "first.wav"
            if not first.exists():
                first.write_text(str(place.parent))
            os.link(first, place.parent / f"call-{number:07d}.wav")
    from speechqa.ingest.discover import discover

    before = memory.peak(os.getpid())
    begun = time.process_time()
    found = sum(1 for _ in discover([str(folder)]))
    told(found, before, begun)


def make(folder: Path, count: int) -> None:
    from speechqa.assembly import open_batch
    from speechqa.config import Settings
    from speechqa.core.analysis import CallAnalysis, Provenance
    from speechqa.store.writing import Writer

    for place, number in places(folder / "calls", count):
        place.write_text(f"{number}\n")
    stamp = Provenance(
        speechqa="1", rubric="r", rubric_digest="d", settings_digest="s", model_digest=None,
        profile="eu", run_id="r", created_at="c",
    )  # fmt: skip
    with open_batch(
        [str(folder / "calls")], settings=Settings(engine="none"), store_url=store_of(folder)
    ) as batch:
        for tasks in pieces(batch.calls.tasks(), AT_ONCE):
            with batch._store._database.writing() as connection:
                for task in tasks:
                    document = CallAnalysis(
                        call_id=task.identity[:16], path=task.source.path, provenance=stamp
                    )
                    Writer(task.identity, task.fingerprint, document).keep(connection)


def again(folder: Path) -> None:
    from speechqa.cli.app import main as command

    before = memory.peak(os.getpid())
    begun = time.process_time()
    sys.argv = ["speechqa", "audit", str(folder / "calls"), "--engine", "none", "--store", store_of(folder)]
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    try:
        command()
    except SystemExit as ended:
        if ended.code:
            raise
    finally:
        sys.stdout = sys.__stdout__
    told(sum(1 for _ in (folder / "calls").rglob("*.wav")), before, begun)


def places(folder: Path, count: int) -> Iterator[tuple[Path, int]]:
    for number in range(count):
        inside = folder / f"{number // A_FOLDER:03d}"
        if number % A_FOLDER == 0:
            inside.mkdir(parents=True, exist_ok=True)
        yield inside / f"call-{number:07d}.wav", number


def pieces(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    source = iter(items)
    while piece := list(islice(source, size)):
        yield piece


def store_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'store.db'}"


def told(count: int, before: int, begun: float) -> None:
    spent = time.process_time() - begun
    print(
        f"{count:,} calls: at most {memory.peak(os.getpid()) >> 20} MB, {before >> 20} MB before; "
        f"{spent:.1f} s of computing, {1e6 * spent / max(count, 1):.0f} us a call"
    )


if __name__ == "__main__":
    main()
