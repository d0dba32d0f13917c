"""Whether a short number is a code, by weighing what is said around it.

A code of three to eight digits has no check digit, and people ask for it in more ways than can be listed. So
each sign counts some points for or against, and a number is masked from `ENOUGH` on. The signs are those that
a person goes by who hears the call: what the talk is about, whether the number is the whole answer to a
question, how it is said, and what else is being talked of.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from speechqa.privacy.asking import asked_digits, counts_said
from speechqa.privacy.counting import is_counted
from speechqa.privacy.phrases import word_set
from speechqa.privacy.readings import Found, digits_of_items
from speechqa.privacy.runs import ReadTurn, Run, is_filler
from speechqa.privacy.subjects import Mention, Subject, mentions
from speechqa.privacy.tokens import Token

ENOUGH = 5
"""Points from which a number is a code."""

_ABOUT: dict[Subject, tuple[int, int, int]] = {
    "code": (3, 3, 8),
    "message": (3, 4, 8),
    "sent": (2, 4, 8),
    "read": (2, 3, 8),
    "back": (3, 3, 4),
    "card": (1, 3, 4),
    "short": (2, 3, 4),
    "digits": (1, 3, 8),
}
"""Points of a subject that the talk is about, and the fewest and most digits that fit it."""

_FADED = 1
"""Points that a subject loses when it is older than the question, and when a code was given since."""

_CONFIRMED = 3
_RIGHT_BEFORE, _RIGHT_BEFORE_WITHIN = 2, 4
_WHOLE_ANSWER, _SHORT_ANSWER = 2, 1
_DICTATED, _IN_GROUPS, _SIX, _ZERO_FIRST = 2, 1, 1, 1
_SIX_DIGITS = 6
"""Digits of most one-time codes."""
_UNNAMED, _THANKED, _THANKED_WITHIN = 2, 1, 4
_JUST_AS_MANY = 3
_CUED = 5
_PLAIN, _ASIDE = -4, -2
_LAST = -4
_COUNTED, _PLACED, _YEAR, _QUANTITY, _OWN_QUESTION, _PLAIN_AFTER = -3, -2, -2, -2, -2, -2

_LEAST, _MOST = 3, 8
_FAR_WORDS, _FAR_TURNS = 40, 6
_AFTER_WORDS = 10
_SHORT_TURN = 6
_SECRET: frozenset[Subject] = frozenset({"code", "message", "sent", "read", "back"})
_LASTS = (2, 4)
"""Last digits that are asked for of a number; the last three are those on a card's back."""
_NEXT_QUESTION = word_set(
    """
    and what what's how which when where can could do did does tell ומה מה כמה בכמה מתי איזה איזו באיזה
    באיזו ואיזה וכמה ומתי איך האם
    """
)
_ORDINARY: frozenset[Subject] = frozenset({"asked", "plain"})
_NOT_ALONE: frozenset[Subject] = frozenset({"asked", "plain", "last", "elsewhere"})
_PURPOSES = word_set(
    """
    for to with about confirm regarding לגבי בקשר עבור לאישור על בנוגע
    """
)
_THANKS = word_set(
    """
    thanks thank perfect great lovely super brilliant excellent yes yep right correct done through worked
    works תודה מעולה מצוין יופי כן נכון בדיוק
    """
)
_AROUND_ANSWERS = word_set(
    """
    said in up buzzed
    says say it's its it is the number code that here there this i see have got just now hang on one
    moment second sec hold ready received came come through go reads shows showing give you can could
    looks lemme my mine thanks thank oh ah your please comes up arrived found כתוב רשום זה המספר הקוד הוא
    היא הנה פה כאן לי אני רואה יש שנייה שניה דקה עכשיו הגיע הגיעה קיבלתי מופיע אצלי רק תודה בבקשה מה אומר
    ההודעה הסיסמה קוד שלי חזרתי בדיוק סוף בסוף ככה הבנתי מצאתי understood gotcha
    """
)
_PLACING = word_set(
    """
    about around at over under until since by in for nearly almost than another from between up down
    every each בערך כמעט עד מעל מתחת בין לפני אחרי לערך סביב כל ברחוב בשעה
    """
)


class Weighing:
    """Weighs the short numbers of a call."""

    def __init__(self, turns: Sequence[ReadTurn], runs: Sequence[Run]) -> None:
        self._turns = turns
        self._runs = runs
        self._mentions = [
            mention
            for number, turn in enumerate(turns)
            for mention in mentions(turn.tokens, turn.offset, number)
        ]
        self._lasts = [mention.last for mention in self._mentions]
        self._firsts = [mention.first for mention in self._mentions]
        self._answered = [
            turn.offset + place
            for turn in turns
            for place, token in enumerate(turn.tokens)
            if token.kind == "mask" and token.text == "[code]"
        ]

    def answered(self, found: Found) -> None:
        """What was asked before a code that is known was asked for that code, and counts less for others."""
        if found.kind == "code":
            insort(self._answered, found.items[-1].last)

    def at(self, run: Run) -> list[Found]:
        """The code that a run is, if enough speaks for it."""
        if self.points(run) < ENOUGH:
            return []
        parts = [run.items]
        if self._about(run, self._last(run)) > self._about(run, _digits(run)):
            parts = [run.items[:-1], run.items[-1:]]
        return [Found("code", part, digits_of_items(part)) for part in parts]

    def allows(self, run: Run) -> bool:
        """Whether a run is a code where a cue has announced one, for all that is said against it."""
        return max(self._about(run, _digits(run)), _CUED) + self._manner(run) + self._against(run) >= ENOUGH

    def points(self, run: Run) -> int:
        """Points for a run being a code; 0 for what is too short, too long, or has a unit.

        Digits said one by one, or six of them, name something, they count nothing: where nothing else is
        talked of they may be a code though nobody speaks of one.
        """
        if run.amount:
            return 0
        about = max(self._about(run, count) for count in (_digits(run), self._last(run)))
        about = max(about, self._unnamed(run))
        return about + self._manner(run) + self._against(run) if about else 0

    def _unnamed(self, run: Run) -> int:
        """Points of a number that looks like a code where nothing else is talked of."""
        identifies = _digits(run) == _SIX_DIGITS or (_is_dictated(run) and _LEAST < _digits(run) <= _MOST)
        ordinary = any(
            mention.subject in _NOT_ALONE for mention in self._before(run) + self._right_after(run)
        )
        if not identifies or ordinary:
            return 0
        return _UNNAMED + (_THANKED if self._is_thanked(run) else 0)

    def _is_thanked(self, run: Run) -> bool:
        """Whether the other party takes a number as what was wanted: "perfect, thanks"."""
        turn = run.items[-1].turn + 1
        if turn >= len(self._turns) or self._turns[turn].party == run.party:
            return False
        return any(token.text in _THANKS for token in self._turns[turn].tokens[:_THANKED_WITHIN])

    def _last(self, run: Run) -> int:
        """Digits of the last number: on the back of a card others may stand before the code."""
        return len(run.items[-1].digits)

    def is_ordinary(self, run: Run) -> bool:
        """Whether what is named before a run in its own turn is something ordinary."""
        turn = run.items[0].turn
        return any(mention.subject in _ORDINARY and mention.turn == turn for mention in self._before(run))

    def _about(self, run: Run, count: int) -> int:
        """What the talk is about before the number, and after it in the other party's answer."""
        if not _LEAST <= count <= _MOST:
            return 0
        best: dict[Subject, int] = {}
        answer = bisect_left(self._answered, run.first) - 1
        answered = self._answered[answer] if answer >= 0 else -1
        for mention in self._before(run):
            points, least, most = _ABOUT.get(mention.subject, (0, 0, 0))
            if not least <= count <= most:
                continue
            near = mention.turn >= run.items[0].turn - 1
            points -= (0 if near else _FADED) + (_FADED if mention.last <= answered else 0)
            best[mention.subject] = max(best.get(mention.subject, 0), points)
        asked = count in self._asked(run)
        if asked:
            best["digits"] = _JUST_AS_MANY
        if not asked and not _SECRET & best.keys() and not {"card", "short"} <= best.keys():
            best.clear()
            if any(mention.subject == "code" for mention in self._after(run)):
                best["code"] = _CONFIRMED
        elif any(mention.subject == "code" for mention in self._right_after(run)):
            best["code"] = _CONFIRMED
        return sum(best.values())

    def _manner(self, run: Run) -> int:
        """How the number is said: as the whole answer, digit by digit, right after what it is."""
        items, digits = run.items, digits_of_items(run.items)
        points = 0
        others = self._others(run)
        if _is_framed(others):
            points += _WHOLE_ANSWER
        elif others is not None and len(others) <= _SHORT_TURN:
            points += _SHORT_ANSWER
        if _is_dictated(run):
            points += _DICTATED
        elif len(items) > 1:
            points += _IN_GROUPS
        points += _SIX if len(digits) == 6 else 0
        points += _ZERO_FIRST if digits[0] == "0" else 0
        secret = [mention for mention in self._before(run) if mention.subject in _SECRET]
        if (
            secret
            and run.first - secret[-1].last <= _RIGHT_BEFORE_WITHIN
            and secret[-1].turn == items[0].turn
        ):
            points += _RIGHT_BEFORE
        return points

    def _others(self, run: Run) -> list[Token] | None:
        """What else is said in the turn in which a run begins; None where that is much."""
        items = [item.number for item in run.items if item.turn == run.items[0].turn]
        tokens = self._turns[run.items[0].turn].tokens
        numbers = {place for number in items for place in range(number.first, number.last + 1)}
        if len(tokens) - len(numbers) > _FAR_WORDS:
            return None
        return [token for place, token in enumerate(tokens) if place not in numbers]

    def _against(self, run: Run) -> int:
        """Points against a code: something else is talked of, counted, or dated."""
        points = 0
        item = run.items[0]
        turn = self._turns[item.turn]
        near = [mention for mention in self._before(run) if mention.turn >= item.turn - 1]
        secret = [mention for mention in near if mention.subject in _SECRET]
        plain = [mention for mention in near if mention.subject in _ORDINARY]
        if plain and (not secret or secret[-1].turn <= plain[-1].turn):
            aside = bool(secret) and self._is_aside(secret[-1], plain[-1], own=plain[-1].turn == item.turn)
            points += _ASIDE if aside else _PLAIN
        elif plain and all(mention.subject == "back" for mention in secret if mention.turn == item.turn):
            points += _PLAIN
        others_last = any(map(self._asks_for_last, near)) and not any(
            mention.subject == "back" for mention in near
        )
        if others_last and not (secret and _digits(run) not in _LASTS):
            points += _LAST
        if secret and secret[-1].turn < item.turn and self._turns[secret[-1].turn].party == run.party:
            points += _OWN_QUESTION
        if any(mention.subject in _ORDINARY for mention in self._right_after(run)):
            points += _PLAIN_AFTER
        if is_counted(self._turns[run.items[-1].turn].tokens, run.items[-1].number.last):
            points += _COUNTED
        before = turn.tokens[item.number.first - 1].text if item.number.first else ""
        if item.number.starts or before in _PLACING:
            points += _PLACED
        if len(run.items) == 1:
            year = len(item.digits) == 4 and item.digits[:2] in ("19", "20")
            if year and not _is_framed(self._others(run)):
                points += _YEAR
            if item.number.form == "quantity":
                points += _QUANTITY
        return points

    def _is_aside(self, secret: Mention, plain: Mention, *, own: bool) -> bool:
        """Whether the ordinary subject was named before the secret one, or only says what that is for.

        In a question what follows belongs to what is asked for ("the code to complete the order") unless
        another question begins; of words right before a number ("the message says the bill is") not.
        """
        if plain.first < secret.first:
            return True
        if plain.turn != secret.turn:
            return False
        turn = self._turns[plain.turn]
        tokens = turn.tokens[secret.last + 1 - turn.offset : plain.first - turn.offset + 1]
        words = {token.text for token in tokens}
        return bool(words & _PURPOSES) if own else not words & _NEXT_QUESTION

    def _asks_for_last(self, mention: Mention) -> bool:
        """Whether the last digits of a number are asked for; where they are said with it, they are not."""
        if mention.subject != "last":
            return False
        turn = self._turns[mention.turn]
        after = mention.last + 1 - turn.offset
        return not any(item.first in (after, after + 1) for item in turn.items)

    def _asked(self, run: Run) -> set[int]:
        turn = run.items[0].turn
        first = run.items[0].number.first
        own = self._turns[turn].tokens[max(0, first - _FAR_WORDS) : first]
        asked = counts_said(own)
        if turn and self._turns[turn - 1].party != run.party:
            known = asked_digits(self._turns[turn - 1].tokens[-_FAR_WORDS:])
            asked |= set() if known is None else {known}
        return asked

    def _before(self, run: Run) -> list[Mention]:
        """What was named before a run, not too long ago."""
        high = bisect_left(self._lasts, run.first)
        low = bisect_left(self._lasts, run.first - _FAR_WORDS)
        oldest = run.items[0].turn - _FAR_TURNS
        return [mention for mention in self._mentions[low:high] if mention.turn >= oldest]

    def _right_after(self, run: Run) -> list[Mention]:
        """What is named within a few words after a run, with no sign in between."""
        item = run.items[-1]
        following = self._turns[item.turn].tokens[item.number.last + 1 :][:1]
        if not following or not following[0].tight:
            return []
        low, high = (bisect_right(self._firsts, run.last + near) for near in (0, _RIGHT_BEFORE_WITHIN))
        return [mention for mention in self._mentions[low:high] if mention.turn == item.turn]

    def _after(self, run: Run) -> list[Mention]:
        """What is named right after in the same turn, or in the other party's."""
        own = self._right_after(run)
        turn = run.items[-1].turn + 1
        if turn >= len(self._turns) or self._turns[turn].party == run.party:
            return own
        start = self._turns[turn].offset
        low, high = bisect_left(self._firsts, start), bisect_right(self._firsts, start + _AFTER_WORDS)
        return own + [mention for mention in self._mentions[low:high] if mention.turn == turn]


def _digits(run: Run) -> int:
    return sum(len(item.digits) for item in run.items if not item.number.doubtful)


def _is_dictated(run: Run) -> bool:
    return all(item.number.form in ("digit", "repeat") or len(item.digits) == 1 for item in run.items)


def _is_framed(others: Sequence[Token] | None) -> bool:
    """Whether no more is said around a number than people say around an answer."""
    return others is not None and all(is_filler(token) or token.text in _AROUND_ANSWERS for token in others)
