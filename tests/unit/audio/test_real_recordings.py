from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from speechqa.audio.decoder import PyAVDecoder
from speechqa.core.source import CallSource, PartyFile

DATA = Path(os.environ.get("SPEECHQA_DATA", "../shared/data")) / "calls"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the measuring data (SPEECHQA_DATA) is not here"),
]


def test_every_call_is_what_soundfile_reads() -> None:
    soundfile = pytest.importorskip("soundfile")
    paths = sorted([*DATA.rglob("*.wav"), *DATA.rglob("*.flac")])
    assert paths
    for path in paths:
        recording, audio = PyAVDecoder().open(CallSource(files=(PartyFile(path=str(path)),)))
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        assert recording.lost_seconds == 0.0
        assert audio.duration == pytest.approx(len(samples) / rate, abs=0.001)
        if rate == audio.sample_rate:
            for channel in range(audio.channels):
                assert np.array_equal(audio.read(channel, 0, audio.duration), samples[:, channel])
        audio.close()


def test_late_leg_equals_the_aligned_file() -> None:
    legs = DATA / "harpervalley-legs"
    agents = sorted(legs.glob("*.agent.wav"))
    assert agents
    for agent in agents:
        name = agent.name.removesuffix(".agent.wav")
        source = CallSource(
            files=(
                PartyFile(path=str(agent), role="agent", offset_s=2.08),
                PartyFile(path=str(legs / f"{name}.caller.wav"), role="customer"),
            )
        )
        joined = PyAVDecoder().open(source)[1]
        aligned = PyAVDecoder().open(
            CallSource(files=(PartyFile(path=str(DATA / "harpervalley" / f"{name}.flac")),))
        )[1]
        for channel in range(2):
            assert np.array_equal(joined.read(channel, 0, 999), aligned.read(channel, 0, 999))
        joined.close()
        aligned.close()
