"""Transcripts as documents to hand on: a page, a Word document, a PDF; each says the same."""

from speechqa.reports.print.transcript import transcript_pdf
from speechqa.reports.transcript_pages.page import transcript_page
from speechqa.reports.transcript_pages.word import transcript_docx

__all__ = ["transcript_docx", "transcript_page", "transcript_pdf"]
