"""E-mail addresses, written and spoken: "dana at gmail dot com", "דנה שטרודל ג'ימייל נקודה קום"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from speechqa.privacy.runs import ReadTurn
from speechqa.privacy.spoken_numbers import NumberItem
from speechqa.privacy.tokens import Token

# What stands before an @ is matched backwards from it: forwards, each letter of a long word would be a start
# from which the whole word is gone through again.
_LOCAL_BACKWARDS = re.compile(r"\s?[\w+%-]++(?:\.[\w+%-]++){0,8}")
_PLAIN_LOCAL_BACKWARDS = re.compile(r"[\w.+%-]++")
_DOMAIN = re.compile(r"\s?[\w-]++(?:\s?\.\s?[\w-]{2,}){1,5}")
_PLAIN_DOMAIN = re.compile(r"[\w-]++")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AT = _words("at את שטרודל כרוכית אט שטרודעל שטרודול strudel")
_SURE_AT = _words("שטרודל כרוכית שטרודעל שטרודול strudel")
_IN = "ב"
_JOINED = (".", "_", "-")
_AT_AS_HEARD = "את"
"""An "at" as recognisers write it; else it stands before every object."""
_DOT = _words("dot point period נקודה דוט נקודת")
_JOINTS = _DOT | _words("underscore dash hyphen minus plus underline low קו תחתון מקף מינוס פלוס אנדרסקור")
_PROVIDERS = _words(
    """
    gmail googlemail hotmail outlook yahoo walla icloud proton protonmail aol live msn me mail zahav bezeqint
    netvision gmx ג'ימייל גימייל גמייל ג׳ימייל הוטמייל אאוטלוק אווטלוק יאהו וואלה ואלה וולה אייקלאוד נטוויזן
    """
)
_NO_HOST_ALONE = frozenset({"me"})
"""Nobody gives an address at it without its ending, and many a caller was "yelled at me"."""
_WORDS_TOO = _words("live mail")
_ENDINGS = _words(
    """
    com co net org il edu gov uk info biz io de fr eu us me tv ac mail קום קו נט אורג איל il ישראל קאם יו גוב
    """
)
_BEFORE = _words(
    """
    is it's its it email e-mail emails mail mails address addresses to my your his her our their the yes yeah
    sure okay ok so and on with use using send sent under for a an um uh er hmm well that's that this was will
    be would you me please of from correct right no sorry wait again spell spelled spelt at by in
    or call but phone number write
    writing either i'm im got
    הוא היא זה מייל המייל אימייל האימייל במייל למייל דואל הדואל כתובת הכתובת כתובתי שלי שלך שלו שלה את אל כן
    טוב בסדר אוקיי אז אה אממ לשלוח תשלחי תשלח שלחו אלי אליי עם נכון לא סליחה רגע שוב אני
    """
)
_PLACES = _words(
    """
    look looked looking looks available online shop shopping visit find found go going us website site page
    up our homepage log login everything everyone anything people work works worked working stay
    check order ordered
    """
)
_CUES = _words("email e-mail mail mails address אימייל מייל המייל דואל במייל למייל האימייל כתובת")
_LINKS = _words("as in like for double one word all lowercase capital uppercase letter האות כמו אותיות")
_SIGNS = {"underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+", "מקף": "-", "מינוס": "-"}
_MOST_PLAIN = 3
_MOST_LOCAL = 40
_MOST_BEFORE_PLACE = 4
_MOST_LABEL = 3
_CUE_REACH = 25


class FoundEmail(NamedTuple):
    """Characters `start` to `end` of a turn that hold an address or a part of one; `address` where known."""

    turn: int
    start: int
    end: int
    address: str | None = None


def find_emails(turns: Sequence[ReadTurn]) -> list[FoundEmail]:
    """All addresses of a call, one entry a turn."""
    found: list[FoundEmail] = []
    for number, turn in enumerate(turns):
        written = list(_written(turn, number)) if "@" in turn.text else []
        found.extend(written)
        ends = [entry.end for entry in written]
        numbers: dict[int, NumberItem] | None = None
        for at, domain_end in _domains(turn):
            place = bisect_right(ends, turn.tokens[at].start)
            if place < len(written) and written[place].start <= turn.tokens[at].start:
                continue
            numbers = {item.first: item for item in turn.items} if numbers is None else numbers
            last = _written_end(turn, domain_end)
            first = _local_start(turn, at)
            sure = turn.tokens[at].text in _SURE_AT or _cued(turns, number, at)
            if turn.tokens[at].text == _AT_AS_HEARD and not sure:
                continue
            host = "".join(token.text for token in turn.tokens[at + 1 : domain_end + 1])
            if host in _NO_HOST_ALONE or (host in _WORDS_TOO and not sure):
                continue
            if first == at and at == 0:
                before = _piece_before(turns, number)
                if before is None:
                    continue
                found.append(before)
            elif first == at or (not sure and _is_place(turn.tokens, at)):
                continue
            start, end = turn.tokens[first].start, turn.tokens[last].end
            address = None
            if first < at:
                local = _joined(turn.tokens, first, at, numbers)
                address = f"{local}@{_joined(turn.tokens, at + 1, last + 1, numbers)}"
            found.append(FoundEmail(number, start, end, address))
    return found


def _written(turn: ReadTurn, number: int) -> Iterator[FoundEmail]:
    """Addresses with their sign, and what was spelled right before one."""
    starts = [token.start for token in turn.tokens]
    for begin, end in written_addresses(turn.text):
        start = begin
        place = bisect_left(starts, start)
        if 0 < place < len(starts) and turn.tokens[place - 1].text in _JOINTS:
            start = turn.tokens[_local_start(turn, place)].start
        yield FoundEmail(number, start, end, "".join(turn.text[begin:end].split()).casefold())


def written_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand that are written with their sign, from left to right; time grows with the text.

    A domain has a dot and an ending; without one, there are no blanks around the sign.

    Examples
    --------
    >>> [text[a:b] for text in ("to d.levi @ x.co.il now", "a@b") for a, b in written_addresses(text)]
    ['d.levi @ x.co.il', 'a@b']
    """
    free, sign = 0, text.find("@")
    while sign >= 0:
        before = text[free:sign][::-1]
        best: tuple[int, int] | None = None
        for local, domain in ((_LOCAL_BACKWARDS, _DOMAIN), (_PLAIN_LOCAL_BACKWARDS, _PLAIN_DOMAIN)):
            left, right = local.match(before), domain.match(text, sign + 1)
            if left and right and (best is None or sign - left.end() < best[0]):
                best = (sign - left.end(), right.end())
        if best is not None:
            yield best
        free = max(sign + 1, best[1] if best else 0)
        sign = text.find("@", free)


def _written_end(turn: ReadTurn, last: int) -> int:
    """The last token of a domain of which a part is written with points ("walla.co.il")."""
    tokens = turn.tokens
    while last + 1 < len(tokens) and turn.text[tokens[last].end : tokens[last + 1].start] == ".":
        last += 1
    return last


def _domains(turn: ReadTurn) -> Iterator[tuple[int, int]]:
    """Where an "at" is followed by a domain: the token of the one and the last of the other."""
    tokens = turn.tokens
    index = 0
    while index < len(tokens):
        last = None
        if _is_host_joined(turn.text, tokens, index):
            yield index, _endings(tokens, index + 1) or index
        if tokens[index].text in _AT and tokens[index].kind == "word":
            sign = index + 1 < len(tokens) and tokens[index + 1].text in ("sign", "symbol")
            last = _domain_end(tokens, index + 2 if sign else index + 1)
            if last is None and tokens[index].text in _SURE_AT and index + 1 < len(tokens):
                last = index + 1
        if last is None:
            index += 1
            continue
        yield index, last
        index = last + 1


def _is_host_joined(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a Hebrew "in" is the "at" of an address with a dot in it ("dana.levi בג'ימייל")."""
    word = tokens[index].text
    return (
        word[0] == _IN
        and word[1:] in _PROVIDERS
        and index > 1
        and (
            tokens[index - 2].text in _JOINTS
            or text[tokens[index - 2].end : tokens[index - 1].start] in _JOINED
        )
    )


def _domain_end(tokens: Sequence[Token], first: int) -> int | None:
    """The last token of a spoken domain that starts here: words, a dot, an ending; or a known provider."""
    provider = None
    for length in range(1, _MOST_LABEL + 1):
        index = first + length - 1
        if index >= len(tokens) or tokens[index].text in _AT:
            break
        if provider is None and "".join(token.text for token in tokens[first : index + 1]) in _PROVIDERS:
            provider = index
        if tokens[index].text in _DOT:
            break
        end = _endings(tokens, index + 1)
        if end is not None:
            return end
        if tokens[index].text in _ENDINGS and length > 1 and provider is not None:
            return index
    return provider


def _endings(tokens: Sequence[Token], index: int) -> int | None:
    """The last of "dot com", "dot co dot il", "נקודה קו נקודה איי אל" from this token on."""
    end = None
    while index + 1 < len(tokens) and tokens[index].text in _DOT and tokens[index + 1].kind == "word":
        ending = tokens[index + 1].text
        spelled = len(ending) <= 3 and index + 2 < len(tokens) and _is_spelled(ending, tokens[index + 2])
        if not spelled and ending not in _ENDINGS and not _goes_on(tokens, index + 2):
            break
        end = index + 2 if spelled else index + 1
        index = end + 1
    return end


def _is_spelled(first: str, second: Token) -> bool:
    return (first, second.text) in {("i", "l"), ("u", "k"), ("איי", "אל"), ("אי", "אל"), ("יו", "קיי")}


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index].text in _DOT and tokens[index + 1].text in _ENDINGS


def _is_place(tokens: Sequence[Token], at: int) -> bool:
    """Whether the words around the "at" speak of a site and not of an address."""
    around = (*tokens[max(0, at - _MOST_BEFORE_PLACE) : at], *tokens[at + 1 : at + 1 + _MOST_LABEL])
    return any(token.text in _PLACES for token in around)


def _local_start(turn: ReadTurn, at: int) -> int:
    """The first token of what stands before the "at": joined or spelled pieces, and few plain words."""
    tokens, text = turn.tokens, turn.text
    near = bisect_left(turn.items, max(0, at - 2 * _MOST_LOCAL), key=_first_of)
    numbers = {
        place
        for item in turn.items[near : near + 2 * _MOST_LOCAL]
        if not item.doubtful
        for place in range(item.first, item.last + 1)
    }
    index, plain = at, 0
    while index > 0 and at - index < _MOST_LOCAL:
        token = tokens[index - 1]
        gap = text[token.end : tokens[index].start if index < len(tokens) else len(text)]
        if (
            gap != "."
            and any(char in ".!?:;\n" for char in gap)
            and not (len(token.text) == 1 and "." in gap)
        ):
            break
        joined = index < at and tokens[index].text in _JOINTS
        if token.kind == "mask":
            break
        if index - 1 in numbers or len(token.text) == 1 or token.text in _JOINTS or token.text in _LINKS:
            if token.text in ("i", "a") and index < at and tokens[index].text in _BEFORE:
                break
            index -= 1
            continue
        if token.text in _BEFORE and not joined:
            break
        if not joined:
            plain += 1
            if plain > _MOST_PLAIN:
                break
        index -= 1
    while index < at and (tokens[index].text in _LINKS or tokens[index].text in _JOINTS):
        index += 1
    return index


def _first_of(item: NumberItem) -> int:
    return item.first


def _piece_before(turns: Sequence[ReadTurn], number: int) -> FoundEmail | None:
    """What the same party said last before an "at" that opens its turn."""
    for previous in range(number - 1, max(-1, number - 4), -1):
        turn = turns[previous]
        if turn.party != turns[number].party or not turn.tokens:
            continue
        end = len(turn.tokens)
        first = _local_start(turn, end)
        if first == end:
            return None
        return FoundEmail(previous, turn.tokens[first].start, turn.tokens[-1].end)
    return None


def _cued(turns: Sequence[ReadTurn], number: int, at: int) -> bool:
    """Whether somebody spoke of an e-mail shortly before."""
    position = turns[number].offset + at
    for index in range(number, -1, -1):
        turn = turns[index]
        for place in range(len(turn.tokens) - 1, -1, -1):
            here = turn.offset + place
            if here >= position:
                continue
            if position - here > _CUE_REACH:
                return False
            if turn.tokens[place].text in _CUES:
                return True
    return False


def _joined(tokens: Sequence[Token], first: int, stop: int, numbers: Mapping[int, NumberItem]) -> str:
    """What a spoken piece of an address is when written; words that only explain stay out."""
    said = []
    place = first
    while place < stop:
        token, item = tokens[place], numbers.get(place)
        if token.text in _DOT:
            said.append(".")
        elif item is not None and not item.doubtful:
            said.append(item.digits)
            place = item.last
        elif token.text not in _LINKS:
            said.append(_SIGNS.get(token.text, token.text))
        place += 1
    return "".join(said)
