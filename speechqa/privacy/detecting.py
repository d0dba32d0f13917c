"""Which dictated numbers must be masked, and as what."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from speechqa.core.masks import MaskKind
from speechqa.privacy.accounts import account_letters, find_accounts
from speechqa.privacy.announced import Announced, with_letters
from speechqa.privacy.checks import CARD_LENGTHS, is_card, is_iban, is_israeli_id, issuer_lengths
from speechqa.privacy.cue_words import ELSEWHERE, REACH, Cue, CueIndex, CueKind
from speechqa.privacy.emails import find_emails
from speechqa.privacy.growing import grown
from speechqa.privacy.masks import Mask
from speechqa.privacy.phones import find_phones, is_phone
from speechqa.privacy.readings import (
    Found,
    digits_of_items,
    find_echoes,
    in_one_breath,
    readings,
    split_readings,
    with_zero,
)
from speechqa.privacy.runs import PlacedItem, ReadTurn, Run, find_runs, read_turns

_CARD_WITH_ERRORS = 12
"""Digits from which a number near a card cue is masked although its check digit fails."""

_MOST_WITH_ERRORS = 23
_OTHER_WITHIN = 16

_TAIL_DIGITS = 8
"""Digits after a card number in the same breath (expiry, security code) that are masked with it."""

_STRONG_CUE = 8
"""Words between an ID cue and a number that need no check digit."""

_MOST_ID_WITH_ERRORS = 13

_MOBILE = 10
_MOST_COVERED = 5
"""Words between two groups of a number that are masked with them."""

_NAMED_AFTER = 2
_SPOKEN = ("digit", "tens", "repeat", "quantity")

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
        found: list[Found] = []
        for run in self._runs:
            found.extend(self._complete(run))
        found.extend(find_echoes(self._runs, found))
        done = {item for entry in found for item in entry.items}
        sure = find_phones(self._turns, self._runs, self._cues, done)
        found.extend(sure + find_echoes(self._runs, sure))
        done.update(item for entry in found for item in entry.items)
        announced = Announced(self._turns, self._runs, self._cues)
        weaker: list[Found] = []
        for number, run in enumerate(self._runs):
            if any(item in done for item in run.items):
                continue
            here = announced.dictated(number, done) or ([] if run.amount else self._partial(run))
            here = here or announced.at(number, done)
            weaker.extend(here)
            done.update(item for entry in here for item in entry.items)
        weaker.extend(find_phones(self._turns, self._runs, self._cues, done, last=True))
        weaker.extend(find_echoes(self._runs, weaker))
        return found + weaker

    def _complete(self, run: Run) -> list[Found]:
        if run.amount:
            return self._amount(run)
        whole = self._whole(run)
        if whole is not None or len(run.items) == 1:
            return [] if whole is None else [whole]
        return [
            Found(kind, (item,), item.digits)
            for item in run.items
            if (kind := self._single(item)) is not None
        ]

    def _partial(self, run: Run) -> list[Found]:
        digits = digits_of_items(run.items)
        if _CARD_WITH_ERRORS <= len(digits) <= _MOST_WITH_ERRORS and self._is_long_secret(run):
            return [Found("card", run.items, digits)]
        return self._within(run)

    def _is_long_secret(self, run: Run) -> bool:
        """Whether so many digits are a card's with an error or a correction: near its cue, or dictated."""
        if self._cues.near("card", run.first, run.last):
            return True
        dictated = all(item.number.form in _SPOKEN for item in run.items)
        return dictated and self._cues.nearest(run.first, _OTHER_WITHIN) is None

    def _amount(self, run: Run) -> list[Found]:
        """What looks like an amount or a phone number is masked only where a cue and a check digit agree."""
        item = run.items[0]
        if len(item.digits) == 9 and is_israeli_id(item.digits):
            cue = self._id_cue(run)
            if cue is not None:
                self._cues.use(cue[0], run.first)
                return [Found("id", run.items, item.digits)]
        return [Found("card", run.items, item.digits)] if is_card(item.digits) else []

    def _whole(self, run: Run) -> Found | None:
        ways = readings(run.items)
        for items in ways:
            digits = digits_of_items(items)
            if digits.startswith("05") and len(digits) == _MOBILE and not self._is_something_else(run):
                return Found("phone", run.items, digits)
        for items in ways:
            digits = digits_of_items(items)
            kind = self._kind(run, digits, items)
            if kind is not None:
                return Found(kind, with_zero(run.items, items), digits)
        for digits in split_readings(run.items):
            kind = self._split_kind(run, digits)
            if kind is not None:
                return Found(kind, run.items, digits)
        for items in ways:
            digits = digits_of_items(items)
            if self._is_cued_part(run, digits):
                return Found("id", items, digits)
        return None

    def _split_kind(self, run: Run, digits: str) -> MaskKind | None:
        """As `_kind` for a less likely reading, of which only the surest signs are taken."""
        if len(digits) in issuer_lengths(digits) and is_card(digits):
            return "card"
        if 15 <= len(digits) <= 32 and self._is_account(run, digits):
            return "iban"
        if len(digits) == 9 and is_israeli_id(digits):
            cue = self._cues.before(("id", "ssn"), run.first)
            if cue is not None:
                self._cues.use(cue[0], run.first)
                return "id"
            dictated = all(item.number.form in _SPOKEN for item in run.items)
            return "id" if dictated and len(run.items) >= 4 and not self._is_something_else(run) else None
        return None

    def _is_account(self, run: Run, digits: str) -> bool:
        letters = account_letters(self._turns[run.items[0].turn], run.items[0].number.first)
        return is_iban((letters[0] if letters else "IL") + digits)

    def _kind(self, run: Run, digits: str, items: Sequence[PlacedItem]) -> MaskKind | None:
        count = len(digits)
        if 13 <= count <= 32 and self._is_account(run, digits):
            return "iban"
        if is_card(digits):
            return "card"
        if count >= _CARD_WITH_ERRORS and self._cues.before(("iban",), run.first):
            return "iban"
        if count == 9 and items[0].number.form == "ssn" and len(items) == 1:
            return "id"
        if count != 9:
            return None
        cue = self._id_cue(run)
        valid = is_israeli_id(digits)
        if cue is not None and (valid or cue[0].kind == "ssn" or cue[1] <= _STRONG_CUE):
            self._cues.use(cue[0], run.first)
            return "id"
        return "id" if valid and not self._is_something_else(run) else None

    def _id_cue(self, run: Run) -> tuple[Cue, int] | None:
        return self._cues.before(("id", "ssn"), run.first) or self._cues.after(("id", "ssn"), run.last)

    def _is_cued_part(self, run: Run, digits: str) -> bool:
        """Whether a cue announces an ID and a digit or more is missing, or one too many was heard."""
        cue = self._id_cue(run)
        count = len(digits)
        least = 7  # of shorter ones the rest may follow, see `announced`
        if cue is None or not least <= count <= _MOST_ID_WITH_ERRORS:
            return False
        strong = cue[1] <= _STRONG_CUE
        # Ten digits that begin with a zero are a phone number.
        here = strong and not (digits[0] == "0" and is_phone(digits)) if count > 9 else True
        here = here and (strong or count > 9 or is_israeli_id(digits))
        if here:
            self._cues.use(cue[0], run.first)
        return here

    def _is_something_else(self, run: Run) -> bool:
        """Whether what was said announces an order, an account, a phone number and the like."""
        item = run.items[0]
        text = self._turns[item.turn].text
        glued = item.start > 0 and text[item.start - 1].isascii() and text[item.start - 1].isalpha()
        announced = self._cues.before(ELSEWHERE, run.first)
        named = self._cues.after(ELSEWHERE, run.last)
        near = announced is not None and announced[1] <= REACH["other"]
        return glued or near or (named is not None and named[1] <= _NAMED_AFTER)

    def _single(self, item: PlacedItem) -> MaskKind | None:
        """A written number within a run that is complete in itself."""
        if item.number.form not in ("plain", "grouped", "ssn"):
            return None
        if is_card(item.digits):
            return "card"
        if len(item.digits) == 9 and is_israeli_id(item.digits):
            return "id"
        return None

    def _within(self, run: Run) -> list[Found]:
        """Cards of a known issuer inside a longer run, and an ID at its start or end that a cue announces."""
        items = tuple(item for item in run.items if not item.number.doubtful)
        cue = self._cues.before(("id", "ssn"), run.first)
        if cue is not None:
            for part in _ids_at_edges(items):
                self._cues.use(cue[0], run.first)
                return [Found("id", part, digits_of_items(part))]
        found: list[Found] = []
        index = 0
        while index < len(items):
            end = _card_from(items, index)
            if end is None:
                index += 1
                continue
            rest = digits_of_items(items[end : end + _TAIL_DIGITS + 1])
            stop = len(items) if len(rest) <= _TAIL_DIGITS else end
            part = items[index:stop]
            found.append(Found("card", part, digits_of_items(part)))
            index = stop
        return found


def _ids_at_edges(items: tuple[PlacedItem, ...]) -> list[tuple[PlacedItem, ...]]:
    for part in (items, items[::-1]):
        length = 0
        for count, item in enumerate(part, start=1):
            length += len(item.digits)
            if length >= 9:
                chosen = items[:count] if part is items else items[-count:]
                if length == 9 and is_israeli_id(digits_of_items(chosen)):
                    return [chosen]
                break
    return []


def _card_from(items: Sequence[PlacedItem], index: int) -> int | None:
    """Where a card of a known issuer that starts at this number ends, None if there is none."""
    lengths = issuer_lengths(digits_of_items(items[index : index + 4]))
    if not lengths:
        return None
    digits = ""
    ends: dict[int, int] = {}
    for end in range(index, len(items)):
        digits += items[end].digits
        if len(digits) > CARD_LENGTHS[-1]:
            break
        ends[len(digits)] = end + 1
    for length in lengths:
        if length in ends and is_card(digits[:length]):
            return ends[length]
    return None


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
