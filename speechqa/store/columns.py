"""Columns and expressions that mean the same on every database: texts, numbers, orders, and what differs.

SQLite keeps any text, numbers of 64 bits, and orders texts by their letters' numbers; the types here make
PostgreSQL do the same, whatever language the server speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

POSTGRES = "postgresql"
_AWAY = {"\0": "\x01\x01", "\x01": "\x01\x02"}
_BACK = {away: letter for letter, away in _AWAY.items()}
_LOW = re.compile("[\0\x01]")
_ESCAPED = re.compile("\x01[\x01\x02]")


def escaped(text: str) -> str:
    r"""A text without the NUL that PostgreSQL cannot hold; the order of texts stays.

    Examples
    --------
    >>> escaped("a\0b")
    'a\x01\x01b'
    >>> unescaped(escaped("\0\x01\x02")) == "\0\x01\x02"
    True
    """
    return _LOW.sub(lambda found: _AWAY[found[0]], text)


def unescaped(text: str) -> str:
    """What `escaped` was given."""
    return _ESCAPED.sub(lambda found: _BACK[found[0]], text)


class Text(sa.types.TypeDecorator[str]):
    """Any Unicode text, ordered by its letters' numbers, NUL among them."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        """On PostgreSQL the collation is named, lest the server's language order and compare."""
        return dialect.type_descriptor(sa.Text(collation="C") if dialect.name == POSTGRES else sa.Text())

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
        """Only PostgreSQL needs anything done."""
        return _each(escaped) if dialect.name == POSTGRES else None

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """Only PostgreSQL needs anything done."""
        return _each(unescaped) if dialect.name == POSTGRES else None


def _each(change: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda value: change(value) if isinstance(value, str) else value


class Number(sa.types.TypeDecorator[int]):
    """A whole number of 64 bits; a key of this type counts up by itself."""

    impl = sa.Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        """SQLite counts keys up only if they are called INTEGER, which holds 64 bits there."""
        return dialect.type_descriptor(sa.BigInteger() if dialect.name == POSTGRES else sa.Integer())


BESIDE_KEY: Final[dict[str, Any]] = {"postgresql_include": ["id"]}
"""A row's key in an index of `calls`, where SQLite has it anyway: a list is then read from its index."""


def falling_index(name: str, *columns: str) -> tuple[sa.Index, ...]:
    """An index as each database writes it; a column with a minus before its name falls, unknown last."""
    beside = {} if "id" in columns else BESIDE_KEY
    return tuple(
        sa.Index(name, *index_columns(dialect, *columns), **beside).ddl_if(dialect=dialect)
        for dialect in ("sqlite", POSTGRES)
    )


def index_columns(dialect: str, *columns: str) -> list[Any]:
    """Columns of `falling_index`; SQLite has unknown values last there, and no words for it."""
    falls = "DESC NULLS LAST" if dialect == POSTGRES else "DESC"
    return [sa.text(f"{name[1:]} {falls}") if name.startswith("-") else name for name in columns]


class ByDialect(sa.ColumnElement[Any]):
    """An expression that each database has in words of its own."""

    inherit_cache = False  # what stands in it is not part of a statement's key

    def __init__(self, *, sqlite: sa.ColumnElement[Any], postgresql: sa.ColumnElement[Any]) -> None:
        self.own = {"sqlite": sqlite, POSTGRES: postgresql}
        self.type = sqlite.type


@compiles(ByDialect)
def _compiled(element: ByDialect, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.own[compiler.dialect.name].self_group(), **options))


def whole_milliseconds(seconds: sa.ColumnElement[float]) -> sa.ColumnElement[int]:
    """Seconds, not below 0, in whole milliseconds, halves upwards; PostgreSQL rounds halves to even."""
    more = seconds * 1000 + 0.5
    return ByDialect(
        sqlite=sa.cast(more, sa.BigInteger), postgresql=sa.cast(sa.func.floor(more), sa.BigInteger)
    )


def sunday_before(day: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The Sunday on which the week of a day begins, as YYYY-MM-DD; of an unknown day nothing."""
    date = sa.cast(day, sa.Date)
    sunday = date - sa.cast(sa.extract("dow", date), sa.Integer)
    return ByDialect(
        sqlite=sa.func.date(day, "-6 days", "weekday 0"),
        postgresql=sa.func.to_char(sunday, sa.literal_column("'YYYY-MM-DD'")),
    )


def or_empty(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A text, empty where it is not known; written out, for PostgreSQL groups by nothing that has values."""
    return sa.func.coalesce(column, sa.literal_column("''"), type_=column.type)
