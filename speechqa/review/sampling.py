"""Which calls a person listens to: some drawn at random, so that figures hold for all, some for their risk.

The random part is a systematic sample (Cochran, *Sampling Techniques*, 1977, chapter 8): calls are put in
order of their strata, shuffled within each, and every N/n-th is taken from a random start. Every call has the
same chance n/N, so that plain shares over the part hold for all the calls it was drawn from, and each stratum
gets its share to within one call, also where there are more strata than calls to draw.
"""

from __future__ import annotations

import hashlib
import heapq
import random
from array import array
from collections.abc import Iterable
from typing import NamedTuple

from speechqa.core.review import Part
from speechqa.core.value import Value
from speechqa.errors import UsageError

SIGNALS = ("public_or_legal_threat", "churn_risk", "complaint")
"""The signals that part calls into strata, the gravest first."""

STRATA = ("team", "agent", "score", "signal", "language")
"""By what calls can be parted: `score` is ``low``, ``middle`` or ``high`` over all categories, `signal` the
gravest that a call gives."""

LOW, MIDDLE = 0.5, 0.8
"""Rates under which a score is low, or middle."""

NOTHING = "-"
"""The stratum of calls of which it is not known, or that have none."""


class Candidate(NamedTuple):
    """What has to be known of a call that could be drawn."""

    call_id: str
    stratum: tuple[str, ...]
    weight: int
    agent_id: str | None = None
    agent_name: str | None = None


class Drawn(Value, frozen=True, kw_only=True):
    """A call that was drawn, before its recording was looked up."""

    call_id: str
    part: Part
    stratum: tuple[str, ...]


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


class Frame:
    """Calls that could be drawn, each no more than its id and two numbers: there may be very many."""

    def __init__(self, calls: Iterable[Candidate]) -> None:
        self._ids: list[str] = []
        self._kinds = array("l")
        self._weights = array("l")
        strata: dict[tuple[str, ...], int] = {}
        for call in calls:
            self._ids.append(call.call_id)
            self._kinds.append(strata.setdefault(call.stratum, len(strata)))
            self._weights.append(call.weight)
        self._strata = list(strata)

    def __len__(self) -> int:
        return len(self._ids)

    def without(self, call_ids: frozenset[str]) -> Frame:
        """The same but for some calls."""
        return Frame(
            Candidate(call_id, self._strata[kind], weight)
            for call_id, kind, weight in zip(self._ids, self._kinds, self._weights, strict=True)
            if call_id not in call_ids
        )

    def digest(self) -> str:
        """SHA-256 of the ids of the calls, in order of the ids, each on a line."""
        digest = hashlib.sha256()
        for call_id in sorted(self._ids):
            digest.update(call_id.encode() + b"\n")
        return digest.hexdigest()

    def draw(self, *, seed: int, size: int, risk: int) -> tuple[Drawn, ...]:
        """Draw calls to listen to; the order in which they were given does not matter.

        Parameters
        ----------
        seed : int
            What the drawing begins from; the same calls and seed give the same answer.
        size : int
            Calls to draw at random; all where there are fewer.
        risk : int
            Calls to pick beside them by the weight of what there is to listen to, heaviest first. A call that
            was drawn at random is not picked again, and one without a reason never.

        Returns
        -------
        tuple of Drawn
            The random part, in a random order so that no reviewer tires on one stratum, then the risky.
        """
        generator = random.Random(seed)  # noqa: S311 - a sample that can be drawn again, no secret
        listed = sorted(range(len(self)), key=self._ids.__getitem__)
        generator.shuffle(listed)
        in_order = sorted(range(len(self._strata)), key=self._strata.__getitem__)
        rank = {kind: place for place, kind in enumerate(in_order)}
        listed.sort(key=lambda call: rank[self._kinds[call]])  # a stable sort: shuffled within a stratum
        n = min(size, len(listed))
        taken: list[int] = []
        if n:
            # In whole numbers, so that no two are one: the k-th call is that at (start + k N) / n.
            start = generator.randrange(len(listed))
            taken = [listed[(start + k * len(listed)) // n] for k in range(n)]
        generator.shuffle(taken)
        at_random = set(taken)
        risky = heapq.nsmallest(
            risk,
            (call for call in listed if self._weights[call] > 0 and call not in at_random),
            key=lambda call: (-self._weights[call], self._ids[call]),
        )
        return (
            *(self._drawn(call, "random") for call in taken),
            *(self._drawn(call, "risk") for call in risky),
        )

    def _drawn(self, call: int, part: Part) -> Drawn:
        return Drawn(call_id=self._ids[call], part=part, stratum=self._strata[self._kinds[call]])


def drawn_as(call: Drawn) -> str:
    """Why a call of the random part was drawn, in words."""
    of = ", ".join(part for part in call.stratum if part != NOTHING)
    return "drawn at random" + (f" among {of}" if of else "")
