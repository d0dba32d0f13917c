"""Whisper's encoder in bfloat16, from the weights of a folder for CTranslate2.

On processors that multiply matrices of bfloat16 it takes a third of the time of CTranslate2 in int8, and is
nearer to what openai-whisper computes in float32. One window is encoded at a time by one thread: what comes
of it then depends on nothing but the window.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.backends.fast_file import HalfWeights, weights

_BLOCK = (
    "self_attention/layer_norm",
    "self_attention/linear_0",
    "self_attention/linear_1",
    "ffn/layer_norm",
    "ffn/linear_0",
    "ffn/linear_1",
)


def suits() -> bool:
    """Whether this processor multiplies bfloat16 by instructions made for it; loads torch."""
    import torch

    told: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(told.get("amx_bf16") or told.get("avx512_bf16"))


def read_encoder(folder: Path) -> HalfEncoder | None:
    """The encoder of a folder; None if its file is of a kind that is not known here."""
    try:
        return HalfEncoder(weights(folder / "model.bin", "encoder/"))
    except (KeyError, ValueError):
        return None


class HalfEncoder:
    """Layers in bfloat16, what runs from layer to layer in float32; any number of threads may call it.

    What is stored is taken out piece by piece: a large model's encoder held twice would be gigabytes.
    """

    def __init__(self, stored: dict[str, NDArray[Any]]) -> None:
        taken = HalfWeights(stored)
        full, half, norm = taken.full, taken.half, taken.norm
        layers = sum(name.endswith("/ffn/linear_0/weight") for name in stored)
        self._convolutions = (half("conv1"), half("conv2"))
        self._places = full("position_encodings/encodings")
        self._heads = int(stored["num_heads"])
        self._last = norm("layer_norm")
        self._layers = [
            [(norm if part.endswith("norm") else half)(f"layer_{at}/{part}") for part in _BLOCK]
            for at in range(layers)
        ]
        frames, width = self._places.shape
        if not layers or width % self._heads or self._convolutions[1][0].shape[:2] != (width, width):
            raise ValueError("this is no encoder of Whisper's shape")
        self._shape = (frames, width)

    def __call__(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the encoder makes of one window: its spectrum to `(1500, width)`."""
        import torch
        from torch.nn import functional as nn

        frames, width = self._shape
        with torch.inference_mode():
            (first, first_bias), (second, second_bias) = self._convolutions
            sound = torch.from_numpy(features)[None].to(torch.bfloat16)
            sound = nn.gelu(nn.conv1d(sound, first, first_bias, padding=1))
            sound = nn.gelu(nn.conv1d(sound, second, second_bias, stride=2, padding=1))
            state = (sound[0].t().float() + self._places).contiguous()
            # Written into again by each layer: fresh memory costs as much as a tenth of the computing.
            normed, parts, wide, out = (
                torch.empty(frames, width * times, dtype=torch.bfloat16) for times in (1, 3, 4, 1)
            )
            for norm, projection, output, second_norm, widen, narrow in self._layers:
                normed.copy_(nn.layer_norm(state, (width,), *norm))
                torch.addmm(projection[1], normed, projection[0].t(), out=parts)
                split = parts.view(frames, 3, self._heads, -1).permute(1, 2, 0, 3)[:, None]
                heard = nn.scaled_dot_product_attention(split[0], split[1], split[2])
                heard = heard[0].transpose(0, 1).reshape(frames, width)
                state.add_(torch.addmm(output[1], heard, output[0].t(), out=out))
                normed.copy_(nn.layer_norm(state, (width,), *second_norm))
                torch.addmm(widen[1], normed, widen[0].t(), out=wide)
                torch.ops.aten.gelu_(wide)
                state.add_(torch.addmm(narrow[1], wide, narrow[0].t(), out=out))
            found: NDArray[np.float32] = nn.layer_norm(state, (width,), *self._last).numpy()
            return found
