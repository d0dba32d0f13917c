"""Faults of the organisation, with their times: what they made impossible is not the agent's failure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, get_args

import msgspec

from speechqa.core.finding import Finding
from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Turn
from speechqa.core.value import Value, require

IncidentKind = Literal["outage", "queue", "missing_tool", "other"]
KINDS: Final[tuple[IncidentKind, ...]] = get_args(IncidentKind)

_NO_MEANS: Final = ("solution_offered", "promise_with_deadline", "hold_etiquette", "responsiveness")
EXCUSES: Final[Mapping[IncidentKind, tuple[str, ...]]] = MappingProxyType(
    {
        "outage": _NO_MEANS,
        "missing_tool": _NO_MEANS,
        "queue": ("responsiveness", "escalation_handled"),
        "other": (),
    }
)
"""Criteria that each kind excuses where the file names none: what nobody can do whose system stands still, or
whose managers and colleagues are all on the line. Courtesy is in nobody's power but the agent's, so no
incident ever excuses it."""

EXCUSED: Final = "excused:organisation"
"""What the reason of an excused verdict begins with."""

_YEARS = (1900, 9000)
"""Years beyond which nothing is reckoned."""
_LONGEST_CALL = timedelta(hours=12)
"""Before its length is known, a call may last so long."""


class Incident(Value, frozen=True, kw_only=True):
    """Something that went wrong in the organisation.

    Attributes
    ----------
    start, end : str
        ISO 8601 with an offset; the end is not in it.
    what : str
        What it was, in the words of whoever keeps the file.
    queues, teams : tuple of str
        Whom it touched; everybody where both are empty.
    excuses : tuple of str
        Ids of criteria.
    """

    id: str
    kind: IncidentKind
    start: str
    end: str
    what: str
    queues: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    excuses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require(self.begins < self.ends, f"{self.id} ends before it begins")

    @property
    def begins(self) -> datetime:
        """The moment it begins."""
        return _with_offset(self.start)

    @property
    def ends(self) -> datetime:
        """The moment it is over."""
        return _with_offset(self.end)


class ExcusedVerdict(Value, frozen=True, kw_only=True):
    """A verdict that an incident took from the agent's score: the incident's id, and what it would be."""

    incident: str
    would_be: Finding


def moment(text: str | None) -> datetime | None:
    """The moment a text in ISO 8601 stands for, None for a day alone and for anything else.

    Examples
    --------
    >>> moment("2026-11-03T09:10+02:00").hour, moment("2026-11-03"), moment("soon")
    (9, None, None)
    """
    text = (text or "").strip()
    if len(text) <= len("2026-11-03"):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if _YEARS[0] <= read.year <= _YEARS[1] else None


def near(incidents: Iterable[Incident], started_at: str | None) -> tuple[Incident, ...]:
    """The incidents that a call of any usual length may have run into, in order of time.

    A call whose start has no offset is taken by the clock on which each incident is written down; where that
    is put back or forward amid it, by either.

    Examples
    --------
    >>> down = Incident(id="a", kind="outage", start="2026-11-03T09:00+02:00", end="2026-11-03T11:00+02:00",
    ...                 what="No billing system")
    >>> [len(near([down], at)) for at in ("2026-11-03T07:30Z", "2026-11-03T10:30", "2026-11-03T11:30", None)]
    [1, 1, 0, 0]
    """
    begins = moment(started_at)
    if begins is None:
        return ()
    found = (one for one in incidents if _overlaps(one, begins, begins + _LONGEST_CALL))
    return tuple(sorted(found, key=lambda one: (one.begins, one.id)))


def lasting(incidents: Iterable[Incident], call: CallMetadata, duration_s: float | None) -> list[Incident]:
    """The incidents that lay in the time of a call, whomever they touched.

    Without a length only its start is looked at.
    """
    begins = moment(call.started_at)
    if begins is None:
        return []
    ends = _ends(begins, duration_s)
    return [one for one in incidents if _overlaps(one, begins, ends)]


def length_of(duration_s: float | None, turns: Iterable[Turn]) -> float | None:
    """The length of a call in seconds; where none is known, up to the end of the last turn that has times."""
    if duration_s is not None:
        return duration_s
    return max((turn.end for turn in turns if turn.end is not None), default=None)


def touches(incident: Incident, call: CallMetadata) -> bool | None:
    """Whether an incident touched the call's queue or team; None where the call does not say.

    The queue is the manifest's column `queue`.
    """
    if not incident.queues and not incident.teams:
        return True
    queue = next((said for name, said in call.tags.items() if name.casefold() == "queue"), None)
    sides = [(queue, incident.queues), (call.team, incident.teams)]
    asked = [(said, wanted) for said, wanted in sides if wanted]
    if any(said is not None and _among(said, wanted) for said, wanted in asked):
        return True
    return None if any(said is None for said, _ in asked) else False


def digest_of(incidents: tuple[Incident, ...]) -> str | None:
    """SHA-256 over incidents, in hexadecimal; None without any, as if nobody had named a file."""
    if not incidents:
        return None
    return hashlib.sha256(msgspec.json.encode(incidents, order="deterministic")).hexdigest()


def _with_offset(text: str) -> datetime:
    read = moment(text)
    if read is None or read.tzinfo is None:
        raise ValueError(f"{text} is no time with an offset")
    return read


def _among(said: str, wanted: Iterable[str]) -> bool:
    return said.strip().casefold() in {one.casefold() for one in wanted}


def unsure_when(incidents: Iterable[Incident], call: CallMetadata, duration_s: float | None) -> bool:
    """Whether an incident lies in the time of a call by one reading of its clock and not by the other.

    An hour that comes twice, as clocks are put back, leaves open which of the two a start without an offset
    means.
    """
    begins = moment(call.started_at)
    if begins is None:
        return False
    ends = _ends(begins, duration_s)
    return any(len(set(_readings(one, begins, ends))) > 1 for one in incidents)


def _ends(begins: datetime, duration_s: float | None) -> datetime:
    return begins + timedelta(seconds=min(duration_s or 0.0, _LONGEST_CALL.total_seconds()))


def _overlaps(incident: Incident, begins: datetime, ends: datetime) -> bool:
    return any(_readings(incident, begins, ends))


def _readings(incident: Incident, begins: datetime, ends: datetime) -> Iterator[bool]:
    """Whether the two overlap, by each offset that a time without one may mean."""
    start, end = incident.begins, incident.ends
    if begins.tzinfo is not None:
        yield begins < end and ends >= start
        return
    for clock in (start.tzinfo, end.tzinfo):
        yield begins.replace(tzinfo=clock) < end and ends.replace(tzinfo=clock) >= start
