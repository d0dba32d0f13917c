"""Items of the blind set: what was said in a few turns, and where its numbers stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.blind_numbers.valid import digits_of
from benchmarks.blind_numbers.wording import Voice

SCENES = Path(__file__).parent / "scenes"
SPLIT_SEED = 6
LATER = ("more", "second", "mended", "third", "fourth")
SECRETS = ("card", "id", "iban", "account", "phone", "email", "otp", "cvv")
WHOLE = ("otp", "cvv")
SLOT = re.compile(r"\{([^{}]*)\}")
CHOICE = re.compile(r"<([^<>]*)>")
NAMES = ["dana", "avi", "michal", "tom", "yossi", "rachel", "noam", "sarah", "eli", "kate"]
SURNAMES = ["levi", "cohen", "smith", "peretz", "mizrahi", "brown", "golan", "katz", "miller", "baker"]
HOSTS = ["gmail", "walla", "hotmail", "yahoo", "outlook"]
HEBREW = {
    "dana": "דנה", "avi": "אבי", "michal": "מיכל", "tom": "תום", "yossi": "יוסי", "rachel": "רחל",
    "noam": "נועם", "sarah": "שרה", "eli": "אלי", "kate": "קייט", "levi": "לוי", "cohen": "כהן",
    "smith": "סמית", "peretz": "פרץ", "mizrahi": "מזרחי", "brown": "בראון", "golan": "גולן", "katz": "כץ",
    "miller": "מילר", "baker": "בייקר", "gmail": "ג'ימייל", "walla": "וואלה", "hotmail": "הוטמייל",
    "yahoo": "יאהו", "outlook": "אאוטלוק",
}  # fmt: skip


class Piece(NamedTuple):
    """Characters of a turn that carry part of a number: `first` to `last` of its digits."""

    turn: int
    start: int
    end: int
    first: int
    last: int


class Item(NamedTuple):
    """A few turns; `secret` holds the pieces to mask, `ordinary` the numbers to leave."""

    scene: str
    kind: str
    language: str
    turns: tuple[tuple[str, str], ...]
    digits: int
    secret: tuple[Piece, ...]
    ordinary: tuple[Piece, ...]

    def must_hide(self) -> list[Piece]:
        """All of a code or an e-mail's name; of other numbers all but what lies in the last four digits."""
        spare = 0 if self.kind in (*WHOLE, "email") else 4
        return [piece for piece in self.secret if piece.first < self.digits - spare]


class Scene(NamedTuple):
    """A hand-written scene with slots."""

    name: str
    kind: str
    language: str
    lines: tuple[str, ...]


def scenes(half: str) -> list[Scene]:
    """Scenes of one half, split once and for all within each kind and language, or those written later.

    `dev` and `kept` are halves of the first scenes, `second-dev` and `second-kept` those of
    `second`, `third-dev` and `third-kept` those of `third`.
    """
    chosen: list[Scene] = []
    folder, _, part = half.rpartition("-")
    if not folder:
        folder, part = (half, "all") if half in LATER else ("", half)
    for path in sorted((SCENES / folder).glob("*.toml")):
        kind, language = path.stem.split("-")
        lines = tomllib.loads(path.read_text(encoding="utf-8"))["scenes"]
        found = [Scene(f"{path.stem}:{n}", kind, language, tuple(line)) for n, line in enumerate(lines)]
        Random(f"{SPLIT_SEED}{path.stem}").shuffle(found)
        chosen += {"dev": found[::2], "kept": found[1::2]}.get(part, found)
    return chosen


def items(seed: int, count: int, half: str) -> Iterator[Item]:
    """Items of a half: its scenes in turn, each time with other numbers and wording."""
    rng = Random(f"{seed}{half}")
    pool = scenes(half)
    for n in range(count):
        if n % len(pool) == 0:
            rng.shuffle(pool)
        yield play(pool[n % len(pool)], rng)


def play(scene: Scene, rng: Random) -> Item:
    """Fill a scene's slots."""
    usual = "mobile" if scene.kind == "phone" and scene.language == "he" else scene.kind
    voices = {"c": Voice(rng, scene.language), "a": Voice(rng, scene.language)}
    lines = list(scene.lines)
    named = lines.pop(0).removeprefix("number: ") if lines[0].startswith("number: ") else usual
    name = f"{rng.choice(NAMES)}.{rng.choice(SURNAMES)}"
    number = {"email": name, "ordinary": ""}.get(scene.kind) or (
        "" if scene.kind == "ordinary" else digits_of(named, rng)
    )
    host = rng.choice(HOSTS)
    turns: list[tuple[str, str]] = []
    secret: list[Piece] = []
    ordinary: list[Piece] = []
    for at, line in enumerate(lines):
        who, template = line.split(": ", 1)
        template = CHOICE.sub(lambda found: rng.choice(found[1].split("|")), template)
        text = ""
        for i, part in enumerate(SLOT.split(template)):
            if i % 2 == 0:
                text += part
                continue
            body, _, form = part.partition(" ")
            form = form or "n"
            if body in ("name", "host"):
                pieces = _address(number if body == "name" else host, form, scene.language)
                first = 0 if body == "name" else len(number)
            elif body[0] in "#?":
                low, high = (int(n) for n in body[1:].split("-"))
                pieces, first = [(_plain(rng.randint(low, high), form, voices[who]), 0)], 0
            elif body[0] == "~":
                wrong = rng.choice([d for d in "0123456789" if d != number[int(body[1:])]])
                pieces, first = voices[who].said(wrong, form), 0
            else:
                low, high, _ = slice(*(int(n) if n else None for n in body.split(":"))).indices(len(number))
                pieces, first = voices[who].said(number[low:high], form), low
            for n, (word, carried) in enumerate(pieces):
                text += "" if n == 0 or (form == "n" and body[0] not in "#?") else " "
                piece = Piece(at, len(text), len(text) + len(word), first, first + carried)
                text, first = text + word, first + carried
                if body[0] == "#":
                    ordinary.append(piece)
                elif body == "name" or (
                    (body[0].isdigit() or body[0] == ":") and not number[piece.first].isalpha()
                ):
                    secret.append(piece)
        turns.append(({"c": "customer", "a": "agent"}[who], text))
    return Item(
        scene.name, scene.kind, scene.language, tuple(turns), len(number), tuple(secret), tuple(ordinary)
    )


def _plain(number: int, form: str, voice: Voice) -> str:
    if form in "wmf":
        return voice.whole(number, "he" if form == "f" else "he-m")
    return f"{number:,}" if form == "," else f"{number:02d}" if form == "2" else str(number)


def _address(text: str, form: str, language: str) -> list[tuple[str, int]]:
    """An e-mail's name or host as written, spoken (w) or spelled (s)."""
    if form == "n":
        return [(text, len(text))]
    dot = "dot" if language == "en" else "נקודה"
    spoken = {"w": lambda w: HEBREW[w] if language == "he" else w, "s": " ".join}[form]
    return [(f" {dot} ".join(spoken(w) for w in text.split(".")), len(text))]
