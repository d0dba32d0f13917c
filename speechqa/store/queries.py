"""What a `CallFilter` asks, in SQL."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.core.analysis import Signals
from speechqa.core.finding import Verdict
from speechqa.errors import UsageError
from speechqa.protocols import CallFilter
from speechqa.store.columns import ByDialect
from speechqa.store.projection import CONTACT_REASON, CUSTOMER_TYPE
from speechqa.store.record_sums import scores_of_record, spoken_of
from speechqa.store.schema import (
    call_tags,
    calls,
    masked_numbers,
    promises,
    record_verdicts,
    scores,
    signals,
    verdicts,
)
from speechqa.store.wording import said

_NAMED = (CUSTOMER_TYPE, CONTACT_REASON)
"""What a signal that goes by names begins with."""
_UNINDEXED = (
    "customer_type", "complaint_subjects", "cause", "churn_reason", "compensation_sums",
    "customer_type_signs", "contact_reason",
)  # fmt: skip
_SIGNALS = tuple(field.name for field in msgspec.structs.fields(Signals) if field.name not in _UNINDEXED)
_MOST = 2**62
"""More calls than there can be, and yet a number that SQLite can hold."""
_DAY_S = 86_400.0
_EPOCH = date(1970, 1, 1).toordinal()
_NEWEST = calls.c.started_moment.desc().nulls_last()


def matching(query: CallFilter) -> sa.Select[Any]:
    """Keys of the calls that a query asks for, in the order it names, then newest first, then by call id.

    Raises
    ------
    UsageError
        If a condition cannot be met by any call: a day that is none, a rate over 1, an unknown signal.
    """
    wanted = sa.select(calls.c.id).where(*conditions(query)).order_by(*_order(query))
    if query.limit is not None or query.offset:
        _require(
            (query.limit or 0) >= 0 and query.offset >= 0, "limit and offset", "not below 0", query.limit
        )
        limit = None if query.limit is None else min(query.limit, _MOST)
        wanted = wanted.limit(limit).offset(min(query.offset, _MOST))
    return wanted


def counted(query: CallFilter) -> sa.Select[Any]:
    """How many calls a query asks for, limit and offset taken in."""
    wanted = (
        matching(query)
        if query.limit is not None or query.offset
        else sa.select(calls.c.id).where(*conditions(query))
    )
    return sa.select(sa.func.count()).select_from(wanted.subquery())


def _order(query: CallFilter) -> tuple[sa.ColumnElement[Any], ...]:
    first: tuple[sa.ColumnElement[Any], ...] = ()
    if query.sort == "risk":
        first = (calls.c.listen_weight.desc().nulls_last(),)
    elif query.sort == "duration":
        first = (calls.c.duration.desc().nulls_last(),)
    elif query.sort == "score":
        lowest = sa.case(
            (calls.c.id.in_(spoken_of()), _lowest(scores_of_record(), query)), else_=_lowest(scores, query)
        )
        first = (lowest.asc().nulls_last(),)
    return (*first, _NEWEST, calls.c.call_id)


def _lowest(points: sa.FromClause, query: CallFilter) -> sa.ScalarSelect[Any]:
    own = [points.c.call == calls.c.id, points.c.possible > 0]
    if query.category is not None:
        own.append(points.c.category == query.category)
    return sa.select(sa.func.min(points.c.earned * 1.0 / points.c.possible)).where(*own).scalar_subquery()


def conditions(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    """What has to hold of a row of `calls`; limit and offset are left out."""
    _require_text(query)
    return [
        *_plain(query),
        *_times(query),
        *_scores(query),
        *_judgements(query),
        *_words(query),
        *_numbers(query),
    ]


def _plain(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    _require(query.status in (None, "done", "failed"), "the status", "done or failed", query.status)
    equal = {
        calls.c.agent_id: query.agent_id,
        calls.c.customer_id: query.customer_id,
        calls.c.team: query.team,
        calls.c.language: query.language,
        calls.c.status: query.status,
        calls.c.draft: query.draft,
        calls.c.direction: query.direction,
    }
    found: list[sa.ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value is not None
    ]
    if query.draft is not None:
        found.append(calls.c.status != "failed")
    if query.interruptions_from is not None:
        found.append(calls.c.interruptions >= query.interruptions_from)
    if query.agent_name is not None:
        found.append(calls.c.agent_name.icontains(query.agent_name, autoescape=True))
    if query.listen:
        found.append(calls.c.listen_weight > 0)
    for name, seconds in (
        ("longer", query.longer),
        ("shorter", query.shorter),
        ("silence", query.silence_from),
    ):
        _require(seconds is None or 0.0 <= seconds < _MOST, name, "seconds from 0", seconds)
    if query.longer is not None:
        found.append(calls.c.duration >= query.longer)
    if query.shorter is not None:
        found.append(calls.c.duration <= query.shorter)
    if query.silence_from is not None:
        found.append(calls.c.silence >= query.silence_from)
    return [*found, *_tags(query), *_promises(query)]


def _tags(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    return [
        calls.c.id.in_(sa.select(call_tags.c.call).where(call_tags.c.tag == tag, call_tags.c.value == value))
        for tag, value in query.tags.items()
    ]


def _promises(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    whose = query.promise_by
    _require(whose in (None, "agent", "customer"), "who promised", "agent or customer", whose)
    if query.promise_due is None and whose is None:
        return []
    wanted: list[sa.ColumnElement[bool]] = []
    if query.promise_due is not None:
        wanted.append(promises.c.due <= _day("promise due (--promise-due)", query.promise_due))
    if whose is not None:
        wanted.append(promises.c.who == whose)
    return [calls.c.id.in_(sa.select(promises.c.call).where(*wanted))]


def _times(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if query.date_from is not None:
        day = _day("first day (--from)", query.date_from)
        found += [calls.c.local_date >= day, _by_moment(calls.c.started_moment >= _midnight(day) - _DAY_S)]
    if query.date_to is not None:
        day = _day("last day (--to)", query.date_to)
        found += [
            calls.c.local_date <= day,
            _by_moment(calls.c.started_moment <= _midnight(day) + 2 * _DAY_S),
        ]
    first, last = query.hour_from, query.hour_to
    for name, hour in (("hour_from", first), ("hour_to", last)):
        _require(hour is None or 0 <= hour <= 23, name, "an hour from 0 to 23", hour)
    if first is not None and last is not None and first > last:
        found.append(sa.or_(calls.c.local_hour >= first, calls.c.local_hour <= last))
        return found
    if first is not None:
        found.append(calls.c.local_hour >= first)
    if last is not None:
        found.append(calls.c.local_hour <= last)
    return found


def _by_moment(holds: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """What follows from a call's day, for no clock is a day from UTC: only PostgreSQL needs it to be told.

    It reads the newest calls first where few are asked for, and would read all newer than the last day.
    """
    return ByDialect(sqlite=sa.true(), postgresql=holds)


def _midnight(day: str) -> float:
    return (date.fromisoformat(day).toordinal() - _EPOCH) * _DAY_S


def _scores(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    if query.category is None and query.score_below is None and query.score_above is None:
        return []
    spoken = scores_of_record()
    silent = sa.select(scores.c.call).where(*_rates(scores, query), scores.c.call.not_in(spoken_of()))
    said = sa.select(spoken.c.call).where(*_rates(spoken, query))
    return [calls.c.id.in_(silent.union_all(said))]


def _rates(points: sa.FromClause, query: CallFilter) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [points.c.possible > 0]
    if query.category is not None:
        wanted.append(points.c.category == query.category)
    # Points are compared as whole numbers: 3 of 30 is not below 0.1, as it would be in binary fractions.
    if query.score_below is not None:
        rate = _rate("score_below", query.score_below)
        wanted.append(points.c.earned * rate.denominator < points.c.possible * rate.numerator)
    if query.score_above is not None:
        rate = _rate("score_above", query.score_above)
        wanted.append(points.c.earned * rate.denominator > points.c.possible * rate.numerator)
    return wanted


def _judgements(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    known = [verdict.value for verdict in Verdict]
    _require(query.verdict is None or query.verdict in known, "the verdict", ", ".join(known), query.verdict)
    if query.criterion is not None or query.verdict is not None:
        counting = [verdict.value for verdict in Verdict if verdict.counts]
        asked = [query.verdict] if query.verdict else counting

        def so(table: sa.Table) -> sa.Select[Any]:
            named = [] if query.criterion is None else [table.c.criterion == query.criterion]
            return sa.select(table.c.call).where(table.c.verdict.in_(asked), *named)

        unsaid = sa.select(record_verdicts.c.call).where(
            record_verdicts.c.call == verdicts.c.call, record_verdicts.c.criterion == verdicts.c.criterion
        )
        found.append(calls.c.id.in_(so(verdicts).where(~unsaid.exists()).union_all(so(record_verdicts))))
    if query.signal is not None:
        _require(
            query.signal in _SIGNALS or query.signal.startswith(_NAMED),
            "the signal",
            ", ".join((*_SIGNALS, *(prefix + "NAME" for prefix in _NAMED))),
            query.signal,
        )
        true = sa.select(signals.c.call).where(signals.c.signal == query.signal, signals.c.value == sa.true())
        found.append(calls.c.id.in_(true))
    return found


def _numbers(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    if query.number_digests is None:
        return []
    kept = sa.select(masked_numbers.c.call).where(masked_numbers.c.digest.in_(query.number_digests))
    return [calls.c.id.in_(kept)]


def _words(query: CallFilter) -> list[sa.ColumnElement[bool]]:
    return [] if query.phrase is None else [said(query.phrase, query.phrase_by)]


def _day(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"The {name} cannot be read", found=repr(text), expected="YYYY-MM-DD") from None


def _rate(name: str, value: float) -> Fraction:
    _require(0.0 <= value <= 1.0, name, "a rate from 0 to 1", value)
    return Fraction(repr(float(value))).limit_denominator(1_000_000)


def _require_text(query: CallFilter) -> None:
    for name, value in msgspec.structs.asdict(query).items():
        try:
            str(value).encode()
        except UnicodeEncodeError:
            raise UsageError(f"{name} is no Unicode text", found=ascii(value)) from None


def _require(condition: bool, name: str, expected: str, found: object) -> None:
    if not condition:
        raise UsageError(f"No call can be asked for like this: {name}", found=repr(found), expected=expected)
