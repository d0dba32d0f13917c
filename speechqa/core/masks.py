"""How a masked number stands in a document."""

from __future__ import annotations

import re
from typing import Literal

MaskKind = Literal["card", "id", "iban", "account", "phone", "email", "code", "passport", "licence"]
"""What a masked number was. In text, and as the text of a word, it stands in square brackets: `[card]`."""

MASK = re.compile(r"\[(?:card|id|iban|account|phone|email|code|passport|licence)\]")
"""A mask as it stands in text."""


def is_masked(text: str) -> bool:
    """Whether a text, of a word or a turn, holds a mask.

    Examples
    --------
    >>> is_masked("[card]."), is_masked("card")
    (True, False)
    """
    return MASK.search(text) is not None
