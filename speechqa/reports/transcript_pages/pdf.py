"""A transcript as a PDF: set in a font that has Hebrew, shaped, and in the order it is read."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from speechqa.core.plain import is_right_to_left, printable
from speechqa.errors import ReportError
from speechqa.transcripts.telling import Told, ToldTurn

_FAMILY = "DejaVu"
_MARGIN_MM = 18.0
_LINE_MM = 5.2
_SMALL_MM = 4.2
_SOFT, _INK = (92, 92, 102), (28, 28, 31)
_MARK = "(?)"
_LRM, _RLM = "\u200e", "\u200f"
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""Instead of the time of writing, so that the same transcript is the same file."""
_NOT_SHOWN = "\ufffd"
_MEASURED = 300
"""Characters of a word that are measured at once; no line holds as many."""
_LONGEST_NAME = 60
"""Letters of a call's id at the foot of a page."""
_SPACES = re.compile(r"(\s+)")


def transcript_pdf(told: Told) -> bytes:
    """A PDF: the facts of the call, the turns, page numbers.

    Doubtful words are followed by `(?)`. A character that the font does not have is shown as U+FFFD, and the
    head says how many there are.

    Raises
    ------
    ReportError
        If a package that draws it is not installed.
    """
    pdf = _document(told)
    pdf.add_page()
    lost: Counter[str] = Counter()
    sheet = _Sheet(pdf, lost)
    # What the font lacks is counted before the head is set, which tells of it.
    sheet.count(told)
    sheet.line(f"Transcript of call {told.call_id}".rstrip(), size=15, style="B", height=8)
    pdf.ln(2)
    for name, value in told.facts:
        sheet.fact(name, value)
    pdf.ln(2)
    for remark in (*told.remarks, told.marking.format(mark=f"followed by {_MARK}")):
        sheet.line(remark, size=9, colour=_SOFT, height=_SMALL_MM)
    if lost:
        count = sum(lost.values())
        what = "1 character" if count == 1 else f"{count} characters"
        sheet.line(
            f"{what} that the font does not have: shown as {_NOT_SHOWN}; the format txt has them.",
            size=9,
            colour=_SOFT,
            height=_SMALL_MM,
        )
    for turn in told.turns:
        sheet.turn(turn)
    return bytes(pdf.output())


def seen_order(line: str, *, rtl: bool) -> list[tuple[str, bool]]:
    """Pieces of one direction each, in the order they are seen from the left, and whether each is turned.

    The order is made here (UAX 9, L2): fpdf2 orders pieces of two depths alone, and makes nonsense of a date
    within Hebrew within English, which is a third.
    """
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import TextDirection

    base = TextDirection.RTL if rtl else TextDirection.LTR
    letters = BidiParagraph(
        text=line, base_direction=base, preserve_bn_chars=True
    ).get_characters_with_embedding_level()
    runs = [
        ("".join(letter.character for letter in run), level)
        for level, run in groupby(letters, key=lambda letter: letter.embedding_level)
    ]
    for depth in range(max((level for _, level in runs), default=0), 0, -1):
        ordered = []
        for deep, group in groupby(runs, key=lambda run: run[1] >= depth):
            ordered += list(group)[:: -1 if deep else 1]
        runs = ordered
    drawn = ((text.replace(_LRM, "").replace(_RLM, ""), level % 2 == 1) for text, level in runs)
    return [(text, turned) for text, turned in drawn if text]


@cache
def _letters(font: Path) -> frozenset[int]:
    """Code points that a font has."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as read:
        return frozenset(read.getBestCmap())


def _fonts() -> tuple[Path, Path]:
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"


def _marked(word: str) -> str:
    """A doubtful word and its sign, which stays on the word's side where the direction turns after it."""
    return f"{word}{_MARK}{_RLM if is_right_to_left(word) else _LRM}"


def _lacks(letter: str) -> bool:
    return ord(letter) not in _letters(_fonts()[0]) and unicodedata.category(letter) not in ("Cf", "Zs")


def _shown(text: str) -> str:
    """The text with what the font lacks as U+FFFD, and no signs but those of a word's side."""
    kept = []
    for letter in text:
        if unicodedata.category(letter) == "Zs":
            kept.append(" ")
        elif unicodedata.category(letter) != "Cf" or letter in (_LRM, _RLM):
            kept.append(_NOT_SHOWN if _lacks(letter) else letter)
    return "".join(kept)


def _document(told: Told) -> Any:
    try:
        import uharfbuzz  # noqa: F401 - shapes what is drawn
        from fpdf import FPDF
    except ImportError as error:
        raise ReportError(
            "A PDF needs the packages fpdf2 and uharfbuzz, which are not installed",
            hint="Install them with: pip install 'speechqa[documents]', or take another --format",
        ) from error

    name = _shown(printable(told.call_id, limit=_LONGEST_NAME))

    class Pages(FPDF):  # type: ignore[misc]
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font(_FAMILY, size=8)
            self.set_text_color(*_SOFT)
            self.set_text_shaping(True, direction="ltr")
            self.cell(0, 6, f"{name}  {self.page_no()} / {{nb}}".strip(), align="C")

    pdf = Pages(format="A4")
    regular, bold = _fonts()
    pdf.add_font(_FAMILY, fname=regular)
    pdf.add_font(_FAMILY, style="B", fname=bold)
    pdf.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    pdf.set_auto_page_break(True, margin=20)
    pdf.set_creation_date(_MADE)
    pdf.set_creator("speechqa")
    pdf.set_title(f"Transcript of call {told.call_id}")
    if told.language:
        pdf.set_lang(told.language)
    return pdf


class _Sheet:
    """Sets lines on pages. Lines are broken here: order within a line is then the line's own (UAX 9, L2)."""

    def __init__(self, pdf: Any, lost: Counter[str]) -> None:
        self._pdf = pdf
        self._lost = lost

    def count(self, told: Told) -> None:
        """Count what the font lacks."""
        texts = [told.call_id, *told.remarks, *(value for _, value in told.facts)]
        for turn in told.turns:
            texts += [turn.who, turn.text, turn.corrected, turn.machine if turn.corrected else ""]
        for text in texts:
            self._lost.update(letter for letter in text if _lacks(letter))

    def fact(self, name: str, value: str) -> None:
        """A name, and beside it what is known."""
        pdf = self._pdf
        self._font(9, "", _SOFT)
        self._keep(_SMALL_MM)
        top = pdf.get_y()
        pdf.set_text_shaping(True, direction="ltr")
        pdf.cell(48, _SMALL_MM, name)
        pdf.set_xy(pdf.l_margin, top)
        self.line(value, size=8.5, height=_SMALL_MM, indent=50, side="L")

    def turn(self, turn: ToldTurn) -> None:
        """A turn: its number, times and speaker, what was said, and how it was corrected."""
        pdf, rtl = self._pdf, turn.right_to_left
        pdf.ln(2.2)
        self._keep(_SMALL_MM + _LINE_MM)
        head = "  ".join(part for part in (str(turn.number), turn.when, turn.who) if part)
        # Times read from left to right even beside Hebrew: only the side they stand on is the text's.
        side = "R" if rtl else "L"
        self.line(head, size=8, style="B", colour=_SOFT, height=_SMALL_MM, rtl=False, side=side)
        said = "".join(p.text if p.confidence is None else _marked(p.text) for p in turn.pieces)
        self.line(said, size=10.5, height=_LINE_MM, rtl=rtl)
        if turn.corrected:
            # The machine's words have lines of their own, for they have a direction of their own.
            note = f"{turn.corrected}; the machine heard:"
            self.line(note, size=8, colour=_SOFT, height=_SMALL_MM, rtl=False, side=side)
            self.line(turn.machine or "nothing", size=8, colour=_SOFT, height=_SMALL_MM)

    def line(
        self,
        text: str,
        *,
        size: float,
        style: str = "",
        colour: tuple[int, int, int] = _INK,
        height: float,
        indent: float = 0.0,
        rtl: bool | None = None,
        side: str | None = None,
    ) -> None:
        """A paragraph, broken into lines; `side` is L or R, by its direction where absent."""
        pdf = self._pdf
        self._font(size, style, colour)
        shown = _shown(text)
        if rtl is None:
            rtl = is_right_to_left(shown)
        pdf.set_text_shaping(True, direction="rtl" if rtl else "ltr")
        width = pdf.epw - indent
        for broken in self._broken(shown, width):
            self._keep(height)
            self._put(broken, height, width, rtl=rtl, right=(side or ("R" if rtl else "L")) == "R")

    def _put(self, line: str, height: float, width: float, *, rtl: bool, right: bool) -> None:
        """One line, a piece of one direction after the other from the left, as they are seen."""
        pdf = self._pdf
        runs = seen_order(line, rtl=rtl)
        sizes = []
        for text, turned in runs:
            pdf.set_text_shaping(True, direction="rtl" if turned else "ltr")
            sizes.append(self._width(text))
        start = pdf.w - pdf.r_margin - width + pdf.c_margin
        pdf.set_x(start + (width - 2 * pdf.c_margin - sum(sizes) if right else 0.0))
        margin, pdf.c_margin = pdf.c_margin, 0.0  # the pieces touch
        for (text, turned), size in zip(runs, sizes, strict=True):
            pdf.set_text_shaping(True, direction="rtl" if turned else "ltr")
            pdf.cell(size, height, text)
        pdf.c_margin = margin
        pdf.ln(height)

    def _font(self, size: float, style: str, colour: tuple[int, int, int]) -> None:
        self._pdf.set_font(_FAMILY, style=style, size=size)
        self._pdf.set_text_color(*colour)

    def _keep(self, height: float) -> None:
        if self._pdf.will_page_break(height):
            self._pdf.add_page()

    def _broken(self, text: str, width: float) -> list[str]:
        """Lines no wider than `width` in mm; a word that is wider is broken."""
        wide = width - 2 * self._pdf.c_margin
        lines, line, used = [], "", 0.0
        for part in _SPACES.split(text):
            size = self._size(part)
            if line and used + size > wide and part.strip():
                lines.append(line.rstrip())
                line, used = "", 0.0
            while size > wide:
                fit = self._fitting(part[:_MEASURED], wide)
                lines.append(part[:fit])
                part = part[fit:]  # noqa: PLW2901 - the rest of the word
                size = self._size(part)
            if part.strip() or line:
                line, used = line + part, used + size
        if line.strip():
            lines.append(line.rstrip())
        return lines

    def _fitting(self, word: str, wide: float) -> int:
        low, high = 1, len(word)
        while low < high:
            middle = (low + high + 1) // 2
            if self._width(word[:middle]) <= wide:
                low = middle
            else:
                high = middle - 1
        return low

    def _size(self, word: str) -> float:
        """Its width, infinite where no line holds it: what measures a word goes as deep as it is long."""
        return self._width(word) if len(word) <= _MEASURED else math.inf

    def _width(self, text: str) -> float:
        return float(self._pdf.get_string_width(text)) if text else 0.0
