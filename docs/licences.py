"""Print docs/licences.md: every package that speechqa needs, with its licence as the package states it.

Run by `make licences`. What is not installed is named as such.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
ALONE = frozenset({"resemblyzer", "tokenizers"})
"""Installed without what they ask for: see the Makefile."""
_SHORT = {
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "MIT License": "MIT",
    "The MIT License (MIT)": "MIT",
    "BSD License": "BSD",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "Python Software Foundation License": "PSF",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ISC License (ISCL)": "ISC",
}


def licence(name: str) -> tuple[str, str]:
    """Version and licence of an installed package, by its own metadata."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return "", "not installed where this was made"
    said = about.get("License-Expression")
    if not said:
        kinds = [
            kind.rpartition(" :: ")[2] for kind in about.get_all("Classifier") or [] if "License" in kind
        ]
        said = " and ".join(kinds) or (about.get("License") or "").strip().split("\n")[0][:60]
    return about["Version"], _SHORT.get(said, said) or "not stated"


def closure(wanted: Iterable[str]) -> set[str]:
    """Packages that these requirements bring here, themselves and by way of others."""
    found: set[str] = set()
    ahead = [(Requirement(text), "") for text in wanted]
    while ahead:
        one, extra = ahead.pop()
        if one.marker is not None and not one.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(one.name)
        if name in found or name == "speechqa":
            continue
        found.add(name)
        if name in ALONE:
            continue
        try:
            ahead += [(Requirement(text), e) for text in requires(name) or () for e in one.extras or {""}]
        except PackageNotFoundError:
            continue
    return found


def page() -> str:
    """The page: its fixed words from docs/licences.head.md, then the tables."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [(ROOT / "docs" / "licences.head.md").read_text("utf-8").rstrip()]
    base = closure(project["dependencies"])
    lines += _table("Always", base, project["dependencies"])
    for extra, wanted in project["optional-dependencies"].items():
        direct = [text for text in wanted if not text.startswith("speechqa[")]
        names = closure(direct) - base
        # Of tools, which nobody who uses speechqa gets, those that are named.
        shown = (
            names & {canonicalize_name(Requirement(text).name) for text in direct}
            if extra == "dev"
            else names
        )
        title = "For work on speechqa itself (`dev`)" if extra == "dev" else f"Extra `{extra}`"
        lines += _table(title, shown, direct)
    return "\n".join(lines) + "\n"


def _table(title: str, names: set[str], direct: Iterable[str]) -> list[str]:
    asked = {canonicalize_name(Requirement(text).name) for text in direct}
    lines = ["", f"## {title}", "", "| package | version | licence | |", "|---|---|---|---|"]
    for name in sorted(names):
        version, terms = licence(name)
        terms = re.sub(r"[|\s]+", " ", terms)
        lines.append(f"| {name} | {version} | {terms} | {'' if name in asked else 'by way of others'} |")
    return lines


if __name__ == "__main__":
    sys.stdout.write(page())
