"""A question about calls that somebody gave a name to, to ask it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from speechqa.core.value import Value


class SavedFilter(Value, frozen=True, kw_only=True):
    """The body of a journal entry of kind `saved_filter`; the last one of a name holds.

    Attributes
    ----------
    name : str
        What it is asked for by.
    query : mapping or None
        Conditions by the names they have in `CallFilter`, those that were given only; None forgets the name.
    last_days : int or None
        Only calls of so many days up to the day it is asked.
    """

    name: str
    query: Mapping[str, Any] | None
    last_days: int | None = None
