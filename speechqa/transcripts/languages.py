"""The names tools give to languages, as ISO 639-1 codes."""

from __future__ import annotations

import re

_NAMES = {"hebrew": "he", "english": "en", "iw": "he", "heb": "he", "eng": "en"}
_CODE = re.compile(r"[a-z]{2}\Z")


def language_code(name: str | None) -> str | None:
    """ISO 639-1 code of a language as tools name it, or None.

    Examples
    --------
    >>> language_code("en-US"), language_code("Hebrew"), language_code("iw_IL"), language_code("??")
    ('en', 'he', 'he', None)
    """
    if not name:
        return None
    primary = name.strip().casefold().replace("_", "-").split("-", 1)[0]
    primary = _NAMES.get(primary, primary)
    return primary if _CODE.match(primary) else None
