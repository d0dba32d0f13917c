"""From what a person calls a call to the one call that is meant."""

from __future__ import annotations

import os
from pathlib import PurePath

import sqlalchemy as sa

from speechqa.errors import CallNotFound
from speechqa.places.urls import is_url, shown_url
from speechqa.store.schema import call_names, call_paths, calls

SHORTEST_PREFIX = 4
"""Letters a prefix of a call id needs."""

_LISTED = 10
_LAST = "\U0010ffff"


def call_of(connection: sa.Connection, reference: str, where: str) -> int:
    """The key of the call that is meant.

    Tried in this order, and the first that fits any call decides: call id, past or present; path; file name,
    with as much of its folder as is given; file name without extension; prefix of a call id.

    Raises
    ------
    CallNotFound
        If none fits, or several calls do.
    """
    try:
        reference.encode()
    except UnicodeEncodeError:
        raise _nothing(reference, where) from None
    name = PurePath(reference).name
    in_folder = name != reference
    steps = [
        sa.select(call_names.c.call).where(call_names.c.name == reference),
        sa.select(call_paths.c.call).where(
            call_paths.c.path.in_((reference, os.path.normpath(reference), _absolute(reference)))
        ),
        sa.select(call_paths.c.call).where(
            call_paths.c.file_name == name,
            call_paths.c.path.endswith(os.sep + os.path.normpath(reference), autoescape=True)
            if in_folder
            else sa.true(),
        ),
    ]
    if not in_folder:
        steps.append(sa.select(call_paths.c.call).where(call_paths.c.stem == reference))
    if len(reference) >= SHORTEST_PREFIX:
        steps.append(
            sa.select(call_names.c.call).where(
                call_names.c.name >= reference, call_names.c.name <= reference + _LAST
            )
        )
    for step in steps:
        found = sorted(set(connection.scalars(step)))
        if len(found) == 1:
            return int(found[0])
        if found:
            raise _several(connection, reference, found, where)
    raise _nothing(reference, where)


def _absolute(reference: str) -> str:
    return reference if "\0" in reference else os.path.abspath(reference)  # noqa: PTH100 - no link is followed


def _several(connection: sa.Connection, reference: str, found: list[int], where: str) -> CallNotFound:
    rows = connection.execute(
        sa.select(calls.c.call_id, calls.c.path)
        .where(calls.c.id.in_(found[:_LISTED]))
        .order_by(calls.c.call_id)
    )
    listed = ", ".join(f"{row.call_id!r} ({row.path})" if row.path else repr(row.call_id) for row in rows)
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    return CallNotFound(
        f"{len(found)} calls answer to {reference!r}",
        where=where,
        found=listed + more,
        hint="Name one by its whole call id.",
    )


def _nothing(reference: str, where: str) -> CallNotFound:
    if is_url(reference):
        reference = shown_url(reference)
    return CallNotFound(
        f"No call answers to {reference!a}"
        if not reference.isprintable()
        else f"No call answers to {reference!r}",
        where=where,
        expected=f"a call id, at least {SHORTEST_PREFIX} letters of its start, a path or a file name",
        hint="List the calls with `speechqa calls`.",
    )
