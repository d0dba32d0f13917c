"""The ways of running one audit that must all give the same documents."""

from __future__ import annotations

from benchmarks.determinism.running import Way

REFERENCE = Way("one worker, a folder, no cache")
_CACHE = {"SPEECHQA_CACHE": "{work}/cache"}
_BLAS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def threads(number: int) -> dict[str, str]:
    """The variables by which libraries are told how many threads to use."""
    return dict.fromkeys(_BLAS, str(number))


_HEARING = (
    Way("two workers", options=("--workers", "2")),
    Way("a command a call, in one process", options=(), order="apart"),
    Way("cache empty", environment=_CACHE),
    Way("cache full", environment=_CACHE),
    Way("1 thread a library", environment=threads(1)),
    Way("4 threads a library", environment=threads(4)),
    Way("everything at once, three workers", options=("--workers", "3"), order="backwards", umask=0o077,
        flags=("-O",), environment=threads(4)
        | {"PYTHONHASHSEED": "7", "LC_ALL": "he_IL.UTF-8", "TZ": "Asia/Kathmandu", "COLUMNS": "40"}),
)  # fmt: skip
_ALL = (
    Way("once more"),
    *_HEARING,
    Way("Ray, started here", options=("--executor", "ray", "--ray-address", "local", "--workers", "2")),
    Way("files backwards, two workers", options=("--workers", "2"), order="backwards"),
    Way("cache full, two workers", options=("--workers", "2"), environment=_CACHE),
    Way("with pages", options=("--workers", "1", "--report", "{work}/report")),
    Way("hash seed 1", environment={"PYTHONHASHSEED": "1"}),
    Way("hash seeds at random, two workers", options=("--workers", "2"),
        environment={"PYTHONHASHSEED": "random"}),
    Way("locale C without UTF-8",
        environment={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}),
    Way("Turkish, Jerusalem", environment={"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Jerusalem"}),
    Way("Hebrew, St John's", environment={"LC_ALL": "he_IL.UTF-8", "TZ": "America/St_Johns"}),
    Way("umask 077", umask=0o077),
    Way("umask 000", umask=0),
    Way("at a terminal", terminal=True),
    Way("python -O", flags=("-O",)),
    Way("a terminal, locale C, pages, random seeds", options=("--workers", "2", "--report", "{work}/pages"),
        terminal=True, umask=0, environment=_CACHE | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0", "PYTHONHASHSEED": "random", "TZ": "America/St_Johns"}),
)  # fmt: skip


def ways_for(engine: str) -> tuple[Way, ...]:
    """All ways where sound and words are measured; for a recogniser those that could reach its words."""
    ray = ("whisper", "faster-whisper")
    if engine == "none":
        return _ALL
    return (*_HEARING, *(way for way in _ALL if "ray" in way.options)) if engine in ray else _HEARING
