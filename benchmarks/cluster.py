"""What handing a call to a worker and taking its document back costs the machine of the command.

    python -m benchmarks.cluster [--items 500] [--bytes 100000] [--json]

Items do nothing and give back a document's worth of bytes, by worker processes and by Ray started here, in
one run. Processor time of this process alone, which bounds how many nodes one command can serve.
"""

from __future__ import annotations

import argparse
import json
import time
from functools import partial

from speechqa.executors.local import ProcessExecutor
from speechqa.executors.ray_cluster import RayExecutor
from speechqa.protocols import Executor


def document(size: int, item: int) -> bytes:
    return item.to_bytes(4, "big") * (size // 4)


def nothing(_item: object) -> None:
    return None


def spent(executor: Executor, items: int, size: int) -> float:
    """Milliseconds of this process's processor time an item, once workers are there."""
    results = executor.map(partial(document, size), range(items + 8))
    for _ in range(8):
        next(results)
    begun = time.process_time()
    assert sum(1 for _ in results) == items
    return (time.process_time() - begun) * 1000 / items


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--items", type=int, default=500)
    asked.add_argument("--bytes", type=int, default=100_000)
    asked.add_argument("--json", action="store_true")
    wanted = asked.parse_args()
    processes = spent(ProcessExecutor(2, lost=nothing), wanted.items, wanted.bytes)
    cluster = RayExecutor("local", lost=nothing)
    cluster.open()
    try:
        ray = spent(cluster, wanted.items, wanted.bytes)
    finally:
        cluster.close()
    if wanted.json:
        print(
            json.dumps(
                {"processes_ms": processes, "ray_ms": ray, "items": wanted.items, "bytes": wanted.bytes}
            )
        )
        return
    print(f"ms of the command's processor time an item of {wanted.bytes} bytes, {wanted.items} items")
    print(f"worker processes  {processes:6.2f}")
    print(f"Ray               {ray:6.2f}   {ray / processes:.1f} times")


if __name__ == "__main__":
    main()
