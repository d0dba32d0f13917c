"""Calls as tables for spreadsheets and other programs: CSV, XLSX, Parquet, written row by row."""

from speechqa.reports.tables.calls import CALL_COLUMNS, call_columns, call_row
from speechqa.reports.tables.columns import Column, Row
from speechqa.reports.tables.spool import Spool
from speechqa.reports.tables.verdicts import VERDICT_COLUMNS, verdict_rows
from speechqa.reports.tables.writing import ENDINGS, require_writer, write_table

__all__ = [
    "CALL_COLUMNS",
    "ENDINGS",
    "VERDICT_COLUMNS",
    "Column",
    "Row",
    "Spool",
    "call_columns",
    "call_row",
    "require_writer",
    "verdict_rows",
    "write_table",
]
