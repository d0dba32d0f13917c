"""Classes of overlap that two readers gave to real talk, and how far a set of classes agrees with them.

`overlap_labels.tsv` is the project's own work over PriMock57 (CC BY 4.0, Papadopoulos Korfiatis et al. 2022,
arXiv 2204.00333): it holds the place of each overlap and the two readers' classes, no text. Both read the
turns around an overlap and the definitions of docs/methods/turn-taking.md; neither saw the other's answers or
the program's. The sample `random` was drawn from all overlaps of 25 consultations; `candidate` adds nearly
all of the others that might be more than a listener's token or an exchange in the last moments, since
interruptions are rare. The rules were shaped on these calls: what they reach here, they may not elsewhere.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_suffix(".tsv")
CLASSES = ("backchannel", "terminal", "interruption", "simultaneous_start")
"""An interruption and a failed one count as one class, as they do in a score."""
AVERAGED = CLASSES[:3]

Pair = tuple[str, str]


class Label(NamedTuple):
    """One overlap and its class by each reader; times in milliseconds."""

    call: str
    start_ms: int
    end_ms: int
    sample: str
    judge_1: str
    judge_2: str

    @property
    def agreed(self) -> str | None:
        """The class both gave, None where they differ."""
        first, second = merged(self.judge_1), merged(self.judge_2)
        return first if first == second else None


def merged(kind: str) -> str:
    """The class with interruptions and failed ones as one."""
    return "interruption" if "interruption" in kind else kind


def labels() -> tuple[Label, ...]:
    """All labels, by call and time."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Label(r["call"], int(r["start_ms"]), int(r["end_ms"]), r["sample"], r["judge_1"], r["judge_2"])
            for r in csv.DictReader(file, delimiter="\t")
        )


def f1(pairs: Iterable[Pair], kind: str) -> float:
    """F1 of one class over pairs of reference and found class."""
    counts: Counter[str] = Counter()
    for reference, found in pairs:
        if kind in (reference, found):
            counts["both" if reference == found else "one"] += 1
    return 2 * counts["both"] / (2 * counts["both"] + counts["one"]) if counts else float("nan")


def kappa(pairs: Sequence[Pair]) -> float:
    """Cohen's kappa; 1 where both say one thing of everything."""
    n = len(pairs)
    same = sum(a == b for a, b in pairs) / n
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(left[kind] * right[kind] for kind in left) / n**2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def line(name: str, pairs: Sequence[Pair]) -> str:
    """One line of figures over pairs of reference and found class."""
    each = {kind: f1(pairs, kind) for kind in CLASSES}
    macro = sum(each[kind] for kind in AVERAGED) / len(AVERAGED)
    right = sum(a == b for a, b in pairs) / len(pairs)
    figures = ", ".join(f"{kind} {value:.2f}" for kind, value in each.items())
    return f"  {name} (n {len(pairs)}): F1 {figures}; macro of the first three {macro:.2f}; right {right:.3f}"
