"""Counts of what a benchmark of channels asked, was told and got right."""

from __future__ import annotations

from dataclasses import dataclass, field

from speechqa.core.segment import Timeline, difference, intersection, seconds, union
from speechqa.dialogue.channels.activity import Activity
from speechqa.dialogue.channels.faults import ChannelFaults

EDGE_S = 0.2


@dataclass(frozen=True)
class Outcome:
    activity: Activity
    faults: ChannelFaults
    heard: tuple[Timeline, ...]


@dataclass
class Tally:
    calls: int = 0
    told: int = 0
    right: int = 0
    doubted: int = 0
    misplaced: float = 0.0
    misplaced_left: float = 0.0
    own: float = 0.0
    own_kept: float = 0.0
    overlap: float = 0.0
    overlap_kept: float = 0.0
    missed: list[str] = field(default_factory=list)

    def add_speech(self, truth: tuple[Timeline, ...], outcome: Outcome) -> None:
        found = outcome.activity.speech
        for own, heard, kept in zip(truth, outcome.heard, found, strict=True):
            wide = union(s.widened(EDGE_S) for s in own)
            self.misplaced += seconds(difference(heard, wide))
            self.misplaced_left += seconds(difference(kept, wide))
            self.own += seconds(intersection(heard, own))
            self.own_kept += seconds(intersection(kept, own))
        overlap = intersection(intersection(*truth), intersection(*outcome.heard))
        self.overlap += seconds(overlap)
        self.overlap_kept += seconds(intersection(overlap, intersection(*found)))

    def line(self) -> str:
        parts = [f"{self.calls:3d} calls, told {self.told}, right {self.right}"]
        if self.doubted:
            parts.append(f"doubted {self.doubted}")
        if self.misplaced:
            parts.append(f"removed {1 - self.misplaced_left / self.misplaced:.3f} of {self.misplaced:.0f} s")
        if self.own:
            parts.append(f"own kept {self.own_kept / self.own:.3f}")
        if self.overlap:
            parts.append(f"overlap kept {self.overlap_kept / self.overlap:.3f}")
        if self.missed:
            parts.append("missed " + ", ".join(self.missed[:4]))
        return "; ".join(parts)
