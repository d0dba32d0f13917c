"""Frames of a whole call: the same from a file as from memory, of which it holds little."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from speechqa.acoustics.baseline import baseline_from
from speechqa.acoustics.frames import MEMORY_BYTES, SpooledFrames, VoicedFrames, joined, pieces
from speechqa.acoustics.voiced_turns import voiced_turns
from speechqa.core.segment import Segment

HOP = 0.016


def frames(count: int, at: float = 0.0, seed: int = 0) -> VoicedFrames:
    rng = np.random.default_rng(seed)
    return VoicedFrames(
        times=at + HOP * np.arange(count),
        values=rng.normal([85.0, 10.0, 20.0, 1000.0, 0.5], [2.0, 3.0, 3.0, 100.0, 0.1], (count, 5)),
        weights=rng.uniform(0.01, 1.0, count),
        level_db=rng.normal(-20.0, 4.0, count),
        hop_s=HOP,
    )


def spooled(parts: list[VoicedFrames], memory_bytes: int) -> SpooledFrames:
    found = SpooledFrames(HOP, memory_bytes=memory_bytes)
    for part in parts:
        found.add(part)
    return found


def same(left: VoicedFrames, right: VoicedFrames) -> bool:
    columns = ("times", "values", "weights", "level_db")
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in columns)


@pytest.mark.parametrize("memory_bytes", [1, MEMORY_BYTES], ids=["on disk", "in memory"])
def test_frames_come_back_as_they_were(memory_bytes: int) -> None:
    parts = [frames(9000, at, seed) for seed, at in enumerate((0.0, 200.0, 400.0))]
    held, kept = joined(parts, HOP), spooled(parts, memory_bytes)
    assert np.array_equal(kept.times, held.times)
    assert np.array_equal(kept.weights, held.weights)
    assert kept.voiced_s == held.voiced_s
    for stretch in (Segment(3.0, 4.0), Segment(140.0, 210.0), Segment(0.0, 900.0), Segment(700.0, 800.0)):
        assert same(kept.within(stretch), held.within(stretch))
    assert same(joined(list(pieces(kept)), HOP), held)
    assert baseline_from([kept], "call") == baseline_from([held], "call")
    speech = {"A": (Segment(0.0, 60.0), Segment(200.0, 330.0)), "B": (Segment(70.0, 90.0),)}
    voices = {"A": held, "B": parts[0]}
    assert voiced_turns({**voices, "A": kept}, speech) == voiced_turns(voices, speech)


def test_no_frames_are_no_frames() -> None:
    none = SpooledFrames(HOP)
    assert none.voiced_s == 0.0
    assert len(none.times) == len(none.within(Segment(0.0, 1.0)).times) == len(list(pieces(none))) == 0
    assert baseline_from([none]).source == "none"


def test_an_hour_of_voice_holds_little_more_than_its_times() -> None:
    part = frames(10_000)
    tracemalloc.start()
    try:
        voice = spooled([part] * 20, MEMORY_BYTES)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(voice.times) == 200_000
    assert held < 200_000 * 8 + MEMORY_BYTES / 4
