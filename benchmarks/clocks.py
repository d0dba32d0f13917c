"""Clocks of two parties that do not fit, told from the turns of 25 real consultations, whole and in pieces.

SPEECHQA_DATA=../shared/data python -m benchmarks.clocks
"""

from __future__ import annotations

import numpy as np

from benchmarks import degrading as d
from benchmarks.tallies import Tally
from benchmarks.turn_taking import DATA as TURNS
from benchmarks.turn_taking import load
from speechqa.core.segment import Segment, Timeline, intersection, union
from speechqa.dialogue.channels.activity import Activity
from speechqa.dialogue.channels.clock_fit import fit_clocks
from speechqa.dialogue.channels.faults import find_faults
from speechqa.dialogue.channels.levels import STEP_S, ChannelLevels


def clocks() -> None:
    """From real turns alone."""
    if not TURNS.is_dir():
        return
    print("one leg late, from the turns of consultations alone")
    talks = _consultations()
    for minutes in (1, 2, 5, 60):
        for late in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0):
            tally = Tally()
            covered = 0
            for one, two in talks:
                for start in np.arange(0, max(one[-1].end, two[-1].end) - 45, 60 * minutes).tolist():
                    part = (Segment(start, start + 60 * minutes),)
                    for sign in (1, -1) if late else (1,):
                        first, second = intersection(one, part), intersection(two, part)
                        fit = fit_clocks(first, _moved(second, sign * late))
                        if fit is None:
                            continue
                        tally.calls += 1
                        tally.doubted += fit.clear
                        tally.told += fit.found
                        right = fit.found and abs(fit.offset_s + sign * late) < 1.0
                        tally.right += right
                        covered += fit.found and fit.low_s <= -sign * late <= fit.high_s
            print(
                f"  {f'{minutes} min, {late:g} s':40s} {tally.line()}; within the bounds told {covered}",
                flush=True,
            )


def drifting() -> None:
    """One leg's clock fast, from the turns of whole consultations."""
    if not TURNS.is_dir():
        return
    print("one leg's clock fast, from the turns of consultations alone")
    for fast in (0.0, 0.001, 0.002, 0.003, 0.005, -0.003, -0.005):
        tally = Tally()
        for one, two in _consultations():
            stretched = tuple(Segment(s.start * (1 + fast), s.end * (1 + fast)) for s in two)
            lines = (one, stretched)
            quiet = ChannelLevels(db=np.full((2, round(one[-1].end / STEP_S)), -60.0, np.float32))
            faults = find_faults(Activity(speech=lines, suppressed=((), ())), quiet)
            tally.calls += 1
            tally.told += faults.timing_doubt is not None
        print(f"  {f'{100 * fast:+.1f} %':40s} {tally.line()}", flush=True)


def _consultations() -> list[tuple[Timeline, Timeline]]:
    talks = []
    for stem in sorted({path.name.rsplit("_", 1)[0] for path in TURNS.glob("*.TextGrid")}):
        lines = [
            union((t.segment for t in load(stem) if t.party == p and t.segment), bridge_s=0.3) for p in "AB"
        ]
        talks.append((lines[0], lines[1]))
    return talks


def _moved(line: Timeline, late: float) -> Timeline:
    start = min((s.start for s in line), default=0.0)
    extra = max(0.0, -late - start)
    return (
        tuple(Segment(s.start + late + extra, s.end + late + extra) for s in line)
        if not extra
        else d.shifted(line, late)
    )


if __name__ == "__main__":
    if not TURNS.is_dir():
        raise SystemExit(f"skipped: no {TURNS}; set SPEECHQA_DATA")
    clocks()
    drifting()
