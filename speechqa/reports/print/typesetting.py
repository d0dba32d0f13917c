"""How a PDF is set: a template of ours and data as JSON, in a font that has Hebrew, the same bytes each time.

Data never are markup: a template reads them as values and shows them as text. Nothing is read but the
templates and the font, and no time of writing is kept.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import regex

from speechqa.errors import ReportError
from speechqa.reports.language import Language

if TYPE_CHECKING:
    import typst

NOT_SHOWN = "\ufffd"
"""Stands for a character that the font does not have."""
_LONGEST_WORD = 40
"""Characters after which a word may be broken; no column is narrower but those of figures."""
_LONGEST_FOOT = 110
_DRAWING = "svg"
_PAIRS = b"/Direction/R2L"
_BREAK = "\u200b"
_LONG = regex.compile(rf"[^\s\u200b]{{{_LONGEST_WORD + 1},}}")
_STACK = regex.compile(r"\p{M}{6}(?=\p{M})")
"""More accents and points than any language puts on a letter."""
_BEARER = "\u25cc"
"""The dotted circle, on which marks stand that have no letter."""
_LETTER = regex.compile(r"\X{1,6}")
_ORDERING = frozenset("\u061c\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069")
"""Signs that are not seen and are kept: they order, join and part what is."""


def typeset(template: str, language: Language, *, title: str, foot: str = "", **shown: object) -> bytes:
    """A PDF of a template.

    Parameters
    ----------
    template : str
        Name of a file of `templates/`, without its ending.
    language : Language
        The paper's: its direction, and what `page.typ` says itself.
    title : str
        The document's, told by viewers and readers of screens.
    foot : str
        Stands at the foot of each page, beside its number; what is longer than a line is cut.
    shown : object
        What the template shows: values, or anything that JSON can tell. Under the key `svg` stand drawings of
        ours, which are left as they are.

    Raises
    ------
    ReportError
        If it cannot be set, or the package that sets it is not installed.
    """
    lost: Counter[str] = Counter()
    told = {"title": title, "foot": short(foot, _LONGEST_FOOT), **shown}
    data = _ready(msgspec.to_builtins(told, str_keys=True), lost)
    count = sum(lost.values())
    data |= {
        "code": language.code,
        "direction": language.direction,
        "lost": language.say(
            "{count} characters that the font does not have are shown as {sign}.", count=count, sign=NOT_SHOWN
        )
        if count
        else "",
    }
    made = _compiled(template, msgspec.json.encode(data).decode())
    return _in_order(made) if language.direction == "rtl" else made


def short(text: str, limit: int = 160) -> str:
    """A text cut with an ellipsis, for a line, or for a heading that keeps to what follows it."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _compiled(template: str, data: str) -> bytes:
    try:
        import typst
    except ImportError as error:
        raise ReportError(
            "A PDF needs the package typst, which does not load here",
            found=str(error),
            hint="Install it with: pip install typst, or take another format",
        ) from error
    with as_file(files(__package__) / "templates") as folder:
        try:
            made = typst.compile(
                str(folder / f"{template}.typ"),
                root=str(folder),
                font_paths=_fonts(),
                # No packages of others: a folder without any, so that none is looked for elsewhere.
                package_path=str(folder),
                package_cache_path=str(folder),
                sys_inputs={"data": data},
                format="pdf",
                # Accessible: the compiler refuses a paper without title, language, or words for a picture.
                pdf_standards="ua-1",
            )
        except typst.TypstError as error:
            raise ReportError(
                "The PDF could not be set",
                where=f"{template}.typ",
                found=error.message,
                hint="This is a fault in speechqa: please report it with this message. Other formats work",
            ) from error
    return bytes(made)


def _in_order(pdf: bytes) -> bytes:
    """A right-to-left file without its preference to show pairs of pages from right to left.

    Viewers built on PDFium take the preference for the direction of every line, and copy a digest or a date
    on a Hebrew page in pieces. The catalogue stands last, so that no title is taken for it; lengths stay.
    """
    before, found, after = pdf.rpartition(_PAIRS)
    return before + found.replace(b"R2L", b"L2R") + after


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_font_folder())]
    )


def _font_folder() -> Path:
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@cache
def _letters() -> frozenset[int]:
    """Code points that the font has, upright and bold."""
    from matplotlib.ft2font import FT2Font

    upright, bold = (
        set(FT2Font(str(_font_folder() / name)).get_charmap())
        for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
    )
    return frozenset(upright & bold)


def has(letter: str) -> bool:
    """Whether the font can show a letter."""
    return ord(letter) in _letters()


def _ready(value: Any, lost: Counter[str]) -> Any:
    """The data with texts as they can be set."""
    if isinstance(value, str):
        return _settable(value, lost)
    if isinstance(value, Mapping):
        return {name: one if name == _DRAWING else _ready(one, lost) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_ready(one, lost) for one in value]
    return value


def _settable(text: str, lost: Counter[str]) -> str:
    """A text with what the font lacks as U+FFFD; words that fit no line may be broken anywhere.

    Marks so many that a stack of them would stand in the lines above are given circles to stand on.
    """
    if not text.isascii() or not text.isprintable():
        text = _STACK.sub(rf"\g<0>{_BEARER}", "".join(_kept(letter, lost) for letter in text))
    if len(text) > _LONGEST_WORD:
        text = _LONG.sub(lambda word: _BREAK.join(_LETTER.findall(word[0])), text)
    return text


def _kept(letter: str, lost: Counter[str]) -> str:
    if letter in _ORDERING:
        return letter
    category = unicodedata.category(letter)
    if category in ("Zs", "Zl", "Zp") or letter in "\t\n\r":
        return " "
    if category == "Cf":
        return ""
    if not has(letter):
        lost[letter] += 1
        return NOT_SHOWN
    return letter
