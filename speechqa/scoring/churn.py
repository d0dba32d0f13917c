"""How near a customer is to leaving, step by step over their calls, and what has become of their contacts.

The stages: settled, thawing, against us, mainly elsewhere, settled elsewhere. What a customer says moves them
on; being satisfied in a later call brings them back by one, from stage three or two; from four and five only
their own word that they stay or come back does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from speechqa.core.analysis import StageSign
from speechqa.core.customers import ChurnStage, ContactChange, OpenPromise, RepeatContacts, StageStep
from speechqa.scoring.contact_log import NOT_SAID, ContactFacts, Gap, missing_in

SETTLED: Final = 1
THAWING: Final = 2
AGAINST: Final = 3
CHANGE_DAYS: Final = 90
BROKEN: Final = "broken_promise"
SATISFIED: Final = "satisfaction_expressed"


def churn_stage(
    contacts: Sequence[ContactFacts],
    promises: Iterable[OpenPromise],
    gaps: Iterable[Gap],
    *,
    today: str,
    complete: bool,
) -> ChurnStage:
    """The stage after the last of a customer's calls, with every step to it.

    Parameters
    ----------
    contacts : sequence of ContactFacts
        All calls of the customer, oldest first.
    promises : iterable of OpenPromise
        What came of what they were promised: one that they say was broken hurts.
    """
    why = _unknown(contacts, gaps, contacts[0].day if contacts else None, today, complete)
    if why:
        return ChurnStage(withheld=why)
    told = _told_broken(promises)
    stage, steps = SETTLED, list[StageStep]()
    for contact in contacts:
        signs = (*contact.signs, *told.get(contact.call_id, ()))
        after, reason, shown = _next(stage, contact, signs)
        if after != stage:
            steps.append(
                StageStep(
                    call_id=contact.call_id,
                    started_at=contact.started_at,
                    before=stage,
                    after=after,
                    why=reason,
                    signs=shown,
                )
            )
            stage = after
    return ChurnStage(stage=stage, steps=tuple(steps))


def _next(
    stage: int, contact: ContactFacts, signs: Sequence[StageSign]
) -> tuple[int, str, tuple[StageSign, ...]]:
    worst = max((sign.stage for sign in signs), default=0)
    stays = tuple(sign for sign in signs if sign.stage == SETTLED)
    content = bool(contact.satisfied) and not contact.complains
    pleased = tuple(StageSign(stage=SETTLED, kind=SATISFIED, said=said) for said in contact.satisfied)
    if stays and worst <= AGAINST and stage > SETTLED:
        if content:
            return SETTLED, "The customer stays, and is satisfied", (*stays, *pleased)
        return min(stage, THAWING), "The customer stays after all", stays
    if worst > stage and not stays:
        return worst, "What the customer says", tuple(sign for sign in signs if sign.stage == worst)
    if worst <= SETTLED and content and stage in (THAWING, AGAINST):
        return stage - 1, "The customer is satisfied", pleased
    return stage, "", ()


def _told_broken(promises: Iterable[OpenPromise]) -> dict[str, tuple[StageSign, ...]]:
    found: dict[str, tuple[StageSign, ...]] = {}
    for one in promises:
        word = one.later[-1] if one.outcome == "broken" else None
        if word is not None and word.said.speaker == "customer":
            sign = StageSign(stage=THAWING, kind=BROKEN, said=word.said)
            found[word.call_id] = (*found.get(word.call_id, ()), sign)
    return found


def contact_change(
    contacts: Sequence[ContactFacts], gaps: Iterable[Gap], *, today: str, begins: str | None, complete: bool
) -> ContactChange:
    """What customers began in the newest 90 days beside the 90 before; `begins` is the log's first day."""
    since, middle = _ago(today, 2 * CHANGE_DAYS - 1), _ago(today, CHANGE_DAYS - 1)
    why = _unknown(contacts, gaps, since, today, complete)
    if not why and (begins is None or begins > since):
        why = f"the log of calls begins on {begins}, and {since} is asked for"
    asked = [one for one in contacts if one.day is not None and since <= one.day <= today]
    if not why and any(one.side is None for one in asked):
        why = "it is not known of every call who began it"
    if why:
        return ContactChange(days=CHANGE_DAYS, withheld=why)
    mine = [one for one in asked if one.begun]

    def both(chosen: Iterable[ContactFacts]) -> tuple[int, int]:
        days = [one.day or "" for one in chosen]
        return sum(day < middle for day in days), sum(day >= middle for day in days)

    return ContactChange(
        days=CHANGE_DAYS,
        begun=both(mine),
        positive=both(one for one in mine if one.satisfied and not one.negative),
        negative=both(one for one in mine if one.negative and not one.satisfied),
    )


def repeat_contacts(
    contacts: Sequence[ContactFacts],
    gaps: Iterable[Gap],
    *,
    today: str,
    begins: str | None,
    complete: bool,
    days: int,
) -> RepeatContacts:
    """Contacts that followed another within `days`, and first contacts that none followed."""
    why = _unknown(contacts, gaps, contacts[0].day if contacts else None, today, complete)
    if why:
        return RepeatContacts(days=days, withheld=why)
    begun = [date.fromisoformat(one.day) for one in contacts if one.begun and one.day is not None]
    first = resolved = repeats = edge = 0
    for at, day in enumerate(begun):
        if at and (day - begun[at - 1]).days <= days:
            repeats += 1
            continue
        before_log = begins is None or (day - date.fromisoformat(begins)).days < days
        if before_log or (date.fromisoformat(today) - day).days < days:
            edge += 1
            continue
        first += 1
        resolved += at + 1 == len(begun) or (begun[at + 1] - day).days > days
    return RepeatContacts(days=days, first=first, resolved=resolved, repeats=repeats, edge=edge)


def _unknown(
    contacts: Sequence[ContactFacts], gaps: Iterable[Gap], first: str | None, today: str, complete: bool
) -> str:
    if not complete:
        return NOT_SAID
    start = first or min((one.day for one in contacts if one.day is not None), default=today)
    return missing_in(gaps, start, today)


def _ago(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
