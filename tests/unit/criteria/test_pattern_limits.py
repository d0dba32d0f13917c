"""A phrase from outside can be wrong, but not make the program run away."""

import pytest

from speechqa.criteria.patterns import PatternError, variants


@pytest.mark.parametrize(
    "pattern",
    ["a *" + "9" * 5000, "a *12 b", "word " * 100_000, "(" * 500, "[some] " * 60, "first " + "* next " * 9],
)
def test_a_phrase_that_is_too_much_is_refused(pattern):
    with pytest.raises(PatternError):
        variants(pattern)
