"""A rubric's files: where they lie, their bytes, and on which line a key or a phrase stands."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from speechqa.core.rubric import Problem
from speechqa.errors import RubricError

BUILT_IN = Path(__file__).resolve().parent.parent / "rubrics"
MAX_BYTES = 2_000_000
_BARE_NAME = re.compile(r"[\w-][\w.-]{0,99}")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.\"-]+)\s*\]\]?")
_KEY = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")
_MARK = re.compile(r"""\"{3}|'{3}|["'#\[\]{}]""")
# What ends a text. Between double quotes a backslash shields what follows.
_CLOSING = {
    mark: re.compile(mark if mark[0] == "'" else r"\\.|" + mark) for mark in ('"', "'", '"' * 3, "'" * 3)
}
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'")
# Python's reader of TOML takes time that grows with the square of the parts of a dotted key.
_ENDLESS_KEY = re.compile(r"""(?<![\w-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""")
_SYNTAX = re.compile(r"\(at line (\d+), column \d+\)")


class Source:
    """One file of a rubric, read once.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    RubricError
        If the file cannot be read, is too large, or is no TOML.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self.data = file.read(MAX_BYTES + 1)
            self.text = self.data.decode("utf-8-sig")
        except OSError as error:
            raise RubricError(
                "The rubric cannot be read", where=str(path), found=error.strerror or str(error), hint=_HINT
            ) from error
        except UnicodeDecodeError as error:
            raise RubricError(
                "The rubric is no text in UTF-8",
                where=str(path),
                found=f"byte {error.start}",
                expected="UTF-8",
            ) from error
        if len(self.data) > MAX_BYTES:
            raise RubricError(
                "The rubric is too large", where=str(path), expected=f"at most {MAX_BYTES} bytes"
            )
        endless = _ENDLESS_KEY.search(self.text)
        if endless is not None:
            line_number = self.text.count("\n", 0, endless.start()) + 1
            raise RubricError(
                "The rubric is no valid TOML",
                where=f"{path}, line {line_number}",
                found="a key of more than 64 parts",
                expected="keys with a dot or two",
            )
        try:
            self.table: dict[str, Any] = tomllib.loads(self.text.replace("\r\n", "\n"))
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            line = _SYNTAX.search(str(error))
            where = f"{path}, line {line.group(1)}" if line else str(path)
            raise RubricError("The rubric is no valid TOML", where=where, found=str(error)) from error

    @cached_property
    def built_in(self) -> bool:
        """Whether the file comes with speechqa."""
        return self.path.resolve().parent == BUILT_IN

    def line(self, table: str | None, key: str | None = None, *, nth: int = 0) -> int | None:
        """Line, counted from 1, of a key in the `nth` table of that name; of the table without a key.

        A key that is a table of its own, as ``[criterion.options]``, is found by that header.
        """
        if table is None:
            return None if key is None else self._places.keys.get((0, key))
        starts = self._places.headers.get(table, [])
        if not -1 <= nth < len(starts):
            return None
        start = starts[nth] if nth >= 0 else 0
        if key is None:
            return start or None
        found = self._places.keys.get((start, key)) if start else None
        end = starts[nth + 1] if nth + 1 < len(starts) else self._places.last + 1
        below = self._places.headers.get(f"{table}.{key}", [])
        at = bisect_right(below, start)
        if found is None and at < len(below) and below[at] < end:
            return below[at]
        return found

    def line_of_text(self, table: str, text: str, *, nth: int = 0) -> int | None:
        """Line within the `nth` table of a name on which a text stands, None when it is written otherwise."""
        start = self.line(table, nth=nth) or 1
        tables = self._places.tables
        after = bisect_right(tables, start)
        end = tables[after] if after < len(tables) else self._places.last + 1
        lines = self._texts.get(text, [])
        at = bisect_left(lines, start)
        return lines[at] if at < len(lines) and lines[at] < end else None

    @cached_property
    def _places(self) -> _Places:
        return _places(self.text)

    @cached_property
    def _texts(self) -> dict[str, list[int]]:
        """Lines on which a text stands in quotes: a file of faults asks for one a fault."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self.text.split("\n"), start=1):
            for quoted in _QUOTED.finditer(line):
                lines = found.setdefault(quoted.group(1) or quoted.group(2) or "", [])
                if not lines or lines[-1] != number:
                    lines.append(number)
        return found

    def problem(
        self,
        message: str,
        *,
        line: int | None = None,
        key: str | None = None,
        found: object = None,
        expected: str | None = None,
        warning: bool = False,
    ) -> Problem:
        """A problem in this file."""
        return Problem(
            severity="warning" if warning else "error",
            message=message,
            file=str(self.path),
            line=line,
            key=key,
            found=None if found is None else _shown(found),
            expected=expected,
        )


class _Places(NamedTuple):
    """Lines of headers, in all and by name; of keys by the line of their table, 0 at the top; the last."""

    tables: list[int]
    headers: dict[str, list[int]]
    keys: dict[tuple[int, str], int]
    last: int


def _places(text: str) -> _Places:
    tables: list[int] = []
    headers: dict[str, list[int]] = {}
    keys: dict[tuple[int, str], int] = {}
    inside = 0
    for number, line in statements(text):
        header = _HEADER.match(line)
        if header:
            inside = number
            tables.append(number)
            headers.setdefault(header.group(1).replace('"', ""), []).append(number)
        elif key := _KEY.match(line):
            keys.setdefault((inside, key.group(1).split(".")[0]), number)
    return _Places(tables, headers, keys, text.count("\n") + 1)


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Lines on which a header or a key can stand, counted from 1: not those within a text or a list.

    Examples
    --------
    >>> [number for number, _ in statements("a = [\\n  1, # ]\\n]\\nb = 2")]
    [1, 4]
    """
    depth, quote = 0, ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not depth and not quote:
            yield number, line
        at = 0
        while match := (_CLOSING[quote] if quote else _MARK).search(line, at):
            mark, at = match.group(), match.end()
            if quote:
                quote = "" if mark == quote else quote
            elif mark == "#":
                break
            elif mark[0] in "\"'":
                quote = mark
            else:
                depth += 1 if mark in "[{" else -1
        if len(quote) == 1:
            quote = ""


def _shown(found: object) -> str:
    text = ascii(found) if isinstance(found, str) and not found.isprintable() else str(found)
    return text if len(text) <= 120 else text[:117] + "..."


_HINT = "Name a built-in rubric, such as `service`, or the path of a TOML file"


def find(name_or_path: str | Path) -> Path:
    """The file of a built-in rubric's name, or of a path.

    Raises
    ------
    RubricError
        If the text can be neither.
    """
    text = str(name_or_path)
    if not text or "\0" in text:
        raise RubricError("No rubric is named", found=repr(text), hint=_HINT)
    if isinstance(name_or_path, str) and re.fullmatch(r"[\w-]+", text):
        built_in = BUILT_IN / f"{text}.toml"
        if _is_file(built_in):
            return built_in
    path = Path(text)
    if not _is_file(path):
        raise RubricError("There is no such rubric", found=repr(text), hint=_HINT)
    return path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file system takes
        return False


def beside(path: Path, name: str) -> Path | None:
    """A phrase file by its bare name, beside the rubric or else among the built-in ones; None in neither."""
    if not _BARE_NAME.fullmatch(name):
        return None
    for folder in (path.parent, BUILT_IN):
        if _is_file(folder / name):
            return folder / name
    return None


def base(path: Path, name: str) -> Path | None:
    """The rubric another one extends: a built-in one by its name, or a file beside it by its bare name."""
    if not _BARE_NAME.fullmatch(name):
        return None
    found = path.parent / name if name.endswith(".toml") else BUILT_IN / f"{name}.toml"
    return found if _is_file(found) else None


def built_in() -> tuple[str, ...]:
    """Names of the rubrics that come with speechqa; files with a language in their name hold phrases."""
    return tuple(sorted(path.stem for path in BUILT_IN.glob("*.toml") if "." not in path.stem))


def rubrics_in(folder: Path) -> tuple[Path, ...]:
    """Files of a folder that look like rubrics, be they faulty, by name; not phrase files or other TOML."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            table = Source(path).table
        except RubricError:
            continue
        if "extends" in table or "criterion" in table:
            found.append(path)
    return tuple(found)
