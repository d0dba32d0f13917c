"""Half-open stretches of time, and the algebra of timelines made of them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from speechqa.core.value import require_interval


class Segment(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """The half-open stretch ``[start, end)`` in seconds; written to JSON as ``[start, end]``.

    Examples
    --------
    >>> Segment(0.0, 2.0) & Segment(1.5, 3.0)
    Segment(start=1.5, end=2.0)
    >>> Segment(0.0, 1.0) & Segment(1.0, 2.0) is None
    True
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        require_interval(self.start, self.end)

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    def __and__(self, other: Segment) -> Segment | None:
        """The common stretch, or None where there is none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Segment(start, end) if end > start else None

    def gap(self, other: Segment) -> float:
        """Seconds between the two; negative by the length of their overlap."""
        return max(self.start, other.start) - min(self.end, other.end)

    def widened(self, seconds: float) -> Segment:
        """The segment grown by `seconds` on both sides, cut at zero."""
        return Segment(max(0.0, self.start - seconds), self.end + seconds)


Timeline = tuple[Segment, ...]
"""Segments in order of time that do not overlap or touch."""


def union(segments: Iterable[Segment], *, bridge_s: float = 0.0) -> Timeline:
    """Merge segments into a timeline, closing gaps of at most `bridge_s` seconds.

    Examples
    --------
    >>> union([Segment(2.0, 3.0), Segment(0.0, 1.0), Segment(0.5, 1.5)])
    (Segment(start=0.0, end=1.5), Segment(start=2.0, end=3.0))
    """
    merged: list[Segment] = []
    for segment in sorted(segments):
        if segment.duration <= 0:
            continue
        if merged and segment.start - merged[-1].end <= bridge_s:
            merged[-1] = Segment(merged[-1].start, max(merged[-1].end, segment.end))
        else:
            merged.append(segment)
    return tuple(merged)


def intersection(left: Timeline, right: Timeline) -> Timeline:
    """What both timelines cover.

    Examples
    --------
    >>> intersection((Segment(0.0, 2.0),), (Segment(1.0, 1.5), Segment(1.8, 4.0)))
    (Segment(start=1.0, end=1.5), Segment(start=1.8, end=2.0))
    """
    common: list[Segment] = []
    i = j = 0
    while i < len(left) and j < len(right):
        shared = left[i] & right[j]
        if shared is not None:
            common.append(shared)
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return tuple(common)


def difference(left: Timeline, right: Timeline) -> Timeline:
    """What `left` covers and `right` does not.

    Examples
    --------
    >>> difference((Segment(0.0, 4.0),), (Segment(1.0, 2.0),))
    (Segment(start=0.0, end=1.0), Segment(start=2.0, end=4.0))
    """
    kept: list[Segment] = []
    for segment in left:
        position = segment.start
        for hole in right:
            if hole.end <= position:
                continue
            if hole.start >= segment.end:
                break
            if hole.start > position:
                kept.append(Segment(position, hole.start))
            position = hole.end
        if position < segment.end:
            kept.append(Segment(position, segment.end))
    return tuple(kept)


def seconds(timeline: Iterable[Segment]) -> float:
    """Total length in seconds."""
    return sum(segment.duration for segment in timeline)
