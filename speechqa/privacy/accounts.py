"""IBANs, whose letters and digits stand in one text: written, spelled, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from speechqa.privacy.checks import is_iban
from speechqa.privacy.cue_words import CueIndex, CueKind
from speechqa.privacy.runs import ReadTurn, is_filler
from speechqa.privacy.spoken_numbers import NumberItem
from speechqa.privacy.tokens import Token

_SHORTEST, _LONGEST = 15, 34
_MOST_PIECE = 8
_MOST_COMPOUNDS = 12
_CUES: tuple[CueKind, ...] = ("iban", "account", "maybe_account")
_HEBREW_COUNTRY = {("אי", "אל"), ("איי", "אל")}


def find_accounts(turns: Sequence[ReadTurn], cues: CueIndex) -> list[tuple[int, int, int]]:
    """IBANs with letters or digits in any order, as turn, first token and last token.

    One whose check digits fail counts where a cue announces it.
    """
    found: list[tuple[int, int, int]] = []
    for number, turn in enumerate(turns):
        if not turn.items:
            continue
        items = {item.first: item for item in turn.items}
        index = 0
        while index < len(turn.tokens):
            if index in items or not _may_start(turn.tokens[index]):  # an "oh" is no country
                index += 1
                continue
            last, valid = _account_from(turn, items, index)
            if last is not None and (valid or cues.before(_CUES, turn.offset + index)):
                found.append((number, index, last))
                index = last
            index += 1
    return found


def _may_start(token: Token) -> bool:
    return token.kind == "word" and len(token.text) <= 2 and token.text.isascii()


def _account_from(turn: ReadTurn, items: Mapping[int, NumberItem], index: int) -> tuple[int | None, bool]:
    """The last token of what may be an IBAN from this token on, and whether it is valid."""
    account = ""
    last = index
    compounds: list[tuple[int, str, str]] = []
    while index < len(turn.tokens) and len(account) < _LONGEST:
        item = items.get(index)
        token = turn.tokens[index]
        if len(account) < 2:
            if token.kind != "word" or not token.text.isascii() or len(account + token.text) > 2:
                break
            account += token.text
            last = index
        elif item is not None and not item.doubtful:
            if item.split is not None:
                compounds.append((len(account), item.digits, item.split))
            account += item.digits
            last = item.last
        elif len(account) >= 4 and token.kind == "word" and _is_piece(turn, token):
            account += token.text
            last = index
        elif len(account) < 3 or not is_filler(token):
            break
        if _SHORTEST <= len(account) <= _LONGEST and is_iban(account.upper()):
            return last, True
        index = max(last, index) + 1
    if len(account) >= _SHORTEST and _is_split_iban(account, compounds):
        return last, True
    return (last, False) if len(account) >= _SHORTEST else (None, False)


def _is_split_iban(account: str, compounds: Sequence[tuple[int, str, str]]) -> bool:
    """Whether it is an IBAN when one or two compounds ("forty four") were two numbers (40 and 4)."""
    for count in (1, 2):
        for chosen in combinations(compounds[:_MOST_COMPOUNDS], count):
            read = account
            for place, joint, split in reversed(chosen):
                read = read[:place] + split + read[place + len(joint) :]
            if is_iban(read.upper()):
                return True
    return False


def _is_piece(turn: ReadTurn, token: Token) -> bool:
    """A letter by itself, or capitals as they are written in an account number."""
    if not token.text.isascii() or len(token.text) > _MOST_PIECE or "'" in token.text:
        return False
    return len(token.text) == 1 or turn.text[token.start : token.end].isupper()


def account_letters(turn: ReadTurn, first: int) -> tuple[str, int] | None:
    """The two letters right before token `first` and the character they start at, or None."""
    before = turn.tokens[max(0, first - 2) : first]
    if before and len(before[-1].text) == 2 and before[-1].kind == "word" and before[-1].text.isascii():
        return before[-1].text.upper(), before[-1].start
    if len(before) < 2 or before[0].kind != "word" or before[1].kind != "word":
        return None
    pair = (before[0].text, before[1].text)
    if pair in _HEBREW_COUNTRY:
        return "IL", before[0].start
    if all(len(text) == 1 and text.isascii() for text in pair):
        return "".join(pair).upper(), before[0].start
    return None
