"""What digits a run of numbers may mean, and which runs repeat what others say."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from speechqa.core.masks import MaskKind
from speechqa.privacy.runs import PlacedItem, Run

_MOST_DIGITS = 40
_MOST_SPLITS = 2
_MOST_COMPOUNDS = 12
_ECHO_TURNS = 6
_ECHO_WORDS = 150


class Found(NamedTuple):
    """Numbers that must be masked, and as what."""

    kind: MaskKind
    items: tuple[PlacedItem, ...]
    digits: str


def digits_of_items(items: Iterable[PlacedItem]) -> str:
    """The digits of numbers, one after the other."""
    return "".join(item.digits for item in items)


def readings(items: tuple[PlacedItem, ...]) -> list[tuple[PlacedItem, ...]]:
    """The ways to read a run: as it stands, with doubtful words as digits, without what was said twice."""
    sure = tuple(item for item in items if not item.number.doubtful)
    found = [sure, _without_exclamations(sure)]
    if len(found[1]) < len(sure) and _is_exclamation(sure[:2]):
        found.reverse()
    if len(sure) < len(items):
        found.append(items)
    found.append(_said_once(sure))
    return [reading for reading in dict.fromkeys(found) if reading]


def _without_exclamations(items: tuple[PlacedItem, ...]) -> tuple[PlacedItem, ...]:
    """Without an "oh" at either end."""
    start = 1 if items and items[0].number.weak else 0
    end = len(items) - 1 if len(items) > start and items[-1].number.weak else len(items)
    return items[start:end]


def _is_exclamation(items: Sequence[PlacedItem]) -> bool:
    """Whether an "oh" stands apart from the number after it."""
    first, second = items[0], items[-1]
    return first.number.weak and (second.first - first.last > 1 or second.start - first.end > 1)


def split_readings(items: Sequence[PlacedItem]) -> Iterator[str]:
    """The digits when one or two compounds ("fifty four") were two numbers (50 and 4)."""
    sure = [item for item in items if not item.number.doubtful]
    compounds = [index for index, item in enumerate(sure) if item.number.split is not None]
    if len(compounds) > _MOST_COMPOUNDS or sum(len(item.digits) for item in sure) > _MOST_DIGITS:
        return
    for count in range(1, _MOST_SPLITS + 1):
        for chosen in combinations(compounds, count):
            yield "".join(
                (item.number.split if index in chosen else None) or item.digits
                for index, item in enumerate(sure)
            )


def _said_once(items: tuple[PlacedItem, ...]) -> tuple[PlacedItem, ...]:
    """Without a turn's group that repeats the group of the turn before (an echo, or a repetition)."""
    kept: list[PlacedItem] = []
    last = ""
    for group in by_turn(items):
        digits = digits_of_items(group)
        if digits == last and len(digits) >= 2:
            continue
        kept.extend(group)
        last = digits
    return tuple(kept)


def by_turn(items: Iterable[PlacedItem]) -> list[list[PlacedItem]]:
    """The numbers in groups, a group a turn."""
    groups: list[list[PlacedItem]] = []
    for item in items:
        if groups and groups[-1][-1].turn == item.turn:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def find_echoes(runs: Sequence[Run], found: Sequence[Found]) -> list[Found]:
    """What repeats a part of a masked number nearby: read back by the other party, or begun before.

    Between the groups of a dictated number two digits are enough, after it four, before it six.
    """
    masked = {item for entry in found for item in entry.items}
    groups = [
        group
        for run in runs
        if not run.amount
        for group in by_turn(run.items)
        if not any(item in masked for item in group)
    ]
    groups.sort(key=lambda group: group[0].first)
    firsts = [group[0].first for group in groups]
    echoes: list[Found] = []
    for entry in found:
        digits = entry.digits
        first, last = entry.items[0].turn, entry.items[-1].turn
        low = bisect_left(firsts, entry.items[0].first - _ECHO_WORDS)
        high = bisect_right(firsts, entry.items[-1].last + _ECHO_WORDS)
        for group in groups[low:high]:
            turn = group[0].turn
            if not first - _ECHO_TURNS <= turn <= last + _ECHO_TURNS:
                continue
            least = 2 if first < turn < last else 4 if turn >= last else 6
            said = (digits_of_items(group), *split_readings(group))
            if any(part in digits and (len(part) >= least or part == digits) for part in said):
                echoes.append(Found(entry.kind, tuple(group), said[0]))
    return echoes
