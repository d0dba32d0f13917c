"""What came of an agent's promises, as later calls of the same customer tell.

Kept or broken is a promise only on somebody's word: the customer's, or the agent's who rings back and says
so. That nothing was heard settles nothing, for what is done leaves no recording, nor does a call that nobody
answered. A word settles a promise of the same deed, and only where one such promise can be meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from speechqa.core.analysis import PromiseNews
from speechqa.core.customers import LaterWord, OpenPromise, PromiseOutcome, PromiseState
from speechqa.scoring.contact_log import NOT_SAID, ContactFacts, Gap, MadePromise, missing_in

_SEVERAL: Final = "Later words may mean it or another promise of the same kind"
_SAYS: Final = {
    (True, "customer"): "The customer says later that it was done",
    (False, "customer"): "Its day has passed, and the customer says that it was not done",
    (True, "agent"): "The agent called as was promised",
}


@dataclass(slots=True)
class _Entry:
    made: ContactFacts
    promise: MadePromise
    outcome: PromiseOutcome = "open"
    why: str = ""
    settled: str | None = None
    unclear: bool = False
    later: list[LaterWord] = field(default_factory=list)


def ledger(
    contacts: Sequence[ContactFacts], gaps: Iterable[Gap], *, today: str, complete: bool
) -> tuple[OpenPromise, ...]:
    """Every promise of a customer's calls with what came of it, in order of the calls.

    A promise that is said twice in a call is one where the log is complete.

    Parameters
    ----------
    contacts : sequence of ContactFacts
        All calls of the customer, oldest first.
    today : str
        `YYYY-MM-DD`; what was promised for a day before is past due.
    complete : bool
        Whether somebody says that the log of calls is complete; without it nothing is settled.
    """
    known = tuple(gaps)
    if not complete:
        made = [_Entry(one, promise) for one in contacts for promise in one.promises]
        return tuple(_told(entry, "not_assessed", _sentence(NOT_SAID), today) for entry in made)
    entries: list[_Entry] = []
    for contact in contacts:
        for news in _clear(contact.news):
            _settle(entries, contact, news)
        entries += [_Entry(contact, promise) for promise in _once(contact.promises)]
    return tuple(_weighed(entry, known, today) for entry in entries)


def _clear(news: Sequence[PromiseNews]) -> Iterator[PromiseNews]:
    """Each deed's first word of a call; nothing of one of which both is said."""
    seen = set()
    for one in news:
        if any(other.deed == one.deed and other.done != one.done for other in news) or one.deed in seen:
            continue
        seen.add(one.deed)
        yield one


def _once(promises: Sequence[MadePromise]) -> Iterator[MadePromise]:
    """Promises of a call, those of one deed and no other day once, with the day where either names one."""
    for at, one in enumerate(promises):
        same = [
            other
            for other in promises
            if one.deed is not None
            and (other.who, other.deed) == (one.who, one.deed)
            and (other.due == one.due or None in (other.due, one.due))
        ]
        if not any(promises.index(other) < at for other in same):
            yield next((other for other in same if other.due is not None), one)


def _settle(entries: Sequence[_Entry], contact: ContactFacts, news: PromiseNews) -> None:
    day = contact.day or ""
    meant = [
        one
        for one in entries
        if one.outcome == "open"
        and one.promise.who == "agent"
        and (news.deed is None or news.deed == one.promise.deed)
        and not (news.said.speaker == "agent" and contact.side != "outbound")
    ]
    if not news.done and any(one.promise.due is None or one.promise.due >= day for one in meant):
        for one in meant:
            if one.promise.due is None and news.deed is not None:
                one.later.append(_word(contact, news))
        meant = [one for one in meant if one.promise.due is not None and one.promise.due < day]
    if len(meant) > 1:
        for one in meant:
            one.unclear = True
            one.later.append(_word(contact, news))
    elif meant:
        (one,) = meant
        late = one.promise.due is not None and news.said.speaker == "agent" and one.promise.due < day
        one.outcome = "kept" if news.done and not late else "broken"
        one.why = "The agent called after its day had passed" if late else _SAYS[news.done, news.said.speaker]
        one.settled = day
        one.later.append(_word(contact, news))


def _word(contact: ContactFacts, news: PromiseNews) -> LaterWord:
    return LaterWord(call_id=contact.call_id, started_at=contact.started_at, done=news.done, said=news.said)


def _weighed(entry: _Entry, gaps: Sequence[Gap], today: str) -> OpenPromise:
    missing = missing_in(gaps, entry.made.day or "", entry.settled or max(today, entry.made.day or ""))
    if missing:
        return _told(entry, "not_assessed", _sentence(missing), today)
    if entry.outcome == "open" and entry.unclear:
        return _told(entry, "not_assessed", _SEVERAL, today)
    state = _state(entry.promise.due, today)
    still = {
        "due": "Its day has not passed",
        "past_due": "Its day has passed; no later call says whether it was done",
        "day_unknown": "No day was named for it; no later call says that it was done",
    }
    return _told(entry, entry.outcome, entry.why or still[state], today)


def _told(entry: _Entry, outcome: PromiseOutcome, why: str, today: str) -> OpenPromise:
    promise = entry.promise
    return OpenPromise(
        call_id=entry.made.call_id,
        who=promise.who,
        what=promise.what,
        by_when=promise.by_when,
        due=promise.due,
        state=_state(promise.due, today),
        start=promise.start,
        deed=promise.deed,
        outcome=outcome,
        why=why,
        later=tuple(entry.later),
    )


def _state(due: str | None, today: str) -> PromiseState:
    if due is None:
        return "day_unknown"
    return "past_due" if due < today else "due"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
