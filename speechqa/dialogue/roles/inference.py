"""Who is the agent, by what is said in the whole conversation, who speaks first, and who speaks more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log2
from typing import Final, NamedTuple

from speechqa.core.segment import Timeline, difference, union
from speechqa.core.source import Role
from speechqa.core.transcript import Turn
from speechqa.dialogue.roles.cues import (
    ALONE,
    COMMON,
    FIRST_TO_SPEAK,
    MEANINGS,
    TALKS_MORE,
    TIMING_NEEDS_S,
)
from speechqa.dialogue.roles.evidence import Cue, find_cues, persons
from speechqa.dialogue.units import Span, spans, usable

FIRST_MS: Final = 1500
"""Who has spoken this long before the others has spoken first; a "hello?" has not."""
CLEARLY_MORE: Final = 0.55
"""Share of all talk from which a party talks clearly more."""
MOST_SURE: Final = 0.98
"""An inferred role is never surer than this: what was measured is not everything that happens on a line."""
_TOLD: Final = 4
_TOLD_AGAINST: Final = 2
_WORTH_TELLING: Final = 0.3
_LONGEST_QUOTE: Final = 60


class Inference(NamedTuple):
    """The likelier role of a party, how sure it is in [0, 1], and what decided."""

    role: Role
    confidence: float
    reason: str


class _Point(NamedTuple):
    """What one thing adds to the log-odds of a party being the agent."""

    odds: float
    says: str


@dataclass(frozen=True, slots=True)
class _Heard:
    """Everything that inference looks at."""

    parties: tuple[str, ...]
    cues: tuple[Cue, ...]
    amounts: Mapping[str, Mapping[str, float]]
    first: str | None
    most: str | None


def infer_roles(
    parties: Sequence[str], turns: Sequence[Turn], speech: Mapping[str, Timeline] | None
) -> dict[str, Inference]:
    """The likelier role of every party.

    A logistic regression over the difference between a party and the others (`role_cues`): two parties always
    get contrary roles with the same confidence, whatever their letters. Of more than two, a party needs
    evidence of its own to have a role.

    Parameters
    ----------
    parties : sequence of str
        All parties.
    turns : sequence of Turn
        May be empty; turns that are not voiced or hold an announcement are no evidence. Phrases weigh by the
        recogniser's confidence in their words.
    speech : mapping of str to Timeline, or None
        Speech of each party, in seconds; without it the times of the turns are used.

    Returns
    -------
    dict of str to Inference
        `unknown` with confidence 0 where nothing tells.
    """
    heard = _listen(tuple(parties), turns, speech)
    return {party: _verdict(heard, party) for party in parties}


def _listen(parties: tuple[str, ...], turns: Sequence[Turn], speech: Mapping[str, Timeline] | None) -> _Heard:
    cues = find_cues(turns)
    amounts: dict[str, dict[str, float]] = {party: defaultdict(float) for party in parties}
    for cue in cues:
        if cue.party in amounts:
            amounts[cue.party][cue.meaning] += cue.trust
    lines = _lines(parties, turns, speech)
    enough = sum(end - start for line in lines.values() for start, end in line) >= TIMING_NEEDS_S * 1000
    timed = enough and len(parties) > 1
    return _Heard(parties, cues, amounts, _first(lines) if timed else None, _most(lines) if timed else None)


def _verdict(heard: _Heard, party: str) -> Inference:
    points = _points(heard, party)
    odds = sum(point.odds for point in points)
    if len(heard.parties) == 1:
        odds *= ALONE
    elif len(heard.parties) > 2:
        odds = _least(odds, _own(heard, party))
    if not odds:
        return Inference("unknown", 0.0, "nothing tells the roles")
    sure = round(min(MOST_SURE, 1.0 / (1.0 + exp(-min(abs(odds), 30.0)))), 3)
    return Inference("agent" if odds > 0 else "customer", sure, _reason(points, odds > 0))


def _least(left: float, right: float) -> float:
    """The weaker of two judgements that agree; nothing where they do not."""
    if left * right <= 0:
        return 0.0
    return min(left, right, key=abs)


def _points(heard: _Heard, party: str) -> list[_Point]:
    others = [other for other in heard.parties if other != party]
    points = []
    for name, meaning in MEANINGS.items():
        level = {p: log2(found.get(name, 0.0) + meaning.prior_count) for p, found in heard.amounts.items()}
        rest = sum(level[other] for other in others) / len(others) if others else log2(meaning.prior_count)
        odds = meaning.weight * (level[party] - rest)
        if odds:
            points.append(_Point(odds, _says(heard, name)))
    for who, weight, says in (
        (heard.first, FIRST_TO_SPEAK, "speaks first"),
        (heard.most, TALKS_MORE, "speaks more"),
    ):
        if who is not None:
            share = 1.0 if who == party else -1.0 / len(others)
            points.append(_Point(weight * share, f"{who} {says}"))
    return points


def _own(heard: _Heard, party: str) -> float:
    """Log-odds by the party's own phrases alone, common words left out."""
    return sum(
        meaning.weight * log2(heard.amounts[party].get(name, 0.0) + 1.0)
        for name, meaning in MEANINGS.items()
        if meaning.prior_count != COMMON
    )


def _says(heard: _Heard, name: str) -> str:
    """Who does it most, and the words, with their time where it is known."""
    amounts = {party: found.get(name, 0.0) for party, found in heard.amounts.items()}
    who = max(heard.parties, key=lambda party: amounts[party])
    meaning = MEANINGS[name]
    if meaning.prior_count == COMMON:
        rest = sum(amount for party, amount in amounts.items() if party != who)
        return f"{who} {meaning.says} more than the other ({amounts[who]:.0f} to {rest:.0f} times)"
    said = max((c for c in heard.cues if c.party == who and c.meaning == name), key=lambda cue: cue.trust)
    quote = said.quote if len(said.quote) <= _LONGEST_QUOTE else f"{said.quote[: _LONGEST_QUOTE - 1]}…"
    when = "" if said.start is None else f" at {said.start:.1f} s"
    return f'{who} {meaning.says} ("{quote}"{when})'


def _reason(points: Sequence[_Point], is_agent: bool) -> str:
    """What decided, weightiest first, and what speaks against it."""
    ranked = sorted(points, key=lambda point: (-abs(point.odds), point.says))
    told = [point for point in ranked if abs(point.odds) >= _WORTH_TELLING] or ranked[:1]
    by_side = {
        side: list(dict.fromkeys(p.says for p in told if (p.odds > 0) == side)) for side in (True, False)
    }
    reason = "; ".join(by_side[is_agent][:_TOLD])
    against = "; ".join(by_side[not is_agent][:_TOLD_AGAINST])
    return f"{reason}; against it: {against}" if against else reason


def _lines(
    parties: Sequence[str], turns: Sequence[Turn], speech: Mapping[str, Timeline] | None
) -> dict[str, tuple[Span, ...]]:
    kept = persons(turns)
    if not speech:
        return {
            party: spans(t.segment for t in kept if t.party == party and t.segment is not None)
            for party in parties
        }
    of_persons = {id(turn) for turn in kept}
    recorded = [turn for turn in usable(turns) if turn.party is not None and id(turn) not in of_persons]
    return {
        party: spans(
            difference(
                speech.get(party, ()), union(t.segment for t in recorded if t.party == party and t.segment)
            )
        )
        for party in parties
    }


def _first(lines: Mapping[str, Sequence[Span]]) -> str | None:
    reached: list[tuple[int, str]] = []
    for party, line in lines.items():
        spoken = 0
        for start, end in line:
            spoken += end - start
            if spoken >= FIRST_MS:
                reached.append((end - (spoken - FIRST_MS), party))
                break
    reached.sort()
    if not reached or (len(reached) > 1 and reached[0][0] == reached[1][0]):
        return None
    return reached[0][1]


def _most(lines: Mapping[str, Sequence[Span]]) -> str | None:
    spoken = {party: sum(end - start for start, end in line) for party, line in lines.items()}
    total = sum(spoken.values())
    return next((party for party, ms in spoken.items() if total and ms / total >= CLEARLY_MORE), None)
