"""The tree of phrases finds what trying each sequence finds, and makes no more of them than it needs."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from speechqa.core.rubric import PhraseList
from speechqa.criteria import load_rubric, loader, sources
from speechqa.criteria.lexicon import Lexicon
from speechqa.criteria.normalise import Token, tokenize
from speechqa.criteria.patterns import Item, PatternError, outline, variants

WORDS = ("kol", "tri", "zab", "zabul", "9")
PARTS = ("kol", "tri", "zab", "za*", "#", "_", "*2", "^", "$", "(", "[", "|", ")", "]")
written = st.lists(st.sampled_from(PARTS), min_size=1, max_size=12).map(" ".join)
said = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)


def _ends(items: Sequence[Item], tokens: Sequence[Token], at: int) -> set[int]:
    """Where a sequence that begins at a token may end, by trying everything."""
    if not items:
        return {at}
    item, rest = items[0], items[1:]
    if item.kind in ("start", "end"):
        return _ends(rest, tokens, at) if at == (0 if item.kind == "start" else len(tokens)) else set()
    if item.kind == "gap":
        places = range(at, min(at + item.size, len(tokens)) + 1)
        return {end for place in places for end in _ends(rest, tokens, place)}
    if at == len(tokens):
        return set()
    word = tokens[at]
    met = {
        "any": True,
        "number": word.number,
        "stem": word.text.startswith(item.value),
    }.get(item.kind, word.text in item.value.split())
    return _ends(rest, tokens, at + 1) if met else set()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(written, min_size=1, max_size=4), st.lists(said, min_size=1, max_size=4))
def test_the_tree_finds_what_trying_each_sequence_finds(patterns: list[str], texts: list[str]) -> None:
    readable = []
    for pattern in patterns:
        try:
            readable.append((pattern, variants(pattern)))
        except PatternError:
            continue
    lists = [
        PhraseList(name=str(n), language="en", patterns=(pattern,)) for n, (pattern, _) in enumerate(readable)
    ]
    lexicon = Lexicon(lists, ())
    for text in texts:
        tokens = tokenize(text)
        expected = {}
        for number, (_, sequences) in enumerate(readable):
            for first in range(len(tokens)):
                ends = {end for one in sequences for end in _ends(one, tokens, first)}
                if ends:
                    expected.setdefault(str(number), []).append((first, max(ends) - 1))
        assert lexicon.match(tokens) == {name: tuple(spans) for name, spans in expected.items()}


def test_an_outline_says_what_the_sequences_do() -> None:
    lists = load_rubric("service").phrases
    for pattern in [one for phrases in lists for one in phrases.patterns + phrases.unless][::8]:
        told, sequences = outline(pattern), variants(pattern)
        bodies = [s[1:] if s[0].kind == "start" else s for s in sequences]
        assert {single for body in bodies for single in _singles(body[0])} == told.first, pattern
        assert {x for s in sequences for item in s for x in _singles(item)} == set(told.items), pattern
        assert told.anchored == any(len(b) < len(s) for b, s in zip(bodies, sequences, strict=True))


def _singles(item: Item) -> list[Item]:
    return [Item("word", word) for word in item.value.split()] if item.kind == "set" else [item]


def test_sequences_are_made_when_a_call_comes_by() -> None:
    variants.cache_clear()
    rubric = load_rubric("service")
    assert variants.cache_info().misses == 0, "reading the built-in rubric takes its phrases as they are"
    lexicon = Lexicon(rubric.phrases, rubric.words)
    assert variants.cache_info().misses == 0
    assert "thank" in lexicon.read("thank you for your patience").hits
    patterns = sum(len(one.patterns) + len(one.unless) for one in rubric.phrases)
    assert 0 < variants.cache_info().misses < patterns / 5


def test_a_rubric_is_the_same_with_all_its_doubts() -> None:
    source = sources.Source(sources.find("service"))
    assert loader._read(source, doubting=True).rubric == load_rubric("service")
