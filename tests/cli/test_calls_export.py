"""`speechqa calls --export`: tables that open clean in a spreadsheet."""

import csv
import datetime as dt
import io

import openpyxl
import pyarrow.parquet as pq
import pytest

from speechqa.core.finding import Evidence, Verdict
from speechqa.core.transcript import Transcript, Turn
from speechqa.store import open_store
from tests.support.stores import call, failure, finding, put


@pytest.fixture
def filled(store):
    thanked = Evidence(speaker="agent", quote="=thanks@home", start=3.5, end=4.0)
    with open_store(store) as opened:
        put(
            opened,
            call(
                "007", agent_id="0012", customer_id="=cmd|' /C calc'!A0", agent_name="נועה ברק",
                started_at="2026-11-20T09:14:05+02:00", duration=61.5,
                transcript=Transcript(language="he", engine="e", turns=(Turn(speaker="agent", text="שלום"),)),
                findings=(
                    finding("thanks", Verdict.PASS, 3, 5, evidence=(thanked,)),
                    finding("summary", Verdict.NOT_ASSESSED, category="professionalism"),
                ),
            ),
            call("b", agent_id="@x", customer_id="+972501234567", started_at="last week", team="-t"),
            failure("broken", agent_id="a2", message="=bad"),
        )  # fmt: skip
    return store


def rows_of_csv(path):
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def test_csv_opens_clean(run, filled, tmp_path):
    target = tmp_path / "calls.csv"
    ran = run("calls", "--export", target, "--by", "Dana", "--reason", "monthly", "--store", filled)
    assert ran.code == 0, ran.err
    assert ran.out == ""
    first, *others = rows_of_csv(target)
    assert (first["call_id"], first["agent_id"]) == ("'007", "'0012")
    assert first["customer_id"] == "'=cmd|' /C calc'!A0"
    assert first["agent_name"] == "נועה ברק"
    assert (first["started_at"], first["utc_offset"]) == ("2026-11-20 09:14:05", "UTC+02:00")
    assert (first["score courtesy earned"], first["score courtesy rate"]) == ("3", "0.6")
    assert (first["score professionalism rate"], first["verdict summary"]) == ("", "not_assessed")
    assert first["signal complaint"] == "", "unknown is not false"
    by_id = {row["call_id"]: row for row in others}
    assert (by_id["b"]["started_at"], by_id["b"]["started_as_given"]) == ("", "last week")
    assert (by_id["b"]["agent_id"], by_id["b"]["customer_id"]) == ("'@x", "'+972501234567")
    assert by_id["broken"]["status"] == "failed"
    for row in (first, *others):
        assert not [cell for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    with open_store(filled) as opened:
        asked, *each = opened.accesses()
    assert asked.call_id is None
    for entry in (asked, *each):
        assert (entry.event, entry.actor, entry.reason) == ("calls exported", "Dana", "monthly")
        assert entry.details == {"file": str(target), "table": "calls"}
    assert [entry.call_id for entry in each] == ["007", *(row["call_id"].removeprefix("'") for row in others)]


def test_xlsx_has_text_as_text_and_days_as_days(run, filled, tmp_path):
    target = tmp_path / "calls.xlsx"
    assert run("calls", "--export", target, "--store", filled).code == 0
    sheet = openpyxl.load_workbook(target)["calls"]
    names = [cell.value for cell in sheet[1]]
    first = dict(zip(names, sheet[2], strict=True))
    assert (first["call_id"].value, first["call_id"].data_type) == ("007", "s")
    assert (first["agent_id"].value, first["customer_id"].data_type) == ("0012", "s")
    assert first["customer_id"].value == "=cmd|' /C calc'!A0"
    assert first["started_at"].value == dt.datetime(2026, 11, 20, 9, 14, 5)
    assert first["score courtesy earned"].value == 3
    assert first["score professionalism rate"].value is None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row}.isdisjoint({"f", "e"})
    assert not sheet.sheet_view.rightToLeft, "half of the calls are Hebrew, which is not most"
    hebrew = tmp_path / "he.xlsx"
    assert run("calls", "--agent", "0012", "--export", hebrew, "--store", filled).code == 0
    assert openpyxl.load_workbook(hebrew)["calls"].sheet_view.rightToLeft is True


def test_an_english_sheet_opens_from_left_to_right(run, filled, tmp_path):
    target = tmp_path / "b.xlsx"
    assert run("calls", "--agent", "@x", "--export", target, "--store", filled).code == 0
    assert not openpyxl.load_workbook(target)["calls"].sheet_view.rightToLeft


def test_parquet_has_types(run, filled, tmp_path):
    target = tmp_path / "calls.parquet"
    assert run("calls", "--export", target, "--store", filled).code == 0
    first = pq.read_table(target).to_pylist()[0]
    assert (first["call_id"], first["agent_id"]) == ("007", "0012")
    assert first["started_at"] == dt.datetime(2026, 11, 20, 9, 14, 5)
    assert (first["score courtesy earned"], first["signal complaint"]) == (3, None)
    assert (first["duration_s"], first["draft"]) == (61.5, False)


def test_verdicts_have_a_row_each_with_reason_and_quote(run, filled, tmp_path):
    tables = ("--export", tmp_path / "c.csv", "--export-verdicts", tmp_path / "v.csv")
    ran = run("calls", *tables, "--agent", "0012", "--store", filled)
    assert ran.code == 0, ran.err
    assert len(rows_of_csv(tmp_path / "c.csv")) == 1
    thanks, summary = rows_of_csv(tmp_path / "v.csv")
    assert (thanks["criterion"], thanks["verdict"], thanks["earned"]) == ("thanks", "pass", "3")
    assert (thanks["reason"], thanks["quote"], thanks["quote_at_s"]) == ("because", "'=thanks@home", "3.5")
    assert (summary["verdict"], summary["earned"], summary["quotes"]) == ("not_assessed", "", "0")
    with open_store(filled) as opened:
        log = list(opened.accesses())
    asked = [entry for entry in log if entry.call_id is None]
    assert [entry.details["agent_id"] for entry in asked] == ["0012", "0012"]
    assert [entry.call_id for entry in log if entry not in asked] == ["007", "007"], "one a table and call"


def test_files_are_never_written_over_unasked(run, filled, tmp_path):
    target = tmp_path / "calls.csv"
    target.write_text("mine")
    ran = run("calls", "--export", target, "--store", filled)
    assert (ran.code, "--force" in ran.err) == (2, True)
    assert target.read_text() == "mine"
    assert run("calls", "--export", target, "--force", "--store", filled).code == 0
    assert target.stat().st_mode & 0o077 == 0
    assert run("calls", "--export", tmp_path / "x.ods", "--store", filled).code == 2
    assert run("calls", "--export", target, "--force", "--json", "--store", filled).code == 2
    one = ("--export", tmp_path / "o.csv", "--export-verdicts", tmp_path / "o.csv")
    assert run("calls", *one, "--store", filled).code == 2
    assert run("calls", "--force", "--store", filled).code == 2


def test_a_missing_package_is_named(run, filled, tmp_path, monkeypatch):
    monkeypatch.setattr("speechqa.reports.tables.writing.find_spec", lambda name: None)
    ran = run("calls", "--export", tmp_path / "calls.parquet", "--store", filled)
    assert ran.code == 7
    assert "speechqa[parquet]" in ran.err
    assert list(tmp_path.glob("*.parquet")) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_nothing_found_is_a_table_without_rows(run, filled, tmp_path, ending):
    target = tmp_path / f"none.{ending}"
    assert run("calls", "--agent", "nobody", "--export", target, "--store", filled).code == 0
    assert target.stat().st_size


def test_more_rows_than_a_sheet_holds_go_into_another(run, filled, tmp_path, monkeypatch):
    monkeypatch.setattr("speechqa.reports.tables.writing.SHEET_ROWS", 3)
    target = tmp_path / "calls.xlsx"
    assert run("calls", "--export", target, "--store", filled).code == 0
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["calls", "calls 2"]
    assert [sheet.max_row for sheet in book] == [3, 2]
