"""Who a call is with: the names a customer gives, and where an agent calls them by one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from speechqa.core.masks import is_masked
from speechqa.criteria import english, hebrew
from speechqa.criteria.calltext import CallText, Hit, Line
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import Token
from speechqa.criteria.word_tables import word_set

_NAME_WORDS = 3
_ANSWER_WORDS = 8
_PERHAPS_LINES = 2
_OPENING_LINES = 3
_ANSWERED_WITHIN = 2
_NUMBER_WORDS = 2
_SAYS_MORE = 2
_SHORT_LINE = 14
# What may stand behind a name that is given in passing: "it's Anna from the bakery".
_BEHIND = word_set(
    "here calling speaking from again about at i and we ringing phoning my the "
    "אני רציתי רוצה אנחנו מ ו כאן פה לגבי בקשר"
)
# What a name is spoken to somebody behind: "thanks Anna", "so Anna".
_LEADS = word_set(
    "thanks thank you okay right so well hi hello hey lovely great perfect brilliant sorry now and but sure "
    "yes no morning afternoon evening bye oh ah then good fine welcome course goodbye spot on problem "
    "grand cheers alright aye absolutely certainly cool awesome gotcha understood brilliant super "
    "יאללה ברור אחלה סבבה וואלה בכיפ נהדר מקסימ לגמרי "
    "סגור מצאתי מאומת נכונ אימתתי אינ "
    "תודה אוקיי אוקי טוב אז שלום היי בסדר מעולה יופי מצוינ כנ לא סליחה נו אהלנ בטח בעיה נעימ מאוד ביי"
)

_TO_SOMEBODY = word_set(
    "you your i we that it so if do what can could let shall please thank how is "
    "אני אנחנו אתה את אתמ יש זה מה אז בוא בואי רק אמ אפשר"
)
_HEBREW_IS = word_set("אני זה זאת זו כאנ פה מדבר מדברת שמי שמ קוראימ לי")
_HERE_YOU_ARE = word_set("there here you we are is that it spot on")
_OF_OTHERS = word_set("she he his her who היא הוא הם שלו שלה")
_OF_SOMEBODY_ELSE = _OF_OTHERS | word_set(
    "from is will has who at in of runs can does not says said wants was would and or לא אמר אמרה הוא היא"
)
_YOU = word_set("you your yours לך לכ שלך שלכ אתה אתכ אותכ בשבילכ אליכ")
_SPOKEN_TO = frozenset({"us", "me", "you", "them"})
"""Behind these no name is asked for or read back: "so patient with us Ted", "for you Andrea"."""
_I_AM = (("i", "am"), ("this", "is"))
_PARTS_WITH = word_set("bye goodbye thanks care yourself cheers morning night evening")


class Names(dict[str, int]):
    """Words of names, each with the position of the line in which it is first said."""


def customer_names(text: CallText) -> Names:
    """The words of names that the customer gives, asked for or not."""
    found = Names()
    own = {token.text for token in _agents_own(text)}
    for line in text.of("customer"):
        for token in _given(text, line):
            if token.text not in own:
                found.setdefault(token.text, line.position)
    return found


def called_by_name(text: CallText, names: Names) -> Iterator[Hit]:
    """Where the agent calls the customer by a name; one that is only read back to be checked is none."""
    own = {token.text for token in _agents_own(text)}
    for line in text.of("agent"):
        for place, token in enumerate(line.tokens):
            if (
                _is_titled(text, line, place, names)
                or _is_called(text, line, place, token, names)
                or (line.position > 0 and _is_unasked(text, line, place))
                or (line.position > 0 and _is_first(text, line, place, own))
            ):
                yield Hit(line, Span(place, place), "name")
                break


def named_lines(text: CallText) -> frozenset[int]:
    """Places of the lines in which the agent calls the customer by name."""
    return frozenset(hit.line.position for hit in called_by_name(text, customer_names(text)))


def _given(text: CallText, line: Line) -> Iterator[Token]:
    """Words of names in a customer's line."""
    for span in line.hits.get("gives_name", ()):
        yield from _behind(text, line, span.last + 1, sure=True)
    if line.position <= _opening(text):
        for span in line.hits.get("gives_name_perhaps", ()):
            yield from _perhaps(text, line, span.last + 1)
        yield from _said_in_passing(text, line)
    asked = _asked(text, line)
    short = len(line.tokens) <= _NAME_WORDS
    if asked is not None and (asked.has("asks_name") or short or _has_number(line)):
        sure = short and asked.has("asks_name")
        tokens = [token for token in line.tokens if _may_be_name(text, token, short=sure)]
        yield from tokens[:_NAME_WORDS] if len(line.tokens) > _ANSWER_WORDS else tokens
    yield from _full_names(text, line)
    yield from _spoken_back(text, line)


def _said_in_passing(text: CallText, line: Line) -> Iterator[Token]:
    """A first name and what stands behind it, said amid the matter: "about the pool I'm Andrea Voss"."""
    words = [token.text for token in line.tokens]
    for place in range(2, len(words)):
        if tuple(words[place - 2 : place]) in _I_AM and _is_first_name(text, line.tokens[place]):
            yield from _perhaps(text, line, place)


def _spoken_back(text: CallText, line: Line) -> Iterator[Token]:
    """Words in no phrase of the customer's first lines, with which the agent begins to speak to them."""
    if line.position > _opening(text):
        return
    before = ""
    for token in line.tokens:
        # In Hebrew any verb may be in no phrase, so that the word must also stand where a name does.
        fits = not hebrew.is_hebrew(token.text) or before in _HEBREW_IS
        if (
            fits
            and _may_be_name(text, token)
            and any(_addressed(other, token.text) for other in text.of("agent", line.position + 1))
        ):
            yield token
        before = token.text


def _addressed(line: Line, word: str) -> bool:
    for place, token in enumerate(line.tokens):
        if token.text == word and not _checked(line, Span(place, place)):
            behind = line.tokens[place + 1].text if place + 1 < len(line.tokens) else ""
            leads = all(before.text in _LEADS for before in line.tokens[:place])
            return leads and (place > 0 or behind in _TO_SOMEBODY)
    return False


def _has_number(line: Line) -> bool:
    return sum(token.number for token in line.tokens) >= _NUMBER_WORDS or is_masked(line.source.text)


def _full_names(text: CallText, line: Line) -> Iterator[Token]:
    """Two words side by side that are in no phrase, and that the agent says side by side too."""
    for pair in pairwise(line.tokens):
        if not all(_may_be_name(text, token) for token in pair):
            continue
        said = [token.text for token in pair]
        for other in text.of("agent", line.position + 1):
            if any([one.text, two.text] == said for one, two in pairwise(other.tokens)):
                yield from pair
                break


def _opening(text: CallText) -> int:
    first = [line.position for _, line in zip(range(_OPENING_LINES), text.of("customer"), strict=False)]
    return first[-1] if first else -1


def _asked(text: CallText, line: Line) -> Line | None:
    """The agent's line just before that asks who the customer is."""
    before = text.of("agent", line.position - _ANSWERED_WITHIN, line.position)
    return next((one for one in before if one.has("asks_name", "identity")), None)


def _behind(text: CallText, line: Line, first: int, *, sure: bool) -> list[Token]:
    """The words of a name from token `first` on; `sure` takes words that are also others ("Grace")."""
    words: list[Token] = []
    for token in line.tokens[first : first + _NAME_WORDS]:
        if text.lexicon.in_class(token, "title") and not words:
            continue
        if token.number or _is_function(token.text) or not (sure or _may_be_name(text, token)):
            break
        words.append(token)
    return words


def _perhaps(text: CallText, line: Line, first: int) -> list[Token]:
    words = _behind(text, line, first, sure=False)
    end = first + len(words)
    follows = line.tokens[end].text if end < len(line.tokens) else ""
    return words if len(words) > 1 or (words and (not follows or follows in _BEHIND)) else []


def _may_be_name(text: CallText, token: Token, *, short: bool = False) -> bool:
    if token.number or len(token.text) < 2 or _is_function(token.text):
        return False
    if short:
        return not text.lexicon.in_class(token, "listener")
    return _is_first_name(text, token) or not text.lexicon.knows(token)


def _is_first_name(text: CallText, token: Token) -> bool:
    """Whether the word stands among first names as it is, without a prefix that would say of whom."""
    return text.lexicon.is_word_of(token, "first_name")


@cache
def _is_function(word: str) -> bool:
    return word in english.FUNCTION or word in english.COMMON or word in hebrew.FUNCTION


def _agents_own(text: CallText) -> Iterator[Token]:
    """What the agent says of themselves in the opening, their own name among it."""
    for line in [one for _, one in zip(range(1), text.of("agent"), strict=False)]:
        yield from line.tokens


def _is_titled(text: CallText, line: Line, place: int, names: Names) -> bool:
    """Whether a name stands there behind a title, and is said to somebody, not of somebody."""
    token = line.tokens[place]
    if place == 0 or not text.lexicon.in_class(line.tokens[place - 1], "title"):
        return False
    if token.number or _is_function(token.text) or text.lexicon.in_class(token, "title"):
        return False
    if text.lexicon.knows(token) and token.text not in names:
        return False
    behind = line.tokens[place + 1].text if place + 1 < len(line.tokens) else ""
    spoken_to = not behind or behind in _TO_SOMEBODY or token.text in names
    first = place == 1 and behind not in _OF_SOMEBODY_ELSE
    leads = first or (place > 1 and all(before.text in _LEADS for before in line.tokens[: place - 1]))
    leads = leads or (behind not in _OF_SOMEBODY_ELSE and any(one.text in _YOU for one in line.tokens))
    # "To sort this out with you Mr Dacosta".
    leads = leads or (
        place > 1 and line.tokens[place - 2].text in _SPOKEN_TO and behind not in _OF_SOMEBODY_ELSE
    )
    return (leads or spoken_to) and not _checked(line, Span(place - 1, place))


def _is_first(text: CallText, line: Line, place: int, own: set[str]) -> bool:
    """Whether a first name begins or ends what is said, or stands behind what leads in with it."""
    token = line.tokens[place]
    if token.text in own or not _is_first_name(text, token) or _checked(line, Span(place, place)):
        return False
    behind = line.tokens[place + 1].text if place + 1 < len(line.tokens) else ""
    if behind in _OF_OTHERS or (place == 0 and not behind):
        return False
    before = {one.text for one in line.tokens[:place]}
    if place == 0 or before <= _LEADS:
        return place > 0 or behind in _TO_SOMEBODY or _customer_said(text, token.text, line.position)
    return not behind and (len(line.tokens) <= _SHORT_LINE or _customer_said(text, token.text, line.position))


def _customer_said(text: CallText, word: str, position: int) -> bool:
    return any(token.text == word for line in text.of("customer", 0, position) for token in line.tokens)


def _is_unasked(text: CallText, line: Line, place: int) -> bool:
    """Whether a word that can only be a name is spoken to the customer: "there you are Joyce"."""
    token = line.tokens[place]
    if place == 0 or hebrew.is_hebrew(token.text) or not _may_be_name(text, token):
        return False
    behind = line.tokens[place + 1].text if place + 1 < len(line.tokens) else ""
    if line.tokens[place - 1].text in _PARTS_WITH and not behind:
        return True
    before = {one.text for one in line.tokens[:place]}
    if before <= _LEADS:
        return not behind or behind in _TO_SOMEBODY
    return "are" in before and before <= _LEADS | _HERE_YOU_ARE and behind in _TO_SOMEBODY


def _is_called(text: CallText, line: Line, place: int, token: Token, names: Names) -> bool:
    given = names.get(token.text)
    if given is None or given >= line.position or _checked(line, Span(place, place)):
        return False
    if place + 1 < len(line.tokens) and line.tokens[place + 1].text in _OF_OTHERS:
        return False
    reply = text.next_of("agent", given)
    if reply is None or line.position > reply.position:
        return True
    # The very answer may only read the name back.
    if place and line.tokens[place - 1].text in names:
        return False
    following = line.tokens[place + 1 :]
    if following and following[0].text in names:
        return False
    if place and all(before.text in _LEADS for before in line.tokens[:place]):
        return True
    if not place and following and following[0].text in _TO_SOMEBODY:
        return True
    said = {one.text for one in text.lines[given].tokens}
    others = [one for one in line.tokens if one.text not in said and not one.number]
    return len(others) >= _SAYS_MORE


def _checked(line: Line, span: Span) -> bool:
    """Whether the words before a name say that it is checked, or that somebody else is meant."""
    if span.first > 0 and line.tokens[span.first - 1].text in _SPOKEN_TO:
        return False
    return any(one.first < span.first <= one.last for one in line.hits.get("name_checked", ()))
