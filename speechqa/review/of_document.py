"""Where each criterion of a stored document stands, with the points of the rubric it was judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from speechqa.core.analysis import CallAnalysis
from speechqa.core.journal import JournalEntry
from speechqa.core.review import Standing
from speechqa.errors import RubricError
from speechqa.review.standing import standing


def standing_of(document: CallAnalysis, entries: Iterable[JournalEntry]) -> tuple[Standing, ...]:
    """Where each criterion of an analysed call stands.

    Parameters
    ----------
    entries : iterable of JournalEntry
        The journal's entries about the call's recording, oldest first, of any kind.
    """
    noted = tuple(entries)
    found = standing(document.findings, noted)
    if any(one.said and one.machine.possible is None for one in found):
        return standing(document.findings, noted, points=points_of(document))
    return found


def points_of(document: CallAnalysis) -> Mapping[str, int]:
    """Points of each criterion by the rubric a call was judged by; nothing where that is gone or changed."""
    named = document.provenance.settings.get("rubric", document.provenance.rubric.split("@")[0])
    reference, points = _rubric_points(str(named))
    return points if reference == document.provenance.rubric else {}


@cache
def _rubric_points(rubric: str) -> tuple[str, Mapping[str, int]]:
    """Name and version of a rubric, and what its criteria carry; read once, for it takes a while."""
    from speechqa.criteria import load_rubric

    try:
        loaded = load_rubric(rubric)
    except RubricError:
        return "", {}
    return loaded.reference, {criterion.id: criterion.points for criterion in loaded.criteria}
