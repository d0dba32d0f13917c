"""Waits: those an agent announced, those that only the sound shows, the one before the call is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, Literal

from speechqa.core.dialogue import Hold, HoldSound, Silence, WaitingSound
from speechqa.dialogue.limits import Limits
from speechqa.dialogue.talk import Talk, pooled, without
from speechqa.dialogue.units import Span, clipped, to_ms
from speechqa.dialogue.wording import announces_hold

HEARD_SHARE: Final = 0.2
"""A wait sounds of what fills at least this share of it."""
TALK_SHARE: Final = 0.1
"""Music under which more than this share is talk is no hold but a noise in the room."""
LISTENED_SHARE: Final = 0.5
"""Who talks for more than this share of an announced wait is listened to, and does not wait."""
BRIDGE_MS: Final = 5000
"""Music or tones that come back within this are the same wait."""

ANNOUNCED_MS: Final = 20_000
"""Speech on the agent's channel up to this may be a recorded announcement before somebody answers."""

Kind = Literal["music", "tones"]
_KINDS: Final[Mapping[str, Kind]] = {"music": "music", "tones": "tones", "ringing": "tones"}


def find_holds(
    talk: Talk,
    silences: Sequence[Silence],
    waiting: Sequence[WaitingSound] | None,
    opening: Span | None,
    limits: Limits,
    *,
    has_text: bool,
) -> tuple[Hold, ...]:
    """Holds in order of time.

    An announced hold begins where the announcing stretch of talk ends and lasts until the same party says
    more than a listener's token; where the others talk for most of that time, nobody waits. Where no agent is
    known every party's announcement counts. What is heard before the call is answered is no hold.

    Parameters
    ----------
    talk : Talk
        The talk of the parties.
    silences : sequence of Silence
        Mutual silences, from `find_silences`.
    waiting : sequence of WaitingSound, or None
        Music and tones found in the sound; None where nobody listened for them.
    opening : tuple of int, or None
        The wait before the call was answered, from `opening_wait`.
    limits : Limits
        From which length a wait is a hold.
    has_text : bool
        Whether announcements can be looked for.
    """
    agents = [party for party, name in talk.names.items() if name == "agent"] or list(talk.units)
    told = [h for party in agents for h in _told(talk, party, silences, limits)] if has_text else []
    announced = pooled([[(start, end) for start, end, _ in told]])
    heard = _heard(talk, waiting or (), announced, opening, limits)
    known = pooled([announced, [(start, end) for start, end, _ in heard], [opening] if opening else []])
    quiet = [(to_ms(s.start), to_ms(s.end)) for s in silences if s.after is not None and s.before is not None]
    silent = [span for span in without(quiet, known) if span[1] - span[0] > to_ms(limits.silent_hold_s)]
    unheard: HoldSound = "unknown" if waiting is None else "silence"
    holds = [_hold(start, end, "told", _sound_of(start, end, waiting), quote) for start, end, quote in told]
    holds += [_hold(start, end, kind, kind) for start, end, kind in heard]
    holds += [_hold(start, end, "silent", unheard) for start, end in silent]
    return tuple(sorted(holds, key=lambda hold: (hold.start, hold.end, hold.kind)))


def _hold(
    start: int, end: int, kind: Literal["told", "silent", "music", "tones"], sound: HoldSound, quote: str = ""
) -> Hold:
    return Hold(start=start / 1000, end=end / 1000, kind=kind, sound=sound, quote=quote)


def _told(talk: Talk, party: str, silences: Sequence[Silence], limits: Limits) -> list[tuple[int, int, str]]:
    """Start, end and announcement of each wait that a party announced."""
    speaking = [unit for unit in talk.units[party] if not unit.only_listens]
    others = pooled(line for other, line in talk.lines.items() if other != party)
    quiet = [(to_ms(s.start), to_ms(s.end)) for s in silences]
    found = []
    for unit, following in pairwise(speaking):
        if following.start - unit.end < to_ms(limits.told_wait_s) or not announces_hold(unit.words):
            continue
        within = clipped(quiet, unit.end, following.start)
        spoken = sum(end - start for start, end in clipped(others, unit.end, following.start))
        if spoken > LISTENED_SHARE * (following.start - unit.end):
            continue
        if any(end - start >= to_ms(limits.told_silence_s) for start, end in within):
            found.append((unit.end, following.start, " ".join(placed.raw for placed in unit.said)))
    return found


def _heard(
    talk: Talk,
    waiting: Sequence[WaitingSound],
    announced: Sequence[Span],
    opening: Span | None,
    limits: Limits,
) -> list[tuple[int, int, Kind]]:
    """Unannounced waits with music or tones, once the call is under way."""
    everyone = pooled(talk.lines.values())
    if not everyone:
        return []
    begin = max(everyone[0][0], opening[1] if opening else 0)
    found: list[tuple[int, int, Kind]] = []
    for stretch in _stretches([s for s in waiting if to_ms(s.start) >= begin]):
        start, end = to_ms(stretch[0].start), max(to_ms(sound.end) for sound in stretch)
        lengths = _lengths(stretch, start, end)
        if sum(lengths.values()) < to_ms(limits.heard_hold_s):
            continue
        if start >= everyone[-1][1] or clipped(announced, start, end):
            continue
        spoken = sum(stop - first for first, stop in clipped(everyone, start, end))
        if spoken <= TALK_SHARE * (end - start):
            found.append((start, end, max(lengths, key=lambda kind: (lengths[kind], kind))))
    return found


def _stretches(waiting: Iterable[WaitingSound]) -> list[list[WaitingSound]]:
    """Sounds that belong to one wait, on whatever channel they are heard."""
    stretches: list[list[WaitingSound]] = []
    last = 0
    for sound in sorted(waiting, key=lambda sound: (sound.start, sound.end, sound.kind, sound.channel)):
        if not stretches or to_ms(sound.start) - last > BRIDGE_MS:
            stretches.append([])
            last = 0
        stretches[-1].append(sound)
        last = max(last, to_ms(sound.end))
    return stretches


def _lengths(waiting: Iterable[WaitingSound], start: int, end: int) -> dict[Kind, int]:
    """Milliseconds of each kind between two times, channels taken together."""
    kinds: dict[Kind, list[Span]] = {}
    for sound in waiting:
        kinds.setdefault(_KINDS[sound.kind], []).append((to_ms(sound.start), to_ms(sound.end)))
    return {
        kind: sum(stop - begin for begin, stop in clipped(pooled([line]), start, end))
        for kind, line in kinds.items()
    }


def _sound_of(start: int, end: int, waiting: Sequence[WaitingSound] | None) -> HoldSound:
    """What is heard in a hold."""
    if waiting is None:
        return "unknown"
    lengths = _lengths(waiting, start, end)
    kind = max(lengths, key=lambda kind: (lengths[kind], kind), default=None)
    return kind if kind is not None and lengths[kind] >= HEARD_SHARE * (end - start) else "silence"


def opening_wait(talk: Talk, waiting: Sequence[WaitingSound]) -> Span | None:
    """From the first ringing, music or tone to when the agent answers; None where the call begins with none.

    A recorded announcement is speech on the agent's channel: sounds after up to `ANNOUNCED_MS` of it still
    belong to the wait while the other party has said nothing. Where no agent is known the wait ends with the
    first word of anybody.
    """
    agents = [party for party, name in talk.names.items() if name == "agent"] or list(talk.lines)
    answering = pooled(talk.lines[party] for party in agents)
    others = pooled(line for party, line in talk.lines.items() if party not in agents)
    said = others[0][0] if others else talk.end_ms
    opening: list[WaitingSound] = []
    for sound in sorted(waiting, key=lambda sound: (sound.start, sound.end)):
        spoken = sum(end - start for start, end in clipped(answering, 0, to_ms(sound.start)))
        if to_ms(sound.start) >= said or spoken > (ANNOUNCED_MS if others else 0):
            break
        opening.append(sound)
    if not opening:
        return None
    last = max(to_ms(sound.end) for sound in opening)
    answer = next((start for start, end in answering if end > last), None)
    return None if answer is None else (to_ms(opening[0].start), max(answer, to_ms(opening[0].start)))
