"""How far the machine agrees with people, and people with each other, criterion by criterion.

`not_assessed` is no verdict but the want of one: it is shown in the confusion and counted as missing
elsewhere. Calls, not verdicts, are what was sampled: intervals are over calls, by a percentile bootstrap
(Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13) from a fixed seed, so that the same
reviews give the same figures. Shares have the interval of a ratio over calls.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from speechqa.core.finding import Tally, Verdict
from speechqa.core.review import Part
from speechqa.review.advice import advice
from speechqa.review.agreement_values import Agreement, CriterionAgreement, Estimate, Judged
from speechqa.review.coefficients import Table, cohens_kappa, coincidences_of, krippendorffs_alpha
from speechqa.scoring import ratio_interval

MINIMUM_CALLS = 20
"""Calls below which no figure of agreement is stated; counts are."""

_VALUES = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE)
_PLACE = {verdict: place for place, verdict in enumerate(_VALUES)}
_K = len(_VALUES)
_RESAMPLES = 2_000
_SEED = 20_261_122
_PARTS: tuple[Part, ...] = ("random", "risk", "chosen", "disputed")
_ONE_VERDICT = "everything is one verdict, so that chance cannot be told from agreement"


def agreement(
    judged: Iterable[Judged], *, minimum_calls: int = MINIMUM_CALLS
) -> tuple[CriterionAgreement, ...]:
    """Figures of every criterion that somebody judged, apart for calls that came in differently.

    Parameters
    ----------
    judged : iterable of Judged
        One a call and criterion.
    minimum_calls : int
        Calls below which figures are not stated.

    Returns
    -------
    tuple of CriterionAgreement
        By part, random before risk, then by criterion.
    """
    groups: dict[tuple[int, str], list[Judged]] = defaultdict(list)
    for one in judged:
        if one.people:
            groups[_PARTS.index(one.part), one.criterion].append(one)
    return tuple(
        _criterion(sorted(calls, key=lambda one: one.call_id), minimum_calls)
        for _, calls in sorted(groups.items(), key=lambda item: item[0])
    )


def _criterion(calls: Sequence[Judged], minimum_calls: int) -> CriterionAgreement:
    ratings = [verdict for one in calls for verdict in one.people.values()]
    machine = Counter(one.machine.value for one in calls if one.machine is not None)
    figures = CriterionAgreement(
        part=calls[0].part,
        criterion=calls[0].criterion,
        calls=len(calls),
        ratings=len(ratings),
        blind=sum(len(one.blind) for one in calls),
        reviewers=len({person for one in calls for person in one.people}),
        machine_verdicts=_counts(machine),
        people_verdicts=_counts(Counter(verdict.value for verdict in ratings)),
        prevalence=_prevalence(calls, minimum_calls),
        machine=_machine_and_people(calls, minimum_calls),
        people=_among_people(calls, minimum_calls),
    )
    return CriterionAgreement(
        **{name: getattr(figures, name) for name in figures.__struct_fields__ if name != "advice"},
        advice=advice(figures),
    )


def _counts(counter: Counter[str]) -> dict[str, int]:
    return {verdict.value: counter[verdict.value] for verdict in Verdict}


def _prevalence(calls: Sequence[Judged], minimum_calls: int) -> Estimate | None:
    """Share of fails among people's verdicts that count."""
    tallies = []
    for one in calls:
        counting = [verdict for verdict in one.people.values() if verdict.counts]
        tallies.append(Tally(earned=counting.count(Verdict.FAIL), possible=len(counting)))
    return _share(tallies, minimum_calls)


def _share(tallies: Sequence[Tally], minimum_calls: int) -> Estimate | None:
    counted = [tally for tally in tallies if tally.possible]
    if len(counted) < max(minimum_calls, 1):
        return None
    total = sum(counted, Tally())
    interval = ratio_interval(counted)
    return Estimate(
        value=round(total.earned / total.possible, 4),
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
    )


def _machine_and_people(calls: Sequence[Judged], minimum_calls: int) -> Agreement:
    pairs = [
        [(one.machine, verdict) for verdict in one.people.values()]
        for one in calls
        if one.machine is not None
    ]
    tables = [_table(of_call) for of_call in pairs]
    return _agreement(
        tables,
        coincidences=[table + table.T for table in tables],
        by_pair=tables,
        confusion=_confusion(pair for of_call in pairs for pair in of_call),
        minimum_calls=minimum_calls,
    )


def _among_people(calls: Sequence[Judged], minimum_calls: int) -> Agreement:
    several = [one for one in calls if len(one.people) > 1]
    couples = sorted({couple for one in several for couple in combinations(sorted(one.people), 2)})
    shared = Counter(couple for one in several for couple in combinations(sorted(one.people), 2))
    # A couple with few calls in common would weigh as much in the mean as one with many.
    couples = [couple for couple in couples if shared[couple] >= minimum_calls]
    tables, coincidences, by_pair, every = [], [], [], []
    for one in several:
        pairs = [(one.people[a], one.people[b]) for a, b in combinations(sorted(one.people), 2)]
        every += [*pairs, *((second, first) for first, second in pairs)]
        tables.append(_table(pairs))
        given = Counter(verdict for verdict in one.people.values())
        coincidences.append(coincidences_of(np.array([float(given[value]) for value in _VALUES])))
        own = [
            _table([(one.people[a], one.people[b])] if a in one.people and b in one.people else [])
            for a, b in couples
        ]
        by_pair.append(np.array(own).reshape(-1, _K, _K))
    return _agreement(
        tables,
        coincidences=coincidences,
        by_pair=by_pair,
        confusion=_confusion(every),
        minimum_calls=minimum_calls,
    )


def _agreement(
    tables: Sequence[Table],
    *,
    coincidences: Sequence[Table],
    by_pair: Sequence[Table],
    confusion: Mapping[str, Mapping[str, int]],
    minimum_calls: int,
) -> Agreement:
    """The figures of calls given as tables, one each: the pairs, the coincidences, each couple's pairs.

    Kappa is Cohen's for one couple and the mean over couples for more (Light, 1971).
    """
    used = [place for place, table in enumerate(tables) if table.sum() > 0]
    tallies = [
        Tally(earned=round(float(np.trace(tables[place]))), possible=round(float(tables[place].sum())))
        for place in used
    ]
    total = sum(tallies, Tally())
    counted = Agreement(calls=len(used), pairs=total.possible, agreed=total.earned, confusion=confusion)
    if not used:
        return _with(counted, not_stated="no call has a verdict of both sides")
    if len(used) < minimum_calls:
        return _with(counted, not_stated=f"{len(used)} of the {minimum_calls} calls that a figure needs")
    kappa = _bootstrapped(
        np.stack([by_pair[place].reshape(-1) for place in used]),
        lambda sums: _mean_kappa(sums.reshape(len(sums), -1, _K, _K)),
    )
    alpha = _bootstrapped(
        np.stack([coincidences[place].reshape(-1) for place in used]),
        lambda sums: krippendorffs_alpha(sums.reshape(len(sums), _K, _K)),
    )
    why = "" if alpha is not None else _ONE_VERDICT
    if alpha is not None and kappa is None:
        why = "no two people have so many calls in common that kappa could be given"
    return _with(counted, raw=_share(tallies, minimum_calls), kappa=kappa, alpha=alpha, not_stated=why)


def _with(agreement: Agreement, **more: object) -> Agreement:
    from msgspec.structs import replace

    return replace(agreement, **more)


def _mean_kappa(tables: Table) -> Table:
    """Mean over the couples of each sample, shape (samples, couples, k, k); NaN where no couple has one."""
    kappas = cohens_kappa(tables)
    known = np.isfinite(kappas)
    count = known.sum(axis=-1)
    summed = np.where(known, kappas, 0.0).sum(axis=-1)
    return np.asarray(np.where(count > 0, summed / np.maximum(count, 1), np.nan))


def _bootstrapped(features: Table, figure: Callable[[Table], Table]) -> Estimate | None:
    """A figure of sums over calls, features of shape (calls, f), with its interval over calls."""
    if not features.shape[1]:
        return None
    value = float(figure(features.sum(axis=0, keepdims=True))[0])
    if not np.isfinite(value):
        return None
    kinds, counts = np.unique(features, axis=0, return_counts=True)
    generator = np.random.default_rng(_SEED)
    weights = generator.multinomial(len(features), counts / counts.sum(), size=_RESAMPLES)
    drawn = figure(weights.astype(np.float64) @ kinds)
    drawn = drawn[np.isfinite(drawn)]
    low = high = None
    # Where nearly every call is alike, many samples have no figure, and the rest are no fair picture.
    if len(drawn) >= 0.95 * _RESAMPLES and np.ptp(drawn) > 0:
        low, high = (round(float(bound), 4) for bound in np.percentile(drawn, (2.5, 97.5)))
    return Estimate(value=round(value, 4), low=low, high=high)


def _table(pairs: Iterable[tuple[Verdict, Verdict]]) -> Table:
    table = np.zeros((_K, _K))
    for first, second in pairs:
        if first in _PLACE and second in _PLACE:
            table[_PLACE[first], _PLACE[second]] += 1
    return table


def _confusion(pairs: Iterable[tuple[Verdict, Verdict]]) -> dict[str, dict[str, int]]:
    counted = Counter((first.value, second.value) for first, second in pairs)
    return {
        first.value: {second.value: counted[first.value, second.value] for second in Verdict}
        for first in Verdict
    }
