"""Stretches in which nobody speaks, and those of them that are dead air."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from speechqa.core.dialogue import Hold, Silence
from speechqa.dialogue.limits import Limits
from speechqa.dialogue.talk import Talk, pooled, without
from speechqa.dialogue.units import Span, to_ms


def find_silences(talk: Talk, limits: Limits) -> tuple[Silence, ...]:
    """Mutual silences over `silence_s`, those before the first and after the last word too."""
    found: list[Silence] = []
    events = sorted(
        (start, end, talk.names[party]) for party, line in talk.lines.items() for start, end in line
    )
    position, after = 0, None
    for start, end, name in [*events, (talk.end_ms, talk.end_ms, None)]:
        if start - position > to_ms(limits.silence_s):
            found.append(Silence(start=position / 1000, end=start / 1000, after=after, before=name))
        if end > position:
            position, after = end, name
    return tuple(found)


def find_dead_air(
    silences: Sequence[Silence], holds: Sequence[Hold], opening: Span | None, limits: Limits
) -> tuple[Silence, ...]:
    """What of the silences inside the call is neither announced nor filled, and at least `dead_air_s` long.

    A hold that nobody announced and nothing fills is dead air as well: the other hears a line gone dead.
    The silence before the first word is a wait for an answer, as is that in the `opening` wait, and the one
    after the last word is nobody's.
    """
    inside = [s for s in silences if s.after is not None and s.before is not None]
    filled = [hold for hold in holds if hold.kind != "silent"]
    starts = [to_ms(silence.start) for silence in inside]
    line = [(to_ms(silence.start), to_ms(silence.end)) for silence in inside]
    found = []
    for start, end in without(line, pooled([span_of(filled), [opening] if opening else []])):
        if end - start >= to_ms(limits.dead_air_s):
            whole = inside[bisect_right(starts, start) - 1]
            found.append(Silence(start=start / 1000, end=end / 1000, after=whole.after, before=whole.before))
    return tuple(found)


def span_of(holds: Sequence[Hold]) -> tuple[Span, ...]:
    """The holds on the clock of milliseconds, those that overlap as one."""
    return pooled([[(to_ms(hold.start), to_ms(hold.end)) for hold in holds]])
