"""How long each party waits to answer, and how long it keeps the floor."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.core.dialogue import Hold, Latency, NotAssessed
from speechqa.dialogue.limits import Limits
from speechqa.dialogue.overlaps.floor import Stretch, transfers
from speechqa.dialogue.silences import span_of
from speechqa.dialogue.talk import Talk
from speechqa.dialogue.units import clipped, to_ms


def response_latency(
    order: Sequence[Stretch], holds: Sequence[Hold], talk: Talk, limits: Limits, missing: list[NotAssessed]
) -> dict[str, Latency]:
    """Seconds from the end of the other's stretch to the start of the party's own, where the floor changes.

    An exchange that overlaps counts as 0, and one across a hold not at all: nobody was waited for in talk.
    Backchannels take no floor and are no answers.
    """
    held = span_of(holds)
    waits: dict[str, list[int]] = {name: [] for name in talk.called}
    for before, after in transfers(order):
        if talk.names[before.party] != talk.names[after.party] and not clipped(held, before.end, after.start):
            waits[talk.names[after.party]].append(max(0, after.start - before.end))
    latencies: dict[str, Latency] = {}
    for name, found in waits.items():
        if not found:
            reason = "never speaks after the other"
            missing.append(NotAssessed(measure=f"response_latency.{name}", reason=reason))
            continue
        p90 = _quantile(found, 0.9) if len(found) >= limits.min_p90_exchanges else None
        if p90 is None:
            reason = f"fewer than {limits.min_p90_exchanges} exchanges"
            missing.append(NotAssessed(measure=f"response_latency_p90.{name}", reason=reason))
        latencies[name] = Latency(median=_quantile(found, 0.5), p90=p90, n=len(found))
    return latencies


def _quantile(values: Sequence[int], share: float) -> float:
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return round((ranked[low] + (ranked[high] - ranked[low]) * (place - low)) / 1000, 3)


def longest_monologues(order: Sequence[Stretch], talk: Talk) -> dict[str, float]:
    """Seconds of each party's longest stretch, pauses and the other's backchannels included."""
    longest: dict[str, int] = {}
    for stretch in order:
        name = talk.names[stretch.party]
        longest[name] = max(longest.get(name, 0), stretch.end - stretch.start)
    return {name: ms / 1000 for name, ms in sorted(longest.items())}


def monologues(order: Sequence[Stretch], talk: Talk, limits: Limits) -> dict[str, int]:
    """How often each party kept the floor for `monologue_s` or longer."""
    counts = dict.fromkeys(talk.called, 0)
    for stretch in order:
        if stretch.end - stretch.start >= to_ms(limits.monologue_s):
            counts[talk.names[stretch.party]] += 1
    return counts
