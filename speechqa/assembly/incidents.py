"""The file of incidents that a command names, read against the criteria there are, its numbers masked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from speechqa.core.finding import Category
from speechqa.core.incidents import Incident
from speechqa.core.rubric import Rubric

NO_INCIDENTS: Final = "none"
"""What is named to take excuses back that stored calls were given."""


def incidents_of(named: str | None, rubric: Rubric | None = None) -> tuple[Incident, ...] | None:
    """The incidents of a file, with numbers masked; None where none is named.

    Parameters
    ----------
    named : str or None
        A path, or `none`: no incident at all.
    rubric : Rubric, optional
        Whose criteria may be excused, beside those of the default one.

    Raises
    ------
    IncidentsError
        If the file cannot be used.
    """
    from speechqa.criteria import load_rubric
    from speechqa.ingest.incidents import read_incidents
    from speechqa.privacy.redaction import redact_text

    if named is None:
        return None
    if named == NO_INCIDENTS:
        return ()
    known: dict[str, Category] = {}
    for one in (load_rubric(), rubric):
        known |= {} if one is None else {criterion.id: criterion.category for criterion in one.criteria}
    masked = cache(redact_text)
    # It stands in the document of each call near it. Queues and teams as those of calls, which are compared.
    return tuple(
        replace(
            one,
            what=masked(one.what),
            queues=tuple(map(masked, one.queues)),
            teams=tuple(map(masked, one.teams)),
        )
        for one in read_incidents(Path(named), known)
    )
