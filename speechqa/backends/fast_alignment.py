"""Times of words by Whisper's decoder in bfloat16, from the weights of a folder for CTranslate2.

What CTranslate2's `align` finds, in half of its time where the processor multiplies matrices of bfloat16.
One window is aligned at a time by one thread: what comes of it depends on nothing but the window.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.backends.fast_file import HalfWeights, listing, weights
from speechqa.core.value import Value

_NORMS = ("self_attention/layer_norm", "attention/layer_norm", "ffn/layer_norm")
_MATRICES = (
    "self_attention/linear_0",
    "self_attention/linear_1",
    "attention/linear_0",
    "attention/linear_1",
    "attention/linear_2",
    "ffn/linear_0",
    "ffn/linear_1",
)
_EDGE = 3
"""Frames on each side of one that its median is of."""
_AT_ONCE = 512
"""Tokens of the vocabulary whose exponents are added up at once: they stay in the processor's own memory."""
_LEAST = 1e-20
_MOST_BYTES = 512 * 2**20
"""Of a decoder in bfloat16, kept beside the engine's own: that of `turbo` fits, of `medium` not."""


class Aligned(Value, frozen=True, kw_only=True):
    """Where each token is heard, as CTranslate2 says it.

    Attributes
    ----------
    alignments : tuple of (int, int)
        The path through tokens and frames of 0.02 s; one more token than the text has, the sign of its end.
    text_token_probs : tuple of float
        The probability of each token of the text, 0 to 1.
    """

    alignments: tuple[tuple[int, int], ...]
    text_token_probs: tuple[float, ...]


def read_aligner(folder: Path) -> HalfAligner | None:
    """The decoder of a folder; None if it is too large or its files are of a kind that is not known here."""
    try:
        held = [one.shape for one in listing(folder / "model.bin") if one.name.startswith("decoder/")]
        if 2 * sum(map(math.prod, held)) > _MOST_BYTES:
            return None
        heads = json.loads((folder / "config.json").read_text(encoding="utf-8"))["alignment_heads"]
        return HalfAligner(weights(folder / "model.bin", "decoder/"), heads)
    except (KeyError, OSError, TypeError, ValueError):
        return None


class HalfAligner:
    """Layers in bfloat16, what runs from layer to layer in float32; any number of threads may call it.

    What is stored is taken out piece by piece, so that it is not held twice.

    Parameters
    ----------
    stored : dict
        The decoder's variables by name.
    heads : sequence of (int, int)
        Layer and head of the attention that goes along with the words.
    """

    def __init__(self, stored: dict[str, NDArray[Any]], heads: Sequence[Sequence[int]]) -> None:
        import torch

        taken = HalfWeights(stored)
        full, half, norm = taken.full, taken.half, taken.norm
        layers = sum(name.endswith("/ffn/linear_0/weight") for name in stored)
        self._tokens = full("embeddings/weight").to(torch.bfloat16)
        self._places = full("position_encodings/encodings")
        self._heads = int(stored["num_heads"])
        self._last = norm("layer_norm")
        self._layers = [
            (
                [norm(f"layer_{at}/{name}") for name in _NORMS],
                [half(f"layer_{at}/{name}") for name in _MATRICES],
                [int(head) for layer, head in heads if layer == at],
            )
            for at in range(layers)
        ]
        width = self._places.shape[1]
        told = [head for *_, its in self._layers for head in its]
        if not told or len(told) != len(heads) or width % self._heads or not 0 <= max(told) < self._heads:
            raise ValueError("this is no decoder of Whisper's shape")

    def __call__(
        self, encoded: NDArray[np.float32], start: Sequence[int], text: Sequence[int], ends: tuple[int, int],
        frames: int,
    ) -> Aligned:  # fmt: skip
        """Where each token of a text is heard in one window.

        Parameters
        ----------
        encoded : array
            What the encoder made of the window.
        start, text : sequence of int
            Tokens that say language and task, and those of the text.
        ends : tuple of int
            The tokens for no time signs, and for the end of the text.
        frames : int
            How many frames of 0.01 s hold sound.
        """
        import torch

        silent, end = ends
        with torch.inference_mode():
            tokens = torch.tensor([*start, silent, *text, end])
            state, attention = self._read(torch.from_numpy(encoded), tokens, frames // 2)
            chances = self._chances(state[len(start) : -2], tokens[len(start) + 1 : -1], end)
            matrix = _along(attention, slice(len(start), -1)).numpy()
        return Aligned(alignments=tuple(path(-matrix)), text_token_probs=tuple(chances.tolist()))

    def _read(self, encoded: Any, tokens: Any, frames: int) -> tuple[Any, list[Any]]:
        """What the decoder makes of tokens, and where each head that goes along with words looks."""
        import torch
        from torch.nn import functional as nn

        heard, count = encoded.to(torch.bfloat16), len(tokens)
        state, width = self._tokens[tokens].float() + self._places[:count], self._places.shape[1]

        def heads(found: Any, parts: int) -> Any:
            return found.view(len(found), parts, self._heads, -1).permute(1, 2, 0, 3)[:, None]

        def joined(found: Any) -> Any:
            return found[0].transpose(0, 1).reshape(count, width)

        def normed(its: tuple[Any, Any]) -> Any:
            return nn.layer_norm(state, (width,), *its).to(torch.bfloat16)

        # Written into again by each layer: fresh memory costs as much as the computing.
        kept = torch.empty(len(heard), 2 * width, dtype=torch.bfloat16)
        attention = []
        for norms, (both, output, asked, known, taken, widen, narrow), telling in self._layers:
            asks, keys, values = heads(nn.linear(normed(norms[0]), *both), 3)
            mine = nn.scaled_dot_product_attention(asks, keys, values, is_causal=True)
            state += nn.linear(joined(mine), *output)
            (asks,) = heads(nn.linear(normed(norms[1]), *asked), 1)
            keys, values = heads(torch.addmm(known[1], heard, known[0].t(), out=kept), 2)
            theirs = nn.scaled_dot_product_attention(asks, keys, values)
            state += nn.linear(joined(theirs), *taken)
            for head in telling:
                looks = asks[0, head].float() @ keys[0, head, :frames].float().t()
                attention.append((looks / asks.shape[-1] ** 0.5).softmax(-1))
            state += nn.linear(nn.gelu(nn.linear(normed(norms[2]), *widen)), *narrow)
        return nn.layer_norm(state, (width,), *self._last), attention

    def _chances(self, state: Any, tokens: Any, end: int) -> Any:
        """The probability of each token among those of text, given what was read before it."""
        import torch

        exact = (state * self._tokens[tokens].float()).sum(-1)
        # Tokens by rows: this way round the processor takes half the time.
        logits = self._tokens[:end] @ state.to(torch.bfloat16).t()
        # What the probability is of is not rounded to bfloat16, as the others are.
        logits[tokens, torch.arange(len(tokens))] = -torch.inf
        others = torch.zeros(len(tokens))
        for some in logits.split(_AT_ONCE):
            others += (some.float() - exact).exp_().sum(0)
        return 1 / (1 + others)


def _along(attention: list[Any], rows: slice) -> Any:
    """Mean over heads of how much more than other tokens each looks at a frame, freed of stray peaks."""
    from torch.nn import functional as nn

    total = 0
    for one in attention:
        looks = one - one.mean(0)  # torch.std_mean takes seven times as long over this dimension
        looks = looks[rows] / looks.square().mean(0).sqrt().clamp(min=_LEAST)
        if looks.shape[-1] > _EDGE:
            looks = _median(nn.pad(looks[None], (_EDGE, _EDGE), mode="reflect")[0])
        total = total + looks
    return total / len(attention)


def _median(wide: Any) -> Any:
    """The median of each seven neighbours of a row; sorting each seven takes ten times as long.

    Each three are put in order once, for they are the first three of one seven and the next of another. Of
    two such threes the third and fourth in order are told, and the median is the seventh kept between these.
    """
    import torch

    lesser, greater = torch.minimum, torch.maximum
    one, two, three = wide[:, :-2], wide[:, 1:-1], wide[:, 2:]
    low, high = lesser(one, two), greater(one, two)
    least, middle, most = lesser(low, three), lesser(high, greater(low, three)), greater(high, three)
    a, b, c = (ordered[:, : -_EDGE - 1] for ordered in (least, middle, most))
    d, e, f = (ordered[:, _EDGE:-1] for ordered in (least, middle, most))
    third = lesser(lesser(c, f), lesser(greater(a, e), greater(b, d)))
    fourth = lesser(lesser(greater(a, f), greater(c, d)), greater(b, e))
    return greater(third, lesser(fourth, wide[:, 2 * _EDGE :]))


def path(costs: NDArray[np.floating[Any]]) -> list[tuple[int, int]]:
    """The cheapest way from the first row and column to the last, a step on in one of them or in both.

    Row by row: the cheapest way to a place of a row enters the row somewhere and goes on along it, so that
    with sums along the row it is a running minimum.
    """
    rows, columns = costs.shape
    if not rows or not columns:
        return []
    best = np.full((rows + 1, columns + 1), np.inf)
    best[0, 0] = 0.0
    for row, above in enumerate(best[:-1]):
        sums = np.concatenate(([0.0], np.cumsum(costs[row], dtype=np.float64)))
        entered = np.minimum(above[:-1], above[1:]) - sums[:-1]
        best[row + 1, 1:] = np.minimum.accumulate(entered) + sums[1:]
    both, down, along = best[:-1, :-1], best[:-1, 1:], best[1:, :-1]
    steps = np.where((both < down) & (both < along), 0, np.where((down < both) & (down < along), 1, 2))
    found, row, column = [], rows - 1, columns - 1
    while row >= 0 and column >= 0:
        found.append((row, column))
        step = steps[row, column] if row and column else 2 if column else 1
        row, column = row - (step != 2), column - (step != 1)
    return found[::-1]
