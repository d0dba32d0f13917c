"""One call in two transcript files, a party each: which files belong together."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from speechqa.core.segment import intersection, seconds, union
from speechqa.core.value import Value
from speechqa.transcripts.imported import ImportedTranscript

_SIDE: Final = re.compile(r"^(?P<call>.+?)[._\- ]+(?P<side>[^._\- ]+)$")
# "ch1" and "ch2" are sides of a call, "take1" and "take2" two calls.
_COUNTED: Final = re.compile(r"(?:ch|chan|channel|spk|speaker|party|side|leg|track|mic)\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ROLES: Final = ("agent", "customer")
CLOCK_SLACK_S: Final = 1.0
"""Files on one clock are as long as each other up to this, where they say how long they are."""
MOST_OVERLAP: Final = 0.4
"""Two parties of one call speak at once for at most this share of what the quieter one says: .31 in 25 real
consultations, more than .4 for nine of ten sides of different ones."""


class Pair(Value, frozen=True, kw_only=True):
    """Two files whose names differ in their last part alone; `call` is what they share."""

    call: str
    paths: tuple[str, str]
    sides: tuple[str, str]


def named_pairs(paths: Sequence[str]) -> dict[str, Pair]:
    """Pairs by the names of files: same folder, same extension, same stem up to the last part.

    Returns a pair under the path of each of its two files. A stem that more than two files share makes none.

    Examples
    --------
    >>> sorted(named_pairs(["a/c1_doctor.TextGrid", "a/c1_patient.TextGrid", "a/c2_doctor.TextGrid"]))
    ['a/c1_doctor.TextGrid', 'a/c1_patient.TextGrid']
    >>> named_pairs(["call_1.TextGrid", "call_2.TextGrid"])
    {}
    """
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for path in dict.fromkeys(paths):
        folder, name = os.path.split(path)
        stem, extension = os.path.splitext(name)  # noqa: PTH122 - a str in, a str out
        found = _SIDE.match(stem)
        if found and _may_be_side(found["side"]):
            groups.setdefault((folder, found["call"], extension.lower()), []).append((path, found["side"]))
    pairs: dict[str, Pair] = {}
    for (_, call, _), members in groups.items():
        if len(members) != 2:
            continue
        (one, left), (other, right) = members
        pair = Pair(call=call, paths=(one, other), sides=(left, right))
        pairs[one] = pairs[other] = pair
    return pairs


def _may_be_side(part: str) -> bool:
    folded = part.casefold()
    return bool(_LETTERS.fullmatch(folded) or _COUNTED.fullmatch(folded))


def are_sides(pair: Pair, files: Sequence[ImportedTranscript]) -> bool:
    """Whether two files are what their names say: one party each, on one clock, mostly taking turns."""
    for side, file in zip(pair.sides, files, strict=True):
        names = {turn.speaker for turn in file.transcript.turns}
        one = len(names) == 1 and (names != {"unknown"} or side.casefold() in _ROLES)
        if not one or any(turn.segment is None for turn in file.transcript.turns):
            return False
    if any(
        left is not None and right is not None and abs(left - right) > CLOCK_SLACK_S
        for left, right in pairwise(file.duration for file in files)
    ):
        return False
    left, right = (union(t.segment for t in file.transcript.turns if t.segment) for file in files)
    quieter = min(seconds(left), seconds(right))
    return seconds(intersection(left, right)) <= MOST_OVERLAP * quieter


def speakers_of(pair: Pair, files: Sequence[ImportedTranscript]) -> tuple[str | None, str | None]:
    """What each party is called: its role where the name of its file says one, else its own name.

    Where both files give the same name, or one gives none, the last part of the file's name stands for it.
    """
    own = [{turn.speaker for turn in file.transcript.turns} for file in files]
    clash = bool(own[0] & own[1]) or {"unknown"} in own
    left, right = (side if clash or side.casefold() in _ROLES else None for side in pair.sides)
    return left, right


def one_sided(file: ImportedTranscript) -> bool:
    """Whether a transcript with times names one speaker alone, so that the other side is missing."""
    turns = file.transcript.turns
    names = {turn.speaker for turn in turns}
    return len(names) == 1 and names != {"unknown"} and any(turn.segment is not None for turn in turns)
