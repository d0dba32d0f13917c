"""Which calls hold a phrase: Hebrew words with and without the letters that stand before them.

Hebrew writes "and", "the", "in", "to", "from", "that" at the front of the next word. Each Hebrew word of a
phrase is therefore searched in every such form, and without its own letters where what is left is long
enough to be the same word: "and", "the" and "that" come off three letters or more, the prepositions, which
are the first letter of many words too ("בקשה" is no "קשה"), off four or more. `speechqa.criteria.hebrew`
knows words that are always whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from speechqa.errors import UsageError
from speechqa.store.columns import ByDialect
from speechqa.store.schema import TEXT_TABLE, call_text, calls
from speechqa.store.search import SPEAKERS, indexed, match_expression, normalised

Forms = Sequence[tuple[str, ...]]
Columns = Sequence[sa.ColumnElement[str]]

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


def said(phrase: str, by: str | None) -> sa.ColumnElement[bool]:
    """Whether a call, a row of `calls`, holds a phrase in a row.

    Raises
    ------
    UsageError
        As `match_expression`, and for a Hebrew phrase of more than 20 words.

    Notes
    -----
    An index of words finds the texts that have all of them; of these, the text tells whether in a row. Only
    SQLite's index knows places too, which answers for phrases of words with one form.
    """
    exact = match_expression(phrase, by)
    words = normalised(phrase).split()
    found = [tuple(map(indexed, forms(word))) for word in words]
    several = any(len(each) > 1 for each in found)
    if several and len(words) > _WORDS_AT_MOST:
        raise UsageError(
            "The phrase has too many words", found=str(len(words)), expected=f"at most {_WORDS_AT_MOST}"
        )
    columns = [call_text.c[speaker] for speaker in (SPEAKERS if by is None else (by,))]
    pattern = "(?:^| )" + " ".join(map(_either, words)) + "(?: |$)" if several and len(words) > 1 else None
    return ByDialect(
        sqlite=calls.c.id.in_(_in_sqlite(exact, found, by, columns, pattern)),
        postgresql=calls.c.id.in_(_in_postgres(found, columns, pattern)),
    )


def _in_sqlite(
    exact: str, found: Forms, by: str | None, columns: Columns, pattern: str | None
) -> sa.Select[Any]:
    rows = sa.select(call_text.c.rowid).select_from(call_text)
    if all(len(each) == 1 for each in found):
        return rows.where(_matches(exact))
    every = " AND ".join("(" + " OR ".join(f'"{form}"' for form in each) + ")" for each in found)
    rows = rows.where(_matches(every if by is None else f"{{{by}}} : ({every})"))
    if pattern is None:
        return rows
    return rows.where(sa.or_(*(column.regexp_match(pattern) for column in columns)))


def _in_postgres(found: Forms, columns: Columns, pattern: str | None) -> sa.Select[Any]:
    alone = sorted({each[0] for each in found if len(each) == 1})
    either = sorted({tuple(sorted(each)) for each in found if len(each) > 1})
    space: sa.ColumnElement[str] = sa.literal_column("' '", sa.Text)

    def known(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        # As the index `call_text_words` has it, letter by letter.
        words = sa.func.string_to_array(column, space)
        wanted = [words.op("&&", is_comparison=True)(_array(each)) for each in either]
        if alone:
            wanted.append(words.op("@>", is_comparison=True)(_array(alone)))
        return sa.and_(*wanted)

    def in_a_row(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        if pattern is not None:
            return column.regexp_match(pattern)
        phrase = " ".join(each[0] for each in found)
        return sa.func.strpos(space + column + space, f" {phrase} ") > 0

    # Apart, so that what the index has answered is not asked of each text again.
    texts = sa.select(call_text.c.rowid).where(sa.or_(*map(known, columns)))
    return texts if len(found) == 1 else texts.where(sa.or_(*map(in_a_row, columns)))


def _array(words: Sequence[str]) -> sa.ColumnElement[Any]:
    return sa.literal(list(words), ARRAY(sa.Text(collation="C")))


def _either(word: str) -> str:
    """A pattern of all forms of a word: what may stand before it apart, so that it stays short."""
    every = forms(word)
    if len(every) == 1 or any(indexed(form) != form for form in every):
        return "(?:" + "|".join(map(indexed, every)) + ")"
    bases = "|".join(dict.fromkeys(every[:: len(PREFIXES)]))
    before = "|".join(prefix for prefix in PREFIXES if prefix)
    return f"(?:{before})?(?:{bases})"


def _matches(expression: str) -> sa.ColumnElement[bool]:
    return sa.column(TEXT_TABLE).op("MATCH")(sa.literal(expression))
