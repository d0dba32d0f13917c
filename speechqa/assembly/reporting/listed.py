"""The calls that a report is about, by id: whatever else a page needs of them is read when it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from speechqa.protocols import CallSummary
from speechqa.reports.language import PageLanguage


class OwnCalls(NamedTuple):
    """An agent's analysed calls, and the language that most of those of a known language are in."""

    calls: tuple[str, ...]
    language: PageLanguage


class Listed(NamedTuple):
    """Calls of a report.

    Attributes
    ----------
    calls, analysed : tuple of str
        Ids of all, and of those that have a page of their own.
    agents : mapping of str to OwnCalls
        Agents with an analysed call, by id.
    find : callable
        Gives the lines of the calls, each time anew.
    language : {"en", "he"}
        The language that most of those of a known language are in.
    """

    calls: tuple[str, ...]
    analysed: tuple[str, ...]
    agents: Mapping[str, OwnCalls]
    find: Callable[[], Iterable[CallSummary]]
    language: PageLanguage = "en"

    @property
    def pages(self) -> int:
        """How many pages there are with one over them all."""
        return len(self.analysed) + len(self.agents) + 1

    def lines(self) -> Iterator[CallSummary]:
        """The lines of these calls; one that came since is left out, for nothing else is made of it."""
        known = frozenset(self.calls)
        return (one for one in self.find() if one.call_id in known)


def listed(find: Callable[[], Iterable[CallSummary]]) -> Listed:
    """Go through calls once and keep their ids.

    Parameters
    ----------
    find : callable
        Gives the lines of the calls; it is asked again when a page needs more of them.
    """
    calls: list[str] = []
    analysed: list[str] = []
    own: dict[str, list[str]] = {}
    hebrew: dict[str, int] = {}
    most = 0
    for one in find():
        calls.append(one.call_id)
        if one.status != "done":
            continue
        analysed.append(one.call_id)
        weighs = 0 if not one.language else 1 if one.language == "he" else -1
        most += weighs
        if one.agent_id is not None:
            own.setdefault(one.agent_id, []).append(one.call_id)
            hebrew[one.agent_id] = hebrew.get(one.agent_id, 0) + weighs
    agents = {
        name: OwnCalls(calls=tuple(own[name]), language="he" if hebrew.get(name, 0) > 0 else "en")
        for name in sorted(own)
    }
    return Listed(
        calls=tuple(calls),
        analysed=tuple(analysed),
        agents=agents,
        find=find,
        language="he" if most > 0 else "en",
    )
