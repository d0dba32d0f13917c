"""One party's voice in the other's channel: how much of it goes, what it takes along, what it leaves behind.

    SPEECHQA_DATA=../shared/data python -m benchmarks.crosstalk [--only reverb] [--quick]

Real two-channel calls get an echo: a channel's own sound, weaker, later, inverted, through a room or a codec,
into the other channel, one way or both. As each call has few overlaps, it is also used with one channel moved
by 2.5 s, which makes people talk at once for a fifth of the time. What the detector finds on the unharmed
channels is taken for the truth.

Columns: seconds of echo that the detector took for speech; share of it removed; share of the real overlap
kept; share of the party's own speech kept; interruptions a call that were not there without the echo.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks import degrading as d
from speechqa.audio.spool import ArrayAudio
from speechqa.core.segment import Timeline, difference, intersection, seconds, union
from speechqa.dialogue.channels.activity import suppress_crosstalk
from speechqa.dialogue.measures import measure

EDGE_S = 0.2
"""Speech this near to a party's own is within the precision of the detector's edges."""
LIVELY_S = -2.5


@dataclass(frozen=True)
class Condition:
    """How the echo comes about."""

    name: str
    level_db: float
    delay_s: float
    both_ways: bool = False
    path: Callable[[d.Sound, int], d.Sound] | None = None
    sign: float = 1.0

    def echo(self, sound: d.Sound, rate: int) -> d.Sound:
        heard = sound if self.path is None else self.path(sound, rate)
        return self.sign * d.gain(self.level_db) * d.late(heard, self.delay_s, rate)


def conditions(quick: bool) -> Iterator[Condition]:
    for both in (False, True):
        way = "both ways" if both else "one way"
        for level in (-12,) if quick else (-6, -12, -20, -30):
            for delay in (0.06,) if quick else (0.0, 0.06, 0.3):
                yield Condition(f"plain {level} dB {delay * 1000:.0f} ms {way}", level, delay, both)
        yield Condition(f"plain -12 dB 600 ms {way}", -12, 0.6, both)
        yield Condition(f"inverted -12 dB 20 ms {way}", -12, 0.02, both, sign=-1.0)
        codecs = ["mulaw", "amr", "opus"] + (["gsm"] if d.has_gsm() else [])
        for codec in codecs:
            yield Condition(f"{codec} -15 dB 100 ms {way}", -15, 0.1, both, _codec(codec))
        yield Condition(f"distorted -12 dB 60 ms {way}", -12, 0.06, both, lambda s, _: d.clipped_at(s, 0.2))
        for tail in (0.15, 0.35):
            for level in (-12,) if quick else (-6, -12, -20):
                yield Condition(f"reverb {tail} s {level} dB 60 ms {way}", level, 0.06, both, _room(tail))


def _codec(name: str) -> Callable[[d.Sound, int], d.Sound]:
    return lambda sound, rate: d.coded(sound, rate, name)


def _room(tail_s: float) -> Callable[[d.Sound, int], d.Sound]:
    return lambda sound, rate: d.through_room(sound, d.room(rate, tail_s))


@dataclass
class Count:
    """Sums over calls; every share is a ratio of sums."""

    echo: float = 0.0
    echo_left: float = 0.0
    overlap: float = 0.0
    overlap_kept: float = 0.0
    own: float = 0.0
    own_kept: float = 0.0
    interruptions: int = 0
    calls: int = 0
    spent: float = 0.0
    length: float = 0.0

    def line(self) -> str:
        return (
            f"{self.echo:7.1f} s  removed {_share(self.echo - self.echo_left, self.echo)}  "
            f"overlap kept {_share(self.overlap_kept, self.overlap)}  "
            f"own kept {_share(self.own_kept, self.own)}  "
            f"false interruptions a call {self.interruptions / max(1, self.calls):5.2f}"
            f"  cost {self.spent / max(1e-9, self.length):.5f}"
        )


def _share(part: float, whole: float) -> str:
    return f"{part / whole:6.3f}" if whole > 0 else "     -"


def lively(call: d.RealCall) -> d.RealCall:
    sound = call.sound.copy()
    sound[1] = d.late(sound[1], LIVELY_S, call.rate)
    return d.RealCall(f"{call.name} lively", sound, call.rate, d.listen(sound, call.rate).speech)


def interruptions(speech: tuple[Timeline, ...], duration: float) -> int:
    named = dict(zip("AB", speech, strict=True))
    dialogue = measure((), named, {}, duration, words_available=False)
    return sum("interruption" in overlap.kind for overlap in dialogue.overlaps)


def try_on(call: d.RealCall, condition: Condition, count: Count) -> None:
    sound = call.sound.copy()
    for target in (0, 1) if condition.both_ways else (0,):
        sound[target] += condition.echo(call.sound[1 - target], call.rate)
    sound = np.clip(sound, -1, 1)
    heard = d.listen(sound, call.rate).speech
    began = time.perf_counter()
    found = suppress_crosstalk(ArrayAudio(sound, call.rate), heard)
    count.spent += time.perf_counter() - began
    count.length += call.duration
    for target in (0, 1):
        wide = union(s.widened(EDGE_S) for s in call.speech[target])
        count.echo += seconds(difference(heard[target], wide))
        count.echo_left += seconds(difference(found.speech[target], wide))
        count.own += seconds(intersection(heard[target], call.speech[target]))
        count.own_kept += seconds(intersection(found.speech[target], call.speech[target]))
    overlap = intersection(intersection(*call.speech), intersection(*heard))
    count.overlap += seconds(overlap)
    count.overlap_kept += seconds(intersection(overlap, intersection(*found.speech)))
    more = interruptions(found.speech, call.duration) - interruptions(call.speech, call.duration)
    count.interruptions += max(0, more)
    count.calls += 1


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="conditions with this in their name")
    parser.add_argument("--quick", action="store_true", help="one level and one delay of each kind")
    options = parser.parse_args()
    if not d.DATA.is_dir():
        raise SystemExit(f"skipped: no {d.DATA}; set SPEECHQA_DATA")
    calls = d.real_calls()
    calls += [lively(call) for call in calls]
    print(f"{len(calls)} calls, {sum(seconds(intersection(*c.speech)) for c in calls):.0f} s of real overlap")
    unharmed, total = Count(), Count()
    for call in calls:
        try_on(call, Condition("no echo", -200, 0.0), unharmed)
    print(f"{'no echo':34s} {unharmed.line()}")
    for condition in conditions(options.quick):
        if options.only not in condition.name:
            continue
        count = Count()
        for call in calls:
            try_on(call, condition, count)
        print(f"{condition.name:34s} {count.line()}", flush=True)
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(count, name))
    print(f"{'all':34s} {total.line()}")


if __name__ == "__main__":
    main()
