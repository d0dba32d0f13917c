"""Signals about the call and the customer, never scored against the agent."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from msgspec.structs import replace

from speechqa.core.analysis import Promise, Signal, Signals
from speechqa.core.rubric import Rubric
from speechqa.criteria.calltext import CallText, Hit, evidence, words_of
from speechqa.criteria.detectors.across import deed_of, promise_news, stage_signs
from speechqa.criteria.detectors.attitude import complaints, leaving, satisfaction, threats
from speechqa.criteria.detectors.paper import paper_demanded
from speechqa.criteria.detectors.promises import promises
from speechqa.criteria.judge import unusable
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.loader import load_rubric
from speechqa.criteria.readers import readers_of
from speechqa.criteria.second_reading import second_reading_of
from speechqa.criteria.view import CallView
from speechqa.protocols import TextEmbedder

_EVIDENCE = 3
_FOUND: dict[str, Callable[[CallText], list[Hit]]] = {
    "complaint": complaints,
    "churn_risk": leaving,
    "public_or_legal_threat": threats,
    "satisfaction_expressed": satisfaction,
    "form_demanded_to_cancel": paper_demanded,
}
_LISTS = {"form_demanded_to_cancel": "demands_paper"}
"""Lists without which a signal was not looked for."""
_ABSENT = {
    "complaint": "The customer does not complain",
    "churn_risk": "The customer gives no sign of leaving",
    "public_or_legal_threat": "The customer threatens with neither the public nor the law",
    "satisfaction_expressed": "The customer expresses no satisfaction",
    "form_demanded_to_cancel": "No form, fax or letter is asked for to cancel",
}


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
        return _all(dict.fromkeys(_FOUND, unknown), promised)
    found = {name: _signal(text, name) for name in _FOUND}
    phrased = {phrases.name for phrases in used.phrases}
    for name, needed in _LISTS.items():
        if needed not in phrased:
            found[name] = Signal(value=None, reason="The rubric has no phrases for it")
        elif not found[name].value and not any(text.of("agent")):
            found[name] = Signal(value=None, reason="It is not known what the agent says")
    second = second_reading_of(used, text)
    if second is not None:
        found = {name: second.signal(name, signal) for name, signal in found.items()}
    return replace(_all(found, promised), promise_news=promise_news(text), stage_signs=stage_signs(text))


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


def _signal(text: CallText, name: str) -> Signal:
    if name == "churn_risk" and text.first("customer", "comes_over") is not None:
        # Who comes over to us leaves somebody else.
        return Signal(value=False, reason="The customer wants to come over from another company")
    hits = _FOUND[name](text)
    if not hits:
        return Signal(value=False, reason=_ABSENT[name])
    lines = {hit.line.position: hit for hit in reversed(hits)}
    proof = tuple(evidence(hit.line, hit.span) for _, hit in sorted(lines.items())[:_EVIDENCE])
    return Signal(
        value=True, evidence=proof, reason=f"Said in {len(lines)} turn{'s' if len(lines) > 1 else ''}"
    )
