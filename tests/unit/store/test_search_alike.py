"""A phrase is found in the same calls whatever database they lie in."""

from __future__ import annotations

import random

from speechqa.errors import UsageError
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from speechqa.store.wording import PREFIXES
from tests.support.stores import HOSTILE, call, ids, put

BASES = ("חשבון", "מנוי", "לבטל", "תודה", "קשה", "בקשה", "שלום", "הגיע", "עד", "יום", "חמישי", "צה״ל", 'דו"ח')
ENGLISH = (
    "thank",
    "you",
    "for",
    "calling",
    "cancel",
    "my",
    "contract",
    "don't",
    "café",
    "CAFE",
    "Straße",
    "e",
    "42",
)
ODD = (
    *(
        "x" * 500,
        "ש" * 450,
        "١٢٣",
        "東京",
        "naïve",
        "ﬁne",
        "a_b",
        "50%",
        "back\\slash",
        "'",
        '"',
        "*",
        "\ue000",
    ),
    *("\ue001", "\0", "😀", "Ünïcödé", "ǅ", "İ", "ſ", "ΑΣ", "ς"),
)


def words(dice: random.Random, many: int) -> str:
    def word() -> str:
        kind = dice.random()
        if kind < 0.45:
            return dice.choice(PREFIXES) + dice.choice(BASES) if dice.random() < 0.6 else dice.choice(BASES)
        return dice.choice(ENGLISH) if kind < 0.85 else dice.choice(ODD)

    return dice.choice((" ", "  ", ", ", " - ")).join(word() for _ in range(many))


def calls_of(dice: random.Random):
    for number in range(120):
        turns = [
            (dice.choice(("agent", "customer", "Dana")), words(dice, dice.randrange(12)))
            for _ in range(dice.randrange(8))
        ]
        yield call(f"c{number}", turns=turns)
    long = [("agent" if n % 2 else "customer", words(dice, 20)) for n in range(1000)]
    yield call("long", turns=[*long, ("agent", "the very last words of all")])
    yield call("one long turn", turns=[("customer", words(dice, 20_000) + " the very last words of all")])
    for number, text in enumerate(HOSTILE):
        yield call(f"hostile {number}", turns=[("agent", text), ("customer", text)])


def phrases_of(dice: random.Random, documents):
    yield from ("the very last words of all", "words of all", "all")
    for text in HOSTILE:
        yield text[:200]
    for _ in range(250):
        turns = dice.choice(documents).transcript.turns
        # Sometimes over the border of two turns, where nothing is to be found but by chance.
        said = " ".join(turn.text for turn in dice.sample(turns, min(2, len(turns)))).split(" ")
        start, many = dice.randrange(max(1, len(said))), dice.choice((1, 1, 2, 3, 5))
        yield " ".join(said[start : start + many])
        yield words(dice, dice.choice((1, 2)))


def found(store, phrase: str, by: str | None):
    try:
        return sorted(ids(store.find(CallFilter(phrase=phrase, phrase_by=by))))
    except UsageError as error:
        return error.message


def test_a_phrase_finds_the_same_calls_in_both(postgres_url):
    dice = random.Random(8)
    documents = list(calls_of(dice))
    hits = 0
    with open_store("sqlite://") as one, open_store(postgres_url) as other:
        for store in (one, other):
            put(store, *documents)
        for phrase in phrases_of(dice, [d for d in documents if d.transcript.turns]):
            by = dice.choice((None, None, "agent", "customer"))
            expected = found(one, phrase, by)
            assert found(other, phrase, by) == expected, (phrase, by)
            hits += bool(expected)
    assert hits > 200
