"""Questions about calls that are kept under a name, in the store's journal."""

from __future__ import annotations

from typing import Any

import msgspec

from speechqa.core.saved import SavedFilter
from speechqa.errors import UsageError
from speechqa.protocols import CallFilter, Store

_LONGEST_NAME = 100


def conditions_of(query: CallFilter) -> dict[str, Any]:
    """The conditions that were given, by name."""
    defaults = msgspec.to_builtins(CallFilter())
    return {name: value for name, value in msgspec.to_builtins(query).items() if value != defaults[name]}


def save(store: Store, name: str, query: CallFilter, *, last_days: int | None, by: str) -> SavedFilter:
    """Keep a question under a name; one of that name before is superseded and stays in the journal.

    Raises
    ------
    UsageError
        If the name is empty, too long or holds what cannot be printed, or the question makes no sense.
    """
    from speechqa.privacy.redaction import redact_text

    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(
            "This is no name for a saved filter",
            found=ascii(name[:_LONGEST_NAME]),
            expected=f"1 to {_LONGEST_NAME} letters that can be printed",
        )
    store.count(query)  # says so where the question makes no sense
    asked = conditions_of(query)
    if "phrase" in asked:
        # No copy of a number is made by asking for it; none is stored that it could find.
        asked["phrase"] = redact_text(asked["phrase"])
    kept = SavedFilter(name=redact_text(name.strip()), query=asked, last_days=last_days)
    store.note("saved_filter", kept, actor=by)
    return kept


def forget(store: Store, name: str, *, by: str) -> None:
    """Drop a name; `UsageError` where there is none such."""
    found = named(store, name)
    store.note("saved_filter", SavedFilter(name=found.name, query=None), actor=by)


def saved(store: Store) -> tuple[SavedFilter, ...]:
    """All that are kept, by name."""
    found: dict[str, SavedFilter] = {}
    for entry in store.notes("saved_filter"):
        if entry.body is not None:
            kept = msgspec.json.decode(entry.body, type=SavedFilter)
            found[kept.name] = kept
    return tuple(kept for _, kept in sorted(found.items()) if kept.query is not None)


def named(store: Store, name: str) -> SavedFilter:
    """The one of a name.

    Raises
    ------
    UsageError
        If none has that name.
    """
    known = saved(store)
    for kept in known:
        if kept.name == name.strip():
            return kept
    raise UsageError(
        "There is no saved filter of that name",
        found=repr(name),
        expected=", ".join(repr(kept.name) for kept in known[:10])
        or "one that was saved; there are none yet",
        hint="List them with `speechqa calls --list-saved`, save one with --save NAME.",
    )


def query_of(kept: SavedFilter) -> CallFilter:
    """The question that is kept."""
    return msgspec.convert(dict(kept.query or {}), CallFilter)
