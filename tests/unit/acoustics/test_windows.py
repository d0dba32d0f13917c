"""Windows cover all talk and lie where somebody talks; an episode does not go on through a hold."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from speechqa.acoustics.windows import StressSettings, raised_runs, windows_of
from speechqa.core.segment import Segment, difference, seconds, union
from speechqa.core.stress import StressWindow

SETTINGS = StressSettings()


@pytest.mark.parametrize("seed", range(40))
def test_all_talk_lies_in_a_window_whatever_the_rests(seed):
    rng = np.random.default_rng(seed)
    time, speech = 0.0, []
    for _ in range(rng.integers(1, 30)):
        time += float(rng.choice([0.4, 3.0, 25.0, 90.0, 300.0]))
        length = float(rng.uniform(0.3, 15.0))
        speech.append(Segment(round(time, 3), round(time + length, 3)))
        time += length
    windows = windows_of(tuple(speech), SETTINGS)
    assert seconds(difference(tuple(speech), union(windows))) < 0.05
    assert all(w.end - w.start <= SETTINGS.span_s + 1e-6 for w in windows)
    assert all(a.start <= b.start for a, b in pairwise(windows))
    assert all(any(s.start <= w.end <= s.end for s in speech) for w in windows)


def test_windows_without_long_rests_are_evenly_spaced():
    found = windows_of((Segment(0.0, 33.0),), SETTINGS)
    assert [(w.start, w.end) for w in found] == [(0, 12), (5, 17), (10, 22), (15, 27), (20, 32), (21, 33)]


def window(start, value):
    return StressWindow(start=start, end=start + 12, value=value, confidence="ok")


def test_an_episode_ends_where_nothing_is_heard_for_long():
    near = [window(0, 3.2), window(20, 2.0)]
    assert [len(run) for run in raised_runs([*near, window(40, 1.6)], SETTINGS)] == [3]
    assert [len(run) for run in raised_runs([*near, window(640, 1.6)], SETTINGS)] == [2]
