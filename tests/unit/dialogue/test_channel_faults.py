"""Faults of channels: dead ones, clocks that do not fit, and what is no fault."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.core.segment import Segment, Timeline, union
from speechqa.dialogue.channels.activity import Activity, Echo
from speechqa.dialogue.channels.clock_fit import evidence_for, fit_clocks
from speechqa.dialogue.channels.coupling import Coupling
from speechqa.dialogue.channels.faults import ChannelFaults, both_on_one, find_faults
from speechqa.dialogue.channels.levels import STEP_S, ChannelLevels, measure_levels
from speechqa.protocols import Diarization
from tests.support.sound import ArrayAudio

NOISE_DB, VOICE_DB, NOTHING_DB = -65.0, -20.0, -100.0


def conversation(
    seed: int, length_s: float = 240.0, *, answers_after_s: float = 0.0, overlaps: float = 0.25
) -> tuple[Timeline, Timeline]:
    """Two who take turns: gaps of a few tenths, some early entries, now and then a listener's token."""
    rng = np.random.default_rng(seed)
    lines: tuple[list[Segment], list[Segment]] = ([], [])
    time, who = 0.5, 0
    while time < length_s:
        talk = float(rng.gamma(2.0, 2.0)) + 0.4
        lines[who].append(Segment(time, time + talk))
        if talk > 4 and rng.random() < 0.5:
            token = time + float(rng.uniform(1.5, talk - 1.0))
            lines[1 - who].append(Segment(token, token + 0.4))
        early = rng.random() < overlaps
        time += talk + (-float(rng.uniform(0.1, 0.4)) if early else float(rng.gamma(2.0, 0.2)))
        who = 1 - who
        time += answers_after_s if who == 1 else 0.0
    return union(lines[0]), union(lines[1])


def moved(line: Timeline, seconds: float) -> Timeline:
    return tuple(Segment(s.start + seconds, s.end + seconds) for s in line)


def levels_of(*lines: Timeline, length_s: float = 250.0, noise_db: float = NOISE_DB) -> ChannelLevels:
    rng = np.random.default_rng(0)
    count = round(length_s / STEP_S)
    db = np.full((len(lines), count), noise_db, np.float32)
    if noise_db > NOTHING_DB:
        db += rng.normal(0, 0.5, db.shape).astype(np.float32)
    levels = ChannelLevels(db=db)
    for channel, line in enumerate(lines):
        db[channel, levels.mask(line)] = VOICE_DB
    return levels


def activity(*lines: Timeline, **more) -> Activity:
    return Activity(speech=lines, suppressed=((),) * len(lines), **more)


def leak(lag_s: float, **more) -> tuple[tuple[int, Coupling], ...]:
    found = {"clearness": 80.0, "inverted": False, "explained": 0.4, "gain_db": -25.0, **more}
    return ((1, Coupling(lag_s=lag_s, **found)),)


@pytest.mark.parametrize("seed", range(5))
def test_a_sound_call_has_no_faults(seed):
    lines = conversation(seed, overlaps=0.5)
    assert find_faults(activity(*lines), levels_of(*lines)) == ChannelFaults()


# --- dead channels ---


@pytest.mark.parametrize("channel", [0, 1])
@pytest.mark.parametrize("after_db", [NOTHING_DB, -45.0])
def test_a_channel_that_dies_is_told_with_when(channel, after_db):
    lines = list(conversation(1, 120))
    lines[channel] = tuple(s for s in lines[channel] if s.end < 50)
    levels = levels_of(*lines, length_s=125)
    levels.db[channel, round(52 / STEP_S) :] = after_db
    faults = find_faults(activity(*lines), levels)
    assert set(faults.dead_from) == {channel}
    assert faults.dead_from[channel] == pytest.approx(52, abs=0.2)
    assert faults.doubts.both_heard_until == faults.dead_from[channel]
    assert faults.notes[0].startswith(f"channel {channel} is silent from 52.0 s on")


def test_who_listens_to_the_end_is_not_dead():
    one, two = conversation(1, 120)
    two = tuple(s for s in two if s.end < 100)
    faults = find_faults(activity(one, two), levels_of(one, two, length_s=125))
    assert faults.dead_from == {}


def test_padding_after_the_last_word_is_no_fault():
    lines = conversation(1, 120)
    levels = levels_of(*lines, length_s=140)
    levels.db[:, round(130 / STEP_S) :] = NOTHING_DB
    assert find_faults(activity(*lines), levels).dead_from == {}


def test_on_a_line_without_noise_only_much_talk_tells():
    one, two = conversation(3, 200)
    short = tuple(s for s in two if s.end < 185)
    quiet = levels_of(one, short, length_s=205, noise_db=NOTHING_DB)
    assert find_faults(activity(one, short), quiet).dead_from == {}
    long = tuple(s for s in two if s.end < 60)
    quiet = levels_of(one, long, length_s=205, noise_db=NOTHING_DB)
    assert set(find_faults(activity(one, long), quiet).dead_from) == {1}


def test_a_channel_that_begins_late_is_told():
    one, two = conversation(1, 120)
    one = tuple(s for s in one if s.start > 60)
    levels = levels_of(one, two, length_s=125)
    levels.db[0, : round(58 / STEP_S)] = NOTHING_DB
    faults = find_faults(activity(one, two), levels)
    assert faults.dead_from == {}
    assert faults.dead_until[0] == pytest.approx(58, abs=0.2)


def test_a_channel_nobody_is_heard_on():
    one, _ = conversation(1)
    faults = find_faults(activity(one, ()), levels_of(one, ()))
    assert faults.unheard == (1,)
    assert faults.dead_from == {}
    assert faults.timing_doubt is None


# --- clocks ---


@pytest.mark.parametrize("late", [-8.0, -5.0, -3.0, 3.0, 5.0, 8.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_late_leg_is_found_from_the_turns(late, seed):
    one, two = conversation(seed)
    one, two = moved(one, 10), moved(two, 10 + late)
    faults = find_faults(activity(one, two), levels_of(one, two, length_s=280))
    assert faults.misaligned_s == pytest.approx(-late, abs=1.0)
    assert "not on one clock" in faults.timing_doubt
    assert any("agent_offset_s" in note for note in faults.notes)
    fit = fit_clocks(one, two)
    assert fit.low_s <= -late <= fit.high_s


@pytest.mark.parametrize("answers_after_s", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("seed", range(4))
def test_who_answers_slowly_is_not_late(answers_after_s, seed):
    one, two = conversation(seed, answers_after_s=answers_after_s)
    assert not fit_clocks(one, two).clear


@pytest.mark.parametrize("seed", range(8))
def test_quick_talk_with_many_overlaps_is_not_late(seed):
    one, two = conversation(seed, 90, overlaps=0.8)
    assert not fit_clocks(one, two).clear


def test_the_sign_follows_the_channels():
    one, two = conversation(0)
    assert fit_clocks(moved(one, 4), two).offset_s == pytest.approx(4, abs=0.5)
    assert fit_clocks(two, moved(one, 4)).offset_s == pytest.approx(-4, abs=0.5)


def test_the_clock_where_it_begins_does_not_matter():
    one, two = conversation(2)
    assert fit_clocks(one, moved(two, 3)) == fit_clocks(moved(one, 500), moved(two, 503))


def test_nothing_to_fit():
    assert fit_clocks((), (Segment(0, 1),)) is None
    assert evidence_for((), (), 2.0) == 0.0


def test_two_who_have_nothing_to_do_with_each_other():
    one, _ = conversation(1, 400)
    _, two = conversation(9, 400, overlaps=0.0)
    faults = find_faults(activity(one, two), levels_of(one, two, length_s=410))
    assert faults.timing_doubt is None or "do not fit" in faults.timing_doubt


def test_a_leak_tells_the_lag_exactly():
    one, two = conversation(0, 40)
    faults = find_faults(activity(one, two, couplings=leak(2.08)), levels_of(one, two))
    assert faults.misaligned_s == -2.08
    assert faults.misaligned_confidence > 0.9
    assert "2.08 s later" in faults.notes[0]


def test_a_leak_in_time_proves_the_clocks():
    one, two = conversation(0)
    apart = activity(one, moved(two, 4), couplings=leak(0.12))
    assert find_faults(apart, levels_of(*apart.speech)).timing_doubt is None


@pytest.mark.parametrize(
    ("lag_s", "gain_db", "fault"),
    [
        (0.6, -20.0, False),  # an echo of channel 0 in channel 1 that comes late
        (-0.6, 20.0, False),  # the same the other way
        (-0.6, -20.0, True),  # an echo cannot come before its source
        (0.6, 20.0, True),
        (1.2, -20.0, True),
        (0.6, 0.0, False),
    ],
)
def test_an_echo_comes_after_its_source_and_not_by_a_second(lag_s, gain_db, fault):
    one, two = conversation(0)
    faults = find_faults(activity(one, two, couplings=leak(lag_s, gain_db=gain_db)), levels_of(one, two))
    assert (faults.misaligned_s is not None) is fault


def test_a_tone_on_both_channels_is_no_leak():
    one, two = conversation(0)
    tone = activity(one, two, couplings=leak(7.0, clearness=12.5, explained=0.12))
    assert find_faults(tone, levels_of(one, two)) == ChannelFaults()


def test_a_codec_that_couples_its_channels_proves_nothing():
    one, two = conversation(0)
    apart = activity(one, moved(two, 4), couplings=leak(0.0))
    assert find_faults(apart, levels_of(*apart.speech)).misaligned_s == pytest.approx(-4, abs=0.6)


def test_an_offset_that_was_told_wrongly():
    one, two = conversation(0)
    apart = activity(one, moved(two, 4))
    faults = find_faults(apart, levels_of(*apart.speech), offsets_s=(0.0, 4.0))
    assert any("the offset that was told, +4 s for channel 1, does not look right" in n for n in faults.notes)
    assert any("puts it right: 0" in n or "puts it right: -0" in n for n in faults.notes)


def test_files_of_two_lengths_and_nobody_told_when_they_start():
    one, two = conversation(0)
    late = find_faults(activity(one, moved(two, -2)), levels_of(one, two), ends_s=(242.0, 240.0))
    assert late.misaligned_s == pytest.approx(2.0, abs=0.6)
    together = find_faults(activity(one, two), levels_of(one, two), ends_s=(242.0, 240.0))
    assert together.timing_doubt is None
    little = conversation(0, 12)
    unsure = find_faults(activity(*little), levels_of(*little), ends_s=(15.0, 13.5))
    assert unsure.misaligned_s is None
    assert "the file of channel 1 is 1.50 s shorter, and nobody told when it starts" in unsure.timing_doubt
    same = find_faults(activity(*little), levels_of(*little), ends_s=(15.0, 14.8))
    assert same.timing_doubt is None


@pytest.mark.parametrize("seed", range(3))
def test_clocks_that_run_apart_are_doubted(seed):
    one, two = conversation(seed, 600)
    fast = tuple(Segment(s.start * 1.006, s.end * 1.006) for s in two)
    faults = find_faults(activity(one, fast), levels_of(one, fast, length_s=620))
    assert faults.timing_doubt is not None
    assert find_faults(activity(one, two), levels_of(one, two, length_s=620)) == ChannelFaults()


def test_an_offset_told_against_the_files_ends_and_the_turns():
    one, two = conversation(0)
    told = find_faults(
        activity(moved(one, 4), two),
        levels_of(one, two, length_s=260),
        offsets_s=(4.0, 0.0),
        ends_s=(244.0, 240.0),
        starts_told=True,
    )
    assert told.misaligned_s == pytest.approx(4.0, abs=0.6)
    assert any("-4 s for channel 1, does not look right" in note for note in told.notes)
    little = conversation(0, 12)
    unsure = find_faults(
        activity(*little), levels_of(*little), offsets_s=(0.0, 0.0), ends_s=(15.0, 13.5), starts_told=True
    )
    assert unsure == ChannelFaults()


def test_one_party_alone_leaves_pauses_for_the_other():
    one, two = conversation(4, 120)
    assert both_on_one(union((*one, *two)), None)
    assert not both_on_one(one, None)
    assert not both_on_one((), None)


def test_slow_talk_of_two_is_known_by_its_voices():
    one, two = conversation(4, 120, answers_after_s=3.0)
    both = union((*one, *two))
    heard = [Diarization(speakers=(one, two), confidence=c) for c in (0.95, 0.7)]
    assert both_on_one(both, heard[0])
    assert not both_on_one(both, heard[1])
    assert not both_on_one(both, Diarization(speakers=(both, (Segment(1.0, 2.0),)), confidence=0.95))
    assert not both_on_one(both, None)


# --- both parties on a channel ---


def echo(target: int, source: int, gain_db: float, loudness_db: float) -> Echo:
    return Echo(
        target=target, source=source, delay_s=0.0, gain_db=gain_db, loudness_db=loudness_db, seconds=9.0
    )


@pytest.mark.parametrize(
    ("echoes", "doubted"),
    [
        ((), False),
        ((echo(0, 1, -12.0, -12.0),), False),
        ((echo(0, 1, -12.0, -12.0), echo(1, 0, -12.0, -12.0)), False),
        ((echo(0, 1, 6.0, 6.0),), True),
        ((echo(0, 1, -3.0, -3.0), echo(1, 0, -3.0, -3.0)), True),
    ],
)
def test_overlaps_are_doubted_where_both_voices_are_alike_on_a_channel(echoes, doubted):
    one, two = conversation(0)
    faults = find_faults(activity(one, two, echoes=echoes), levels_of(one, two))
    assert (faults.overlap_doubt is not None) is doubted


def test_identical_channels_have_no_other_faults():
    one, _ = conversation(0)
    same = activity(one, one, identical_channels=True)
    assert find_faults(same, levels_of(one, one)) == ChannelFaults(identical=True)


# --- levels ---


def test_levels_of_every_channel_in_one_pass():
    rate = 8000
    tone = 0.1 * np.sin(2 * np.pi * 400 * np.arange(50 * rate) / rate)
    audio = ArrayAudio([tone, 0.5 + 0 * tone], rate)
    levels = measure_levels(audio)
    assert levels.db.shape == (2, 1000)
    assert np.allclose(levels.db[0], -23.0, atol=0.1)
    assert np.all(levels.db[1] <= -99)
    assert levels.mask((Segment(1.0, 2.0),)).sum() == 20
    assert audio.longest_read <= 20
