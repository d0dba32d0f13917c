"""Faults of channels, made out of real calls: how many are told, and how often one is told that is not there.

    SPEECHQA_DATA=../shared/data python -m benchmarks.channel_faults [--only mono] [--real]

Real two-channel calls, clips and the project's own samples are harmed one way at a time. `told` counts the
calls where the fault was named, `right` those where its figure (lag, time, offset) was right too, `kept` the
speech of the parties after what was done about it, `removed` the sound that was in the wrong place.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np

from benchmarks import degrading as d
from benchmarks.tallies import Outcome, Tally
from speechqa.audio.spool import ArrayAudio
from speechqa.core.segment import Segment, intersection, seconds
from speechqa.dialogue.channels.activity import suppress_crosstalk
from speechqa.dialogue.channels.faults import find_faults
from speechqa.dialogue.channels.levels import measure_levels

DIES_AT = 0.4

Harm = Callable[[d.RealCall], d.Sound]


def examine(sound: d.Sound, rate: int, *, told: float = 0.0, ends: tuple[float, ...] = ()) -> Outcome:
    clipped = np.clip(sound, -1, 1)
    audio = ArrayAudio(clipped, rate)
    heard = d.listen(clipped, rate).speech
    levels = measure_levels(audio)
    activity = suppress_crosstalk(audio, heard, levels=levels)
    faults = find_faults(activity, levels, offsets_s=(0.0, told), ends_s=ends)
    return Outcome(activity, faults, heard)


# --- one sound on both channels ----------------------------------------------------------------------------


def mono_twice() -> Iterator[tuple[str, Harm, float, bool]]:
    """Name, what is done, lag in seconds, inverted."""

    def twice(change: Callable[[d.Sound, int], d.Sound]) -> Harm:
        return lambda call: np.stack([_mono(call), change(_mono(call), call.rate)])

    yield "exact", twice(lambda s, _: s), 0.0, False
    for level in (-12, -6, 6):
        yield f"{level:+d} dB", twice(lambda s, _, level=level: d.gain(level) * s), 0.0, False
    for late in (0.001, 0.012, 0.1, 0.3, 2.0):
        yield f"{late * 1000:.0f} ms later", twice(lambda s, r, late=late: d.late(s, late, r)), late, False
    yield "inverted", twice(lambda s, _: -s), 0.0, True
    yield "inverted, 12 ms, -6 dB", twice(lambda s, r: -0.5 * d.late(s, 0.012, r)), 0.012, True
    for level in (-60, -50, -45):
        yield f"noise {level} dBFS on each, 20 ms", _noisy(level), 0.02, False
    for codec in _codecs():
        yield f"one through {codec}", twice(lambda s, r, c=codec: d.coded(s, r, c)), 0.0, False
    yield "amr and opus, inverted, 50 ms", _both_coded, 0.05, True


def _mono(call: d.RealCall) -> d.Sound:
    return np.asarray(call.sound.sum(axis=0) / 2, np.float64)


def _noisy(level: float) -> Harm:
    def harm(call: d.RealCall) -> d.Sound:
        mono = _mono(call)
        hiss = d.noise((2, mono.size), level, 1)
        return np.stack([mono + hiss[0], d.late(mono, 0.02, call.rate) + hiss[1]])

    return harm


def _both_coded(call: d.RealCall) -> d.Sound:
    mono = _mono(call)
    return np.stack(
        [d.coded(mono, call.rate, "amr"), -d.late(d.coded(mono, call.rate, "opus"), 0.05, call.rate)]
    )


def _codecs() -> list[str]:
    return ["mulaw", "amr", "opus", "mp3", *(["gsm"] if d.has_gsm() else [])]


# --- both parties on a channel -----------------------------------------------------------------------------


def mixes() -> Iterator[tuple[str, Harm]]:
    def mixed(one: float, other: float, codec: str | None = None) -> Harm:
        def harm(call: d.RealCall) -> d.Sound:
            left, right = call.sound
            sound = np.stack([left + one * right, other * left + right])
            return sound if codec is None else np.stack([d.coded(x, call.rate, codec) for x in sound])

        return harm

    yield "channel 0 has both, channel 1 one", mixed(1.0, 0.0)
    yield "the same through opus", mixed(1.0, 0.0, "opus")
    yield "the same, 6 dB louder", mixed(2.0, 0.0)
    for level in (-2, -3, -6, -9):
        yield f"both have both, {level} dB", mixed(d.gain(level), d.gain(level))
    yield "both have both, -6 dB, opus", mixed(0.5, 0.5, "opus")


# --- a channel that is dead --------------------------------------------------------------------------------


def silences() -> Iterator[tuple[str, Callable[[int, int], d.Sound]]]:
    """What a channel without a voice carries, by count of samples and rate."""
    yield "nothing", lambda n, _: np.zeros(n)
    yield "a constant", lambda n, _: np.full(n, 0.02)
    yield "line noise -50 dBFS", lambda n, _: d.noise((n,), -50, 3)
    yield "comfort noise", lambda n, _: np.convolve(d.noise((n,), -45, 4), np.ones(8) / 8, "same")
    yield (
        "hum",
        lambda n, r: sum(0.01 * np.sin(2 * np.pi * 50 * k * np.arange(n) / r) / k for k in range(1, 12)),
    )
    yield "keys pressed", _keys


def _keys(count: int, rate: int) -> d.Sound:
    time = np.arange(count) / rate
    tones = np.zeros(count)
    for index, (low, high) in enumerate(((697, 1209), (770, 1336), (852, 1477), (941, 1336), (697, 1477))):
        on = (time % 3.0 > 0.4 * index) & (time % 3.0 < 0.4 * index + 0.2) & (time > 2)
        tones += on * 0.1 * (np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time))
    return tones


# --- the benchmark -----------------------------------------------------------------------------------------


def unharmed(calls: list[d.RealCall]) -> None:
    print("nothing wrong")
    tally = Tally()
    for call in calls:
        outcome = examine(call.sound, call.rate)
        faults = outcome.faults
        tally.calls += 1
        wrong = outcome.activity.identical_channels or faults.notes or outcome.activity.notes
        tally.told += bool(wrong)
        tally.doubted += faults.timing_doubt is not None
        tally.add_speech(call.speech, outcome)
        if wrong:
            print("   ", call.name, outcome.activity.notes, faults.notes)
    print(f"  {'as they are':40s} {tally.line()}")


def one_sound(calls: list[d.RealCall]) -> None:
    print("mono twice")
    for name, harm, lag, inverted in mono_twice():
        tally = Tally()
        for call in calls:
            outcome = examine(harm(call), call.rate)
            tally.calls += 1
            if not outcome.activity.identical_channels:
                tally.missed.append(call.name)
                continue
            tally.told += 1
            coupling = outcome.activity.couplings[0][1]
            tally.right += abs(coupling.lag_s - lag) < 0.002 and coupling.inverted == inverted
        print(f"  {name:40s} {tally.line()}", flush=True)


def mixed(calls: list[d.RealCall]) -> None:
    print("both parties on a channel")
    for name, harm in mixes():
        tally = Tally()
        for call in calls:
            outcome = examine(harm(call), call.rate)
            tally.calls += 1
            if outcome.activity.identical_channels:
                tally.missed.append(f"{call.name} taken for mono")
                continue
            tally.told += any("both parties" in note for note in outcome.activity.notes)
            tally.right += any("removed" in note for note in outcome.activity.notes)
            tally.doubted += outcome.faults.overlap_doubt is not None
            tally.add_speech(call.speech, outcome)
        print(f"  {name:40s} {tally.line()}", flush=True)


def silent(calls: list[d.RealCall]) -> None:
    print("a channel without a voice")
    for name, make in silences():
        for part in ("all along", "from 40 % on"):
            tally = Tally()
            for call in calls:
                for channel in (0, 1):
                    _silence(call, channel, make, part, tally)
            print(f"  {name + ', ' + part:40s} {tally.line()}", flush=True)


def _silence(
    call: d.RealCall, channel: int, make: Callable[[int, int], d.Sound], part: str, tally: Tally
) -> None:
    sound = call.sound.copy()
    first = 0 if part == "all along" else round(DIES_AT * sound.shape[1])
    sound[channel, first:] = make(sound.shape[1], call.rate)[first:]
    dies_at = first / call.rate
    after = intersection(call.speech[1 - channel], (Segment(dies_at, call.duration),))
    if seconds(after) < 5.0 or (first and not intersection(call.speech[channel], (Segment(0.0, dies_at),))):
        return
    faults = examine(sound, call.rate).faults
    tally.calls += 1
    if not first:
        tally.told += faults.unheard == (channel,)
        tally.right += faults.unheard == (channel,)
        if faults.unheard != (channel,):
            tally.missed.append(f"{call.name} {channel}")
        return
    told = faults.dead_from.get(channel)
    tally.told += told is not None
    tally.doubted += faults.timing_doubt is not None
    # A party may have fallen silent before its channel did.
    tally.right += told is not None and told <= dies_at + 2.0
    if told is None:
        tally.missed.append(f"{call.name} {channel}")


def late_legs(calls: list[d.RealCall]) -> None:
    print("one leg late, from the sound of whole calls")
    leaks: list[tuple[str, Callable[[d.RealCall], d.Sound]]] = [
        ("no leak", lambda call: call.sound),
        ("leak -30 dB of 0 in 1", lambda call: _leaky(call, -30, 0.0)),
        ("leak -20 dB of 0 in 1 through a room", lambda call: _leaky(call, -20, 0.3)),
    ]
    for leak, harm in leaks:
        for late in (0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 5.0, -5.0, 8.0, -8.0):
            tally = Tally()
            for call in calls:
                sound = _apart(harm(call), late, call.rate)
                faults = examine(sound, call.rate).faults
                tally.calls += 1
                tally.told += faults.misaligned_s is not None
                tally.doubted += faults.timing_doubt is not None
                tally.right += faults.misaligned_s is not None and abs(faults.misaligned_s + late) < 1.0
            print(f"  {f'{leak}, {late:+g} s':40s} {tally.line()}", flush=True)
    print("the same as two files of their own lengths, nobody told when they start")
    for late in (0.0, 1.0, 2.0, 5.0):
        for lost_end in (0.0, 2.0):
            tally = Tally()
            for call in calls:
                sound = call.sound.copy()
                cut = round(late * call.rate)
                sound[1] = np.concatenate((sound[1, cut:], np.zeros(cut)))
                if lost_end:
                    sound[0, -round(lost_end * call.rate) :] = 0.0
                ends = (call.duration - lost_end, call.duration - late)
                faults = examine(sound, call.rate, ends=ends).faults
                tally.calls += 1
                tally.told += faults.misaligned_s is not None
                tally.right += faults.misaligned_s is not None and abs(faults.misaligned_s - late) < 1.0
                tally.doubted += faults.timing_doubt is not None
            print(
                f"  {f'starts {late:g} s late, other ends {lost_end:g} s early':40s} {tally.line()}",
                flush=True,
            )


def _leaky(call: d.RealCall, level: float, room_s: float) -> d.Sound:
    sound = call.sound.copy()
    leak = d.through_room(sound[0], d.room(call.rate, room_s)) if room_s else sound[0]
    sound[1] = sound[1] + d.gain(level) * d.late(leak, 0.02, call.rate)
    return sound


def _apart(sound: d.Sound, late: float, rate: int) -> d.Sound:
    """The second channel later by `late` seconds, nothing lost at either end."""
    pad = np.zeros(round(abs(late) * rate))
    first, second = sound
    if late >= 0:
        return np.stack([np.concatenate((first, pad)), np.concatenate((pad, second))])
    return np.stack([np.concatenate((pad, first)), np.concatenate((second, pad))])


PARTS: dict[str, Callable[[list[d.RealCall]], None]] = {
    "unharmed": unharmed,
    "mono": one_sound,
    "mix": mixed,
    "silent": silent,
    "late": late_legs,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, help="one part")
    parser.add_argument("--real", action="store_true", help="leave the project's own samples out")
    options = parser.parse_args()
    if not d.DATA.is_dir():
        raise SystemExit(f"skipped: no {d.DATA}; set SPEECHQA_DATA")
    calls = d.real_calls() + ([] if options.real else d.sample_calls())
    for name, run in PARTS.items():
        if options.only in (None, name):
            run(calls + d.short_clips() if name == "unharmed" else calls)


if __name__ == "__main__":
    main()
