"""Reads the invented exchanges of `marked_lines/`: a turn that counts, or sounds near it, and what is around.

They teach wording: whole calls hold one sign or two each, and every new person gives it in new words. A file
is an author's: the language, the marks that were looked for, then an exchange a block of some lines, `a`
(agent) or `c` (customer) and what is said; the turn in question alone ends with a tab and its marks, or `-`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.marked_calls import SPEAKERS
from speechqa.core.transcript import Transcript, Turn

FOLDER = Path(__file__).with_name("marked_lines")


class MarkedLine(NamedTuple):
    """One exchange: whose it is, what is said, which turn is in question, its marks and those looked for."""

    author: str
    transcript: Transcript
    turn: int
    marks: frozenset[str]
    looked_for: frozenset[str]


def marked_lines() -> Iterator[MarkedLine]:
    """All of them, in order of the files and of the exchanges in each.

    Raises
    ------
    ValueError
        If not one turn of an exchange is in question, or it has a mark that was not looked for.
    """
    for path in sorted(FOLDER.glob("*.txt")):
        language, marks, *blocks = path.read_text(encoding="utf-8").strip("\n").split("\n", 2)
        looked_for = _listed(marks.partition(":")[2])
        for block in "".join(blocks).strip("\n").split("\n\n"):
            turns, found = [], {}
            for number, line in enumerate(block.strip("\n").split("\n")):
                said, tab, of = line[2:].partition("\t")
                turns.append(Turn(speaker=SPEAKERS[line[0]], text=said.strip()))
                if tab:
                    found[number] = _listed(of) - {"-"}
            if len(found) != 1:
                raise ValueError(f"{path.name}: one turn must be in question, {len(found)} are: {block!r}")
            ((turn, carried),) = found.items()
            if not carried <= looked_for:
                raise ValueError(f"{path.name}: {sorted(carried - looked_for)} not looked for: {block!r}")
            transcript = Transcript(
                language=language.partition(":")[2].strip(), engine="imported", turns=tuple(turns)
            )
            yield MarkedLine(path.stem, transcript, turn, carried, looked_for)


def _listed(told: str) -> frozenset[str]:
    return frozenset(name.strip() for name in told.split(",")) - {""}
