"""All measures of turn-taking of one call, or the reason why one was not computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from speechqa.core.dialogue import (
    Basis,
    Dialogue,
    Latency,
    NotAssessed,
    Overlap,
    RoleAssignment,
    Separation,
    Silence,
    WaitingSound,
)
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.transcript import Turn
from speechqa.dialogue.floor import Stretch, floor_order, pooled, transfers
from speechqa.dialogue.holds import find_holds
from speechqa.dialogue.overlaps import as_overlap, find_overlaps
from speechqa.dialogue.units import (
    Unit,
    is_punctuated,
    spans,
    to_ms,
    units_from_sound,
    units_from_turns,
    usable,
)

SILENCE_MS: Final = 3000
"""Mutual silence is listed from this length."""
MIN_OTHER_MS: Final = 30_000
"""A rate per ten minutes needs this much speech of the other party."""
MIN_RATE_SPEECH_MS: Final = 10_000
"""Words a minute need this much speech."""
MIN_AUDIO_OVERLAP_MS: Final = 100
"""Shorter overlaps of speech found in sound are within the precision of its edges."""

_WITHOUT_PARTIES: Final = (
    "overlaps",
    "interruptions",
    "interruptions_per_10min",
    "response_latency",
    "talk_share",
    "longest_monologue_seconds",
    "speaker_changes",
)
_NEED_OVERLAP: Final = ("overlaps", "interruptions", "interruptions_per_10min", "interruption_seconds")
ONE_CHANNEL: Final = "one channel: who talks over whom cannot be heard"
"""Why overlaps of parties told apart by their voices are not assessed."""
_ALL: Final = (*_WITHOUT_PARTIES, "talk_seconds", "silences", "holds", "words_per_minute")
_INTERRUPTIONS: Final = ("interruption", "failed_interruption")


@dataclass(frozen=True, slots=True)
class _Talk:
    """What all measures start from: the units, the speech as found, and the names the figures go by."""

    basis: Basis
    units: dict[str, tuple[Unit, ...]]
    lines: dict[str, tuple[tuple[int, int], ...]]
    names: dict[str, str]
    end_ms: int


def measure(  # noqa: PLR0913  # every one but four has a default
    turns: Sequence[Turn],
    speech: Mapping[str, Timeline] | None,
    roles: Mapping[str, RoleAssignment],
    duration: float | None,
    *,
    words_available: bool,
    separation: Separation = "channel",
    separation_confidence: float | None = None,
    overlapped: Timeline = (),
    overlap_heard: bool = True,
    waiting: Sequence[WaitingSound] = (),  # noqa: ARG001
    queue_wait_s: float | None = None,
) -> Dialogue:
    """Turn-taking of a call.

    Parameters
    ----------
    turns : sequence of Turn
        The transcript, empty where there is none. Turns that are not voiced are left out.
    speech : mapping of str to Timeline, or None
        Speech of each party as found in the sound. Where it is given all timing rests on it; None lets the
        timing rest on the turns. One party alone stands for a recording whose parties cannot be told apart.
    roles : mapping of str to RoleAssignment
        Role of each party; a party without one goes by its own letter. Parties with the same role are counted
        together.
    duration : float or None
        Seconds of the recording; None takes the end of the last turn.
    words_available : bool
        Whether the text may be relied on. If not, overlaps are judged by timing alone, and holds by silence.
    separation : {'channel', 'voice', 'transcript', 'none'}
        How the parties in `speech` were told apart. Without `speech` it is always the transcript, with one
        party always nobody.
    separation_confidence : float, optional
        How sure that is, in [0, 1]; None where nothing can be wrong (a channel a party) or nothing is known.
    overlapped : Timeline
        Where several speak at once on one channel.
    overlap_heard : bool
        False where parties share a channel, so that nobody can tell who talks over whom: overlaps and
        interruptions are then not assessed.
    waiting : sequence of WaitingSound
        Music, signal tones and ringing found in the sound; none of it may be in `speech`.
    queue_wait_s : float, optional
        Seconds the customer waited before the call was answered, where the manifest says so.

    Returns
    -------
    Dialogue
        Measures in seconds; what could not be computed is absent and named in `not_assessed`.
    """
    text = list(usable(turns)) if words_available else []
    talk = _prepare(turns, text, speech, roles, duration)
    if talk is None:
        reason = "the transcript has no times and there is no sound"
        return Dialogue(
            basis="none", not_assessed=tuple(NotAssessed(measure=m, reason=reason) for m in sorted(_ALL))
        )
    missing: list[NotAssessed] = []
    told_apart = len(talk.units) > 1
    order: tuple[Stretch, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    if told_apart:
        crossings = find_overlaps(
            talk.units,
            lines=talk.lines if talk.basis == "audio" else None,
            min_overlap_ms=MIN_AUDIO_OVERLAP_MS if talk.basis == "audio" else 1,
            punctuated=is_punctuated(text),
        )
        order = floor_order(talk.units, crossings)
    if told_apart and overlap_heard:
        overlaps = tuple(as_overlap(c, talk.names, 1.0 if talk.basis == "audio" else 0.9) for c in crossings)
    elif told_apart:
        missing += [NotAssessed(measure=m, reason=ONE_CHANNEL) for m in _NEED_OVERLAP]
    else:
        reason = "the parties cannot be told apart"
        missing += [NotAssessed(measure=m, reason=reason) for m in _WITHOUT_PARTIES]
    talked = _by_name(talk)
    seconds = {name: sum(end - start for start, end in line) for name, line in talked.items()}
    silences = _silences(talk)
    holds, hold_reason = find_holds(talk.units, talk.names, silences, has_text=bool(text))
    if hold_reason:
        missing.append(NotAssessed(measure="holds", reason=hold_reason))
    counts = _interruptions(overlaps, talk) if told_apart and overlap_heard else {}
    rates = _rates(counts, talked, missing)
    words = _words_per_minute(text, talk, seconds, missing)
    return Dialogue(
        basis=talk.basis,
        speech={
            party: tuple(Segment(start / 1000, end / 1000) for start, end in line)
            for party, line in sorted(talk.lines.items())
        },
        talk_seconds={name: ms / 1000 for name, ms in seconds.items()},
        talk_share=_shares(seconds, missing) if told_apart else {},
        response_latency=_latencies(order, talk, missing) if told_apart else {},
        overlaps=overlaps,
        silences=silences,
        holds=holds,
        interruptions=counts,
        interruptions_per_10min=rates,
        longest_monologue_seconds=_monologues(order, talk) if told_apart else {},
        words_per_minute=words,
        speaker_changes=len(transfers(order)) if told_apart else None,
        silence_seconds=round(sum(to_ms(s.end) - to_ms(s.start) for s in silences) / 1000, 3),
        separation=_separation(talk, separation),
        separation_confidence=separation_confidence if talk.basis == "audio" and told_apart else None,
        overlapped=overlapped,
        queue_wait_seconds=queue_wait_s,
        not_assessed=tuple(sorted(missing, key=lambda item: (item.measure, item.reason))),
    )


def _separation(talk: _Talk, heard: Separation) -> Separation:
    if len(talk.units) < 2:
        return "none"
    return heard if talk.basis == "audio" else "transcript"


def _prepare(
    turns: Sequence[Turn],
    text: Sequence[Turn],
    speech: Mapping[str, Timeline] | None,
    roles: Mapping[str, RoleAssignment],
    duration: float | None,
) -> _Talk | None:
    timed = [turn for turn in usable(turns) if turn.segment is not None]
    if speech:
        units = units_from_sound(text, speech)
        lines = {party: spans(line) for party, line in speech.items()}
        basis: Basis = "audio"
    elif timed:
        basis = "turns"
        if any(turn.party is None for turn in timed):
            # A speaker nobody knows may be any of the others: then none is told apart.
            units = units_from_sound((), {"unknown": union([turn.segment for turn in timed if turn.segment])})
        else:
            units = units_from_turns(timed if text else [_without_words(turn) for turn in timed])
        lines = {party: tuple((unit.start, unit.end) for unit in line) for party, line in units.items()}
    else:
        return None
    names = {party: _name(party, roles) for party in units}
    last = max((line[-1][1] for line in lines.values() if line), default=0)
    end_ms = last if duration is None else max(last, to_ms(duration))
    return _Talk(basis, units, lines, names, end_ms)


def _without_words(turn: Turn) -> Turn:
    return Turn(speaker=turn.speaker, text="", party=turn.party, start=turn.start, end=turn.end)


def _name(party: str, roles: Mapping[str, RoleAssignment]) -> str:
    role = roles[party].role if party in roles else "unknown"
    return party if role == "unknown" else role


def _by_name(talk: _Talk) -> dict[str, tuple[tuple[int, int], ...]]:
    names = sorted(set(talk.names.values()))
    return {
        name: pooled(line for party, line in talk.lines.items() if talk.names[party] == name)
        for name in names
    }


def _silences(talk: _Talk) -> tuple[Silence, ...]:
    found: list[Silence] = []
    events = sorted(
        (start, end, talk.names[party]) for party, line in talk.lines.items() for start, end in line
    )
    position, after = 0, None
    for start, end, name in [*events, (talk.end_ms, talk.end_ms, None)]:
        if start - position > SILENCE_MS:
            found.append(Silence(start=position / 1000, end=start / 1000, after=after, before=name))
        if end > position:
            position, after = end, name
    return tuple(found)


def _shares(seconds: Mapping[str, int], missing: list[NotAssessed]) -> dict[str, float]:
    total = sum(seconds.values())
    if not total:
        missing.append(NotAssessed(measure="talk_share", reason="nobody speaks"))
        return {}
    return {name: round(ms / total, 4) for name, ms in seconds.items()}


def _interruptions(overlaps: Sequence[Overlap], talk: _Talk) -> dict[str, int]:
    counts = dict.fromkeys(sorted(set(talk.names.values())), 0)
    for overlap in overlaps:
        if overlap.kind in _INTERRUPTIONS:
            counts[overlap.by] += 1
    return counts


def _rates(
    counts: Mapping[str, int],
    talked: Mapping[str, Sequence[tuple[int, int]]],
    missing: list[NotAssessed],
) -> dict[str, float | None]:
    rates: dict[str, float | None] = {}
    for name, count in counts.items():
        others = sum(
            end - start for start, end in pooled(line for key, line in talked.items() if key != name)
        )
        if others < MIN_OTHER_MS:
            rates[name] = None
            reason = f"the other party speaks for less than {MIN_OTHER_MS // 1000} s"
            missing.append(NotAssessed(measure=f"interruptions_per_10min.{name}", reason=reason))
        else:
            rates[name] = round(count * 600_000 / others, 2)
    return rates


def _latencies(order: Sequence[Stretch], talk: _Talk, missing: list[NotAssessed]) -> dict[str, Latency]:
    waits: dict[str, list[int]] = {name: [] for name in sorted(set(talk.names.values()))}
    for before, after in transfers(order):
        waits[talk.names[after.party]].append(max(0, after.start - before.end))
    latencies: dict[str, Latency] = {}
    for name, found in waits.items():
        if not found:
            missing.append(
                NotAssessed(measure=f"response_latency.{name}", reason="never speaks after the other")
            )
            continue
        latencies[name] = Latency(median=_quantile(found, 0.5), p90=_quantile(found, 0.9), n=len(found))
    return latencies


def _quantile(values: Sequence[int], share: float) -> float:
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return round((ranked[low] + (ranked[high] - ranked[low]) * (place - low)) / 1000, 3)


def _monologues(order: Sequence[Stretch], talk: _Talk) -> dict[str, float]:
    longest: dict[str, int] = {}
    for stretch in order:
        name = talk.names[stretch.party]
        longest[name] = max(longest.get(name, 0), stretch.end - stretch.start)
    return {name: ms / 1000 for name, ms in sorted(longest.items())}


def _words_per_minute(
    text: Sequence[Turn], talk: _Talk, seconds: Mapping[str, int], missing: list[NotAssessed]
) -> dict[str, float]:
    if not text:
        missing.append(NotAssessed(measure="words_per_minute", reason="no text that could be relied on"))
        return {}
    rates: dict[str, float] = {}
    for name, ms in seconds.items():
        count = sum(
            len(unit.words)
            for party, line in talk.units.items()
            if talk.names[party] == name
            for unit in line
        )
        if ms < MIN_RATE_SPEECH_MS or not count:
            reason = f"less than {MIN_RATE_SPEECH_MS // 1000} s of speech with words"
            missing.append(NotAssessed(measure=f"words_per_minute.{name}", reason=reason))
        else:
            rates[name] = round(count * 60_000 / ms, 1)
    return rates
