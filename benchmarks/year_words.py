"""What is said in the generated year: scenes of a call by what they come to, in English and Hebrew."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

Scene = tuple[tuple[str, str], ...]

FOLDER = Path(__file__).with_name("year_scenes")
_OPEN = {
    ("en", False): ("hello dunmore telecom this is paul", "good morning dunmore telecom linda speaking"),
    ("en", True): ("hello this is paul from dunmore telecom",),
    ("he", False): ("שלום דנמור תקשורת מדבר פול", "בוקר טוב דנמור תקשורת מדברת דנה"),
    ("he", True): ("שלום מדבר פול מדנמור תקשורת",),
}
_HELLO = {"en": "hello", "he": "שלום"}


@cache
def scenes(language: str) -> dict[str, tuple[Scene, ...]]:
    """All scenes of a language, by what they come to."""
    found = {}
    text = (FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    for block in text.strip().removeprefix("== ").split("\n== "):
        name, _, body = block.partition("\n")
        found[name] = tuple(_scene(part) for part in body.split("\n--\n"))
    return found


def _scene(text: str) -> Scene:
    lines = (line.partition(": ") for line in text.strip().split("\n"))
    return tuple(({"a": "agent", "c": "customer"}[who], said) for who, _, said in lines)


def greeting(language: str, rng: random.Random, *, outbound: bool) -> Scene:
    """How a call begins."""
    return (("agent", rng.choice(_OPEN[language, outbound])), ("customer", _HELLO[language]))
