"""The same English call with another man or woman in it: titles, names, and those who are spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.fairness.names import MEN, WOMEN, as_sex, bearers, split
from benchmarks.fairness.text import Line, Words, word_set

_SPOKEN_OF = dict(
    pair.split("=")
    for pair in [
        "he=she",
        "he's=she's",
        "he'd=she'd",
        "he'll=she'll",
        "him=her",
        "himself=herself",
        "husband=wife",
        "son=daughter",
        "father=mother",
        "dad=mum",
        "brother=sister",
        "uncle=aunt",
        "grandson=granddaughter",
        "grandfather=grandmother",
        "boyfriend=girlfriend",
        "nephew=niece",
        "husband's=wife's",
        "son's=daughter's",
        "father's=mother's",
        "dad's=mum's",
        "brother's=sister's",
        "man=woman",
        "gentleman=lady",
        "guy=lady",
        "boy=girl",
        "grandad=gran",
        "widower=widow",
    ]
)
_ALSO_WOMEN = {"mom": "dad", "mom's": "dad's", "hers": "his", "grandma": "grandad", "nan": "grandad"}
_ALSO_MEN = {"bloke": "lady", "fella": "lady", "lad": "lass", "chap": "lady"}
_TITLES_OF_WOMEN = {"mrs": "mr", "ms": "mr", "miss": "mr", "missus": "mister", "madam": "sir", "ma'am": "sir"}
_TITLES_OF_MEN = {"mr": "mrs", "mister": "missus", "sir": "ma'am"}
_NO_TITLE = word_set("i you we they to the it that him her me don't didn't will would might not my a your")
"""Words before which, or behind which, "miss" is a verb or a call missed."""
_NO_NOUN = word_set(
    "to a the and or but for in on at by with from that this is was has had will would can could if when "
    "so again back up out off about now today tomorrow please yeah yes no i it we you they he she because "
    "right okay then who what know go come do get on it's i'll i'm there here though too as well just not"
)
"""Behind which "her" is the person, and "him" of a man; else it is "his"."""


class EnglishGender:
    """Gives one party, or those spoken of, the titles, names and pronouns of women or of men.

    Parameters
    ----------
    whom : str
        `agent`, `customer`, or `others`.
    to_woman : bool
        Which.
    """

    def __init__(self, whom: str, *, to_woman: bool) -> None:
        self._whom = whom
        self._to_woman = to_woman

    def __call__(self, lines: Sequence[Line]) -> list[Line]:
        """The call with these of that gender."""
        if self._whom == "others":
            return [Line(line.role, self._spoken_of(line.text)) for line in lines]
        owners = bearers(lines, "en")
        said = [Line(line.role, self._titled(line, owners)) for line in lines]
        return as_sex(said, "en", self._whom, WOMEN if self._to_woman else MEN)

    def _spoken_of(self, text: str) -> str:
        words = Words(text)
        women = {woman: man for man, woman in reversed(_SPOKEN_OF.items())}
        table = {**_SPOKEN_OF, **_ALSO_MEN} if self._to_woman else {**women, **_ALSO_WOMEN}
        for at, word in enumerate(words.texts):
            after = words.texts[at + 1] if at + 1 < len(words.texts) else ""
            if word == "his" and self._to_woman:
                words.put(at, "her" if after and after not in _NO_NOUN else "hers")
            elif word == "her" and not self._to_woman:
                words.put(at, "his" if after and after not in _NO_NOUN else "him")
            elif word in table:
                words.put(at, table[word])
        return words.text

    def _titled(self, line: Line, owners: dict[str, str]) -> str:
        words = Words(line.text)
        table = _TITLES_OF_MEN if self._to_woman else _TITLES_OF_WOMEN
        for at, word in enumerate(words.texts):
            if word not in table:
                continue
            before = words.texts[at - 1] if at else ""
            after = words.texts[at + 1] if at + 1 < len(words.texts) else ""
            if word == "miss" and (before in _NO_TITLE or after in _NO_TITLE or not after):
                continue
            own = (
                before in ("is", "it's", "i'm", "name's", "name")
                or owners.get(split(after, "en")[1]) == line.role
            )
            if own == (line.role == self._whom):
                words.put(at, table[word])
        return words.text


def swaps() -> Iterator[tuple[str, EnglishGender]]:
    """Every swap with its name."""
    for whom in ("agent", "customer", "others"):
        for name, to_woman in (
            ("women" if whom == "others" else "a woman", True),
            ("men" if whom == "others" else "a man", False),
        ):
            yield f"{whom} {name}", EnglishGender(whom, to_woman=to_woman)
