"""A rubric's files: where they lie, their bytes, and on which line a key or a phrase stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
        try:
            self.table: dict[str, Any] = tomllib.loads(self.text.replace("\r\n", "\n"))
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            line = _SYNTAX.search(str(error))
            where = f"{path}, line {line.group(1)}" if line else str(path)
            raise RubricError("The rubric is no valid TOML", where=where, found=str(error)) from error
        self._lines = self.text.split("\n")
        self._statements = tuple(statements(self.text))

    def line(self, table: str | None, key: str | None = None, *, nth: int = 0) -> int | None:
        """Line, counted from 1, of a key in the `nth` table of that name; of the table without a key.

        A key that is a table of its own, as ``[criterion.options]``, is found by that header.
        """
        seen, inside = -1, table is None
        for number, text in self._statements:
            header = _HEADER.match(text)
            if header:
                if table is None:
                    return None
                name = header.group(1).replace('"', "")
                inside = name == table
                seen += inside
                if seen == nth and ((inside and key is None) or (key and name == f"{table}.{key}")):
                    return number
            elif inside and (table is None or seen == nth) and key is not None:
                found = _KEY.match(text)
                if found and found.group(1).split(".")[0] == key:
                    return number
        return None

    def line_of_text(self, table: str, text: str, *, nth: int = 0) -> int | None:
        """Line within the `nth` table of a name on which a text stands, None when it is written otherwise."""
        start = self.line(table, nth=nth) or 1
        after = (n for n, line in self._statements if n > start and _HEADER.match(line))
        quoted = (f'"{text}"', f"'{text}'")
        for number in range(start, next(after, len(self._lines) + 1)):
            if any(form in self._lines[number - 1] for form in quoted):
                return number
        return None

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
        if built_in.is_file():
            return built_in
    path = Path(text)
    if not path.is_file():
        raise RubricError("There is no such rubric", found=repr(text), hint=_HINT)
    return path


def beside(path: Path, name: str) -> Path | None:
    """A phrase file by its bare name, beside the rubric or else among the built-in ones; None in neither."""
    if not _BARE_NAME.fullmatch(name):
        return None
    for folder in (path.parent, BUILT_IN):
        if (folder / name).is_file():
            return folder / name
    return None


def base(path: Path, name: str) -> Path | None:
    """The rubric another one extends: a built-in one by its name, or a file beside it by its bare name."""
    if not _BARE_NAME.fullmatch(name):
        return None
    found = path.parent / name if name.endswith(".toml") else BUILT_IN / f"{name}.toml"
    return found if found.is_file() else None


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
