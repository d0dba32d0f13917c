"""Is anything lost, doubled or half written when speechqa is killed, at whatever moment?

    python -m benchmarks.faults                       # 200 kills; the figures of docs/reliability.md
    python -m benchmarks.faults --kills 20 --scene audit --seed 7 --json

Every scene is a command over short generated calls with transcripts beside them. A command is killed at one
or two random moments of a seed, by SIGKILL: its whole group, the parent alone, or a worker; then it is run to
its end. After that every call is there once, each document is equal to an undisturbed run's byte for byte but
for `run_id` and `created_at`, the same files are there with the same bytes (store, report, export, pack,
cache, model; stores, packs and a report's account tell of times, so what is in them is compared), nothing
else is in the folders for temporary files, no process is left, and `speechqa verify` finds the chains of the
logs whole. A moment that came after the command had ended counts as no kill. PostgreSQL is left out where the
machine has no server.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.support.engines import tiny_checkpoint
from tests.support.kill_rounds import (
    Place,
    Scene,
    killed_and_again,
    make_calls,
    moment,
    undisturbed,
    was_killed,
)
from tests.support.killing import Nursery
from tests.support.postgres import Server, programs, server

CALLS = 3
WHO = ("--by", "Dana", "--reason", "why")
SHARES = {
    "purge": 20,
    "pack": 20,
    "export": 20,
    "report": 30,
    "score": 44,
    "postgres": 6,
    "alone": 20,
    "audit": 36,
    "convert": 4,
}
"""Of 200 kills how many each scene gets."""


def scenes(place: Place, calls: Path) -> dict[str, Scene]:
    """All that is killed."""
    store, report, case = ("--store", place.url), place.run / "report", place.run / "case.zip"
    table = place.run / "calls.xlsx"
    audit = ("audit", calls, "--engine", "none", "--workers", 2, *store)
    away = ("pack", "c0", "c1", "--output", case, "--force", *WHO, *store)
    gone = ("purge", "c0", "--yes", *WHO, *store)
    fast = ("models", "convert", place.base / "toy.pt", "--models", place.run / "models")
    return {
        "audit": Scene("audit", audit, ("group", "parent", "worker")),
        "alone": Scene("alone", ("audit", calls / "c0.wav", "--engine", "none", *store)),
        "score": Scene("score", ("score", calls, "--resume", *store)),
        "report": Scene("report", ("report", "--batch", "--out", report, *store), stocked=True),
        "export": Scene("export", ("calls", "--export", table, "--force", *store), stocked=True),
        "pack": Scene("pack", away, stocked=True, checks=(("verify", case, *store),)),
        # What was gone before the kill cannot be purged again: that is told, as of a recording.
        "purge": Scene("purge", gone, stocked=True, codes=(0, 4)),
        "convert": Scene("convert", fast, stocked=True, codes=(0, 5)),
        "postgres": Scene("postgres", ("score", calls, "--resume", *store)),
    }


def rounds(base: Path, names: list[str], kills: int, seed: int) -> Iterator[tuple[str, str]]:
    """Do rounds until each scene had its share of kills; the scene and who was killed, for each kill."""
    calls = make_calls(base / "calls", CALLS)
    tiny_checkpoint(base / "toy.pt")
    file, whole = Place(base), sum(SHARES[name] for name in names)
    with ExitStack() as opened:
        nursery = Nursery(file.environment, warm=("score", calls / "c0.json"))
        opened.callback(nursery.close)
        file.stock(nursery, calls)
        for name in names:
            place = file
            if name == "postgres":
                running = opened.enter_context(server())
                place = Place(base, running.url("killed"), partial(_fresh, running))
            scene = scenes(place, calls)[name]
            told = undisturbed(place, nursery, scene)
            wanted, done, number = -(-kills * SHARES[name] // whole), 0, 0
            while done < wanted:
                dice = random.Random(f"{seed} {name} {number}")
                number += 1
                moments = [moment(dice, scene, told) for _ in range(min(dice.randint(1, 2), wanted - done))]
                ended = killed_and_again(place, nursery, scene, told, moments)
                try:
                    for at, one in zip(moments, ended, strict=True):
                        if was_killed(one, at):
                            done += 1
                            yield name, at.who
                except AssertionError as error:
                    yield name, f"LOST {' '.join(str(error).split())[:600]}"


def _fresh(running: Server) -> None:
    running.run("DROP DATABASE IF EXISTS killed WITH (FORCE)")
    running.run("CREATE DATABASE killed TEMPLATE template0")


def main() -> int:
    """Kill as often as was asked, and say what came of it; 0 where nothing was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scene", action="append", choices=[*SHARES])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    names = asked.scene or [name for name in SHARES if name != "postgres" or programs() is not None]
    counted: Counter[tuple[str, str]] = Counter()
    lost: list[str] = []
    with tempfile.TemporaryDirectory(prefix="speechqa-faults-") as base:
        for name, who in rounds(Path(base), names, asked.kills, asked.seed):
            if who.startswith("LOST"):
                lost.append(f"{name}: {who}")
            else:
                counted[name, who] += 1
            print(f"{sum(counted.values())} of {asked.kills}: {name} {who}", file=sys.stderr, flush=True)
    found = {name: {who: n for (one, who), n in sorted(counted.items()) if one == name} for name in names}
    total = sum(counted.values())
    if asked.json:
        print(json.dumps({"kills": total, "seed": asked.seed, "by scene": found, "lost": lost}))
    else:
        for name, whom in found.items():
            print(f"{name:10} " + ", ".join(f"{who} {n}" for who, n in whom.items()))
        well = "nothing lost, nothing doubled, nothing half written, nobody left behind"
        print(f"{total} kills: {well if not lost else f'{len(lost)} times something was'}", *lost, sep="\n")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
