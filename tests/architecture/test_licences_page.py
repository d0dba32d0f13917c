"""The page of licences names every package that the project asks for."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_package_asked_for_has_its_licence_on_the_page():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [
        *project["dependencies"],
        *(one for more in project["optional-dependencies"].values() for one in more),
    ]
    names = {re.match(r"[A-Za-z0-9._-]+", text)[0].lower().replace(".", "-") for text in asked} - {"speechqa"}
    page = (ROOT / "docs" / "licences.md").read_text("utf-8")
    told = set(re.findall(r"^\| ([a-z0-9-]+) \|", page, re.MULTILINE))
    assert names <= told, f"run: make licences ({names - told})"
    assert page.startswith((ROOT / "docs" / "licences.head.md").read_text("utf-8").rstrip())
