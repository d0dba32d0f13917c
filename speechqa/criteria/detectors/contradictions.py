"""Requests that contradict themselves: pairs of the rubric's domain list, and one thing said two ways.

Rare in calls, so whatever may explain the two makes them none: somebody else, another one, a correction, a
question, what was in the past, or what the agent proposed in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from typing import NamedTuple

from speechqa.criteria import hebrew
from speechqa.criteria.calltext import CallText, Hit, Line
from speechqa.criteria.domains import CONTRADICTION, REVERSAL
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import Token, content_keys
from speechqa.criteria.phases import states_matter

_BEFORE, _NEAR, _ASKED = 3, 3, 8
_OR = frozenset({"or", "או"})
_AND, _ARTICLES = frozenset({"and", "plus"}), frozenset({"a", "an", "another", "some"})
_ACCEPTS = frozenset({"yes", "okay", "sure", "כנ", "בסדר", "אוקי", "בטח", "טוב"})
_FEW_CONTENT = 2
_ANSWER_CONTENT = 6


class Contradiction(NamedTuple):
    """Two things a customer says that do not go together; `lists` tell where either side is said again.

    `keys` are the content of the two sides, a value each where one thing is said two ways.
    """

    first: Hit
    second: Hit
    keys: tuple[frozenset[str], frozenset[str]]
    reversal: bool

    @property
    def position(self) -> int:
        """Line from which on it could be noticed."""
        return self.second.line.position


def contradictions(text: CallText) -> list[Contradiction]:
    """All that nothing explains, in order of the call."""
    found = [*_of_pairs(text), *_of_values(text)]
    return sorted(
        found, key=lambda one: (one.position, one.first.line.position, one.second.span, one.first.name)
    )


def _of_pairs(text: CallText) -> Iterator[Contradiction]:
    sides: dict[str, dict[str, list[Hit]]] = defaultdict(lambda: defaultdict(list))
    for hit in _hits(text, CONTRADICTION):
        pair, _, side = hit.name.removeprefix(f"{CONTRADICTION}.").rpartition(".")
        sides[pair][side].append(hit)
    for pair in sorted(sides):
        for one, other in product(sides[pair]["one"], sides[pair]["other"]):
            first, second = sorted((one, other), key=lambda hit: (hit.line.position, hit.span))
            if first.line is second.line and first.span.overlaps(second.span):
                continue
            if not _explained(text, first, second):
                yield Contradiction(first, second, (first.content, second.content), reversal=False)
                break


def _of_values(text: CallText) -> Iterator[Contradiction]:
    said: dict[str, list[Hit]] = defaultdict(list)
    for hit in _hits(text, REVERSAL):
        stem, _, key = hit.name.rpartition(".")
        if key == "said":
            said[stem].append(hit)
    for stem in sorted(said):
        values = stem.rpartition(".")[2]
        for first, second in product(said[stem], repeat=2):
            if first.line.position >= second.line.position or not states_matter(first.line):
                continue
            one, other = _values(text, first, values), _values(text, second, values)
            if len(one) != 1 or len(other) != 1 or one == other:
                continue
            if _one_thing(text, first, second, values) and not (
                _explained(text, first, second) or _new_value(text, first, second, stem, values)
            ):
                yield Contradiction(first, second, (one, other), reversal=True)
                break


def _hits(text: CallText, kind: str) -> Iterator[Hit]:
    """What the customer asks for, of one kind of table."""
    for line in text.of("customer"):
        for name in sorted(name for name in line.hits if name.startswith(f"{kind}.")):
            yield from (Hit(line, span, name) for span in line.hits[name] if _wanted(line, span))


def _wanted(line: Line, span: Span) -> bool:
    """Whether the words ask for it now: not refused, not told of the past, not asked about."""
    if any(0 < span.first - word.last <= _BEFORE for word in line.hits.get("not_wanted", ())):
        return False
    if any(
        word.first - span.last <= _NEAR and span.first - word.last <= _NEAR
        for word in line.hits.get("told_of", ())
    ):
        return False
    return not any(0 < span.first - word.last <= _ASKED for word in line.hits.get("asks_about", ()))


def _explained(text: CallText, first: Hit, second: Hit) -> bool:
    """Whether somebody else, another thing, a correction, a choice or a proposal accounts for the two."""
    start, stop = first.line.position, second.line.position
    for line in text.of("customer", start, stop + 1):
        corrected = line.hits.get("self_corrects", ())
        if line is first.line:
            corrected = tuple(span for span in corrected if span.last > first.span.first)
        if corrected or line.has("separate", "explains"):
            return True
    if first.line is second.line:
        between = first.line.tokens[first.span.last + 1 : second.span.first]
    else:
        between = second.line.tokens[: second.span.first]
    if any(token.text in _OR for token in between) or (first.line is second.line and _lists(between)):
        return True
    between_lines = list(text.of("agent", start, stop))
    if second.line.has("request") and any(_answers(line) for line in between_lines):
        # What was first asked for is dealt with; this is the next request.
        return True
    # What the agent proposed and the customer takes up is no whim of the customer's.
    proposed = any(line.has(second.name) for line in between_lines)
    return proposed and second.line.tokens[0].text in _ACCEPTS


def _lists(between: tuple[Token, ...]) -> bool:
    """Whether a next thing is listed: "and a", "and two"."""
    return any(
        before.text in _AND and (token.number or token.text in _ARTICLES)
        for before, token in pairwise(between)
    )


def _answers(line: Line) -> bool:
    return len(line.content) >= _ANSWER_CONTENT and not line.has("question")


def _values(text: CallText, hit: Hit, values: str) -> frozenset[str]:
    tokens = hit.line.tokens
    within = tokens[hit.span.first : hit.span.last + 1]
    if values == "word":
        return content_keys(within[-1:])
    if values == "number":
        last = hit.span.last
        while last + 1 < len(tokens) and tokens[last + 1].number:
            last += 1
        number = [token for token in tokens[hit.span.first : last + 1] if token.number]
        # "Twenty five" is one value, not two.
        return frozenset({" ".join(sorted(content_keys(number)))}) if number else frozenset()
    members = (text.lexicon.member(token, values) for token in within)
    return frozenset(word for word in members if word is not None)


def _one_thing(text: CallText, first: Hit, second: Hit, values: str) -> bool:
    """Whether both speak of one thing: content in common, or hardly any more in the second, and one value."""
    for hit in (first, second):
        if values not in ("number", "word") and len(_all_values(text, hit.line, values)) != 1:
            return False
    tokens = second.line.tokens
    others = [_things(token) for token in (*tokens[: second.span.first], *tokens[second.span.last + 1 :])]
    before = {form for token in first.line.tokens for form in _things(token)}
    named = [forms for forms in others if forms]
    return len(named) < _FEW_CONTENT or any(forms & before for forms in named)


def _things(token: Token) -> frozenset[str]:
    """Keys of a word of content; of a Hebrew one also without what may be its prefixes. Numbers are none."""
    keys = frozenset() if token.number else content_keys([token])
    if not keys or not hebrew.is_hebrew(token.text):
        return keys
    forms = (hebrew.without_gender(form) for form in (token.text, *hebrew.without_prefix(token.text)))
    return frozenset(form[0] + form[1:].replace("ו", "").replace("י", "") for form in forms if form)


def _all_values(text: CallText, line: Line, values: str) -> frozenset[str]:
    if values in ("number", "word"):
        return frozenset(key for token in line.tokens if token.number for key in content_keys([token]))
    members = (text.lexicon.member(token, values) for token in line.tokens)
    return frozenset(word for word in members if word is not None)


def _new_value(text: CallText, first: Hit, second: Hit, stem: str, values: str) -> bool:
    """Whether what is said in between makes another value no surprise."""
    explained = f"{stem}.explained"
    lines: Iterable[Line] = text.lines[first.line.position : second.line.position + 1]
    known = _values(text, first, values) | _all_values(text, first.line, values)
    return any(
        line.has(explained) or (line.role == "agent" and not _all_values(text, line, values) <= known)
        for line in lines
    )
