"""The same Hebrew call with another man or woman in it: what is said of one party, or to it.

Who a gendered word is about follows from the pronoun before it, who speaks, and whether people or things are
said to do it. What cannot be told stays as it is: a word less changed is better than a wrong one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.fairness.names import MEN, WOMEN, as_sex, split
from benchmarks.fairness.text import Line, Words, word_set

_FILE = Path(__file__).with_name("hebrew_gender.toml")
_TABLE = tomllib.loads(_FILE.read_text(encoding="utf-8"))
_PREFIX = re.compile("^(ו?ש|ו?כש|ו|אז|ש)$")
_REACH = 3
_MEMORY = 8
_SELF, _OTHER, _THIRD = "self", "other", "third"


_FINALS = str.maketrans("ךםןףץ", "כמנפצ")


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


def _longer(words: str, letter: str) -> dict[str, str]:
    return {word: word[:-1] + word[-1].translate(_FINALS) + letter for word in words.split()}


_SAID = (
    _longer(_TABLE["with_t"], "ת")
    | _longer(_TABLE["with_h"], "ה")
    | {word: word for word in _TABLE["alike"].split()}
    | _pairs(_TABLE["pairs"])
)
_ASKED = _pairs(_TABLE["future"]) | _pairs(_TABLE["asked"])
_OF_THINGS = _pairs(_TABLE["future_of_things"])
_THINGS = frozenset(_TABLE["of_things"].split())
_PERSONAL = frozenset(_SAID) - _THINGS - frozenset(_TABLE["alike"].split())
_BETWEEN = frozenset(_TABLE["between"].split())
_OTHERS = frozenset(_TABLE["others"].split())
_TITLES = _pairs(_TABLE["titles"])
_ALWAYS = ("אליך", "עליך", "אחריך", "לפניך")
_NEVER_OWN = frozenset((*_ALWAYS, *(_SAID[word] for word in _ALWAYS)))
_FIRST_PERSON = re.compile("^(?!ש?תי$|ל|מ)[א-ת]{2,}תי$")
_NOT_VERBS = word_set("אשתי בתי אחותי ביתי דירתי דעתי עצמי חברתי משפחתי תשתי לדעתי")
"""Words in "תי" that are no verbs."""


def _flipped(pairs: dict[str, str], *, to_woman: bool) -> dict[str, str]:
    return pairs if to_woman else {woman: man for man, woman in pairs.items()}


class HebrewGender:
    """Makes one party a woman, or a man.

    Parameters
    ----------
    party : str
        Whose gender: `agent` or `customer`.
    to_woman : bool
        Which.
    """

    def __init__(self, party: str, *, to_woman: bool) -> None:
        self._party = party
        self._to_woman = to_woman
        self._said = _flipped(_SAID, to_woman=to_woman)
        self._asked = _flipped(_ASKED, to_woman=to_woman)
        self._of_things = _flipped(_OF_THINGS, to_woman=to_woman)
        self._titles = _flipped(_TITLES, to_woman=to_woman)
        self._personal = _PERSONAL if to_woman else frozenset(_SAID[word] for word in _PERSONAL)

    def __call__(self, lines: Sequence[Line]) -> list[Line]:
        """The call with that party's words, and words to it, of that gender."""
        said = [Line(line.role, self._turn(line)) for line in lines]
        return as_sex(said, "he", self._party, WOMEN if self._to_woman else MEN)

    def _turn(self, line: Line) -> str:  # noqa: PLR0912 - one word after the other, each for one reason
        words = Words(line.text)
        own = line.role == self._party
        about = _SELF if own else _OTHER
        subject, near, behind = "", 0, 99
        for at, word in enumerate(words.texts):
            before, bare = _without_prefix(word, self._known)
            told = _pronoun(words.texts, at)
            if told:
                subject, near, behind = told, _REACH, 0
                if told == _OTHER and not own:
                    words.put(at, word[: word.rindex("את")] + ("את" if self._to_woman else "אתה"))
                continue
            behind += 1
            if bare in self._titles:
                if (at > 0 and words.texts[at - 1] in _OWN_NAME) == own:
                    words.put(at, self._title(words.texts, at))
                continue
            if bare in _INTRODUCING and _names(words.texts, at):
                if own and bare in self._said:
                    words.put(at, before + self._said[bare])
                continue
            if _third(word):
                subject, near = _THIRD, 0
            elif _FIRST_PERSON.match(bare) and bare not in _NOT_VERBS:
                subject, near, behind = _SELF, 0, 0
            elif not own and (found := self._addressed(words.texts, at, bare, subject)):
                words.put(at, before + found)
                subject, near, behind = _OTHER, 0, 0
            elif bare in self._said and before in ("", "ו") and bare not in _NEVER_OWN:
                if self._about(words.texts, at, bare, before, subject, near, behind) == about:
                    words.put(at, before + self._said[bare])
                if subject in (_SELF, _OTHER):
                    near, behind = _REACH, 0
            elif word not in _BETWEEN:
                near = 0
        return words.text

    def _title(self, words: Sequence[str], at: int) -> str:
        after = words[at + 1] if at + 1 < len(words) else ""
        alone = not after or after.startswith("ה") or after in _BETWEEN or len(after) < 3 or after == "לאט"
        return "אדוני" if alone and not self._to_woman else self._titles[words[at]]

    def _known(self, word: str) -> bool:
        return word in self._said or word in self._asked or word in self._of_things

    def _addressed(self, words: Sequence[str], at: int, bare: str, subject: str) -> str | None:
        """What is said to the party, in the other gender."""
        if bare in _ALWAYS or (not self._to_woman and bare in self._said and bare.endswith("ייך")):
            return self._said.get(bare)
        if bare in self._of_things and (not self._to_woman or subject == _OTHER):
            owed = at + 1 < len(words) and words[at + 1] in ("לך", "לי", "לכם", "לנו")
            return None if owed and self._to_woman else self._of_things[bare]
        if bare not in self._asked:
            return None
        # "היא תשלח" and "המערכת תשלח" say the same of somebody else.
        told = words[at] != bare or (at > 0 and words[at - 1] == "אל")
        other = self._to_woman and bare[0] == "ת" and subject == _THIRD and not told
        return None if other else self._asked[bare]

    def _about(
        self, words: Sequence[str], at: int, bare: str, before: str, subject: str, near: int, behind: int
    ) -> str:
        """Whom a word is about."""
        if subject == _THIRD:
            return _THIRD
        if subject and (near > 0 or (before == "ו" and behind <= _MEMORY)):
            return subject
        if bare not in self._personal:
            return ""
        if subject and behind <= _MEMORY:
            return subject
        opens = all(one in _BETWEEN or one in ("טוב", "אוקיי", "אז", "כן", "אה") for one in words[:at])
        asks = at + 1 < len(words) and words[at + 1] in ("מה", "אותי")
        return _SELF if opens and not asks else ""


_OWN_NAME = word_set("מדבר מדברת זה זאת כאן אני שמי")
_INTRODUCING = frozenset(("מדבר", "מדברת"))


def _names(words: Sequence[str], at: int) -> bool:
    """Whether the speaker says at this word who speaks: "מדברת דנה", "רון מדבר"."""
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if _YOU.match(before) or _YOU_WOMAN.match(before) or before == "מי":
        return False
    return bool(split(after, "he")[1] or (split(before, "he")[1] and not after))


def _without_prefix(word: str, known: object) -> tuple[str, str]:
    for size in (0, 1, 2, 3):
        before, bare = word[:size], word[size:]
        if (not before or _PREFIX.match(before)) and known(bare):  # type: ignore[operator]
            return before, bare
    return "", word


_BEFORE_PRONOUN = "(ו|ש|כש|וש|וכש)?"
_I = re.compile(f"^{_BEFORE_PRONOUN}אני$")
_YOU = re.compile(f"^{_BEFORE_PRONOUN}אתה$")
_YOU_WOMAN = re.compile(f"^{_BEFORE_PRONOUN}את$")
_TOLD_TO_A_WOMAN = frozenset((*_ASKED.values(), *_OF_THINGS.values()))
_FEMININE = frozenset(_SAID.values())
_FOLLOWS = _BETWEEN | word_set("מ ב בבית בעבודה לבד עם אצל בטוחה איתי רגע צודקת")
_THINGS_FOLLOW = word_set("זה זאת זו כל כולם כולו מה מי אותו עצמי עצמך שני שתי שלושת המספר הכל הכול")


def _pronoun(words: Sequence[str], at: int) -> str:
    """Whose pronoun a word is: the speaker's, the other's, or none; "את" also marks an object."""
    if _I.match(words[at]):
        return _SELF
    if _YOU.match(words[at]):
        return _OTHER
    if not _YOU_WOMAN.match(words[at]):
        return ""
    if at + 1 == len(words):
        return _OTHER
    after = words[at + 1]
    if after in _FEMININE or after in _PAST_SAID or after in _TOLD_TO_A_WOMAN:
        return _OTHER
    if after in _THINGS_FOLLOW or after.startswith("ה"):
        return ""
    return _OTHER if after in _FOLLOWS else ""


_PAST_SAID = word_set(
    "אמרת הזמנת שילמת קנית עשית ראית קיבלת היית התקשרת שלחת ביקשת רצית חשבת לקחת ניסית פתחת העברת ביטלת "
    "שמעת טענת שמת כתבת הגעת החלפת סגרת דיברת נכנסת יצאת חיכית מצאת הבאת בדקת ידעת עברת ירדת גרת צילמת "
    "תופתעי יכולת צריכה"
)


def _third(word: str) -> bool:
    """Whether somebody else, or a thing, is spoken of from here on."""
    if word in _OTHERS or (word.startswith("ש") and word[1:] in _OTHERS):
        return True
    bare = word[1:] if word[0] in "שו" else word
    return bare.startswith("ה") and len(bare) > 3 and bare not in _FEMININE and bare not in _NOT_NOUNS


_NOT_NOUNS = word_set(
    "הולך הולכת הכי היום הבנתי הייתי האם הרבה הזמן הזה הזאת הנה הרגע היה הייתה הזמנתי החזרתי העברתי הלכתי "
    "הגעתי הוספתי השארתי הגשתי החלפתי הדלקתי הפעלתי הורדתי הוצאתי הקפאתי הבאתי הסתכלתי הצלחתי הארכתי "
    "הזמנת העברת הגעת החלפת הבאת"
)


def parties() -> Iterator[tuple[str, HebrewGender]]:
    """Every swap with its name."""
    for party in ("agent", "customer"):
        for name, to_woman in (("woman", True), ("man", False)):
            yield f"{party} a {name}", HebrewGender(party, to_woman=to_woman)
