"""`active_listening`: whether the agent gives back what the customer explains, and lets them finish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from speechqa.core.dialogue import Overlap
from speechqa.core.finding import Evidence, Finding
from speechqa.criteria.acts import is_backchannel
from speechqa.criteria.calltext import CallText, Line, evidence
from speechqa.criteria.case import CLEARER, Case, quoted
from speechqa.criteria.detectors.floor import overlap_evidence, taken_by_agent
from speechqa.criteria.hebrew import is_hebrew
from speechqa.criteria.lexicon import Span

_WINDOW = 12
_TIMED_WORDS = 20
_HEBREW_WORD = 4 / 3
_DICTATED = 0.4
_OWN_WORDS = 3
_SHARE = 0.2
_HOLD_WORDS = 8
_OR = frozenset({"or", "או"})
_NO_LISTENING = (
    "request_more", "goodbye", "greet", "dismissal", "indifference", "insult", "label", "sarcasm", "blame",
    "blames", "disowns", "argue", "patronise", "contradict", "challenges",
)  # fmt: skip


class Stretch(NamedTuple):
    """Lines `first` to `last` in which the customer speaks and the agent at most listens."""

    first: int
    last: int
    complains: bool


class _Given(NamedTuple):
    """How a line gives back what was said."""

    line: Line
    reason: str
    confidence: float


def active_listening(case: Case) -> Finding:
    """Content or feeling is given back in other words, and the customer is let finish."""
    occasions = [s for s in stretches(case.text) if s.complains or _explains(case, s)]
    if not occasions:
        unsure = case.unheard_well(role="customer")
        if unsure is not None:
            return case.not_assessed(f"No complaint was found, but {unsure}", CLEARER)
        return case.not_applicable("The customer neither complains nor explains at length")
    start = occasions[0].first
    lines = case.text.lines
    said = _said(lines[start])
    for occasion in occasions:
        cut = _cut_off(case, occasion)
        if cut is not None:
            return case.by_measure().failed(
                "The agent cuts the customer off in what they explain",
                "To let the customer finish, and then to give back what was said",
                0.7 if case.view.dialogue is not None and case.view.dialogue.basis == "audio" else 0.5,
                proof=(
                    evidence(lines[occasion.last], note="what the customer says"),
                    overlap_evidence(case.view, cut),
                ),
                start=start,
            )
    protest = case.text.first("customer", "not_let_finish", start=start)
    if protest is not None:
        return case.by_measure().failed(
            "The customer says that they are not let finish",
            "To let the customer finish, and then to give back what was said",
            0.75,
            proof=(evidence(protest.line, protest.span),),
            start=start,
        )
    given = [way for occasion in occasions for way in _given(case, occasion)]
    if given:
        best = max(given, key=lambda way: (way.confidence, -way.line.position))
        return case.passed(
            best.reason, (said, evidence(best.line, note="what the agent gives back")), best.confidence,
            start=start,
        )  # fmt: skip
    replies = list(case.text.of("agent", occasions[0].last + 1))
    if not replies or case.stops_open:
        return case.not_assessed(
            "The transcript stops where the agent could still have given back what the customer says",
            "The rest of the call",
        )
    acted = next((line for occasion in occasions for line in _acts_on_it(case, occasion)), None)
    if acted is not None:
        return case.not_assessed(
            f'The agent acts on what was said without giving it back: "{evidence(acted).quote}"',
            "A person's judgement whether that shows listening",
        )
    return case.failed(
        "The customer complains, and nothing of it is given back"
        if any(occasion.complains for occasion in occasions)
        else "The customer explains at length, and nothing of it is given back",
        "What the customer said or feels in the agent's own words, or a question that takes it up",
        0.65,
        proof=(said, *quoted(replies, limit=1)),
        start=start,
        absent=occasions[0].last,
    )


def _said(line: Line) -> Evidence:
    spans = sorted(span for name in ("complaint", "fault") for span in line.hits.get(name, ()))
    return evidence(line, spans[0] if spans else None, note="what the customer says")


def stretches(text: CallText) -> Iterator[Stretch]:
    """Runs of the customer's lines between which the agent says nothing but listener tokens."""
    run: list[Line] = []
    for line in (*text.lines, None):
        if line is not None and line.role == "customer":
            run.append(line)
        elif line is None or line.role != "agent" or not is_backchannel(text, line):
            if run:
                complains = any(said.has("complaint", "fault") for said in run)
                abroad = any(said.has("comes_over") for said in run)
                yield Stretch(run[0].position, run[-1].position, complains and not abroad)
            run = []


def _explains(case: Case, stretch: Stretch) -> bool:
    """Whether the customer tells something for long, by the times where they are known, else by words."""
    lines = [line for line in _lines(case.text, stretch) if line.role == "customer"]
    tokens = [token for line in lines for token in line.tokens]
    if sum(token.number for token in tokens) >= _DICTATED * len(tokens):
        return False
    words = sum(_word(word) for line in lines for word in line.source.text.split())
    times = [line.source.segment for line in lines]
    spoken = [time.end - time.start for time in times if time is not None]
    if len(spoken) == len(lines) and words >= _TIMED_WORDS:
        return sum(spoken) > case.option("explains_s")
    return words >= case.option("explains_words")


def _word(written: str) -> float:
    """How much a written word says; Hebrew writes articles and prepositions onto the next one."""
    return _HEBREW_WORD if is_hebrew(written) else 1.0


def _lines(text: CallText, stretch: Stretch) -> tuple[Line, ...]:
    return text.lines[stretch.first : stretch.last + 1]


def _cut_off(case: Case, stretch: Stretch) -> Overlap | None:
    """The agent's first taking of the floor within the stretch; None also where it was not measured."""
    times = [line.source.segment for line in _lines(case.text, stretch) if line.role == "customer"]
    known = [time for time in times if time is not None]
    if not known:
        return None
    return next(
        (
            o
            for o in taken_by_agent(case.view)
            if o.kind == "interruption" and known[0].start <= o.start <= known[-1].end
        ),
        None,
    )


def _given(case: Case, stretch: Stretch) -> Iterator[_Given]:
    """Lines after the stretch that give back what was said."""
    text = case.text
    said = {key for line in _lines(text, stretch) if line.role == "customer" for key in line.content}
    for line in text.of("agent", stretch.last + 1, stretch.last + 1 + _WINDOW):
        if line.has(*_NO_LISTENING):
            continue
        if line.has("hold") and len(line.tokens) <= _HOLD_WORDS:
            continue
        shared = {key for key in line.content & said if not key.isdigit()}
        if _opens_back(line, shared):
            yield _Given(line, "The agent gives back what the customer says", 0.8)
        elif line.has("feeling_back"):
            yield _Given(line, "The agent names how it is for the customer", 0.7)
        elif line.has("identity"):
            continue
        elif len(shared) >= max(2, _SHARE * len(line.content)):
            yield _Given(line, "The agent takes up what the customer says", 0.6)
        elif shared and _asks(text, line):
            yield _Given(line, "The agent asks on in the customer's words", 0.65)
        elif line.has("gives_back") and len(line.content) >= _OWN_WORDS:
            yield _Given(line, "The agent gives back what the customer says in own words", 0.55)


def _opens_back(line: Line, shared: set[str]) -> bool:
    """Whether words that give back stand with what was said.

    One word of it is enough behind words of feeling, or that open a summary; behind those that also instruct
    ("you need form seven") it is not.
    """
    if line.has("empathise", "apologise", "gives_back") and not line.has("identity"):
        return bool(shared)
    return len(shared) >= 2 and line.has(
        "reflect", "restate", "clarify", "empathise", "apologise", "gives_back"
    )


def _asks(text: CallText, line: Line) -> bool:
    """Whether the line asks something; Hebrew puts two things side by side without any other word for it."""
    if any(token.text in _OR for token in line.tokens[1:-1]):
        return True
    return any(
        not _embedded(text, line, span)
        for name in ("question", "need_prompt")
        for span in line.hits.get(name, ())
    )


def _embedded(text: CallText, line: Line, span: Span) -> bool:
    """Whether the words of a question stand within a statement ("I only see what is on my screen")."""
    if not text.lexicon.in_class(line.tokens[span.first], "asking"):
        return False
    before = line.tokens[max(0, span.first - 2) : span.first]
    return any(text.lexicon.in_class(token, "embeds") for token in before)


def _acts_on_it(case: Case, stretch: Stretch) -> Iterator[Line]:
    """What is done or promised in a word of the customer's; whether that shows listening is not known."""
    said = {key for line in _lines(case.text, stretch) for key in line.content if line.role == "customer"}
    for line in case.text.of("agent", stretch.last + 1, stretch.last + 1 + _WINDOW):
        if line.has("outcome", "pending", "vow") and line.content & said:
            yield line
