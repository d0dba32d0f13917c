"""All measures of turn-taking of one call, or the reason why one was not computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from speechqa.core.dialogue import (
    ChannelDoubts,
    Dialogue,
    Hold,
    NotAssessed,
    RoleAssignment,
    Separation,
    WaitingSound,
)
from speechqa.core.segment import Segment, Timeline, intersection
from speechqa.core.transcript import Turn
from speechqa.dialogue.exchanges import longest_monologues, monologues, response_latency
from speechqa.dialogue.holds import find_holds, opening_wait
from speechqa.dialogue.limits import DEFAULT_LIMITS, Limits
from speechqa.dialogue.overlaps.cut_offs import find_cut_offs
from speechqa.dialogue.overlaps.floor import floor_order, transfers
from speechqa.dialogue.overlaps.sweep import as_overlap, find_overlaps
from speechqa.dialogue.rates import (
    interruption_counts,
    interruptions_per_10min,
    syllables_per_second,
    talk_share,
    words_per_minute,
)
from speechqa.dialogue.silences import find_dead_air, find_silences
from speechqa.dialogue.talk import Talk, gather
from speechqa.dialogue.units import Span, is_punctuated, spans, to_ms, usable

ONE_CHANNEL: Final = "one channel: who talks over whom cannot be heard"
"""Why overlaps of parties told apart by their voices are not assessed."""
NO_DOUBTS: Final = ChannelDoubts()
NO_TEXT: Final = "no text that could be relied on"

_OF_OVERLAPS: Final = ("overlaps", "interruptions", "interruptions_per_10min", "interruption_seconds")
_OF_PARTIES: Final = (
    *_OF_OVERLAPS,
    "cut_offs",
    "response_latency",
    "talk_share",
    "longest_monologue_seconds",
    "monologues",
    "speaker_changes",
)
_OF_SILENCE: Final = ("silences", "silence_seconds", "dead_air", "holds")
_OF_WORDS: Final = ("words_per_minute", "syllables_per_second")
_OF_CLOCK: Final = (*(name for name in _OF_PARTIES if name != "talk_share"), *_OF_SILENCE)
"""What needs both parties on one clock."""
_ALL: Final = (*_OF_PARTIES, *_OF_SILENCE, *_OF_WORDS, "talk_seconds")
_TRUST: Final[Mapping[Separation, float]] = {"channel": 1.0, "transcript": 0.9, "voice": 0.7, "none": 0.0}
"""How far times and parties may be trusted: those of a transcript are marked less closely than speech is
found in sound, and a word at the edge of two voices is easily given to the wrong one."""


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
    waiting: Sequence[WaitingSound] | None = None,
    queue_wait_s: float | None = None,
    language: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    doubts: ChannelDoubts = NO_DOUBTS,
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
    waiting : sequence of WaitingSound, or None
        Music, signal tones and ringing found in the sound, none of which may be in `speech`; None where
        nobody listened for them.
    queue_wait_s : float, optional
        Seconds the customer waited before the call was answered, where the manifest says so.
    language : str, optional
        ISO 639-1 code of the text; syllables are counted in English and Hebrew.
    limits : Limits
        Lengths and counts that the measures depend on.
    doubts : ChannelDoubts
        What faults of the channels forbid to measure in `speech`; the times of turns are not theirs.

    Returns
    -------
    Dialogue
        Measures in seconds; what could not be computed is absent and named in `not_assessed`.
    """
    text = list(usable(turns)) if words_available else []
    text = text if any(turn.text.strip() for turn in text) else []
    doubts = doubts if speech else NO_DOUBTS
    found, until = speech, doubts.both_heard_until
    if until is not None and speech:
        speech = {party: intersection(line, (Segment(0.0, until),)) for party, line in speech.items()}
        turns, text = (_begun_before(until, some) for some in (turns, text))
        duration = until
    talk = gather(turns, text, speech, roles, duration)
    if talk is None:
        return Dialogue(
            basis="none",
            overlap_heard=False,
            queue_wait_seconds=queue_wait_s,
            queue_wait_source=None if queue_wait_s is None else "manifest",
            not_assessed=_absent(_ALL, "the transcript has no times and there is no sound"),
        )
    missing: list[NotAssessed] = []
    opening = opening_wait(talk, waiting or ())
    figures = _queue_wait(opening, queue_wait_s, missing)
    if not talk.one_sided:
        figures |= _of_silence(talk, waiting, opening, limits, missing, has_text=bool(text))
    else:
        missing += _absent(_OF_SILENCE, talk.apart)
    if not talk.apart:
        in_sound = talk.basis == "audio"
        figures["separation"] = separation if in_sound else "transcript"
        figures["separation_confidence"] = separation_confidence if in_sound else None
        trust = _TRUST[figures["separation"]]
        unheard = "" if overlap_heard or not in_sound else ONE_CHANNEL
        figures |= _of_parties(
            talk, text, figures["holds"], limits, missing, unheard=doubts.overlaps or unheard, trust=trust
        )
    else:
        missing += _absent(_OF_PARTIES, talk.apart)
    seconds = {name: sum(end - start for start, end in line) for name, line in talk.spoken().items()}
    if talk.apart and not talk.one_sided:
        missing += _absent(_OF_WORDS, talk.apart)
    elif not text:
        missing += _absent(_OF_WORDS, NO_TEXT)
    else:
        figures["words_per_minute"] = words_per_minute(talk, seconds, limits, missing)
        figures["syllables_per_second"] = syllables_per_second(talk, text, language, limits, missing)
    if doubts.timing:
        figures = {name: figure for name, figure in figures.items() if name not in _OF_CLOCK}
        missing = [item for item in missing if item.measure.partition(".")[0] not in _OF_CLOCK]
        missing += _absent(_OF_CLOCK, doubts.timing)
    lines = talk.lines if not found else {party: spans(line) for party, line in found.items()}
    return Dialogue(
        basis=talk.basis,
        speech={
            party: tuple(Segment(start / 1000, end / 1000) for start, end in line)
            for party, line in sorted(lines.items())
        },
        talk_seconds={name: ms / 1000 for name, ms in seconds.items()},
        overlapped=overlapped if talk.basis == "audio" else (),
        overlap_heard=not talk.apart and not doubts.overlaps and (overlap_heard or talk.basis != "audio"),
        channel_doubts=doubts,
        waiting=None if waiting is None else tuple(waiting),
        not_assessed=tuple(sorted(missing, key=lambda item: (item.measure, item.reason))),
        **figures,
    )


def _begun_before(time: float, turns: Sequence[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.start is None or turn.start < time]


def _absent(measures: Sequence[str], reason: str) -> tuple[NotAssessed, ...]:
    return tuple(NotAssessed(measure=measure, reason=reason) for measure in sorted(measures))


def _of_silence(
    talk: Talk,
    waiting: Sequence[WaitingSound] | None,
    opening: Span | None,
    limits: Limits,
    missing: list[NotAssessed],
    *,
    has_text: bool,
) -> dict[str, Any]:
    silences = find_silences(talk, limits)
    if not has_text:
        reason = "announced holds need text that can be relied on; silences are listed"
        missing += _absent(("holds", "dead_air"), reason)
    holds = find_holds(talk, silences, waiting, opening, limits, has_text=has_text)
    return {
        "silences": silences,
        "silence_seconds": round(sum(to_ms(s.end) - to_ms(s.start) for s in silences) / 1000, 3),
        "holds": holds,
        "dead_air": find_dead_air(silences, holds, opening, limits),
    }


def _of_parties(
    talk: Talk,
    text: Sequence[Turn],
    holds: Sequence[Hold],
    limits: Limits,
    missing: list[NotAssessed],
    *,
    unheard: str,
    trust: float,
) -> dict[str, Any]:
    """Measures that need the parties told apart."""
    in_sound, punctuated = talk.basis == "audio", is_punctuated(text)
    crossings = find_overlaps(
        talk.units,
        lines=talk.lines if in_sound else None,
        min_overlap_ms=to_ms(limits.min_overlap_s) if in_sound else 1,
        punctuated=punctuated,
    )
    spoken = talk.spoken()
    figures: dict[str, Any] = {}
    if not unheard:
        figures["overlaps"] = tuple(as_overlap(c, talk.names, trust) for c in crossings)
        counts, lengths = interruption_counts(figures["overlaps"], talk)
        figures["interruptions"], figures["interruption_seconds"] = counts, lengths
        figures["interruptions_per_10min"] = interruptions_per_10min(counts, spoken, limits, missing)
    else:
        missing += _absent(_OF_OVERLAPS, unheard)
    order = floor_order(talk.units, crossings, pause_ms=to_ms(limits.floor_pause_s), punctuated=punctuated)
    seconds = {name: sum(end - start for start, end in line) for name, line in spoken.items()}
    if text:
        figures["cut_offs"] = find_cut_offs(talk, crossings, text, limits, trust=trust)
    else:
        missing += _absent(("cut_offs",), NO_TEXT)
    return figures | {
        "talk_share": talk_share(seconds, limits, missing),
        "response_latency": response_latency(order, holds, talk, limits, missing),
        "longest_monologue_seconds": longest_monologues(order, talk),
        "monologues": monologues(order, talk, limits),
        "speaker_changes": len(transfers(order)),
    }


def _queue_wait(opening: Span | None, told: float | None, missing: list[NotAssessed]) -> dict[str, Any]:
    if told is not None:
        return {"queue_wait_seconds": told, "queue_wait_source": "manifest"}
    if opening is not None:
        return {"queue_wait_seconds": (opening[1] - opening[0]) / 1000, "queue_wait_source": "recording"}
    reason = "neither the manifest nor the beginning of the recording tells"
    missing.append(NotAssessed(measure="queue_wait_seconds", reason=reason))
    return {}
