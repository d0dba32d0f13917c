"""What it costs to keep a call, against how many calls the store holds.

    python -m benchmarks.store_growth --sizes 100 1000 10000 --folder /tmp/growth
    python -m benchmarks.store_growth --stores sqlite:///big.db           # a store that is large already

A store of each size is made (or copied, so that the one given stays as it is), then the same new calls are
kept in all of them by turns: one in each, then the next. Looked up as a batch does it: was it done before,
who is who by hand, words by hand; then kept, in a transaction of its own. Medians of processor time and of
the clock a call, and their ratio to the smallest store.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.big_store import Maker, make
from speechqa.store import open_store

_FIRST_NEW = 5_000_000
"""Number of the first call that no store holds yet."""


def one(store: object, number: int, maker: Maker) -> tuple[float, float]:
    """Seconds of computing and on the clock for one call."""
    document = maker.call(number)
    identity = hashlib.sha256(document.call_id.encode()).hexdigest()
    computing, clock = time.process_time(), time.perf_counter()
    assert store.done(identity, "big") is None
    store.role_correction(identity)
    store.put(identity, "big", document)
    return time.process_time() - computing, time.perf_counter() - clock


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 10_000])
    parser.add_argument("--stores", nargs="*", default=[], help="SQLite files of more calls, copied first")
    parser.add_argument("--calls", type=int, default=300)
    given = parser.parse_args()
    absent = [url for url in given.stores if not Path(url.removeprefix("sqlite:///")).is_file()]
    if absent:
        parser.error(f"no such file: {', '.join(absent)}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        urls = []
        for size in given.sizes:
            urls.append(f"sqlite:///{folder}/{size}.db")
            make(urls[-1], size)
        for place, url in enumerate(given.stores):
            copy = Path(folder) / f"copy{place}.db"
            shutil.copyfile(url.removeprefix("sqlite:///"), copy)
            urls.append(f"sqlite:///{copy}")
        stores = [opened.enter_context(open_store(url)) for url in urls]
        held = [store.counts()["done"] for store in stores]
        maker, took = Maker(), [[] for _ in stores]
        for number in range(given.calls):
            for place, store in enumerate(stores):
                took[place].append(one(store, _FIRST_NEW + number, maker))
        print(
            "| calls held | ms of computing a call | ratio | ms on the clock | ratio |\n|---|---|---|---|---|"
        )
        middles = [[statistics.median(values) for values in zip(*each, strict=True)] for each in took]
        for size, (computing, clock) in zip(held, middles, strict=True):
            first = middles[0]
            print(
                f"| {size:,} | {1000 * computing:.2f} | {computing / first[0]:.2f} "
                f"| {1000 * clock:.2f} | {clock / first[1]:.2f} |"
            )


if __name__ == "__main__":
    main()
