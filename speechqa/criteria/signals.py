"""Signals about the call and the customer, never scored against the agent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple, get_args

from msgspec.structs import replace

from speechqa.core.analysis import CustomerType, Promise, Signal, Signals, TypeSign
from speechqa.core.rubric import Rubric
from speechqa.criteria.calltext import CallText, Hit, evidence, words_of
from speechqa.criteria.detectors.across import deed_of, promise_news, stage_signs
from speechqa.criteria.detectors.attitude import complaints, leaving, satisfaction, threats
from speechqa.criteria.detectors.behaviour import (
    courtesy_under_provocation,
    silent_dissatisfaction,
    type_signs,
)
from speechqa.criteria.detectors.dissatisfaction import (
    asked_amends,
    cause_of,
    churn_reason,
    complaint_subjects,
    no_authority,
    offered_amends,
    sums_of,
)
from speechqa.criteria.detectors.escalation import requests
from speechqa.criteria.detectors.paper import paper_demanded
from speechqa.criteria.detectors.promises import promises
from speechqa.criteria.judge import unusable
from speechqa.criteria.led import unknown_way, with_the_way
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.loader import load_rubric
from speechqa.criteria.readers import readers_of
from speechqa.criteria.second_reading import SecondReading, second_reading_of
from speechqa.criteria.signal_readings import SIGNALS
from speechqa.criteria.view import CallView
from speechqa.criteria.weighing import found_by_phrases, weighed
from speechqa.protocols import TextEmbedder

_FOUND: dict[str, Callable[[CallText], list[Hit]]] = {
    "public_or_legal_threat": threats,
    "satisfaction_expressed": satisfaction,
    "form_demanded_to_cancel": paper_demanded,
}
_FIRST = ("complaint", "churn_risk")
"""Weighed first, for others are found by where they are."""
_LISTS = {"form_demanded_to_cancel": "demands_paper"}
"""Lists without which a signal was not looked for."""


def find_signals(
    view: CallView, rubric: Rubric | None = None, embedder: TextEmbedder | None = None
) -> Signals:
    """Signals of a call, each with its evidence.

    Parameters
    ----------
    view : CallView
        The call.
    rubric : Rubric, optional
        Whose phrases tell; the built-in one when left out.
    embedder : TextEmbedder, optional
        Finds by meaning what phrases do not; without one phrases alone tell.

    Returns
    -------
    Signals
        A value is None when the text cannot be used or the customer's words are not known.
    """
    used = rubric or _built_in()
    text = CallText(lexicon_of(used), view.transcript, readers_of(used, embedder))
    blocked = unusable(used, view, text)
    promised = _promised(text) if blocked is None and any(text.of("agent")) else None
    if blocked is None and not any(text.of("customer")):
        blocked = ("It is not known what the customer says", "")
    if blocked is not None:
        unknown = Signal(value=None, reason=blocked[0])
        return unknown_way(_all(dict.fromkeys((*_FIRST, *_FOUND), unknown), promised), blocked[0])
    second = second_reading_of(used, text)
    complaint, complained = weighed("complaint", complaints(text), second)
    churn_risk, leaves = weighed("churn_risk", leaving(text, complained), second)
    found = {name: found_by_phrases(name, tell(text)) for name, tell in _FOUND.items()}
    phrased = {phrases.name for phrases in used.phrases}
    for name, needed in _LISTS.items():
        if needed not in phrased:
            found[name] = Signal(value=None, reason="The rubric has no phrases for it")
        elif not found[name].value and not any(text.of("agent")):
            found[name] = Signal(value=None, reason="It is not known what the agent says")
    if second is not None:
        found = {name: second.signal(name, signal) for name, signal in found.items()}
    found |= {"complaint": complaint, "churn_risk": churn_risk}
    known = _Known(
        text=text,
        phrased=frozenset(phrased),
        complained=complained,
        leaves=leaves,
        second=second,
    )
    plain = replace(_all(found, promised), promise_news=promise_news(text), stage_signs=stage_signs(text))
    every = with_the_way(_of_behaviour(_of_dissatisfaction(plain, known), known), text, used)
    if second is None:
        return every
    later = [name for name in SIGNALS if name not in found and name not in get_args(CustomerType)]
    read = {name: second.signal(name, getattr(every, name)) for name in later}
    return replace(every, **read)


class _Known(NamedTuple):
    """A call, its rubric's phrase lists, where the customer complains and leaves, and its second reading."""

    text: CallText
    phrased: frozenset[str]
    complained: Sequence[Hit]
    leaves: Sequence[Hit]
    second: SecondReading | None

    def signal(self, name: str, hits: Sequence[Hit], needs: str, *, of_agent: bool = False) -> Signal:
        """The signal, unknown where the rubric has no phrases for it or the agent's words are not known."""
        if needs not in self.phrased:
            return Signal(value=None, reason="The rubric has no phrases for it")
        if of_agent and not any(self.text.of("agent")):
            return Signal(value=None, reason="It is not known what the agent says")
        return found_by_phrases(name, hits)


def _of_dissatisfaction(plain: Signals, known: _Known) -> Signals:
    """The signals with what is complained of and why, and what is asked and given in amends."""
    text, complained = known.text, known.complained
    subjects = complaint_subjects(text, complained)
    asked, offered = asked_amends(text, complained), offered_amends(text, complained)
    return replace(
        plain,
        manager_request=known.signal("manager_request", requests(text), "wants_manager"),
        compensation_asked=known.signal("compensation_asked", asked, "wants_amends"),
        compensation_offered=known.signal("compensation_offered", offered, "amends", of_agent=True),
        not_in_authority=known.signal(
            "not_in_authority", no_authority(text), "not_in_authority", of_agent=True
        ),
        complaint_subjects=subjects if "about_service" in known.phrased else None,
        cause=cause_of(text, complained, subjects),
        churn_reason=churn_reason(text, known.leaves, plain.stage_signs or ())
        if plain.churn_risk.value
        else None,
        compensation_sums=sums_of((*asked, *offered)) if "sum_said" in known.phrased else None,
    )


def _of_behaviour(plain: Signals, known: _Known) -> Signals:
    """The signals with how the customer behaves in this call, and the agent under it."""
    text = known.text
    types = _types(known)
    return replace(
        plain,
        silent_dissatisfaction=known.signal(
            "silent_dissatisfaction", silent_dissatisfaction(text), "flat_assent", of_agent=True
        ),
        courtesy_under_provocation=known.signal(
            "courtesy_under_provocation",
            courtesy_under_provocation(text, types),
            "abuse",
            of_agent=True,
        ),
        customer_type=tuple(sorted({sign.kind for sign in types})),
        customer_type_signs=types if "angry_words" in known.phrased else None,
    )


def _types(known: _Known) -> tuple[TypeSign, ...]:
    """Signs of behaviour after both readings, in order of the call."""
    by_rules = type_signs(known.text, bool(known.complained))
    if known.second is None:
        return by_rules
    found: list[TypeSign] = []
    for kind in get_args(CustomerType):
        own = tuple(sign for sign in by_rules if sign.kind == kind)
        told = known.second.signal(kind, Signal(value=bool(own), evidence=tuple(sign.said for sign in own)))
        found += [TypeSign(kind=kind, said=said) for said in (told.evidence if told.value else ())]
    return tuple(sorted(found, key=lambda sign: (sign.said.turn or 0, sign.kind)))


@cache
def _built_in() -> Rubric:
    return load_rubric()


def _promised(text: CallText) -> tuple[Promise, ...]:
    """What the agent promises, in order, each once."""
    made = (
        Promise(
            who=promise.hit.line.role,
            what=evidence(promise.hit.line, promise.hit.span),
            when=None if promise.when is None else words_of(promise.when.line, promise.when.span),
            deed=deed_of(promise.hit.line, promise.hit.span),
        )
        for promise in promises(text)
    )
    return tuple(dict.fromkeys(made))


def _all(found: dict[str, Signal], promised: tuple[Promise, ...] | None) -> Signals:
    return Signals(
        complaint=found["complaint"],
        churn_risk=found["churn_risk"],
        public_or_legal_threat=found["public_or_legal_threat"],
        satisfaction_expressed=found["satisfaction_expressed"],
        form_demanded_to_cancel=found["form_demanded_to_cancel"],
        promises=promised,
    )
