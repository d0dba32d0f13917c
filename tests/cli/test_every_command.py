"""Every command over calls that hold planted numbers and hostile names: what is printed and what is written.

`make privacy` runs all that commands can do; here each runs once but for those that take long.
"""

from __future__ import annotations

import csv
import html
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pypdfium2
import pytest
import typer
from pypdfium2 import raw

from speechqa.cli.app import app
from tests.support.every_command import Ran, on_a_terminal, run_every_command, steps, wrong_steps
from tests.support.opened import members_of, texts_in
from tests.support.planted import GONE, SECRETS, planted

pytestmark = pytest.mark.xdist_group("every command")
FULL = os.environ.get("SPEECHQA_EVERY_COMMAND") == "full"
SECRET = re.compile("|".join((*SECRETS, "hunter2")))
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\ud800-\udfff]")
COMMANDING = re.compile("\x1b\\]|[\x07\x80-\x9f\u202a-\u202e\x7f]")
"""What no colour and no table of ours sends to a terminal: titles, bells, C1 controls, changed directions."""
RUNS = re.compile(r"[\s\"]*[=+\-@\uff0b\uff0d\uff1d\uff20]")


class Day:
    """What became of all commands: what each printed, and the folder that all they wrote is in."""

    def __init__(self, folder: Path, ran: list[Ran]) -> None:
        self.machine = folder / "machine"
        self.work = self.machine / "work"
        self.ran = ran

    def files(self, *endings: str) -> Iterator[Path]:
        """All that was written, or what ends so."""
        for path in sorted(self.machine.rglob("*")):
            if path.is_file() and (not endings or path.suffix in endings):
                yield path


@pytest.fixture(scope="module")
def day(tmp_path_factory) -> Day:
    folder = tmp_path_factory.mktemp("day")
    return Day(folder, run_every_command(folder, full=FULL))


def test_no_command_is_left_out(tmp_path):
    """In full; the part that is run here leaves out what takes long, by name."""

    def names(command, path):
        if not hasattr(command, "commands"):
            yield path
            return
        for name, inner in command.commands.items():
            yield from names(inner, (*path, name))

    for place in ("calls", "alone", "gone"):
        (tmp_path / place).mkdir()
    (tmp_path / "alone" / "a.json").touch()
    every = {*names(typer.main.get_command(app), ())}
    for full, missing in (
        (True, set()),
        (False, {("stress",), ("rescore",), ("charter",), ("organisation",), ("doctor",), ("store", "copy")}),
    ):
        run = (*steps(planted(tmp_path), full=full), *wrong_steps(full=full))
        met = {args[:2] for args in run} | {args[:1] for args in run} | {("hold", "place")}
        left = every - met - missing
        assert {one for one in left if full or one[0] not in ("rubric", "models")} == set()


def test_what_can_be_done_is_done_and_what_cannot_is_told(day, tmp_path):
    """Without a network: what needs none goes on."""
    wrong = {*wrong_steps(full=FULL)}
    of_terminal = {*on_a_terminal()}
    failed = [
        (one.args, one.code, one.err[-500:])
        for one in day.ran
        if (one.code != 0) != (one.args in wrong) and not (one.terminal and one.args in of_terminal)
    ]
    assert failed == []
    assert {one.args[:3] for one in day.ran if one.asked} == {
        ("calls", "--store", "postgresql://dana:hunter2@nowhere.invalid/calls")
    }
    assert [one.args for one in day.ran if "Traceback" in one.err or one.code >= 70] == []


def test_nothing_that_is_printed_commands_a_terminal_or_forges_a_line(day):
    for one in day.ran:
        if one.terminal:
            assert COMMANDING.findall(one.out) == [], one.args
            continue
        for text in (one.out, one.err):
            if one.args[0] == "redact" and text is one.out:
                continue  # a filter hands on what it does not mask
            if text is one.out and ("--json" in one.args or "json" in one.args or one.args[0] == "schema"):
                assert not re.search("[\x00-\x09\x0b-\x1f]", text), one.args
                continue
            assert OBEYED.findall(text) == [], one.args
            assert len(re.findall("[\u2066-\u2068]", text)) == text.count("\u2069"), one.args
            # Captions have lines of their own within a turn; who reads them counts turns by their times.
            if "vtt" not in one.args and "srt" not in one.args:
                assert [line for line in text.split("\n") if line.startswith("FORGED")] == [], one.args


def test_no_planted_number_is_printed(day):
    found = [(one.args[:3], match[0]) for one in day.ran for match in SECRET.finditer(one.out + one.err)]
    assert found == []


def test_no_planted_number_is_written_anywhere(day):
    found, searched = [], 0
    for path in day.files():
        for text in texts_in(path):
            searched += len(text)
            found += [(path.name, match[0]) for match in SECRET.finditer(text)]
    assert found == []
    assert searched > 10_000_000, "what is packed was looked into"


def test_a_call_that_was_purged_is_nowhere(day):
    gone = re.compile("|".join(GONE), re.IGNORECASE)
    shown = [one for one in day.ran if one.args[:2] == ("show", "gone")]
    assert shown, "it was there before"
    assert all(gone.search(one.out) for one in shown if "--json" in one.args)
    found = [
        (path.name, match[0])
        for path in day.files()
        for text in texts_in(path)
        for match in gone.finditer(text)
    ]
    assert found == []
    assert not (day.work / "g.zip").exists()
    kept = [path for path in (day.machine / "home" / "cache").rglob("*") if path.is_file()]
    assert kept == [], "the cache held this recording alone, how it sounded and not what was said"


def test_all_that_was_written_is_its_owners_alone(day):
    """The umask took nothing from anybody; rubrics of one's own, which hold nothing of calls, keep it."""
    ours = {day.machine, day.work, *(day.machine / name for name in ("tmp", "run", "home"))}
    ours |= {day.machine / "home" / name for name in ("config", "cache", "data", "state", "matplotlib")}
    open_to_others = {
        path.name
        for path in day.machine.rglob("*")
        if path not in ours and not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    }
    assert open_to_others <= {"mine.toml", "mine.en.toml", "mine.he.toml", "models"}


def test_nothing_is_left_where_nobody_would_look_for_it(day):
    """Temporary files are gone, and packages we use keep nothing but matplotlib's list of fonts."""
    assert [*(day.machine / "tmp").iterdir()] == []
    home = {path.relative_to(day.machine / "home").as_posix() for path in day.files() if "home" in path.parts}
    known = re.compile(r"config/speechqa/number\.key|cache/speechqa/.*|matplotlib/fontlist-[v\d.]*\.json.*")
    assert [name for name in home if not known.fullmatch(name)] == []


def test_tables_run_nothing(day):
    for path in day.files(".csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert [cell for row in csv.reader(file) for cell in row if RUNS.match(cell)] == [], path.name
    for path in day.files(".xlsx"):
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d", "inlineStr"}
        assert not any(cell.hyperlink for cell in cells)
        with zipfile.ZipFile(path) as packed:
            assert [n for n in packed.namelist() if re.search("external|vba|activeX|embed", n)] == []


def test_pages_and_pictures_hold_nothing_of_anybody_elses(day):
    """Their behaviour is tried in a browser; here every one that a command writes, also those in packs."""
    pages = [text for path in day.files(".html", ".zip") for text in members_of(path, ".html")]
    assert len(pages) >= 8
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        policy = re.search(r'http-equiv="?Content-Security-Policy"? content="([^"]*)"', page)
        assert policy, page[:300]
        rules = html.unescape(policy[1])
        assert "default-src 'none'" in rules
        assert "unsafe" not in rules
        assert "http" not in rules
        assert [
            a
            for a in re.findall(r'(?:src|href|action)="?([^" >]*)', page)
            if re.match("(https?:)?//|javascript", a)
        ] == []
    for picture in day.files(".svg"):
        for part in ElementTree.parse(picture).iter():
            assert part.tag.rpartition("}")[2] not in ("script", "foreignObject", "a", "image")
            names = {name.rpartition("}")[2]: value for name, value in part.attrib.items()}
            assert [name for name in names if name.startswith("on")] == []
            assert names.get("href", "#").startswith("#")


def test_papers_hold_no_action(day):
    for path in day.files(".pdf"):
        paper = pypdfium2.PdfDocument(path)
        assert raw.FPDFDoc_GetJavaScriptActionCount(paper) == raw.FPDFDoc_GetAttachmentCount(paper) == 0
        assert b"/Launch" not in path.read_bytes()
    for path in day.files(".docx"):
        with zipfile.ZipFile(path) as packed:
            told = "".join(packed.read(n).decode() for n in packed.namelist() if n.endswith(".rels"))
            assert "External" not in told
            assert [n for n in packed.namelist() if re.search("vba|activeX|embed", n)] == []


def test_packs_unpack_into_their_own_folder(day):
    packs = [*day.files(".zip")]
    assert packs
    for path in packs:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as packed:
            names = packed.namelist()
        assert len(names) == len({name.casefold() for name in names})
        assert [
            n for n in names if not re.fullmatch(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*", n, re.ASCII)
        ] == []
