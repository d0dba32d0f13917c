"""Which calls hold a phrase: Hebrew words with and without the letters that stand before them.

Hebrew writes "and", "the", "in", "to", "from", "that" at the front of the next word. Each Hebrew word of a
phrase is therefore searched in every such form, and without its own letters where what is left is long
enough to be the same word: "and", "the" and "that" come off three letters or more, the prepositions, which
are the first letter of many words too ("בקשה" is no "קשה"), off four or more. `speechqa.criteria.hebrew`
knows words that are always whole.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import sqlalchemy as sa

from speechqa.errors import UsageError
from speechqa.store.schema import TEXT_TABLE, call_text
from speechqa.store.search import SPEAKERS, match_expression, normalised

_AND_THAT = ("", "ו", "ש", "וש", "כש", "וכש", "מש", "לכש")
_BEFORE = ("", "ה", "ב", "ל", "מ", "כ", "מה", "כה")
PREFIXES = tuple(outer + inner for outer, inner in product(_AND_THAT, _BEFORE))
"""What may stand before a word; "in the" and "to the" are written as "in" and "to"."""

_PREPOSITIONS = frozenset("בלמכ")
_HEBREW = re.compile("[א-ת]{2,}")
_SHORTEST, _SHORTEST_AFTER_PREPOSITION = 3, 4
_WORDS_AT_MOST = 20


def forms(word: str) -> tuple[str, ...]:
    """Every spelling under which a normalised word is searched, itself first.

    Examples
    --------
    >>> forms("refund")
    ('refund',)
    >>> {"חשבונ", "בחשבונ", "ושהחשבונ"} <= set(forms(normalised("לחשבון")))
    True
    >>> "קשה" in forms("בקשה")
    False
    """
    if not _HEBREW.fullmatch(word):
        return (word,)
    from speechqa.criteria import hebrew  # what judges is loaded only where a Hebrew word is asked for

    bases = [word]
    for rest in hebrew.without_prefix(word):
        taken = word[: len(word) - len(rest)]
        shortest = _SHORTEST_AFTER_PREPOSITION if _PREPOSITIONS & set(taken) else _SHORTEST
        if len(rest) >= shortest:
            bases.append(rest)
    return tuple(dict.fromkeys(prefix + base for base in bases for prefix in PREFIXES))


def said(phrase: str, by: str | None) -> sa.Select[Any]:
    """Row ids of the texts that hold a phrase in a row.

    Raises
    ------
    UsageError
        As `match_expression`, and for a Hebrew phrase of more than 20 words.
    """
    exact = match_expression(phrase, by)
    rows = sa.select(call_text.c.rowid).select_from(call_text)
    words = normalised(phrase).split()
    found = [forms(word) for word in words]
    if all(len(each) == 1 for each in found):
        return rows.where(_matches(exact))
    if len(words) > _WORDS_AT_MOST:
        raise UsageError(
            "The phrase has too many words", found=str(len(words)), expected=f"at most {_WORDS_AT_MOST}"
        )
    # The index finds the texts that have all the words; of these few, the text tells whether in a row.
    every = " AND ".join("(" + " OR ".join(f'"{form}"' for form in each) + ")" for each in found)
    rows = rows.where(_matches(every if by is None else f"{{{by}}} : ({every})"))
    if len(words) == 1:
        return rows
    pattern = "(?:^| )" + " ".join(f"(?:{'|'.join(each)})" for each in found) + "(?: |$)"
    columns = [call_text.c[speaker] for speaker in (SPEAKERS if by is None else (by,))]
    return rows.where(sa.or_(*(column.regexp_match(pattern) for column in columns)))


def _matches(expression: str) -> sa.ColumnElement[bool]:
    return sa.column(TEXT_TABLE).op("MATCH")(sa.literal(expression))
