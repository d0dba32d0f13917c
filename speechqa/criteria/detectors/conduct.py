"""`no_indifference`, `no_insult`, `no_patronising`, `no_arguing`, `no_excuses`: what no agent says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from speechqa.core.finding import Evidence, Finding
from speechqa.criteria.acts import is_backchannel
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.detectors.reactions import (
    after_it,
    aggrieved,
    before_it,
    contests,
    disagrees,
    grieves,
    taken_aback,
    warm,
)
from speechqa.criteria.lexicon import Span

_HELPFUL = ("offer", "promise", "outcome", "pending", "apologise", "empathise")
_GRANTS = ("apologise", "empathise", "owns", "offer", "promise", "hold")
_ENOUGH_WORDS = 8
_QUOTED = 3
_SIGNS = 2
_NEAR = 4
_SAME = 8
_AGAIN = 3
_BEGINS = 4
_DENIALS = frozenset({"no", "not", "never", "לא"})
_BARE = 8
_PROBLEM = ("problem", "mentions_wait", "leaves_off", "sarcasm")


def no_insult(case: Case) -> Finding:
    """No insult by the agent."""
    found = case.text.first("agent", "insult")
    if found is not None:
        return case.failed(
            "The agent insults the customer",
            "The same said without the insult",
            0.85,
            proof=(evidence(found.line, found.span),),
        )
    return clean(case, "Nothing insulting was found in what the agent says")


def no_indifference(case: Case) -> Finding:
    """No indifference by the agent; a refusal is, where nothing helpful stands beside it."""
    outright = case.text.first("agent", "outright_indifference")
    if outright is not None:
        case = case.outright()
    found = outright or case.text.first("agent", "indifference") or _bare_dismissal(case)
    signs = (found,) if found is not None else _cold(case)
    if signs:
        return case.failed(
            "The agent shows that the matter is of no concern to them",
            "Interest in the matter, or another way where this one is closed",
            0.85 if signs[0].name.endswith("indifference") else 0.6,
            proof=_quoted(signs),
        )
    return clean(case, "No sign of indifference was found in what the agent says")


def no_patronising(case: Case) -> Finding:
    """The agent does not talk down to the customer."""
    hit = case.text.first("agent", "patronise")
    signs = (hit,) if hit is not None else _lectured(case)
    if signs:
        return case.failed(
            "The agent talks down to the customer",
            "The explanation without a word on how easy it is or whom it is for",
            0.75 if hit is not None else 0.6,
            proof=_quoted(signs),
        )
    return clean(case, "Nothing that talks down to the customer was found")


def no_arguing(case: Case) -> Finding:
    """The agent does not dispute with the customer who is right."""
    found = next(_disputes(case), None)
    signs = (found,) if found is not None else _insisted(case)
    if signs:
        return case.failed(
            "The agent disputes what the customer says",
            "What the agent sees on their side, and what can be done, without who is right",
            0.75 if found is not None else 0.6,
            proof=_quoted(signs),
        )
    return clean(case, "No dispute of the agent with the customer was found")


def no_excuses(case: Case) -> Finding:
    """No excuse by the agent; a reason that comes with regret or help is none."""
    for hit in case.text.hits("agent", ["excuse"]):
        if not (_had_cause(case, hit) or disagrees(after_it(case, hit.line))):
            continue
        near = case.text.of("agent", hit.line.position - 2, hit.line.position + 3)
        if not any(
            line.has("apologise", "owns") or (line.has("outcome") and line.position >= hit.line.position)
            for line in near
        ):
            return case.failed(
                "The agent makes an excuse",
                "Regret, or what will be done, in place of the excuse",
                0.7,
                proof=(evidence(hit.line, hit.span),),
            )
    return clean(case, "No excuse was found in what the agent says")


def _quoted(signs: Iterable[Hit]) -> tuple[Evidence, ...]:
    return tuple(evidence(hit.line, hit.span) for hit in list(signs)[:_QUOTED])


def _one_a_line(case: Case, *names: str) -> list[Hit]:
    """The first hit of each agent's line."""
    found: dict[int, Hit] = {}
    for hit in case.text.hits("agent", names):
        found.setdefault(hit.line.position, hit)
    return list(found.values())


def _had_cause(case: Case, hit: Hit) -> bool:
    """Whether the customer had brought up anything that an excuse could be for."""
    start = aggrieved(case)
    if start is not None and start < hit.line.position:
        return True
    return case.text.first("customer", *_PROBLEM, stop=hit.line.position) is not None


def _cold(case: Case) -> tuple[Hit, ...]:
    """Signs of not caring, where they weigh enough together.

    A sign weighs more where the customer is taken aback by it, and where it is all the answer to a complaint.
    An agent who regrets or acknowledges anything is given more room; three signs need no complaint.
    """
    weight = 0
    said = [
        hit
        for hit in _one_a_line(case, "cold", "no_reason", "dismissal")
        if not hit.line.has("promise", "outcome", "apologise", "empathise", "hold")
    ]
    nods = () if warm(case) else tuple(_only_nods(case))
    hits = sorted((*said, *nods), key=lambda hit: hit.line.position)
    for hit in hits:
        bare = grieves(before_it(case, hit.line)) and len(hit.line.tokens) <= _BARE
        weight += 1 + bare + taken_aback(after_it(case, hit.line))
    needed = _SIGNS + 2 * warm(case) + (aggrieved(case) is None)
    return tuple(hits) if weight >= needed else ()


def _only_nods(case: Case) -> Iterator[Hit]:
    """A listener's token that is all the answer to a complaint, at which the customer is taken aback."""
    for line in case.text.of("agent"):
        if (
            is_backchannel(case.text, line)
            and grieves(before_it(case, line))
            and taken_aback(after_it(case, line))
        ):
            yield Hit(line, Span(0, len(line.tokens) - 1), "cold")


def _lectured(case: Case) -> tuple[Hit, ...]:
    """Signs of talking down, where there are two, or the customer is taken aback by one."""
    hits = _one_a_line(case, "lectures", "reproach", "blames")
    weight = sum(1 + taken_aback(after_it(case, hit.line)) for hit in hits)
    return tuple(hits) if weight > 1 and aggrieved(case) is not None else ()


def _disputes(case: Case) -> Iterator[Hit]:
    for hit in case.text.hits("agent", ["argue", "contradict"]):
        before = before_it(case, hit.line)
        if hit.name == "contradict" and (before is None or before.has("question", "information")):
            # "No, you have not" answers a question.
            continue
        yield hit


def _insisted(case: Case) -> tuple[Hit, ...]:
    """Where the agent holds to their account twice against a customer who complains and says otherwise."""
    start = aggrieved(case)
    if start is None:
        return ()
    hits: list[Hit] = []
    for hit in _one_a_line(case, "insinuates", "insists"):
        if hit.line.position <= start - _NEAR or hit.line.has(*_GRANTS):
            continue
        # What follows at once on a denial of it is about the same.
        again = bool(hits) and hit.line.position - hits[-1].line.position <= _AGAIN
        if disagrees(before_it(case, hit.line)) if again else _against(case, hit):
            hits.append(hit)
    kept = any(disagrees(after_it(case, hit.line)) for hit in hits)
    return tuple(hits) if len(hits) >= _SIGNS and kept else ()


def _against(case: Case, hit: Hit) -> bool:
    """Whether what the agent says goes against what the customer said just before, and is about the same."""
    before = before_it(case, hit.line)
    if before is None or not disagrees(before):
        return False
    if hit.name == "insinuates" or hit.line.content & before.content:
        return True
    if not contests(before):
        return False
    said = {
        key
        for line in case.text.of("agent", hit.line.position - _SAME, hit.line.position)
        for key in line.content
    }
    denies = any(token.text in _DENIALS for token in hit.line.tokens[:_BEGINS])
    answered = after_it(case, hit.line)
    return bool(hit.line.content & said) or contests(answered) or (denies and disagrees(answered))


def _bare_dismissal(case: Case) -> Hit | None:
    for hit in case.text.hits("agent", ["dismissal"]):
        near = list(case.text.of("agent", hit.line.position - 2, hit.line.position + 3))
        if not any(line.has(*_HELPFUL) for line in near):
            return hit
    return None


def clean(case: Case, reason: str) -> Finding:
    """A pass that rests on nothing having been found, where enough was heard for that."""
    if case.unheard or case.text.words("agent") < _ENOUGH_WORDS:
        return case.not_assessed(
            "Too little is known to be said by the agent to call it clean",
            "A transcript with roles for all speakers",
        )
    unsure = case.unheard_well()
    if unsure is not None:
        return case.not_assessed(f"None was found, but {unsure}", CLEARER)
    return case.passed(reason, (), 0.85 * case.heard())
