"""What digits a run of numbers may mean, and which runs repeat what others say."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from speechqa.core.masks import MaskKind
from speechqa.privacy.runs import PlacedItem, Run

_MOST_DIGITS = 40
_MOST_SPLITS = 2
_MOST_COMPOUNDS = 12
_ECHO_TURNS = 6
_ECHO_WORDS = 150
_BACK_TURNS = 2
_MOST_WRONG = 4
_ALIKE = 0.66
_ALIKE_BETWEEN = 0.6
"""Share of digits in common from which a number is what was said before; less between dictated groups."""


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


def with_zero(items: tuple[PlacedItem, ...], read: tuple[PlacedItem, ...]) -> tuple[PlacedItem, ...]:
    """What was read, with an "oh" at either end that it was read without, unless that stands apart."""
    first, last = items.index(read[0]), len(items) - items[::-1].index(read[-1])
    if first == 1 and items[0].number.weak and not _is_exclamation(items[:2]):
        read = (items[0], *read)
    if last == len(items) - 1 and items[-1].number.weak and items[-1].first - items[-2].last == 1:
        read = (*read, items[-1])
    return read


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


def in_one_breath(items: Iterable[PlacedItem], most_words: int) -> list[list[PlacedItem]]:
    """The numbers in groups, parted by turns and by more than `most_words` words between two of them."""
    groups: list[list[PlacedItem]] = []
    for group in by_turn(items):
        groups.append([group[0]])
        for before, item in pairwise(group):
            if item.first - before.last - 1 > most_words:
                groups.append([item])
            else:
                groups[-1].append(item)
    return groups


def by_turn(items: Iterable[PlacedItem]) -> list[list[PlacedItem]]:
    """The numbers in groups, a group a turn."""
    groups: list[list[PlacedItem]] = []
    for item in items:
        if groups and groups[-1][-1].turn == item.turn:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def find_echoes(
    runs: Sequence[Run], found: Sequence[Found], is_ordinary: Callable[[Run], bool]
) -> list[Found]:
    """What repeats a part of a masked number nearby: read back by the other party, or begun before.

    Between the groups of a dictated number two digits are enough, after it four, before it six. What differs
    by a slip is no repetition where `is_ordinary` says that it answers to something else.
    """
    masked = {item for entry in found for item in entry.items}
    groups = [
        (group, run)
        for run in runs
        if not run.amount
        for group in by_turn(run.items)
        if not any(item in masked for item in group)
    ]
    groups.sort(key=lambda known: known[0][0].first)
    firsts = [group[0].first for group, _ in groups]
    echoes: list[Found] = []
    for entry in found:
        digits = entry.digits
        first, last = entry.items[0].turn, entry.items[-1].turn
        dictated = {group[0].turn: digits_of_items(group) for group in by_turn(entry.items)}
        low = bisect_left(firsts, entry.items[0].first - _ECHO_WORDS)
        high = bisect_right(firsts, entry.items[-1].last + _ECHO_WORDS)
        for group, run in groups[low:high]:
            turn = group[0].turn
            if not first - _ECHO_TURNS <= turn <= last + _ECHO_TURNS:
                continue
            least = 2 if first < turn < last else 4 if turn >= last else 6
            said = (digits_of_items(group), *split_readings(group))
            repeats = any(part in digits and (len(part) >= least or part == digits) for part in said)
            if not repeats and first <= turn <= last + _BACK_TURNS and group[0].first > entry.items[0].first:
                alike = _ALIKE_BETWEEN if first < turn < last else _ALIKE
                repeats = any(_is_put_right(part, digits, alike) for part in said) and not is_ordinary(run)
            repeats = repeats or (first < turn < last and said[0] == dictated.get(turn - 1))
            if repeats:
                echoes.append(Found(entry.kind, tuple(group), said[0]))
    return echoes


def _is_put_right(said: str, heard: str, alike: float) -> bool:
    """Whether a number read back is the one that was dictated with a slip in it, or with a digit misheard."""
    if len(said) < 3 or abs(len(said) - len(heard)) > _MOST_WRONG:
        return alike < _ALIKE and len(said) > 1 and _common(said, heard) >= len(said) * alike
    return 2 * _common(said, heard) >= alike * (len(said) + len(heard))


def _common(one: str, other: str) -> int:
    """How many digits two numbers share in the same order."""
    row = [0] * (len(other) + 1)
    for a in one:
        before = 0
        for place, b in enumerate(other, start=1):
            here = row[place]
            row[place] = before + 1 if a == b else max(row[place], row[place - 1])
            before = here
    return row[-1]
