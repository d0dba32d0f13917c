"""Which dictated numbers must be masked, and as what."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from speechqa.core.masks import MaskKind
from speechqa.privacy.accounts import account_letters, find_accounts
from speechqa.privacy.announced import Announced, with_letters
from speechqa.privacy.complete import Complete
from speechqa.privacy.cue_words import CueIndex, CueKind
from speechqa.privacy.emails import find_emails
from speechqa.privacy.growing import grown
from speechqa.privacy.masks import Mask
from speechqa.privacy.phones import find_phones
from speechqa.privacy.readings import (
    Found,
    find_echoes,
    in_one_breath,
)
from speechqa.privacy.runs import PlacedItem, ReadTurn, Run, find_runs, read_turns
from speechqa.privacy.weighing import Weighing

_MOST_COVERED = 5
"""Words between two groups of a number that are masked with them."""

_ANNOUNCED_BY: dict[str, tuple[CueKind, ...]] = {
    "[id]": ("id", "ssn"),
    "[code]": ("code", "maybe_code"),
    "[phone]": ("phone",),
    "[account]": ("account", "maybe_account"),
    "[passport]": ("passport",),
    "[licence]": ("licence",),
}


class Masks(NamedTuple):
    """What to mask, in order and without overlaps, and each number that is known, once, as it was read."""

    spans: list[Mask]
    numbers: list[tuple[MaskKind, str]]


def find_masks(turns: Iterable[tuple[str, str]]) -> Masks:
    """Everything to mask in turns given as party and text."""
    read, cues = read_turns(turns)
    index = CueIndex(cues)
    _use_masked(read, index)
    accounts = find_accounts(read, index)
    emails = find_emails(read)
    taken = [
        Mask(turn, read[turn].tokens[first].start, read[turn].tokens[last].end, "iban")
        for turn, first, last in accounts
    ]
    taken += [Mask(entry.turn, entry.start, entry.end, "email") for entry in emails]
    numbers: list[tuple[MaskKind, str]] = [("email", entry.address) for entry in emails if entry.address]
    for mask in taken[: len(accounts)]:
        said = read[mask.turn].text[mask.start : mask.end]
        numbers.append(("iban", said))
    runs = _apart(find_runs(read), taken)
    found = _Detector(read, runs, index).detect()
    masks = taken
    for entry in found:
        masks.extend(_spans(entry, read))
        numbers.append((entry.kind, entry.digits))
    return Masks(grown(masks, read), list(dict.fromkeys(numbers)))


def _apart(runs: Sequence[Run], taken: Sequence[Mask]) -> list[Run]:
    """The runs without those that have a part in what is masked already."""
    if not taken:
        return list(runs)
    spans: dict[int, list[Mask]] = {}
    for mask in sorted(taken):
        spans.setdefault(mask.turn, []).append(mask)
    ends = {turn: [mask.end for mask in masks] for turn, masks in spans.items()}

    def is_free(item: PlacedItem) -> bool:
        if item.turn not in spans:
            return True
        place = bisect_right(ends[item.turn], item.start)
        return place == len(ends[item.turn]) or spans[item.turn][place].start >= item.end

    kept = (run._replace(items=tuple(filter(is_free, run.items))) for run in runs)
    return [run for run in kept if run.items]


def _use_masked(turns: Sequence[ReadTurn], cues: CueIndex) -> None:
    """A mask that is already there has used its cue up, so that masking twice changes nothing more."""
    for turn in turns:
        for index, token in enumerate(turn.tokens):
            if token.kind != "mask":
                continue
            position = turn.offset + index
            kinds = _ANNOUNCED_BY.get(token.text, ())
            known = cues.before(kinds, position) or cues.after(kinds, position)
            if known is not None:
                cues.use(known[0], position)


class _Detector:
    """Goes through the runs of a call in order and decides on each."""

    def __init__(self, turns: Sequence[ReadTurn], runs: Sequence[Run], cues: CueIndex) -> None:
        self._turns = turns
        self._runs = runs
        self._cues = cues

    def detect(self) -> list[Found]:
        """First what is complete, then what repeats it, then what only a cue or a part gives away."""
        complete = Complete(self._turns, self._cues)
        weighing = Weighing(self._turns, self._runs)
        found: list[Found] = []
        for run in self._runs:
            found.extend(complete.at(run))
        found.extend(find_echoes(self._runs, found, weighing.is_ordinary))
        done = {item for entry in found for item in entry.items}
        sure = find_phones(self._turns, self._runs, self._cues, done)
        found.extend(sure + find_echoes(self._runs, sure, weighing.is_ordinary))
        done.update(item for entry in found for item in entry.items)
        announced = Announced(self._turns, self._runs, self._cues, weighing)
        weaker: list[Found] = []
        for number, run in enumerate(self._runs):
            if any(item in done for item in run.items):
                continue
            here = announced.dictated(number, done) or ([] if run.amount else complete.partial(run))
            here = here or announced.at(number, done)
            for entry in here:
                weighing.answered(entry)
            weaker.extend(here)
            done.update(item for entry in here for item in entry.items)
        weaker.extend(find_phones(self._turns, self._runs, self._cues, done, last=True))
        weaker.extend(find_echoes(self._runs, weaker, weighing.is_ordinary))
        done.update(item for entry in weaker for item in entry.items)
        codes = [
            entry
            for run in self._runs
            if not any(item in done for item in run.items)
            for entry in weighing.at(run)
        ]
        known = found + weaker + codes
        return known + find_echoes(self._runs, known, weighing.is_ordinary) if codes else known


def _spans(entry: Found, turns: Sequence[ReadTurn]) -> list[Mask]:
    """The characters of a found number, one span a turn."""
    spans = []
    for group in in_one_breath(sorted(entry.items, key=lambda item: item.first), _MOST_COVERED):
        start, end = group[0].start, group[-1].end
        if entry.kind == "phone":
            text = turns[group[0].turn].text
            while start > 0 and text[start - 1] in "+(":
                start -= 1
        if entry.kind in ("passport", "licence"):
            start, end = with_letters(turns[group[0].turn], group[0].number.first, group[-1].number.last)
        if entry.kind == "iban":
            turn = turns[group[0].turn]
            letters = account_letters(turn, group[0].number.first)
            start = start if letters is None else letters[1]
        spans.append(Mask(group[0].turn, start, end, entry.kind))
    return spans
