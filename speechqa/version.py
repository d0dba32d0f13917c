"""The version, and what tells two states of one version apart; here so that any layer can name it."""

import hashlib
from functools import cache
from pathlib import Path

__version__ = "0.1.0"

_JUDGING = ("core", "privacy", "transcripts", "dialogue", "acoustics", "criteria", "scoring", "pipeline")


@cache
def judging_code() -> str | None:
    """SHA-256 over the code and phrases that judge a call; None where they are not installed as files.

    A version number stays the same while code is worked on; this does not.
    """
    package = Path(__file__).parent
    files = sorted(
        (path.relative_to(package).as_posix(), path)
        for folder in _JUDGING
        for pattern in ("*.py", "*.toml")
        for path in (package / folder).rglob(pattern)
    )
    if not files:
        return None
    digest = hashlib.sha256()
    for name, path in files:
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
