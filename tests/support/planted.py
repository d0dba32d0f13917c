"""Calls that hold what must never be written down, and names that try to be commands."""

from __future__ import annotations

import csv
import json
import struct
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.media import clicks

CARD, ID, PHONE, MAIL = "4111 1111 1111 1111", "123456782", "052-788-1234", "dana.levi@gmail.com"
"""What is planted: as digits everywhere, in words in the calls."""
TOLD = f"card {CARD}, ID {ID}, phone {PHONE}, {MAIL}"
"""All of it in one line, for names, reasons and comments."""
SECRETS: tuple[str, ...] = (
    r"4111[ .-]?1111[ .-]?1111",
    r"123[ .-]?456[ .-]?782",
    r"52[ .-]?788[ .-]?1234",
    r"levi@",
    r"four one one one",
    r"double five",
    r"nine eight seven",
    r"dana dot levi|dot levi at|at gmail dot",
    r"ארבע אחת אחת",
    r"חמש שתיים שבע שמונה",
    r"אחת שתיים שלוש ארבע",
    r"שטרודל|ג'ימייל",
)  # fmt: skip
"""What is looked for, as patterns: pieces that no mask leaves, and that nothing else in these calls says."""

NASTY = (
    '=1+1"><img src=x onerror=alert({0})></script><script>alert({0})</script>\x1b[31m\x1b]0;t\x07\x9b2J'
    "\u202egnp.exe\u2066\nFORGED {0}\r\u2028FORGED\x7f{{{{7*7}}}}"
)
"""A text that a spreadsheet would run, a page run, a terminal obey, and a reader take for a line of ours."""
NAMED = '=1+1"><img src=x onerror=alert({0})></script>\u202egnp.exe\u2066{{{{7*7}}}}'
"""What a list of calls takes for a name: the same without control characters."""
RUN = '=1+1"><img src=x onerror=alert({0})></script>'
"""What even a text without any sign that is not to be seen can hold."""
HOSTILE_CALL = "../../" + NAMED.format(1)
SCORED_CALL = "../../" + NASTY.format(60)
"""The id of a transcript, which takes more than a list does."""

_ENGLISH = (
    ("agent", "good morning you have reached the lamp shop this is kevin speaking how may i help"),
    ("customer", "hello my card is four one one one one one one one one one one one one one one one"),
    ("agent", "thank you and what number can we reach you at"),
    ("customer", "it is oh five two seven double eight one two three four, again 052-788-1234"),
    ("agent", "i am sorry to hear that it is broken, and your ID number please"),
    ("customer", "my ID is one two three four five six seven eight two, that is 123456782"),
    ("agent", "and your e-mail address"),
    ("customer", "dana dot levi at gmail dot com, or written dana.levi@gmail.com"),
    ("agent", "so card 4111-1111-1111-1111 is noted and a lamp will be with you by thursday is that fine"),
    ("customer", "yes that is fine thank you"),
    ("agent", "thank you for being so patient with us goodbye"),
)  # fmt: skip
_HEBREW = (
    ("agent", "שלום הגעת לחנות המנורות מדברת נועה איך אפשר לעזור"),
    ("customer", "כרטיס האשראי שלי הוא ארבע אחת אחת אחת אחת אחת אחת אחת אחת אחת אחת אחת אחת אחת אחת אחת"),
    ("agent", "תודה ומה מספר הטלפון שלך"),
    ("customer", "אפס חמש שתיים שבע שמונה שמונה אחת שתיים שלוש ארבע או בכתב 052-788-1234"),
    ("agent", "ותעודת זהות בבקשה"),
    ("customer", "תעודת זהות אחת שתיים שלוש ארבע חמש שש שבע שמונה שתיים כלומר 123456782"),
    ("agent", "ומה כתובת המייל"),
    ("customer", "דנה נקודה לוי שטרודל ג'ימייל נקודה קום כלומר dana.levi@gmail.com"),
    ("agent", "מצטערת על התקלה הכרטיס 4111-1111-1111-1111 רשום ומנורה תגיע עד יום חמישי בסדר"),
    ("customer", "כן בסדר תודה רבה"),
    ("agent", "תודה על הסבלנות להתראות"),
)  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """A folder of calls to audit, its manifest, transcripts alone, a call to be purged, and incidents."""

    folder: Path
    manifest: Path
    transcripts: Path
    gone: Path
    incidents: Path


GONE = "persimmon", "cantaloupe"
"""Said in the call that is purged, and nowhere else."""
_GONE = (
    ("agent", "good morning you have reached the fruit shop this is kevin how may i help"),
    ("customer", f"the {GONE[0]} and the {GONE[1]} that you sent were both as hard as stone"),
    ("agent", f"i am sorry to hear that a new {GONE[1]} will be with you by thursday"),
    ("customer", "thank you goodbye"),
)


def planted(folder: Path) -> Planted:
    """Where `plant` puts them."""
    return Planted(
        folder / "calls", folder / "manifest.csv", folder / "alone", folder / "gone", folder / "incidents.csv"
    )


def plant(folder: Path, *, full: bool) -> Planted:
    """A call whose every name is hostile, a Hebrew and an English one; in full all with recordings."""
    made = planted(folder)
    for place in (made.folder, made.transcripts, made.gone):
        place.mkdir(parents=True)
    _recording(made.gone / "gone.wav", len(_GONE), seed=9)
    _transcript(made.gone / "gone.json", "en", _GONE)
    nasty = NASTY.format(2).replace("/", "\u2215")  # a file may be called so
    rows: list[dict[str, str]] = []
    kinds = ((nasty, "en", _nasty(_ENGLISH)), ("he", "he", _HEBREW), ("en", "en", _ENGLISH))
    for number, (name, language, turns) in enumerate(kinds):
        hostile = number == 0
        if not full and not hostile:
            _transcript(made.transcripts / f"{name}.json", language, turns)
            continue
        _recording(made.folder / f"{name}.wav", len(turns), seed=number)
        _transcript(made.folder / f"{name}.json", language, turns)
        rows.append(
            {
                "file": f"{name}.wav", "call_id": HOSTILE_CALL if hostile else name,
                "agent_id": NAMED.format(3) if hostile else "a1",
                "agent_name": NAMED.format(4) if hostile else f"Kevin {TOLD}",
                "team": NAMED.format(5) if hostile else f"north {TOLD}",
                "customer_id": NAMED.format(6) if hostile else "k1",
                "started_at": "2026-11-02T09:00:00+00:00", "direction": "inbound", "agent_channel": "0",
                "note": NASTY.format(7) if hostile else TOLD, NASTY.format(8): NASTY.format(9),
            }
        )  # fmt: skip
    _transcript(made.transcripts / "scored.json", "en", _nasty(_ENGLISH), name=SCORED_CALL)
    with made.manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with made.incidents.open("w", encoding="utf-8", newline="") as file:
        told = csv.writer(file)
        told.writerow(("id", "kind", "from", "to", "what", "queues", "teams", "excuses"))
        day = ("2026-11-02T08:00+00:00", "2026-11-02T10:00+00:00")
        told.writerow(("down", "outage", *day, f"{RUN.format(61)} {TOLD}", "", "", ""))
        told.writerow(("waiting", "queue", *day, f"Reported by {TOLD}", "", "", ""))
    return made


def _nasty(turns: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The same with a hostile text at the end of every third turn."""
    return tuple(
        (who, f"{text} {NASTY.format(20 + place)}" if place % 3 == 0 else text)
        for place, (who, text) in enumerate(turns)
    )


def _recording(path: Path, turns: int, *, seed: int) -> None:
    """Two channels that take turns of two seconds each; a comment in the file holds the numbers."""
    rate = 8_000
    sound = clicks(2.0 * turns, rate, 2, seed=seed)
    for place in range(turns):
        sound[1 - place % 2, 2 * rate * place : 2 * rate * (place + 1)] = 0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.T.tobytes())
    text = TOLD.encode() + b"\0" * (1 + len(TOLD) % 2)
    comment = b"INFO" + b"ICMT" + struct.pack("<I", len(text)) + text
    whole = path.read_bytes() + b"LIST" + struct.pack("<I", len(comment)) + comment
    path.write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])


def _transcript(path: Path, language: str, turns: tuple[tuple[str, str], ...], name: str = "") -> None:
    said: list[dict[str, Any]] = []
    for place, (who, text) in enumerate(turns):
        start, words = 2.0 * place, text.split()
        step = 1.9 / len(words)
        spoken = [
            {"text": word, "start": start + step * i, "end": start + step * (i + 1), "confidence": 0.95}
            for i, word in enumerate(words)
        ]
        said.append({"speaker": who, "text": text, "start": start, "end": start + 1.9, "words": spoken})
    held = {"id": name or path.stem, "language": language, "turns": said, "note": TOLD}
    path.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
