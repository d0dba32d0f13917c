"""Every kind of page as a reader meets it: no error, no request, no barrier, none wider than its window."""

from __future__ import annotations

import os

import pytest

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Verdict
from tests.support.browser import assert_clean, violations, watched, wider
from tests.support.page_makers import PAGES
from tests.support.stores import call, finding
from tests.support.whole_documents import whole_document, with_texts

WIDTHS = (390, 900, 1440)


def _in_english(document: CallAnalysis) -> CallAnalysis:
    return with_texts(document, lambda text: "en" if text == "he" else text)


DOCUMENTS = {
    "hebrew": whole_document(),
    "english": _in_english(whole_document()),
    "bare": call("bare", transcript=None),
    "unscored": call("unscored", findings=(finding("thanks", Verdict.NOT_ASSESSED),)),
}


# A call without words has no transcript to show.
SHOWN = [(kind, name) for kind in PAGES for name in DOCUMENTS if (kind, name) != ("transcript", "bare")]


@pytest.fixture(scope="module", params=SHOWN, ids="-".join)
def shown(request, tmp_path_factory):
    """A page of a kind, of a document."""
    kind, name = request.param
    (page,) = PAGES[kind]([DOCUMENTS[name]], tmp_path_factory.mktemp("shown"))
    return f"{kind}-{name}", page


def test_a_page_is_clean_and_without_barriers_at_every_width(opened, shown, pictured):
    name, path = shown
    troubles = []
    page = opened(path, WIDTHS[0])
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            where = f"{width} px {'dark' if dark else 'light'}"
            if (more := wider(page)) > 0:
                troubles.append(f"{where}: wider than its window by {more} pixels")
            if "SPEECHQA_SCREENSHOTS" in os.environ:
                pictured(page, f"{name}-{width}-{'dark' if dark else 'light'}")
            # Colours are the same at every width, and what is set otherwise in the same light and dark.
            if width == WIDTHS[-1 if dark else 0]:
                troubles += [f"{where}: {barrier}" for barrier in violations(page)]
    troubles += watched(page).troubles
    assert not troubles, "\n".join(troubles)


def test_a_page_says_its_language_and_direction(opened, shown):
    _, path = shown
    page = opened(path)
    assert_clean(page)
    lang, direction = page.evaluate(
        "() => [document.documentElement.lang, getComputedStyle(document.body).direction]"
    )
    assert (lang, direction) in {("en", "ltr"), ("he", "rtl")}
    assert page.title().strip()
    assert page.locator("main").count() == 1
    assert page.locator("h1").count() == 1
