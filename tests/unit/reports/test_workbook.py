"""A workbook opens clean: columns as wide as what is in them, truth values as words, nothing that runs."""

from __future__ import annotations

import re
import time
import zipfile

import pytest

from speechqa.reports.tables.columns import Column
from speechqa.reports.tables.writing import write_table

pytest.importorskip("xlsxwriter")


def sheet_of(tmp_path, columns, rows):
    path = tmp_path / "t.xlsx"
    write_table(path, ".xlsx", columns, rows, name="calls", right_to_left=False)
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/styles.xml").decode()


def test_columns_are_as_wide_as_their_cells_within_bounds(tmp_path):
    rows = [{"id": "he-oven-complaint-of-march", "why": "x" * 300}] * 3
    sheet, _ = sheet_of(tmp_path, (Column("id"), Column("why"), Column("started_at", "when")), rows)
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)]
    assert widths[0] > len("he-oven-complaint-of-march")
    assert 40 < widths[1] < 70
    assert 'orientation="landscape"' in sheet


def test_a_truth_value_is_a_word_and_a_formula_is_text(tmp_path):
    columns = (Column("id"), Column("draft", "yes"))
    sheet, styles = sheet_of(tmp_path, columns, [{"id": "=1+1", "draft": True}, {"id": "007", "draft": None}])
    assert "<f>" not in sheet
    assert '<c r="B2" s="' in sheet
    assert "&quot;TRUE&quot;;;&quot;FALSE&quot;" in styles


def test_the_same_table_is_the_same_file_whenever_it_is_written(tmp_path, monkeypatch):
    columns, written = (Column("id"),), []
    for name, now in (("a.xlsx", 1_000_000_000), ("b.xlsx", 1_700_000_000)):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        write_table(tmp_path / name, ".xlsx", columns, [{"id": "lamp"}], name="calls", right_to_left=False)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert b"2000-01-01" in book.read("docProps/core.xml")
