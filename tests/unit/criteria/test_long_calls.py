"""A call of thousands of lines is described and read in pieces, and comes out as if it had been whole."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.criteria import annotate, shipped_act_model
from speechqa.criteria.act_features import AT_ONCE, batches, features
from speechqa.criteria.calltext import CallText
from speechqa.criteria.lexicon import lexicon_of
from tests.support.calls_as_text import RUBRIC, transcript

CALL = """a: good morning dana speaking how can i help
c: my order seven nine two has not come and where is it
a: seven nine two let me check please hold
c: yes
a: it leaves on friday and which day suits you
c: friday
a: friday it is anything else"""


class Counted:
    """The shipped model, with how many rows it was given at once."""

    def __init__(self) -> None:
        self.model = shipped_act_model()
        self.given: list[int] = []

    @property
    def name(self):
        return self.model.name

    @property
    def thresholds(self):
        return self.model.thresholds

    def scores(self, turns):
        self.given.append(len(turns))
        return self.model.scores(turns)


@pytest.mark.parametrize("at_once", [1, 3, 11, 1000])
def test_lines_are_described_the_same_in_pieces(at_once: int) -> None:
    text = CallText(lexicon_of(RUBRIC), transcript("\n".join([CALL] * 5)))
    whole, lines = features(text)
    found = list(batches(text, at_once))
    rows, of = (np.concatenate(part) for part in zip(*found, strict=True))
    assert len(of) > len(text.lines)  # beginnings among them
    assert len(found) == -(-len(text.lines) // at_once)
    order, by_line = np.argsort(lines, kind="stable"), np.argsort(of, kind="stable")
    assert np.array_equal(lines[order], of[by_line])
    assert np.array_equal(whole[order], rows[by_line])


def test_the_model_never_sees_a_long_call_at_once() -> None:
    count = AT_ONCE // 7 + 20
    counted = Counted()
    long = annotate(transcript("\n".join([CALL] * count)), RUBRIC, counted)
    assert len(counted.given) == 2
    assert max(counted.given) < 2 * AT_ONCE
    # Far from both ends, before the cut and behind it, lines are the same: so are their acts.
    cut = AT_ONCE // 7
    acts = [[turn.acts for turn in long.turns[7 * n : 7 * n + 7]] for n in (cut - 3, cut, cut + 3)]
    assert acts[0] == acts[1] == acts[2]
    assert any(any(turn) for turn in acts[0])
