"""Whose curve is whose: with several parties of one role nobody's is shown as another's."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from speechqa.acoustics.frames import VoicedFrames
from speechqa.core.dialogue import RoleAssignment, holders
from speechqa.core.recording import Recording
from speechqa.core.segment import Segment
from speechqa.errors import ModelError
from speechqa.pipeline.arousal import SEVERAL, arousal
from speechqa.pipeline.sound import Sound
from tests.support.sound import ArrayAudio

SPEECH = tuple((Segment(20.0 * party, 20.0 * party + 18.0),) for party in range(3))
AUDIO = ArrayAudio(np.zeros((3, 8000 * 60)), 8000)
WANTED = frozenset({"customer"})


@pytest.fixture(scope="module")
def sound() -> Sound:
    recording = Recording(path="x.wav", sha256="0", duration=60.0, sample_rate=8000, channels=3)
    return Sound(recording=recording, speech=SPEECH, faint=SPEECH, separate=True)


def given(*roles: str) -> dict[str, RoleAssignment]:
    return {
        party: RoleAssignment(role=role, confidence=1.0, source="corrected")  # type: ignore[arg-type]
        for party, role in zip("ABC", roles, strict=True)
    }


def voices() -> dict[str, VoicedFrames]:
    found = {}
    for index, (party, line) in enumerate(zip("ABC", SPEECH, strict=True)):
        times = np.arange(line[0].start, line[0].end, 0.016)
        values = np.column_stack([np.full(len(times), 80.0 + 5 * index), *np.zeros((4, len(times)))])
        ones = np.ones(len(times))
        found[party] = VoicedFrames(times=times, values=values, weights=ones, level_db=ones, hop_s=0.016)
    return found


def test_one_customer_has_the_own_curve(sound):
    curve = arousal(voices(), sound, given("agent", "customer", "unknown"), wanted=WANTED, audio=AUDIO)
    assert list(curve) == ["customer"]
    assert curve["customer"].baseline.features["f0_hz"] == pytest.approx(2 ** (85 / 12), rel=1e-4)


def test_two_customers_have_none(sound):
    roles = given("customer", "customer", "agent")
    assert holders(roles) == {"agent": "C"}
    curve = arousal(voices(), sound, roles, wanted=WANTED, audio=AUDIO)["customer"]
    assert curve.reason == SEVERAL
    assert curve.windows == ()


def test_a_model_that_fails_costs_the_curve_and_nothing_else(sound):
    class Broken:
        def __getattr__(self, name):
            raise ModelError("the model does not run")

    roles = given("agent", "customer", "unknown")
    curve = arousal(voices(), sound, roles, wanted=WANTED, audio=AUDIO, model=Broken())["customer"]
    assert "does not run" in (curve.reason or "")
    assert replace(curve, reason=None, absolute=None).windows == ()
