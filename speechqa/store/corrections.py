"""What people said of who is who, by recording: a list that only grows, of which the last entry holds."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from speechqa.core.segment import Segment
from speechqa.core.source import Role, RoleCorrection
from speechqa.errors import UsageError
from speechqa.store.closing import require_open
from speechqa.store.database import Database
from speechqa.store.schema import role_corrections


def write_down(database: Database, identity: str, correction: RoleCorrection) -> None:
    """Append a correction.

    Raises
    ------
    UsageError
        If it names no recording or nobody, a text is no Unicode, or the period of the call is closed.
    """
    if not identity or not correction.by or not correction.at:
        raise UsageError("A correction needs a recording, somebody who made it, and a time")
    values = {
        "identity": identity,
        "at": correction.at,
        "actor": correction.by,
        "reason": correction.reason,
    }
    try:
        "".join(values.values()).encode()
        roles = msgspec.json.encode(correction.roles, order="sorted").decode()
        heard = msgspec.json.encode(correction.heard, order="sorted").decode()
    except UnicodeEncodeError as error:
        raise UsageError("A correction cannot be written down: no Unicode text") from error
    with database.writing() as connection:
        require_open(connection, identity)
        connection.execute(sa.insert(role_corrections).values(roles=roles, heard=heard, **values))


def read_back(database: Database, identity: str, *, last: bool = False) -> tuple[RoleCorrection, ...]:
    """Corrections of a recording, oldest first, or the last alone; one without roles undid the others."""
    wanted = (
        sa.select(role_corrections)
        .where(role_corrections.c.identity == identity)
        .order_by(role_corrections.c.id.desc())
    )
    with database.reading() as connection:
        rows = connection.execute(wanted.limit(1) if last else wanted).all()
        return tuple(
            RoleCorrection(
                roles=msgspec.json.decode(row.roles, type=dict[str, Role]),
                by=row.actor,
                at=row.at,
                reason=row.reason,
                heard=msgspec.json.decode(row.heard, type=dict[str, tuple[Segment, ...]]),
            )
            for row in reversed(rows)
        )
