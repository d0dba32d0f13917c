"""Which calls a person listens to: some drawn at random, so that figures hold for all, some for their risk.

The random part is a systematic sample (Cochran, *Sampling Techniques*, 1977, chapter 8): calls are put in
order of their strata, shuffled within each, and every N/n-th is taken from a random start. Every call has the
same chance n/N, so that plain shares over the part hold for all the calls it was drawn from, and each stratum
gets its share to within one call, also where there are more strata than calls to draw.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from speechqa.core.finding import Tally
from speechqa.core.review import Part
from speechqa.core.value import Value
from speechqa.errors import UsageError
from speechqa.protocols import CallSummary

SIGNALS = ("public_or_legal_threat", "churn_risk", "complaint")
"""The signals that part calls into strata, the gravest first."""

_LOW, _MIDDLE = 0.5, 0.8
_NOTHING = "-"


class Candidate(NamedTuple):
    """What is known of a call that could be drawn; little, for there may be very many."""

    call_id: str
    stratum: tuple[str, ...]
    weight: int
    reason: str


class Drawn(Value, frozen=True, kw_only=True):
    """A call that was drawn, before its recording was looked up."""

    call_id: str
    part: Part
    why: str
    stratum: tuple[str, ...]


def score_band(summary: CallSummary) -> str:
    """Where a call's score lies over all categories: ``low``, ``middle``, ``high``; ``-`` without one."""
    tally = sum(summary.scores.values(), Tally())
    if not tally.possible:
        return _NOTHING
    rate = tally.earned / tally.possible
    return "low" if rate < _LOW else "middle" if rate < _MIDDLE else "high"


def gravest_signal(summary: CallSummary) -> str:
    """The gravest signal of a call; ``-`` where it gives none, or none could be told."""
    return next((name for name in SIGNALS if summary.signals.get(name)), _NOTHING)


STRATA: Mapping[str, Callable[[CallSummary], str]] = {
    "team": lambda summary: summary.team or _NOTHING,
    "agent": lambda summary: summary.agent_id or _NOTHING,
    "score": score_band,
    "signal": gravest_signal,
    "language": lambda summary: summary.language or _NOTHING,
}
"""By what calls can be parted."""


def parse_strata(text: str) -> tuple[str, ...]:
    """Names of strata as a person writes them.

    Raises
    ------
    UsageError
        If one is not known, or named twice.

    Examples
    --------
    >>> parse_strata("agent, score")
    ('agent', 'score')
    """
    names = tuple(name for name in (part.strip() for part in text.split(",")) if name)
    if not set(names) <= set(STRATA) or len(set(names)) != len(names):
        raise UsageError("--strata cannot be followed", found=text, expected="some of " + ", ".join(STRATA))
    return names


def candidate(summary: CallSummary, strata: Sequence[str]) -> Candidate:
    """A call that could be drawn."""
    return Candidate(
        summary.call_id,
        tuple(STRATA[name](summary) for name in strata),
        summary.listen_weight,
        summary.listen_to or "",
    )


def frame_digest(calls: Iterable[Candidate]) -> str:
    """SHA-256 of the ids of the calls that could be drawn, in order of the ids, each on a line."""
    digest = hashlib.sha256()
    for call_id in sorted(call.call_id for call in calls):
        digest.update(call_id.encode() + b"\n")
    return digest.hexdigest()


def draw(calls: Sequence[Candidate], *, seed: int, size: int, risk: int) -> tuple[Drawn, ...]:
    """Draw calls to listen to.

    Parameters
    ----------
    calls : sequence of Candidate
        All that could be drawn; their order does not matter.
    seed : int
        What the drawing begins from; the same calls and seed give the same answer.
    size : int
        Calls to draw at random; all where there are fewer.
    risk : int
        Calls to pick beside them by the weight of what there is to listen to, heaviest first. A call that was
        drawn at random is not picked again, and one without a reason never.

    Returns
    -------
    tuple of Drawn
        The random part, in a random order so that no reviewer tires on one stratum, then the risky.
    """
    generator = random.Random(seed)  # noqa: S311 - a sample that can be drawn again, no secret
    listed = sorted(calls)
    generator.shuffle(listed)
    listed.sort(key=lambda call: call.stratum)  # a stable sort: shuffled within a stratum
    n = min(size, len(listed))
    taken: list[Candidate] = []
    if n:
        # In whole numbers, so that no two are one: the k-th call is that at (start + k N) / n.
        start = generator.randrange(len(listed))
        taken = [listed[(start + k * len(listed)) // n] for k in range(n)]
    generator.shuffle(taken)
    at_random = {call.call_id for call in taken}
    risky = sorted(
        (call for call in listed if call.weight > 0 and call.call_id not in at_random),
        key=lambda call: (-call.weight, call.call_id),
    )[:risk]
    return (
        *(Drawn(call_id=call.call_id, part="random", why=_drawn_as(call), stratum=call.stratum)
          for call in taken),
        *(Drawn(call_id=call.call_id, part="risk", why=call.reason, stratum=call.stratum) for call in risky),
    )  # fmt: skip


def _drawn_as(call: Candidate) -> str:
    of = ", ".join(part for part in call.stratum if part != _NOTHING)
    return "drawn at random" + (f" among {of}" if of else "")
