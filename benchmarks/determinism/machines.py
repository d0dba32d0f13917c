"""How far the documents of one call may be apart on two machines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.determinism.calls import OWN, describe
from benchmarks.determinism.differences import figures_apart, verdicts_moved, words_of
from benchmarks.determinism.running import Way, documents
from benchmarks.determinism.ways import REFERENCE

_SOURCE = Path(__file__).with_name("cpuid_mask.c")
_TAKEN = {
    "no AVX-512, no AMX": ("avx2", "-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX512CD"),
    "no AVX at all": ("sse4", "-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX512CD,-AVX2,-AVX,-FMA,-FMA4"),
}
"""What the library leaves, and what glibc is told, by the name of the processor."""


def machines(work: Path, sites: list[Path], only: set[str], engine: str) -> dict[str, Any]:
    """Analyse the sample calls as other machines would and print how far apart the documents are.

    Parameters
    ----------
    sites : list of Path
        Folders with other versions of packages, each tried for itself.
    only : set of str
        Names of calls; all where empty.
    engine : str
        What gives words to calls that bring none.
    """
    calls = work / "recordings"
    calls.mkdir()
    for path in OWN.iterdir():
        wanted = not only or path.name.partition(".")[0] in only
        if path.is_file() and path.suffix not in (".py", ".md", ".csv") and wanted:
            shutil.copy(path, calls)
    describe(calls)
    reference = _analysed(REFERENCE, work, calls, engine)
    found = {}
    for way in _ways(work, sites):
        found[way.name] = _told(way.name, reference, _analysed(way, work, calls, engine))
    return found


def _ways(work: Path, sites: list[Path]) -> list[Way]:
    library = work / "cpuid_mask.so"
    subprocess.run(
        [os.environ.get("CC", "cc"), "-O1", "-fPIC", "-shared", "-o", library, _SOURCE], check=True
    )
    ways = [
        replace(
            REFERENCE,
            name=name,
            environment={
                "LD_PRELOAD": str(library),
                "SPEECHQA_CPUID": left,
                "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={taken}",
            },
        )
        for name, (left, taken) in _TAKEN.items()
    ]
    before = os.environ.get("PYTHONPATH", "")
    return ways + [
        replace(REFERENCE, name=f"packages of {site.name}", environment={"PYTHONPATH": f"{site}:{before}"})
        for site in sites
    ]


def _analysed(way: Way, work: Path, calls: Path, engine: str) -> dict[str, Any]:
    found = documents(way, work, calls, engine=engine)
    return {name: json.loads(body) for name, body in found.items()}


def _told(name: str, reference: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    apart: defaultdict[str, float] = defaultdict(float)
    moved: Counter[str] = Counter()
    verdicts, words, same = [], 0, 0
    for call in sorted(reference):
        one, two = reference[call], other[call]
        figures, places = figures_apart(one, two)
        same += not figures and not places
        for kind, value in figures.items():
            apart[kind] = max(apart[kind], value)
        moved.update(places)
        verdicts += [f"{call}: {criterion}" for criterion in verdicts_moved(one, two)]
        words += words_of(one) != words_of(two)
    scores = sum(reference[call].get("scores") != other[call].get("scores") for call in reference)
    judged = sum(len(one.get("findings", ())) for one in reference.values())
    print(f"{name}: {same} of {len(reference)} documents are the same bytes but for their provenance")
    for kind, value in sorted(apart.items()):
        print(f"  {kind:24}{value:12.6f} at most")
    print(f"  calls with other words  {words:5}")
    print(f"  verdicts or points moved{len(verdicts):5} of {judged}; scores of {scores} calls")
    for said in verdicts:
        print(f"    {said}")
    for place, count in sorted(moved.items()):
        print(f"  not the same: {place} ({count})")
    return {
        "same": same,
        "calls": len(reference),
        "apart": dict(apart),
        "verdicts": verdicts,
        "judged": judged,
        "scores": scores,
        "words": words,
        "moved": dict(moved),
    }
