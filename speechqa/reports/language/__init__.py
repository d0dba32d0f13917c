"""The languages that pages speak: English as written in the code, Hebrew from a catalogue."""

from speechqa.reports.language.catalogue import Language, PageLanguage, language, language_of, spoken

__all__ = ["Language", "PageLanguage", "language", "language_of", "spoken"]
