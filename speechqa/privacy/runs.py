"""Dictated numbers of a call: numbers in a row, across fillers and the other party's "mm" and echoes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from speechqa.privacy.counting import UNITS
from speechqa.privacy.cue_words import Cue, find_cues
from speechqa.privacy.spoken_numbers import NumberItem, number_items
from speechqa.privacy.subjects import mentions
from speechqa.privacy.tokens import Token, tokenize
from speechqa.privacy.written_numbers import BREAKING

MOST_FILLERS = 4
"""Fillers in a row that do not end a dictated number."""

MOST_OTHER_WORDS = 4
"""Words, apart from numbers, that the other party may say between two groups of a dictated number."""

MOST_OTHER_TURNS = 3


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLERS = _words(
    """
    uh um er erm ah hmm mm mhm hm and then so okay ok yes yeah yep right sure next comma dash hyphen
    space slash not i mean actually scratch meant correction let me see
    it's that's sorry like well no wait again followed by got it please alright one's
    digits digit check אה אהה אהמ אמ אממ ממ ו אז אוקיי אוקי כן טוב בסדר רגע ואז ואחר ואחרי אחר כך אחרי זה מקף
    רווח נו יופי הנה סליחה עוד פעם שוב ספרות ספרה ביקורת ואחריו המשך ממשיך ממשיכה לא
    תיקון כלומר בעצם התכוונתי מתכוון מתכוונת
    """
)
_CORRECTIONS = _words(
    "sorry no not wait mean actually scratch correction meant oops "
    "לא סליחה רגע תיקון כלומר בעצם התכוונתי אופס"
)
PLAIN_WORDS = _words(
    """
    the a an was is are were be been in on with since until from of my your his her their our than by at per
    or but about over under because when which has have had cost costs bill paid pay expires expiry
    i've i'm i'll we you he she they that this there can
    will would do want need just only get got kids people
    של את מאז עד עם על היה היתה הייתה היו או אבל כי בגלל אין זה לפני אחרי במקום בערך שילמתי
    אני הוא היא אנחנו אפשר צריך צריכה רוצה לי לך גם רק עוד
    """
)
"""Words that nobody hears for a digit: a number does not go on behind them."""

_DIGITS = _words("digit digits ספרות ספרה")


class PlacedItem(NamedTuple):
    """A number with its turn, its characters in the turn's text and its words counted over the call."""

    turn: int
    start: int
    end: int
    first: int
    last: int
    number: NumberItem

    @property
    def digits(self) -> str:
        """The number's digits."""
        return self.number.digits


class ReadTurn(NamedTuple):
    """A turn's text with its tokens, numbers and cues; `offset` is the count of words before it."""

    party: str
    text: str
    tokens: list[Token]
    items: list[NumberItem]
    offset: int


class Run(NamedTuple):
    """Numbers that one party said in a row; `amount` marks a price, a date, a time or a phone number."""

    party: str
    items: tuple[PlacedItem, ...]
    amount: bool = False

    @property
    def first(self) -> int:
        """Its first word, counted over the call."""
        return self.items[0].first

    @property
    def last(self) -> int:
        """Its last word, counted over the call."""
        return self.items[-1].last


def read_turns(turns: Iterable[tuple[str, str]]) -> tuple[list[ReadTurn], list[Cue]]:
    """Tokens, numbers and cues of turns given as party and text."""
    found: list[ReadTurn] = []
    cues: list[Cue] = []
    offset = 0
    for party, text in turns:
        tokens = tokenize(text)
        found.append(ReadTurn(party, text, tokens, number_items(text, tokens), offset))
        cues.extend(find_cues(tokens, offset))
        offset += len(tokens)
    return found, cues


def find_runs(turns: Sequence[ReadTurn]) -> list[Run]:
    """All runs of a call in the order in which they start."""
    parties: dict[str, list[int]] = {}
    for index, turn in enumerate(turns):
        parties.setdefault(turn.party, []).append(index)
    runs: list[Run] = []
    for indices in parties.values():
        runs.extend(_Builder(turns).build(indices))
    return sorted(runs, key=lambda run: run.first)


class _Builder:
    """Joins one party's numbers to runs."""

    def __init__(self, turns: Sequence[ReadTurn]) -> None:
        self._turns = turns
        self._runs: list[Run] = []
        self._open: list[PlacedItem] = []
        self._party = ""

    def build(self, indices: Sequence[int]) -> list[Run]:
        """The runs in the turns with these indices."""
        previous: int | None = None
        for index in indices:
            turn = self._turns[index]
            self._party = turn.party
            if self._open and not (previous is not None and self._carries_on(previous, index)):
                self._close()
            self._turn(index, turn)
            previous = index
        self._close()
        return self._runs

    def _close(self) -> None:
        if self._open:
            self._runs.append(Run(self._party, tuple(self._open)))
            self._open = []

    def _turn(self, index: int, turn: ReadTurn) -> None:
        position = 0
        dialled = False
        for number in turn.items:
            between = turn.tokens[position : number.first]
            ordinary = number.form == "plain" and len(number.digits) > 1 and any(map(is_correction, between))
            if number.starts or ordinary or not _only_fillers(turn.tokens, position, number.first):
                self._close()
            item = PlacedItem(
                index,
                turn.tokens[number.first].start,
                turn.tokens[number.last].end,
                turn.offset + number.first,
                turn.offset + number.last,
                number,
            )
            # What follows "+33 " in groups is still the phone number.
            dialled = _is_dialled(turn, item) or (
                dialled and number.first == position and turn.tokens[number.first].tight
            )
            following = number.last + 1
            word = turn.tokens[following].text if following < len(turn.tokens) else ""
            # "Three digits" begins no number, though "digits" may stand in the middle of one.
            unit = word in UNITS or (word in _DIGITS and not self._open)
            if number.form in BREAKING or unit or dialled:
                self._close()
                self._runs.append(Run(turn.party, (item,), amount=True))
            else:
                self._open.append(item)
            position = following
        if not _only_fillers(turn.tokens, position, len(turn.tokens)):
            self._close()

    def _carries_on(self, previous: int, index: int) -> bool:
        """Whether what others said between two turns of a party lets a dictated number go on."""
        between = self._turns[previous + 1 : index]
        if len(between) > MOST_OTHER_TURNS:
            return False
        for turn in between:
            counted = sum(item.last - item.first + 1 for item in turn.items)
            if len(turn.tokens) - counted > MOST_OTHER_WORDS:
                return False
            if any(mention.subject == "asked" for mention in mentions(turn.tokens, 0, 0)):
                return False
        return True


def _is_dialled(turn: ReadTurn, item: PlacedItem) -> bool:
    return item.start > 0 and turn.text[item.start - 1] == "+"


def _only_fillers(tokens: Sequence[Token], start: int, end: int) -> bool:
    if end - start > MOST_FILLERS:
        return False
    return all(is_filler(token) for token in tokens[start:end])


def is_filler(token: Token) -> bool:
    """Whether a word says nothing that ends a dictated number."""
    return token.kind == "word" and token.text in _FILLERS


def is_correction(token: Token) -> bool:
    """Whether a word takes back what was said before it."""
    return token.kind == "word" and token.text in _CORRECTIONS
