from __future__ import annotations

import pytest

from benchmarks.overlap_labels import AVERAGED, f1
from benchmarks.turn_taking import own_pairs


@pytest.mark.parametrize("language", ["en", "he"])
def test_classes_of_our_own_calls_are_found(language: str) -> None:
    pairs = own_pairs(language, words=True)
    assert len(pairs) > 50
    each = {kind: f1(pairs, kind) for kind in AVERAGED}
    assert min(each.values()) >= 0.8, each


def test_without_words_an_interruption_is_seldom_claimed() -> None:
    pairs = [*own_pairs("en", words=False), *own_pairs("he", words=False)]
    claimed = [known for known, found in pairs if found == "interruption"]
    assert sum(known == "interruption" for known in claimed) >= len(claimed) / 2
