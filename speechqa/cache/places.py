"""Where the cache lies and how large it may grow, as the environment says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from speechqa.core.value import Value
from speechqa.errors import ConfigurationError

FOLDER: Final = "SPEECHQA_CACHE"
"""The folder of the cache, or `off`."""

SIZE: Final = "SPEECHQA_CACHE_SIZE"
"""The most it may hold, in bytes or as `500M`, `20G`, `1T`."""

USUAL_LIMIT: Final = 5 * 10**9

_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_OFF: Final = frozenset({"off", "none", "0", "no", "false"})


class CachePlace(Value, frozen=True, kw_only=True):
    """A folder, and the bytes that the cache in it may hold; of a folder that is None nothing is kept."""

    folder: Path | None
    limit: int = USUAL_LIMIT


def cache_place(environment: Mapping[str, str]) -> CachePlace:
    """Where the cache lies; `environment` is usually `os.environ`.

    Without `SPEECHQA_CACHE` it is `speechqa` in the user's folder for caches, `XDG_CACHE_HOME` or `~/.cache`.

    Raises
    ------
    ConfigurationError
        If the size is none.

    Examples
    --------
    >>> cache_place({"SPEECHQA_CACHE": "/fast/disk", "SPEECHQA_CACHE_SIZE": "2G"}).limit
    2000000000
    >>> cache_place({"SPEECHQA_CACHE": "off"}).folder is None
    True
    """
    said = environment.get(FOLDER, "").strip()
    limit = _limit(environment.get(SIZE, "").strip())
    if said.casefold() in _OFF or limit == 0:
        return CachePlace(folder=None, limit=limit)
    try:
        # A relative one is meant from where the program was started, wherever it works later.
        return CachePlace(
            folder=Path(said).expanduser().absolute() if said else _usual(environment), limit=limit
        )
    except RuntimeError:  # a user without a home
        return CachePlace(folder=None, limit=limit)


def _usual(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_CACHE_HOME", "")
    # A relative one is to be ignored, says the standard.
    return (Path(base) if base.startswith("/") else Path("~/.cache").expanduser()) / "speechqa"


def _limit(said: str) -> int:
    if not said:
        return USUAL_LIMIT
    found = re.fullmatch(r"([0-9]{1,15})\s*([KMGT]?)B?", said, re.ASCII | re.IGNORECASE)
    if found is None:
        raise ConfigurationError(
            "The size of the cache cannot be read",
            where=SIZE,
            found=repr(said),
            expected="a whole number of bytes, or one with K, M, G or T, as 5G",
        )
    return int(found[1]) * _UNITS[found[2].upper()]
