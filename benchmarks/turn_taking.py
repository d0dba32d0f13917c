"""Classes of overlap on real two-party talk, with examples at random for reading.

    python benchmarks/turn_taking.py [--show interruption] [--n 20] [--seed 1]

Reads PriMock57 (TextGrid pairs with human text) below the folder that SPEECHQA_DATA names. There is no
reference for the classes: read the examples and judge. Also prints the roles found from the text and from
timing alone, and the time that measuring takes.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import Counter
from pathlib import Path

import msgspec
from praatio import textgrid

from speechqa.core.dialogue import Dialogue, RoleAssignment
from speechqa.core.transcript import Turn
from speechqa.dialogue.measures import measure
from speechqa.dialogue.roles import assign_roles

DATA = Path(os.environ.get("SPEECHQA_DATA", "../shared/data")) / "turns" / "primock57"
SIDES = {"A": "doctor", "B": "patient"}


def load(stem: str) -> tuple[Turn, ...]:
    """Turns of one consultation, by start."""
    turns = [
        Turn(
            speaker="unknown",
            party=party,
            text=entry.label,
            start=round(entry.start, 3),
            end=round(entry.end, 3),
        )
        for party, side in SIDES.items()
        for tier in textgrid.openTextgrid(
            str(DATA / f"{stem}_{side}.TextGrid"), includeEmptyIntervals=False
        ).tiers
        for entry in tier.entries
        if entry.label.strip()
    ]
    return tuple(sorted(turns, key=lambda t: (t.start or 0.0, t.end or 0.0)))


def infer(turns: tuple[Turn, ...]) -> dict[str, RoleAssignment]:
    """Roles as an audit infers them."""
    return assign_roles(turns, None, agent_channel=None, manifest_roles=None, floor=0.7)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", help="print examples of this class")
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"skipped: no {DATA}; set SPEECHQA_DATA")
    calls: dict[str, tuple[tuple[Turn, ...], Dialogue]] = {}
    roles: Counter[str] = Counter()
    spent = length = 0.0
    for stem in sorted({path.name.rsplit("_", 1)[0] for path in DATA.glob("*.TextGrid")}):
        turns = load(stem)
        began = time.perf_counter()
        dialogue = measure(turns, None, {}, None, words_available=True)
        spent += time.perf_counter() - began
        length += max(turn.end or 0.0 for turn in turns)
        calls[stem] = turns, dialogue
        bare = tuple(msgspec.structs.replace(turn, text="") for turn in turns)
        for kind, given in (("text", turns), ("timing alone", bare)):
            found = infer(given)["A"].role
            roles[f"{kind}: " + {"agent": "right", "customer": "WRONG", "unknown": "unknown"}[found]] += 1
    counts = Counter(overlap.kind for _, dialogue in calls.values() for overlap in dialogue.overlaps)
    print(
        f"{len(calls)} consultations, {length / 60:.0f} min, {spent:.2f} s ({spent / length:.5f} x real time)"
    )
    print("overlaps:", dict(counts.most_common()))
    print("roles:", dict(sorted(roles.items())))
    if options.show:
        show(calls, options.show, options.n, options.seed)


def show(calls: dict[str, tuple[tuple[Turn, ...], Dialogue]], kind: str, n: int, seed: int) -> None:
    """Print overlaps of one class with what was said around them."""
    found = [(stem, o) for stem, (_, dialogue) in calls.items() for o in dialogue.overlaps if o.kind == kind]
    for stem, overlap in random.Random(seed).sample(found, min(n, len(found))):
        print(
            f"\n{stem} {overlap.start:.2f}-{overlap.end:.2f} {overlap.by} over {overlap.of}: {overlap.rule}"
        )
        for turn in calls[stem][0]:
            if turn.segment and turn.segment.gap(type(turn.segment)(overlap.start, overlap.end)) < 2.0:
                print(f"   {turn.party} {turn.start:7.2f} {turn.end:7.2f}  {turn.text[:150]}")


if __name__ == "__main__":
    main()
