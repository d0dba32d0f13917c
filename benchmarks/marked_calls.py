"""Reads the invented calls of `marked_calls/`: what is said, what each turn counts for, and the verdicts.

A file is an author's calls: the language, then `== NUMBER` and a line a turn, `a` (agent) or `c` (customer),
what is said, a tab and its marks, or `-`; the line that begins with `=` holds the verdicts of who marked it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from speechqa.core.transcript import Transcript, Turn

FOLDER = Path(__file__).with_name("marked_calls")
LATER_MARKS = frozenset(
    {
        "abuse", "agrees_sale", "ask_why", "cancels", "compensate", "condition", "confused", "demanding",
        "discloses", "door_open", "exit_terms", "flat_assent", "gives_identity", "humour", "known", "leaving",
        "lets_go", "limit", "manager_met", "manager_refused", "manipulative", "name_used", "not_in_authority",
        "obstructs", "offer_stay", "passive_aggressive", "price", "provokes", "sale", "story_again",
        "thank_raise", "transfer", "transfer_told", "transfer_whom", "transfer_why", "values", "verified",
        "wants_amends", "wants_manager",
    }
)  # fmt: skip
"""What turns were not looked at for before complaints, sales and leaving customers were judged."""
FOCUSED = frozenset(
    {
        "en_practice_eight", "en_practice_nine", "en_practice_seven", "en_practice_six", "he_practice_eight",
        "he_practice_five", "he_practice_seven", "he_practice_six",
    }
)  # fmt: skip
"""Who wrote of complaints, leaving and amends, and marked those with care; what else is said by the way."""
FOCUS = LATER_MARKS | {"complaint", "retention_response", "gracious_exit"}
"""What their turns and calls were looked at for."""
SPEAKERS = {"a": "agent", "c": "customer"}


class MarkedCall(NamedTuple):
    """One call: whose it is and which, its transcript, the marks of its turns, its verdicts by letter."""

    author: str
    number: str
    transcript: Transcript
    marks: tuple[frozenset[str], ...]
    verdicts: dict[str, str]

    @property
    def looked_at_for_the_first(self) -> bool:
        """Whether its turns were looked at with care for what is not in `FOCUS`."""
        return self.author not in FOCUSED

    @property
    def looked_at_for_all(self) -> bool:
        """Whether its turns were looked at for `LATER_MARKS`; else a turn without one may mean it."""
        return "complaint_route" in self.verdicts


def marked_calls() -> Iterator[MarkedCall]:
    """All of them, in order of the files and of the calls in each."""
    for path in sorted(FOLDER.glob("*.txt")):
        head, *blocks = path.read_text(encoding="utf-8").split("\n== ")
        language = head.partition(":")[2].strip()
        for block in blocks:
            number, *lines = block.strip("\n").split("\n")
            turns, marks, verdicts = [], [], {}
            for line in lines:
                if line.startswith("= "):
                    verdicts = dict(pair.split("=") for pair in line[2:].split())
                else:
                    said, _, of = line[2:].partition("\t")
                    turns.append(Turn(speaker=SPEAKERS[line[0]], text=said.strip()))
                    marks.append(frozenset({mark.strip() for mark in of.split(",")} - {"-", ""}))
            transcript = Transcript(language=language, engine="imported", turns=tuple(turns))
            yield MarkedCall(path.stem, number.strip(), transcript, tuple(marks), verdicts)
