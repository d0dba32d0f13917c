"""Numbers that no check digit tells: what was asked for, or named, right before them is all there is."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from speechqa.core.masks import MaskKind
from speechqa.privacy.checks import CARD_LENGTHS, is_card, is_israeli_id, issuer_lengths
from speechqa.privacy.cue_words import Cue, CueIndex, CueKind
from speechqa.privacy.readings import Found, digits_of_items, split_readings
from speechqa.privacy.runs import PLAIN_WORDS, PlacedItem, ReadTurn, Run, is_correction, is_filler
from speechqa.privacy.weighing import Weighing

_JOIN_WORDS = 12
"""Words between two groups in different turns that a cue lets belong to one number."""

_MISHEARD_WORDS = 2
"""Words between two groups in one turn: as many may be misheard digits or a correction."""

_BEFORE_YEARS = frozenset(
    [
        "since",
        "in",
        "from",
        "until",
        "of",
        "year",
        "till",
        "before",
        "after",
        "מאז",
        "משנת",
        "בשנת",
        "שנת",
        "עד",
        "לפני",
        "אחרי",
        "ב",
        "מ",
    ]
)

_MOST_LETTERS = 6

_LEAST_GROUP = 3
"""Digits of a group that others may belong to without a cue."""


class _Rule(NamedTuple):
    """What a cue announces: how many digits, and from how many on nothing more is gathered."""

    kind: MaskKind
    cues: tuple[CueKind, ...]
    least: int
    enough: int
    most: int


_RULES = (
    _Rule("card", ("card",), 12, 16, 21),
    _Rule("id", ("id",), 5, 9, 13),
    _Rule("id", ("ssn",), 4, 9, 13),
    _Rule("phone", ("phone",), 7, 10, 17),
    _Rule("account", ("account",), 4, 6, 24),
    _Rule("account", ("maybe_account",), 6, 6, 24),
    _Rule("passport", ("passport",), 6, 8, 13),
    _Rule("licence", ("licence",), 6, 7, 18),
    _Rule("code", ("code",), 3, 6, 10),
    _Rule("code", ("maybe_code",), 3, 6, 8),
    _Rule("code", ("maybe_message",), 4, 6, 8),
)
_NAMED_WITHIN, _ANNOUNCED_WITHIN = 4, 6
_NAMED_LONG_AGO = 16
_LEAST_DICTATED = 4
"""Digits said one by one that begin a number."""
_CONFIRMING = frozenset(
    [
        "yes", "yeah", "yep", "right", "correct", "perfect", "great", "thanks", "ok", "okay", "that's",
        "that", "is", "it's", "this", "the", "כן", "נכון", "בדיוק", "מצוין", "תודה", "אוקיי", "זה", "זהו",
        "זו", "זאת", "זוהי", "your", "my", "שלך", "שלי",
    ]
)  # fmt: skip
_GOING_ON = frozenset({"and", "then", "or", "but", "ואז", "או", "אבל"})
_NAMED_AFTER_MOST = 4
"""Digits of a code that only words after it name."""


class Announced:
    """Decides on the runs of a call by the cue before them, or right after them."""

    def __init__(
        self, turns: Sequence[ReadTurn], runs: Sequence[Run], cues: CueIndex, weighing: Weighing
    ) -> None:
        self._turns = turns
        self._runs = runs
        self._cues = cues
        self._weighing = weighing
        self._following = _next_of_party(runs)

    def at(self, number: int, done: Container[PlacedItem]) -> list[Found]:
        """The number that begins with the run of this index, if a cue announces one."""
        run = self._runs[number]
        interrupted = self._interrupted(number, done)
        if interrupted:
            return interrupted
        rules = [rule for rule in _RULES if not run.amount or rule.kind in ("phone", "account")]
        if not self._weighing.allows(run):
            rules = [rule for rule in rules if rule.kind != "code"]
        if run.amount and run.items[0].number.form not in ("phone", "plain", "grouped"):
            return []
        best: tuple[int, Found, Cue] | None = None
        for rule in rules:
            known = self._cues.before(rule.cues, run.first)
            if known is None:
                known = self._after(rule, run)
            if known is None or (best is not None and best[0] <= known[1]):
                continue
            found = self._gathered(rule, number, done)
            if found is not None:
                best = known[1], found, known[0]
        if best is None:
            return []
        if best[1].kind != "card":
            self._cues.use(best[2], run.first)
        return [best[1]]

    def _interrupted(self, number: int, done: Container[PlacedItem]) -> list[Found]:
        """A card, or an ID with a cue, between whose groups much else was said, if its digits hold."""
        run = self._runs[number]
        items = run.items
        if run.amount or len(digits_of_items(items)) < _LEAST_GROUP:
            return []
        cue = self._cues.before(("id", "ssn"), run.first)
        while (after := self._following.get(number)) is not None:
            upcoming = self._runs[after]
            if upcoming.amount or upcoming.first - items[-1].last > _JOIN_WORDS:
                break
            if any(item in done for item in upcoming.items):
                break
            items, number = items + upcoming.items, after
            digits = digits_of_items(items)
            if len(digits) > CARD_LENGTHS[-1]:
                break
            if is_card(digits) and len(digits) in issuer_lengths(digits):
                return [Found("card", items, digits)]
            if cue is not None and len(digits) == 9 and is_israeli_id(digits):
                self._cues.use(cue[0], run.first)
                return [Found("id", items, digits)]
        return []

    def _after(self, rule: _Rule, run: Run) -> tuple[Cue, int] | None:
        count = len(digits_of_items(run.items))
        if count < rule.least or (rule.kind == "code" and count > _NAMED_AFTER_MOST):
            return None
        known = self._cues.after(rule.cues, run.last)
        if known is None or known[1] > _NAMED_WITHIN or self._cues.nearest(run.first, _ANNOUNCED_WITHIN):
            return None
        turn = self._turns[run.items[-1].turn]
        if known[0].first >= turn.offset + len(turn.tokens):
            return known if self._is_confirmed(run, known[0]) else None
        between = turn.tokens[run.items[-1].number.last + 1 :][: known[1] - 1]
        return None if any(token.text in _GOING_ON for token in between) else known

    def _is_confirmed(self, run: Run, cue: Cue) -> bool:
        """Whether the next turn begins by saying what the number was ("yes, that's the code")."""
        item = run.items[-1]
        following = self._turns[item.turn + 1]
        to_cue = following.tokens[: max(0, cue.first - following.offset)]
        closing = self._turns[item.turn].tokens[item.number.last + 1 :]
        return (
            not closing
            and 0 < len(to_cue) < _NAMED_WITHIN
            and cue.first < following.offset + len(following.tokens)
            and all(token.text in _CONFIRMING for token in to_cue)
        )

    def dictated(self, number: int, done: Container[PlacedItem]) -> list[Found]:
        """A card said digit by digit with talk between its groups, whose digits do not hold."""
        items = self._runs[number].items
        if len(items) < _LEAST_DICTATED or not self._is_dictated(number):
            return []
        while len(digits_of_items(items)) < CARD_LENGTHS[-1]:
            after = self._following.get(number)
            if after is None or not self._is_dictated(after):
                break
            upcoming = self._runs[after]
            if upcoming.first - items[-1].last > _JOIN_WORDS or any(item in done for item in upcoming.items):
                break
            items, number = items + upcoming.items, after
        digits = digits_of_items(items)
        return [Found("card", items, digits)] if len(digits) >= CARD_LENGTHS[0] else []

    def _is_dictated(self, number: int) -> bool:
        """Whether a run was said in digits, and nothing names it but a card."""
        run = self._runs[number]
        cue = self._cues.nearest(run.first, _NAMED_LONG_AGO)
        return not run.amount and _is_dictated(run.items) and cue in (None, "card")

    def _gathered(self, rule: _Rule, number: int, done: Container[PlacedItem]) -> Found | None:
        """The run, and those after it that carry it on while digits are missing."""
        run = self._runs[number]
        items = run.items
        if self._is_year(items[0]):
            return None
        unheard = 0
        while (
            not run.amount and rule.cues[0][:6] != "maybe_" and not _is_enough(rule, digits_of_items(items))
        ):
            after = self._following.get(number)
            if after is None or any(item in done for item in self._runs[after].items):
                break
            words = self._words_to(rule, items, self._runs[after])
            if words is None:
                break
            unheard += words
            items, number = items + self._runs[after].items, after
        digits = digits_of_items(items)
        counts = {len(digits) + unheard, *(len(read) for read in split_readings(items) if not unheard)}
        if not any(rule.least <= count <= rule.most for count in counts):
            return None
        named = rule.cues[0] == "code"
        return (
            None
            if len(items) == 1 and not named and _is_quantity(items[0])
            else Found(rule.kind, items, digits)
        )

    def _words_to(self, rule: _Rule, items: Sequence[PlacedItem], upcoming: Run) -> int | None:
        """Words in one turn that may be misheard digits between a number and what carries it on."""
        if upcoming.amount:
            return None
        first, last = upcoming.items[0], items[-1]
        if first.turn != last.turn:
            return 0 if first.first - last.last - 1 <= _JOIN_WORDS and rule.kind != "code" else None
        tokens = self._turns[last.turn].tokens[last.number.last + 1 : first.number.first]
        if len(first.digits) > 1 and first.number.form == "plain" and any(map(is_correction, tokens)):
            return None
        words = [token.text for token in tokens if not is_filler(token)]
        most = 1 if rule.kind == "code" else _MISHEARD_WORDS
        if words and rule.kind == "phone" and not (_is_dialled(items) or _is_dictated(upcoming.items)):
            return None
        return None if len(words) > most or any(word in PLAIN_WORDS for word in words) else len(words)

    def _is_year(self, item: PlacedItem) -> bool:
        if len(item.digits) != 4 or item.digits[:2] not in ("19", "20") or item.number.first == 0:
            return False
        before = self._turns[item.turn].tokens[item.number.first - 1].text
        return item.number.starts or before in _BEFORE_YEARS


def _is_enough(rule: _Rule, digits: str) -> bool:
    if rule.kind == "card":
        return is_card(digits)
    if rule.kind == "id" and len(digits) == 9 and is_israeli_id(digits):
        return True
    if rule.kind == "phone" and len(digits) == 9:
        return digits[0] == "0" and digits[1] not in "57"
    return len(digits) >= rule.enough


def _is_dialled(items: Sequence[PlacedItem]) -> bool:
    """Whether a number begins as one is dialled; else it may be the model and the price of a telephone."""
    return items[0].digits[0] == "0" or _is_dictated(items)


def _is_dictated(items: Sequence[PlacedItem]) -> bool:
    return all(item.number.form in ("digit", "repeat") for item in items)


def _is_quantity(item: PlacedItem) -> bool:
    """Whether it was said as a quantity that is no year: "two hundred", "four thousand"."""
    return item.number.form == "quantity" and len(item.digits.rstrip("0")) <= 2


def with_letters(turn: ReadTurn, first: int, last: int) -> tuple[int, int]:
    """The characters of tokens `first` to `last` with the letters spelled or glued around them."""
    low, high = first, last
    while low > 0 and first - low < _MOST_LETTERS and _is_letters(turn, low - 1, low):
        low -= 1
    while high + 1 < len(turn.tokens) and high - last < _MOST_LETTERS and _is_letters(turn, high + 1, high):
        high += 1
    return turn.tokens[low].start, turn.tokens[high].end


def _is_letters(turn: ReadTurn, index: int, beside: int) -> bool:
    token, other = turn.tokens[index], turn.tokens[beside]
    if token.kind == "digits":
        return min(abs(token.end - other.start), abs(token.start - other.end)) == 0
    if token.kind != "word":
        return False
    if len(token.text) == 1:
        return token.text not in ("a", "i") or turn.text[token.start].isupper()
    glued = min(abs(token.end - other.start), abs(token.start - other.end)) == 0
    return token.text.isascii() and (
        glued or (len(token.text) <= 5 and turn.text[token.start : token.end].isupper())
    )


def _next_of_party(runs: Sequence[Run]) -> dict[int, int]:
    """For every run the next one of the same party."""
    following: dict[int, int] = {}
    latest: dict[str, int] = {}
    for number, run in enumerate(runs):
        if run.party in latest:
            following[latest[run.party]] = number
        latest[run.party] = number
    return following
