"""Numbers that are known by themselves: by check digits, issuer or shape, with what announces them."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.core.masks import MaskKind
from speechqa.privacy.accounts import account_letters
from speechqa.privacy.checks import CARD_LENGTHS, is_card, is_iban, is_israeli_id, issuer_lengths
from speechqa.privacy.cue_words import ELSEWHERE, REACH, Cue, CueIndex
from speechqa.privacy.phones import is_phone
from speechqa.privacy.readings import Found, digits_of_items, readings, split_readings, with_zero
from speechqa.privacy.runs import PlacedItem, ReadTurn, Run

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
_NAMED_AFTER = 2
_SPOKEN = ("digit", "tens", "repeat", "quantity")


class Complete:
    """Decides on runs that hold a whole number."""

    def __init__(self, turns: Sequence[ReadTurn], cues: CueIndex) -> None:
        self._turns = turns
        self._cues = cues

    def at(self, run: Run) -> list[Found]:
        """The numbers that a run is or holds, with their check digits, or as a cue announces them."""
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

    def partial(self, run: Run) -> list[Found]:
        """A card with an error, or numbers inside a longer run."""
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
            other = self._is_something_else(run) or self._cues.nearest(run.first, _OTHER_WITHIN) == "card"
            return "id" if dictated and len(run.items) >= 4 and not other else None
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
