"""Cross-talk: echoes go, people who talk at once stay."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.core.segment import Segment, difference, intersection, seconds, union
from speechqa.dialogue.channels.activity import CrosstalkSettings, suppress_crosstalk
from tests.support.sound import ArrayAudio

SECONDS = 40


def voice(seed: int, rate: int, pitch_hz: float, turns) -> np.ndarray:
    """Voice-like sound: wandering pitch, formant-like colour, syllables, in the given turns."""
    rng = np.random.default_rng(seed)
    time = np.arange(SECONDS * rate) / rate
    wander = np.interp(time, np.arange(0, SECONDS + 1, 0.2), rng.normal(1, 0.1, SECONDS * 5 + 5))
    phase = 2 * np.pi * np.cumsum(pitch_hz * wander) / rate
    colour = [
        np.interp(
            time,
            np.arange(0, SECONDS + 1, 0.15),
            rng.random(SECONDS * 7 + 7)[: len(np.arange(0, SECONDS + 1, 0.15))],
        )
        for _ in range(12)
    ]
    sound = sum(weight * np.sin(k * phase) for k, weight in enumerate(colour, 1))
    syllables = np.clip(np.sin(2 * np.pi * 4 * time + rng.random()) + 0.4, 0, None)
    sound = (sound + 0.3 * rng.standard_normal(len(time))) * syllables
    gate = np.zeros(len(time))
    for turn in turns:
        gate[round(turn.start * rate) : round(turn.end * rate)] = 1
    return 0.03 * sound * gate


def mulaw(samples):
    packed = np.sign(samples) * np.log1p(255 * np.abs(np.clip(samples, -1, 1))) / np.log(256)
    packed = np.round(packed * 127) / 127
    return np.sign(packed) * np.expm1(np.abs(packed) * np.log(256)) / 255


A = (Segment(1.0, 9.0), Segment(18.0, 28.0))
B = (Segment(9.5, 19.0), Segment(28.5, 38.0))  # the parties overlap from 18 to 19


def late(sound, seconds_late: float, rate: int):
    shift = round(seconds_late * rate)
    return np.concatenate((np.zeros(shift), sound[: len(sound) - shift]))


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize(("level_db", "delay_s"), [(-12, 0.0), (-20, 0.06), (-30, 0.2)])
def test_the_echo_goes_and_the_overlap_stays(rate, level_db, delay_s):
    one, two = voice(1, rate, 110, A), voice(2, rate, 205, B)
    noise = 10 ** (-75 / 20) * np.random.default_rng(3).standard_normal((2, len(one)))
    echo = late(two, delay_s, rate) * 10 ** (level_db / 20)
    audio = ArrayAudio(mulaw(np.stack([one + echo, two]) + noise), rate)
    heard = union((*A, *(Segment(s.start + delay_s, s.end + delay_s) for s in B)))
    activity = suppress_crosstalk(audio, (heard, B))
    assert activity.speech[1] == B
    assert activity.suppressed[1] == ()
    assert not activity.identical_channels
    assert seconds(difference(activity.speech[0], A)) < 1.0
    assert seconds(intersection(activity.speech[0], A)) > seconds(A) - 0.3
    assert seconds(intersection(*activity.speech)) > 0.6
    assert [((e.target, e.source), round(e.delay_s, 2)) for e in activity.echoes] == [((0, 1), delay_s)]
    assert "channel 0" in activity.notes[0]
    assert audio.longest_read < 50


def test_unrelated_channels_are_left_alone():
    rate = 8000
    audio = ArrayAudio([voice(1, rate, 110, A), voice(2, rate, 205, B)], rate)
    activity = suppress_crosstalk(audio, (A, B))
    assert activity.speech == (A, B)
    assert activity.suppressed == ((), ())
    assert activity.notes == ()


def test_people_who_talk_at_once_all_the_time_stay():
    rate = 8000
    whole = (Segment(1.0, 39.0),)
    audio = ArrayAudio([voice(1, rate, 110, whole), 0.2 * voice(2, rate, 115, whole)], rate)
    assert suppress_crosstalk(audio, (whole, whole)).speech == (whole, whole)


def room(rate: int, tail_s: float) -> np.ndarray:
    time = np.arange(round(tail_s * rate)) / rate
    response = np.random.default_rng(5).standard_normal(time.size) * 10 ** (-3 * time / tail_s)
    response[0] = 3.0
    return response / np.sqrt((response**2).sum())


@pytest.mark.parametrize("tail_s", [0.15, 0.35])
def test_an_echo_through_a_room_goes(tail_s):
    rate = 8000
    one, two = voice(1, rate, 110, A), voice(2, rate, 205, B)
    echo = 0.25 * np.convolve(late(two, 0.05, rate), room(rate, tail_s))[: len(two)]
    heard = union((*A, *(Segment(s.start + 0.05, s.end + 0.05 + tail_s / 2) for s in B)))
    activity = suppress_crosstalk(ArrayAudio(mulaw(np.stack([one + echo, two])), rate), (heard, B))
    assert seconds(difference(activity.speech[0], A)) < 1.0
    assert seconds(intersection(activity.speech[0], A)) > seconds(A) - 0.3


def test_an_echo_that_comes_very_late_goes():
    rate = 8000
    one, two = voice(1, rate, 110, A), voice(2, rate, 205, B)
    hiss = 10 ** (-70 / 20) * np.random.default_rng(3).standard_normal((2, len(one)))
    heard = union((*A, *(Segment(s.start + 0.6, s.end + 0.6) for s in B)))
    activity = suppress_crosstalk(
        ArrayAudio(np.stack([one + 0.2 * late(two, 0.6, rate), two]) + hiss, rate), (heard, B)
    )
    assert seconds(difference(activity.speech[0], A)) < 1.0
    assert seconds(intersection(activity.speech[0], A)) > seconds(A) - 0.3


@pytest.mark.parametrize("sign", [1, -1])
def test_echoes_both_ways_go_and_polarity_does_not_matter(sign):
    rate = 8000
    one, two = voice(1, rate, 110, A), voice(2, rate, 205, B)
    sound = np.stack([one + sign * 0.25 * late(two, 0.04, rate), two + sign * 0.25 * late(one, 0.04, rate)])
    heard = (
        union((*A, *(Segment(s.start + 0.04, s.end + 0.04) for s in B))),
        union((*B, *(Segment(s.start + 0.04, s.end + 0.04) for s in A))),
    )
    activity = suppress_crosstalk(ArrayAudio(mulaw(sound), rate), heard)
    for kept, own in zip(activity.speech, (A, B), strict=True):
        assert seconds(difference(kept, own)) < 1.0
        assert seconds(intersection(kept, own)) > seconds(own) - 0.4
    assert seconds(intersection(*activity.speech)) > 0.6


@pytest.mark.parametrize("louder", [1.0, 1.6])
def test_both_parties_on_one_channel_and_one_of_them_on_the_other(louder):
    rate = 8000
    one, two = voice(1, rate, 110, A), voice(2, rate, 205, B)
    both = union((*A, *B))
    activity = suppress_crosstalk(ArrayAudio(mulaw(np.stack([one + louder * two, two])), rate), (both, B))
    assert not activity.identical_channels
    assert activity.speech[1] == B
    assert seconds(difference(activity.speech[0], A)) < 1.0
    assert seconds(intersection(activity.speech[0], A)) > seconds(A) - 0.5
    assert activity.notes[0].startswith("channel 0 holds both parties")


def test_both_parties_on_both_channels_at_two_levels_are_parted():
    rate = 8000
    one, two = voice(1, rate, 110, A), voice(2, rate, 205, B)
    both = union((*A, *B))
    activity = suppress_crosstalk(ArrayAudio([one + 0.5 * two, 0.5 * one + two], rate), (both, both))
    assert not activity.identical_channels
    for kept, own in zip(activity.speech, (A, B), strict=True):
        assert seconds(difference(kept, own)) < 1.0
        assert seconds(intersection(kept, own)) > seconds(own) - 1.2


@pytest.mark.parametrize(
    ("change", "delay_s", "said"),
    [
        (1.0, 0.0, "channel 1 is channel 0 again"),
        (0.25, 0.0, "12 dB fainter"),
        (0.7, 0.025, "25 ms later"),
        (-1.0, 0.0, "inverted"),
        (-0.5, 0.3, "inverted, 300 ms later, 6 dB fainter"),
        (1.0, 2.5, "2500 ms later"),
    ],
)
def test_a_call_recorded_twice_is_told(change, delay_s, said):
    rate = 8000
    both = voice(1, rate, 110, A) + voice(2, rate, 205, B)
    hiss = 10 ** (-65 / 20) * np.random.default_rng(4).standard_normal((2, len(both)))
    audio = ArrayAudio(mulaw(np.stack([both, change * late(both, delay_s, rate)])) + hiss, rate)
    spoken = union((*A, *B))
    speech = (spoken, tuple(Segment(s.start + delay_s, s.end + delay_s) for s in spoken))
    activity = suppress_crosstalk(audio, speech)
    assert activity.identical_channels
    assert activity.speech == speech
    assert said in activity.notes[0]
    assert "treated as mono" in activity.notes[-1]


def test_a_channel_with_nothing_but_echo_has_no_speech():
    rate = 8000
    two = voice(2, rate, 205, B)
    audio = ArrayAudio([0.1 * late(two, 0.1, rate), two], rate)
    heard = tuple(Segment(s.start + 0.1, s.end + 0.1) for s in B)
    activity = suppress_crosstalk(audio, (heard, B))
    assert not activity.identical_channels
    assert seconds(activity.speech[0]) < 0.5
    assert activity.speech[1] == B


def test_gain_of_a_channel_does_not_matter():
    rate = 8000
    one, two = voice(1, rate, 110, A), voice(2, rate, 205, B)
    heard = union((*A, *B))
    plain = suppress_crosstalk(ArrayAudio([one + 0.1 * two, two], rate), (heard, B))
    scaled = suppress_crosstalk(ArrayAudio([8 * (one + 0.1 * two), 0.25 * two], rate), (heard, B))
    assert plain.speech == scaled.speech
    assert plain.suppressed == scaled.suppressed


def test_mono_and_silence():
    rate = 8000
    one = voice(1, rate, 110, A)
    assert suppress_crosstalk(ArrayAudio(one, rate), (A,)).speech == (A,)
    silent = suppress_crosstalk(ArrayAudio([one, 0 * one], rate), (A, ()))
    assert silent.speech == (A, ())
    assert silent.notes == ("channel 1 is silent",)
    constant = suppress_crosstalk(ArrayAudio([one, 0.01 + 0 * one], rate), (A, ()))
    assert constant.notes == ("channel 1 is silent",)
    hiss = 0.003 * np.random.default_rng(5).standard_normal(len(one))
    noisy = suppress_crosstalk(ArrayAudio([one, hiss], rate), (A, ()))
    assert noisy.notes == ("no speech on channel 1",)
    assert suppress_crosstalk(ArrayAudio(np.zeros((2, 0)), rate), ((), ())).speech == ((), ())


def test_three_channels():
    rate = 8000
    one, two = voice(1, rate, 110, A), voice(2, rate, 205, B)
    audio = ArrayAudio([one, two, 0.1 * late(two, 0.02, rate)], rate)
    activity = suppress_crosstalk(audio, (A, B, B))
    assert activity.speech[:2] == (A, B)
    assert seconds(activity.speech[2]) < 0.5


def test_settings_are_checked():
    with pytest.raises(ValueError, match="explained_floor"):
        CrosstalkSettings(explained_floor=0.0)
    with pytest.raises(ValueError, match="one timeline"):
        suppress_crosstalk(ArrayAudio(np.zeros(800), 8000), ())
