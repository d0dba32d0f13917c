"""What works on this machine, what is missing, and how to get it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Literal

from speechqa.core.value import Value
from speechqa.errors import SpeechQAError, StoreAbsent
from speechqa.version import __version__

_STATES: dict[str, Literal["ok", "missing", "broken"]] = {
    "works": "ok",
    "installed": "ok",
    "missing": "missing",
    "no model": "missing",
    "broken": "broken",
}


class Check(Value, frozen=True, kw_only=True):
    """One thing looked at: whether it works, what was found, and the next step where it does not."""

    name: str
    state: Literal["ok", "missing", "broken"]
    found: str
    hint: str = ""


def health(*, store_url: str, deep: bool = True) -> tuple[Check, ...]:
    """Look at the program, its engines, models, rubric and store.

    Parameters
    ----------
    store_url : str
        The store to try; it is not created.
    deep : bool
        Try the engines on a second of sound, not only look for them.
    """
    version = ".".join(map(str, sys.version_info[:3]))
    return (
        Check(name="speechqa", state="ok", found=f"{__version__} on Python {version}"),
        *_engines(deep=deep),
        *_models(),
        _rubric(),
        _store(store_url),
        _disk(),
    )


def _engines(*, deep: bool) -> tuple[Check, ...]:
    from speechqa.backends.health import engine_status

    return tuple(
        Check(
            name=f"{status.name}: {status.purpose}",
            state=_STATES.get(status.health, "broken"),
            found=" ".join(part for part in (status.version or "", status.health, status.detail) if part),
            hint=status.hint,
        )
        for status in engine_status(deep=deep)
    )


def _models() -> tuple[Check, ...]:
    from speechqa.backends.model_files import list_models

    try:
        here = [status.entry.name for status in list_models() if status.state == "here"]
    except SpeechQAError as error:
        return (Check(name="models", state="broken", found=error.message, hint=error.hint or ""),)
    if here:
        return (Check(name="models", state="ok", found=", ".join(here)),)
    return (
        Check(
            name="models",
            state="missing",
            found="no Whisper model is here; --engine auto has nothing to take",
            hint="speechqa models list, then speechqa models pull NAME; or bring transcripts",
        ),
    )


def _rubric() -> Check:
    from speechqa.criteria import load_rubric

    try:
        rubric = load_rubric("service")
    except SpeechQAError as error:
        return Check(name="rubric", state="broken", found=error.message, hint=error.hint or "")
    return Check(
        name="rubric",
        state="ok",
        found=f"{rubric.reference}, {len(rubric.criteria)} criteria, {', '.join(rubric.languages)}",
    )


def _store(url: str) -> Check:
    from speechqa.assembly.engines import open_store

    try:
        with open_store(url, create=False) as store:
            counts = store.counts()
    except StoreAbsent:
        return Check(name="store", state="ok", found="none yet; the first audit makes it")
    except SpeechQAError as error:
        return Check(name="store", state="broken", found=error.message, hint=error.hint or "")
    return Check(
        name="store", state="ok", found=f"{counts['done']} calls analysed, {counts['failed']} failed"
    )


def _disk() -> Check:
    free_gb = shutil.disk_usage(Path.cwd()).free / 1e9
    return Check(
        name="disk",
        state="ok" if free_gb > 1 else "broken",
        found=f"{free_gb:.0f} GB free here",
        hint="" if free_gb > 1 else "Free some space: results could not be kept",
    )
